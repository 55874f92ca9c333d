"""Nothing stops the others, nothing passing is for ever: months that fail, machines that fail, commands that die."""

import errno
import json
import os
import shutil
import sys
import time
from collections.abc import Callable
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from small_home import JUNE, REGION_OF, SmallHome, call, kept_bytes
from xlsxwriter.exceptions import FileCreateError

from pipeline.base.errors import YuebaoError
from pipeline.base.faults import machine_fault
from pipeline.cli import main
from pipeline.contract.fault_text import fault_text
from pipeline.contract.refusal import Refusal
from pipeline.contract.settings import load_settings
from pipeline.contract.trade import load_profile
from pipeline.intake.kinds import kinds_of
from pipeline.intake.take_in import take_in
from pipeline.intake.taken import FileTask, Taken
from pipeline.ledger.archive import WORKSHOP
from pipeline.ledger.aside import PLAN
from pipeline.ledger.manifest import Manifest, read_manifest
from pipeline.ledger.output import heal
from pipeline.month.writer import MonthWriter
from pipeline.taking.received import unheard
from pipeline.taking.take_over import take_over
from pipeline.words import load_words
from pipeline.work.passing import MACHINE, NO_SPACE, raise_machine_fault, refusal_of, with_second_try
from pipeline.work.sandbox import Sandbox

WORDS = load_words("zh")
JULY = JUNE + 1
MadeOnce = Callable[[str, Callable[[Path], object]], Path]  # see conftest


def _two_months(folder: Path) -> None:
    """Two months reported, June in its second edition."""
    home = SmallHome(folder)
    home.masters()
    home.sends("M001", (3, "C001a", 10))
    home.sends("M001", (3, "C001a", 20), month=JULY, name="七月.xlsx", saved="2024-08-02T09:00")
    assert home.run().exit_code == 0
    home.sends("M001", (3, "C001a", 9), saved="2024-07-04T09:00")
    assert home.run().exit_code == 0


@pytest.fixture
def home(own_copy) -> SmallHome:
    return SmallHome(own_copy("two_months", _two_months))


def at(home: SmallHome) -> tuple[str, ...]:
    return ("--home", str(home.home))


def failing_month(month: object, error: Exception) -> Callable[..., Any]:
    write = MonthWriter.write_month

    def fail(self: MonthWriter, asked: Any) -> Any:
        if asked == month:
            raise error
        return write(self, asked)

    return fail


# Months


@pytest.mark.slow
@pytest.mark.parametrize(
    ("error", "told", "logged"),
    [
        (FileCreateError(OSError(errno.ENOSPC, "No space left", "a.xlsx")), "磁盘已满", False),
        (KeyError("brand"), "KeyError", True),
    ],
    ids=["disk full in a library", "fault of ours"],
)
def test_a_month_that_fails_stops_no_other_and_is_done_by_the_next_run(
    home: SmallHome, monkeypatch: pytest.MonkeyPatch, error: Exception, told: str, logged: bool
) -> None:
    home.sends("M002", (3, "C002a", 1), name="迟.xlsx", saved="2024-07-04T09:00")
    home.sends("M002", (3, "C002a", 2), month=JULY, name="迟七月.xlsx", saved="2024-08-02T09:00")
    with monkeypatch.context() as patched:
        patched.setattr(MonthWriter, "write_month", failing_month(JUNE, error))
        result = home.run(books=False)
    assert result.exit_code == 1
    assert (told in result.output, "Traceback" in result.output) == (True, False)
    assert f"{JUNE} 没有编制完成" in result.output
    assert (home.home / "ledger" / "fault.log").exists() == logged
    assert (home.value("volume", month=JULY), home.value("volume")) == (22, 9)
    assert read_manifest(home.home).pending == (str(JUNE),)
    assert home.run(books=False).exit_code == 0
    assert home.value("volume") == 10


