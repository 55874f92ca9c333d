"""The month's metrics: each figure for each entity with what it is compared with (domain.md section 4).

Rates are in percent (95.2 means 95.2 %). `change`, `yoy` and `ytd_yoy` of shares are in percentage points, of
points (分) in points, of everything else growth in % (5.1 means 5.1 % more); a base that is missing, 0 or
negative gives no growth, never 0 % or infinity. `completion` is value ÷ target in %. Floats are rounded to six
decimals.
"""

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import pandas as pd

from pipeline.calendar import Month
from pipeline.figures.catalogue import figure_named
from pipeline.figures.count import MonthCounts
from pipeline.figures.declare import LEVELS, Figure, Level
from pipeline.figures.entities import KEYS, history, sorted_metrics, values_of_month, values_together
from pipeline.report import METRIC_COLUMNS, ORGANISATION_ID
from schemas.profile import Profile

_DECIMALS = 6
_FLOATS = [
    "value", "numerator", "denominator", "previous", "change", "last_year", "yoy", "ytd", "ytd_yoy", "target",
    "completion",
]  # fmt: skip


def metrics_of_month(
    month: Month,
    counts: Mapping[Month, MonthCounts],
    targets: pd.DataFrame,
    figures: Sequence[Figure],
    profile: Profile,
) -> pd.DataFrame:
    """The rows of `metrics.csv` of one month, with the columns METRIC_COLUMNS.

    Args:
        month: the month to report; `counts` must hold it.
        counts: every month that is known; needed are the month before, the same month last year, and
            both years from January on. A month that is missing leaves dashes.
        targets: master data of the month: month, level, entity_id, metric (a figure's key or name), target.
        figures: what to report, in the order of the report.
        profile: its `least_count` keeps small numbers from being ranked.

    Raises:
        KeyError: when `counts` lacks the month.
    """
    comparable = comparable_figures(month, {one: figures_in(its) for one, its in counts.items()}, figures)
    metrics = metrics_without_ranks(month, counts, targets, figures, comparable)
    regions = counts[month].by_manager.drop_duplicates("manager_id").set_index("manager_id")["region_id"]
    return ranked(metrics, figures, profile, regions)


def metrics_without_ranks(
    month: Month,
    counts: Mapping[Month, MonthCounts],
    targets: pd.DataFrame,
    figures: Sequence[Figure],
    comparable: Sequence[Figure],
    levels: Sequence[Level] = LEVELS,
) -> pd.DataFrame:
    """`metrics_of_month` of some regions' counts, or of the organisation's alone, without the column rank.

    Args:
        comparable: the figures of which both years to date can be compared: see `comparable_figures`.
        levels: of which entities.
    """
    metrics = values_of_month(counts[month], figures, levels)
    for name, one in (("previous", month + -1), ("last_year", month + -12)):
        metrics = _joined(
            metrics, values_of_month(counts[one], figures, levels) if one in counts else _nothing(), name
        )
    metrics = _joined(metrics, _year_to_date(counts, month, figures, levels), "ytd")
    metrics = _joined(metrics, _comparable_last_year(counts, month, comparable, levels), "ytd_last_year")
    metrics = metrics.merge(targets_by_entity(targets, month, figures), on=KEYS, how="left")
    by_difference = metrics["figure"].isin([figure.key for figure in figures if figure.change_unit != "%"])
    metrics = metrics.assign(
        month=str(month),
        unit=metrics["figure"].map({figure.key: figure.unit for figure in figures}),
        change=change(metrics["value"], metrics["previous"], by_difference),
        yoy=change(metrics["value"], metrics["last_year"], by_difference),
        ytd_yoy=change(metrics["ytd"], metrics["ytd_last_year"], by_difference),
        completion=_percent(metrics["value"], metrics["target"]),
    )
    metrics[_FLOATS] = metrics[_FLOATS].round(_DECIMALS)
    return metrics


def ranked(metrics: pd.DataFrame, figures: Sequence[Figure], profile: Profile, regions: pd.Series) -> pd.DataFrame:
    """Metrics of everybody with their ranks, in order; `regions` is the region of each manager, by manager_id."""
    with_ranks = metrics.assign(rank=_ranks(metrics, figures, profile, regions))
    return sorted_metrics(with_ranks, figures)[list(METRIC_COLUMNS)]


def comparable_figures(
    month: Month, told: Mapping[Month, frozenset[str]], figures: Sequence[Figure]
) -> tuple[Figure, ...]:
    """The figures whose year to date can be compared with last year's: none, where that lacks a month.

    A figure that could look back far enough in a month of one year only is not compared.

    Args:
        told: the figures of each known month: see `figures_in`.
    """
    known = [one for one in month.year_to_date() if one in told]
    if any(one + -12 not in told for one in known):
        return ()
    unlike = frozenset().union(*(told[one] ^ told[one + -12] for one in known))
    return tuple(figure for figure in figures if not (figure.looks_back and figure.key in unlike))


def figures_in(counts: MonthCounts) -> frozenset[str]:
    """The figures that a month's sums tell of."""
    return frozenset(counts.by_manager["figure"].unique())


def months_compared(month: Month) -> list[Month]:
    """The months whose counts the metrics of a month need, as far as they are known."""
    to_date = month.year_to_date()
    return sorted({month + -1, *to_date, *(one + -12 for one in (month, *to_date))})


