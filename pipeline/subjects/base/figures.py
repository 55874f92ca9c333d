"""Figures of the customer base: who joined, left, paused and came back (domain.md section 4).

They come from the master data of this month and the month before; who was lost to whom comes from the form
enrolments.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import pandas as pd

from pipeline.contract.facts import Facts
from pipeline.contract.figure import Better, Figure
from pipeline.figures.catalogue import declares
from pipeline.figures.grain import MANAGER_CUSTOMER, ones
from pipeline.figures.there import joined_before, not_left_before, there_at_end
from schemas.profile import Profile

_STOPPED = ("paused",)


def _span(facts: Facts) -> tuple[pd.Timestamp, pd.Timestamp]:
    """The month's first day and the first day after it."""
    return pd.Timestamp(facts.month.first_day), pd.Timestamp((facts.month + 1).first_day)


def at_start(facts: Facts) -> pd.Series:
    """1 for each customer that had joined and not left when the month began, paused ones included."""
    first, _ = _span(facts)
    customers = facts.master("customers")
    return ones(customers[joined_before(customers, first) & not_left_before(customers, first)])


def at_end(facts: Facts) -> pd.Series:
    """1 for each customer that had joined and not left when the month ended, paused ones included."""
    return ones(there_at_end(facts.master("customers"), facts.month))


def joined(facts: Facts) -> pd.Series:
    """1 for each customer that joined in the month."""
    first, after = _span(facts)
    customers = facts.master("customers")
    return ones(customers[(customers["joined_on"] >= first) & (customers["joined_on"] < after)])


def left(facts: Facts) -> pd.Series:
    """1 for each customer that left in the month."""
    first, after = _span(facts)
    customers = facts.master("customers")
    return ones(customers[(customers["left_on"] >= first) & (customers["left_on"] < after)])


def kept(facts: Facts) -> pd.Series:
    """1 for each customer of the month's start that was still there at its end."""
    started = at_start(facts)
    return started[started.index.isin(at_end(facts).index)]


@dataclass(frozen=True)
class StartSince:
    """1 for each customer that had joined and not left when the month `months` − 1 before began, by this month's master
    data."""

    months: int

    def __call__(self, facts: Facts) -> pd.Series:
        first = pd.Timestamp((facts.month + (1 - self.months)).first_day)
        customers = facts.master("customers")
        return ones(customers[joined_before(customers, first) & not_left_before(customers, first)])


@dataclass(frozen=True)
class KeptSince:
    """1 for each customer of that start that is still there at this month's end."""

    months: int

    def __call__(self, facts: Facts) -> pd.Series:
        started = facts.once(StartSince(self.months))
        return started[started.index.isin(at_end(facts).index)]


def since(months: int) -> tuple[KeptSince, StartSince]:
    """What retention counts above and below the line over some months."""
    return KeptSince(months), StartSince(months)


def paused(facts: Facts) -> pd.Series:
    """1 for each customer that is paused at the month's end."""
    customers = facts.master("customers")
    return ones(customers[customers["status"].isin(_STOPPED)])


def newly_paused(facts: Facts) -> pd.Series:
    """1 for each customer paused now and not in the month before."""
    return _changed(facts, was=False)


def reactivated(facts: Facts) -> pd.Series:
    """1 for each customer active now and paused in the month before."""
    return _changed(facts, was=True)


def _changed(facts: Facts, *, was: bool) -> pd.Series:
    """Customers that were paused in the month before and are active now, or the reverse."""
    before = facts.before()
    customers = facts.master("customers")
    if before is None:
        return ones(customers.iloc[:0])
    status = before.master("customers").drop_duplicates("customer_id").set_index("customer_id")["status"]
    earlier = customers["customer_id"].map(status)
    now_paused = customers["status"].isin(_STOPPED)
    if was:
        return ones(customers[earlier.isin(_STOPPED) & (customers["status"] == "active")])
    return ones(customers[now_paused & earlier.notna() & ~earlier.isin(_STOPPED)])


