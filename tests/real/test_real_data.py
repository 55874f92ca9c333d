"""Other people's data through the same pipeline: totals equal the sources to the cent."""

from collections.abc import Collection
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import pandas as pd
import pytest
from real_homes import REAL, make_adventureworks, make_superstore
from seeds import SEEDS

from pipeline.base.calendar import Month
from pipeline.contract.settings import load_settings
from pipeline.figures.metrics import metrics_of_month
from pipeline.ledger.manifest import read_manifest
from pipeline.ledger.read import Ledger
from pipeline.month.opening import Months, open_months
from pipeline.taking.receive import receive
from pipeline.work.executors import reading_sandbox
from schemas.form import all_forms

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not REAL.is_dir(), reason="the real data are not beside the project"),
]
CENT = Decimal("0.01")
STEP = 1 if len(SEEDS) > 1 else 4  # figures are worked out of one month in four, in the long trials of all
Totals = dict[tuple[str, str], tuple[int, Decimal]]


def source_totals(lines: pd.DataFrame) -> Totals:
    """Volume and amount by month and manager, summed in decimals line by line."""
    totals: Totals = {}
    for line in lines.itertuples():
        volume, amount = totals.get((line.month, line.manager_id), (0, Decimal(0)))
        exact = Decimal(repr(line.amount)).quantize(Decimal("0.0001"), ROUND_HALF_UP)
        totals[line.month, line.manager_id] = (volume + int(line.sold_qty), amount + exact)
    return totals


def taken_in(home: Path) -> Months:
    """The home's months, after the whole way in."""
    settings = load_settings(home)
    with reading_sandbox(home, settings, 2) as sandbox:
        manifest = receive(home, read_manifest(home), settings, sandbox, lambda *_: None).manifest
    return open_months(Ledger(home, manifest, all_forms()), settings)


def kept_totals(opened: Months) -> Totals:
    """Volume and amount of the rows that the ledger has accepted."""
    rows = {one: opened.ledger.rows(all_forms()["sales"], one) for one in opened.ledger.manifest.months()}
    return source_totals(pd.concat([one.assign(month=str(month)) for month, one in rows.items()]))


def reported_totals(opened: Months, months: Collection[Month]) -> Totals:
    """Volume and amount of the metrics; workbooks are not written here."""
    totals = {}
    for month in months:
        counts = {month: opened.graph.of("some_counts", month, opened.shape.names(month))}
        targets = opened.ledger.masters(month)["targets"]
        metrics = metrics_of_month(month, counts, targets, opened.graph.of("figures"), opened.settings.profile)
        managers = metrics[(metrics["level"] == "manager") & metrics["figure"].isin(["volume", "amount"])]
        wide = managers.dropna(subset=["value"]).pivot(index="entity_id", columns="figure", values="value")
        for manager, row in wide.iterrows():
            totals[str(month), str(manager)] = (int(row["volume"]), Decimal(repr(float(row["amount"]))))
    return totals


def to_the_cent(totals: Totals) -> Totals:
    return {key: (volume, amount.quantize(CENT, ROUND_HALF_UP)) for key, (volume, amount) in totals.items()}


@pytest.mark.parametrize("make", [make_adventureworks, make_superstore])
def test_totals_by_manager_and_month_equal_the_source(make, tmp_path):
    expected = to_the_cent(source_totals(make(tmp_path)))
    opened = taken_in(tmp_path)
    assert to_the_cent(kept_totals(opened)) == expected
    told = opened.ledger.manifest.months()[::-STEP]
    of_told = {key: one for key, one in expected.items() if key[0] in set(map(str, told))}
    assert len(told) > 8
    assert to_the_cent(reported_totals(opened, told)) == of_told
