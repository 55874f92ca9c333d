"""What the machine did while a file was read (no fault of the file's), and the second try that follows it."""

import errno
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Protocol, TypeVar

from pipeline.base.faults import FULL, PASSING, machine_fault
from pipeline.contract.refusal import Refusal

MACHINE = "machine"  # the rule of a refusal that is none: the file is read again another time
NO_SPACE = "no_space"  # a full disk concerns all files: the run stops

Task = TypeVar("Task")
Result = TypeVar("Result")


class Reads(Protocol):
    """Whoever opens files: a sandbox, or others' sandboxes."""

    def map(self, function: Callable[[Task], Result], tasks: Iterable[Task]) -> Iterator[Result | Refusal]:
        """The answers of tasks in their order; a refusal where a task could not be done."""


def is_passing(answer: object) -> bool:
    """Whether the machine failed over a task, which another time it may not."""
    return isinstance(answer, Refusal) and answer.rule == MACHINE


def refusal_of(error: BaseException) -> Refusal:
    """What is answered for a task that ended in an error."""
    machine = machine_fault(error)
    if isinstance(machine, OSError) and machine.errno in FULL:
        return Refusal(NO_SPACE)
    if isinstance(machine, OSError) and machine.errno in PASSING:
        return Refusal(MACHINE)
    return Refusal("reader_crashed")


def raise_machine_fault(answer: object, where: Path) -> None:
    """Stops what cannot go on without a task over which the machine failed.

    Raises:
        OSError: when the answer is such a fault.
    """
    number = {MACHINE: errno.EIO, NO_SPACE: errno.ENOSPC}.get(answer.rule) if isinstance(answer, Refusal) else None
    if number is not None:
        raise OSError(number, os.strerror(number), str(where))


def _unheard(done: int, of: int) -> None:
    """Nobody wants to know how far it is."""


def with_second_try(
    readers: Reads,
    function: Callable[[Task], Result],
    tasks: Sequence[Task],
    told: Callable[[int, int], object] = _unheard,
) -> list[Result | Refusal]:
    """The answers of tasks, in their order; those over which the machine failed are tried once more, when the others
    are done. `told` hears how many are done of how many."""
    answers: list[Result | Refusal] = []
    for answer in readers.map(function, tasks):
        answers.append(answer)
        told(len(answers), len(tasks))
    failed = [place for place, answer in enumerate(answers) if is_passing(answer)]
    again = readers.map(function, [tasks[place] for place in failed])
    for place, answer in zip(failed, again, strict=True):
        answers[place] = answer
    return answers
