"""The scorecard (绩效考核): how far managers, regions and the organisation got with the profile's indicators.

Completion of an indicator, in %, then limited to its floor and cap (for example 0–120 %):

- higher is better: value ÷ target × 100; there is none without a target above 0
- lower is better: (2 − value ÷ target) × 100: at the target 100 %, at nothing 200 %, at twice the target 0 %;
  a target of 0 is met with a value of 0 (100 %) and else missed (floor)

Score = Σ weight × completion ÷ Σ weight, over the indicators that have data, so the weight of one without is spread
over the rest. Where the profile gives groups of indicators shares by year, the weights of a period are those scaled
to the shares of its year, and the shares stand: the weight of an indicator without data is spread over those of its
own share, and only a share of which nothing has data over the other shares. The target is that of the form `targets`;
else the profile's own; else there is none. An indicator has no data where there is no value, no target, or a rate
with fewer than the profile's least count behind it: such a rate is not ranked anywhere, so it does not judge anybody
either. A score with data for less than `least_weight` of the weights is shown, but neither graded nor ranked.

Above a manager, values and targets are those of the region or organisation itself: rates of sums, never means of
managers' scores.
"""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from pipeline.base.errors import SettingsError
from pipeline.base.period import AnyPeriod
from pipeline.contract.few import is_few, is_guarded
from pipeline.contract.figure import Figure
from pipeline.contract.trade import load_profile, profile_names
from pipeline.figures.catalogue import all_figures
from pipeline.figures.entities import KEYS
from pipeline.figures.metrics import completion, judged
from schemas.group_shares import share_of
from schemas.profile import Indicator, Profile

ENTITY = ["level", "entity_id"]
SCORECARD_COLUMNS = (
    "month", "level", "entity_id", "region_id", "figure", "group", "direction", "value", "target", "target_from",
    "completion", "weight", "weight_used", "points", "state", "group_score", "score", "weight_known", "grade",
    "rank_in_region", "ranked_in_region", "rank_in_organisation", "ranked_in_organisation",
)  # fmt: skip
_DECIMALS = 6
_ADDED = ("flow", "values")  # how months are joined whose targets add up


def check_indicators(profile: Profile, figures: Sequence[Figure]) -> None:
    """That every indicator judges a figure, in a direction. One whose figure the trade has, but not with the forms that
    are in use, is passed over.

    Raises:
        SettingsError: naming the indicator that does not.
    """
    better = {figure.key: figure.better for figure in figures}
    for key, indicator in profile.scorecard.counted.items():
        where = f"profile {profile.key}: scorecard.indicators.{key}"
        if key not in better and key in _figures_of_trade(profile.key):
            continue
        if key not in better:
            raise SettingsError(f"{where}: {key!r} ∉ {', '.join(better)}")
        if better[key] == "neither" and indicator.better is None:
            raise SettingsError(f'{where}.better: "higher" / "lower"?')


def _figures_of_trade(name: str) -> frozenset[str]:
    """The figures of a trade with all its forms in use."""
    if name not in profile_names():
        return frozenset()
    return frozenset(figure.key for figure in all_figures(load_profile(name)))


