"""Other people's data through the same pipeline: totals equal the sources to the cent."""

from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import pandas as pd
import pytest
from real_homes import REAL, make_adventureworks, make_superstore

from pipeline.contract.settings import load_settings
from pipeline.figures.metrics import metrics_of_month
from pipeline.ledger.manifest import read_manifest
from pipeline.ledger.read import Ledger
from pipeline.month.opening import open_months
from pipeline.taking.receive import receive
from pipeline.work.executors import reading_sandbox
from schemas.form import all_forms

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not REAL.is_dir(), reason="the real data are not beside the project"),
]
CENT = Decimal("0.01")


def source_totals(lines: pd.DataFrame) -> dict[tuple[str, str], tuple[int, Decimal]]:
    """Volume and amount by month and manager, summed in decimals line by line."""
    totals: dict[tuple[str, str], tuple[int, Decimal]] = {}
    for line in lines.itertuples():
        volume, amount = totals.get((line.month, line.manager_id), (0, Decimal(0)))
        exact = Decimal(repr(line.amount)).quantize(Decimal("0.0001"), ROUND_HALF_UP)
        totals[line.month, line.manager_id] = (volume + int(line.sold_qty), amount + exact)
    return totals


def reported_totals(home: Path) -> dict[tuple[str, str], tuple[int, Decimal]]:
    """Volume and amount of the metrics, after the whole way in; workbooks are not written for every month here."""
    settings = load_settings(home)
    with reading_sandbox(home, settings, 2) as sandbox:
        manifest = receive(home, read_manifest(home), settings, sandbox, lambda *_: None).manifest
    opened = open_months(Ledger(home, manifest, all_forms()), settings)
    totals = {}
    for month in manifest.months():
        counts = {month: opened.graph.of("some_counts", month, opened.shape.names(month))}
        targets = opened.ledger.masters(month)["targets"]
        metrics = metrics_of_month(month, counts, targets, opened.graph.of("figures"), settings.profile)
        managers = metrics[(metrics["level"] == "manager") & metrics["figure"].isin(["volume", "amount"])]
        wide = managers.dropna(subset=["value"]).pivot(index="entity_id", columns="figure", values="value")
        for manager, row in wide.iterrows():
            totals[str(month), str(manager)] = (int(row["volume"]), Decimal(repr(float(row["amount"]))))
    return totals


@pytest.mark.parametrize("make", [make_adventureworks, make_superstore])
def test_totals_by_manager_and_month_equal_the_source(make, tmp_path):
    lines = make(tmp_path)
    expected = source_totals(lines)
    reported = reported_totals(tmp_path)
    assert reported.keys() == expected.keys()
    for key, (volume, amount) in expected.items():
        assert reported[key][0] == volume, key
        assert reported[key][1].quantize(CENT, ROUND_HALF_UP) == amount.quantize(CENT, ROUND_HALF_UP), key