@pytest.mark.slow
def test_a_month_that_fails_in_every_run_does_not_keep_new_files_out(
    home: SmallHome, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(MonthWriter, "write_month", failing_month(JUNE, ZeroDivisionError("x")))
    for number in (1, 2):
        home.sends(
            "M002", (3, "C002a", number), month=JULY, name=f"{number}.xlsx", saved=f"2024-08-0{number}T09:00"
        )
        home.sends("M002", (3, "C002a", number), name=f"六月{number}.xlsx", saved=f"2024-07-0{number}T09:00")
        assert home.run(books=False).exit_code == 1
        assert (home.waiting(), home.value("volume", month=JULY)) == ([], 20 + number)


@pytest.mark.slow
def test_a_first_month_without_sales_does_not_stop_the_second(tmp_path: Path) -> None:
    home = SmallHome(tmp_path)
    home.masters()
    for one in REGION_OF:
        home.sends(one, nil=("sales", "visits", "complaints", "satisfaction"))
    assert home.run(books=False).exit_code == 0
    home.sends("M001", (3, "C001a", 10), month=JULY, name="七月.xlsx", saved="2024-08-02T09:00")
    assert home.run(books=False).exit_code == 0
    assert home.value("volume", month=JULY) == 10


def test_a_trade_without_a_list_of_categories_has_none_and_is_no_fault() -> None:
    profile = load_profile("tobacco")
    without = profile.model_copy(update={"lists": {"grades": profile.lists["grades"]}})
    assert without.choices("categories") == ()
    assert without.choices("grades") == profile.choices("grades")


# No exception reaches a user


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (OSError(errno.EDQUOT, "Quota exceeded", "x"), "磁盘已满"),
        (OSError(errno.EMFILE, "Too many open files"), "打开的文件太多"),
        (OSError(errno.ENOMEM, "no memory"), "内存不足"),
        (OSError(errno.ENAMETOOLONG, "too long", "x"), "太长"),
        (PermissionError(errno.EACCES, "denied", "x"), "没有写入或读取的权限"),
        (NotADirectoryError(errno.ENOTDIR, "no folder", "x"), "找不到"),
        (OSError(errno.EIO, "Input/output error", b"x"), "系统报错"),
        (FileCreateError(PermissionError(errno.EACCES, "denied", "x")), "没有写入或读取的权限"),
        (UnicodeEncodeError("utf-8", "\udcd4", 0, 1, "surrogates"), "UnicodeEncodeError"),
    ],
)
def test_whatever_goes_wrong_is_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: Exception, told: str
) -> None:
    def fail(*_: Any, **__: Any) -> None:
        raise error

    (tmp_path / "ledger").mkdir()
    monkeypatch.setattr("pipeline.commands.status.board_of", fail)
    result = CliRunner().invoke(main, ["status", "--home", str(tmp_path)])
    assert (result.exit_code, isinstance(result.exception, SystemExit)) == (1, True)
    assert told in result.output
    assert "Traceback" not in result.output
    log = tmp_path / "ledger" / "fault.log"
    assert log.exists() == (machine_fault(error) is None)
    assert result.output.count("\n") == (2 if log.exists() else 1)


def test_a_fault_of_the_program_is_logged_for_who_looks_after_it_even_where_the_home_cannot_be_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: Any) -> None:
        raise KeyError("x")

    monkeypatch.setattr("pipeline.commands.status.board_of", fail)
    monkeypatch.setattr("tempfile.gettempdir", lambda: str(tmp_path / "temp"))
    (tmp_path / "temp").mkdir()
    result = CliRunner().invoke(main, ["status", "--home", str(tmp_path)])
    assert result.exit_code == 1
    assert "KeyError" in (tmp_path / "temp" / "fault.log").read_text(encoding="utf-8")


def test_a_reader_that_has_gone_away_is_left_to_click(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: Any) -> None:
        raise BrokenPipeError(errno.EPIPE, "gone")

    monkeypatch.setattr("pipeline.commands.status.board_of", fail)
    assert CliRunner().invoke(main, ["status", "--home", str(tmp_path)]).output == ""


def test_an_error_of_a_library_tells_what_the_machine_did_beneath_it() -> None:
    try:
        try:
            raise OSError(errno.ENOSPC, "full", "a")
        except OSError as full:
            raise ValueError("of a library") from full
    except ValueError as wrapped:
        assert "磁盘已满" in fault_text(wrapped, WORDS)
        loop = wrapped
    loop.args = (loop,)  # a library may do even that
    assert isinstance(machine_fault(loop), OSError)
    assert machine_fault(ValueError("alone")) is None


# Faults of the machine while a file is read


