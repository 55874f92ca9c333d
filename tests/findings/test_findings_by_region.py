"""Findings are made region by region: put together they are those that all evidence at once gives."""

from collections.abc import Sequence
from dataclasses import replace

import pandas as pd
import pytest
from findings_of_month import Seen
from seeds import SEEDS
from test_findings_order import months, told

from pipeline.contract.figure import Level
from pipeline.contract.report import ORGANISATION_ID
from pipeline.figures.detail_lists import lists_of_region
from pipeline.figures.details import Compared
from pipeline.figures.parts import sums_of_region
from pipeline.findings.evidence import Evidence
from pipeline.month.finding import all_findings

MANAGERS = {"R1": ("M1", "M2"), "R2": ("M3",)}


def of_entities(evidence: Evidence, entities: Sequence[tuple[Level, str]]) -> Evidence:
    """What is there to see of these entities alone, by level and code; sums and lists stay whole."""
    rows = pd.concat(
        [evidence.metrics[evidence.metrics["entity_id"] == code] for _, code in entities], ignore_index=True
    )
    own = replace(evidence.details, entities=evidence.details.entities.of(entities))
    levels = tuple(dict.fromkeys(level for level, _ in entities))
    return replace(evidence, metrics=rows, details=own, levels=levels)


def of_region(evidence: Evidence, region: str) -> Evidence:
    managers: list[tuple[Level, str]] = [("manager", one) for one in MANAGERS[region]]
    own = of_entities(evidence, [("region", region), *managers])
    known = own.details.compared.known.values()
    now, *others = (None if one is None else sums_of_region(one, region) for one in known)
    assert now is not None
    lists = lists_of_region(own.details.lists, region)
    actions = evidence.open_actions
    assert actions is not None
    return replace(
        own,
        details=replace(own.details, compared=Compared(now, *others), lists=lists),
        open_actions=actions[actions["region_id"] == region],
    )


def frame_of(evidence: Evidence) -> pd.DataFrame:
    return Seen(evidence).frame()


@pytest.mark.slow
@pytest.mark.parametrize("seed", SEEDS)
def test_regions_told_apart_say_what_all_say_at_once(seed: int) -> None:
    evidence = told(months(seed)).evidence
    whole = of_entities(evidence, [("organisation", ORGANISATION_ID)])
    apart = [frame_of(one) for one in (whole, *(of_region(evidence, region) for region in MANAGERS))]
    at_once = frame_of(evidence)
    assert {"ALL", "R1", "R2", "M1", "M3"} <= set(at_once["entity_id"])
    assert at_once["rule"].nunique() > 8
    pd.testing.assert_frame_equal(all_findings(evidence.month, apart), at_once)
