"""The inbox as people and systems leave it: links, pipes, strange names, clocks that were never set, another place."""

import datetime as dt
import os
import socket
import sys
import time
from pathlib import Path

import pytest
from small_home import SmallHome

from pipeline.base.errors import SettingsError
from pipeline.base.files import NotPlain, open_plain, readable_name
from pipeline.base.moments import clock_time, timestamp_of
from pipeline.contract.settings import load_settings, settings_from
from pipeline.intake.inbox import Left, arrival_of, list_files, settled_files

needs_posix = pytest.mark.skipif(sys.platform == "win32", reason="Windows has none of them, or not for everybody")


@pytest.fixture
def home(tmp_path: Path) -> SmallHome:
    made = SmallHome(tmp_path / "home")
    made.inbox.mkdir(parents=True)
    return made


def left(home: SmallHome) -> dict[str, str]:
    return {one.name: one.reason for one in settled_files(home.home)[1]}


def taken(home: SmallHome) -> list[str]:
    return [one.name for one in settled_files(home.home)[0]]


@needs_posix
def test_links_pipes_sockets_and_devices_are_told_and_never_followed(home: SmallHome, tmp_path: Path) -> None:
    secret = tmp_path / "secret.csv"
    secret.write_bytes(b"of somebody else")
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "不是我们的.csv").write_bytes(b"x")
    home.junk("好.csv", b"ours")
    (home.inbox / "链接.csv").symlink_to(secret)
    (home.inbox / "断.csv").symlink_to(tmp_path / "nowhere")
    (home.inbox / "文件夹").symlink_to(elsewhere, target_is_directory=True)
    (home.inbox / "圈").symlink_to(home.inbox, target_is_directory=True)
    os.mkfifo(home.inbox / "管道.xlsx")
    with socket.socket(socket.AF_UNIX) as one:
        here = os.getcwd()
        os.chdir(home.inbox)  # the path of a socket must be short
        try:
            one.bind("口.xlsx")
        finally:
            os.chdir(here)
        assert taken(home) == ["好.csv"]
        assert left(home) == dict.fromkeys(
            ["链接.csv", "断.csv", "文件夹", "圈", "管道.xlsx", "口.xlsx"], "special"
        )
    assert list_files(home.home) == [home.inbox / "好.csv"]
    said = home.run().output
    assert "不是普通文件" in said
    assert secret.exists()


@needs_posix
def test_a_file_that_becomes_a_link_or_a_pipe_after_it_was_seen_is_not_opened(tmp_path: Path) -> None:
    (tmp_path / "真.csv").write_bytes(b"x")
    (tmp_path / "链.csv").symlink_to(tmp_path / "真.csv")
    os.mkfifo(tmp_path / "管.csv")
    for name in ("链.csv", "管.csv"):
        with pytest.raises(NotPlain), open_plain(tmp_path / name):
            pass
    with open_plain(tmp_path / "真.csv") as file:
        assert file.read() == b"x"


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="everything is open to the superuser")
def test_a_folder_that_may_not_be_looked_into_is_told_and_stops_no_other_file(home: SmallHome) -> None:
    shut = home.inbox / "锁"
    shut.mkdir()
    home.junk("好.csv", b"ours")
    shut.chmod(0)
    try:
        assert (taken(home), left(home)) == (["好.csv"], {"锁": "unreadable"})
    finally:
        shut.chmod(0o700)


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="other systems have only names that are text")
def test_a_name_in_gbk_is_read_as_chinese_and_the_form_is_taken_in(home: SmallHome) -> None:
    home.masters()
    path = home.sends("M001", (3, "C001a", 10))
    os.rename(os.fsencode(path), os.fsencode(home.inbox) + b"/" + "月报_李明.xlsx".encode("gbk"))
    result = home.run(books=False)
    assert (result.exit_code, home.waiting(), home.value("volume")) == (0, [], 10)
    assert "月报_李明.xlsx" in set(home.csv("submissions")["file"])


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have only names that are text")
@pytest.mark.parametrize(
    ("raw", "name"),
    [
        ("月报.xlsx".encode(), "月报.xlsx"),
        ("月报.xlsx".encode("gbk"), "月报.xlsx"),
        (b"\xff\xfe.csv", "\\xff\\xfe.csv"),
        (b"a\nb\x1b[31m.csv", "a\\x0ab\\x1b[31m.csv"),
    ],
)
def test_every_name_can_be_shown(raw: bytes, name: str) -> None:
    assert readable_name(os.fsdecode(raw)) == name
    assert Left(Path(os.fsdecode(raw)), "open").name == name


