"""From typed values to what stands in a cell of a template: labels for keys, serial numbers for days."""

import datetime as dt
import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from pipeline.words import Language
from schemas.columns import Choice, Column

Value = str | int | float | None  # days and times are Excel's serial numbers

EXCEL_EPOCH = pd.Timestamp(1899, 12, 30)
MINUTES_A_DAY = 24 * 60
ONE_DAY = 24 * 3600 * 10**9  # in nanoseconds
NO_DAY = -(2**63)  # how numpy holds a missing day


def cells_of(column: Column, values: pd.Series, choices: Sequence[Choice], language: Language) -> list[Value]:
    """What stands in the cells of a column.

    `values` are in the column's stored type. A series of dtype object may hold anything: texts go in as they
    are, as people type them, other values as the column's kind asks.
    """
    labels = _labels(choices, language)
    if values.dtype == object:
        return [_typed_as_is(column, value, labels) for value in values]
    if column.kind == "day":
        return [day / ONE_DAY if day > NO_DAY else None for day in _since_epoch(values)]
    plain: list[Any] = values.to_numpy(dtype=object, na_value=None).tolist()  # type: ignore[call-overload]
    if column.kind == "clock":
        return [None if minutes is None else minutes / MINUTES_A_DAY for minutes in plain]
    if column.kind == "flag":
        return [None if flag is None else labels["true" if flag else "false"] for flag in plain]
    return [labels.get(key) for key in plain] if column.kind == "choice" else plain


def _since_epoch(days: pd.Series) -> list[int]:
    """Nanoseconds since Excel's day 0; below `NO_DAY` where there is no day."""
    counted: list[int] = days.to_numpy(dtype="datetime64[ns]").astype("int64").tolist()
    return [nanoseconds - EXCEL_EPOCH.value if nanoseconds > NO_DAY else NO_DAY for nanoseconds in counted]


def example_cell(column: Column, choices: Sequence[Choice], language: Language) -> Value:
    """What the example row shows in this column; None where it stays empty."""
    text = column.example if language == "zh" else column.example_en or column.example
    if not text:
        return None
    if choices:
        labels = list(_labels(choices, language).values())
        return text if text in labels else labels[0]
    match column.kind:
        case "day":
            return (pd.Timestamp(text) - EXCEL_EPOCH).days
        case "clock":
            clock = dt.time.fromisoformat(text)
            return (clock.hour * 60 + clock.minute) / MINUTES_A_DAY
        case "whole":
            return int(text)
        case "number" | "money":
            return float(text)
        case _:
            return text


def number_format(column: Column) -> str:
    """Excel's format for the column's cells; codes are text, so that leading zeros stay."""
    match column.kind:
        case "day":
            return "yyyy-mm-dd"
        case "clock":
            return "hh:mm"
        case "whole":
            return "#,##0"
        case "number" | "money":
            return "#,##0." + "0" * column.decimals if column.decimals else "#,##0"
        case _:
            return "@"


def display_width(text: str) -> int:
    """How many digits wide a text is: wide characters, such as Chinese ones, take two."""
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)


def _labels(choices: Sequence[Choice], language: Language) -> dict[str, str]:
    return {choice.key: choice.zh if language == "zh" else choice.en for choice in choices}


def _typed_as_is(column: Column, value: object, labels: Mapping[str, str]) -> Value:
    """One value of a column in which texts may stand where numbers or days belong."""
    if value is None or value is pd.NA or value is pd.NaT or value != value:
        return None
    if isinstance(value, str):
        return labels.get(value, value)
    if isinstance(value, bool):
        return labels["true" if value else "false"]
    if isinstance(value, dt.datetime):
        return float((pd.Timestamp(value) - EXCEL_EPOCH) / pd.Timedelta(days=1))
    number = float(value)  # type: ignore[arg-type]
    return number / MINUTES_A_DAY if column.kind == "clock" else number
