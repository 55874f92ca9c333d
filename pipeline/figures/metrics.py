"""The month's metrics: each figure for each entity with what it is compared with (domain.md section 4).

Rates are in percent (95.2 means 95.2 %). `change`, `yoy` and `ytd_yoy` of shares are in percentage points, of
points (分) in points, of everything else growth in % (5.1 means 5.1 % more); a base that is missing, 0 or
negative gives no growth, never 0 % or infinity. Floats are rounded to six decimals.

`value`, `previous`, `last_year` and `ytd` are totals as they were reported. Changes compare like with like (see
`comparable`): `change` is that from `previous_comparable` to `comparable`, the month's value over the managers known in
both months, with the customers that they have now; `yoy` that from `last_year_comparable` to `comparable_last_year`;
`completion` holds the value against `target_comparable`, the target without the share of missing managers. Where
nobody is missing or has moved, these are the totals themselves. `n` is how many stand behind the value, `previous_n`
and `last_year_n` behind what it is compared with (see `few`), `missing` how many managers in office have not sent the
figure's form.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd

from pipeline.base.calendar import Month
from pipeline.contract.few import behind, is_few, is_guarded
from pipeline.contract.figure import LEVELS, Figure, Level
from pipeline.contract.report import METRIC_COLUMNS, ORGANISATION_ID
from pipeline.figures.catalogue import figure_named
from pipeline.figures.comparable import Sides
from pipeline.figures.count import MonthCounts
from pipeline.figures.entities import KEYS, history, sorted_metrics, values_of_month, values_together
from pipeline.figures.known import form_of
from pipeline.figures.levels import NO_INNER, Inner, home_of
from schemas.profile import Profile

_DECIMALS = 6
_FLOATS = [
    "value", "numerator", "denominator", "previous", "change", "last_year", "yoy", "ytd", "ytd_yoy", "target",
    "completion", "comparable", "n", "previous_comparable", "comparable_last_year", "last_year_comparable",
    "target_comparable", "previous_n", "last_year_n",
]  # fmt: skip
_WEIGHED = [*KEYS, "numerator", "denominator", "value"]


@dataclass(frozen=True)
class Comparisons:
    """What a month is compared with, like with like; None or nothing where a month is not known.

    `to_date` holds a pair of each month of the year to date and the same month of last year, oldest first;
    `missing` says who has not sent what: see `missing_table`.
    """

    previous: Sides | None = None
    last_year: Sides | None = None
    to_date: tuple[Sides, ...] = ()
    missing: pd.DataFrame = field(
        default_factory=lambda: pd.DataFrame(columns=["level", "entity_id", "form", "missing"])
    )


def comparisons_as_counted(month: Month, counts: Mapping[Month, MonthCounts]) -> Comparisons:
    """Those of months in which everybody is known and nobody moved."""

    def sides(now: Month, base: Month) -> Sides | None:
        return Sides(counts[now], counts[base]) if now in counts and base in counts else None

    to_date = [sides(one, one.year_ago) for one in month.year_to_date()]
    return Comparisons(
        sides(month, month.before), sides(month, month.year_ago), tuple(one for one in to_date if one is not None)
    )


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
    beside = comparisons_as_counted(month, counts)
    levels = tuple(profile.entities)
    metrics = metrics_without_ranks(month, counts, targets, figures, comparable, beside, levels)
    regions = counts[month].by_manager.drop_duplicates("manager_id").set_index("manager_id")["region_id"]
    return ranked(metrics, figures, profile, regions, inner=counts[month].levels.inner)


def metrics_without_ranks(
    month: Month,
    counts: Mapping[Month, MonthCounts],
    targets: pd.DataFrame,
    figures: Sequence[Figure],
    comparable: Sequence[Figure],
    beside: Comparisons,
    levels: Sequence[Level] = LEVELS,
) -> pd.DataFrame:
    """`metrics_of_month` of some regions' counts, or of the organisation's alone, without the column rank.

    Args:
        comparable: the figures of which both years to date can be compared: see `comparable_figures`.
        beside: the months compared with, like with like.
        levels: of which entities.
    """
    metrics = _values_beside(month, counts, targets, figures, beside, levels)
    judge = _Judge(metrics[_WEIGHED], counts[month], figures, levels)
    previous, last_year = judge.against(beside.previous), judge.against(beside.last_year)
    to_date = judge.to_date(beside.to_date, month, counts, comparable)
    metrics = metrics.assign(
        month=str(month),
        unit=metrics["figure"].map({figure.key: figure.unit for figure in figures}),
        change=previous["change"],
        yoy=last_year["change"],
        ytd_yoy=to_date,
        comparable=previous["now"],
        n=behind(metrics, figures),
        missing=missing_by_row(metrics, beside.missing, figures),
        previous_comparable=previous["base"],
        comparable_last_year=last_year["now"],
        last_year_comparable=last_year["base"],
        previous_n=previous["n"],
        last_year_n=last_year["n"],
        target_comparable=_target_comparable(metrics, targets, month, figures, beside.missing),
    )
    better = metrics["figure"].map({figure.key: figure.better for figure in figures})
    metrics = metrics.assign(completion=completion(judged(metrics, figures), metrics["target_comparable"], better))
    return rounded(metrics)


def rounded(metrics: pd.DataFrame) -> pd.DataFrame:
    """The rows with their floats as `metrics.csv` has them."""
    return metrics.assign(**{name: metrics[name].astype("float64").round(_DECIMALS) for name in _FLOATS})


def _values_beside(
    month: Month,
    counts: Mapping[Month, MonthCounts],
    targets: pd.DataFrame,
    figures: Sequence[Figure],
    beside: Comparisons,
    levels: Sequence[Level],
) -> pd.DataFrame:
    """The values of a month beside those of other months as they were reported, the year to date and the targets."""
    metrics = values_of_month(counts[month], figures, levels)
    others = {
        name: values_of_month(counts[one], figures, levels) if one in counts else _nothing()
        for name, one in (("previous", month.before), ("last_year", month.year_ago))
    }
    metrics = _with_missing(metrics, others.values(), beside.missing, figures, levels)
    for name, values in others.items():
        metrics = _joined(metrics, values, name)
    metrics = _joined(metrics, _year_to_date(counts, month, figures, levels), "ytd")
    return metrics.merge(targets_by_entity(targets, month, figures), on=KEYS, how="left")


def _with_missing(
    metrics: pd.DataFrame,
    others: Iterable[pd.DataFrame],
    missing: pd.DataFrame,
    figures: Sequence[Figure],
    levels: Sequence[Level],
) -> pd.DataFrame:
    """With a row, without a value, of what was known of those who are missing in the months compared with."""
    if missing.empty:
        return metrics
    forms = {figure.key: form_of(figure) for figure in figures}
    wanted = missing[["level", "entity_id", "form"]].astype("str")
    known = pd.concat([one[KEYS] for one in others if len(one)] or [metrics[KEYS].iloc[:0]]).drop_duplicates()
    known = known.assign(form=known["figure"].map(forms)).merge(wanted, on=["level", "entity_id", "form"])
    there = pd.MultiIndex.from_frame(known[KEYS]).isin(pd.MultiIndex.from_frame(metrics[KEYS]))
    if there.all():
        return metrics
    return sorted_metrics(pd.concat([metrics, known[~there][KEYS]], ignore_index=True), figures, levels)


@dataclass(frozen=True)
class _Judge:
    """Holds the rows of a month's metrics against other months."""

    rows: pd.DataFrame
    counts: MonthCounts
    figures: Sequence[Figure]
    levels: Sequence[Level]

    @property
    def by_difference(self) -> pd.Series:
        keys = [figure.key for figure in self.figures if figure.change_unit != "%"]
        return self.rows["figure"].isin(keys)

    def against(self, sides: Sides | None) -> pd.DataFrame:
        """now, base and change of each row."""
        if sides is None:
            return pd.DataFrame(
                {"now": self.rows["value"], "base": np.nan, "change": np.nan, "n": np.nan}, index=self.rows.index
            )
        now = (
            self.rows
            if sides.now is self.counts
            else self._values(values_of_month(sides.now, self.figures, self.levels))
        )
        base = self._values(values_of_month(sides.base, self.figures, self.levels))
        moved = change(now["value"], base["value"], self.by_difference)
        number = behind(base, self.figures)
        return pd.DataFrame({"now": now["value"], "base": base["value"], "change": moved, "n": number})

    def to_date(
        self,
        pairs: Sequence[Sides],
        month: Month,
        counts: Mapping[Month, MonthCounts],
        comparable: Sequence[Figure],
    ) -> pd.Series:
        """The change of the year to date: months known in both years, each like with like."""
        known = [one for one in month.year_to_date() if one in counts]
        if not comparable or len(pairs) < len(known):
            return pd.Series(np.nan, index=self.rows.index)
        now, base = (
            self._values(values_together([getattr(one, side) for one in pairs], comparable, self.levels))
            for side in ("now", "base")
        )
        moved = change(now["value"], base["value"], self.by_difference)
        return moved

    def _values(self, values: pd.DataFrame) -> pd.DataFrame:
        """Values in the order of the rows; missing where there are none."""
        return self.rows[KEYS].merge(values[_WEIGHED], on=KEYS, how="left").set_index(self.rows.index)