def change(now: pd.Series, base: pd.Series, by_difference: pd.Series) -> pd.Series:
    """The change from a base: the difference where `by_difference`, else growth in %.

    There is no growth from a base that is missing, 0 or negative.
    """
    growth = (now - base) / base.where(base > 0) * 100
    return (now - base).where(by_difference, growth)


def small_counts(metrics: pd.DataFrame, figures: Iterable[Figure], profile: Profile) -> pd.Series:
    """Whether a row's rate, points or statistic rests on fewer than the profile's least count.

    Such a value is shown, marked, and not ranked.
    """
    guarded = {figure.key for figure in figures if _is_guarded(figure)}
    return metrics["figure"].isin(guarded) & (metrics["denominator"] < profile.least_count)


def festival_months(month: Month) -> tuple[Month, Month]:
    """January and February of the month's year."""
    return Month(month.year, 1), Month(month.year, 2)


def january_and_february(
    month: Month,
    counts: Mapping[Month, MonthCounts],
    figures: Sequence[Figure],
    comparable: Sequence[Figure],
    levels: Sequence[Level] = LEVELS,
) -> pd.DataFrame:
    """January and February summed (春节因素): level, entity_id, figure, value, last_year, yoy.

    No rows before February, or where one of the two months is not known. `comparable` are the figures of which
    February's year to date can be compared.
    """
    pair = festival_months(month)
    if month.month < 2 or any(one not in counts for one in pair):
        return pd.DataFrame(columns=[*KEYS, "value", "last_year", "yoy"])
    summed = values_together([counts[one] for one in pair], figures, levels)[[*KEYS, "value"]]
    summed = _joined(summed, _comparable_last_year(counts, pair[1], comparable, levels), "last_year")
    by_difference = summed["figure"].isin([figure.key for figure in figures if figure.change_unit != "%"])
    summed = summed.assign(yoy=change(summed["value"], summed["last_year"], by_difference))
    return summed.round(_DECIMALS)


def targets_by_entity(targets: pd.DataFrame, month: Month, figures: Iterable[Figure]) -> pd.DataFrame:
    """One row per level, entity_id and figure: target, of one month. Unknown metrics are left out."""
    declared = tuple(figures)
    named = {text: figure_named(text, declared) for text in targets["metric"].dropna().unique()}
    keys = {text: figure.key for text, figure in named.items() if figure is not None}
    chosen = targets[(targets["month"] == str(month)) & targets["metric"].isin(list(keys))]
    organisation = chosen["level"] == "organisation"
    frame = chosen.assign(
        figure=chosen["metric"].map(keys), entity_id=chosen["entity_id"].where(~organisation, ORGANISATION_ID)
    )
    frame = frame.astype(dict.fromkeys(KEYS, "str"))
    return frame.drop_duplicates(KEYS, keep="last")[[*KEYS, "target"]]


def _year_to_date(
    counts: Mapping[Month, MonthCounts], month: Month, figures: Sequence[Figure], levels: Sequence[Level]
) -> pd.DataFrame:
    return values_together([counts[one] for one in month.year_to_date() if one in counts], figures, levels)


def _comparable_last_year(
    counts: Mapping[Month, MonthCounts], month: Month, comparable: Sequence[Figure], levels: Sequence[Level]
) -> pd.DataFrame:
    """Last year's months to date: the same months that this year's are known for."""
    if not comparable:
        return _nothing()
    known = [one for one in month.year_to_date() if one in counts]
    return values_together([counts[one + -12] for one in known], comparable, levels)


def _nothing() -> pd.DataFrame:
    return pd.DataFrame({**{name: pd.Series(dtype="str") for name in KEYS}, "value": pd.Series(dtype="float64")})


def _joined(metrics: pd.DataFrame, other: pd.DataFrame, name: str) -> pd.DataFrame:
    return metrics.merge(other[[*KEYS, "value"]].rename(columns={"value": name}), on=KEYS, how="left")


def _percent(value: pd.Series, whole: pd.Series) -> pd.Series:
    return value / whole.where(whole > 0) * 100


def _is_guarded(figure: Figure) -> bool:
    return figure.of_values or (figure.denominator is not None and figure.unit in ("%", "分"))


def _ranks(metrics: pd.DataFrame, figures: Sequence[Figure], profile: Profile, regions: pd.Series) -> pd.Series:
    """1 is best: managers within their region, regions within the organisation; equals share a rank."""
    directions = {figure.key: figure.better for figure in figures}
    better = metrics["figure"].map(directions)
    group = metrics["entity_id"].map(regions)
    group = group.where(metrics["level"] == "manager", "")
    has_rank = (
        metrics["value"].notna()
        & (metrics["level"] != "organisation")
        & (better != "neither")
        & ~small_counts(metrics, figures, profile)
    )
    score = metrics["value"].where(better == "lower", -metrics["value"]).where(has_rank, np.nan)
    keys = [metrics["level"], group, metrics["figure"]]
    return score.groupby(keys).rank(method="min").astype("Int64")


__all__ = [
    "change", "comparable_figures", "festival_months", "figures_in", "history", "january_and_february",
    "metrics_of_month", "metrics_without_ranks", "months_compared", "ranked", "small_counts",
]  # fmt: skip
