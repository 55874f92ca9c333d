"""The bridge of AUM from the end of last month, as it was reported, to this month's: customers taken over and handed on
(划入、划出), those not known, those that came and went, balances that grew and shrank."""

from collections.abc import Iterable
from dataclasses import dataclass

import pandas as pd

from pipeline.base.exact import TEN_THOUSANDTHS
from pipeline.contract.facts import Facts
from pipeline.contract.figure import Figure
from pipeline.figures.stock import by_manager_and_customer
from pipeline.subjects.holdings.standing import BothEnds, standing

PREVIOUS, MOVED_IN, MOVED_OUT, LEFT_OUT = "previous", "moved_in", "moved_out", "not_reported"
START, JOINED, LEFT, GROWN, SHRUNK, OTHER, END = "start", "joined", "left", "grown", "shrunk", "other", "end"
# Line, its names, what it is.
LINES = (
    (PREVIOUS, "上月末", "last month's end", "上月末上报的个人客户AUM", "as reported last month"),
    (MOVED_IN, "划入", "moved in", "由其他客户经理转来的客户", "customers taken over from other managers"),
    (MOVED_OUT, "划出", "moved out", "转给其他客户经理的客户（负数）", "customers handed on (negative)"),
    (LEFT_OUT, "未报", "not reported", "本月未报或已无档案的客户（负数）", "customers not known this month (negative)"),
    (START, "月初", "start", "上月末、本月负责的客户", "the end of last month, of the customers assigned this month"),
    (JOINED, "新开户", "joined", "当月新开户客户的月末AUM", "customers that joined in the month, at its end"),
    (LEFT, "销户", "left", "当月销户客户的月初AUM（负数）", "customers that left in the month (negative)"),
    (GROWN, "增加", "grown", "其余客户中增加的合计", "what grew at the other customers"),
    (SHRUNK, "减少", "shrunk", "其余客户中减少的合计（负数）", "what shrank at the other customers (negative)"),
    (OTHER, "其他", "other", "月初不明的客户和团队分成；全行的分成相加为0",
     "customers whose start is not known, and shares of team customers, which over all add up to 0"),
    (END, "月末", "end", "月末AUM", "AUM at the month's end"),
)  # fmt: skip


@dataclass(frozen=True)
class Line:
    """A line of the bridge but for OTHER and END, yuan by manager and customer."""

    line: str

    def __call__(self, facts: Facts) -> pd.Series:
        rows = facts.once(_table)
        own = rows[rows["line"] == self.line]
        sums = (
            by_manager_and_customer(own["amount"], own["manager_id"]) if self.line not in _LEAD_IN else _sums(own)
        )
        return sums / TEN_THOUSANDTHS


_LEAD_IN = (PREVIOUS, MOVED_IN, MOVED_OUT, LEFT_OUT)


def _sums(rows: pd.DataFrame) -> pd.Series:
    keys = [
        rows["manager_id"].astype("str"),
        pd.Series(rows.index.astype("str"), index=rows.index, name="customer_id"),
    ]
    return rows["amount"].groupby(keys).sum()


def _table(facts: Facts) -> pd.DataFrame:
    """One row per customer and line (by customer_id): manager_id, line, amount (ten-thousandths of a yuan)."""
    both, now, before = facts.once(BothEnds()), facts.once(standing), facts.before()
    frames = [_part(both["manager_id"], line, amount) for line, amount in _changes(both)]
    if before is not None:
        then = before.once(standing)
        then = then[then["told"] & (then["aum"] != 0)]
        whose = now["manager_id"].reindex(then.index)
        moved = whose.notna() & (whose != then["manager_id"])
        gone = ~then.index.isin(both.index)
        frames += [
            _part(then["manager_id"], PREVIOUS, then["aum"]),
            _part(then["manager_id"][moved], MOVED_OUT, -then["aum"][moved]),
            _part(whose[moved], MOVED_IN, then["aum"][moved]),
            _part(whose.fillna(then["manager_id"])[gone], LEFT_OUT, -then["aum"][gone]),
        ]
    return pd.concat(frames)


def _part(managers: pd.Series, line: str, amount: pd.Series) -> pd.DataFrame:
    return pd.DataFrame({"manager_id": managers.astype("str"), "line": line, "amount": amount.astype("int64")})


def _changes(both: pd.DataFrame) -> Iterable[tuple[str, pd.Series]]:
    change = both["aum"] - both["aum_then"]
    came, went = ~both["here_then"] & both["here"], both["here_then"] & ~both["here"]
    stays = ~came & ~went
    yield START, both["aum_then"]
    yield JOINED, change.where(came, 0)
    yield LEFT, change.where(went, 0)
    yield GROWN, change.where(stays & (change > 0), 0)
    yield SHRUNK, change.where(stays & (change < 0), 0)


@dataclass(frozen=True)
class Other:
    """What AUM is told, by share, beyond what the bridge comes to."""

    aum: object

    def __call__(self, facts: Facts) -> pd.Series:
        told: pd.Series = facts.once(self.aum)  # type: ignore[arg-type]
        both = facts.once(BothEnds())
        own = by_manager_and_customer(both["aum"], both["manager_id"]) / TEN_THOUSANDTHS
        return told.sub(own, fill_value=0.0)


def bridge_figures(forms: tuple[str, ...], aum: object) -> Iterable[Figure]:
    """A figure for each line.

    Args:
        forms: what they are counted from.
        aum: what AUM counts.
    """
    for line, zh, en, about_zh, about_en in LINES:
        count = aum if line == END else Other(aum) if line == OTHER else Line(line)
        yield Figure(
            f"aum_bridge.{line}", f"AUM：{zh}", f"AUM: {en}", "元", "aum_bridge",
            f"{about_zh}。划入、划出在全行相加为0。",
            f"{about_en[0].upper()}{about_en[1:]}. What moved adds up to 0 over all.",
            forms, count, better="neither", looks_back=1,  # type: ignore[arg-type]
            over_time="last" if line in (PREVIOUS, START, END) else "sum",
            over_period="start" if line in (PREVIOUS, START) else None,
        )  # fmt: skip
