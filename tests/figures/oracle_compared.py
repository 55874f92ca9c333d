"""Frames of the product held against rows of the plain recalculation."""

import math
from typing import Any

import pandas as pd
import pytest

Row = dict[str, Any]
SOURCES = {"source_file", "source_sheet", "source_row"}
# Effects are cut to ten-thousandths of a yuan, a product at a time; scores to four decimals.
TOLERANCES = {"volume_effect": 1e-4, "price_effect": 1e-3, "mix_effect": 1e-3, "score": 6e-5}
UNORDERED = {
    "sales_by_category", "sales_by_brand", "sales_by_product", "complaints_by_category", "complaints_by_product",
    "satisfaction_by_dimension", "visit_offences", "special_visits_made", "downgrade_proposals",
}  # fmt: skip


def differences(frame: str, got: pd.DataFrame, expected: list[Row]) -> list[str]:
    """What differs, row by row; sources are looked at elsewhere."""
    if not len(got) and not expected:
        return []
    names = sorted(expected[0]) if expected else [str(name) for name in got.columns if name not in SOURCES]
    missing = set(names) - set(got.columns)
    if missing:
        return [f"no column {sorted(missing)}"]
    rows = [{name: plain(row[name]) for name in names} for row in got.to_dict("records")]
    wanted = [{name: plain(row[name]) for name in names} for row in expected]
    if len(rows) != len(wanted):
        return [f"{len(rows)} rows, not {len(wanted)}"]
    if frame in UNORDERED:
        rows, wanted = sorted(rows, key=_key), sorted(wanted, key=_key)
    return [
        f"{name} of {want}: {row[name]!r}"
        for row, want in zip(rows, wanted, strict=True)
        for name in names
        if not same(row[name], want[name], TOLERANCES.get(name, 1e-6))
    ]


def _key(row: Row) -> list[str]:
    """Texts and days first: they tell rows apart."""
    return [str(value) for value in row.values() if not isinstance(value, float | int)] + [
        f"{value:020.4f}" for value in row.values() if isinstance(value, float | int)
    ]


def plain(value: Any) -> Any:
    """A cell as plain Python has it; None where there is nothing."""
    if value is None or value is pd.NaT or value is pd.NA or (isinstance(value, float) and math.isnan(value)):
        return None
    return value.date() if isinstance(value, pd.Timestamp) else value


def same(got: Any, expected: Any, tolerance: float) -> bool:
    if isinstance(got, float | int) and isinstance(expected, float | int):
        return bool(got == pytest.approx(expected, rel=1e-9, abs=tolerance))
    return bool(got == expected)
