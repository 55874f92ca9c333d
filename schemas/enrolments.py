"""Monthly form: enrolments 入网退网. One row is a customer joining, leaving, pausing or coming back."""

import pandas as pd
import pandera.pandas as pa
from pandera.typing.pandas import Series

from schemas.columns import Choice, column
from schemas.form import form
from schemas.shared import customer_code
from schemas.synonyms import DAYS

KINDS = (
    Choice("join", "入网", "Joined"),
    Choice("leave", "退网", "Left"),
    Choice("pause", "停业", "Paused"),
    Choice("resume", "恢复", "Resumed"),
)


@form(
    "enrolments",
    "入网退网",
    "Enrolments",
    same=("effective_on", "customer_id", "kind"),
    help_zh="每行一户的一次入网、退网、停业或恢复;退网的请填原因和流向。",
    help_en="One row a customer that joined, left, paused or resumed; give reason and competitor where it left.",
)
class Enrolments(pa.DataFrameModel):
    """One row per customer and change."""

    effective_on: Series[pd.Timestamp] = column(
        "day",
        "生效日期",
        "Effective on",
        in_month=True,
        example="2024-06-10",
        also=f"生效日期、变动日期、入网日期、退网日期、effective on、{DAYS}",
    )
    customer_id: Series[str] = customer_code(listed=False)
    kind: Series[str] = column(
        "choice",
        "变动类型",
        "Kind",
        choices=KINDS,
        example="退网",
        example_en="Left",
        also="变动类型、类型、kind、type",
    )
    reason: Series[str] = column(
        "text",
        "原因",
        "Reason",
        required=False,
        width=22,
        example="房屋到期",
        example_en="Lease ended",
        also="原因、变动原因、reason",
    )
    lost_to: Series[str] = column(
        "text",
        "流向",
        "Lost to",
        required=False,
        width=18,
        help_zh="流向的竞争对手",
        help_en="the competitor",
        also="流向、lost to",
    )
