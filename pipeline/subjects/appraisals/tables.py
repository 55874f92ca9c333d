"""Tables of appraisals: whoever has no score is told which part lacks how many of how many."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from pipeline.base.calendar import Month
from pipeline.base.frames import records
from pipeline.base.period import Period
from pipeline.contract.show import number_text
from pipeline.subjects.appraisals.weigh import weights_in, weights_since
from pipeline.subjects.samples.sheets import department_word
from pipeline.workbooks.blocks import Cell, Column, Note, Shown, Table
from pipeline.workbooks.view import View, number, text
from schemas.entities import MANAGER, ORGANISATION

ENGINEER = "engineer"
Parts = Sequence[Mapping[str, Any]]


def _people(frame: pd.DataFrame) -> dict[str, list[dict[str, Any]]]:
    """The rows of each person, the best score first, those without behind."""
    found: dict[str, list[dict[str, Any]]] = {}
    for row in records(frame):
        found.setdefault(str(row["appraised_id"]), []).append(dict(row))
    order = sorted(found, key=lambda code: (-(number(found[code][0]["score"]) or -1.0), code))
    return {code: found[code] for code in order}


def part_name(view: View, figure: str) -> str:
    """What a part is called: its figure's name."""
    return view.label(view.figures[figure]) if figure in view.figures else figure


def lacking_text(view: View, parts: Parts) -> str:
    """Which parts rest on too few, and on how many of how many; empty where none does."""
    lacking = [
        view.word(
            "appraisals.lacking",
            figure=part_name(view, text(one["figure"])),
            n=number_text(number(one["n"]) or 0.0, 0),
            least=number_text(number(one["least"]) or 0.0, 0),
        )
        for one in parts
        if not one["is_enough"]
    ]
    if not lacking:
        return ""
    return view.word("appraisals.no_score", parts=view.words.pick("；", "; ").join(lacking))


def _part_columns(view: View, parts: Parts) -> list[Column]:
    columns = []
    for one in parts:
        name = part_name(view, text(one["figure"]))
        weight = number_text(100 * float(one["weight"]), 0)
        columns.append(
            Column(f"{one['part']}_points", view.word("appraisals.points", figure=name, weight=weight), "number1")
        )
        columns.append(Column(f"{one['part']}_n", view.word("appraisals.count", figure=name), "number0"))
    return columns


def _part_cells(parts: Parts) -> list[Cell]:
    """Points, greyed where they rest on too few, and on how many."""
    cells: list[Cell] = []
    for one in parts:
        cells.append(Shown(number(one["points"]), "number1", "plain" if one["is_enough"] else "muted"))
        cells.append(number(one["n"]))
    return cells


def managers_table(view: View) -> Table | None:
    """Each manager: score, each part's points and how many stand behind, or why there is no score."""
    people = _people(view.detail("appraisals"))
    if not people:
        return None
    first = next(iter(people.values()))
    columns = (
        Column("manager", view.level_word(MANAGER, heading=True)),
        Column("region", view.level_word("region", heading=True)),
        Column("score", view.word("appraisals.score"), "number1"),
        *_part_columns(view, first),
        Column("why", view.word("appraisals.why"), "note", wrap=True, units=34),
    )
    rows = tuple(
        (
            view.name(MANAGER, code), view.name("region", text(parts[0]["region_id"])), number(parts[0]["score"]),
            *_part_cells(parts), lacking_text(view, parts) or None,
        )
        for code, parts in people.items()
    )  # fmt: skip
    return Table("appraisals_managers", view.word("appraisals.managers"), columns, rows, tuple(people))


def best_table(view: View) -> Table | None:
    """The best of each region with the figures that put them there; None where none are named."""
    frame, people = view.detail("best_appraised"), _people(view.detail("appraisals"))
    known = [one for one in records(frame) if str(one["entity_id"]) in people]
    if not known:
        return None
    first = people[str(known[0]["entity_id"])]
    columns = (
        Column("region", view.level_word("region", heading=True)),
        Column("place", view.word("appraisals.place"), "rank"),
        Column("manager", view.level_word(MANAGER, heading=True)),
        Column("score", view.word("appraisals.score"), "number1"),
        *_part_columns(view, first),
    )
    rows = tuple(
        (
            view.name("region", text(one["region_id"])), number(one["place"]),
            view.name(MANAGER, text(one["entity_id"])), number(one["score"]),
            *_part_cells(people[str(one["entity_id"])]),
        )
        for one in known
    )  # fmt: skip
    most = view.report.settings.profile.appraisals[MANAGER].best
    note = view.word("appraisals.best_note", most=most)
    return Table("appraisals_best", view.word("appraisals.best", most=most), columns, rows, note=note)


