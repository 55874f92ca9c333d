"""What a mapping needs besides columns: months side by side, days in parts, units, prices, managers, void rows."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from pipeline.contract.exports import SHEET
from pipeline.intake.raw import RawBook
from pipeline.intake.text_forms import alike
from pipeline.mapping.beside import factor_of, order_of_days, price_heading, units_beside, void_states
from pipeline.mapping.headers import Header, Vocabulary
from pipeline.mapping.months import day_in_columns, months_aside
from pipeline.mapping.proposal import Doubt, FoundColumn
from pipeline.mapping.samples import NUMBERS, Known
from pipeline.mapping.toml import Value
from pipeline.mapping.vocabulary import SENDER
from schemas.columns import Column
from schemas.form import CUSTOMER, Form
from schemas.profile import Profile

IN_PARTS, FROM_NAME, FROM_MASTER = 0.95, 0.9, 0.85  # how sure a column is that several headings, or none, give


@dataclass
class Draft:
    """A mapping as it is made: what was found so far, the keys of the settings, and what is in doubt."""

    header: Header
    form: Form
    columns: dict[str, tuple[int, FoundColumn]]
    keys: dict[str, Value] = field(default_factory=dict)
    doubts: list[Doubt] = field(default_factory=list)
    given: set[str] = field(default_factory=set)

    @property
    def used(self) -> set[int]:
        """The places of headings that are columns."""
        return {place for place, _ in self.columns.values()}

    def doubt(self, rule: str, **details: str) -> None:
        """Notes what a person has to look at."""
        self.doubts.append(Doubt(rule, tuple(details.items())))


def completed(draft: Draft, book: RawBook, known: Vocabulary, profile: Profile, lists: Known) -> Draft:
    """The draft with all keys that the table needs, as far as it tells them."""
    draft.given = set(draft.columns)
    _days(draft, known)
    _amounts(draft, profile)
    _managers(draft, book, lists)
    keys: dict[str, Value] = {}
    if draft.form.kind == "master":
        _of_master(draft, keys)
    elif _repeats(draft):
        keys["repeats"] = True
    if draft.header.lines > 1:
        keys["header_rows"] = draft.header.lines
    texts = {name: _texts(one) for name, (_, one) in sorted(draft.columns.items(), key=lambda one: one[1][0])}
    draft.keys = {**keys, "columns": texts, **draft.keys}
    _units(draft)
    _void(draft)
    return draft


def _texts(one: FoundColumn) -> Value:
    return one.headings[0] if len(one.headings) == 1 else list(one.headings)


def _days(draft: Draft, known: Vocabulary) -> None:
    """The day: in a column, in columns of year and month, or in the headings of months side by side."""
    day = draft.form.month_column
    if day is None or draft.form.kind == "master":
        return
    parts = day_in_columns(draft.header.headings)
    if parts and (day not in draft.columns or draft.columns[day][1].headings[0] in parts):
        place = draft.columns.get(day, (len(draft.header.texts), None))[0]
        draft.columns[day] = (place, FoundColumn(day, parts, IN_PARTS))
        draft.given.add(day)
        return
    if day in draft.columns:
        order = order_of_days(draft.header.cells(draft.columns[day][0]))
        if order == "?":
            draft.doubt("dates", heading=draft.columns[day][1].headings[0])
        elif order:
            draft.keys["dates"] = order
        return
    aside = months_aside(draft.header, draft.form, known)
    if aside is None:
        return
    for _, to in aside.patterns:
        draft.columns.pop(to, None)
    pairs: list[Value] = [{"pattern": pattern, "to": to} for pattern, to in aside.patterns]
    draft.keys["unpivot"] = pairs[0] if len(pairs) == 1 else pairs
    draft.given |= {day, *(to for _, to in aside.patterns)}
    if not aside.sure:
        draft.doubt("months", column=aside.patterns[0][1])


def _amounts(draft: Draft, profile: Profile) -> None:
    """Factors of other units, and an amount that has to be worked out of price and quantity."""
    times: dict[str, Value] = {}
    for column in draft.form.columns:
        if column.kind not in NUMBERS or column.name not in draft.columns:
            continue
        heading = draft.columns[column.name][1].headings[0]
        factor = factor_of(heading, column)
        if factor:
            times[column.name] = factor
        elif factor == 0:
            draft.doubt("unit", heading=heading, unit=column.unit)
    if times:
        draft.keys["times"] = times
    money, wholes = draft.form.traits.money, _wholes(draft)
    if not money or money in draft.given or not wholes:
        return
    price = price_heading(draft.header, draft.used)
    listed = _listed_price(draft, profile.forms)
    if "unpivot" not in draft.keys and price:
        draft.keys["multiply"] = {money: [wholes[0], price]}
        draft.given.add(money)
    elif listed:
        draft.keys["multiply"] = {money: [wholes[0], listed]}
        draft.given.add(money)
        draft.doubt("prices", factor=listed)


def _wholes(draft: Draft) -> list[str]:
    return [
        one.name for one in draft.form.columns if one.kind == "whole" and one.required and one.name in draft.given
    ]


def _listed_price(draft: Draft, forms: Mapping[str, Form]) -> str:
    """The first price in the list of what is sold, as the settings name it."""
    for column in draft.form.columns:
        if column.refers_to in forms and column.name in draft.columns:
            prices = [one.name for one in forms[column.refers_to].columns if one.kind == "money"]
            if prices:
                return f"{column.refers_to}.{prices[0]}"
    return ""


def _managers(draft: Draft, book: RawBook, lists: Known) -> None:
    """Whose rows they are, where no column says so: the sheets' names, or the customers' list."""
    if draft.form.kind == "master" or SENDER in draft.columns:
        return
    names = lists.names.get("managers", frozenset()) | lists.codes.get("managers", frozenset())
    sheets = [one.name for one in book.sheets if one.visible and one.rows]
    if sheets and all(alike(name) in names for name in sheets):
        place = len(draft.header.texts)
        draft.columns[SENDER] = (place, FoundColumn(SENDER, (SHEET,), FROM_NAME))
        draft.given.add(SENDER)
    elif CUSTOMER in draft.columns:
        draft.keys["manager_from"] = "customers"
        draft.given.add(SENDER)
        if not lists.codes.get("customers"):
            draft.doubt("managers")
    else:
        draft.doubt("no_managers")


def _repeats(draft: Draft) -> bool:
    """Whether rows that are looked at share the form's key, as order lines do."""
    return _shared(draft, [one for one in draft.form.same if one in draft.columns])


