"""The glossary: what every figure means, and how the scorecard comes about."""

from collections.abc import Sequence

from pipeline.contract.figure import Figure
from pipeline.contract.show import unit_text
from pipeline.workbooks.blocks import Cell, Column, Note, SheetPlan, Shown, Table
from pipeline.workbooks.scorecard import spread_text
from pipeline.workbooks.scorecard_rows import COMPLETION_ROW, GRADE_ROW, SCORE_ROW, cards
from pipeline.workbooks.sheets import form_names, plan_sheet
from pipeline.workbooks.view import GLOSSARY_TABLE, View, number

FULL = 100.0


def glossary_sheet(view: View, *, locked: bool = False) -> SheetPlan:
    """What each figure means, from its declaration, with this month's counts behind it."""
    columns = (
        Column("figure", view.word("column.figure"), wrap=True, units=20),
        Column("unit", view.word("column.unit")),
        Column("definition", view.word("column.definition"), "note", wrap=True, units=58),
        Column("numerator", view.word("column.numerator"), "number0"),
        Column("denominator", view.word("column.denominator"), "number0"),
        Column("direction", view.word("column.direction")),
        Column("forms", view.word("column.forms"), "note", wrap=True, units=20),
        Column("source", view.word("column.source"), "note", wrap=True, units=16),
    )
    figures = view.report.figures
    terms = glossary_rows(view)
    rows = (*(_glossary_row(view, figure) for figure in figures), *(row for _, row in terms))
    keys = (*(one.key for one in figures), *(key for key, _ in terms))
    table = Table(GLOSSARY_TABLE, "", columns, rows, keys, empty=view.word("empty.figures"))
    return plan_sheet(view, "glossary", [table, Note(view.word("note.counts"))], locked=locked)


def _glossary_row(view: View, figure: Figure) -> tuple[Cell, ...]:
    return (
        view.label(figure),
        unit_text(figure, view.words),
        view.words.pick(figure.definition_zh, figure.definition_en) + _levels(view, figure),
        _count(view.raw(figure, "numerator")),
        _count(view.raw(figure, "denominator")),
        view.word(f"direction.{figure.better}"),
        form_names(view, figure.forms),
        figure.source,
    )


def _levels(view: View, figure: Figure) -> str:
    """Of which of the trade's own levels the figure is told too; nothing where it has none."""
    entities = view.report.settings.profile.entities
    names = [view.level_word(level, heading=True) for level in entities if level in figure.levels]
    return view.word("also_of_levels", levels=view.words.pick("、", ", ").join(names)) if names else ""


def _count(value: float | None) -> Shown:
    whole = value is None or value == round(value)
    return Shown(value, "number0" if whole else "number2")


def glossary_rows(view: View) -> tuple[tuple[str, tuple[Cell, ...]], ...]:
    """Rows of the glossary, by key: how completion, score and grade come about, with this report's own sums."""
    own = cards(view).get((view.report.level, view.report.entity_id), [])
    if not cards(view):
        return ()
    figures = [view.figures[key] for key in view.report.settings.profile.scorecard.counted if key in view.figures]
    known = sum(number(row["weight"]) or 0.0 for row in own if number(row["completion"]) is not None)
    score = sum(number(row["points"]) or 0.0 for row in own)
    return (
        (COMPLETION_ROW, _term(view, "completion", figures, None, None, _limits(view, figures))),
        (SCORE_ROW, _term(view, "score", figures, round(known * score / FULL, 4), known, _weights(view, figures))),
        (GRADE_ROW, _term(view, "grade", (), None, None, _grades(view))),
    )


def _term(
    view: View, name: str, figures: Sequence[Figure], above: float | None, below: float | None, more: str
) -> tuple[Cell, ...]:
    forms = form_names(view, dict.fromkeys(form for figure in figures for form in figure.forms))
    least = f"{100 * view.report.settings.profile.scorecard.least_weight:g}"
    return (
        view.word(f"scorecard_term.{name}"),
        view.word("unit.%") if name == "completion" else view.word("unit.分") if name == "score" else None,
        view.word(f"scorecard_definition.{name}", more=more, least=least, spread=spread_text(view)),
        Shown(above, "number2"),
        Shown(below, "number2"),
        view.word("direction.neither" if name == "grade" else "direction.higher"),
        forms or None,
        view.word("scorecard_source"),
    )


def _limits(view: View, figures: Sequence[Figure]) -> str:
    card = view.report.settings.profile.scorecard
    lower = [view.label(one) for one in figures if (card.counted[one.key].better or one.better) == "lower"]
    limits = dict.fromkeys(f"{card.counted[one.key].floor:g}–{card.counted[one.key].cap:g}%" for one in figures)
    comma = view.words.pick("、", ", ")
    said = view.word("scorecard_limits", limits=comma.join(limits))
    return said + (view.word("scorecard_lower", names=comma.join(lower)) if lower else "")


def _weights(view: View, figures: Sequence[Figure]) -> str:
    weights = view.report.settings.profile.scorecard.weights_in(view.report.month.year, view.figures)
    each = (
        f"{view.label(one)}{view.words.pick('', ' ')}{float(f'{100 * weights[one.key]:.2f}'):g}%"
        for one in figures
        if one.key in weights
    )
    return view.words.pick("、", ", ").join(each)


def _grades(view: View) -> str:
    grades = view.report.settings.profile.scorecard.grades
    each = (view.word("scorecard_grade", grade=grade, least=f"{least:g}") for grade, least in grades.items())
    return view.words.pick("，", ", ").join(each)
