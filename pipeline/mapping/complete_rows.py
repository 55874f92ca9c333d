"""Whose the rows of a mapping are, and which of them are one."""

import re

from pipeline.contract.exports import SHEET
from pipeline.intake.raw import RawBook
from pipeline.intake.text_forms import alike
from pipeline.mapping.draft import Draft
from pipeline.mapping.proposal import FoundColumn
from pipeline.mapping.samples import Known
from pipeline.mapping.toml import Value
from pipeline.mapping.vocabulary import bare_key
from schemas.columns import Column
from schemas.entities import MANAGER_ID
from schemas.form import CUSTOMER

_ORDER = re.compile(
    r".*(?:订单|单据|销售单|出库单|发货单|发票)(?:编号|号码?|id)|行(?:号|id)|.*(?:order|invoice)(?:number|no|id)|line(?:no|number)"
)
FROM_NAME = 0.9  # how sure a manager is that the name of the sheet gives


def with_managers(draft: Draft, book: RawBook, lists: Known) -> None:
    """Whose rows they are, where no column says so: the sheets' names, or the customers' list."""
    if draft.form.kind == "master" or MANAGER_ID in draft.columns:
        return
    names = lists.names.get("managers", frozenset()) | lists.codes.get("managers", frozenset())
    sheets = [one.name for one in book.sheets if one.visible and one.rows]
    if sheets and all(alike(name) in names for name in sheets):
        place = len(draft.header.texts)
        draft.columns[MANAGER_ID] = (place, FoundColumn(MANAGER_ID, (SHEET,), FROM_NAME))
        draft.given.add(MANAGER_ID)
    elif CUSTOMER in draft.columns:
        draft.keys["manager_from"] = "customers"
        draft.given.add(MANAGER_ID)
        if not lists.codes.get("customers"):
            draft.doubt("managers")
    else:
        draft.doubt("no_managers")


def has_repeats(draft: Draft) -> bool:
    """Whether rows share the form's key, as order lines do, or will, as they have the number of an order."""
    numbered = any(_ORDER.fullmatch(bare_key(text)) for text in draft.header.texts)
    return numbered or _shared(draft, [one for one in draft.form.same if one in draft.columns])


def _shared(draft: Draft, names: list[str]) -> bool:
    if not names or len(names) < len(draft.form.same):
        return len(names) > 0
    keys = [tuple(str(row[draft.columns[name][0]]) for name in names) for row in _rows(draft)
            if all(draft.columns[name][0] < len(row) for name in names)]  # fmt: skip
    return len(set(keys)) < len(keys)


def _rows(draft: Draft) -> list[list[object]]:
    sheet, header = draft.header.sheet, draft.header
    return [list(row) for row in sheet.rows[header.first + header.lines :]]


def with_keys_of_master(draft: Draft, keys: dict[str, Value]) -> None:
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
