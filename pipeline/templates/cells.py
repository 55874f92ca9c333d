"""From typed values to what stands in a cell of a template: labels for keys, serial numbers for days."""

import datetime as dt
from collections.abc import Mapping, Sequence

import pandas as pd

from pipeline.words import Language
from schemas.columns import Choice, Column

Value = str | int | float | None  # days and times are Excel's serial numbers

EXCEL_EPOCH = pd.Timestamp(1899, 12, 30)
MINUTES_A_DAY = 24 * 60


def cells_of(column: Column, values: pd.Series, choices: Sequence[Choice], language: Language) -> list[Value]:
    """What stands in the cells of a column.

    `values` are in the column's stored type. A series of dtype object may hold anything: texts go in as they
    are, as people type them, other values as the column's kind asks.
    """
    labels = _labels(choices, language)
    if values.dtype == object:
        return [_typed_as_is(column, value, labels) for value in values]
    if column.kind == "day":
        shown: pd.Series = (values - EXCEL_EPOCH) / pd.Timedelta(days=1)
    elif column.kind == "clock":
        shown = values.astype("Float64") / MINUTES_A_DAY
    elif column.kind == "flag":
        shown = values.astype("boolean").map({True: labels["true"], False: labels["false"]})
    elif column.kind == "choice":
        shown = values.map(labels)
    else:
        shown = values
    return shown.astype(object).where(values.notna(), None).to_list()


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