def _shared(draft: Draft, names: list[str]) -> bool:
    if not names or len(names) < len(draft.form.same):
        return len(names) > 0
    keys = [tuple(str(row[draft.columns[name][0]]) for name in names) for row in _rows(draft)
            if all(draft.columns[name][0] < len(row) for name in names)]  # fmt: skip
    return len(set(keys)) < len(keys)


def _rows(draft: Draft) -> list[list[object]]:
    sheet, header = draft.header.sheet, draft.header
    return [list(row) for row in sheet.rows[header.first + header.lines :]]


def _of_master(draft: Draft, keys: dict[str, Value]) -> None:
    """What lists need: one row a key, and an entry for what must be there and is the same for all."""
    if _shared(draft, [one for one in draft.form.same if one in draft.columns]):
        keys["one_a_key"] = True
    fixed = {
        one.name: one.choices[0].zh for one in draft.form.columns if _is_usual(one) and one.name not in draft.given
    }
    if fixed:
        draft.keys["fixed"] = fixed
        draft.given |= set(fixed)


def _is_usual(column: Column) -> bool:
    return column.required and bool(column.choices)


def _units(draft: Draft) -> None:
    """Units that stand row by row; how much one is nobody here knows, but for those of money."""
    given = draft.given - ({draft.form.traits.money} if "multiply" in draft.keys else set())
    numbers = [one for one in draft.form.columns if one.kind in NUMBERS and one.name in given and one.unit]
    beside = units_beside(draft.header, numbers)
    if beside is None:
        return
    name, heading, units = beside
    draft.keys["unit_columns"] = {name: heading}
    known = {"万元": 10_000, "千元": 1_000}
    unknown = [unit for unit in units if unit not in known]
    if len(unknown) < len(units):
        draft.keys["units"] = {unit: known[unit] for unit in units if unit in known}
    if unknown:
        draft.doubt("units", heading=heading, units="、".join(unknown), column=name)


def _void(draft: Draft) -> None:
    found = void_states(draft.header, draft.used)
    if found is not None:
        heading, states = found
        draft.keys["where"] = {heading: {"not": list(states)}}
