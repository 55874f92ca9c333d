"""One problem in one cell, as a value, and its wording.

A problem names what was found and which rule it broke; the sentence is made when it is shown, so that a run in
another language needs no second reading of the files.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

import pandas as pd

from pipeline.contract.report import PROBLEM_COLUMNS
from pipeline.words import Words
from schemas.form import Effect, Form

# What the reader of files says of a whole file stands in its own catalogue.
_READER_WORDS = {"unreadable": "intake_reading.refused", "remark": "intake_reading.remark"}
_OF_OTHERS = ("column_note", "more_cells")  # what is said of many cells that break one rule
GRAVITY: Mapping[str, int] = {"form left out": 0, "row left out": 1, "note": 2}
ROW_NAMES = "row_names"  # the detail that names what a row is about, e.g. its customer and product
LONGEST_FOUND = 200  # characters of a cell that are quoted back


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong in one cell (or, where `cell` is empty, in a sheet or a file).

    `rule` is a rule of the form (`Form.rule`), or a key of the catalogue under `problems.expected`; `details`
    are the values of its placeholders. `column` is the form's column name.
    """

    rule: str
    effect: Effect
    file: str = ""
    manager_id: str = ""
    month: str = ""
    form: str = ""
    sheet: str = ""
    cell: str = ""
    column: str = ""
    found: str = ""
    details: tuple[tuple[str, str], ...] = ()


def problem_to_json(problem: Problem) -> dict[str, Any]:
    """The problem as it is stored."""
    return asdict(problem)


def problem_from_json(stored: Mapping[str, Any]) -> Problem:
    """A problem as it was kept in the ledger."""
    details = tuple((str(key), str(value)) for key, value in stored["details"])
    return Problem(**{**stored, "details": details})


def expected_text(problem: Problem, forms: Mapping[str, Form], words: Words) -> str:
    """What was expected, in the words of the person with the form open."""
    if problem.rule in _OF_OTHERS and (other := dict(problem.details).get("rule", "")) not in ("", problem.rule):
        same = expected_text(replace(problem, rule=other), forms, words)
        return words(f"problems.expected.{problem.rule}", **{**dict(problem.details), "same": same})
    form = forms.get(problem.form)
    rule = form.rule(problem.rule) if form else None
    if rule is not None:
        return words.pick(rule.zh, rule.en) + _nearest_text(problem, words)
    prefix, _, reason = problem.rule.partition("_")
    subject = _READER_WORDS.get(prefix, "")
    if subject and words.has(f"{subject}.{reason}"):
        known = {"sheet": problem.sheet, "cell": problem.cell, "found": problem.found}
        return words(f"{subject}.{reason}", **{**known, **dict(problem.details)}).rstrip("。.")
    own = f"problems.expected_of.{problem.form}.{problem.rule}"  # what a subject says of its own form
    key = own if words.has(own) else f"problems.expected.{problem.rule}"
    text = words(key, **{"found": problem.found, **dict(problem.details)})
    return text + _nearest_text(problem, words)


def _nearest_text(problem: Problem, words: Words) -> str:
    """What seems to have gone wrong with a code, and which one may be meant; empty where nothing is known of that."""
    details = dict(problem.details)
    return words(f"problems.cause.{details['cause']}", **details) if "cause" in details else ""


def column_text(problem: Problem, forms: Mapping[str, Form], words: Words) -> str:
    """The header of the problem's column, empty where no column is meant."""
    form = forms.get(problem.form)
    if problem.column == "manager_id":
        return words("problems.manager_id")
    if form is None or not problem.column:
        return problem.column
    names = {column.name: words.pick(column.zh, column.en) for column in form.columns}
    return names.get(problem.column, problem.column)


def problems_counted(problems: Iterable[Problem], effect: Effect) -> int:
    """How many problems of an effect there are, those that are only counted included."""
    return sum(
        int(dict(one.details)["count"]) if one.rule == "more_cells" else 1
        for one in problems
        if one.effect == effect
    )


def problem_sentence(problem: Problem, forms: Mapping[str, Form], words: Words) -> str:
    """The whole sentence: place, what was found, what was expected, what happens now."""
    place = words("problems.in_file" if not problem.sheet else "problems.in_sheet",
                  file=problem.file, sheet=problem.sheet)  # fmt: skip
    if problem.cell:
        place += words("problems.in_cell", cell=problem.cell)
    shown = {"column": column_text(problem, forms, words), "found": problem.found,
             "expected": expected_text(problem, forms, words)}  # fmt: skip
    kind = "cell" if problem.cell and problem.column else "place"
    effect = words(f"problems.effect.{problem.effect.replace(' ', '_')}")
    sentence = words(f"problems.sentence_{kind}", place=place, effect=effect, **shown)
    asks = shown["expected"]
    if not asks.endswith(("？", "?")):
        return sentence
    return sentence.replace(f"{asks}。", asks).replace(f"{asks}. ", f"{asks} ")  # a question ends by itself


