"""A manager's hand: fills in a pack so that it says what a month's rows say, with as few cells as it takes.

Of each row that is to be told the hand takes, among the rows that stand in the sheet, the one that leaves least to
type; it ticks where the rest is as usual, writes the times as the tick, says "unchanged" where the last value is true
again, and types everything else. What it types is counted: a tick is a cell, and so is a nil tick on the cover.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import openpyxl
import pandas as pd
from openpyxl.workbook import Workbook

from pipeline.contract import form_layout as layout
from schemas.columns import Column
from schemas.form import Form
from schemas.profile import Profile

TICK = layout.USUAL_HEADING.zh
NEW_ROW = -1


@dataclass
class Hand:
    """Fills in one pack; `typed` counts the cells typed by form."""

    book: Workbook
    profile: Profile
    typed: dict[str, int] = field(default_factory=dict)

    def fill(self, truth: Mapping[str, pd.DataFrame]) -> None:
        """Makes the pack say what these rows say, form by form; forms without a sheet are not asked for."""
        for key, rows in truth.items():
            form = self.profile.forms[key]
            if layout.sheet_name(form, "zh") not in self.book.sheetnames:
                continue
            self.typed[key] = _Sheet(self, form).fill(rows) or self._nil(form)

    def _nil(self, form: Form) -> int:
        cover = self.book["封面"]
        for row in cover.iter_rows(min_col=1, max_col=2):
            if row[0].value == layout.sheet_name(form, "zh"):
                row[1].value = "√"
                return 1
        raise AssertionError(form.key)


class _Sheet:
    def __init__(self, hand: Hand, form: Form) -> None:
        self.form, self.profile = form, hand.profile
        self.sheet = hand.book[layout.sheet_name(form, "zh")]
        heads = {cell.value: cell.column for cell in self.sheet[layout.HEADER_ROW] if cell.value}
        self.at = {one.name: heads[layout.heading(one, "zh")] for one in form.columns}
        self.last = {
            one.name: heads[layout.last_heading(one, "zh")]
            for one in form.columns
            if one.last and layout.last_heading(one, "zh") in heads
        }
        self.tick = heads.get(TICK)
        mark = heads[layout.MARK_HEADING.zh]
        rows = range(layout.FIRST_DATA_ROW, self.sheet.max_row + 1)
        self.issued = [row for row in rows if self.sheet.cell(row, mark).value]
        self.next_row = (self.issued[-1] if self.issued else layout.FIRST_DATA_ROW - 1) + 1
        self.stands = {row: self._standing(row) for row in self.issued}

    def _standing(self, row: int) -> dict[str, object]:
        return {name: self.sheet.cell(row, at).value for name, at in self.at.items()}

    def fill(self, rows: pd.DataFrame) -> int:
        told = [
            {one.name: self._as_typed(one, row[one.name]) for one in self.form.columns} for row in _records(rows)
        ]
        free, left = set(self.issued), list(range(len(told)))
        typed = 0
        day = self.form.month_column or self.form.columns[0].name
        pairs = sorted(
            (len(self._plan(told[n], row)), not _same(told[n][day], self.stands[row][day]), n, row)
            for n in left
            for row in self._alike(told[n])
        )
        taken: dict[int, int] = {}
        for _, _, number, row in pairs:
            if number not in taken and row in free:
                taken[number] = row
                free.discard(row)
        for number in left:
            row = taken.get(number, NEW_ROW)
            plan = self._plan(told[number], row)
            if row != NEW_ROW and len(self._plan(told[number], NEW_ROW)) < len(plan):
                row, plan = NEW_ROW, self._plan(told[number], NEW_ROW)
            if row == NEW_ROW:
                row, self.next_row = self.next_row, self.next_row + 1
            for column, value in plan.items():
                self.sheet.cell(row, column).value = value
            typed += len(plan)
        return typed

    def _alike(self, told: Mapping[str, object]) -> list[int]:
        """The rows that stand there and are about the same: their codes are those to be told."""
        codes = [one.name for one in self.form.columns if one.kind == "id"]
        return [
            row
            for row in self.issued
            if self._is_about(row, told, codes) or self._is_about(row, told, self.form.same)
        ]

    def _is_about(self, row: int, told: Mapping[str, object], names: Sequence[str]) -> bool:
        stands = self.stands[row]
        return all(stands[name] in (None, told[name]) for name in names) and any(stands[name] for name in names)

    def _plan(self, told: Mapping[str, object], row: int) -> dict[int, object]:
        """What is to be typed into a row, by the column of the sheet."""
        stands = self.stands.get(row, dict.fromkeys(self.at))
        last = {name: self.sheet.cell(row, at).value if row != NEW_ROW else None for name, at in self.last.items()}
        plans = [self._typed(told, stands, last)]
        if self.tick is not None:
            plans += [plan for plan in [self._ticked(told, stands, last)] if plan is not None]
        return min(filter(None, plans), key=len, default={})  # a row that nobody touches tells nothing

    def _typed(
        self, told: Mapping[str, object], stands: Mapping[str, object], last: Mapping[str, object]
    ) -> dict[int, object]:
        return {
            self.at[name]: self._word(name, value, last)
            for name, value in told.items()
            if not _same(value, stands[name])
        }

    def _word(self, name: str, value: object, last: Mapping[str, object]) -> object:
        return "未变" if value is not None and name in last and _same(last[name], value) else value

    def _ticked(
        self, told: Mapping[str, object], stands: Mapping[str, object], last: Mapping[str, object]
    ) -> dict[int, object] | None:
        """With a tick; None where that would say of a cell what is not so."""
        plan: dict[int, object] = {self.tick: "√"}  # type: ignore[dict-item]
        times = [told[one.name] for one in self.form.columns if one.usual and one.usual.time]
        spans = len(times) == 2 and all(isinstance(one, dt.time) for one in times)
        if spans:
            plan[self.tick] = f"{times[0]:%H%M}-{times[1]:%H%M}"  # type: ignore[index,str-format]
        day = self.form.month_column or ""
        moved = day in told and not _same(told[day], stands[day])
        if moved:
            plan[self.tick] = f"{told[day].day}日{plan[self.tick]}"  # type: ignore[index,attr-defined]
        for column in self.form.columns:
            name, usual = column.name, column.usual
            value = told[name]
            if name == day and moved:
                continue
            if _same(value, stands[name]) and (usual is None or stands[name] is not None):
                continue
            goes = None if usual is None else self._goes_without_saying(column, told, last, spans)
            if goes is not None and _same(value, goes):
                continue
            if value is None and goes is not None:
                return None
            if value is None and stands[name] is None:
                continue
            plan[self.at[name]] = self._word(name, value, last)
        return plan

    def _goes_without_saying(
        self, column: Column, told: Mapping[str, object], last: Mapping[str, object], spans: bool
    ) -> object:
        usual = column.usual
        assert usual is not None
        if usual.unless in told and told[usual.unless] is not None:
            return None
        if usual.time:
            return told[column.name] if spans else None
        if usual.unchanged:
            return last.get(column.name)
        if usual.filled:
            return "否" if told[usual.filled] is None else "是"
        if column.kind == "flag":
            return "是" if usual.value == "true" else "否"
        if column.kind == "choice":
            return next(one.zh for one in layout.choices_of(column, self.profile) if one.key == usual.value)
        return float(usual.value)

    def _as_typed(self, column: Column, value: object) -> object:
        """A value as a manager types it."""
        if value is None or pd.isna(value):  # type: ignore[call-overload]
            return None
        labels = {one.key: one.zh for one in layout.choices_of(column, self.profile)}
        if column.kind == "flag":
            return labels["true" if value else "false"]
        if column.kind == "choice":
            return labels[str(value)]
        if column.kind == "day":
            return pd.Timestamp(value).to_pydatetime()  # type: ignore[arg-type]
        if column.kind == "clock":
            return dt.time(int(value) // 60, int(value) % 60)  # type: ignore[call-overload]
        return str(value) if column.kind in ("text", "id") else float(value)  # type: ignore[arg-type]


def _records(rows: pd.DataFrame) -> list[dict[str, object]]:
    return [{str(name): value for name, value in row.items()} for row in rows.to_dict("records")]


def _same(one: object, other: object) -> bool:
    if isinstance(one, int | float) and isinstance(other, int | float):
        return abs(one - other) < 1e-9
    return one == other


def filled(pack: Path, target: Path, profile: Profile, truth: Mapping[str, pd.DataFrame]) -> dict[str, int]:
    """Fills in a pack and saves it; gives how many cells were typed by form."""
    hand = Hand(openpyxl.load_workbook(pack), profile)
    hand.fill(truth)
    hand.book.save(target)
    return hand.typed
