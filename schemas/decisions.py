"""Monthly form: decisions 审批意见. One row is what the head of a region decided on one matter that waited for it.

A region sends it, not a manager: the sheet 待审批 of the region's workbook comes back filled in. A matter is known by
its reference: the number of a case, or one made of what it is, its month and whom it is about. A later decision on the
same matter counts; earlier ones stay beside it.
"""

import re
from dataclasses import dataclass
from typing import Literal

import pandas as pd
import pandera.pandas as pa
from pandera.typing.pandas import Series

from schemas.columns import column
from schemas.form import Context, Decides, Rule, Traits, form

FORM = "decisions"
LIST = "decisions"
APPROVED, REFUSED, RETURNED = "approved", "refused", "returned"
REFERENCES = "references"  # of a context's frames: the matters that may be decided
DAYS_OF_GRACE = pd.Timedelta(days=1)  # clocks differ
Matter = Literal["downgrade", "recommended", "report"]
_BEGINNINGS: dict[Matter, str] = {"downgrade": "JJ", "recommended": "TJ", "report": "SY"}
_REFERENCE = re.compile(r"(JJ|TJ|SY)(\d{4}-(?:0[1-9]|1[0-2]))-(.+)")


@dataclass(frozen=True)
class Reference:
    """A reference taken apart: what is decided, the month (YYYY-MM) that it is about, and the code of whom: a customer,
    a region or a manager."""

    matter: Matter
    month: str
    code: str

    def __str__(self) -> str:
        return f"{_BEGINNINGS[self.matter]}{self.month}-{self.code}"


def read_reference(text: str) -> Reference | None:
    """A reference taken apart; None for the number of a case."""
    found = _REFERENCE.fullmatch(text)
    if found is None:
        return None
    matter = next(one for one, beginning in _BEGINNINGS.items() if beginning == found[1])
    return Reference(matter, found[2], found[3])


def _known(rows: pd.DataFrame, context: Context) -> pd.Series:
    if REFERENCES not in context.masters:
        return pd.Series(True, index=rows.index)
    return rows["reference"].isna() | context.lookup(REFERENCES).knows(rows["reference"])


def _own(rows: pd.DataFrame, context: Context) -> pd.Series:
    if REFERENCES not in context.masters or "region_id" not in rows:
        return pd.Series(True, index=rows.index)
    lookup = context.lookup(REFERENCES)
    whose = [lookup.values(rows["reference"], name) for name in ("region_id", "region_before")]
    return whose[0].isna() | (whose[0] == rows["region_id"]) | (whose[1] == rows["region_id"])


def _not_before(rows: pd.DataFrame, context: Context) -> pd.Series:
    if REFERENCES not in context.masters:
        return pd.Series(True, index=rows.index)
    since = context.lookup(REFERENCES).values(rows["reference"], "since")
    return ~(rows["decided_on"] < since).fillna(False).astype(bool)


def _not_after(rows: pd.DataFrame, context: Context) -> pd.Series:
    if context.sent_on is None:
        return pd.Series(True, index=rows.index)
    return ~(rows["decided_on"] > context.sent_on + DAYS_OF_GRACE).fillna(False).astype(bool)


@form(
    FORM,
    "审批意见",
    "Decisions",
    traits=Traits(
        decides=Decides("reference", ("decision", "decided_on", "remark"), ("complaints",), ("visits",))
    ),
    same=("reference",),
    rules=(
        Rule(
            "known_reference",
            "reference",
            "须是本单位「待审批」表中列出的事项编号；请照表上的编号填写",
            "a reference from the sheet of what is to be decided; please write it as it stands there",
            _known,
            refers_to=REFERENCES,
        ),
        Rule(
            "own_region",
            "reference",
            "该事项属于其他区域，由那个区域的负责人审批；请填本区域「待审批」表中的事项",
            "a matter of this region; this one belongs to another region, whose head decides on it",
            _own,
        ),
        Rule(
            "decided_not_before",
            "decided_on",
            "审批日不得早于事项发生（投诉受理）之日；请核对日期",
            "a day not before the matter came up (the case was received); please check the day",
            _not_before,
        ),
        Rule(
            "decided_not_after",
            "decided_on",
            "审批日不得晚于交来本文件之日；还没有审批的请留空",
            "a day not after this file was sent; leave empty what is not decided yet",
            _not_after,
        ),
    ),
    help_zh="每行一件；由区域负责人填写审批意见、审批日、批注，没有意见的行留空。",
    help_en="One row a matter, decided by the head of the region; leave the row empty where nothing is decided yet.",
)
class Decisions(pa.DataFrameModel):
    """One row per decision on a matter."""

    reference: Series[str] = column(
        "id",
        "事项编号",
        "Reference",
        width=22,
        example="TS202406001",
        help_zh="照「待审批」表上的编号填写",
        help_en="as it stands on the sheet of what is to be decided",
        also="事项编号、编号、reference",
    )
    decision: Series[str] = column(
        "choice",
        "审批意见",
        "Decision",
        list_name=LIST,
        example="同意",
        example_en="Approved",
        also="审批意见、审批结果、意见、decision",
    )
    decided_on: Series[pd.Timestamp] = column(
        "day",
        "审批日",
        "Decided",
        required=False,
        example="2024-07-03",
        also="审批日、审批日期、decided on",
    )
    remark: Series[str] = column(
        "text",
        "批注",
        "Remark",
        required=False,
        width=24,
        example="按规定换货",
        example_en="Exchange it",
        also="批注、备注、说明、remark、note",
    )
