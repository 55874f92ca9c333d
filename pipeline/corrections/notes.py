"""What a correction copy says, decided before any file is touched: the lines of its list, the marks in cells."""

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import get_args

from pipeline.contract.problem import (
    GRAVITY,
    Problem,
    ProblemLine,
    column_text,
    expected_text,
    problem_lines,
    problems_as_rows,
    problems_counted,
)
from pipeline.words import Words
from pipeline.words.explained import why_of
from schemas.form import Effect, Form

MOST_LISTED = 2_000  # lines of a list, and comments, that a person can still go through
LONGEST_TIP = 255  # characters that Excel shows when a link is pointed at
LEFT_BEHIND = ("macros", "links", "formulas", "templates", "queries", "objects", "sheets", "drawings", "custom",
               "printers", "other")  # fmt: skip
_ADDRESS = re.compile(r"([A-Z]{1,3})([1-9]\d{0,6})")


@dataclass(frozen=True)
class Line:
    """One line of the list of problems: one row of a form, or one problem that is of no row, in words."""

    sheet: str
    cell: str
    column: str
    found: str
    expected: str
    effect: str
    grave: bool
    rule: str = ""
    why: str = ""
    about: str = ""


@dataclass(frozen=True)
class Answer:
    """Until which day the corrected file is expected, and whom its sender may ask; empty where nobody is named."""

    until: dt.date | None = None
    ask: str = ""


NO_ANSWER = Answer()


@dataclass(frozen=True)
class Mark:
    """One cell to be marked: red where `grave`, else yellow; no comment where the list was cut before it."""

    row: int
    column: int
    grave: bool
    comment: str


@dataclass(frozen=True)
class Notes:
    """All that a correction copy says. `way` is the place in the head of what is to be done with the file; `marks` are
    by sheet name, in the order of rows and columns."""

    head: tuple[str, ...]
    way: int
    headings: tuple[str, ...]
    lines: tuple[Line, ...]
    marks: Mapping[str, tuple[Mark, ...]]


def plan_notes(
    name: str, problems: Sequence[Problem], forms: Mapping[str, Form], words: Words, answer: Answer = NO_ANSWER
) -> Notes:
    """What is said of a file: the gravest problems first, so that what may be cut weighs least."""
    ordered = sorted(problems, key=lambda one: (GRAVITY[one.effect], one.sheet, *place_of(one.cell), one.rule))
    lines = [_line(problem, forms, words) for problem in ordered]
    listed = [_as_line(line, words) for line in problem_lines(problems_as_rows(ordered, forms, words), words)]
    headings = tuple(
        words(f"corrections.list.{key}")
        for key in ("sheet", "cell", "about", "column", "found", "expected", "effect", "rule")
    )
    head = _head(name, ordered, len(listed), words)
    return Notes(
        (*head, *_answer(answer, words)),
        len(head) - 1,
        headings,
        tuple(listed[:MOST_LISTED]),
        _marks(ordered, lines, words),
    )


def _as_line(line: ProblemLine, words: Words) -> Line:
    effect = words(f"corrections.effect.{line.effect.replace(' ', '_')}")
    grave, why = line.effect != "note", why_of(line.rule, words)[:LONGEST_TIP] if line.rule else ""
    return Line(
        line.sheet, line.cell, line.column, line.found, line.expected, effect, grave, line.rule, why, line.about
    )


def with_left_behind(notes: Notes, behind: Mapping[str, int], words: Words) -> Notes:
    """The notes with a line that says what of the file does not go back; without one where all does."""
    told = [
        words(f"corrections.left_behind.{kind}", count=behind[kind]) for kind in LEFT_BEHIND if behind.get(kind)
    ]
    if not told:
        return notes
    things = words("corrections.left_behind.and").join(told)
    return replace(notes, head=(*notes.head, words("corrections.left_behind.line", things=things)))


def place_of(address: str) -> tuple[int, int]:
    """Row and column, counted from 1, of a cell's address; (0, 0) where it names no cell."""
    match = _ADDRESS.fullmatch(address)
    if match is None:
        return 0, 0
    column = 0
    for letter in match[1]:
        column = column * 26 + ord(letter) - 64
    return int(match[2]), column


def line_texts(line: Line, words: Words) -> tuple[str, ...]:
    """A line of the list as its cells read, under the headings."""
    sheet = line.sheet or words("corrections.list.whole_file")
    cell = line.cell or (words("corrections.list.whole_sheet") if line.sheet else "")
    return sheet, cell, line.about, line.column, line.found, line.expected, line.effect, line.rule


def _line(problem: Problem, forms: Mapping[str, Form], words: Words) -> Line:
    return Line(
        sheet=problem.sheet,
        cell=problem.cell,
        column=column_text(problem, forms, words),
        found=problem.found,
        expected=expected_text(problem, forms, words),
        effect=words(f"corrections.effect.{problem.effect.replace(' ', '_')}"),
        grave=problem.effect != "note",
        rule=problem.rule,
        why=why_of(problem.rule, words)[:LONGEST_TIP],
    )


def _head(name: str, problems: Sequence[Problem], lines: int, words: Words) -> tuple[str, ...]:
    counts = {effect: problems_counted(problems, effect) for effect in get_args(Effect)}
    count = words(
        "corrections.list.count",
        count=sum(counts.values()),
        forms=counts["form left out"],
        rows=counts["row left out"],
        notes=counts["note"],
    )
    rest = lines - MOST_LISTED
    cut = (
        words("corrections.list.cut", listed=MOST_LISTED, rest=rest)
        if rest > 0
        else words("corrections.list.whole")
    )
    return (words("corrections.list.title", file=name), count, cut, words("corrections.list.what_to_do"))


def _answer(answer: Answer, words: Words) -> tuple[str, ...]:
    """The lines on until when and whom to ask."""
    until = words("corrections.list.until", day=answer.until.isoformat()) if answer.until else ""
    ask = words("corrections.list.ask", ask=answer.ask) if answer.ask else ""
    line = words.pick("", " ").join(text for text in (until, ask) if text)
    return (line,) if line else ()


def _marks(problems: Sequence[Problem], lines: Sequence[Line], words: Words) -> dict[str, tuple[Mark, ...]]:
    """One mark a cell, whatever the number of problems in it."""
    texts: dict[tuple[str, str], list[str]] = {}
    grave: dict[tuple[str, str], bool] = {}
    for number, (problem, line) in enumerate(zip(problems, lines, strict=True)):
        if not place_of(problem.cell)[0]:
            continue
        key = (problem.sheet, problem.cell)
        grave[key] = grave.get(key, False) or line.grave
        texts.setdefault(key, [])
        if number < MOST_LISTED:
            texts[key].append(_comment(line, words))
    marks: dict[str, list[Mark]] = {}
    for (sheet, cell), comments in texts.items():
        row, column = place_of(cell)
        marks.setdefault(sheet, []).append(Mark(row, column, grave[sheet, cell], "\n\n".join(comments)))
    return {sheet: tuple(sorted(own, key=lambda mark: (mark.row, mark.column))) for sheet, own in marks.items()}


def _comment(line: Line, words: Words) -> str:
    key = "found" if line.found else "empty"
    return "\n".join(
        (
            words(f"corrections.comment.{key}", found=line.found),
            words("corrections.comment.expected", expected=line.expected),
            line.effect,
        )
    )
