"""What a mapping needs besides columns: months side by side, days in parts, units, prices, managers, void rows."""

from pipeline.intake.raw import RawBook
from pipeline.mapping.beside import order_of_days, void_states
from pipeline.mapping.complete_numbers import with_amounts, with_units
from pipeline.mapping.complete_rows import has_repeats, with_keys_of_master, with_managers
from pipeline.mapping.draft import Draft
from pipeline.mapping.headers import Vocabulary
from pipeline.mapping.months import day_in_columns, months_aside
from pipeline.mapping.proposal import FoundColumn
from pipeline.mapping.samples import Known
from pipeline.mapping.toml import Value
from schemas.profile import Profile

IN_PARTS = 0.95  # how sure a day is that several headings give


def completed(draft: Draft, book: RawBook, known: Vocabulary, profile: Profile, lists: Known) -> Draft:
    """The draft with all keys that the table needs, as far as it tells them."""
    draft.given = set(draft.columns)
    _days(draft, known)
    with_amounts(draft, profile)
    with_managers(draft, book, lists)
    keys: dict[str, Value] = {}
    if draft.form.kind == "master":
        with_keys_of_master(draft, keys)
    elif has_repeats(draft):
        keys["repeats"] = True
    if draft.header.lines > 1:
        keys["header_rows"] = draft.header.lines
    texts = {name: _texts(one) for name, (_, one) in sorted(draft.columns.items(), key=lambda one: one[1][0])}
    draft.keys = {**keys, "columns": texts, **draft.keys}
    with_units(draft)
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


def _void(draft: Draft) -> None:
    found = void_states(draft.header, draft.used)
    if found is not None:
        heading, states = found
        draft.keys["where"] = {heading: {"not": list(states)}}
