"""Series made by hand, what a person who sells would say of the next month, and what the forecast says.

    python benchmarks/forecast/by_hand.py

One row per series (`by_hand_series.py`, `by_hand_further.py`, `by_hand_again.py`): the range in which a person would
accept the forecast, the most that the 95 % interval's upper end may be, and, where an interval must not be too sure,
the least that it may be.
`tests/forecast/test_forecast_by_hand.py` holds the same table, and variants of its kinds.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

import pandas as pd

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parents[1])]

from by_hand_again import again  # noqa: E402
from by_hand_further import further  # noqa: E402
from by_hand_series import NOVEMBER, Hand, around, paused, peaks, put, year  # noqa: E402
from by_hand_series import table as first_table  # noqa: E402

LAST = pd.Timestamp("2026-10-01")

HELPERS = (NOVEMBER, around, paused, peaks, put, year)  # what the tests make variants with


def table() -> list[Hand]:
    """All series."""
    return [*first_table(), *further(), *again()]


def history_of(hands: Sequence[Hand]) -> pd.DataFrame:
    """The long history of some rows."""
    parts = [
        pd.DataFrame(
            {
                "series_id": hand.name,
                "month": pd.date_range(end=LAST, periods=len(hand.values), freq="MS"),
                "value": hand.values,
            }
        )
        for hand in hands
    ]
    return pd.concat(parts, ignore_index=True)


def faults(hand: Hand, told: pd.Series) -> list[str]:
    """What a person would object to in the forecast of a row, in words; empty where nothing."""
    forecast, top = float(told["forecast"]), float(told["high95"])
    found = []
    if not hand.low <= forecast <= hand.high:
        found.append(f"forecast {forecast:.4g}, a person says {hand.low:.4g}–{hand.high:.4g}")
    if top > hand.top:
        found.append(f"upper end {top:.4g}, at most {hand.top:.4g}")
    if top < hand.least_top:
        found.append(f"upper end {top:.4g}, at least {hand.least_top:.4g}")
    return found


def alone(hand: Hand) -> pd.Series:
    """The forecast of a row by itself, without anything to lean on."""
    from pipeline.forecast import forecast_next

    return forecast_next(history_of([hand])).iloc[0]


def by_hand_table() -> tuple[pd.DataFrame, int]:
    """The rows beside what the forecast says, each series alone; and how many a person would object to."""
    rows, objections = [], 0
    for hand in table():
        told = alone(hand)
        wrong = faults(hand, told)
        objections += bool(wrong)
        said = f"{told['forecast']:.4g} [{told['low95']:.4g}; {told['high95']:.4g}]"
        person = f"{hand.low:.4g}–{hand.high:.4g}, at most {hand.top:.4g}"
        rows.append((hand.kind, hand.name, person, said, "; ".join(wrong) or "✓"))
    return pd.DataFrame(
        rows, columns=["kind", "series", "a person says", "forecast [95 %]", "objection"]
    ), objections


def main() -> None:
    """Print the table in Markdown."""
    from tables import markdown

    frame, objections = by_hand_table()
    print(markdown(frame, digits=1))
    print(f"{len(frame)} series, {objections} of which a person would object to.")


if __name__ == "__main__":
    main()
