"""Tables of training: the courses of the month, and who is how far with the credits of the year."""

import pandas as pd

from pipeline.contract.report import ORGANISATION_ID
from pipeline.workbooks.blocks import Cell, Column, Shown, Table, Tone
from pipeline.workbooks.details import choice_words, day, detail_table, header, labels, numbers
from pipeline.workbooks.view import View, text

COURSES, RENEWAL = "courses_taken", "training_renewal"
COLUMNS = ("held_on", "course", "subject", "kind", "credits", "passed", "manager_id")
FULL = 100.0  # % of the credits asked so far


def course_table(view: View) -> Table:
    """The courses that were taken in the month."""
    return view.once(COURSES, lambda: _course_table(view))


def _course_table(view: View) -> Table:
    frame = view.detail(COURSES)
    columns = [_column(view, name) for name in COLUMNS]
    cells = [] if frame.empty else [_cells(view, name, frame) for name in COLUMNS]
    return detail_table(view, COURSES, columns, cells)


def _column(view: View, name: str) -> Column:
    style = {"held_on": "day", "credits": "number1"}.get(name, "text")
    return Column(name, header(view, "training", name), style)


def _cells(view: View, name: str, frame: pd.DataFrame) -> list[Cell]:
    if name == "held_on":
        return [day(one) for one in frame[name].tolist()]
    if name == "credits":
        return list(numbers(frame, name))
    if name == "manager_id":
        return [view.name("manager", text(one)) or None for one in frame[name].tolist()]
    if name == "passed":
        return [None if pd.isna(one) else view.word(f"detail.passed_{bool(one)}") for one in frame[name].tolist()]
    return labels(view, "training", name, frame) if choice_words(view, "training", name) else list(frame[name])


def told_in_year(view: View) -> bool:
    """Whether anybody in the organisation told of a course in the year."""
    sessions = {figure.key: figure for figure in view.of_subject("training")}.get("training_sessions")
    return sessions is not None and bool(view.value(sessions, "ytd", "organisation", ORGANISATION_ID).value)


def renewal_table(view: View) -> Table | None:
    """Every manager's credits of the year against what was asked so far, for the renewal of contracts (续聘): who is
    furthest behind comes first. None where the trade asks for no credits."""
    known = {figure.key: figure for figure in view.of_subject("training")}
    if "training_progress" not in known or view.report.level == "manager":
        return None
    measures = [known[key] for key in ("training_progress", "training_credits", "training_sessions")]
    found = [
        (one, [view.value(figure, "ytd", "manager", one).value for figure in measures])
        for one in view.entities("manager")
    ]
    found = [(one, values) for one, values in found if values[0] is not None]
    found.sort(key=lambda pair: (float(pair[1][0] or 0), pair[0]))
    columns = [
        Column("manager", view.level_word("manager", heading=True)),
        Column("progress", view.word("detail.training_progress"), "percent1"),
        Column("credits", view.word("detail.training_credits"), "number1"),
        Column("sessions", view.word("detail.training_sessions"), "number0"),
        Column("judged", view.word("detail.training_judged")),
    ]
    rows: list[list[Cell]] = [
        [view.name("manager", one), *values, _judged(view, float(values[0] or 0))] for one, values in found
    ]
    return detail_table(view, RENEWAL, columns, list(zip(*rows, strict=True)), tuple(one for one, _ in found))


def _judged(view: View, progress: float) -> Shown:
    tone: Tone = "plain" if progress >= FULL else "red"
    return Shown(view.word(f"detail.training_{'enough' if progress >= FULL else 'behind'}"), "", tone)
