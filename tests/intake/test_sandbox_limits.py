"""The rules of the sandbox: whatever one task does, it costs that task alone, and the cause is named."""

import errno
import io
import os
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import xlsxwriter

from pipeline.contract.refusal import Refusal
from pipeline.intake.raw import RawBook
from pipeline.intake.read import read_file
from pipeline.work.sandbox import Sandbox

MIB = 1 << 20
MEMORY = 200 * MIB
SECONDS = 1.5
READING = ("pipeline.intake.read",)  # what children import before their limits are set


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(workers=2, memory_bytes=MEMORY, seconds=SECONDS, modules=READING) as opened:
        yield opened


def double(number: int) -> int:
    return 2 * number


def take_memory(mebibytes: int) -> int:
    return len(bytearray(mebibytes * MIB))


def touch_memory_slowly(mebibytes: int) -> int:
    held = []
    for _ in range(mebibytes):
        held.append(b"x" * MIB)
        time.sleep(0.001)
    return len(held)


def fail_as_asked(how: str) -> str:
    if how == "kill":
        os.kill(os.getpid(), signal.SIGKILL)
    if how == "alarm":
        os.kill(os.getpid(), signal.SIGALRM)
        time.sleep(60)
    if how == "abort":
        os.abort()
    if how == "work":
        while True:
            pass
    if how == "memory":
        take_memory(2000)
    if how == "raise":
        raise KeyboardInterrupt
    if how == "unpicklable":
        return lambda: None  # type: ignore[return-value]
    return how


def process_id(_: int) -> int:
    return os.getpid()


def workbook_bytes() -> bytes:
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        book.add_worksheet("销售").write_row(0, 0, ["客户编码", 12])
    return buffer.getvalue()


def test_answers_come_in_the_order_of_the_tasks(sandbox: Sandbox) -> None:
    assert list(sandbox.map(double, range(20))) == list(range(0, 40, 2))


def test_a_child_serves_many_tasks(sandbox: Sandbox) -> None:
    assert len(set(sandbox.map(process_id, range(20)))) <= 2


@pytest.mark.parametrize(
    ("how", "refusal"),
    [
        ("kill", Refusal("reader_crashed")),
        ("abort", Refusal("reader_crashed")),
        ("raise", Refusal("reader_crashed")),
        ("unpicklable", Refusal("reader_crashed")),
        ("work", Refusal("reader_timeout", (("seconds", "1.5"),))),
        ("memory", Refusal("reader_memory", (("memory_mib", "200"),))),
    ],
)
def test_a_failing_task_costs_itself_alone_and_its_cause_is_named(
    sandbox: Sandbox, how: str, refusal: Refusal
) -> None:
    answers = list(sandbox.map(fail_as_asked, ["first", how, "third", "fourth"]))
    assert answers == ["first", refusal, "third", "fourth"]


def wait_and_see(seconds: float) -> float:
    time.sleep(seconds)
    return seconds


def test_a_task_that_waits_is_not_out_of_time_on_a_machine_that_is_busy_with_others() -> None:
    with Sandbox(seconds=0.2, clock_factor=300, modules=READING) as patient:
        assert list(patient.map(wait_and_see, [0.6])) == [0.6]


def test_a_task_that_sleeps_for_ever_is_ended_by_the_clock() -> None:
    with Sandbox(seconds=0.5, clock_factor=1, modules=READING) as strict:
        [answer] = strict.map(wait_and_see, [600])
    assert isinstance(answer, Refusal)


@pytest.mark.slow
def test_the_time_of_a_task_is_its_own_not_that_of_those_before_it() -> None:
    with Sandbox(seconds=1, clock_factor=300, modules=READING) as sandbox:
        assert list(sandbox.map(work_for, [0.6, 0.6, 0.6])) == [0.6] * 3


def work_for(seconds: float) -> float:
    end = time.process_time() + seconds
    while time.process_time() < end:
        pass
    return seconds


def test_a_task_may_take_memory_up_to_the_limit(sandbox: Sandbox) -> None:
    assert list(sandbox.map(take_memory, [150, 150, 150])) == [150 * MIB] * 3


def test_a_child_that_died_between_two_runs_is_replaced(sandbox: Sandbox) -> None:
    for child in set(sandbox.map(process_id, range(10))):
        assert isinstance(child, int)
        os.kill(child, signal.SIGKILL)
    assert list(sandbox.map(double, [1, 2, 3])) == [2, 4, 6]


def test_tasks_are_taken_only_a_little_ahead(sandbox: Sandbox) -> None:
    taken: list[int] = []

    def tasks() -> Iterator[int]:
        for number in range(100):
            taken.append(number)
            yield number

    answers = sandbox.map(double, tasks())
    next(answers)
    assert len(taken) <= 6


def test_a_caller_that_stops_listening_leaves_a_usable_sandbox(sandbox: Sandbox) -> None:
    answers = sandbox.map(double, range(100))
    next(answers)
    del answers
    assert list(sandbox.map(double, [5])) == [10]


