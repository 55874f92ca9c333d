"""The rows behind a figure: `yuebao trace FIGURE ENTITY MONTH`, or of a longer period (see `trace_period`).

A figure's declaration is all that is needed. Its numerator and denominator are counts by manager, or by manager
and customer. Counted once more with every row of a form standing for a manager of its own, each row shows what
it adds; where these parts add up to the true count, manager by manager and customer by customer, the figure is
traced to rows. Where they do not (a customer counts once, however many rows it has), it is traced to customers,
and where it does not say which, to managers.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pandas as pd

from pipeline.base.calendar import Month
from pipeline.base.errors import YuebaoError
from pipeline.base.exact import TEN_THOUSANDTHS, whole
from pipeline.base.month_rows import SOURCE_COLUMNS
from pipeline.base.period import AnyPeriod
from pipeline.contract.facts import Facts
from pipeline.contract.figure import LEVELS, Figure, Level
from pipeline.contract.settings import Settings
from pipeline.figures.catalogue import figure_named
from pipeline.figures.count import MonthCounts
from pipeline.figures.count_levels import at_level
from pipeline.figures.entities import values_of_month
from pipeline.figures.levels import PART, facts_of_level, without_part
from pipeline.ledger.manifest import read_manifest
from pipeline.ledger.read import Ledger
from pipeline.month.opening import Months, open_months
from schemas.entities import levels_beside

Grain = Literal["rows", "customers", "managers"]
Count = Callable[[Facts], pd.Series]
Part = Literal["numerator", "denominator"]
_MARK = "#"  # begins the stand-in of a row; what follows is its position


@dataclass(frozen=True)
class Item:
    """What one row, customer or manager adds to a figure's numerator or denominator, in the figure's units.

    `file`, `sheet` and `row` tell where the row stands (for a customer: its row in the master data); empty and 0
    where it has none. `values` are the row's cells, `month` is in whose facts it stands.
    """

    part: Part
    contribution: float
    manager_id: str
    customer_id: str = ""
    file: str = ""
    sheet: str = ""
    row: int = 0
    values: tuple[tuple[str, str], ...] = ()
    month: str = ""


@dataclass(frozen=True)
class Trace:
    """A figure's value for an entity and month (or longer period), and what adds up to its numerator and denominator.

    `grains` tells to what each part could be traced; a figure without a denominator has one part.
    """

    figure: Figure
    entity_id: str
    month: AnyPeriod
    value: float | None
    numerator: float
    denominator: float | None
    grains: tuple[tuple[Part, Grain], ...]
    items: tuple[Item, ...]

    def as_json(self) -> dict[str, Any]:
        """The trace as `--json` prints it."""
        items = [{**vars(one), "values": dict(one.values)} for one in self.items]
        return {
            "figure": self.figure.key,
            "entity_id": self.entity_id,
            "month": str(self.month),
            "value": self.value,
            "numerator": self.numerator,
            "denominator": self.denominator,
            "grains": dict(self.grains),
            "items": items,
        }


def trace_figure(home: Path, settings: Settings, figure: str, entity: str, month: Month) -> Trace:
    """What stands behind a figure (key or name) of an entity (its code; ALL for the organisation).

    Raises:
        YuebaoError: when there is no such figure, or it has no value for the entity in that month.
    """
    words = settings.words
    months = open_months(Ledger(home, read_manifest(home), settings.profile.forms), settings)
    declared = declared_figure(months, figure)
    if month not in months.shape.months:
        raise YuebaoError(words("run.unknown_month", month=month))
    counts = counts_of(months, month)
    values = values_of_month(counts, [declared], tuple(settings.profile.entities))
    found = values[values["entity_id"] == entity]
    if found.empty:
        raise YuebaoError(words("run.unknown_entity", month=month, entity=entity))
    return trace_month(months, month, declared, found.to_dict("records")[0])


def declared_figure(months: Months, figure: str) -> Figure:
    """The figure of a key or name.

    Raises:
        YuebaoError: when there is none.
    """
    figures = months.graph.of("figures")
    declared = figure_named(figure, figures)
    if declared is None:
        known = ", ".join(one.key for one in figures)
        raise YuebaoError(months.settings.words("run.unknown_figure", figure=figure, known=known))
    return declared


def counts_of(months: Months, month: Month) -> MonthCounts:
    """What is counted in a month of all regions."""
    counts: MonthCounts = months.graph.of("some_counts", month, months.shape.names(month))
    return counts


def trace_month(
    months: Months, month: Month, figure: Figure, one: Mapping[Any, Any], counts: MonthCounts | None = None
) -> Trace:
    """A figure's value traced over the facts of a month.

    Args:
        one: level, entity_id, value, numerator, denominator.
        counts: in which the figure is counted, where they are not the month's.
    """
    entities, level, entity = months.settings.profile.entities, str(one["level"]), str(one["entity_id"])
    facts = months.graph.of("all_facts", month)
    managers = _managers_of(figure, counts or counts_of(months, month), level, entity)
    if level not in levels_beside(entities):
        return _trace(figure, one, month, facts, managers)
    parts = frozenset(f"{manager}{PART}{entity}" for manager in managers)
    return _without_parts(_trace(figure, one, month, facts_of_level(facts, entities[level]), parts))


def _managers_of(figure: Figure, counts: MonthCounts, level: Level, entity: str) -> frozenset[str]:
    """The managers whose rows a figure of an entity counts."""
    if level not in LEVELS:
        counts = at_level(counts, level)
    counted = counts.values if figure.of_values else counts.by_manager
    rows = counted[counted["figure"] == figure.key]
    own = rows if level == "organisation" else rows[rows[f"{level}_id"] == entity]
    return frozenset(str(manager) for manager in own["manager_id"])


def _without_parts(trace: Trace) -> Trace:
    """A trace of somebody beside the tree, with the managers whose rows are about it."""

    def plain(item: Item) -> Item:
        cells = tuple((name, without_part(cell) if name == "manager_id" else cell) for name, cell in item.values)
        return replace(item, manager_id=without_part(item.manager_id), values=cells)

    return replace(trace, items=tuple(plain(item) for item in trace.items))


def _trace(figure: Figure, one: Mapping[Any, Any], month: Month, facts: Facts, managers: frozenset[str]) -> Trace:
    parts = list(trace_parts(figure, facts, managers))
    return Trace(
        figure,
        str(one["entity_id"]),
        month,
        given(one["value"]),
        float(one["numerator"]),
        given(one["denominator"]),
        tuple((part, grain) for part, grain, _ in parts),
        tuple(replace(item, month=str(month)) for _, _, items in parts for item in items),
    )


def given(value: float) -> float | None:
    """A number, None where it is missing."""
    return None if pd.isna(value) else float(value)


def trace_parts(
    figure: Figure, facts: Facts, managers: frozenset[str]
) -> Iterator[tuple[Part, Grain, list[Item]]]:
    """Each part of a figure with what it can be traced to, over the managers that it counts."""
    grain, items = _traced(figure.numerator, "numerator", figure, facts, managers)
    yield "numerator", grain, items
    if figure.of_values:  # the number of values: each item is one
        yield "denominator", grain, [replace(item, part="denominator", contribution=1.0) for item in items]
    elif figure.denominator is not None:
        yield "denominator", *_traced(figure.denominator, "denominator", figure, facts, managers)


def _traced(
    count: Count, part: Part, figure: Figure, facts: Facts, managers: frozenset[str]
) -> tuple[Grain, list[Item]]:
    counted = _whole(count, facts)
    true = counted[counted.index.get_level_values(0).isin(managers)]
    for form in _monthly_forms(figure, facts):
        rows = facts.frame(form).reset_index(drop=True)
        by_row = _by_row(count, facts, form, rows, managers)
        if _adds_up(by_row, rows, true):
            return "rows", [_row_item(part, rows, position, value) for position, value in by_row.items()]
    if true.index.nlevels == 2:
        return "customers", list(_customer_items(part, true, facts))
    sums = true.groupby(level=0).sum()
    return "managers", [Item(part, value / TEN_THOUSANDTHS, str(manager)) for manager, value in sums.items()]


def _monthly_forms(figure: Figure, facts: Facts) -> list[str]:
    forms = facts.profile.forms
    return [form for form in figure.forms if form in forms and forms[form].kind == "monthly"]


def _whole(count: Count, facts: Facts) -> pd.Series:
    """A count in whole ten-thousandths, without what is missing."""
    counted = facts.once(count).dropna()
    index = counted.index
    if index.nlevels == 1:
        index = index.astype("str")
    return pd.Series(whole(counted), index=index)


def _by_row(count: Count, facts: Facts, form: str, rows: pd.DataFrame, managers: frozenset[str]) -> dict[int, int]:
    """What each row of a form adds by itself: counted as if every row of these managers were a manager's."""
    here = rows["manager_id"].isin(managers)
    stand_ins = pd.Series(_MARK + rows.index.astype("str"), index=rows.index, dtype="str")
    alone = rows.assign(manager_id=rows["manager_id"].astype("str").where(~here, stand_ins))
    others = {**facts.rows.rows, form: alone}
    counted = _whole(count, Facts(replace(facts.rows, rows=others), facts.earlier, facts.profile))
    added = counted.groupby(level=0).sum()
    return {
        int(str(name)[len(_MARK) :]): int(value)
        for name, value in added.items()
        if str(name).startswith(_MARK) and value
    }


