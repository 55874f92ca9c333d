"""Lists drawn from an office's own table, where it has none: the distinct managers, customers, products and regions of
its rows, as far as they tell; and which of them changed from month to month."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from pipeline.base.calendar import Month
from pipeline.contract.exports import Export
from pipeline.contract.master_data import context_of
from pipeline.contract.settings import Settings
from pipeline.intake.export import match_export
from pipeline.intake.raw import RawBook, RawSheet
from pipeline.intake.settled import settle_table
from pipeline.mapping.assign import assigned
from pipeline.mapping.changes import MONTH, Change, changes_in
from pipeline.mapping.headers import best_header
from pipeline.mapping.proposal import Proposal
from pipeline.mapping.propose import Office
from pipeline.mapping.vocabulary import vocabulary
from schemas.columns import NUMBERS
from schemas.form import Form

LEAST = 0.6  # how sure a heading must be for a list
GENERAL = frozenset(
    ("状态", "类型", "等级", "级别", "status", "state", "type", "class", "price", "单价", "title", "since")
)


@dataclass(frozen=True)
class Derived:
    """A list: the form, its columns that the rows tell, and one row a code as its newest row has it; what changed, and
    the first month of the rows (empty: nothing tells it)."""

    form: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    changes: tuple[Change, ...] = ()
    since: str = ""


def derived(book: RawBook, proposal: Proposal, office: Office, name: str, settings: Settings) -> Iterator[Derived]:
    """The lists that the rows of a table tell, masters of others first."""
    sheet = next(one for one in book.sheets if one.name == proposal.sheet)
    months = _months(book, proposal, office.forms[proposal.form], name, settings)
    for form in (one for one in office.forms.values() if one.kind == "master" and len(one.same) == 1):
        found = _of_form(book, sheet, proposal, form, office, months, name, settings)
        if found is not None:
            yield found


def _of_form(
    book: RawBook,
    sheet: RawSheet,
    proposal: Proposal,
    form: Form,
    office: Office,
    months: "pd.Series[str]",
    name: str,
    settings: Settings,
) -> Derived | None:
    columns = _columns(sheet, proposal, form, office)
    if form.same[0] not in columns:
        return None
    rows = _read(book, proposal, columns, form, name, settings)
    if rows.empty:
        return None
    rows = rows.assign(**{MONTH: months.reindex(rows.index).fillna("")})
    key = form.same[0]
    rows = rows[rows[key] != ""]
    newest = rows.sort_values(MONTH, kind="stable").drop_duplicates(key, keep="last").sort_values(key)
    names = tuple(one for one in form.dtypes if one in columns)
    since = min((month for month in rows[MONTH] if month), default="")
    texts = tuple(tuple(map(str, row)) for row in newest[list(names)].itertuples(index=False))
    return Derived(form.key, names, texts, tuple(changes_in(rows, key, names[1:])), since)


def _columns(sheet: RawSheet, proposal: Proposal, form: Form, office: Office) -> dict[str, str]:
    """Which headings of a table tell something of a list; a list without codes of its own has its names for codes."""
    header = best_header(sheet, office.forms[proposal.form], vocabulary(office.forms[proposal.form], office.forms))
    if header is None:
        return {}
    found = assigned(header, form, office.forms, _own_words(form, office), office.profile, office.known)
    numbers = {
        one.name for one in form.columns if one.kind in NUMBERS
    }  # a row's price is that of a sale, not the list's
    columns = {
        name: one.headings[0] for name, (_, one) in found.items() if one.sure >= LEAST and name not in numbers
    }
    key, title = form.same[0], next((one.name for one in form.columns[1:] if one.kind == "text"), "")
    mapped = {one.column: one.headings for one in proposal.columns}
    if key in mapped and len(mapped[key]) == 1 and key not in columns:
        columns[key] = mapped[key][0]
    if key not in columns and title in columns:
        columns[key] = columns[title]
    if key in columns and title and title not in columns:
        columns[title] = columns[key]
    return columns


def _own_words(form: Form, office: Office) -> Mapping[str, Mapping[str, float]]:
    """The vocabulary of a list without words that mean other things too: 状态 of an order is not that of a customer."""
    known = vocabulary(form, office.forms)
    return {key: columns for key, columns in known.items() if key not in GENERAL or form.key == "products"}


def _day_of(proposal: Proposal, source: Form) -> str:
    mapped = {one.column: one.headings for one in proposal.columns}
    headings = mapped.get(source.month_column or "", ())
    return headings[0] if len(headings) == 1 else ""


def _read(
    book: RawBook, proposal: Proposal, columns: Mapping[str, str], form: Form, name: str, settings: Settings
) -> pd.DataFrame:
    """The rows of a table with these columns as texts."""
    export = Export(
        files="*", form=form.key, sheet=proposal.sheet, columns=dict(columns), header_rows=proposal.header[1]
    )
    matched = match_export(book, export, form, name, settings.time_zone)
    if matched.table is None:
        return pd.DataFrame()
    settled = settle_table(matched.table, context_of(Month(2000, 1), {}, settings.profile)).rows
    texts = {one: _texts(settled, one, matched.table.cells[one]) for one in columns}
    return pd.DataFrame(texts, index=settled.index)


def _texts(settled: pd.DataFrame, name: str, cells: Sequence[object]) -> list[str]:
    """The values as texts; of what is no value of the list the cell as it stands, for a person to put right."""
    values = settled[name]
    return [
        f"{value:%Y-%m-%d}" if isinstance(value, pd.Timestamp)
        else str(value) if not pd.isna(value)
        else "" if cell is None else str(cell)
        for value, cell in zip(values, cells, strict=True)
    ]  # fmt: skip


def _months(book: RawBook, proposal: Proposal, source: Form, name: str, settings: Settings) -> "pd.Series[str]":
    """The month of each row; none where nothing tells it."""
    day, heading = source.month_column, _day_of(proposal, source)
    if not heading or day is None:
        return pd.Series(dtype="str")
    export = Export(files="*", form=source.key, sheet=proposal.sheet, columns={day: heading},
                    header_rows=proposal.header[1], dates=dict(proposal.block).get("dates", '""').strip('"'))  # type: ignore[arg-type]  # fmt: skip
    matched = match_export(book, export, source, name, settings.time_zone)
    if matched.table is None:
        return pd.Series(dtype="str")
    rows = settle_table(matched.table, context_of(Month(2000, 1), {}, settings.profile)).rows
    months: pd.Series[str] = rows[day].dt.strftime("%Y-%m")
    return months
