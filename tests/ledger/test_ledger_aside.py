"""What is made anew takes the place of the old as a whole: killed or failing anywhere, it is all old or all new."""

import errno
import os
import shutil
from pathlib import Path
from typing import Any

import pytest

from pipeline.ledger import aside
from pipeline.ledger.aside import BEFORE, clear_workshop, is_half_moved_in, move_in, new_workshop

NAMES = ("ledger", "output/2024-05", "output/2024-06")
OLD = dict.fromkeys(NAMES[:2], "old")  # June was not there
NEW = dict.fromkeys(NAMES, "new")


class Killed(BaseException):
    """The process is gone: nothing is put right any more."""


@pytest.fixture
def home(tmp_path: Path) -> Path:
    for name in OLD:
        fill(tmp_path / name, "old")
    shop = new_workshop(tmp_path)
    for name in NEW:
        fill(shop / name, "new")
    return tmp_path


def fill(folder: Path, text: str) -> None:
    folder.mkdir(parents=True)
    (folder / "file").write_text(text)


def stands(home: Path) -> dict[str, str]:
    return {name: (home / name / "file").read_text() for name in NAMES if (home / name).exists()}


def fail_at(monkeypatch: pytest.MonkeyPatch, number: int, error: BaseException, *, last: int = 0) -> list[str]:
    """The n-th folder that is moved, and all up to `last`, fail."""
    moved: list[str] = []
    replace = os.replace

    def failing(source: Any, target: Any) -> None:
        if Path(source).is_dir():
            moved.append(str(source))
            if number <= len(moved) <= max(number, last):
                raise error
        replace(source, target)

    monkeypatch.setattr(aside.os, "replace", failing)
    return moved


def test_all_that_was_made_stands_in_its_place_and_the_workshop_is_gone(home: Path) -> None:
    move_in(home, NAMES)
    clear_workshop(home)
    assert stands(home) == NEW
    assert sorted(path.name for path in home.iterdir()) == ["ledger", "output"]


def test_a_month_alone_is_moved_in_and_where_no_output_was_yet_it_is_made(home: Path) -> None:
    move_in(home, NAMES[1:2])
    assert stands(home) == {"ledger": "old", "output/2024-05": "new"}
    shutil.rmtree(home / "output")
    move_in(home, NAMES[2:])
    assert stands(home) == {"ledger": "old", "output/2024-06": "new"}


@pytest.mark.parametrize("step", range(1, 6))
def test_killed_at_any_step_the_next_one_moves_all_of_it_in(
    home: Path, monkeypatch: pytest.MonkeyPatch, step: int
) -> None:
    with monkeypatch.context() as patched:
        fail_at(patched, step, Killed())
        with pytest.raises(Killed):
            move_in(home, NAMES)
    assert is_half_moved_in(home)
    clear_workshop(home)
    assert (stands(home), is_half_moved_in(home)) == (NEW, False)


@pytest.mark.parametrize("step", range(1, 6))
def test_a_folder_that_cannot_be_moved_leaves_all_as_it_was(
    home: Path, monkeypatch: pytest.MonkeyPatch, step: int
) -> None:
    with monkeypatch.context() as patched:
        fail_at(patched, step, PermissionError(errno.EACCES, "open in Excel"))
        with pytest.raises(PermissionError):
            move_in(home, NAMES)
    assert (stands(home), is_half_moved_in(home)) == (OLD, False)
    clear_workshop(home)
    assert stands(home) == OLD


def test_what_can_neither_be_moved_in_nor_back_is_moved_in_by_the_next_one(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        fail_at(patched, 3, PermissionError(errno.EACCES, "open in Excel"), last=9)
        with pytest.raises(PermissionError):
            move_in(home, NAMES)
        with pytest.raises(PermissionError):
            clear_workshop(home)
    assert is_half_moved_in(home)
    clear_workshop(home)
    assert stands(home) == NEW


def test_a_workshop_whose_plan_was_never_written_is_dropped(home: Path) -> None:
    assert not is_half_moved_in(home)
    clear_workshop(home)
    assert stands(home) == OLD
    assert not (home / aside.WORKSHOP).exists()


def test_a_workshop_begins_empty(home: Path) -> None:
    assert list(new_workshop(home).iterdir()) == []


def test_a_ledger_that_an_earlier_version_set_aside_comes_back(home: Path) -> None:
    shutil.rmtree(home / aside.WORKSHOP)
    os.replace(home / "ledger", home / BEFORE)
    fill(home / "ledger", "half made")
    assert is_half_moved_in(home)
    clear_workshop(home)
    assert (stands(home), is_half_moved_in(home)) == (OLD, False)
