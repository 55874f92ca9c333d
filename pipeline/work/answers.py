"""The answers of tasks that others do, in the order of the tasks."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future
from itertools import islice
from typing import Any, Protocol


class Doers(Protocol):
    """Whoever does tasks."""

    def submit(self, function: Callable[..., Any], /, *args: Any) -> Future[Any]:
        """Has somebody do something."""
        ...

    def drop(self, futures: Iterable[Future[Any]]) -> None:
        """Nobody wants these any more."""
        ...


class Answers(Iterator[Any]):
    """The answers of tasks in their order; after one that failed the next can be asked for.

    Tasks are taken, and done, only a few ahead of the answers, so that not all are held at once. When nobody listens
    any more, what is still being done is dropped.
    """

    def __init__(
        self, doers: Doers, function: Callable[..., Any], tasks: Iterator[tuple[Any, ...]], ahead: int
    ) -> None:
        self._doers, self._function, self._tasks, self._ahead = doers, function, tasks, ahead
        self._sent: deque[Future[Any]] = deque()
        self._send_ahead()

    def _send_ahead(self) -> None:
        for task in islice(self._tasks, self._ahead - len(self._sent)):
            self._sent.append(self._doers.submit(self._function, *task))

    def __next__(self) -> Any:
        if not self._sent:
            raise StopIteration
        future = self._sent.popleft()
        try:
            return future.result()
        except BaseException:
            if not future.done():  # interrupted while it waited
                self._sent.appendleft(future)
            raise
        finally:
            self._send_ahead()

    def close(self) -> None:
        """Drops what is still being done."""
        if self._sent:
            self._doers.drop(self._sent)
            self._sent.clear()

    def __del__(self) -> None:
        self.close()