def engineers_table(view: View) -> Table | None:
    """Each engineer, with what its own department gave it beside."""
    frame = view.detail("engineer_appraisals")
    if frame.empty:
        return None
    people = _people(frame[frame["level"] == view.report.level])
    if not people:
        return None
    first = next(iter(people.values()))
    columns = (
        Column("engineer", view.level_word(ENGINEER, heading=True)),
        Column("department", view.word("samples.department")),
        Column("score", view.word("appraisals.score"), "number1"),
        *_part_columns(view, first),
        Column("own", view.word("appraisals.own"), "number1"),
        Column("own_n", view.word("appraisals.own_count"), "number0"),
        Column("why", view.word("appraisals.why"), "note", wrap=True, units=34),
    )
    rows = tuple(
        (
            text(parts[0]["name"]), department_word(view, text(parts[0]["department"])), number(parts[0]["score"]),
            *_part_cells(parts), number(parts[0]["department_points"]), number(parts[0]["marks"]),
            lacking_text(view, parts) or None,
        )
        for parts in people.values()
    )  # fmt: skip
    is_whole = view.report.level == ORGANISATION
    note = "" if is_whole else view.word("appraisals.engineers_here")
    return Table(
        "appraisals_engineers", view.word("appraisals.engineers"), columns, rows, tuple(people), note=note
    )


def own_table(view: View) -> Table | None:
    """A manager's own appraisal, a row a part."""
    parts = _people(view.detail("appraisals")).get(view.report.entity_id)
    if not parts:
        return None
    columns = (
        Column("part", view.word("appraisals.part")),
        Column("value", view.word("appraisals.part_points"), "number1"),
        Column("weight", view.word("appraisals.weight"), "percent0"),
        Column("gained", view.word("appraisals.gained"), "number2"),
        Column("n", view.word("appraisals.part_count"), "number0"),
        Column("least", view.word("appraisals.least"), "number0"),
    )
    rows = tuple(
        (
            part_name(view, text(one["figure"])), _part_cells([one])[0], 100 * float(one["weight"]),
            _gained(one), number(one["n"]), number(one["least"]),
        )
        for one in parts
    )  # fmt: skip
    score = number(parts[0]["score"])
    told = lacking_text(view, parts) or view.word("appraisals.own_score", score=number_text(score or 0.0, 1))
    return Table("appraisals_own", view.word("appraisals.own_title"), columns, rows, note=told)


def _gained(part: Mapping[str, Any]) -> float | None:
    points = number(part["points"])
    return None if points is None or not part["is_enough"] else float(part["weight"]) * points


def notes(view: View, *, with_engineers: bool) -> list[Note]:
    """How it is weighed, since when, and what is not counted."""
    profile, last = view.report.settings.profile, _last(view)
    levels = (MANAGER, ENGINEER) if with_engineers else (MANAGER,)
    told = []
    for level in (one for one in levels if one in profile.appraisals):
        appraisal = profile.appraisals[level]
        parts = [
            view.word(
                "appraisals.weighed_part",
                figure=part_name(view, appraisal.parts[name].figure),
                weight=number_text(100 * weight, 0),
                least=number_text(least, 0),
            )
            for name, (weight, least) in weights_in(appraisal, last).items()
        ]
        since = weights_since(appraisal, last)
        valid = view.word("appraisals.valid_since", month=view.month_name(Month.parse(since))) if since else ""
        joined = view.words.pick("、", ", ").join(parts)
        told.append(Note(view.word("appraisals.weighed", level=view.level_word(level), parts=joined, since=valid)))
    return [*told, Note(view.word("appraisals.note"))]


def _last(view: View) -> Month:
    period = view.report.period
    return period.last if isinstance(period, Period) else period
