"""The rows of a period's `metrics.csv`: its figures beside those of the period before and of the year before.

`previous` and `last_year` are totals as they were reported, and missing where a month of theirs is; changes compare the
months that both periods have, like with like. `ytd` is that of the period's last month. Targets are those of the months
that are known.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pandas as pd

from pipeline.base.calendar import Month
from pipeline.base.period import Period
from pipeline.contract.few import behind
from pipeline.contract.figure import Figure, Level
from pipeline.contract.report import METRIC_COLUMNS
from pipeline.figures.comparable import Sides
from pipeline.figures.count import MonthCounts
from pipeline.figures.entities import KEYS
from pipeline.figures.metrics import completion, judged, missing_by_row, rounded
from pipeline.figures.over_period import OverPeriod, compared_over, months_beside, targets_over, values_over

PERIOD_COLUMNS = (*METRIC_COLUMNS, "months", "months_known")
_NAMES = {
    "previous": ("change", "comparable", "previous_comparable", "previous_n"),
    "last_year": ("yoy", "comparable_last_year", "last_year_comparable", "last_year_n"),
}


@dataclass(frozen=True)
class PeriodTold:
    """What is known of a period and of those it is compared with.

    `counts`, `metrics` and `targets` (level, entity_id, figure, target) are by month; `kept` is what is kept over each
    period that ends in a known month; `sides` are the pairs of months, like with like; `missing` has level, entity_id,
    form and missing, how many managers have not sent a form in some month of the period.
    """

    counts: Mapping[Month, MonthCounts]
    metrics: Mapping[Month, pd.DataFrame]
    kept: Mapping[Period, MonthCounts] = field(default_factory=dict)
    sides: Mapping[tuple[Month, Month], Sides] = field(default_factory=dict)
    missing: pd.DataFrame = field(
        default_factory=lambda: pd.DataFrame(columns=["level", "entity_id", "form", "missing"])
    )
    targets: Mapping[Month, pd.DataFrame] = field(default_factory=dict)


def metrics_over(
    period: Period, told: PeriodTold, figures: Sequence[Figure], levels: Sequence[Level]
) -> pd.DataFrame:
    """The rows of a period with PERIOD_COLUMNS, but for the column rank.

    Args:
        levels: of which entities; all that is told must be of these.
    """
    rows = values_over(period, told.counts, figures, levels, told.kept.get(period)).values
    rows = rows.assign(month=str(period), unit=rows["figure"].map({one.key: one.unit for one in figures}))
    bases = {"previous": period.before, "last_year": period.year_ago}  # before a year is the year before
    beside = {base: _beside(period, base, told, figures, levels) for base in dict.fromkeys(bases.values())}
    for name, base in bases.items():
        rows = rows.merge(beside[base].rename(columns={"value": name, **_named(name)}), on=KEYS, how="left")
    rows = _with_year(rows, told.metrics.get(period.last))
    rows = _with_targets(rows, period, told, figures)
    better = rows["figure"].map({figure.key: figure.better for figure in figures})
    reached = completion(judged(rows, figures), rows["target_comparable"], better)
    rows = rows.assign(
        completion=reached, n=behind(rows, figures), missing=missing_by_row(rows, told.missing, figures)
    )
    return rounded(rows)


def _named(name: str) -> dict[str, str]:
    """What is compared, as the columns of what a period is held against have it."""
    return dict(zip(("change", "now", "base", "base_n"), _NAMES[name], strict=True))


def _beside(
    period: Period, base: Period, told: PeriodTold, figures: Sequence[Figure], levels: Sequence[Level]
) -> pd.DataFrame:
    """Another period: KEYS and its value, where all of it is known; now, base, base_n and change of the months that
    both have."""
    whole = _whole(values_over(base, told.counts, figures, levels, told.kept.get(base)), figures)
    pairs = months_beside(period, base, told.counts.keys())
    sides = {one: told.sides[one, other] for one, other in pairs.items() if (one, other) in told.sides}
    kept = Sides(told.kept[period], told.kept[base]) if {period, base} <= told.kept.keys() else None
    beside = compared_over(period, base, sides, figures, levels, kept).rows
    return whole.merge(beside, on=KEYS, how="outer")


def _whole(over: OverPeriod, figures: Sequence[Figure]) -> pd.DataFrame:
    """KEYS and value of the figures that are known in all of a period's months."""
    added = [one.key for one in figures if one.joins in ("flow", "values")]
    partial = over.values["figure"].isin(added) & (over.values["months"] < over.period.length)
    return over.values.loc[~partial, [*KEYS, "value"]]


def _with_year(rows: pd.DataFrame, last: pd.DataFrame | None) -> pd.DataFrame:
    """With the year to date as the metrics of the period's last month have it."""
    if last is None:
        return rows.assign(ytd=float("nan"), ytd_yoy=float("nan"))
    return rows.merge(last[[*KEYS, "ytd", "ytd_yoy"]].astype(dict.fromkeys(KEYS, "str")), on=KEYS, how="left")


def _with_targets(rows: pd.DataFrame, period: Period, told: PeriodTold, figures: Sequence[Figure]) -> pd.DataFrame:
    """With the targets of the months that are known; `target_comparable` without those of months in which an entity's
    own value is not known, whose number is `months_known`."""
    known = [one for one in period if one in told.counts]
    values = {one: _known_values(told.metrics[one]) for one in known if one in told.metrics}
    given = {one: its.dropna(subset=["target"]) for one, its in values.items()}
    months = pd.concat([its[KEYS] for its in values.values()] or [rows[KEYS].iloc[:0]]).value_counts()
    whole = targets_over(period, told.targets, figures, known, months)
    like = targets_over(period, given, figures, known, months)
    rows = rows.merge(whole, on=KEYS, how="left")
    rows = rows.merge(like.rename(columns={"target": "target_comparable"}), on=KEYS, how="left")
    counted = months.reindex(pd.MultiIndex.from_frame(rows[KEYS].astype("str"))).fillna(0).to_numpy()
    return rows.assign(months_known=counted.astype("int64"))


def _known_values(metrics: pd.DataFrame) -> pd.DataFrame:
    """KEYS of what a month knows a value of, with the target that it is held against."""
    known = metrics[metrics["value"].notna()][[*KEYS, "target_comparable"]]
    return known.rename(columns={"target_comparable": "target"}).astype(dict.fromkeys(KEYS, "str"))


def missing_over(months: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Level, entity_id, form and missing: how many managers have not sent a form in at least one of some months.

    Args:
        months: the months' tables of who is missing, see `missing_table`.
    """
    keys = ["level", "entity_id", "form"]
    frames = [one[[*keys, "managers"]] for one in months if len(one)]
    if not frames:
        return pd.DataFrame(columns=[*keys, "missing"])
    every = pd.concat(frames, ignore_index=True)
    each = every.assign(managers=every["managers"].str.split(",")).explode("managers")
    return each.groupby(keys)["managers"].nunique().rename("missing").reset_index()
