"""Figures, findings and sentences of a city's month, as the product makes them, on two processes.

100 managers, 25,000 customers, 1,000,000 sales rows with 24 months of history in the ledger. The month is taken in
and reported first; then what was worked out of it is thrown away and worked out again. Reading is measured by itself
before that: the same rows, sums and counts read by the same processes, nothing done with them.

The sentences are those of the overview and of parts (一) to (三), for every entity; what else a workbook is made from
(the forecast and what is said of it, history, problems, who sent what) is not cut out here.

    python -m benchmarks.figures [--managers 100] [--folder DIR]
"""

import argparse
import os
import resource
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import Executor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from benchmarks.city.measure import fresh_copy, run_monthly, warmed
from benchmarks.city.prepare import CUSTOMERS_EACH, City, prepare
from pipeline.base.calendar import Month
from pipeline.base.garbage import collect_seldom
from pipeline.contract.figure import Level
from pipeline.contract.report import ORGANISATION_ID
from pipeline.contract.settings import load_settings
from pipeline.figures.details import cut_details
from pipeline.findings.sentences import opinions_part, overview, problems_part, sales_part
from pipeline.findings.story import Story
from pipeline.ledger.manifest import read_manifest
from pipeline.ledger.read import Ledger
from pipeline.month.cutting import SortedMonth, managers_reported
from pipeline.month.opening import Months, Place, open_months
from pipeline.month.plan.wanted import lists_of_month, moves_of, rows_behind, sums_behind
from pipeline.month.report import month_figures, result_of
from pipeline.month.whose import Regions
from pipeline.month.writing import BooksTask, books_tasks
from pipeline.words import load_words
from pipeline.work.executors import writing_executor
from pipeline.work.step import node
from schemas.form import all_forms

WORKERS = 2
NOT_TOLD = ("forecast", "problems", "submissions", "track", "scorecard", "open_actions")
PARTS = (overview, sales_part, problems_part, opinions_part)
OF_THE_MONTH = ("counts*", "whole_counts", "sums-*", "list-*", "values*", "answers*")


@dataclass(frozen=True)
class Reading:
    """Something that a process only reads."""

    place: Place
    month: Month
    regions: Regions


def read_rows(task: Reading) -> int:
    """All rows that a counting task looks at."""
    graph = task.place.graph
    with graph.doing():
        facts = graph.of("facts", task.month, task.regions)
        months = (facts.rows, *facts.earlier.values())
        return sum(len(month.rows[form]) for month in months for form in month.rows)


def read_sums(task: Reading) -> int:
    """The sums of the months that a month is compared with."""
    graph, shape = task.place.graph, task.place.months.shape
    months = [task.month + -back for back in (1, 12)]
    sums = [graph.of("some_sums", one, shape.then(task.month, one, task.regions)) for one in months]
    return sum(len(one.by_customer) for one in sums)


def read_counts(task: Reading) -> int:
    """The counts of all months that a month looks back on."""
    graph, shape = task.place.graph, task.place.months.shape
    months = shape.months_of(task.month)[:-1]
    counts = [graph.of("some_counts", one, shape.then(task.month, one, task.regions)) for one in months]
    return sum(len(one.by_manager) for one in counts)


def tell(task: BooksTask) -> tuple[int, int]:
    """How many sentences a task's entities have; and the greatest memory of the process so far, in MB."""
    return sum(len(part(story)) for story in stories(task) for part in PARTS), peak_mb()


def stories(task: BooksTask) -> Iterator[Story]:
    """What is told of: every entity of a task."""
    graph, share = task.place.graph, task.result
    whole = task.region is None
    regions = None if task.region is None else (task.region,)
    details, figures = graph.of("details", share.month, regions), graph.of("figures")
    cut_up = cut_details(details, ("organisation",) if whole else ("region", "manager"))
    month, words, profile = SortedMonth(share), load_words(task.settings.language), task.settings.profile
    managers: list[tuple[Level, str]] = [("manager", one) for one in managers_reported(share)]
    region: tuple[Level, str] = ("region", str(task.region))
    for level, entity in [("organisation", ORGANISATION_ID)] if whole else [region, *managers]:
        own = [(level, entity)]
        yield Story(
            share.month, level, entity, entity, month.own("metrics", own), month.own("findings", own),
            cut_up.of(level, entity), figures, profile, words,
        )  # fmt: skip