def lost_by_competitor(facts: Facts) -> pd.DataFrame:
    """One row per region_id, manager_id and lost_to: customers lost to that competitor in the month."""
    rows = facts.frame("enrolments")
    lost = rows[(rows["kind"] == "leave") & rows["lost_to"].notna()]
    keys = ["region_id", "manager_id", "lost_to"]
    counts = lost.drop_duplicates([*MANAGER_CUSTOMER, "lost_to"]).groupby(keys).size().rename("customers")
    return counts.reset_index()


def losses(lost: pd.DataFrame) -> pd.DataFrame:
    """One row per competitor, the greatest first: lost_to, customers, share (% of those lost).

    Args:
        lost: rows of `lost_by_competitor` of one entity.
    """
    sums = lost.groupby("lost_to")["customers"].sum().astype("float64").reset_index()
    shared = sums.assign(share=100 * sums["customers"] / sums["customers"].sum())
    return shared.sort_values(["customers", "lost_to"], ascending=[False, True], ignore_index=True)


# Counts of customers: key, names, what is counted, whether more is better, and what it says of them.
_COUNTED: Sequence[tuple[str, str, str, Callable[[Facts], pd.Series], Better, str, str]] = (
    (
        "customers_start",
        "月初户数",
        "Customers at month start",
        at_start,
        "neither",
        "本月月初已<join>、未<leave>的",
        "that had joined and not left when the month began",
    ),
    (
        "customers_end",
        "月末户数",
        "Customers at month end",
        at_end,
        "higher",
        "月末已<join>、未<leave>的",
        "that had joined and not left when the month ended",
    ),
    ("customers_joined", "<join>户数", "Joined", joined, "higher", "当月<join>的", "that joined in the month"),
    ("customers_left", "<leave>户数", "Left", left, "lower", "当月<leave>的", "that left in the month"),
    (
        "customers_paused",
        "停业户数",
        "Newly paused",
        newly_paused,
        "lower",
        "当月由正常转为停业的",
        "paused now and not in the month before",
    ),
    (
        "customers_reactivated",
        "恢复户数",
        "Reactivated",
        reactivated,
        "higher",
        "当月由停业转为正常的",
        "active now and paused in the month before",
    ),
)


@declares
def base_figures(profile: Profile) -> Iterable[Figure]:
    """The figures of the customer base (客户基础): who is there at start and end, who came and left."""
    yield from _counts(profile)
    yield Figure(
        "retention_rate", "保有率", "Retention rate", "%", "base",
        "月初户数中月末仍在网的户数÷月初户数；累计为年初户数中至今仍在网的户数÷年初户数。",
        "Customers of the month's start that were still there at its end ÷ customers at start; over the year, those of "
        "the year's start still there ÷ customers at its start.",
        ("customers",), kept, at_start, scale=100, decimals=1, over_time="year",
        since=since,
    )  # fmt: skip
    yield Figure(
        "paused_share", "停业占比", "Paused share", "%", "base",
        f"月末停业{profile.customer_unit}数÷月末{profile.customer_unit}数。",
        "Customers paused at the month's end ÷ customers at its end.",
        ("customers",), paused, at_end, scale=100, better="lower", decimals=1, over_period="stock",
    )  # fmt: skip


def _counts(profile: Profile) -> Iterable[Figure]:
    zh, en, unit = profile.customer_word_zh, profile.customer_word_en, profile.customer_unit
    for key, name_zh, name_en, count, better, what_zh, what_en in _COUNTED:
        yield Figure(
            key, name_zh.replace("户", unit), name_en, unit, "base",
            f"{what_zh}{zh}数。", f"{en.capitalize()}s {what_en}.",
            ("customers",), count, better=better,
            over_time="last" if key in ("customers_start", "customers_end") else "distinct",
            over_period="start" if key == "customers_start" else None,
            looks_back=1 if count in (newly_paused, reactivated) else 0,
        )  # fmt: skip
