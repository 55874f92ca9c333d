"""The columns that help to fill in rows which stand in a form already: the tick, the last values, the marks. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import pandas as pd

from pipeline.contract import form_layout as layout
from pipeline.contract.prefilled import mark_of
from pipeline.templates.cells import Value, cells_of, display_width, number_format
from pipeline.templates.parts import ColumnPlan, Desk, Issued
from pipeline.templates.rules import LONGEST_PROMPT, LONGEST_TITLE, InputRule
from pipeline.words import Words
from schemas.columns import Column
from schemas.form import CUSTOMER, Form
from schemas.profile import Profile

TICK_WIDTH, MARK_WIDTH, WIDEST_NAME = 15, 14, 30


def with_helps(form: Form, issued: Issued, columns: Sequence[ColumnPlan], desk: Desk) -> list[ColumnPlan]:
    """The columns of a form's sheet that comes with rows: the form's own and the names beside codes (`columns`), and
    among them those that help."""
    of_heading = {layout.heading(one, desk.words.language): one for one in form.columns}
    last = {
        one.name: _last_cells(one, issued.last[one.name], desk)
        for one in form.columns
        if one.last and one.name in issued.last
    }
    tick_after = _tick_after(form, columns, of_heading)
    planned: list[ColumnPlan] = []
    for number, plan in enumerate(columns):
        column = None if plan.lookup else of_heading.get(plan.heading)
        planned.append(_named(plan, len(planned) - 1) if plan.lookup else _given(plan, column, desk))
        if number == tick_after:
            planned.append(_tick_column(form, desk))
        if column is not None and column.last:
            planned.append(_last_column(column, last.get(column.name, ()), desk))
    return [*planned, _mark_column(_marks(form, issued.rows, columns, of_heading, last), desk)]


def hint_of(form: Form, rows: int, desk: Desk) -> str:
    """What stands above the headings of a sheet that comes with rows or a tick: how it is filled in, and what a tick
    stands for; else what stands above any."""
    words = desk.words
    legend = usual_in_words(form, desk.profile, words)
    if not rows and not legend:
        return words("templates.sheet.hint")
    lines = [words(f"templates.pack.{'hint_tick' if legend else 'hint'}")]
    if form.is_ticked:
        lines.append(_legend(form, desk))
    if rows and any(one.last for one in form.columns):
        lines.append(words("templates.pack.last"))
    return "\n".join(lines)


def _legend(form: Form, desk: Desk) -> str:
    """What a tick stands for."""
    usual = usual_in_words(form, desk.profile, desk.words)
    instead = _instead(form, desk.words)
    if usual:
        return desk.words("templates.pack.tick", usual=usual, instead=instead)
    return desk.words("templates.pack.tick_stands")


def usual_in_words(form: Form, profile: Profile, words: Words) -> str:
    """What a tick stands for in each column, in words; empty where a form has nothing that is usual."""
    parts = [*_usual_parts(form, profile, words)]
    unchanged = [
        words.pick(one.zh, one.en) for one in form.columns if one.usual is not None and one.usual.unchanged
    ]
    if unchanged:
        names = words("templates.column.between_values").join(unchanged)
        parts.append(words("templates.pack.usual_unchanged", columns=names))
    return words("templates.pack.between").join(parts)


def _usual_parts(form: Form, profile: Profile, words: Words) -> Iterator[str]:
    names = {one.name: words.pick(one.zh, one.en) for one in form.columns}
    for column in form.columns:
        usual, name = column.usual, names[column.name]
        if usual is None or usual.time or usual.unchanged:
            continue
        if usual.filled:
            yield words("templates.pack.usual_filled", column=name, other=names.get(usual.filled, ""))
            continue
        key = "usual_unless" if usual.unless in names else "usual_value"
        value = _in_words(column, usual.value, profile, words)
        yield words(f"templates.pack.{key}", column=name, value=value, other=names.get(usual.unless, ""))


def _in_words(column: Column, value: str, profile: Profile, words: Words) -> str:
    labels = {one.key: words.pick(one.zh, one.en) for one in layout.choices_of(column, profile)}
    return labels.get(value, value)


def _named(plan: ColumnPlan, looks_at: int) -> ColumnPlan:
    """The names beside a code, wide enough for those that stand there."""
    widest = max((display_width(str(name)) for name in plan.values), default=0)
    return replace(plan, looks_at=looks_at, given=True, width=max(plan.width, min(widest + 1, WIDEST_NAME)))


def _given(plan: ColumnPlan, column: Column | None, desk: Desk) -> ColumnPlan:
    """A column of the form whose cells may stand there already. Where the last value is shown, "unchanged" may be typed
    instead of a value, which no input rule of numbers allows."""
    if column is None or not column.last or plan.rule is None:
        return replace(plan, given=True)
    unchanged = desk.words("templates.pack.unchanged", word=layout.UNCHANGED.of(desk.words.language))
    prompt = f"{plan.rule.prompt}{desk.words('templates.column.full_stop')}{unchanged}"[:LONGEST_PROMPT]
    return replace(plan, given=True, rule=InputRule("any", plan.rule.title, prompt, plan.rule.error_title))


def _tick_after(form: Form, columns: Sequence[ColumnPlan], of_heading: Mapping[str, Column]) -> int | None:
    """The place after which the tick stands: whom the row is about; None where there is nothing to tick."""
    if not form.is_ticked:
        return None
    names = [None if plan.lookup else of_heading[plan.heading].name for plan in columns]
    place = names.index(CUSTOMER) if CUSTOMER in names else 0
    return place + 1 if place + 1 < len(columns) and columns[place + 1].lookup else place


def _tick_column(form: Form, desk: Desk) -> ColumnPlan:
    words = desk.words
    heading = layout.USUAL_HEADING.of(words.language)
    legend = _legend(form, desk)
    usual = any(one.usual is not None for one in form.columns)
    how = words("templates.pack.prompt", instead=_instead(form, words)) if usual else legend
    rule = InputRule("any", heading[:LONGEST_TITLE], how[:LONGEST_PROMPT], words("templates.column.wrong"))
    return _helping(
        heading, "tick", TICK_WIDTH, comment="\n".join(dict.fromkeys((heading, how, legend))), rule=rule
    )


def _instead(form: Form, words: Words) -> str:
    """What may be written instead of a tick: the times, the day; empty where a tick tells no more."""
    usual = [one.usual for one in form.columns if one.usual is not None]
    if any(one.time for one in usual):
        return words("templates.pack.instead_times")
    return words("templates.pack.instead_day") if usual and form.month_column else ""


def _last_column(column: Column, values: Sequence[Value], desk: Desk) -> ColumnPlan:
    heading = layout.last_heading(column, desk.words.language)
    plan = _helping(heading, "last", display_width(heading) + 2)
    return replace(plan, number_format=number_format(column), values=tuple(values))


def _mark_column(marks: Sequence[str], desk: Desk) -> ColumnPlan:
    plan = _helping(layout.MARK_HEADING.of(desk.words.language), "mark", MARK_WIDTH)
    return replace(plan, values=tuple(marks))


def _helping(heading: str, helps: str, width: int, comment: str = "", rule: InputRule | None = None) -> ColumnPlan:
    return ColumnPlan(
        heading=heading,
        width=width,
        number_format="@",
        required=False,
        comment=comment,
        rule=rule,
        example=None,
        values=(),
        helps=helps,  # type: ignore[arg-type]
    )


def _last_cells(column: Column, values: pd.Series, desk: Desk) -> list[Value]:
    return cells_of(column, values, layout.choices_of(column, desk.profile), desk.words.language)


def _marks(
    form: Form,
    rows: pd.DataFrame,
    columns: Sequence[ColumnPlan],
    of_heading: Mapping[str, Column],
    last: Mapping[str, Sequence[Value]],
) -> list[str]:
    values = {of_heading[plan.heading].name: plan.values for plan in columns if not plan.lookup}
    return [
        mark_of(
            form,
            {name: cells[number] for name, cells in values.items()},
            {name: cells[number] for name, cells in last.items()},
        )
        for number in range(len(rows))
    ]
