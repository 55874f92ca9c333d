"""The trade's own levels of entities (`schemas.entities`): which figures are told of them, and what is counted of them.

Inside the tree each manager belongs to an entity by the master data of the month, and its figures are added up from the
managers'. Beside it rows name whom they are about: they are counted once more with each manager cut up into parts, one
for each entity that its rows name, so that who has not sent a form is as unknown here as elsewhere.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

import numpy as np
import pandas as pd

from pipeline.base.exact import stacked
from pipeline.base.frames import OnDemand, records
from pipeline.base.month_rows import MonthRows
from pipeline.contract.facts import Facts
from pipeline.contract.figure import Figure, Level
from pipeline.contract.report import ORGANISATION_ID
from schemas.entities import MANAGER_ID, Entity, added_levels, inner_levels, levels_beside
from schemas.form import Form
from schemas.profile import Profile

PART = "\x1f"  # between the codes of a manager and of the entity that some of its rows are about


@dataclass(frozen=True)
class LevelCounts:
    """What is counted of the entities of a level beside the tree: the frames of `MonthCounts`, each with entity_id."""

    by_manager: pd.DataFrame
    customers: pd.DataFrame
    values: pd.DataFrame


Inner = Mapping[Level, pd.DataFrame]  # by level inside the tree: manager_id, region_id, entity_id of each manager


NO_INNER: Inner = {}


def home_of(told: pd.DataFrame) -> pd.Series:
    """The region of each entity of a level inside the tree, by entity_id."""
    return told.drop_duplicates("entity_id").set_index("entity_id")["region_id"]


@dataclass(frozen=True)
class OwnLevels:
    """What a month's counts hold of the trade's own levels: whose managers are whose inside the tree (see `Inner`), and
    counts of those beside it."""

    inner: Inner = field(default_factory=dict)
    beside: Mapping[Level, LevelCounts] = field(default_factory=dict)


def levels_together(parts: Sequence[OwnLevels]) -> OwnLevels:
    """What several regions' counts hold of the trade's own levels, as one."""
    inner = {level: stacked([one.inner[level] for one in parts]) for level in parts[0].inner}
    beside = {
        level: LevelCounts(
            *(stacked(list(frames)) for frames in zip(*(_frames(one, level) for one in parts), strict=True))
        )
        for level in parts[0].beside
    }
    return OwnLevels(inner, beside)


def levels_of_region(levels: OwnLevels, region: str) -> OwnLevels:
    """What of it is one region's."""

    def own(rows: pd.DataFrame) -> pd.DataFrame:
        return rows[rows["region_id"] == region].reset_index(drop=True)

    inner = {level: own(rows) for level, rows in levels.inner.items()}
    beside = {level: LevelCounts(*map(own, _frames(levels, level))) for level in levels.beside}
    return OwnLevels(inner, beside)


def levels_of_whole(levels: OwnLevels) -> OwnLevels:
    """What of it is left where the organisation stands as the only manager: the entities beside the tree."""
    return OwnLevels(
        {}, {level: LevelCounts(*added_up(*_frames(levels, level), ["entity_id"])) for level in levels.beside}
    )


def _frames(levels: OwnLevels, level: Level) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    counts = levels.beside[level]
    return counts.by_manager, counts.customers, counts.values


