"""Reporting months: those that a commit concerns, one after the other or over an executor, and what is kept of them."""

from collections.abc import Iterator, Sequence
from concurrent.futures import Executor
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TypeVar

from pipeline.base.calendar import Month
from pipeline.contract.settings import Settings
from pipeline.ledger.manifest import Manifest
from pipeline.ledger.read import Ledger
from pipeline.month.opening import Months, Place, open_months
from pipeline.month.outcome import MonthFault, MonthOutcome, MonthsDone, Written
from pipeline.month.plan.forecasts import TRACK_MONTHS
from pipeline.month.plan.wanted import (
    counts_behind,
    forecast_nodes,
    looked_back_on,
    made_along,
    moves_of,
    report_nodes,
    rows_behind,
)
from pipeline.month.writer import MonthWriter
from pipeline.taking.received import Progress
from pipeline.work.letting_go import let_go
from pipeline.work.why import note
from pipeline.work.workers import WorkerDied

Result = TypeVar("Result")


def report_months(
    home: Path,
    settings: Settings,
    manifest: Manifest,
    executor: Executor | None,
    progress: Progress,
    asked: Month | None,
    *,
    anew: bool = False,
) -> tuple[Manifest, MonthsDone]:
    """Writes every month that a commit concerns, and enters their editions in the ledger.

    With `anew` the month asked for (or the newest) is written even if it stands already as it should.

    Of one month, its regions are tasks of their own; of several, each month is one. A month that fails, whatever
    over, stops no other: it is told, stays as it was, and is left for the next run.
    """
    opened = open_months(Ledger(home, manifest, settings.profile.forms), settings, executor)
    work = MonthWriter(opened, executor, progress, anew)
    months = work.months_to_write(asked)
    if executor is None or len(months) == 1:
        written: Iterator[Written | MonthFault] = (work.attempt(one) for one in months)
    else:
        written = _over_months(executor, work, months)
    done: list[MonthOutcome] = []
    undone: list[MonthFault] = []
    for month, answer in zip(months, _with_failures(written), strict=True):
        if isinstance(answer, WorkerDied):
            undone.append(MonthFault(month, str(answer), passing=True))
        elif isinstance(answer, MonthFault):
            undone.append(answer)
        else:
            outcome, work.editions[str(month)] = answer
            done += [outcome] if outcome else []
        if len(months) > 1:  # of a single month its workbooks are told
            progress("months", len(done) + len(undone), len(months))
    settled = work.settle([one.month for one in undone])
    if done:
        with suppress(Exception):  # what is kept is for speed only
            compact(work.months)
            note(home, work.months.graph)
    return settled, MonthsDone(tuple(done), tuple(undone))


def _with_failures(answers: Iterator[Result]) -> Iterator[Result | WorkerDied]:
    """All answers, and in the place of those that processes died over that they did."""
    while True:
        try:
            yield next(answers)
        except StopIteration:
            return
        except WorkerDied as died:
            yield died


@dataclass(frozen=True)
class WholeMonth:
    """One month to write, in any process that sees the home."""

    place: Place
    month: Month
    anew: bool = False


def _over_months(
    executor: Executor, work: "MonthWriter", months: Sequence[Month]
) -> Iterator[Written | MonthFault]:
    """Months over an executor: what later ones look back on is worked out first, then each month is one task."""
    shape, graph = work.months.shape, work.months.graph
    behind, judged = months_behind(work.months, months), months_judged(work.months, months)
    for stage, nodes in (
        ("condense", rows_behind(shape, behind)),
        ("figure", [*counts_behind(shape, behind), *made_along(shape, behind, graph.is_kept)]),
        ("figure", [one for month in months for one in moves_of(shape, month)]),
        (
            "forecast",
            [one for month in judged for one in forecast_nodes(shape, month, with_customers=month in months)],
        ),
    ):
        graph.ready(nodes, partial(work.progress, stage), tolerant=True)
    return executor.map(write_whole_month, [WholeMonth(work.months.place, one, work.anew) for one in months])


def months_behind(months: Months, asked: Sequence[Month]) -> list[Month]:
    """The known months that the reports of these look back on, themselves included, oldest first."""
    return sorted({one for month in asked for one in months.shape.months_of(month)})


def months_judged(months: Months, asked: Sequence[Month]) -> list[Month]:
    """The known months whose forecasts the reports of these judge or give, oldest first."""
    wanted = {month + -step for month in asked for step in range(TRACK_MONTHS + 1)}
    return sorted(wanted & months.shape.months)


def write_whole_month(task: WholeMonth) -> Written | MonthFault:
    """Writes one month's folder, all in this process."""
    return MonthWriter(task.place.months, anew=task.anew).attempt(task.month)


def compact(months: Months) -> None:
    """Of closed months only that is kept which reports of later months need; the rows are in the ledger.

    A correction to a closed month brings its share back, as far as it is needed.
    """
    shape = months.shape
    newest = max(shape.months)
    wanted = [*report_nodes(shape, newest), *looked_back_on(shape)]
    let_go(
        months.graph,
        wanted,
        lambda one: one.month is not None and one.month >= newest,
        frozenset(map(str, shape.months)),
    )
