"""The data dictionary of a trade as Markdown: every column of every form, every figure, rule and sheet, from the same
declarations as the templates and the reports."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from pipeline.contract import form_layout as layout
from pipeline.contract.trade import default_trade, words_of
from pipeline.templates.blank import forms_of
from pipeline.templates.issued import usual_in_words
from pipeline.templates.rules import expected
from pipeline.trades.shown import ShownTrade, shown_trade
from pipeline.words import LANGUAGES, Language, Words
from schemas.columns import Column
from schemas.form import Form, FormKind, Rule, region_forms
from schemas.profile import Profile

FILES: dict[Language, str] = {"zh": "data-dictionary.zh-CN.md", "en": "data-dictionary.md"}  # of the default trade
HEADINGS = ("name", "label", "type", "required", "unit", "values", "help")
_KINDS: tuple[FormKind, ...] = ("master", "monthly")


def write_dictionaries(folder: Path, profile: Profile) -> tuple[Path, ...]:
    """Write the dictionary in every language; gives the files written."""
    paths = []
    for language in LANGUAGES:
        path = folder / dictionary_file(language, profile)
        path.write_text(data_dictionary(words_of(language, profile), profile), encoding="utf-8", newline="\n")
        paths.append(path)
    return tuple(paths)


def dictionary_file(language: Language, profile: Profile) -> str:
    """What a trade's dictionary is called: those of other trades than the default one have its name in theirs."""
    name = FILES[language]
    return (
        name
        if profile.key == default_trade()
        else name.replace("data-dictionary", f"data-dictionary.{profile.key}")
    )


def data_dictionary(words: Words, profile: Profile) -> str:
    """All forms and their columns, figures, rules and sheets in one language, as Markdown."""
    return "\n".join(_lines(words, profile)) + "\n"


def _lines(words: Words, profile: Profile) -> Iterator[str]:
    yield f"# {words('templates.dictionary.title')}"
    yield ""
    yield words("templates.dictionary.intro", profile=words.pick(profile.zh, profile.en))
    for kind in _KINDS:
        yield ""
        yield f"## {words(f'templates.dictionary.{kind}')}"
        for form in forms_of(kind, profile):
            yield from _form_lines(form, words, profile)
    if own := region_forms(profile.forms):
        yield ""
        yield f"## {words('templates.dictionary.region')}"
        for form in own:
            yield from _form_lines(form, words, profile)
    yield from _report_lines(shown_trade(profile, words), words)


def _report_lines(trade: ShownTrade, words: Words) -> Iterator[str]:
    """What comes out: figures, what is looked for, sheets."""
    yield from _table(
        words, "figures", ("name", "label", "unit", "definition"),
        ([f"`{one.key}`", words.pick(one.zh, one.en), words.pick(one.unit, one.unit_en or _unit(one.unit, words)),
          words.pick(one.definition_zh, one.definition_en)] for one in trade.figures),
    )  # fmt: skip
    yield from _table(
        words, "findings", ("name", "label", "limit", "measure"),
        ([f"`{one.key}`", one.title, "" if one.limit is None else f"`{one.threshold}` = {one.limit:g}",
          one.countermeasure] for one in trade.rules),
    )  # fmt: skip
    for kind, sheets in trade.sheets.items():
        rows = ([f"`{one.name}`", one.title, one.about] for one in sheets)
        yield from _table(words, f"sheets_{kind}", ("name", "label", "help"), rows)


def _unit(unit: str, words: Words) -> str:
    key = f"workbooks.unit.{unit}"
    return words(key) if words.has(key) else unit


def _table(words: Words, section: str, headings: tuple[str, ...], rows: Iterable[list[str]]) -> Iterator[str]:
    yield from ("", f"## {words(f'templates.dictionary.{section}')}", "")
    yield _table_row([words(f"templates.dictionary.head_{heading}") for heading in headings])
    yield "|" + "---|" * len(headings)
    yield from (_table_row(row) for row in rows)


def _form_lines(form: Form, words: Words, profile: Profile) -> Iterator[str]:
    yield from ("", f"### {words.pick(form.zh, form.en)} `{form.key}`", "")
    yield from (words.pick(form.help_zh, form.help_en), "")
    yield _table_row([words(f"templates.dictionary.head_{heading}") for heading in HEADINGS])
    yield "|" + "---|" * len(HEADINGS)
    for column in form.columns:
        yield _table_row(_cells(form, column, words, profile))
    if form.same:
        joined = words("templates.column.between_values").join(_label(form, name, words) for name in form.same)
        yield from ("", words("templates.dictionary.same", columns=joined))
    if usual := usual_in_words(form, profile, words):
        yield from ("", words("templates.dictionary.usual", usual=usual))
    if form.rules:
        yield from ("", words("templates.dictionary.rules"), "")
        yield from dict.fromkeys(_rule_line(form, rule, words) for rule in form.rules)


def _cells(form: Form, column: Column, words: Words, profile: Profile) -> list[str]:
    choices = layout.choices_of(column, profile)
    values = words("templates.column.between_values").join(words.pick(one.zh, one.en) for one in choices)
    return [
        f"`{column.name}`",
        _label(form, column.name, words),
        words(f"templates.dictionary.type_{column.kind}"),
        words("templates.dictionary.yes" if column.required else "templates.dictionary.no"),
        words.pick(column.unit, column.unit_en or column.unit),
        values or expected(form, column, words),
        words.pick(column.help_zh, column.help_en),
    ]


def _label(form: Form, name: str, words: Words) -> str:
    column = form.column(name)
    return words.pick(column.zh, column.en)


def _rule_line(form: Form, rule: Rule, words: Words) -> str:
    effect = words(f"templates.dictionary.{rule.effect.replace(' ', '_')}")
    text = words.pick(rule.zh, rule.en)
    return "- " + words(
        "templates.dictionary.rule", column=_label(form, rule.column, words), text=text, effect=effect
    )


def _table_row(cells: list[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"