def scorecard_of_month(
    month: AnyPeriod,
    metrics: pd.DataFrame,
    figures: Sequence[Figure],
    profile: Profile,
    regions: pd.Series,
) -> pd.DataFrame:
    """One row per level, entity and indicator, with the columns SCORECARD_COLUMNS (`scorecard.csv`).

    Args:
        month: the month, or the longer period, of the metrics.
        metrics: the month's rows in the columns of `metrics.csv`; of a longer period with `months_known`: a sum is held
            against the profile's own target as many times.
        figures: all figures of the trade.
        profile: its scorecard; without indicators there are no rows.
        regions: the region of each manager, by manager_id.

    Returns:
        `completion`, `weight`, `weight_used` (of those with data, spread) and `weight_known` are in %; `points` are
        weight_used × completion and add up to `score`; `group_score` is the score over the indicators of the group
        alone. `state` is counted, no_value, no_target or few. Score, grade and ranks are the entity's, on each of its
        rows; managers rank in their region and the organisation, regions in the organisation, equals share a rank.
    """
    in_use = {figure.key for figure in figures}
    weights = profile.scorecard.weights_in(month.year, in_use)
    indicators = {key: one for key, one in profile.scorecard.counted.items() if key in weights}
    if not indicators or metrics.empty:
        return pd.DataFrame(columns=list(SCORECARD_COLUMNS))
    declared = {figure.key: figure for figure in figures if figure.key in indicators}
    rows = _with_values(metrics, indicators, weights, declared, profile, regions)
    rows = rows.assign(completion=_completion(rows), month=str(month))
    rows["state"] = _state(rows)
    scored = _scored(rows, _shares_of(indicators, profile, month.year))
    marks = _marks(scored, profile, regions)
    return scored.merge(marks, on=ENTITY, how="left")[list(SCORECARD_COLUMNS)]


def _with_values(
    metrics: pd.DataFrame,
    indicators: Mapping[str, Indicator],
    weights: Mapping[str, float],
    declared: Mapping[str, Figure],
    profile: Profile,
    regions: pd.Series,
) -> pd.DataFrame:
    """Every entity with every indicator: value, target and where it is from, and the indicator's own settings."""
    settings = pd.DataFrame(
        [
            (
                key,
                one.group,
                100 * weights[key],
                one.target,
                one.floor,
                one.cap,
                one.better or declared[key].better,
            )
            for key, one in indicators.items()
        ],
        columns=["figure", "group", "weight", "own_target", "floor", "cap", "direction"],
    ).astype({"own_target": "float64"})
    entities = metrics[ENTITY].drop_duplicates(ignore_index=True)
    chosen = metrics[metrics["figure"].isin(list(indicators))]
    chosen = chosen.assign(
        few=is_few(chosen, list(declared.values()), profile),
        target=chosen["target_comparable"],
        value=judged(chosen, list(declared.values())),
    )
    every = entities.merge(settings, how="cross")
    chosen = chosen.assign(months=_months_known(chosen, declared))
    rows = every.merge(chosen[[*KEYS, "value", "target", "few", "months"]], on=KEYS, how="left")
    sums = [key for key, figure in declared.items() if not is_guarded(figure)]
    own = rows["own_target"] * np.where(rows["figure"].isin(sums), _managers_told(rows, regions), 1.0)
    source = pd.Series("targets", index=rows.index).where(rows["target"].notna(), "profile")
    target = rows["target"].fillna(own)
    return rows.assign(target=target, target_from=source.where(target.notna()), few=rows["few"].eq(True))


def _months_known(metrics: pd.DataFrame, declared: Mapping[str, Figure]) -> pd.Series:
    """Over how many months each row's sum is; 1 of a month's, and of a state."""
    if "months_known" not in metrics:
        return pd.Series(1.0, index=metrics.index)
    added = metrics["figure"].isin([key for key, figure in declared.items() if figure.joins in _ADDED])
    return metrics["months_known"].astype("float64").where(added, 1.0)


def _managers_told(rows: pd.DataFrame, regions: pd.Series) -> pd.Series:
    """Over how many managers each row's value is (a manager's: 1), each as often as months are known of it: a missing
    one's share of a target is nobody's."""
    told = rows[(rows["level"] == "manager") & rows["value"].notna()]
    by_region = told.groupby([told["entity_id"].map(regions), "figure"])["months"].sum()
    whole = told.groupby("figure")["months"].sum()
    pairs = pd.MultiIndex.from_arrays([rows["entity_id"], rows["figure"]])
    count = pd.Series(by_region.reindex(pairs).to_numpy(dtype="float64"), index=rows.index)
    count = count.where(rows["level"] == "region", rows["months"])
    return count.mask(rows["level"] == "organisation", rows["figure"].map(whole).astype("float64"))


