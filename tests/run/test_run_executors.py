"""The same work in one process, over processes of which some die, and on a cluster."""

import os
import signal
import sys
import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest
from small_home import JUNE, SmallHome, call, kept_bytes

from pipeline.base.errors import YuebaoError
from pipeline.words import load_words
from pipeline.work.executors import writing_executor
from pipeline.work.workers import WorkerDied, Workers

pytestmark = pytest.mark.slow  # processes are started, and die
ON_POSIX = pytest.mark.skipif(sys.platform == "win32", reason="needs SIGKILL")


def die_once(task: tuple[int, str]) -> int:
    """Takes its process with it the first time that anybody tries it."""
    number, mark = task
    if mark and not Path(mark).exists():
        Path(mark).touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return 2 * number


def die_always(number: int) -> int:
    if number == 3:
        os.kill(os.getpid(), signal.SIGKILL)
    return number


@ON_POSIX
def test_a_worker_that_dies_costs_its_task_a_second_try(tmp_path: Path) -> None:
    tasks = [(number, str(tmp_path / "mark") if number == 2 else "") for number in range(6)]
    with Workers(2, load_words("en")) as executor:
        assert list(executor.map(die_once, tasks)) == [0, 2, 4, 6, 8, 10]


@ON_POSIX
def test_a_task_that_kills_its_worker_again_is_told_of_in_one_sentence_and_all_other_answers_can_be_had() -> None:
    with Workers(2, load_words("en")) as executor:
        answers = executor.map(die_always, range(20))
        assert [next(answers) for _ in range(3)] == [0, 1, 2]
        with pytest.raises(WorkerDied, match="died twice"):
            next(answers)
        assert list(answers) == list(range(4, 20))


def fail_with(number: int, *, text: str) -> int:
    if number == 1:
        raise YuebaoError(text)
    return number


def test_an_error_of_a_task_is_whoever_asks_for_its_answers_alone_and_its_child_goes_on() -> None:
    with Workers(1, load_words("en")) as executor:
        futures = [executor.submit(fail_with, number, text="one is too much") for number in range(3)]
        assert futures[2].result() == 2
        with pytest.raises(YuebaoError, match="one is too much") as caught:
            futures[1].result()
        assert any("fail_with" in one for one in caught.value.__notes__)  # where it came from


def unreadable(number: int) -> object:
    return lambda: number


def test_an_answer_that_cannot_be_sent_is_told_as_an_error_of_its_task() -> None:
    with Workers(1, load_words("en")) as executor:
        answers = executor.map(unreadable, [1])
        with pytest.raises(RuntimeError, match="lambda"):
            next(answers)
        assert list(executor.map(abs, [-1])) == [1]


def test_a_pool_that_has_ended_takes_no_task() -> None:
    with Workers(1, load_words("en")) as executor:
        assert list(executor.map(abs, [-1])) == [1]
    with pytest.raises(RuntimeError):
        executor.submit(abs, -1)


@ON_POSIX
def test_work_of_another_kind_that_goes_down_with_a_worker_is_done_again(tmp_path: Path) -> None:
    with Workers(2, load_words("en")) as executor:
        doubled = executor.map(die_once, [(number, "") for number in range(30)])
        deadly = executor.map(die_once, [(number, str(tmp_path / "mark")) for number in range(2)])
        assert list(deadly) == [0, 2]
        assert list(doubled) == [2 * number for number in range(30)]


def test_tasks_are_made_only_a_few_ahead_of_their_answers() -> None:
    made: list[int] = []

    def tasks() -> Iterator[int]:
        for number in range(100):
            made.append(number)
            yield number

    with Workers(1, load_words("en")) as executor:
        answers = executor.map(str, tasks())
        assert len(made) == 2
        assert [next(answers) for _ in range(3)] == ["0", "1", "2"]
        assert len(made) == 5


def test_a_scheduler_that_does_not_answer_is_told_of_in_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipeline.work.executors.ANSWER_SECONDS", 0.2)
    with (
        pytest.raises(YuebaoError, match="No Dask scheduler answers"),
        writing_executor(2, "tcp://127.0.0.1:1", load_words("en")),
    ):
        raise AssertionError("there is nobody")


@pytest.fixture
def cluster() -> Iterator[str]:
    """The address of a cluster of two worker processes on this machine."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of the cluster's own libraries
        from distributed import LocalCluster

        with LocalCluster(n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None) as local:
            yield local.scheduler_address


def filled(folder: Path) -> SmallHome:
    home = SmallHome(folder)
    home.masters()
    for manager in ("M001", "M002", "M003"):
        home.sends(manager, (3, f"C{manager[1:]}a", 10), (4, f"C{manager[1:]}b", 5))
    home.junk("坏.xlsx", b"PK\x03\x04 no workbook")
    return home


@pytest.mark.filterwarnings("ignore")
def test_a_cluster_gives_the_same_bytes_as_one_process(tmp_path: Path, cluster: str) -> None:
    alone, shared = filled(tmp_path / "alone"), filled(tmp_path / "shared")
    assert alone.run().exit_code == 0
    done = call("monthly", "--home", str(shared.home), "--scheduler", cluster, "--quiet")
    assert done.exit_code == 0, done.output
    assert (shared.home / "output" / str(JUNE) / "headquarters.xlsx").exists()
    assert kept_bytes(shared.home) == kept_bytes(alone.home)