@pytest.mark.skipif(sys.platform == "win32", reason="a spawned child takes longer than this test's limit")
def test_where_the_kernel_sets_no_limit_a_watcher_ends_the_child() -> None:
    with Sandbox(memory_bytes=100 * MIB, seconds=20, watch=True, modules=READING) as watched:
        answers = list(watched.map(touch_memory_slowly, [10, 2000, 10]))
    assert answers == [10, Refusal("reader_memory", (("memory_mib", "100"),)), 10]


def test_children_that_cannot_start_refuse_their_tasks_and_say_why_in_the_log(tmp_path: Path) -> None:
    log = tmp_path / "reader.log"
    with Sandbox(seconds=5, modules=("no_such_module",), log=log) as broken:
        large = "x" * 1_000_000  # more than a pipe holds
        assert list(broken.map(fail_as_asked, ["small", large])) == [Refusal("reader_crashed")] * 2
    assert "no_such_module" in log.read_text(encoding="utf-8")


SLOW_STARTER = """
import os, pathlib, time
mark = pathlib.Path(__file__).with_name("started")
tries = mark.stat().st_size if mark.exists() else 0
mark.write_bytes(b"x" * (tries + 1))
if {how!r} == "works":
    end = time.process_time() + 0.6
    while time.process_time() < end:
        pass
elif tries < {times}:
    time.sleep(600) if {how!r} == "hangs" else os._exit(9)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="a spawned child takes longer than this test's limit")
@pytest.mark.parametrize(
    ("how", "times", "answer"),
    [
        ("works", 1, 4),  # looked at every tenth of a second, and left at its work
        ("hangs", 1, 4),
        ("dies", 2, 4),
        ("hangs", 3, Refusal("machine")),
        ("dies", 3, Refusal("reader_crashed")),
    ],
)
def test_a_child_that_is_slow_to_start_is_waited_for_and_one_that_does_not_start_is_started_anew(
    sandbox: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, how: str, times: int, answer: object
) -> None:
    assert list(sandbox.map(double, [1])) == [2]  # the server runs: it shall not import what is slow
    module = f"starter_that_{how}_{times}"
    (tmp_path / f"{module}.py").write_text(SLOW_STARTER.format(how=how, times=times), encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    with Sandbox(seconds=5, modules=(module,), start_seconds=0.25) as slow:
        assert list(slow.map(double, [2])) == [answer]
    assert (tmp_path / "started").stat().st_size == min(times + (answer == 4) * (how != "works"), 3)


@pytest.mark.parametrize(("failures", "started"), [(2, True), (3, False)])
def test_a_system_that_has_no_process_to_give_is_asked_again_and_then_it_is_the_machine(
    monkeypatch: pytest.MonkeyPatch, failures: int, started: bool
) -> None:
    left = [EOFError()] * failures  # the server that forks children died over it

    def start(_: object) -> None:
        if left:
            raise left.pop()

    monkeypatch.setattr("pipeline.work.pool.start_fork_server", start)
    with Sandbox(seconds=5, modules=()) as sandbox:
        if started:
            assert list(sandbox.map(double, [1])) == [2]
            return
        with pytest.raises(OSError, match=os.strerror(errno.EAGAIN)):
            list(sandbox.map(double, [1]))


@pytest.mark.skipif(sys.platform == "win32", reason="no alarms there")
def test_a_task_that_the_alarm_ends_was_kept_waiting_by_the_machine() -> None:
    with Sandbox(seconds=5) as sandbox:
        assert list(sandbox.map(fail_as_asked, ["alarm"])) == [Refusal("machine")]


def test_what_a_child_prints_goes_to_the_log_not_to_the_user(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    log = tmp_path / "reader.log"
    with Sandbox(seconds=5, log=log, modules=READING) as sandbox:
        assert list(sandbox.map(fail_as_asked, ["raise"])) == [Refusal("reader_crashed")]
    assert "KeyboardInterrupt" in log.read_text(encoding="utf-8")
    assert capfd.readouterr().err == ""


def test_files_are_read_from_bytes_and_from_paths(sandbox: Sandbox, tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(workbook_bytes())
    files = [("a.xlsx", workbook_bytes()), ("a.xlsx", path), ("b.xlsx", tmp_path / "b.xlsx")]
    first, second, missing = sandbox.map(read_file, files)
    assert isinstance(first, RawBook)
    assert first.sheets[0].rows == [["客户编码", 12.0]]
    assert second == first
    assert missing == Refusal("not_readable")


def arrow_allocator(_: object) -> str:
    import pyarrow as pa

    return str(pa.default_memory_pool().backend_name)


def test_arrow_takes_no_addresses_in_advance_that_a_task_needs() -> None:
    with Sandbox(modules=READING) as sandbox:
        assert list(sandbox.map(arrow_allocator, [None])) == ["system"]