def _completion(rows: pd.DataFrame) -> pd.Series:
    """In %, limited; missing where there is no value, no target or too few behind the value."""
    reached = completion(rows["value"], rows["target"], rows["direction"])
    return reached.clip(rows["floor"], rows["cap"]).mask(rows["few"]).round(_DECIMALS)


def _state(rows: pd.DataFrame) -> pd.Series:
    """Whether an indicator counts, and else why not."""
    state = pd.Series("no_target", index=rows.index)
    state = state.mask(rows["few"], "few").mask(rows["value"].isna(), "no_value")
    return state.mask(rows["completion"].notna(), "counted")


def _shares_of(indicators: Mapping[str, Indicator], profile: Profile, year: int) -> Mapping[str, str]:
    """The share that each indicator is part of; the same of all in a year in which weights alone count."""
    card = profile.scorecard
    if not card.shares_in(year):
        return dict.fromkeys(indicators, "")
    return {key: share_of(one.group, card.groups_together) for key, one in indicators.items()}


def _scored(rows: pd.DataFrame, shares: Mapping[str, str]) -> pd.DataFrame:
    """The rows with the weight that each really has, its points, and the entity's score."""
    known = rows["weight"].where(rows["completion"].notna(), 0.0)
    weighed = known * rows["completion"].fillna(0)
    entity = [rows[name] for name in ENTITY]
    share, group = [*entity, rows["figure"].map(shares)], [*entity, rows["group"]]
    in_share, in_group = (known.groupby(one).transform("sum") for one in (share, group))
    within = known * rows["weight"].groupby(share).transform("sum") / in_share.where(in_share > 0)
    total = within.fillna(0.0).groupby(entity).transform("sum")
    used = (100 * within / total.where(total > 0)).where(known > 0)
    points = used * rows["completion"] / 100
    numbers = {
        "weight_used": used,
        "points": points,
        "group_score": weighed.groupby(group).transform("sum") / in_group.where(in_group > 0),
        "score": points.fillna(0.0).groupby(entity).transform("sum").where(total > 0),
        "weight_known": known.groupby(entity).transform("sum"),
    }
    return rows.assign(**{name: values.round(_DECIMALS) for name, values in numbers.items()})


def _marks(scored: pd.DataFrame, profile: Profile, regions: pd.Series) -> pd.DataFrame:
    """One row per level and entity: grade and ranks."""
    marks = scored[[*ENTITY, "score", "weight_known"]].drop_duplicates(ENTITY, ignore_index=True)
    marks = marks.assign(
        judged=marks["score"].where(marks["weight_known"] >= 100 * profile.scorecard.least_weight)
    )
    grades = [_grade(one, profile) for one in marks["judged"].tolist()]
    region = marks["entity_id"].map(regions).where(marks["level"] == "manager")
    own_region = region.fillna(marks["entity_id"].where(marks["level"] == "region"))
    ranked = marks["judged"].where(marks["level"] != "organisation")
    inside, everywhere = [marks["level"], region], marks["level"]
    return marks.assign(
        region_id=own_region,
        grade=pd.Series(grades, index=marks.index, dtype="str"),
        rank_in_region=ranked.groupby(inside).rank(method="min", ascending=False).astype("Int64"),
        ranked_in_region=ranked.groupby(inside).transform("count").where(ranked.notna()).astype("Int64"),
        rank_in_organisation=ranked.groupby(everywhere).rank(method="min", ascending=False).astype("Int64"),
        ranked_in_organisation=ranked.groupby(everywhere).transform("count").where(ranked.notna()).astype("Int64"),
    ).drop(columns=["score", "weight_known", "judged"])


def _grade(score: float, profile: Profile) -> str | None:
    """The first grade, best first, whose least score is reached; None without a score."""
    if np.isnan(score):
        return None
    return next((key for key, least in profile.scorecard.grades.items() if score >= least), None)
