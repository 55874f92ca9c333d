"""Monthly form: movements 用户变动. One row is a movement of some households of a group customer."""

import pandas as pd
import pandera.pandas as pa
from pandera.typing.pandas import Series

from schemas.columns import Choice, column
from schemas.form import Context, Flow, Rule, Traits, form
from schemas.rules import filled_if
from schemas.shared import customer_code
from schemas.synonyms import DAYS

NEW, GONE = "new", "gone"  # where households come from, and go to, that are not on the books
KINDS = (
    Choice("installed", "新装", "New"),
    Choice("penalty_stop", "罚停", "Stopped for arrears"),
    Choice("pause", "报停", "Paused"),
    Choice("resume", "复通", "Resumed"),
    Choice("return", "回流", "Come back"),
    Choice("loss", "流失", "Lost"),
)
FROM_STATES = (
    Choice(NEW, "新", "New"),
    Choice("active", "正常", "Active"),
    Choice("penalty_stopped", "罚停", "Stopped for arrears"),
    Choice("paused", "报停", "Paused"),
    Choice(GONE, "已流失", "Lost"),
)
BROUGHT_BY = (
    Choice("manager", "客户经理", "Account manager"),
    Choice("all_staff", "全员营销", "All staff"),
)
# From which states a movement may lead, and to which it does.
LEADS_FROM = {
    "installed": (NEW,),
    "penalty_stop": ("active", "paused"),
    "pause": ("active", "penalty_stopped"),
    "resume": ("penalty_stopped", "paused"),
    "return": ("penalty_stopped", "paused", GONE),
    "loss": ("active", "penalty_stopped", "paused"),
}
LEADS_TO = {
    "installed": "active",
    "penalty_stop": "penalty_stopped",
    "pause": "paused",
    "resume": "active",
    "return": "active",
    "loss": GONE,
}
MOVES = tuple((kind, state, LEADS_TO[kind]) for kind, states in LEADS_FROM.items() for state in states)


def _leads_from_there(rows: pd.DataFrame, context: Context) -> pd.Series:
    """A movement may lead from that state; one that lacks kind or state breaks another rule already."""
    given = rows["kind"].notna() & rows["from_state"].notna()
    allowed = {(kind, state) for kind, states in LEADS_FROM.items() for state in states}
    pairs = zip(rows["kind"], rows["from_state"], strict=True)
    return ~given | pd.Series([pair in allowed for pair in pairs], index=rows.index, dtype=bool)


@form(
    "movements",
    "用户变动",
    "Movements",
    place=2,
    traits=Traits(of_anyone=True, flow=Flow("subscriptions", "households", "kind", "from_state", MOVES)),
    same=("happened_on", "customer_id", "kind", "from_state", "lost_to", "reason", "brought_by"),
    rules=(
        Rule(
            "leads_from",
            "from_state",
            "原状态须与变动类型相符：新装←新；罚停←正常、报停；报停←正常、罚停；复通←罚停、报停；"
            "回流←罚停、报停、已流失；流失←正常、罚停、报停",
            "a state from which this movement may lead: New from new; Stopped from active, paused; Paused from active, "
            "stopped; Resumed from stopped, paused; Come back from stopped, paused, lost; Lost from active, stopped, "
            "paused",
            _leads_from_there,
            reads=("kind",),
        ),
        filled_if(
            "lost_to",
            "kind",
            lambda kind: kind == "loss",
            "流失的须填写流向",
            "the competitor, as these households are lost",
        ),
    ),
    help_zh="每行一次变动；同一家客户一个月可有多行。没有变动的留空表头即可。",
    help_en="One row a movement; a customer may have several in a month.",
)
class Movements(pa.DataFrameModel):
    """One row per movement."""

    happened_on: Series[pd.Timestamp] = column(
        "day",
        "发生日期",
        "Happened on",
        in_month=True,
        example="2024-06-12",
        also=f"发生日期、变动日期、办理日期、业务日期、happened on、{DAYS}",
    )
    customer_id: Series[str] = customer_code("J001")
    kind: Series[str] = column(
        "choice",
        "变动类型",
        "Kind",
        choices=KINDS,
        example="流失",
        example_en="Lost",
        also="变动类型、业务类型、类型、kind、type",
    )
    from_state: Series[str] = column(
        "choice",
        "原状态",
        "From",
        choices=FROM_STATES,
        example="罚停",
        example_en="Stopped for arrears",
        also="原状态、变动前状态、from、from state",
    )
    households: Series[pd.Int64Dtype] = column(
        "whole",
        "户数",
        "Households",
        unit="户",
        unit_en="households",
        least=1,
        example="10",
        also="户数、变动户数、households、count",
    )
    lost_to: Series[str] = column(
        "choice",
        "流向",
        "Lost to",
        required=False,
        list_name="competitors",
        width=14,
        example="电信IPTV",
        example_en="Telecom IPTV",
        help_zh="流失的必填",
        help_en="required where lost",
        also="流向、流失去向、lost to",
    )
    reason: Series[str] = column(
        "choice",
        "原因",
        "Reason",
        required=False,
        list_name="loss_reasons",
        example="价格",
        example_en="Price",
        also="原因、变动原因、reason",
    )
    brought_by: Series[str] = column(
        "choice",
        "发展人",
        "Brought by",
        required=False,
        choices=BROUGHT_BY,
        example="客户经理",
        example_en="Account manager",
        also="发展人、发展渠道、brought by",
    )
