"""Where things are told is known without opening the lists of earlier months; what is kept for that is made again."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from ledger_home import JUNE, MAY, LedgerHome, sale

from pipeline.base.calendar import Month
from pipeline.commands.status import board_of
from pipeline.contract.problem import Problem
from pipeline.contract.settings import load_settings
from pipeline.ledger.in_short import InShort, is_unplaced, kind_of
from pipeline.taking.lists_in_short import FORMAT, Kept, ListsInShort
from pipeline.taking.refused import files_told, told_of
from pipeline.work.plain_data import to_plain_data

KEPT = "ledger/derived/problems_in_short.kept"
_watched: list[list[str]] = []


def _hear(event: str, arguments: tuple[object, ...]) -> None:
    if event == "open" and _watched and f"{arguments[0]}".count("/ledger/"):
        _watched[-1].append(f"{arguments[0]}".rpartition("/ledger/")[2])


sys.addaudithook(_hear)


@contextmanager
def opened_files() -> Iterator[list[str]]:
    """The files of the ledger that are opened in the block."""
    _watched.append([])
    try:
        yield _watched[-1]
    finally:
        _watched.pop()


def home_with(folder: Path, earlier_months: int) -> LedgerHome:
    """Months before May, each with a form that has a fault and a file that nobody can read."""
    home = LedgerHome(folder)
    home.masters(Month(2023, 1))
    for back in range(earlier_months):
        month = MAY + -back
        wrong = sale("C001x", 1, month=month)
        home.sends("M001", sale("C001a", 5, month=month), wrong, month=month, name=f"{month}.xlsx")
        home.drops(f"坏{month}.xlsx", f"PK no workbook {back}".encode(), f"{month + 1}-03T09:00")
    home.run()
    return home


def test_what_a_run_and_the_board_open_does_not_grow_with_the_months_before(tmp_path: Path) -> None:
    counts = []
    for months in (1, 4):
        home = home_with(tmp_path / f"{months}", months)
        home.sends("M001", sale("C001a", 7), sale("C001x", 1), name="六月.xlsx")
        with opened_files() as opened:
            home.run()
            board = board_of(home.home, load_settings(home.home), JUNE, date(2024, 7, 20))
            list(files_told(home.home, told_of(home.home, home.manifest), JUNE))
        assert len(board.refused) == months
        counts.append(sum(name.startswith(("problems/", "masters/managers")) for name in opened))
    assert counts[0] == counts[1]


def test_a_row_is_unplaced_where_it_has_no_manager_or_no_month() -> None:
    row = Problem("unknown_manager", "row left out", month="2024-06", form="sales")
    counted = replace(row, rule="more_cells", details=(("rule", "unknown_manager"), ("count", "9")))
    undated = replace(row, rule="day", month="")
    assert [is_unplaced(one) for one in (row, counted, undated, kind_of(counted))] == [True] * 4
    placed = (replace(row, rule="limits"), replace(row, effect="note"), replace(row, form=""))
    assert [is_unplaced(one) for one in placed] == [False] * 3


@pytest.fixture
def home(tmp_path: Path) -> LedgerHome:
    return home_with(tmp_path / "home", 1)


def in_short(home: LedgerHome) -> dict[str, InShort]:
    lists = ListsInShort(home.home, home.manifest)
    return {one.name: lists(one.sha256) for one in home.manifest.receipts}


def test_a_file_without_problems_has_none_in_short_and_one_refused_says_why(home: LedgerHome) -> None:
    found = in_short(home)
    assert found["主数据.xlsx"] == InShort()
    assert [one.month for one in found["2024-05.xlsx"].kinds] == ["2024-05"]
    reason = found["坏2024-05.xlsx"].reason
    assert reason is not None
    assert reason.effect == "form left out"
    assert ListsInShort(home.home, home.manifest)("f" * 64) == InShort()


@pytest.mark.parametrize(
    "foreign",
    [None, b"", b"cos\nsystem\n(S'true'\ntR.", to_plain_data(Kept(FORMAT + 1)), to_plain_data({"lists": 1})],
)
def test_what_is_kept_in_short_is_made_again_where_it_is_missing_or_foreign(
    home: LedgerHome, foreign: bytes | None
) -> None:
    path, found = home.home / KEPT, in_short(home)
    names = ListsInShort(home.home, home.manifest).names()
    kept = path.read_bytes()
    path.unlink()
    if foreign is not None:
        path.write_bytes(foreign)
    lists = ListsInShort(home.home, home.manifest)
    assert (in_short(home), lists.names()) == (found, names)
    lists.keep()
    assert path.read_bytes() == kept


def test_a_list_that_is_not_the_one_the_ledger_names_is_read_but_not_kept(home: LedgerHome) -> None:
    (receipt,) = [one for one in home.manifest.receipts if one.name == "2024-05.xlsx"]
    (home.home / KEPT).unlink()
    (home.home / "ledger" / "problems" / receipt.sha256[:2] / f"{receipt.sha256}.json").write_text("[]")
    lists = ListsInShort(home.home, home.manifest)
    assert lists(receipt.sha256) == InShort()
    lists.keep()
    assert b"C001x" not in (home.home / KEPT).read_bytes()
    assert lists.names() == {"M001": "李明", "M002": "王芳", "M003": "赵强"}
