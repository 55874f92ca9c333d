"""Targets of rates: 95, "95%" and a percent cell's 0.95 all mean 95 %; what could be two of them is asked about.

Excel makes 0.95 of a typed 95%. A rate that is better when higher has no target below 1 %, so that 0.95 is 95 %;
one that is better when lower may well have (0.5 % of complaints), so that 0.5 is asked about.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from pipeline.contract.problem import Problem, quoted
from pipeline.intake.cell_problems import LEFT_OUT
from pipeline.intake.codes import codes_of
from pipeline.intake.nearest import nearest_of
from pipeline.intake.number_forms import number_reader
from pipeline.intake.raw import Cell
from pipeline.intake.reading import Reading, fault, shown, understood
from pipeline.intake.settled import Settled, settle_table
from pipeline.intake.table import Table
from pipeline.intake.text_forms import alike, is_nothing, plain
from pipeline.intake.values import read_id
from schemas.form import Context

FORM = "targets"
LIKE_A_SHARE = 1.5  # up to here a number in a rate's target may be a share of 1
SURELY_A_SHARE = 0.05  # below, in %, no office sets a target
TargetName = tuple[
    str, str, str, str
]  # a figure's key, 中文, English, and which direction is better if it is in %


def settle_targets(table: Table, context: Context, names: Sequence[TargetName]) -> Settled:
    """The form of targets with its types settled, targets of rates in percent whatever way they were written.

    Args:
        table: the form as it was found.
        context: what its rows are checked against.
        names: every figure that may have a target; without any, targets are plain numbers.
    """
    known = {alike(text): name for name in names for text in name[:3]}
    metrics = list(table.cells.get("metric", ()))
    targets = list(table.cells.get("target", [None] * len(metrics)))
    problems: list[Problem] = []
    for place, metric in enumerate(metrics):
        name = known.get(alike(shown(metric))) if metric is not None else None
        if name is None:
            problems += _unknown(table, place, metric, known)
            continue
        if isinstance(metric, str) and metric.strip() not in name:
            metrics[place] = plain(metric)
        if not name[3] or targets[place] is None:
            continue
        reading = read_rate(targets[place], higher=name[3] == "higher")
        if reading.rule in ("rate_was_share", "rate_percent", "rate_unclear"):
            problems.append(_problem(table, "target", place, reading, targets[place]))
            targets[place] = reading.value if isinstance(reading.value, float) else 0.0
    cells: Mapping[str, Sequence[Cell]] = {**table.cells, "metric": metrics, "target": targets}
    changed, more = _with_entities_meant(replace(table, cells=cells if metrics else table.cells), context)
    settled = settle_table(changed, context)
    return replace(settled, problems=(*settled.problems, *problems, *more))


def _with_entities_meant(table: Table, context: Context) -> tuple[Table, list[Problem]]:
    """The targets with the codes of managers and regions that are certainly meant; others that nobody has are told."""
    known = [codes_of(context.lookup(form)) for form in ("managers", "regions") if form in context.masters]
    cells = list(table.cells.get("entity_id", ()))
    problems: list[Problem] = []
    for place, cell in enumerate(cells):
        text = read_id(cell).value if isinstance(cell, str | float) else None
        if not known or not isinstance(text, str) or not text or is_nothing(text):
            continue
        if any(codes.has(text) for codes in known):
            continue
        readings = [codes.meant(Reading(text)) for codes in known]
        reading = next((one for one in readings if one.rule), None)
        if reading is None:
            hints = [hint for codes in known if (hint := nearest_of(codes).hint(text))]
            reading = Reading(None, "unknown_entity", details=hints[0] if hints else ())
        else:
            cells[place] = str(reading.value)
        problems.append(_problem(table, "entity_id", place, reading, cell))
    return replace(table, cells={**table.cells, "entity_id": cells} if cells else table.cells), problems


def read_rate(cell: Cell, *, higher: bool) -> Reading:
    """The target of a rate in percent; other cells give what a number's cell gives."""
    if isinstance(cell, str) and plain(cell).endswith("%"):
        inner = number_reader("", whole=False)(plain(cell)[:-1])
        return understood(inner.value, "rate_percent") if inner.value is not None else fault("number")
    reading = number_reader("", whole=False)(cell)
    number = reading.value
    if not isinstance(number, float) or not 0 < number <= LIKE_A_SHARE:
        return reading
    if number < SURELY_A_SHARE or (higher and number < 1):
        return understood(float(Decimal(str(number)) * 100), "rate_was_share")
    return fault("rate_unclear", share=f"{Decimal(str(number)) * 100:f}".rstrip("0").rstrip("."))


def _unknown(table: Table, place: int, metric: Cell, known: Mapping[str, TargetName]) -> list[Problem]:
    """That no figure has this name, so that nothing is compared with the target."""
    if not known or metric is None or not shown(metric).strip():
        return []
    return [_problem(table, "metric", place, Reading(None, "unknown_metric"), metric)]


def _problem(table: Table, column: str, place: int, reading: Reading, cell: Cell) -> Problem:
    row = table.rows[place]
    return Problem(
        rule=reading.rule,
        effect="note" if reading.kept else LEFT_OUT,
        form=table.form.key,
        sheet=table.sheet,
        cell=table.address(column, row) or f"A{row}",
        column=column,
        found=quoted(shown(cell)),
        details=reading.details,
    )
