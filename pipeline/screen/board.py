"""The submissions board in the terminal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from rich.table import Table

from pipeline.base.calendar import is_announced
from pipeline.base.period import Period
from pipeline.screen.console import Console, listed_names
from pipeline.words import Words
from schemas.form import Form

if TYPE_CHECKING:
    from pipeline.commands.status import Board

_STYLES = {
    "on time": "green", "corrected": "green", "nil": "cyan", "late": "yellow", "held": "yellow", "waiting": "cyan",
}  # fmt: skip


def state_text(state: str, words: Words) -> str:
    """A state of the board, as people say it."""
    return words(f"run.state.{state.replace(' ', '_')}")


def stale_text(periods: Sequence[Period], words: Words) -> str:
    """Which longer periods rest on months that have changed since."""
    return words(
        "run.done.stale_periods", periods=words.pick("、", ", ").join(map(str, periods)), first=periods[0]
    )


def board_table(board: Board, words: Words, forms: Mapping[str, Form]) -> None:
    """The board as a table in the terminal, and who is not complete."""
    console = Console()
    if board.rows.empty:
        console.print(words("run.status.none"))
        _files_of_board(console, board, words)
        return
    shown = [form for form in dict.fromkeys(board.rows["form"]) if form]
    table = Table(title=words("run.status.title", month=board.month, deadline=board.due_on))
    for heading in ("region", "manager", "name"):
        table.add_column(words(f"run.status.{heading}"))
    for form in shown:
        table.add_column(words.pick(forms[form].zh, forms[form].en))
    known = board.managers.set_index("manager_id")
    for manager, rows in board.rows[board.rows["manager_id"] != ""].groupby("manager_id"):
        states = dict(zip(rows["form"], rows["state"], strict=True))
        cells = [_state_cell(states.get(form, ""), words) for form in shown]
        region, name = (str(known[column].get(manager, "")) for column in ("region_id", "manager_name"))
        table.add_row(region, str(manager), name, *cells)
    console.print(table)
    if not is_announced(board.due_on.year):
        console.print(words("run.done.not_announced", year=board.due_on.year))
    for one in board.questions:
        line = words(
            "run.status.question", name=one.file, sha=one.sha256[:12], month=one.month, manager=one.manager_id
        )
        console.print(line, markup=False, soft_wrap=True)
    waiting = board.not_complete()
    names = "、".join(f"{manager} {known['manager_name'].get(manager, '')}".strip() for manager in waiting)
    console.print(words("run.status.not_sent", names=names) if waiting else words("run.status.all_sent"))
    _files_of_board(console, board, words)


def _files_of_board(console: Console, board: Board, words: Words) -> None:
    """The files that wait in the inbox, those that stay refused, and longer periods that are to be told anew."""
    if board.stale:
        console.print(stale_text(board.stale, words), markup=False, soft_wrap=True)
    if board.waiting:
        listed = listed_names([one.name for one in board.waiting])
        line = words("run.status.waiting", count=len(board.waiting), names=listed)
        console.print(line, markup=False, soft_wrap=True)
        if any(not one.manager_id for one in board.waiting):
            console.print(words("run.status.waiting_of_unknown"), markup=False, soft_wrap=True)
    if board.refused:
        names = listed_names([f"{one.receipt.name} ({one.month})" for one in board.refused])
        line = words("run.status.refused", count=len(board.refused), names=names)
        console.print(line, markup=False, soft_wrap=True)


def _state_cell(state: str, words: Words) -> str:
    if not state:
        return ""
    return f"[{_STYLES.get(state, 'red')}]{state_text(state, words)}[/]"
