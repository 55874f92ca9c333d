"""What is said of pilots, in one sentence a figure."""

from collections.abc import Mapping
from typing import Any

from pipeline.base.calendar import Month
from pipeline.contract.figure import Figure
from pipeline.contract.show import number_text, unit_text
from pipeline.contract.titles import month_text
from pipeline.words import Words

DECIMALS = 2


def difference_text(value: float, figure: Figure, words: Words) -> str:
    """A difference of a figure in its own unit, of rates in points, with its sign."""
    number = number_text(value, DECIMALS)
    told = number if number.startswith("-") or float(number.replace(",", "")) == 0 else f"+{number}"
    unit = words("workbooks.pilots.points") if figure.is_rate else unit_text(figure, words)
    return words("workbooks.pilots.with_unit", number=told, unit=unit)


def effect_text(row: Mapping[str, Any], figure: Figure, words: Words) -> str:
    """What came of a figure at the pilots of one start month: the effect with its interval, or why there is none.

    Args:
        row: of `pilot_effects`.
    """
    start = month_text(Month.parse(str(row["start"])), words)
    label = words.pick(figure.zh, figure.en)
    if row["state"] in ("waiting", "no_group"):
        return words(f"workbooks.pilots.{row['state']}", start=start, figure=label, least=int(row["least_months"]))
    base = words(
        "workbooks.pilots.effect",
        start=start,
        figure=label,
        months=int(row["months"]),
        pilots=int(row["pilots"]),
        others=int(row["others"]),
        unit=words(f"workbooks.pilots.{row['units']}s"),
        effect=difference_text(float(row["effect"]), figure, words),
    )
    return base + _interval(row, figure, words)


def _interval(row: Mapping[str, Any], figure: Figure, words: Words) -> str:
    if row["state"] == "no_interval":
        least = {"pilots": int(row["least_pilots"]), "others": int(row["least_others"])}
        return words("workbooks.pilots.no_interval", **least)
    low, high = float(row["low95"]), float(row["high95"])
    told = "unclear" if low <= 0 <= high else "clear"
    ends = {"low": difference_text(low, figure, words), "high": difference_text(high, figure, words)}
    return words("workbooks.pilots.interval", **ends) + words(f"workbooks.pilots.{told}")
