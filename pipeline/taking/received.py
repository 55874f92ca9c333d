"""What a run took in, and how its progress is told."""

from collections.abc import Callable
from dataclasses import dataclass

from pipeline.intake.inbox import Left
from pipeline.intake.taken import Taken
from pipeline.ledger.manifest import Manifest
from pipeline.taking.unpacking import OutOf

Progress = Callable[[str, int, int], None]  # stage, how many are done, of how many


def unheard(stage: str, done: int, of: int) -> None:
    """The progress that nobody wants to know of."""


@dataclass(frozen=True)
class Received:
    """What a run took in: the committed manifest, and what the new files brought.

    `left` are files that stay in the inbox for the next run; `known` are names of files whose bytes had
    come before; `out_of` is what was unpacked.
    """

    manifest: Manifest
    taken: tuple[Taken, ...] = ()
    left: tuple[Left, ...] = ()
    known: tuple[str, ...] = ()
    out_of: tuple[OutOf, ...] = ()
