"""Other people's data through the same pipeline: totals equal the sources to the cent."""

from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner
from real_homes import REAL, make_adventureworks, make_superstore

from pipeline.cli import main

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
    files = sorted((home / "output").glob("*/data/metrics.csv"))
    metrics = pd.concat([pd.read_csv(file, dtype=str, keep_default_na=False) for file in files])
    managers = metrics[(metrics["level"] == "manager") & metrics["figure"].isin(["volume", "amount"])]
    wide = managers.pivot(index=["month", "entity_id"], columns="figure", values="value")
    return {key: (int(Decimal(row.volume)), Decimal(row.amount)) for key, row in wide.iterrows() if row.volume}


@pytest.mark.parametrize("make", [make_adventureworks, make_superstore])
def test_totals_by_manager_and_month_equal_the_source(make, tmp_path):
    lines = make(tmp_path)

    result = CliRunner().invoke(main, ["monthly", "--home", str(tmp_path), "--quiet"])

    assert result.exit_code == 0, result.output
    expected = source_totals(lines)
    reported = reported_totals(tmp_path)
    assert reported.keys() == expected.keys()
    for key, (volume, amount) in expected.items():
        assert reported[key][0] == volume, key
        assert reported[key][1].quantize(CENT, ROUND_HALF_UP) == amount.quantize(CENT, ROUND_HALF_UP), key
