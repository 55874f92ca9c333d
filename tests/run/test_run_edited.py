"""What somebody wrote into a month's folder is never lost, whatever writes the month anew."""

import os
import shutil
from pathlib import Path

import pytest
from small_home import SmallHome, call

from pipeline.ledger.output import discard, edited_files, finish, write_run_record
from pipeline.words import load_words

BOOK = "regions/2024-06_R01_区域R01.xlsx"
pytestmark = pytest.mark.slow


@pytest.fixture
def home(june: SmallHome) -> SmallHome:
    return june


def june(home: SmallHome) -> Path:
    return home.home / "output" / "2024-06"


def edited(home: SmallHome) -> dict[str, bytes]:
    folder = home.home / "output" / "edited"
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in edited_files(home.home)}


def test_a_workbook_with_somebodys_remarks_is_kept_before_it_is_written_anew_and_the_run_says_where(
    home: SmallHome,
) -> None:
    before = (june(home) / BOOK).read_bytes()
    (june(home) / BOOK).write_bytes(b"with remarks")
    (june(home) / "会议记录.docx").write_bytes(b"minutes")
    result = home.run()
    assert edited(home) == {f"2024-06/{BOOK}": b"with remarks"}
    assert f"2024-06/{BOOK}" in result.output
    assert "没有丢失" in result.output
    assert (june(home) / BOOK).read_bytes() == before
    assert (june(home) / "会议记录.docx").read_bytes() == b"minutes"
    assert "没有丢失" not in home.run().output
    assert call("verify", "--home", str(home.home)).exit_code == 0


def test_a_rebuild_keeps_it_too(home: SmallHome) -> None:
    (june(home) / BOOK).write_bytes(b"with remarks")
    result = call("rebuild", "--home", str(home.home), "--workers", "1", "--quiet")
    assert edited(home) == {f"2024-06/{BOOK}": b"with remarks"}
    assert f"2024-06/{BOOK}" in result.output


def test_so_does_a_run_that_was_killed_before_it_could(home: SmallHome) -> None:
    old = june(home).with_name(".2024-06.old")
    shutil.copytree(june(home), old)
    (old / BOOK).write_bytes(b"with remarks")
    finish(home.home, load_words("zh"))
    assert (edited(home), old.exists()) == ({f"2024-06/{BOOK}": b"with remarks"}, False)


def test_where_the_record_of_what_was_written_is_gone_what_is_the_same_again_is_not_kept(home: SmallHome) -> None:
    (june(home) / BOOK).write_bytes(b"with remarks")
    os.remove(june(home) / "run.json")
    home.run()
    assert edited(home) == {f"2024-06/{BOOK}": b"with remarks"}


def test_lists_of_a_month_of_which_all_was_refused_are_kept_when_the_month_is_reported(tmp_path: Path) -> None:
    home = SmallHome(tmp_path / "home")
    home.masters()
    home.junk("M001.xlsx", b"PK\x03\x04 no workbook")
    home.run()
    assert call("verify", "--home", str(home.home)).exit_code == 0  # the lists of such a month are ours
    (june(home) / "data" / "problems.csv").write_bytes(b"with remarks")
    assert "output/2024-06/data/problems.csv" in call("verify", "--home", str(home.home)).output
    home.sends("M001", (3, "C001a", 10), saved="2024-07-04T09:00")
    home.run()
    assert edited(home) == {"2024-06/data/problems.csv": b"with remarks"}


def test_what_could_not_be_removed_of_an_old_folder_is_not_taken_for_somebodys_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old, remove = tmp_path / "output" / ".2024-06.old", shutil.rmtree
    (old / "managers").mkdir(parents=True)
    (old / "managers" / "a.xlsx").write_bytes(b"as written")
    write_run_record(old, {"edition": 1})
    with monkeypatch.context() as patch:
        patch.setattr(
            shutil, "rmtree", lambda path, **how: None if path.name == "managers" else remove(path, **how)
        )
        discard(tmp_path, old, "2024-06", None)
    assert sorted(path.name for path in old.iterdir()) == ["managers", "run.json"]
    discard(tmp_path, old, "2024-06", None)
    assert not old.exists()
    assert not (tmp_path / "output" / "edited").exists()
