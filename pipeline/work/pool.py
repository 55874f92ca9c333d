"""A pool of children: one kind of process for all work, whether it opens the files of others or makes our own.

Each child has a pipe of its own, so that one that dies in the middle of anything (or while idle) can neither block
nor break the rest; this is why no ready-made pool is used. A thread hands out tasks and hears answers, so that no child
waits for whoever uses the answers.

A child that is slow to start is waited for as long as it works on it; one that dies or does nothing before it began
is started anew, `STARTS` times in all. What becomes of a task that a child died over, and how an answer is
understood, is told by the kinds of pool: `sandbox`, `workers`.
"""

import errno
import os
import tempfile
import threading
import time
from abc import abstractmethod
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import CancelledError, Executor, Future
from contextlib import suppress
from multiprocessing import Pipe
from multiprocessing.connection import Connection, wait
from pathlib import Path
from types import TracebackType
from typing import Any

from pipeline.base.shown_text import shown
from pipeline.base.temporary import own_folder
from pipeline.work.answers import Answers
from pipeline.work.limits import Limits
from pipeline.work.pool_child import AGAIN, Child, Failed, Task
from pipeline.work.serving import serve
from pipeline.work.starting import Context, deaf_to_interrupts, plain_arrow, start_fork_server

WATCH_SECONDS = 0.05
START_SECONDS = 120.0  # how long a child that starts may do nothing at all
START_WORK_SECONDS = 120.0  # how long it may work (CPU) before it begins with its task: it imports its modules
STARTS = 3
PAUSE_SECONDS = 0.2  # before a child is started anew; longer each time
DYING_SECONDS = 5.0  # how long a child may take to end that has closed its pipe


