"""The proposal for a table: its form, its columns, and the other keys that it needs."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePath

from pipeline.intake.days import month_in_name
from pipeline.intake.raw import RawBook, RawSheet
from pipeline.mapping.assign import assigned
from pipeline.mapping.complete import completed
from pipeline.mapping.draft import Draft
from pipeline.mapping.headers import best_header
from pipeline.mapping.proposal import SURE, Doubt, FoundColumn, Proposal
from pipeline.mapping.samples import Known
from pipeline.mapping.toml import written
from pipeline.mapping.vocabulary import vocabulary
from schemas.form import Form
from schemas.profile import Profile

FEWEST_COLUMNS = 2
MISSING = 0.6  # what a column that must be there and is not speaks against a form
LEAST_SHARE = 0.34  # of the columns that must be there; below it a table is no form's
_CHANGING = re.compile(r"20\d{2}(?:[-_.年]?\d{1,2}){0,2}[月日号]?|\d{4,}")


@dataclass(frozen=True)
class Office:
    """What is known of the office: its forms, lists and master data, and the month from which on master data count
    where nothing else tells (YYYY-MM)."""

    profile: Profile
    known: Known
    month: str

    @property
    def forms(self) -> Mapping[str, Form]:
        """Its forms."""
        return self.profile.forms


def proposals(book: RawBook, name: str, office: Office) -> list[Proposal]:
    """What a file may be, the likeliest first: of each sheet the form that fits best, sheets alike as one."""
    found: list[tuple[float, Proposal]] = []
    for sheet in (one for one in book.sheets if one.visible and one.rows):
        of_sheet = [made for form in office.forms.values() if (made := _of_sheet(book, sheet, form, name, office))]
        if of_sheet:
            found.append(max(of_sheet, key=lambda one: one[0]))
    found.sort(key=lambda one: -one[0])
    return [proposal for _, proposal in found]


def _of_sheet(
    book: RawBook, sheet: RawSheet, form: Form, name: str, office: Office
) -> tuple[float, Proposal] | None:
    """How well a form fits a sheet, and how it would be mapped; None where hardly a heading does."""
    known = vocabulary(form, office.forms)
    header = best_header(sheet, form, known)
    if header is None:
        return None
    found = assigned(header, form, office.forms, known, office.profile, office.known)
    draft = completed(Draft(header, form, found), book, known, office.profile, office.known)
    required = [column for column in form.columns if column.required]
    needed = [column.name for column in required]
    missing = tuple(one for one in needed if one not in draft.given)
    share = 1 - len(missing) / max(1, len(needed))
    if share < LEAST_SHARE or len(found) < FEWEST_COLUMNS:
        return None
    columns = tuple(one for _, one in sorted(draft.columns.values(), key=lambda one: one[0]))
    weight = _weight(columns, set(needed), len(missing), sheet)
    block = _block(book, sheet, form, name, draft, office.month)
    sure = round(share * min((one.sure for one in columns if one.column in needed), default=0.0), 2)
    doubts = (*draft.doubts, *_unsure(columns, needed))
    at = (sheet.first_row + header.first, header.lines)
    return weight, Proposal(form.key, sheet.name, at, columns, tuple(block), tuple(doubts), missing, sure)


def _weight(columns: Sequence[FoundColumn], needed: set[str], missing: int, sheet: RawSheet) -> float:
    """What speaks for a form: columns that must be there most, those that are lacking against it; of long tables more
    is wanted than of short ones."""
    own = sum(one.sure * (1.0 if one.column in needed else 0.25) for one in columns)
    return own - MISSING * missing + min(len(sheet.rows), 1_000) / 10_000


def _unsure(columns: Sequence[FoundColumn], needed: Sequence[str]) -> list[Doubt]:
    """That a column is not sure, or that other headings fit as well."""
    doubts = []
    for one in columns:
        details = (("column", one.column), ("heading", "、".join(one.headings)))
        if one.others and one.column in needed:
            doubts.append(Doubt("others", (*details, ("others", "、".join(one.others)))))
        elif one.sure < SURE and one.column in needed:
            doubts.append(Doubt("unsure", details))
    return doubts


def _block(
    book: RawBook, sheet: RawSheet, form: Form, name: str, draft: Draft, month: str
) -> list[tuple[str, str]]:
    """The keys of the settings, in the order in which people read them."""
    keys: list[tuple[str, str]] = [("files", written(pattern_of(name))), ("form", written(form.key))]
    alike = [one for one in book.sheets if one.visible and _same_headings(one, draft)]
    if len(alike) < sum(bool(one.rows) for one in book.sheets):
        keys.append(("sheet", written(alike[0].name if len(alike) == 1 else [one.name for one in alike])))
    dated = form.kind == "monthly" and form.month_column is not None
    if not dated:
        keys.append(("valid_from", written("name" if month_in_name(name) else month)))
    return [*keys, *((key, written(value)) for key, value in draft.keys.items())]


def _same_headings(sheet: RawSheet, draft: Draft) -> bool:
    header = draft.header
    if sheet is header.sheet:
        return True
    if len(sheet.rows) <= header.first or header.lines > 1:
        return False
    own = [cell for cell in header.headings.cells if cell is not None]
    return own == [cell for cell in sheet.rows[header.first] if cell is not None]


def pattern_of(name: str) -> str:
    """The pattern of names for a file that comes again: days and months are any; brackets, which would be a pattern
    themselves, are any sign."""
    stem, ending = PurePath(name).stem, PurePath(name).suffix
    pattern = _CHANGING.sub("*", stem) if _CHANGING.search(stem) else stem
    return (
        re.sub(r"[\[\]]", "?", re.sub(r"\*+", "*", pattern + ending))
        if pattern.strip("*_-. ")
        else f"{stem}{ending}"
    )
