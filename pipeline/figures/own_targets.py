"""The targets that a trade's profile gives, where the master data give none.

Of a sum a profile's target is meant for each manager, in office for part of the month by calendar days, and whatever is
above adds up its managers'. Of anything else it is the same for everybody.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence

import pandas as pd

from pipeline.base.calendar import Month
from pipeline.contract.few import is_guarded
from pipeline.contract.figure import Figure
from pipeline.contract.master_data import managers_in_office, owing_forms
from pipeline.contract.report import ORGANISATION_ID
from pipeline.figures.levels import NO_INNER, Inner
from pipeline.figures.metrics import targets_by_entity
from schemas.profile import Profile

Row = tuple[str, str, float]  # level, entity_id, target


def with_own_targets(
    month: Month,
    targets: pd.DataFrame,
    managers: pd.DataFrame,
    regions: pd.Series,
    figures: Sequence[Figure],
    profile: Profile,
    inner: Inner = NO_INNER,
    exempt: Collection[str] = (),
) -> pd.DataFrame:
    """The targets of a month with the profile's where there are none for an entity; of entities beside the tree there
    are none but those given.

    Args:
        targets: master data: month, level, entity_id, metric, target.
        managers: master data of the month; `exempt` are those who owe no forms, of whom nothing is asked.
        regions: the region of each manager, by manager_id.
        inner: whose managers are whose at the trade's own levels inside the tree.
    """
    own = [figure for figure in figures if figure.key in profile.targets]
    if not own:
        return targets
    given = targets_by_entity(targets, month, own)
    shares = shares_of_month(owing_forms(managers, exempt), month)
    homes = {
        "region": regions,
        **{level: told.set_index("manager_id")["entity_id"] for level, told in inner.items()},
    }
    rows = [
        (str(month), level, entity, figure.key, target)
        for figure in own
        for level, entity, target in _of_figure(figure, profile.targets[figure.key], given, shares, homes)
    ]
    added = pd.DataFrame(rows, columns=["month", "level", "entity_id", "metric", "target"])
    return pd.concat([targets, added.astype({"target": "float64"})], ignore_index=True)


def shares_of_month(managers: pd.DataFrame, month: Month) -> dict[str, float]:
    """What part of the month's calendar days each manager was in office, by manager_id."""
    office = managers_in_office(managers, month)
    first, last = pd.Timestamp(month.first_day), pd.Timestamp(month.last_day)
    start = office["started_on"].where(office["started_on"] > first, first)
    end = office["left_on"].where(office["left_on"] < last, last)
    days = (end - start).dt.days + 1
    return dict(zip(office["manager_id"].astype("str"), days / last.day, strict=True))


def _of_figure(
    figure: Figure, own: float, given: pd.DataFrame, shares: Mapping[str, float], homes: Mapping[str, pd.Series]
) -> Iterator[Row]:
    stated = given[given["figure"] == figure.key].set_index(["level", "entity_id"])["target"].to_dict()
    is_sum = not is_guarded(figure)
    each = {
        one: stated.get(("manager", one), own * share if is_sum else own)
        for one, share in shares.items()
        if one in homes["region"].index
    }
    above = {level: _added_up(each, home) for level, home in homes.items()}
    whole = {ORGANISATION_ID: sum(above["region"].values())}
    for level, sums in {"organisation": whole, **above, "manager": each}.items():
        for entity, target in sums.items():
            if (level, entity) not in stated and each:
                yield level, entity if level != "organisation" else "", target if is_sum else own


def _added_up(each: Mapping[str, float], home: pd.Series) -> dict[str, float]:
    """The managers' targets added up to whom they belong."""
    sums: dict[str, float] = {}
    for manager, target in each.items():
        if manager in home.index:
            entity = str(home[manager])
            sums[entity] = sums.get(entity, 0.0) + target
    return sums