class Pool(Executor):
    """Children to share work with.

    Args:
        count: how many at most; each is started when first needed.
        limits: what each task may take; None: whatever it needs.
        modules: imported by a child before its limits are set; name what the tasks' functions need.
        log: file to which what children with limits write to stderr is added; None drops it.
        start_seconds: after how long a child that starts is looked at; one that did nothing since is replaced.
    """

    def __init__(
        self,
        count: int,
        limits: Limits | None,
        modules: Sequence[str],
        log: Path | None = None,
        start_seconds: float = START_SECONDS,
    ) -> None:
        self.count, self.limits, self.modules, self.log = count, limits, tuple(modules), log
        self.start_seconds = start_seconds
        self._children: list[Child] = []
        self._waiting: deque[Task] = deque()
        self._dropped: set[Future[Any]] = set()
        self._lock = threading.Lock()
        self._manager: threading.Thread | None = None
        self._closing = self._killing = False
        self._error: BaseException | None = None

    @abstractmethod
    def answer(self, child: Child, task: Task) -> Any:
        """What a child's answer says, `Failed` where the task failed.

        Raises:
            EOFError: when the child is dead.
        """

    @abstractmethod
    def after_death(self, child: Child, task: Task, code: int | None) -> Any:
        """What becomes of a task over which a child died: an answer, `Failed`, or `AGAIN` for another try.

        Args:
            child: it has ended, its log can still be read.
            task: what it did, or was to do.
            code: that it ended with.
        """

    @abstractmethod
    def too_late(self, task: Task, worked_seconds: float) -> Any:
        """What becomes of a task whose time by the clock was over: an answer, or `Failed`.

        Args:
            task: what was done, or was never begun.
            worked_seconds: how long it worked.
        """

    def submit(self, function: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Has a child do something.

        Raises:
            RuntimeError: when the pool has ended.
            OSError: when it had to end, as the machine failed.
        """
        task = Task.of(function, args, kwargs)
        with self._lock:
            if self._closing:
                raise self._error or RuntimeError("the pool has ended")
            self._waiting.append(task)
            if self._manager is None:
                self._start_manager()
        self._ring()
        return task.future

    def map(
        self,
        fn: Callable[..., Any],
        *iterables: Iterable[Any],
        timeout: float | None = None,
        chunksize: int = 1,
        buffersize: int | None = None,
    ) -> Iterator[Any]:
        """The answers of tasks in their order; after one that failed the next can be asked for.

        Tasks are taken only a few ahead of the answers, so a generator of large tasks is fine.
        """
        return Answers(self, fn, zip(*iterables, strict=False), ahead=2 * self.count)

    def drop(self, futures: Iterable[Future[Any]]) -> None:
        """Nobody wants these any more: those that wait are not begun, a child that is busy with one is ended."""
        with self._lock:
            self._dropped.update(one for one in futures if not one.cancel() and not one.done())
        self._ring()

    def kill(self) -> None:
        """Ends all children at once, whatever they do."""
        self._killing = True
        self.shutdown()

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Ends the children when they are done."""
        with self._lock:
            self._closing = True
            if cancel_futures:
                for task in self._waiting:
                    task.future.cancel()
        self._ring()
        if self._manager is not None and wait:
            self._manager.join()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Ends the children: when they are done, after an error at once; at once also those with limits."""
        if kind is not None or self.limits is not None:
            self.kill()
        self.shutdown(cancel_futures=True)

    def _start_manager(self) -> None:
        self._bell, self._ear = _bell()
        self._rung = False
        self._manager = threading.Thread(target=self._manage, daemon=True, name="pool")
        self._manager.start()

    def _ring(self) -> None:
        """Has the thread look at what is new."""
        with self._lock, suppress(OSError):
            if self._manager is not None and not self._rung:
                self._rung = True
                self._bell.send_bytes(b"")

    def _manage(self) -> None:
        """Hands out tasks and hears answers, until the pool ends (in a thread)."""
        try:
            with tempfile.TemporaryDirectory(dir=own_folder()) as folder:
                self._folder = Path(folder)
                self._hand_out()
                while not self._is_over():
                    self._hear_all()
                    self._hand_out()
                self._end_all()
        except BaseException as error:  # nobody shall wait for answers for ever
            self._fail_all(error)
        finally:
            self._bell.close()
            self._ear.close()

    def _is_over(self) -> bool:
        busy = any(child.task for child in self._children)
        return self._killing or (self._closing and not self._waiting and not busy)

    def _end_all(self) -> None:
        for child in list(self._children):
            if child.task is not None:
                child.task.fail(CancelledError())
            if self._killing or self.limits is not None:
                self._end(child)
            else:
                self._children.remove(child)
                child.leave()
        for task in self._waiting:
            task.future.cancel()

    def _fail_all(self, error: BaseException) -> None:
        with self._lock:
            self._closing, self._error = True, error
            tasks = [*(child.task for child in self._children if child.task), *self._waiting]
        for child in self._children:
            with suppress(OSError, ValueError):
                child.end()
        for task in tasks:
            task.fail(error)

    def _hand_out(self) -> None:
        """Gives what waits to idle children, and to new ones as far as there may be more."""
        while self._waiting and not self._killing and self._may_begin(self._waiting[0]):
            task = self._waiting.popleft()
            if task.future.running() or task.future.set_running_or_notify_cancel():
                self._give(task)

    def _may_begin(self, task: Task) -> bool:
        busy = [child.task for child in self._children if child.task is not None]
        if task.deaths or any(one.deaths for one in busy):  # it is tried again alone
            return not busy
        return len(busy) < self.count

    def _give(self, task: Task) -> None:
        """Gives a task to an idle child, or to a new one; an idle child that died, or speaks unasked, is replaced."""
        for child in [one for one in self._children if one.task is None]:
            with suppress(OSError):
                if not child.pipe.poll():
                    child.take(task, self.start_seconds)
                    return
            self._end(child)
        try:
            self._start_at_last().take(task, self.start_seconds)
        except OSError as error:
            task.fail(error)

    def _start_at_last(self) -> Child:
        """A new child; where the system could not start one, it is asked again.

        Raises:
            OSError: when it cannot, again and again.
        """
        for tries in range(1, STARTS):
            try:
                return self._start()
            except (OSError, EOFError):  # no process to be had, or the server that forks them died over that
                time.sleep(PAUSE_SECONDS * tries)
        try:
            return self._start()
        except EOFError as error:
            raise OSError(errno.EAGAIN, os.strerror(errno.EAGAIN)) from error

    def _start(self) -> Child:
        start_fork_server(self.modules)
        context = Context()
        log = self._new_log() if self.limits is not None else None
        ours, theirs = context.Pipe()
        arguments = (theirs, self.modules, self.limits, str(log or ""))
        # Those that open files of others may start none of their own; one that reports a month lets others read.
        process = context.Process(target=serve, args=arguments, daemon=self.limits is not None)
        with deaf_to_interrupts(), plain_arrow():
            process.start()
        theirs.close()
        child = Child(process, ours, log)
        self._children.append(child)
        return child

    def _new_log(self) -> Path:
        handle, path = tempfile.mkstemp(suffix=".log", dir=self._folder)
        os.close(handle)
        return Path(path)

    def _hear_all(self) -> None:
        """Waits for what comes first: an answer, a death, the end of somebody's time, or something new to do."""
        until = min([child.deadline for child in self._children], default=float("inf")) - time.monotonic()
        if self.limits is not None and self.limits.watch and self._children:
            until = min(until, WATCH_SECONDS)
        pipes = [child.pipe for child in self._children]
        ready = wait([self._ear, *pipes], timeout=None if until == float("inf") else max(0.0, until))
        if self._ear in ready:
            self._look_up()
        for child in list(self._children):
            if child.pipe in ready:
                self._hear(child)
            elif time.monotonic() >= child.deadline and child.task is not None:
                self._look_after(child, child.task)
            elif self.limits is not None and self.limits.watch:
                child.end_if_larger(self.limits.memory_bytes)

    def _look_up(self) -> None:
        """The bell has rung: ends those who do what nobody wants any more."""
        with self._lock:
            self._ear.recv_bytes()
            self._rung = False
            dropped, self._dropped = self._dropped, set()
        for child in list(self._children):
            if child.task is not None and child.task.future in dropped:
                child.task.fail(CancelledError())
                self._end(child)
        for task in [one for one in self._waiting if one.future in dropped]:  # to be tried again
            task.fail(CancelledError())
            self._waiting.remove(task)

    def _hear(self, child: Child) -> None:
        """What a child has to say: that it is ready, that it began, its answer, or that it is dead."""
        task = child.task
        try:
            if child.begun and task is not None:
                answer = self.answer(child, task)
                child.rest()
                self._settle(task, answer)
                return
            child.pipe.recv_bytes()
            self._get_on(child)
        except (EOFError, OSError):
            self._bury(child)

    def _get_on(self, child: Child) -> None:
        """A child is ready, or has begun; one that speaks unasked is not trusted with another task."""
        if child.task is None:
            self._end(child)
        elif child.ready:
            child.begin(self.limits.clock_seconds if self.limits else float("inf"))
        else:
            child.ready = True
            child.pipe.send_bytes(child.task.message)

    def _settle(self, task: Task, answer: Any) -> None:
        """A task is over, or tried again."""
        if answer is AGAIN:
            self._waiting.appendleft(task)
        elif isinstance(answer, Failed):
            task.fail(answer.error)
        else:
            task.future.set_result(answer)

    def _look_after(self, child: Child, task: Task) -> None:
        """A child's time is over; one that starts and gets on, however slowly, is waited for."""
        worked = child.cpu_seconds() - child.cpu_before
        if not child.begun and child.start_work < worked < START_WORK_SECONDS:
            child.start_work, child.deadline = worked, time.monotonic() + self.start_seconds
            return
        self._end(child)
        if child.begun or not self._starts_anew(child, task):
            self._settle(task, self.too_late(task, worked if child.begun else 0.0))

    def _starts_anew(self, child: Child, task: Task) -> bool:
        """Whether a task that its child did not begin is given to another, as it is a few times."""
        task.starts += not child.ready
        if child.begun or task.starts >= STARTS:
            return False
        if not child.ready:
            time.sleep(PAUSE_SECONDS * task.starts)
        self._waiting.appendleft(task)
        return True

    def _bury(self, child: Child) -> None:
        """Takes a dead child out of the pool. A task it never began goes to another child."""
        task = child.task
        code = self._end(child, DYING_SECONDS)
        if task is not None and not self._starts_anew(child, task):
            self._settle(task, self.after_death(child, task, code))

    def _end(self, child: Child, patience_seconds: float = 0.0) -> int | None:
        """Ends a child and takes it out of the pool; its log is added to ours."""
        self._children.remove(child)
        code = child.end(patience_seconds)
        if self.log is not None and child.log is not None:
            with suppress(OSError), self.log.open("ab") as log:  # what can be done without it is done
                log.write(shown(child.log.read_bytes().decode("utf-8", "replace")).encode("utf-8"))
        return code


def _bell() -> tuple[Connection, Connection]:
    """Two ends of a pipe: what is sent into the first wakes whoever waits for the second."""
    ear, bell = Pipe(duplex=False)
    return bell, ear