@pytest.mark.parametrize(
    ("error", "rule"),
    [
        (OSError(errno.ENOSPC, ""), NO_SPACE),
        (OSError(errno.EDQUOT, ""), NO_SPACE),
        (OSError(errno.EIO, ""), MACHINE),
        (OSError(errno.EMFILE, ""), MACHINE),
        (OSError(errno.ENFILE, ""), MACHINE),
        (OSError(errno.ENOMEM, ""), MACHINE),
        (OSError(errno.EAGAIN, ""), MACHINE),
        (OSError(errno.EACCES, ""), MACHINE),
        (OSError(errno.EPERM, ""), MACHINE),
        (OSError(errno.EROFS, ""), MACHINE),
        (OSError(errno.ENOENT, ""), MACHINE),
        (OSError("zip"), "reader_crashed"),
        (OSError(errno.EINVAL, ""), "reader_crashed"),
        (ValueError("of the file"), "reader_crashed"),
    ],
)
def test_what_the_machine_does_is_no_fault_of_the_file(error: Exception, rule: str) -> None:
    assert refusal_of(error).rule == rule


class Stumbling:
    """Fails over a task as often as its number says."""

    def __init__(self) -> None:
        self.failed: dict[int, int] = {}

    def map(self, function: Any, tasks: Any) -> Any:
        for task in tasks:
            self.failed[task] = self.failed.get(task, 0) + 1
            yield Refusal(MACHINE) if self.failed[task] <= task else function(task)


def test_what_the_machine_failed_over_gets_a_second_try_when_the_others_are_done() -> None:
    told: list[tuple[int, int]] = []
    answers = with_second_try(Stumbling(), str, [0, 1, 2], lambda done, of: told.append((done, of)))
    assert answers == ["0", "1", Refusal(MACHINE)]
    assert told == [(1, 3), (2, 3), (3, 3)]


class TooBusy:
    """Children that never got to work."""

    log = None

    def map(self, function: Any, tasks: Any) -> Any:
        return (Refusal(MACHINE) for _ in tasks)


def test_a_busy_machine_is_not_called_a_broken_installation(tmp_path: Path) -> None:
    with pytest.raises(YuebaoError, match=r"计算机太忙.*请稍后再运行"):
        take_over(tmp_path, Manifest(), [], load_settings(tmp_path), TooBusy(), unheard)


def sleep_on(_: int) -> None:
    time.sleep(60)


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="a spawned child takes longer than this test's limit")
def test_a_task_that_got_no_time_to_work_in_is_the_machines_fault() -> None:
    with Sandbox(seconds=1, modules=(sleep_on.__module__,)) as sandbox:
        assert list(sandbox.map(sleep_on, [1])) == [Refusal(MACHINE)]


def machine_that_fails_over(name: str) -> Callable[[FileTask], Taken | Refusal]:
    def fail(task: FileTask) -> Taken | Refusal:
        return Refusal(MACHINE) if task.name == name else take_in(task)

    return fail


class InThisProcess:
    """Reads files here, for tests that change what reading does."""

    log = None

    def __init__(self, fails_over: str) -> None:
        self.fails_over = fails_over

    def map(self, function: Any, tasks: Any) -> Any:
        for task in tasks:
            failing = getattr(task, "name", "") == self.fails_over and function is take_in
            yield Refusal(MACHINE) if failing else function(task)

    def __enter__(self) -> "InThisProcess":
        return self

    def __exit__(self, *_: object) -> None:
        return None


@pytest.mark.slow
def test_a_file_over_which_the_machine_fails_stays_in_the_inbox_and_the_others_are_taken_in(
    home: SmallHome, monkeypatch: pytest.MonkeyPatch
) -> None:
    home.sends("M002", (3, "C002a", 5), name="好.xlsx")
    home.sends("M003", (3, "C003a", 7), name="运气不好.xlsx")
    before = read_manifest(home.home)
    with monkeypatch.context() as patched:
        patched.setattr("pipeline.commands.monthly.file_readers", lambda *_: InThisProcess("运气不好.xlsx"))
        result = home.run()
    assert result.exit_code == 0
    assert "机器出了故障" in result.output
    assert (home.waiting(), home.value("volume")) == (["运气不好.xlsx"], 14)
    held = read_manifest(home.home)
    assert len(held.receipts) == len(before.receipts) + 1
    assert call("verify", *at(home)).exit_code == 0
    assert home.run(books=False).exit_code == 0
    assert (home.waiting(), home.value("volume")) == ([], 21)


class FullDisk(InThisProcess):
    """The disk is full when the first file is looked into."""

    def map(self, function: Any, tasks: Any) -> Any:
        for task in tasks:
            yield Refusal(NO_SPACE) if function is kinds_of else function(task)


