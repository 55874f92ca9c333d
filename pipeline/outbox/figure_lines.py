"""The main figures of a letter as texts, each change with its way and whether that is good. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from pipeline.base.frames import records
from pipeline.contract.few import change_is_few, is_count
from pipeline.contract.figure import Figure
from pipeline.contract.report import Report
from pipeline.contract.show import COMPARABLE, change_text, count_change_text, number_text, value_text
from pipeline.words import Words

LEAST_FIGURES = 6
DASH = "—"
COLUMNS = ("value", "previous", "last_year", "completion")


@dataclass(frozen=True)
class Sign:
    """Which way a change went: up (1), down (-1) or not (0), and whether that is good, bad or neither."""

    way: int = 0
    is_good: bool | None = None


@dataclass(frozen=True)
class FigureLine:
    """One figure as shown: its name, and a text and a sign for each of COLUMNS, a dash where nothing is known."""

    name: str
    texts: tuple[str, ...]
    signs: tuple[Sign, ...] = ()


def figure_lines(report: Report, figures: Sequence[Figure], words: Words) -> Iterator[FigureLine]:
    """The main figures of whom a report is on, the most important first."""
    own = report.metrics[
        (report.metrics["level"] == report.level) & (report.metrics["entity_id"] == report.entity_id)
    ]
    rows = {str(row["figure"]): row for row in records(own)}
    least = report.settings.profile.least_count
    for figure in _main_figures(figures, report.settings.profile.workbooks.letter_figures):
        row = rows.get(figure.key)
        if row is not None:
            texts = tuple(_texts(row, figure, least, words))
            yield FigureLine(words.pick(figure.zh, figure.en), texts, tuple(_signs(row, figure, texts, words)))


def _main_figures(figures: Sequence[Figure], keys: Sequence[str]) -> list[Figure]:
    """What a letter tells first, filled up from the trade's other figures."""
    declared = {one.key: one for one in figures}
    first = [declared[key] for key in keys if key in declared]
    rest = [one for one in figures if one not in first]
    return [*first, *rest[: max(0, LEAST_FIGURES - len(first))]]


def _texts(row: dict[Any, Any], figure: Figure, least: int, words: Words) -> Iterator[str]:
    yield DASH if pd.isna(row["value"]) else value_text(float(row["value"]), figure, words)
    for column in ("change", "yoy"):
        yield _change(row, column, figure, least, words)
    completion = row["completion"]
    yield DASH if pd.isna(completion) else words("figures.unit.%", number=number_text(float(completion), 1))


def _signs(row: dict[Any, Any], figure: Figure, texts: Sequence[str], words: Words) -> Iterator[Sign]:
    """Which way the changes went, as far as their texts say that something moved."""
    unmoved = (DASH, words("figures.change.none"))
    for text, column in zip(texts, (None, "change", "yoy", None), strict=True):
        if column is None or text in unmoved:
            yield Sign()
            continue
        moved = _movement(row, column)
        way = (moved > 0) - (moved < 0)
        yield Sign(
            way, None if figure.better == "neither" or not way else (way > 0) == (figure.better == "higher")
        )


def _movement(row: dict[Any, Any], column: str) -> float:
    """By what a figure moved; of small counts, of which no growth is told, the difference."""
    difference = _difference(row, column)
    return float(row[column]) if difference is None else difference


def _difference(row: dict[Any, Any], column: str) -> float | None:
    """Like less like of a change; None where one of them is not known."""
    now, base = (row.get(name) for name in COMPARABLE[column])
    return None if now is None or base is None or pd.isna(now) or pd.isna(base) else float(now) - float(base)


def _change(row: dict[Any, Any], column: str, figure: Figure, least: int, words: Words) -> str:
    """A change, like with like; of small counts the difference in counts."""
    if not pd.isna(row[column]) and not change_is_few(figure, row, column, least):
        return change_text(float(row[column]), figure, words)
    difference = _difference(row, column)
    if difference is None or not is_count(figure):
        return DASH
    return count_change_text(difference, figure, words)
