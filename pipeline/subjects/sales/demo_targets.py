"""Made-up targets: a little above what could be expected, and regions are the sum of their managers."""

import pandas as pd

from pipeline.base.calendar import Month
from pipeline.demo.chance import stream
from pipeline.demo.people import Organisation, as_form
from pipeline.subjects.sales.demo_usual import usual_demand
from pipeline.words import load_words

AMBITION, NOISE = 1.01, 0.03
ROUND_TO = {"volume": 10.0, "amount_yuan": 1000.0}
METRICS = {"volume": "demo.office.volume", "amount_yuan": "demo.office.amount"}


def make_targets(organisation: Organisation) -> pd.DataFrame:
    """The targets form for all months and the rest of the last one's year, as an office sets them: volume and amount of
    managers, regions and the organisation."""
    last = organisation.months[-1]
    ahead = [last + number for number in range(1, 13 - last.month)]
    months = [_targets_of(organisation, month) for month in (*organisation.months, *ahead)]
    return as_form("targets", pd.concat(months, ignore_index=True))


def _targets_of(organisation: Organisation, month: Month) -> pd.DataFrame:
    chance = stream(organisation.seed, "targets", month)
    expected = usual_demand(organisation, month)
    raised = expected.mul(AMBITION * chance.normal(1, NOISE, len(expected)), axis=0)
    by_manager = pd.DataFrame({name: (raised[name] / step).round() * step for name, step in ROUND_TO.items()})
    by_region = by_manager.groupby(by_manager.index.map(organisation.region_of)).sum()
    whole = by_manager.sum().to_frame().T.set_axis([None], axis=0)
    levels = {"organisation": whole, "region": by_region, "manager": by_manager}
    return pd.concat([_as_rows(organisation, month, level, rows) for level, rows in levels.items()])


def _as_rows(organisation: Organisation, month: Month, level: str, targets: pd.DataFrame) -> pd.DataFrame:
    """One row per entity and metric, from one row per entity."""
    words = load_words(organisation.language)
    return pd.concat(
        pd.DataFrame(
            {
                "month": str(month),
                "level": level,
                "entity_id": targets.index,
                "metric": words(METRICS[column]),
                "target": targets[column].to_numpy(),
            }
        )
        for column in targets.columns
    )