def judged(metrics: pd.DataFrame, figures: Sequence[Figure]) -> pd.Series:
    """What of each row is held against the target: the month's value, or the year's where its figure says so."""
    to_date = [figure.key for figure in figures if figure.judged == "to_date"]
    if not to_date:
        return metrics["value"]
    return metrics["value"].where(~metrics["figure"].isin(to_date), metrics["ytd"])


def completion(value: pd.Series, target: pd.Series, better: pd.Series) -> pd.Series:
    """How far a target is reached, in %: value ÷ target; of what is better low 2 − value ÷ target.

    A target of 0 is reached (100 %) by a value of 0 of what is better low, and else missed (0 %); of what is better
    high there is no completion without a target above 0.
    """
    ratio = value / target.where(target > 0)
    nothing_wanted = target.eq(0) & value.notna()
    lower = (2 - ratio).mask(nothing_wanted, (value <= 0).astype("float64"))
    return 100 * lower.where(better == "lower", ratio)


def missing_by_row(metrics: pd.DataFrame, missing: pd.DataFrame, figures: Sequence[Figure]) -> pd.Series:
    """How many managers in office of each row's entity have not sent the figure's form."""
    forms = metrics["figure"].map({figure.key: form_of(figure) for figure in figures})
    keyed = metrics[["level", "entity_id"]].assign(form=forms)
    counted = missing.astype(dict.fromkeys(["level", "entity_id", "form"], "str"))
    found = keyed.merge(counted, on=["level", "entity_id", "form"], how="left")["missing"]
    return found.fillna(0).astype("int64").set_axis(metrics.index)


