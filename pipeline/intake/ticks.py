"""What stands in a tick's cell: √ and the like, the day or the times of what took place, or what nobody can know."""

import datetime as dt
import re
from dataclasses import dataclass

from pipeline.intake.raw import Cell
from pipeline.intake.reading import shown
from pipeline.intake.text_forms import plain, visible
from pipeline.intake.values import FLAGS

_TICKS = frozenset((*(word for word, yes in FLAGS.items() if yes), "1", "ok", "如常", "正常", "as usual", "usual"))
NOT_DONE = frozenset((*(word for word, yes in FLAGS.items() if not yes), "0", "/", "-", "—", "无", "未访", "未做"))
UNCHANGED = frozenset(
    ("√", "✓", "✔", "☑", "✅", "未变", "不变", "没变", "无变化", "同上次", "同上月", "unchanged", "same", "no change")
)  # fmt: skip
_CLOCK = r"(\d{1,2})(?:[:.点时h])(\d{1,2})分?|(\d{1,2})(\d{2})"
_SPAN = re.compile(rf"(?:{_CLOCK})(?:[-–—−~～至到]+|to)(?:{_CLOCK})", re.ASCII)
_ON_DAY = re.compile(r"(?:(\d{1,2})月)?(\d{1,2})(?:日|号|st|nd|rd|th)[,，]?(.*)", re.ASCII)


def is_empty(cell: Cell) -> bool:
    """Whether a cell holds nothing that anybody sees."""
    return cell is None or (isinstance(cell, str) and not visible(cell).strip())


def sign_of(cell: Cell) -> str:
    """A cell's sign, in whatever width and case it was typed."""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    return plain(shown(cell)).casefold()


@dataclass(frozen=True)
class Tick:
    """What a row's tick says: nothing, as usual (on which day of the month, from when to when, where it tells that), or
    nobody can know what."""

    ticked: bool = False
    day: tuple[int | None, int] | None = None  # the month, where it is told, and the day in it
    span: tuple[dt.time, dt.time] | None = None
    rule: str = ""


NO_TICK = Tick()
UNCLEAR = Tick(rule="tick_unclear")


def read_tick(cell: Cell) -> Tick:
    """A tick's cell: √, ✓, 是, 1, Y and the like, or the day, the time from and to, or both."""
    if is_empty(cell):
        return NO_TICK
    sign = sign_of(cell)
    if sign in _TICKS:
        return Tick(ticked=True)
    if sign in NOT_DONE:
        return NO_TICK
    return _of_text("".join(sign.split()))


def _of_text(text: str) -> Tick:
    """A tick that tells the day, the times, or both."""
    on_day = _ON_DAY.fullmatch(text)
    day = None if on_day is None else (int(on_day[1]) if on_day[1] else None, int(on_day[2]))
    rest = text if on_day is None else on_day[3]
    if day is not None and (not rest or rest in _TICKS):
        return Tick(ticked=True, day=day)
    found = _SPAN.fullmatch(rest)
    times = None if found is None else _times(found)
    return UNCLEAR if times is None else Tick(ticked=True, day=day, span=times)


def _times(found: re.Match[str]) -> tuple[dt.time, dt.time] | None:
    numbers = [int(group) for group in found.groups() if group is not None]
    hours, minutes = (numbers[0], numbers[2]), (numbers[1], numbers[3])
    if max(hours) > 23 or max(minutes) > 59:
        return None
    return dt.time(hours[0], minutes[0]), dt.time(hours[1], minutes[1])
