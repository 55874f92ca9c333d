"""How far a run is: a bar a stage in a terminal, lines in a log, nothing where nobody wants to know."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TextIO

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

from pipeline.words import Words

Told = Callable[[str, int, int], None]  # stage, how many are done, of how many
LINE_SECONDS = 10.0  # between two lines about the same stage


@contextmanager
def progress_teller(words: Words, *, quiet: bool, stream: TextIO | None = None) -> Iterator[Told]:
    """Tells of each stage on stderr: bars with counts and the time left in a terminal, plain lines elsewhere."""
    stream = stream or sys.stderr
    if quiet:
        yield lambda stage, done, of: None
    elif not stream.isatty():
        yield line_teller(words, stream, time.monotonic)
    else:
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        with Progress(*columns, console=Console(file=stream)) as bars:
            yield bar_teller(bars, words)


def line_teller(words: Words, stream: TextIO, clock: Callable[[], float]) -> Told:
    """A line when a stage is done, and one every ten seconds until then; `clock` gives seconds."""
    said: dict[str, float] = {}

    def tell(stage: str, done: int, of: int) -> None:
        now = clock()
        last = said.setdefault(stage, now)
        if done == of or now - last >= LINE_SECONDS:
            print(f"{_name(stage, words)}: {done}/{of}", file=stream, flush=True)
            said[stage] = now
        if done == of:
            del said[stage]

    return tell


def bar_teller(bars: Progress, words: Words) -> Told:
    """One bar a stage; a stage that begins anew (a rebuild goes through many runs) begins its bar anew."""
    tasks: dict[str, TaskID] = {}
    reached: dict[str, tuple[int, int]] = {}

    def tell(stage: str, done: int, of: int) -> None:
        if stage not in tasks:
            tasks[stage] = bars.add_task(_name(stage, words), total=of)
        elif reached[stage][1] != of or done < reached[stage][0]:
            bars.reset(tasks[stage], total=of)
        reached[stage] = (done, of)
        bars.update(tasks[stage], completed=done, refresh=done == of)

    return tell


def _name(stage: str, words: Words) -> str:
    return words(f"run.progress.{stage}")
