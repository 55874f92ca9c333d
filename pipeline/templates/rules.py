"""What a column asks of the person who fills it in: the prompt, the input rule, the comment on its header."""

import calendar
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Literal

from pipeline.base.calendar import Month
from pipeline.contract import form_layout as layout
from pipeline.templates.cells import EXCEL_EPOCH
from pipeline.words import Words
from schemas.columns import Choice, Column
from schemas.form import Form

Check = Literal["any", "list", "whole", "decimal", "date", "time"]

LONGEST_PROMPT = 255  # Excel's limits for the texts of an input rule
LONGEST_TITLE = 32
EARLIEST_DAY = 36526  # 2000-01-01
LATEST_DAY = 73050  # 2099-12-31
LARGEST_NUMBER = 1e12
END_OF_DAY = 0.999999
LONGEST_INLINE_LIST = 255


@dataclass(frozen=True)
class InputRule:
    """An input rule of Excel. Limits of days are serial numbers; `list_key` names a column of the lists' sheet.

    A rule that is not strict warns and lets the person go on.
    """

    check: Check
    title: str
    prompt: str
    error_title: str
    least: float = 0
    most: float = 0
    values: tuple[str, ...] = ()
    list_key: str = ""
    strict: bool = True


def input_rule(
    form: Form,
    column: Column,
    words: Words,
    *,
    month: Month | None,
    choices: Sequence[Choice],
    pools: Collection[str],
) -> InputRule:
    """The rule for a column's cells. `pools` are the master forms whose codes the template can offer."""
    title = layout.heading(column, words.language)[:LONGEST_TITLE]
    prompt = _sentence(words, [expected(form, column, words, month), _help(column, words)])[:LONGEST_PROMPT]
    error_title = words("templates.column.wrong")[:LONGEST_TITLE]
    if column.refers_to in pools:
        return InputRule("list", title, prompt, error_title, list_key=column.refers_to, strict=False)
    if choices:
        labels = tuple(words.pick(choice.zh, choice.en) for choice in choices)
        if is_long(labels):
            return InputRule("list", title, prompt, error_title, list_key=list_key(form, column))
        return InputRule("list", title, prompt, error_title, values=labels)
    check, least, most = _limits(form, column, month)
    return InputRule(check, title, prompt, error_title, least, most)


def is_long(labels: Sequence[str]) -> bool:
    """Whether Excel refuses the list inside an input rule, so that it has to stand on a sheet."""
    separated = any("," in label or '"' in label for label in labels)
    return separated or len(",".join(labels)) > LONGEST_INLINE_LIST


def list_key(form: Form, column: Column) -> str:
    """What the column's own list is called among the lists of a template."""
    return f"{form.key}.{column.name}"


def comment_of(form: Form, column: Column, words: Words, month: Month | None, choices: Sequence[Choice]) -> str:
    """The comment on a column's header: required or not, what is wanted, unit, list, help."""
    required = words("templates.column.required" if column.required else "templates.column.optional")
    unit = words.pick(column.unit, column.unit_en or column.unit)
    labels = words("templates.column.between_values").join(words.pick(one.zh, one.en) for one in choices)
    lines = [
        f"{layout.heading(column, words.language)}",
        f"{required}{words('templates.column.joined')}{expected(form, column, words, month)}",
        words("templates.column.unit", unit=unit) if unit else "",
        words("templates.column.one_of", values=labels) if labels and column.kind != "flag" else "",
        _help(column, words),
    ]
    return "\n".join(line for line in lines if line)


def expected(form: Form, column: Column, words: Words, month: Month | None = None) -> str:
    """In words, what a cell of this column should hold."""
    if column.reference:
        return words(
            "templates.column.refers", form=words.pick(column.reference.form_zh, column.reference.form_en)
        )
    if column.kind == "day" and month is not None and _stays_in_month(form, column):
        return words("templates.column.day_in_month", month=month, day=month.first_day)
    kind = words(f"templates.column.{column.kind}", decimals=column.decimals)
    limits = _limits_in_words(column, words)
    return f"{kind}{words('templates.column.joined')}{limits}" if limits else kind


def _limits_in_words(column: Column, words: Words) -> str:
    least, most = column.least, column.most
    if column.kind == "clock" or (least is None and most is None):
        return ""
    if least is not None and most is not None:
        return words("templates.column.between", least=f"{least:g}", most=f"{most:g}")
    if least is not None:
        return words("templates.column.at_least", least=f"{least:g}")
    return words("templates.column.at_most", most=f"{most:g}")


def _limits(form: Form, column: Column, month: Month | None) -> tuple[Check, float, float]:
    least = -LARGEST_NUMBER if column.least is None else column.least
    most = LARGEST_NUMBER if column.most is None else column.most
    match column.kind:
        case "whole":
            return "whole", least, most
        case "number" | "money":
            return "decimal", least, most
        case "clock":
            return "time", 0, END_OF_DAY
        case "day" if month is not None and _stays_in_month(form, column):
            first = (month.first_day - EXCEL_EPOCH.date()).days
            return "date", first, first + calendar.monthrange(month.year, month.month)[1] - 1
        case "day":
            return "date", EARLIEST_DAY, LATEST_DAY
        case _:
            return "any", 0, 0


def _stays_in_month(form: Form, column: Column) -> bool:
    """Whether the form's rules hold the column's days inside the reporting month."""
    return form.rule(f"month_{column.name}") is not None


def _help(column: Column, words: Words) -> str:
    return words.pick(column.help_zh, column.help_en)


def _sentence(words: Words, parts: Sequence[str]) -> str:
    return words("templates.column.full_stop").join(part for part in parts if part)
