"""The metrics of a demo, from its workbooks to the rows of `metrics.csv`, against the plain recalculation."""

import math

import pytest
from demo_rows import MONTHLY, months_of
from february_demo import SENT, make_february, opened_february
from oracle_metrics import FLOATS, Year

from pipeline.base.calendar import Month
from pipeline.figures.metrics import metrics_of_month
from pipeline.month.opening import Months

FEBRUARY = (2024, 2)


@pytest.mark.slow
def test_metrics_of_a_demo_equal_the_plain_recalculation(own_copy) -> None:
    demo = own_copy("february_demo", make_february)
    months = months_of(demo / SENT)
    regions = {row["manager_id"]: row["region_id"] for row in months[FEBRUARY]["managers"]}
    known = {month: {form: set(regions) for form in MONTHLY} for month in months}
    targets = {
        (row["level"], row["entity_id"] or "ALL", row["figure"]): row["target"]
        for row in months[FEBRUARY]["targets"]
        if row["month"] == "2024-02"
    }
    expected = Year(months, regions, known, targets).lines(FEBRUARY)
    written = _reported(opened_february(demo), Month(*FEBRUARY))
    assert set(regions.values()) == {key[1] for key in written if key[0] == "region"}
    assert written.keys() <= expected.keys()
    assert _differences(written, expected) == []


def _reported(opened: Months, month: Month) -> dict[tuple[str, str, str], dict[str, float]]:
    """The month's metrics as the ledger gives them; no workbooks are written."""
    ledger = opened.ledger
    counts = {
        one: opened.graph.of("some_counts", one, opened.shape.names(one)) for one in ledger.manifest.months()
    }
    targets = ledger.masters(month)["targets"]
    metrics = metrics_of_month(month, counts, targets, opened.graph.of("figures"), opened.settings.profile)
    rows = metrics.astype(dict.fromkeys(FLOATS, "float64")).to_dict("records")
    return {(row["level"], row["entity_id"], row["figure"]): {name: row[name] for name in FLOATS} for row in rows}


def _differences(
    written: dict[tuple[str, str, str], dict[str, float]], expected: dict[tuple[str, str, str], dict[str, float]]
) -> list[str]:
    """What is not equal to six decimals; a figure that is not written must have no value."""
    found = []
    for key, line in expected.items():
        if key not in written:
            found += [f"{key} is missing"] if not math.isnan(line["value"]) else []
            continue
        found += [
            f"{key} {name}: {written[key][name]}, not {line[name]}"
            for name in FLOATS
            if written[key][name] != pytest.approx(line[name], rel=1e-9, abs=2e-6, nan_ok=True)
        ]
    return found