def added_up(
    by_manager: pd.DataFrame, customers: pd.DataFrame, values: pd.DataFrame, whose: Sequence[str] = ()
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """The frames of `MonthCounts` with the organisation as the only region and manager, apart by `whose`."""
    keys = [*whose, "figure"]
    sums = by_manager.groupby(keys, as_index=False).agg(
        {"numerator": "sum", "denominator": "sum", "has_denominator": "any"}
    )
    times = values.groupby([*keys, "value"], as_index=False).agg({"count": "sum"})
    once = customers[[*keys, "customer_id"]].drop_duplicates(ignore_index=True)
    return _of_whole(sums), _of_whole(once), _of_whole(times)


def _of_whole(rows: pd.DataFrame) -> pd.DataFrame:
    whose = pd.array([ORGANISATION_ID], dtype="str").take(np.zeros(len(rows), dtype=np.intp))
    return pd.DataFrame({"region_id": whose, "manager_id": whose, **{name: rows[name] for name in rows.columns}})


def levels_told(figure: Figure, profile: Profile) -> frozenset[Level]:
    """The trade's own levels of whose entities a figure is told: inside the tree any figure; beside it one whose forms
    all say whom their rows are about."""
    own = (key for key in added_levels(profile.entities) if _is_told(figure, profile.entities[key], profile.forms))
    return frozenset(own)


def _is_told(figure: Figure, entity: Entity, forms: Mapping[str, Form]) -> bool:
    if entity.figures and figure.key not in entity.figures:
        return False
    if entity.parent:
        return True
    named = [form for form in figure.forms if form in entity.columns]
    others = [form for form in figure.forms if form not in entity.columns]
    return bool(named) and all(
        forms[form].kind == "master" and MANAGER_ID not in forms[form].dtypes for form in others
    )


def inner_of(masters: Mapping[str, pd.DataFrame], regions: pd.Series, profile: Profile) -> Inner:
    """To which entity of each level inside the tree the managers of a month belong.

    An entity is of the region in which most of its managers are (of equals the first); others of its managers stand
    under their region alone.

    Args:
        masters: the month's, by form.
        regions: the region of each manager, by manager_id.
    """
    return {
        level: _managers_of(profile.entities[level], masters, regions) for level in inner_levels(profile.entities)
    }


def _managers_of(entity: Entity, masters: Mapping[str, pd.DataFrame], regions: pd.Series) -> pd.DataFrame:
    (form, column), *_ = entity.columns.items()
    rows = masters[form] if form in masters else pd.DataFrame()
    if column not in rows:  # not in use
        rows = pd.DataFrame(columns=[MANAGER_ID, column], dtype="str")
    pairs = rows[[MANAGER_ID]].assign(entity_id=rows[column]).dropna().astype("str").drop_duplicates(MANAGER_ID)
    told = pairs.assign(region_id=pairs[MANAGER_ID].map(regions)).dropna()
    sizes = told.groupby(["entity_id", "region_id"], as_index=False).size()
    home = sizes.sort_values(["size", "region_id"], ascending=[False, True]).drop_duplicates("entity_id")
    own = told.merge(home[["entity_id", "region_id"]], on=["entity_id", "region_id"])
    return own[[MANAGER_ID, "region_id", "entity_id"]].astype("str").sort_values(MANAGER_ID, ignore_index=True)


def missing_at_levels(missing: pd.DataFrame, levels: OwnLevels) -> pd.DataFrame:
    """Who is missing (see `missing_table`), of the trade's own levels too: inside the tree an entity's managers; beside
    it anybody, as whoever has not sent may have had rows about any of them."""
    rows = [
        row
        for level, told in levels.inner.items()
        for _, group in told.groupby("entity_id")
        for row in _missing_inside(missing, level, group)
    ]
    whole = missing[missing["level"] == "organisation"]
    for level, counts in levels.beside.items():
        entities = pd.DataFrame({"entity_id": sorted(set(counts.by_manager["entity_id"]))}, dtype="str")
        rows += records(
            whole.drop(columns=["level", "entity_id"]).merge(entities, how="cross").assign(level=level)
        )
    return pd.concat([missing, pd.DataFrame(rows)[list(missing.columns)]], ignore_index=True) if rows else missing


def _missing_inside(missing: pd.DataFrame, level: Level, group: pd.DataFrame) -> Iterable[dict[str, Any]]:
    """What a region's missing managers are to one of its entities, whose managers are `group`."""
    own = frozenset(group[MANAGER_ID])
    of_region = missing[(missing["level"] == "region") & (missing["entity_id"] == group["region_id"].iloc[0])]
    for row in records(of_region):
        gone, office = ([one for one in row[name].split(",") if one in own] for name in ("managers", "colleagues"))
        if gone:
            told = {"missing": len(gone), "in_office": len(office), "managers": ",".join(gone)}
            entity = group["entity_id"].iloc[0]
            unknown = {"share_previous": np.nan, "share_last_year": np.nan}
            yield {**row, **told, **unknown, "colleagues": ",".join(office), "level": level, "entity_id": entity}


def facts_of_level(facts: Facts, entity: Entity) -> Facts:
    """The facts with each manager cut up into parts, one for each entity that its rows name: of the forms that name
    one, the rows that do."""
    months = (facts.rows, *facts.earlier.values())
    parts = pd.concat([_parts_in(month, entity) for month in months], ignore_index=True).drop_duplicates()
    earlier = {month: _cut_up(rows, entity, parts) for month, rows in facts.earlier.items()}
    return Facts(_cut_up(facts.rows, entity, parts), earlier, facts.profile, facts.only_regions, facts.carried)


def _named(month: MonthRows, entity: Entity) -> Iterable[tuple[str, pd.DataFrame, pd.Series]]:
    """By form the rows that name an entity, and the part that each counts for."""
    for form, column in entity.columns.items():
        rows = month.rows.get(form)
        if rows is not None and column in rows:
            told = rows[rows[column].notna() & rows[MANAGER_ID].notna()].reset_index(drop=True)
            yield form, told, told[MANAGER_ID].astype("str") + PART + told[column].astype("str")


def _parts_in(month: MonthRows, entity: Entity) -> pd.DataFrame:
    """manager_id and part (str) of the rows of a month."""
    found = [
        pd.DataFrame({MANAGER_ID: rows[MANAGER_ID].astype("str"), "part": part})
        for _, rows, part in _named(month, entity)
    ]
    return pd.concat([pd.DataFrame({MANAGER_ID: [], "part": []}, dtype="str"), *found], ignore_index=True)


def _cut_up(month: MonthRows, entity: Entity, parts: pd.DataFrame) -> MonthRows:
    rows = {form: told.assign(manager_id=part) for form, told, part in _named(month, entity)}
    sent = {(manager, form) for manager, form in month.sent if form in entity.columns}
    pairs = zip(parts[MANAGER_ID], parts["part"], strict=True)
    told = frozenset((part, form) for manager, part in pairs for form in entity.columns if (manager, form) in sent)
    makers = {form: partial(month.masters.__getitem__, form) for form in month.masters}
    if "managers" in makers:
        makers["managers"] = partial(_managers_cut_up, month.masters["managers"], parts)
    return replace(month, rows=rows, masters=OnDemand(makers), sent=told)


def _managers_cut_up(managers: pd.DataFrame, parts: pd.DataFrame) -> pd.DataFrame:
    named = managers.merge(parts, on=MANAGER_ID).drop(columns=MANAGER_ID).rename(columns={"part": MANAGER_ID})
    return named[list(managers.columns)]


def without_part(code: str) -> str:
    """The manager whose part a code stands for; the code itself where it is a manager's."""
    return code.partition(PART)[0]


def told_apart(rows: pd.DataFrame) -> pd.DataFrame:
    """Rows counted of parts, by manager_id and entity_id."""
    parts = rows[MANAGER_ID].str.split(PART, n=1)
    return rows.assign(manager_id=parts.str[0].astype("str"), entity_id=parts.str[1].astype("str"))


def beside_in(profile: Profile) -> Mapping[Level, Entity]:
    """The trade's levels beside the tree."""
    return {key: profile.entities[key] for key in levels_beside(profile.entities)}