def test_a_name_with_a_very_long_ending_is_archived_under_one_that_every_system_takes(home: SmallHome) -> None:
    home.masters()
    home.junk("a." + "x" * 200, b"nonsense")
    assert home.run().exit_code == 0
    assert home.waiting() == []
    assert max(len(path.name) for path in (home.home / "archive").rglob("*")) < 120


@pytest.mark.skipif(sys.platform == "win32", reason="Windows takes no such times")
@pytest.mark.parametrize("saved", [-5_000_000_000, 0, 253_402_300_800 + 86_400 * 400, 4_000_000_000])
def test_a_file_whose_clock_cannot_be_right_counts_as_saved_when_it_is_first_seen(
    home: SmallHome, saved: float
) -> None:
    path = home.junk("时间.csv", b"x")
    try:
        os.utime(path, (saved, saved))
    except OverflowError:
        pytest.skip("this file system keeps no such times")
    before = clock_time(time.time() - 60, "Asia/Shanghai")
    assert before <= arrival_of(path).saved_at <= clock_time(time.time() + 60, "Asia/Shanghai")


@pytest.mark.parametrize(
    ("zone", "saved_at"), [("Asia/Shanghai", "2024-07-06T00:30:00"), ("UTC", "2024-07-05T16:30:00")]
)
def test_the_settings_time_zone_tells_when_a_file_was_saved_and_the_machines_does_not(
    home: SmallHome, zone: str, saved_at: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = home.junk("半夜.csv", b"x")
    moment = dt.datetime(2024, 7, 5, 16, 30, tzinfo=dt.UTC).timestamp()  # 00:30 of the next day in Shanghai
    os.utime(path, (moment, moment))
    for machine in ("America/New_York", "Pacific/Auckland"):
        monkeypatch.setenv("TZ", machine)
        if hasattr(time, "tzset"):
            time.tzset()
        assert arrival_of(path, zone).saved_at == saved_at
        assert timestamp_of(saved_at, zone) == moment
    monkeypatch.undo()
    if hasattr(time, "tzset"):
        time.tzset()


@pytest.mark.slow
def test_midnight_in_shanghai_after_the_deadline_is_late(home: SmallHome) -> None:
    home.masters()
    home.sends("M001", (3, "C001a", 10), saved="2024-07-05T23:59:59")  # due on Friday the 5th of July
    home.sends("M002", (3, "C002a", 10), saved="2024-07-06T00:00:01")
    home.run(books=False)
    assert (home.state("M001"), home.state("M002")) == ("on time", "late")


def test_a_time_zone_that_nobody_knows_is_an_error_of_the_settings() -> None:
    for zone in ("Asia/Nowhere", "../etc/passwd", ""):
        with pytest.raises(SettingsError, match="time_zone"):
            settings_from({"time_zone": zone})


@pytest.mark.slow
def test_the_inbox_may_lie_elsewhere_and_the_one_at_home_is_not_looked_at(home: SmallHome, tmp_path: Path) -> None:
    shared = tmp_path / "共享盘"
    home.masters()
    home.sends("M001", (3, "C001a", 10))
    os.rename(home.inbox, shared)
    home.junk("不看.csv", b"x")
    (home.home / "yuebao.toml").write_text(f"[folders]\ninbox = '{shared}'\n", encoding="utf-8")
    assert home.run(books=False).exit_code == 0
    assert (home.value("volume"), list(shared.iterdir()), home.waiting()) == (10, [], ["不看.csv"])
    shared.rmdir()
    gone = home.run(books=False)
    assert (gone.exit_code, str(shared) in gone.output) == (1, True)


def test_an_inbox_from_the_home_is_found_wherever_the_command_is_called(home: SmallHome) -> None:
    os.rename(home.inbox, home.home / "收件")
    (home.home / "yuebao.toml").write_text('[folders]\ninbox = "收件"\n', encoding="utf-8")
    (home.home / "收件" / "甲.csv").write_bytes(b"x")
    assert [path.name for path in list_files(home.home, "收件")] == ["甲.csv"]


@pytest.mark.parametrize(
    "inbox", [".", "..", "ledger", "output/2024-06", "archive/x", "sent", "./ledger/../output"]
)
def test_an_inbox_among_or_around_what_is_made_is_refused_before_any_file_is_touched(
    home: SmallHome, inbox: str
) -> None:
    (home.home / "yuebao.toml").write_text(f'[folders]\ninbox = "{inbox}"\n', encoding="utf-8")
    with pytest.raises(SettingsError, match=r"folders\.inbox"):
        load_settings(home.home)