def peak_mb() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10


class Clock:
    """Adds up what is timed, and tells each step."""

    def __init__(self) -> None:
        self.seconds = 0.0

    @contextmanager
    def timed(self, what: str) -> Iterator[None]:
        start = time.perf_counter()
        yield
        taken = time.perf_counter() - start
        self.seconds += taken
        print(f"{what:48s} {taken:6.2f} s", flush=True)


def ready(folder: Path, managers: int) -> Path:
    """A home whose month is taken in and reported."""
    prepared = prepare(folder, City(managers, CUSTOMERS_EACH, 25), WORKERS)
    history, _ = warmed(prepared, WORKERS)
    home = fresh_copy(history, folder / "figures")
    run_monthly(home, WORKERS)
    print(f"{prepared.all_rows:,} rows")
    return home


def opened(home: Path, executor: Executor | None) -> Months:
    """The home's months, over an executor."""
    return open_months(Ledger(home, read_manifest(home), all_forms()), load_settings(home), executor)


def forget(home: Path, month: Month) -> None:
    for kind in OF_THE_MONTH:
        for path in (home / "ledger" / "derived" / str(month)).glob(f"{kind}.*.kept"):
            path.unlink()


def read_all(months: Months, month: Month, executor: Executor, clock: Clock) -> None:
    """What the steps measured read: rows of this month and of those looked back on, kept sums and counts."""
    shape = months.shape
    tasks = [Reading(months.place, month, group) for group in shape.groups(month)]
    months.graph.ready(node("scope", month, region) for region in shape.names(month))
    with clock.timed("only read: rows, sums, counts"):
        list(executor.map(read_rows, tasks))
        list(executor.map(read_sums, tasks))
        list(executor.map(read_counts, [Reading(months.place, month, None), *tasks]))


def work_out(months: Months, month: Month, executor: Executor, clock: Clock) -> None:
    """Figures, findings and sentences; the forecast that sentences speak of is there already."""
    graph, shape, home, words = months.graph, months.shape, months.ledger.home, load_words("zh")
    with clock.timed("rows counted, summed up, listed"):
        graph.ready([*sums_behind(shape, [month]), *lists_of_month(shape, month), node("whole_counts", month)])
    with clock.timed("figures added up and compared"):
        known = month_figures(months, month, words)
    with clock.timed("findings"):
        found = len(graph.of("all_findings", month))
    result, masters = result_of(months, known, 1, None), months.ledger.masters(month)
    result = replace(result, **{name: getattr(result, name).iloc[:0] for name in NOT_TOLD})
    with clock.timed("trend of satisfaction; sentences"):
        told = list(executor.map(tell, books_tasks(months.place, result, months.settings, masters, home)))
    print(f"{len(known.metrics):,} figures, {found:,} findings, {sum(count for count, _ in told):,} sentences")
    print(f"greatest memory: first process {peak_mb()} MB, workers {max(peak for _, peak in told)} MB")


def start(months: Months, month: Month, executor: Executor) -> None:
    """Lets every worker start, and import what it needs; what moved is known before."""
    months.graph.ready([*rows_behind(months.shape, [month]), *moves_of(months.shape, month)])
    list(executor.map(read_counts, [Reading(months.place, month, None)] * 2 * WORKERS))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--managers", type=int, default=100)
    parser.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()) / "yuebao-benchmarks")
    asked = parser.parse_args()
    home = ready(asked.folder, asked.managers)
    month = read_manifest(home).months()[-1]
    with writing_executor(WORKERS) as executor:
        assert executor is not None
        start(opened(home, executor), month, executor)
        forget(home, month)
        reading, working = Clock(), Clock()
        read_all(opened(home, executor), month, executor, reading)
        work_out(opened(home, executor), month, executor, working)
    beyond = working.seconds - reading.seconds
    print(f"all {working.seconds:.2f} s, reading alone {reading.seconds:.2f} s, beyond reading {beyond:.2f} s")


if __name__ == "__main__":
    for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"):
        os.environ.setdefault(name, "1")  # as the command sets them for a run
    collect_seldom()
    main()