COUNTING_RULES = ("column_note", "more_cells", "more_of_the_same")  # they count cells under another rule


def problems_as_rows(problems: Iterable[Problem], forms: Mapping[str, Form], words: Words) -> list[dict[str, str]]:
    """Problems by the columns of `problems.csv` and ROW_NAMES; texts in the catalogue's language."""
    return [
        {
            "file": problem.file,
            "manager_id": problem.manager_id,
            "month": problem.month,
            "form": problem.form,
            "sheet": problem.sheet,
            "cell": problem.cell,
            "column": column_text(problem, forms, words),
            "found": problem.found,
            "expected": expected_text(problem, forms, words),
            "effect": problem.effect,
            "rule": rule_told(problem),
            ROW_NAMES: dict(problem.details).get(ROW_NAMES, ""),
        }
        for problem in problems
    ]


def rule_told(problem: Problem) -> str:
    """The rule that `yuebao explain` is to be asked for: of a note that counts others, theirs."""
    counted = dict(problem.details).get("rule", "") if problem.rule in COUNTING_RULES else ""
    return counted or problem.rule


def without_secrets(problems: Iterable[Problem], forms: Mapping[str, Form]) -> list[Problem]:
    """Problems as others than their sender may read them: what was found in a private form is not quoted; file, sheet
    and cell say where it is."""
    private = {form.key for form in forms.values() if form.traits.private}
    return [replace(one, found="") if one.form in private else one for one in problems]


def problems_frame(problems: Iterable[Problem], forms: Mapping[str, Form], words: Words) -> pd.DataFrame:
    """One row a problem, in the columns of `problems.csv`; texts in the catalogue's language."""
    return pd.DataFrame(problems_as_rows(problems, forms, words), columns=list(PROBLEM_COLUMNS), dtype="str")


@dataclass(frozen=True)
class ProblemLine:
    """What a list says of one row of a form, or of one problem that is of no row; `cell` and `rule` are those of the
    gravest, `about` names what the row is about, where that is known."""

    file: str
    manager_id: str
    sheet: str
    cell: str
    column: str
    found: str
    expected: str
    effect: str
    rule: str = ""
    about: str = ""


def problem_lines(rows: Iterable[Mapping[str, Any]], words: Words) -> list[ProblemLine]:
    """Problems, in the columns of `problems.csv`, as the lines of a list: one a row of a form, the gravest first."""
    groups: dict[tuple[object, ...], list[Mapping[str, Any]]] = {}
    for number, row in enumerate(rows):
        sheet_row = str(row["cell"]).lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
        key = (row["file"], row["manager_id"], row["sheet"], sheet_row) if sheet_row else (number,)
        groups.setdefault(key, []).append(row)
    return sorted((_line(group, words) for group in groups.values()), key=lambda line: GRAVITY[line.effect])


def _line(group: Sequence[Mapping[str, Any]], words: Words) -> ProblemLine:
    """One line on the problems of one row."""
    ordered = sorted(group, key=lambda one: GRAVITY[str(one["effect"])])
    first = ordered[0]
    columns = list(dict.fromkeys(str(one["column"]) for one in ordered))
    texts = {
        name: _of_columns(ordered, name, words) if len(ordered) > 1 else str(first[name])
        for name in ("found", "expected")
    }
    return ProblemLine(
        str(first["file"]),
        str(first["manager_id"]),
        str(first["sheet"]),
        str(first["cell"]),
        words.pick("、", ", ").join(column for column in columns if column),
        texts["found"],
        texts["expected"],
        str(first["effect"]),
        str(first.get("rule", "")),
        str(first.get(ROW_NAMES, "")),
    )


def _of_columns(group: Sequence[Mapping[str, Any]], name: str, words: Words) -> str:
    """What is said of several cells of a row: each text after its column, one text that is all the same by itself."""
    given = list(dict.fromkeys((str(one["column"]), str(one[name])) for one in group if str(one[name])))
    if len({text for _, text in given}) == 1:
        return given[0][1]
    return words.pick("；", "; ").join(
        words.pick(f"{column}：{text}", f"{column}: {text}") if column else text for column, text in given
    )


def quoted(value: object) -> str:
    """A cell's content as it is quoted in a problem: one line, cut when very long."""
    text = " ".join(str(value).split())
    return text if len(text) <= LONGEST_FOUND else text[:LONGEST_FOUND] + "…"
