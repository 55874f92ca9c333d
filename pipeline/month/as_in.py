"""What months brought as other months see them: like with like for what is forecast (see `figures.as_in`).

A forecast is made of the managers and customers of its month. What came of it, last year's same month, and the course
that leads to it are told of the same ones.
"""

from collections.abc import Mapping, Sequence

import pandas as pd

from pipeline.base.calendar import Month
from pipeline.base.exact import stacked
from pipeline.figures.as_in import Belonging, changed_values, entities_told_less, places, with_changed
from pipeline.figures.comparable import Owners
from pipeline.figures.entities import KEYS
from pipeline.figures.known import MonthKnown
from pipeline.figures.members import among
from pipeline.month.sales_totals import MEASURES, SalesTotals
from pipeline.month.stock_history import entities_with_unreported, last_rows
from pipeline.month.whose import Regions
from schemas.profile import Profile

CAME, LAST_YEAR = "came", "last_year"
CAME_COLUMNS = ("month", *KEYS, "value", "source", "moved")


def belonging_of(month: Month, customers: Month, owners: Owners, regions: pd.Series) -> Belonging:
    """Who belongs to whom in a month; `customers` names one with the same customers."""
    return Belonging(owners, regions)


def changed_as_in(
    then: Month,
    now: Month,
    values: pd.DataFrame,
    totals: SalesTotals,
    belonging: Mapping[Month, Belonging],
    profile: Profile,
) -> pd.DataFrame:
    """What of a month's forecast figures is another when told as in another month: month, level, entity_id, figure,
    value; see `figures.as_in.changed_values`."""
    names = dict(zip(MEASURES, profile.forecast_figures, strict=False))
    sold = totals.by_customer.rename(columns=names)
    told = changed_values(values, sold, belonging[then], belonging[now], list(names.values()))
    return told.assign(month=str(then))


def unknown_as_in(
    then: Month,
    now: Month,
    senders: frozenset[str],
    in_office: pd.Series,
    totals: Sequence[SalesTotals],
    belonging: Mapping[Month, Belonging],
) -> pd.DataFrame:
    """Of whom a month's sales are not wholly known, told as in another month: month, level, entity_id; `totals` of the
    month before, where it is there, and of the month."""
    missing = [str(one) for one in in_office.index if one not in senders]
    told_less = entities_told_less(missing, belonging[then], belonging[now])[["level", "entity_id"]]
    unreported = entities_with_unreported(places(last_rows(totals), belonging[then], belonging[now]))
    found = pd.concat([told_less, unreported], ignore_index=True)
    return found.drop_duplicates(ignore_index=True).assign(month=str(then))


def changed_months(month: Month, months: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """What of the months that a month's report looks back on is another when told as in it."""
    columns = ["month", *KEYS, "value"]
    return stacked(list(months) or [pd.DataFrame(columns=columns)])


def course(
    month: Month, regions: Regions, history: pd.DataFrame, changed: pd.DataFrame, regions_now: pd.Series
) -> pd.DataFrame:
    """The history of some regions and their managers, or of the organisation, with what is forecast told of those who
    have the customers now."""
    if regions is None:
        return history
    managers = regions_now.index[among(regions_now, regions)]
    own = {"region": list(regions), "manager": list(managers)}
    here = [changed[(changed["level"] == level) & changed["entity_id"].isin(who)] for level, who in own.items()]
    return with_changed(history, pd.concat(here, ignore_index=True))


def told_less(
    month: Month, known: Mapping[Month, MonthKnown], belonging: Mapping[Month, Belonging]
) -> pd.DataFrame:
    """In which of the months that a month's report shows somebody is missing of those whom an entity has now: level,
    entity_id, month, form (not handed in), managers (codes joined by commas)."""
    frames = []
    for one, its in known.items():
        for form, managers in sorted(its.missing.items()):
            found = entities_told_less(managers, belonging[one], belonging[month])
            joined = found.groupby(["level", "entity_id"])["manager_id"].agg(",".join)
            frames.append(joined.rename("managers").reset_index().assign(month=str(one), form=form))
    columns = ["level", "entity_id", "month", "form", "managers"]
    return pd.concat(frames or [pd.DataFrame(columns=columns, dtype="str")], ignore_index=True)[columns]


def incomplete_months(month: Month, months: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Last year's same month and the one after it, where a manager sent no sales: level, entity_id, month."""
    columns = ["level", "entity_id", "month"]
    return stacked(list(months) or [pd.DataFrame(columns=columns, dtype="str")])[columns]


def came(
    month: Month,
    values: Mapping[str, pd.DataFrame],
    changed: Mapping[str, pd.DataFrame],
    unknown: Mapping[str, pd.DataFrame],
) -> pd.DataFrame:
    """What a month brought, and its same month of the year before, both told as in the month that it was forecast in:
    CAME_COLUMNS.

    Args:
        values: of the month itself under `CAME`, of the one a year before under `LAST_YEAR` where it is known.
        changed, unknown: what of them is another when told so, and of whom they are not wholly known.

    Returns:
        One row per entity, figure and source, without a value where it is not wholly known; `month` is the month itself
        for both. `moved` says that customers or managers have moved in between, so that it is not what the entity
        itself says of the month.
    """
    frames = []
    for source, rows in values.items():
        others = changed.get(source, rows.head(0))
        keys = pd.MultiIndex.from_frame(others[KEYS])
        told = with_changed(rows[[*KEYS, "value"]], others[[*KEYS, "value"]])
        less = pd.MultiIndex.from_frame(unknown[source][KEYS[:2]])
        told = told.assign(value=told["value"].mask(pd.MultiIndex.from_frame(told[KEYS[:2]]).isin(less)))
        is_moved = pd.MultiIndex.from_frame(told[KEYS]).isin(keys)
        frames.append(told.assign(month=str(month), source=source, moved=is_moved))
    return pd.concat(frames, ignore_index=True)[list(CAME_COLUMNS)]