@pytest.mark.slow
def test_a_disk_that_is_full_when_a_file_is_looked_into_stops_the_run_and_judges_no_file(
    june: SmallHome, monkeypatch: pytest.MonkeyPatch
) -> None:
    june.masters("主数据二.xlsx", price=100.5, saved="2024-07-02T08:00")
    before = kept_bytes(june.home)
    with monkeypatch.context() as patched:
        patched.setattr("pipeline.commands.monthly.file_readers", lambda *_: FullDisk(""))
        result = june.run(books=False)
    assert result.exit_code == 1
    assert "磁盘已满" in result.output
    assert kept_bytes(june.home)["ledger/manifest.json"] == before["ledger/manifest.json"]
    assert june.run(books=False).exit_code == 0
    assert "未采用" not in june.run(books=False).output


@pytest.mark.slow
def test_a_run_in_which_the_machine_fails_over_every_file_has_not_been(
    june: SmallHome, monkeypatch: pytest.MonkeyPatch
) -> None:
    june.sends("M003", (3, "C003a", 7), name="运气不好.xlsx")
    before = (june.home / "ledger" / "manifest.json").read_bytes()
    with monkeypatch.context() as patched:
        patched.setattr("pipeline.commands.monthly.file_readers", lambda *_: InThisProcess("运气不好.xlsx"))
        assert june.run(books=False).exit_code == 0
    assert (june.home / "ledger" / "manifest.json").read_bytes() == before
    assert (june.waiting(), list((june.home / "archive").rglob("*运气不好*"))) == (["运气不好.xlsx"], [])
    assert june.run(books=False).exit_code == 0
    assert (june.waiting(), june.value("volume")) == ([], 17)


@pytest.mark.slow
def test_a_file_that_somebody_took_from_the_inbox_meanwhile_is_put_back(
    home: SmallHome, monkeypatch: pytest.MonkeyPatch
) -> None:
    home.sends("M003", (3, "C003a", 7), name="运气不好.xlsx")
    with monkeypatch.context() as patched:  # a run dies when the file is archived
        patched.setattr("pipeline.taking.receive.take_over", lambda *_: (_ for _ in ()).throw(MemoryError()))
        assert home.run(books=False).exit_code == 1
    for path in home.inbox.iterdir():
        path.unlink()
    home.junk("运气不好.xlsx", b"PK\x03\x04 another file of that name")
    with monkeypatch.context() as patched:
        patched.setattr("pipeline.commands.monthly.file_readers", lambda *_: InThisProcess("运气不好.xlsx"))
        assert home.run(books=False).exit_code == 0
    assert len(home.waiting()) == 2
    home.run(books=False)
    assert (home.waiting(), home.value("volume")) == ([], 16)
    assert home.state("M003") == "on time"


