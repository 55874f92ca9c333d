"""What `yuebao trade show` prints."""

import json
from collections.abc import Iterator

from pipeline.contract.form_layout import choices_of
from pipeline.trades.shown import ShownTrade, trade_as_json
from pipeline.words import Words
from schemas.columns import Column
from schemas.profile import Profile


def trade_lines(trade: ShownTrade, where: str, words: Words, *, as_json: bool, texts: bool) -> Iterator[str]:
    """Forms with columns, figures with definitions, rules with limits, sheets; or all as JSON; or only the texts that
    a trade may say otherwise, by key.

    Args:
        trade: the trade in use.
        where: the file or the shipped trade that it comes from.
        words: in which language.
        as_json: for other programs.
        texts: the texts instead.
    """
    if texts:
        shown = dict(sorted(words.texts.items()))
        yield from [json.dumps(shown, ensure_ascii=False, indent=2)] if as_json else _texts(shown)
        return
    if as_json:
        yield json.dumps({**trade_as_json(trade, words), "from": where}, ensure_ascii=False, indent=2)
        return
    profile = trade.profile
    yield words("run.trade.title", name=words.pick(profile.zh, profile.en), code=profile.key, where=where)
    yield from _forms(trade, words)
    yield from _figures(trade, words)
    yield from _rules(trade, words)
    yield from _sheets(trade, words)


def _texts(texts: dict[str, str]) -> Iterator[str]:
    yield from (f'"{key}" = {json.dumps(text, ensure_ascii=False)}' for key, text in texts.items())


def _forms(trade: ShownTrade, words: Words) -> Iterator[str]:
    yield from ("", words("run.trade.forms"))
    for form in trade.forms:
        kind = words(f"run.trade.{'owed' if form.key in trade.profile.monthly_forms else form.kind}")
        yield f"  {words.pick(form.zh, form.en)}  {form.key} · {kind}"
        for column in form.columns:
            yield f"    {_column(column, trade.profile, words)}"


def _column(column: Column, profile: Profile, words: Words) -> str:
    unit = words.pick(column.unit, column.unit_en or column.unit)
    label = f"{words.pick(column.zh, column.en)}{f'({unit})' if unit else ''}{'*' if column.required else ''}"
    choices = words("run.trade.between").join(words.pick(one.zh, one.en) for one in choices_of(column, profile))
    return f"{label}  {column.name}{f'：{choices}' if choices else ''}"


def _figures(trade: ShownTrade, words: Words) -> Iterator[str]:
    yield from ("", words("run.trade.figures"))
    for one in trade.figures:
        label, definition = words.pick(one.zh, one.en), words.pick(one.definition_zh, one.definition_en)
        yield f"  {label}  {one.key}：{definition}"


def _rules(trade: ShownTrade, words: Words) -> Iterator[str]:
    yield from ("", words("run.trade.rules"))
    for one in trade.rules:
        limit = "" if one.limit is None else f"（{one.threshold} = {one.limit:g}）"
        yield f"  {one.title}  {one.key}{limit}"


def _sheets(trade: ShownTrade, words: Words) -> Iterator[str]:
    for kind, sheets in trade.sheets.items():
        yield from ("", words(f"run.trade.{kind}"))
        yield from (f"  {one.title or one.name}  {one.name}：{one.about}" for one in sheets)