def _target_comparable(
    metrics: pd.DataFrame, targets: pd.DataFrame, month: Month, figures: Sequence[Figure], missing: pd.DataFrame
) -> pd.Series:
    """The targets of those who are known: of a sum, without the share that missing managers have in their own targets.

    There is none where somebody is missing and some manager has no target of its own: nobody knows the share.
    """
    if missing.empty or metrics["target"].notna().sum() == 0:
        return metrics["target"]
    sums = [figure.key for figure in figures if not is_guarded(figure)]
    forms = {figure.key: form_of(figure) for figure in figures}
    own = targets_by_entity(targets, month, figures)
    by_manager = own[own["level"] == "manager"].set_index(["figure", "entity_id"])["target"]
    who = {(row["level"], row["entity_id"], row["form"]): row for row in missing.to_dict("records")}

    def told(level: str, entity: str, figure: str, target: float) -> float:
        row = who.get((level, entity, forms.get(figure, "")))
        if row is None or figure not in sums or level == "manager" or pd.isna(target):
            return target
        each, gone = (
            [by_manager.get((figure, manager), np.nan) for manager in row[name].split(",")]
            for name in ("colleagues", "managers")
        )
        whole = float(np.sum(each))
        return target * (1 - float(np.sum(gone)) / whole) if whole > 0 else np.nan

    columns = (metrics[name] for name in (*KEYS, "target"))
    return pd.Series([told(*row) for row in zip(*columns, strict=True)], index=metrics.index, dtype="float64")


def ranked(
    metrics: pd.DataFrame,
    figures: Sequence[Figure],
    profile: Profile,
    regions: pd.Series,
    gone: Collection[str] = (),
    inner: Inner = NO_INNER,
) -> pd.DataFrame:
    """Metrics of everybody with their ranks, in order.

    Args:
        regions: the region of each manager, by manager_id.
        gone: managers who had left before the month: they are not ranked.
        inner: whose managers are whose at the trade's own levels inside the tree.
    """
    homes = {"manager": regions} | {level: home_of(told) for level, told in inner.items()}
    with_ranks = metrics.assign(rank=_ranks(metrics, figures, profile, homes, gone))
    return sorted_metrics(with_ranks, figures, tuple(profile.entities))[list(METRIC_COLUMNS)]


def comparable_figures(
    month: Month, told: Mapping[Month, frozenset[str]], figures: Sequence[Figure]
) -> tuple[Figure, ...]:
    """The figures whose year to date can be compared with last year's: none, where that lacks a month.

    A figure that could look back far enough in a month of one year only is not compared.

    Args:
        told: the figures of each known month: see `figures_in`.
    """
    known = [one for one in month.year_to_date() if one in told]
    if any(one.year_ago not in told for one in known):
        return ()
    unlike = frozenset().union(*(told[one] ^ told[one.year_ago] for one in known))
    return tuple(figure for figure in figures if not (figure.looks_back and figure.key in unlike))


def figures_in(counts: MonthCounts) -> frozenset[str]:
    """The figures that a month's sums tell of."""
    return frozenset(counts.by_manager["figure"].unique())


def months_compared(month: Month) -> list[Month]:
    """The months whose counts the metrics of a month need, as far as they are known."""
    to_date = month.year_to_date()
    return sorted({month.before, *to_date, *(one.year_ago for one in (month, *to_date))})


