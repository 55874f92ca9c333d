"""What stands beside findings: whose metrics are whose, open actions, names, the scorecard."""

from collections.abc import Iterable, Mapping, Sequence

import pandas as pd

from pipeline.base.calendar import Month
from pipeline.base.exact import stacked
from pipeline.base.rows_by_key import RowsByKey, rows_by_key
from pipeline.contract.figure import LEVELS, Figure
from pipeline.contract.report import ORGANISATION_ID
from pipeline.figures.members import among
from pipeline.figures.scorecard import scorecard_of_month
from pipeline.month.editions import digest_of
from pipeline.month.open_actions import FOLLOWED_COLUMNS, OPEN_ACTION_COLUMNS, followed_actions, open_actions
from pipeline.month.whose import Regions
from schemas.form import Form
from schemas.profile import Profile


def by_entity(month: Month, metrics: pd.DataFrame) -> RowsByKey:
    """The month's metrics, by level and entity."""
    return rows_by_key(metrics, ("level", "entity_id"))


def metrics_of_entities(
    month: Month, regions: Regions, metrics: RowsByKey, regions_now: pd.Series
) -> pd.DataFrame:
    """The metrics of some regions and their managers alone, or of the organisation."""
    if regions is None:
        return metrics.of([("organisation", ORGANISATION_ID)])
    own = [("region", region) for region in regions]
    own += [("manager", str(one)) for one in regions_now.index[among(regions_now, regions)]]
    return metrics.of(own)


def actions_open(
    month: Month, rows: Mapping[tuple[str, Month], pd.DataFrame], forms: Sequence[Form], regions: pd.Series
) -> pd.DataFrame:
    """The actions that are not done at a month's end, with the region of their managers now.

    Args:
        rows: of the forms whose rows are carried until done, by form and month.
    """
    found = [
        open_actions(month, _months_of(form, rows), form.traits.carried) for form in forms if form.traits.carried
    ]
    return _of_regions_now(stacked(found or [pd.DataFrame(columns=list(OPEN_ACTION_COLUMNS))]), regions)


def actions_followed(
    month: Month, rows: Mapping[tuple[str, Month], pd.DataFrame], forms: Sequence[Form], regions: pd.Series
) -> pd.DataFrame:
    """What became by a month's end of the actions that were open when it began; otherwise as `actions_open`."""
    found = [
        followed_actions(month, _months_of(form, rows), form.traits.carried)
        for form in forms
        if form.traits.carried
    ]
    return _of_regions_now(stacked(found or [pd.DataFrame(columns=list(FOLLOWED_COLUMNS))]), regions)


def _months_of(form: Form, rows: Mapping[tuple[str, Month], pd.DataFrame]) -> list[tuple[Month, pd.DataFrame]]:
    return [(when, its) for (key, when), its in rows.items() if key == form.key]


def _of_regions_now(held: pd.DataFrame, regions: pd.Series) -> pd.DataFrame:
    return held.assign(region_id=held["manager_id"].map(regions).fillna(held["region_id"]))


def names_of(month: Month, regions: pd.DataFrame, managers: pd.DataFrame, organisation: str) -> pd.DataFrame:
    """One row per level and entity_id: name, of the month."""
    frames = [pd.DataFrame({"level": ["organisation"], "entity_id": [ORGANISATION_ID], "name": [organisation]})]
    for level, rows in (("region", regions), ("manager", managers)):
        named = rows.rename(columns={f"{level}_id": "entity_id", f"{level}_name": "name"})
        frames.append(named[["entity_id", "name"]].assign(level=level))
    return pd.concat(frames, ignore_index=True)[["level", "entity_id", "name"]]


def digest_of_figures(
    month: Month, metrics: pd.DataFrame, standing: pd.DataFrame, masters: Sequence[Iterable[pd.DataFrame]]
) -> str:
    """The fingerprint of what makes an edition of a month: its figures, how many rows they come from, and its master
    data."""
    return digest_of([[metrics], [standing], *masters])


def scorecard(
    month: Month,
    metrics: pd.DataFrame,
    figures: Sequence[Figure],
    profile: Profile,
    regions: pd.Series,
    gone: frozenset[str],
) -> pd.DataFrame:
    """The month's scorecard, without managers who had left before the month: nobody judges them; nor does
    it the trade's own levels."""
    judged = metrics[metrics["level"].isin(LEVELS)]
    judged = judged[~((judged["level"] == "manager") & judged["entity_id"].isin(list(gone)))]
    return scorecard_of_month(month, judged, figures, profile, regions)
