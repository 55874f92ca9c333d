"""Which rows of an export are wanted (settings `where`), and what is told of those that are not."""

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence

from pipeline.contract.exports import Condition, Export, several
from pipeline.contract.problem import Problem, quoted
from pipeline.intake.days import read_day
from pipeline.intake.export_cells import text_in
from pipeline.intake.number_forms import number_reader
from pipeline.intake.raw import Cell
from pipeline.intake.reading import Manner
from pipeline.intake.text_forms import plain

MOST_VALUES = 8  # different ones of a column that a note names
Wanted = Callable[[Cell], bool]
_read_number = number_reader("", whole=False)


def conditions_of(export: Export) -> dict[str, Wanted]:
    """For each heading of `where`, whether a cell under it is wanted."""
    return {heading: _wanted(one, Manner(order=export.dates)) for heading, one in export.where.items()}


def _wanted(one: str | tuple[str, ...] | Condition, manner: Manner) -> Wanted:
    if not isinstance(one, Condition):
        values = {_key(text) for text in several(one)}
        return lambda cell: _key(text_in(cell)) in values
    unwanted = {_key(text) for text in one.none_of}

    def fits(cell: Cell) -> bool:
        return _key(text_in(cell)) not in unwanted and _in_range(cell, one, manner)

    return fits


def _in_range(cell: Cell, one: Condition, manner: Manner) -> bool:
    """Whether a cell lies between the bounds, both included; by numbers where these are numbers, else by days."""
    for bound, sign in ((one.least, 1), (one.most, -1)):
        if bound:
            own, limit = _measure(cell, bound, manner), _measure(bound, bound, manner)
            if own is None or limit is None or (own - limit) * sign < 0:
                return False
    return True


def _measure(cell: Cell, bound: str, manner: Manner) -> float | None:
    """A cell as a number, of the kind that the bound is; None where it is none."""
    if cell is None:
        return None
    if _read_number(bound).value is not None:
        value = _read_number(cell).value
        return float(value) if isinstance(value, int | float) else None
    day = read_day(cell, manner).value
    return float(day.toordinal()) if isinstance(day, dt.datetime) else None


def _key(text: str) -> str:
    return plain(text).casefold()


def unasked_rows(
    rows: Sequence[Sequence[Cell]], indexes: Sequence[int], places: Mapping[str, int], wanted: Mapping[str, Wanted]
) -> dict[int, str]:
    """Of these rows those that a condition does not keep, each with the heading of the first that does not."""
    found: dict[int, str] = {}
    for heading, fits in wanted.items():
        kept: dict[tuple[type, Cell], bool] = {}
        for index in indexes:
            cell = rows[index][places[heading]]
            key = (type(cell), cell)
            if not kept.setdefault(key, fits(cell)):
                found.setdefault(index, heading)
    return found


def told_unasked(
    unasked: Mapping[int, str], rows: Sequence[Sequence[Cell]], places: Mapping[str, int], form: str, sheet: str
) -> Iterator[Problem]:
    """One note a condition: how many rows it leaves aside, and what stands in them."""
    by_heading: dict[str, Counter[str]] = {}
    for index, heading in unasked.items():
        by_heading.setdefault(heading, Counter())[text_in(rows[index][places[heading]])] += 1
    for heading, values in by_heading.items():
        named = "、".join(f"{text or '—'}×{count}" for text, count in values.most_common(MOST_VALUES))
        more = "…" if len(values) > MOST_VALUES else ""
        details = (("heading", heading), ("count", str(values.total())), ("values", quoted(named + more)))
        yield Problem("rows_unasked", "note", form=form, sheet=sheet, details=details)