@pytest.mark.slow
def test_a_file_of_the_ledger_over_which_the_machine_fails_stops_the_run_and_changes_nothing(
    home: SmallHome, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = kept_bytes(home.home)
    home.masters("主数据二.xlsx", price=90, saved="2024-07-02T08:00")  # all months are judged anew
    with monkeypatch.context() as patched:
        patched.setattr("pipeline.commands.monthly.file_readers", lambda *_: InThisProcess("七月.xlsx"))
        result = home.run()
    assert (result.exit_code, "系统报错" in result.output) == (1, True)
    assert home.waiting() == ["主数据二.xlsx"]
    after = kept_bytes(home.home)
    assert {name: after[name] for name in before if not name.startswith("archive")} == {
        name: data for name, data in before.items() if not name.startswith("archive")
    }
    assert home.run(books=False).exit_code == 0


# What stands under output/ is the ledger's newest edition, or made again


def damaged(home: SmallHome, how: str) -> None:
    folder = home.home / "output" / str(JUNE)
    workbook = next(folder.glob("regions/*.xlsx"))
    if how == "workbook cut short":
        workbook.write_bytes(workbook.read_bytes()[:100])
    elif how == "workbook gone":
        workbook.unlink()
    elif how == "record gone":
        (folder / "run.json").unlink()
    elif how == "empty folder":
        shutil.rmtree(folder)
        folder.mkdir()


@pytest.mark.slow
@pytest.mark.parametrize("how", ["workbook cut short", "workbook gone", "record gone", "empty folder"])
def test_an_older_month_that_is_not_whole_is_told_by_verify_and_made_again_by_the_next_run(
    home: SmallHome, how: str
) -> None:
    right = kept_bytes(home.home)
    damaged(home, how)
    assert call("verify", *at(home)).exit_code == 1
    assert home.run().exit_code == 0
    left = kept_bytes(home.home)
    kept_aside = {name for name in left if name.startswith("output/edited/")}
    assert len(kept_aside) == (how == "workbook cut short")  # somebody may have changed it: it is not thrown away
    assert {name: data for name, data in left.items() if name not in kept_aside} == right
    assert call("verify", *at(home)).exit_code == 0


def old_edition(home: SmallHome) -> None:
    """June's folder says that it is edition 1, rightly signed, as a half-finished rebuild once left it."""
    from pipeline.ledger.output import RUN_RECORD, read_run_record, write_run_record

    folder = home.home / "output" / str(JUNE)
    record = read_run_record(folder)
    assert record is not None
    (folder / RUN_RECORD).unlink()
    write_run_record(folder, {**record, "digest": "of another content"})


@pytest.mark.slow
def test_an_output_of_other_content_than_the_ledgers_is_stale_not_sent_and_made_again(home: SmallHome) -> None:
    right = kept_bytes(home.home)
    old_edition(home)
    found = json.loads(call("verify", *at(home), "--json").output)
    assert found == [{"kind": "stale", "path": f"output/{JUNE}"}]
    sent = call("send", *at(home), "--month", str(JUNE))
    assert (sent.exit_code, "yuebao monthly" in sent.output) == (1, True)
    assert home.run().exit_code == 0
    assert kept_bytes(home.home) == right
    assert call("send", *at(home), "--month", str(JUNE)).exit_code == 0


@pytest.mark.slow
def test_a_month_with_changes_that_no_edition_has_yet_is_not_sent(
    home: SmallHome, monkeypatch: pytest.MonkeyPatch
) -> None:
    home.sends("M002", (3, "C002a", 1), name="迟.xlsx", saved="2024-07-04T09:00")
    with monkeypatch.context() as patched:
        patched.setattr(MonthWriter, "write_month", failing_month(JUNE, MemoryError()))
        home.run()
    assert call("send", *at(home), "--month", str(JUNE)).exit_code == 1
    assert {"kind": "stale", "path": f"output/{JUNE}"} in json.loads(call("verify", *at(home), "--json").output)


@pytest.mark.slow
def test_a_months_folder_that_the_ledger_knows_nothing_of_is_told_by_verify(home: SmallHome) -> None:
    shutil.copytree(home.home / "output" / str(JUNE), home.home / "output" / "2023-01")
    assert json.loads(call("verify", *at(home), "--json").output) == [
        {"kind": "unknown", "path": "output/2023-01"}
    ]


# A command that died anywhere is healed by the next one, whichever it is


class Killed(BaseException):
    """The process is gone."""


def killed_at_work(home: SmallHome, monkeypatch: pytest.MonkeyPatch) -> None:
    """A rebuild that is killed while it still works in its workshop."""

    def dying(*_: Any, **__: Any) -> None:
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr("pipeline.commands.rebuild.finish", lambda *_: None)
        patched.setattr("pipeline.commands.rebuild.report_months", dying)
        with pytest.raises(Killed):
            CliRunner().invoke(main, ["rebuild", *at(home), "--workers", "1", "--quiet"], catch_exceptions=False)


def _rebuilt_step_by_step(two_months: Path, folder: Path) -> None:
    """In `home` a rebuild of the two months; in 0, 1, 2 … that home as it is before the next folder is moved, which is
    what a rebuild leaves that is killed there."""
    home = SmallHome(shutil.copytree(two_months, folder / "home", copy_function=shutil.copy2))
    replace, moved = os.replace, count()

    def copying(source: Any, target: Any) -> None:
        if Path(source).is_dir() and (home.home / WORKSHOP / PLAN).exists():
            shutil.copytree(home.home, folder / str(next(moved)), copy_function=shutil.copy2)
        replace(source, target)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("pipeline.commands.rebuild.finish", lambda *_: None)
        patched.setattr("os.replace", copying)
        assert call("rebuild", *at(home), "--workers", "1", "--quiet").exit_code == 0


COMMANDS = {
    "status": ("status",),
    "verify": ("verify",),
    "send": ("send",),
    "trace": ("trace", "volume", "ALL", str(JUNE)),
    "templates": ("templates", "--month", str(JUNE)),
    "monthly": ("monthly", "--quiet", "--workers", "1"),
}


@pytest.mark.slow
@pytest.mark.parametrize(("command", "moves"), list(zip(COMMANDS, [1, 2, 3, 5, 4, 0], strict=True)))
def test_after_a_rebuild_that_was_killed_the_next_command_finds_one_whole_ledger_with_its_outputs(
    home: SmallHome, made_once: MadeOnce, monkeypatch: pytest.MonkeyPatch, command: str, moves: int
) -> None:
    """`moves`: how many folders the rebuild had moved; 0: it was still at work."""
    right = kept_bytes(home.home)
    if moves:
        reported = made_once("two_months", _two_months)
        steps = made_once("rebuilt_step_by_step", partial(_rebuilt_step_by_step, reported))
        shutil.rmtree(home.home)
        shutil.copytree(steps / str(moves), home.home, copy_function=shutil.copy2)
        assert (home.home / WORKSHOP / PLAN).exists()
    else:
        killed_at_work(home, monkeypatch)
    name, *more = COMMANDS[command]
    assert call(name, *at(home), *more).exit_code == 0
    shutil.rmtree(home.home / "output" / str(JUNE) / "templates", ignore_errors=True)
    assert kept_bytes(home.home) == right
    assert not (home.home / WORKSHOP / PLAN).exists()


@pytest.mark.slow
def test_what_a_live_run_has_not_finished_is_left_to_it(june: SmallHome) -> None:
    from pipeline.base.errors import LedgerBusy
    from pipeline.ledger.lock import ledger_lock

    folder = june.home / "output" / str(JUNE)
    os.replace(folder, folder.with_name(f".{JUNE}.old"))  # a run is just putting a new folder in its place
    with ledger_lock(june.home, WORDS):
        heal(june.home, WORDS)
        assert not folder.exists()
        (june.home / WORKSHOP).mkdir()
        (june.home / WORKSHOP / PLAN).write_text("[]")
        with pytest.raises(LedgerBusy):
            heal(june.home, WORDS)
    heal(june.home, WORDS)
    assert folder.exists()


@pytest.mark.slow
def test_a_workbook_open_in_excel_stops_a_rebuild_with_a_sentence_and_leaves_all_as_it_was(
    home: SmallHome, monkeypatch: pytest.MonkeyPatch
) -> None:
    right, replace = kept_bytes(home.home), os.replace

    def open_elsewhere(source: Any, target: Any) -> None:
        if Path(source) == home.home / "output" / str(JULY):
            raise PermissionError(errno.EACCES, "in use", str(source))
        replace(source, target)

    with monkeypatch.context() as patched:
        patched.setattr("os.replace", open_elsewhere)
        result = call("rebuild", *at(home), "--workers", "1", "--quiet")
    assert (result.exit_code, "Excel" in result.output) == (1, True)
    assert kept_bytes(home.home) == right


@pytest.mark.slow
def test_a_rebuild_over_which_the_disk_fills_leaves_all_as_it_was(
    home: SmallHome, monkeypatch: pytest.MonkeyPatch
) -> None:
    right = kept_bytes(home.home)
    with monkeypatch.context() as patched:
        full = failing_month(JULY, OSError(errno.ENOSPC, "full"))
        patched.setattr(MonthWriter, "write_month", full)
        result = call("rebuild", *at(home), "--workers", "1", "--quiet")
    assert (result.exit_code, "磁盘已满" in result.output) == (1, True)
    assert kept_bytes(home.home) == right


@pytest.mark.slow
def test_a_rebuild_that_cannot_write_a_month_leaves_all_editions_as_they_were(
    home: SmallHome, monkeypatch: pytest.MonkeyPatch
) -> None:
    right = kept_bytes(home.home)
    monkeypatch.setattr(MonthWriter, "write_month", failing_month(JULY, ZeroDivisionError()))
    result = call("rebuild", "--home", str(home.home), "--workers", "1", "--quiet")
    assert (result.exit_code, str(JULY) in result.output, "没有重建" in result.output) == (1, True, True)
    assert kept_bytes(home.home) == right


@pytest.mark.parametrize(("rule", "number"), [(MACHINE, errno.EIO), (NO_SPACE, errno.ENOSPC)])
def test_what_needs_a_file_over_which_the_machine_failed_is_not_made_lesser_but_another_time(
    tmp_path: Path, rule: str, number: int
) -> None:
    raise_machine_fault(Refusal("reader_crashed"), tmp_path)  # the file's own fault: a list stands in for the copy
    raise_machine_fault("an answer", tmp_path)
    with pytest.raises(OSError) as raised:
        raise_machine_fault(Refusal(rule), tmp_path)
    assert raised.value.errno == number