def change(now: pd.Series, base: pd.Series, by_difference: pd.Series) -> pd.Series:
    """The change from a base: the difference where `by_difference`, else growth in %.

    There is no growth from a base that is missing, 0 or negative.
    """
    growth = (now - base) / base.where(base > 0) * 100
    return (now - base).where(by_difference, growth)


def festival_months(month: Month) -> tuple[Month, Month]:
    """January and February of the month's year."""
    return Month(month.year, 1), Month(month.year, 2)


def january_and_february(
    month: Month,
    counts: Mapping[Month, MonthCounts],
    figures: Sequence[Figure],
    comparable: Sequence[Figure],
    pairs: Sequence[Sides],
    levels: Sequence[Level] = LEVELS,
) -> pd.DataFrame:
    """January and February summed (春节因素): level, entity_id, figure, value, last_year, yoy.

    No rows before February, or where one of the two months is not known. `comparable` are the figures of which
    February's year to date can be compared, `pairs` the two months with those of last year, like with like; last_year
    is their base.
    """
    pair = festival_months(month)
    if month.month < 2 or any(one not in counts for one in pair):
        return pd.DataFrame(columns=[*KEYS, "value", "last_year", "yoy"])
    summed = values_together([counts[one] for one in pair], figures, levels)[_WEIGHED]
    judge = _Judge(summed, counts[pair[1]], figures, levels)
    before = [one.base for one in pairs]
    known = values_together(before, comparable, levels) if comparable and len(before) == len(pair) else _nothing()
    summed = _joined(summed, known, "last_year")
    yoy = judge.to_date(pairs, pair[1], counts, comparable)
    return summed.assign(yoy=yoy)[[*KEYS, "value", "last_year", "yoy"]].round(_DECIMALS)


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
    first, *later = [counts[one] for one in month.year_to_date() if one in counts]
    return values_together([_from_new_year(first, figures), *later], figures, levels)


def _from_new_year(first: MonthCounts, figures: Sequence[Figure]) -> MonthCounts:
    """The first known month of a year with what is asked from 1 January on, of figures that ask so."""
    keys = {one.year_key: one.key for one in figures if one.from_new_year is not None}
    if not keys:
        return first
    rows = first.by_manager[~first.by_manager["figure"].isin(keys.values())]
    named = rows["figure"].map(keys).fillna(rows["figure"]).astype("str")
    return replace(first, by_manager=rows.assign(figure=named))


def _nothing() -> pd.DataFrame:
    return pd.DataFrame({**{name: pd.Series(dtype="str") for name in KEYS}, "value": pd.Series(dtype="float64")})


def _joined(metrics: pd.DataFrame, other: pd.DataFrame, name: str) -> pd.DataFrame:
    return metrics.merge(other[[*KEYS, "value"]].rename(columns={"value": name}), on=KEYS, how="left")


def is_partial(metrics: pd.DataFrame, figures: Sequence[Figure]) -> pd.Series:
    """Whether a row's value is a sum over some of those in office only: somebody has not sent the figure's form."""
    sums = [figure.key for figure in figures if not is_guarded(figure)]
    return metrics["figure"].isin(sums) & (metrics["missing"] > 0)


def _ranks(
    metrics: pd.DataFrame,
    figures: Sequence[Figure],
    profile: Profile,
    homes: Mapping[Level, pd.Series],
    gone: Collection[str],
) -> pd.Series:
    """1 is best: managers, and whoever else stands under a region, within it (`homes` by level and entity), all others
    within the organisation; equals share a rank.

    The sum of a region of which somebody is missing is nobody's rank: it would stand beside sums of whole regions.
    """
    directions = {figure.key: figure.better for figure in figures}
    better = metrics["figure"].map(directions)
    group = pd.Series("", index=metrics.index, dtype="str")
    for level, home in homes.items():
        group = group.mask(metrics["level"] == level, metrics["entity_id"].map(home))
    has_rank = (
        metrics["value"].notna()
        & (metrics["level"] != "organisation")
        & (better != "neither")
        & ~((metrics["level"] == "manager") & metrics["entity_id"].isin(list(gone)))
        & ~is_few(metrics, figures, profile)
        & ~is_partial(metrics, figures)
    )
    score = metrics["value"].where(better == "lower", -metrics["value"]).where(has_rank, np.nan)
    keys = [metrics["level"], group, metrics["figure"]]
    return score.groupby(keys).rank(method="min").astype("Int64")


__all__ = [
    "Comparisons", "change", "comparable_figures", "comparisons_as_counted", "completion", "festival_months",
    "figures_in", "history", "january_and_february", "metrics_of_month", "metrics_without_ranks", "months_compared",
    "ranked",
]  # fmt: skip