def _adds_up(by_row: dict[int, int], rows: pd.DataFrame, true: pd.Series) -> bool:
    """Whether rows add up to the true count for each manager, and each customer where it tells customers."""
    if len(rows) == 0:
        return False
    names = ["manager_id", "customer_id"][: true.index.nlevels]
    positions = list(by_row)
    keys = rows.loc[positions, names].astype("str")
    sums = pd.Series(list(by_row.values()), dtype="int64").groupby([keys[name].to_numpy() for name in names]).sum()
    wanted = true.groupby(level=list(range(true.index.nlevels))).sum()
    return _without_zeros(sums) == _without_zeros(wanted)


def _without_zeros(sums: pd.Series) -> dict[Any, int]:
    return {key: int(value) for key, value in sums.items() if value}


def _row_item(part: Part, rows: pd.DataFrame, position: int, value: int) -> Item:
    row = rows.iloc[position]
    return Item(
        part, value / TEN_THOUSANDTHS, str(row["manager_id"]), str(row.get("customer_id", "")), *_place(row)
    )


def _place(row: pd.Series) -> tuple[str, str, int, tuple[tuple[str, str], ...]]:
    """File, sheet, row and cells."""
    cells = [
        (str(name), str(cell).removesuffix(" 00:00:00"))
        for name, cell in row.items()
        if name not in SOURCE_COLUMNS and pd.notna(cell)
    ]
    source = row["source_row"] if "source_row" in row.index else np.nan
    if pd.isna(source):
        return "", "", 0, tuple(cells)
    return str(row["source_file"]), str(row["source_sheet"]), int(source), tuple(cells)


def _customer_items(part: Part, true: pd.Series, facts: Facts) -> Iterator[Item]:
    customers = facts.master("customers").drop_duplicates("customer_id").reset_index(drop=True)
    positions = {str(customer): number for number, customer in enumerate(customers["customer_id"])}
    for key, value in true.items():
        manager, customer = (str(one) for one in key)  # type: ignore[attr-defined]
        place = _place(customers.iloc[positions[customer]]) if customer in positions else ("", "", 0, ())
        yield Item(part, value / TEN_THOUSANDTHS, manager, customer, *place)
