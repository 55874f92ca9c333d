"""What is said of a week's schedule: where it is, how many visits, and which plans have changed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from pipeline.words import Words

if TYPE_CHECKING:
    from pipeline.commands.schedule import ManagerWeek, Scheduled

MANAGERS_SHOWN = 10


def schedule_lines(scheduled: Scheduled, words: Words) -> Iterator[str]:
    """What was written, and what became of plans that had been issued."""
    week = scheduled.week
    span = {"week": week, "first": week.monday, "last": week.sunday}
    if not scheduled.managers:
        yield words("schedule.nobody" if scheduled.working_days else "schedule.no_working_day", **span)
        return
    visits = sum(one.visits for one in scheduled.managers)
    yield words("schedule.written", **span, count=len(scheduled.managers), visits=visits, folder=scheduled.folder)
    for happened in ("new_edition", "stands"):
        own = [one for one in scheduled.managers if one.happened == happened]
        yield from (_line(one, words) for one in own[:MANAGERS_SHOWN])
        if len(own) > MANAGERS_SHOWN:
            yield words("schedule.more_managers", more=len(own) - MANAGERS_SHOWN)
    same = sum(one.happened == "same" for one in scheduled.managers)
    if same:
        yield words("schedule.same", count=same)
    if scheduled.months:
        yield words("schedule.months", months=words.pick("、", ", ").join(map(str, scheduled.months)))


def _line(one: ManagerWeek, words: Words) -> str:
    return words(
        f"schedule.{one.happened}", manager_id=one.manager_id, manager_name=one.manager_name, edition=one.edition,
        more=one.more, fewer=one.fewer,
    )  # fmt: skip
