"""Children that figure and write, without limits: what they are given and answer is our own."""

from typing import Any

from pipeline.base.errors import YuebaoError
from pipeline.words import Words
from pipeline.work.pool import Pool
from pipeline.work.pool_child import AGAIN, Child, Failed, Task
from pipeline.work.starting import WRITING

TRIES = 2


class WorkerDied(YuebaoError):
    """A task that a process died over twice."""


class Workers(Pool):
    """Processes to share work with; use it as a context manager.

    A process that dies (killed for want of memory, say) costs its task a second try, alone. A task over which a
    process dies again is a WorkerDied for whoever asks for its answer; the others' answers can still be had.
    """

    def __init__(self, count: int, words: Words) -> None:
        super().__init__(count, None, WRITING)
        self._words = words

    def answer(self, child: Child, task: Task) -> Any:
        """What a task gave, or the error that it raised."""
        try:
            failed, answer = child.pipe.recv()
        except (EOFError, OSError):
            raise
        except Exception as error:  # what was sent cannot be made again here
            return Failed(error)
        return Failed(answer) if failed else answer

    def after_death(self, child: Child, task: Task, code: int | None) -> Any:
        """A second try, or the end."""
        task.deaths += 1
        return AGAIN if child.begun and task.deaths < TRIES else self.too_late(task, 0.0)

    def too_late(self, task: Task, worked_seconds: float) -> Any:
        """Children that cannot be started are as good as dead."""
        return Failed(WorkerDied(self._words("run.worker_died")))
