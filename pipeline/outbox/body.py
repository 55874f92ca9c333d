"""What a letter says, as plain text and as simple HTML: the main figures and the sentences of the overview. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

import pandas as pd

from pipeline.base.frames import records
from pipeline.contract.few import change_is_few, is_count
from pipeline.contract.figure import Figure
from pipeline.contract.report import Report
from pipeline.contract.show import COMPARABLE, change_text, count_change_text, number_text, value_text
from pipeline.outbox.addresses import one_line
from pipeline.words import Words

LEAST_FIGURES = 6
CHANGES_SHOWN = 8
MANAGERS_NAMED = 20
NOT_THERE = ("missing", "refused")  # states of forms that are not counted
DASH = "—"
COLUMNS = ("value", "previous", "last_year", "completion")


@dataclass(frozen=True)
class FigureLine:
    """One figure as shown: its name, and a text for each of COLUMNS, a dash where nothing is known."""

    name: str
    texts: tuple[str, ...]


@dataclass(frozen=True)
class Body:
    """All that a letter says, in its language, not yet laid out.

    `missing` are the forms that have not come or were refused, `to_correct` the correction copies that go along.
    """

    level: str
    name: str
    greeting: str
    month_text: str
    edition: int
    headline: str
    opening: str
    sentences: tuple[str, ...]
    figures: tuple[FigureLine, ...]
    changes: tuple[str, ...]
    organisation: str
    missing: tuple[str, ...] = ()
    to_correct: tuple[str, ...] = ()
    subject: str = ""


def body_of(
    report: Report,
    figures: Sequence[Figure],
    name: str,
    person: str,
    file_name: str,
    size: str,
    note: str,
    words: Words,
) -> Body:
    """What the letter on a report says; `note` stands in for the attachment where there is none."""
    month_text = words("outbox.letter.month", year=report.month.year, month=report.month.month)
    opening, subject = (
        _said(report, words, key, common, name=name, month=month_text)
        for key, common in (
            (f"letter_{report.level}", f"outbox.letter.opening.{report.level}"),
            ("letter", "outbox.subject.plain"),
        )
    )
    attached = note or words("outbox.letter.attached", file=file_name, size=size)
    greeting = words("outbox.letter.greeting", person=person) if person else words("outbox.letter.greeting_all")
    return Body(
        report.level,
        name,
        greeting,
        month_text,
        report.edition,
        _headline(report),
        words("outbox.letter.opening_and_file", opening=opening, attached=attached),
        tuple(one_line(one) for one in report.sentences.get("overview", ()))[1 if report.page_one else 0 :],
        tuple(_figure_lines(report, figures, words)),
        tuple(_changes(report, figures, words)),
        report.settings.organisation,
        tuple(_missing(report, words)),
        subject=subject,
    )


def _said(report: Report, words: Words, key: str, common: str, **values: str) -> str:
    """What the trade's `titles` have under a key, else the common words."""
    own = report.settings.profile.workbooks.titles.get(key)
    return words.pick(own.zh, own.en).format(**values) if own else words(common, **values)


def _headline(report: Report) -> str:
    """The message of page one, which a letter says first; empty where there is none."""
    return one_line(report.page_one.headline) if report.page_one else ""


def text_of(body: Body, words: Words) -> str:
    """The plain text, paragraphs set apart by an empty line."""
    paragraphs = [body.greeting, body.headline, body.opening]
    for title, lines in _sections(body, words):
        paragraphs.append("\n".join([title, *(f"· {line}" for line in lines)]))
    paragraphs.append(_text_figures(body, words))
    paragraphs += _ending(body, words)
    return "\n\n".join(one for one in paragraphs if one) + "\n"


def html_of(body: Body, words: Words) -> str:
    """The same as HTML: paragraphs, lists, one table; nothing is fetched from anywhere."""
    first = f"<p><b>{escape(body.headline)}</b></p>" if body.headline else ""
    parts = [_paragraph(body.greeting), first, _paragraph(body.opening)]
    for title, lines in _sections(body, words):
        items = "".join(f"<li>{escape(line)}</li>" for line in lines)
        parts.append(f"<p><b>{escape(title)}</b></p>\n<ul>{items}</ul>")
    parts += [_html_figures(body, words), *(_paragraph(one) for one in _ending(body, words))]
    content = "\n".join(part for part in parts if part)
    font = "font-family:'Microsoft YaHei','PingFang SC',sans-serif;font-size:14px"
    return (
        f'<!DOCTYPE html>\n<html lang="{words("outbox.letter.html_language")}">\n<head><meta charset="utf-8"></head>\n'
        f'<body style="{font}">\n{content}\n</body>\n</html>\n'
    )


def size_text(size: int) -> str:
    """A size in KB or MB, as file managers show it."""
    if size < 1 << 20:
        return f"{max(1, round(size / 1024)):,} KB"
    return f"{size / (1 << 20):,.1f} MB"


def _sections(body: Body, words: Words) -> Iterator[tuple[str, tuple[str, ...]]]:
    parts = {"missing": body.missing, "to_correct": body.to_correct}
    for key, lines in {**parts, "changes": body.changes, "sentences": body.sentences}.items():
        if lines:
            yield words(f"outbox.letter.{key}"), lines


def _ending(body: Body, words: Words) -> list[str]:
    ending = [words("outbox.letter.manager_words")] if body.level == "manager" else []
    signed = words(
        "outbox.letter.signed", organisation=body.organisation, month=body.month_text, edition=body.edition
    )
    return [*ending, signed.strip()]


def _missing(report: Report, words: Words) -> Iterator[str]:
    """The forms that nobody can count: of each manager those that have not come, and those that were refused."""
    rows = report.submissions[report.submissions["form"].astype(bool)]
    forms, names = (
        report.settings.profile.forms,
        report.names[report.names["level"] == "manager"].set_index("entity_id")["name"],
    )
    managers = sorted(set(rows.loc[rows["state"].isin(NOT_THERE), "manager_id"]) - {""})
    for manager in managers[:MANAGERS_NAMED]:
        own = rows[rows["manager_id"] == manager]
        parts = []
        for state in NOT_THERE:
            keys = own.loc[own["state"] == state, "form"]
            listed = [words.pick(forms[key].zh, forms[key].en) if key in forms else key for key in keys]
            if listed:
                parts.append(words(f"outbox.letter.state_{state}", forms=words.pick("、", ", ").join(listed)))
        said = words.pick("；", "; ").join(parts)
        name = one_line(str(names.get(manager, manager)))
        yield said if report.level == "manager" else words("outbox.letter.missing_of", name=name, said=said)
    if len(managers) > MANAGERS_NAMED:
        yield words("outbox.letter.more_missing", count=len(managers) - MANAGERS_NAMED)


def _text_figures(body: Body, words: Words) -> str:
    if not body.figures:
        return ""
    lines = [words("outbox.letter.figures")]
    for figure in body.figures:
        value, *others = figure.texts
        named = zip(COLUMNS[1:], others, strict=True)
        more = [words(f"outbox.in_text.{column}", text=text) for column, text in named if text != DASH]
        lines.append("· " + words("outbox.in_text.figure", name=figure.name, value=value)
                     + "".join(words("outbox.in_text.more", more=one) for one in more))  # fmt: skip
    return "\n".join(lines)


def _html_figures(body: Body, words: Words) -> str:
    if not body.figures:
        return ""
    heads = [words("outbox.column.figure"), *(words(f"outbox.column.{column}") for column in COLUMNS)]
    head = "".join(f'<th align="left">{escape(one)}</th>' for one in heads)
    rows = "\n".join(
        f"<tr><td>{escape(one.name)}</td>"
        + "".join(f'<td align="right">{escape(text)}</td>' for text in one.texts)
        + "</tr>"
        for one in body.figures
    )
    table = '<table border="1" cellpadding="5" style="border-collapse:collapse">'
    return f"<p><b>{escape(words('outbox.letter.figures'))}</b></p>\n{table}\n<tr>{head}</tr>\n{rows}\n</table>"


def _paragraph(text: str) -> str:
    return f"<p>{escape(text)}</p>" if text else ""


def _figure_lines(report: Report, figures: Sequence[Figure], words: Words) -> Iterator[FigureLine]:
    own = report.metrics[
        (report.metrics["level"] == report.level) & (report.metrics["entity_id"] == report.entity_id)
    ]
    rows = {str(row["figure"]): row for row in records(own)}
    least = report.settings.profile.least_count
    for figure in _main_figures(figures, report.settings.profile.workbooks.letter_figures):
        row = rows.get(figure.key)
        if row is not None:
            yield FigureLine(words.pick(figure.zh, figure.en), tuple(_texts(row, figure, least, words)))


def _main_figures(figures: Sequence[Figure], keys: Sequence[str]) -> list[Figure]:
    """What a letter tells first, filled up from the trade's other figures."""
    declared = {one.key: one for one in figures}
    first = [declared[key] for key in keys if key in declared]
    rest = [one for one in figures if one not in first]
    return [*first, *rest[: max(0, LEAST_FIGURES - len(first))]]


def _texts(row: dict[Any, Any], figure: Figure, least: int, words: Words) -> Iterator[str]:
    yield DASH if pd.isna(row["value"]) else value_text(float(row["value"]), figure, words)
    for column in ("change", "yoy"):
        yield _change(row, column, figure, least, words)
    completion = row["completion"]
    yield DASH if pd.isna(completion) else words("figures.unit.%", number=number_text(float(completion), 1))


def _change(row: dict[Any, Any], column: str, figure: Figure, least: int, words: Words) -> str:
    """A change, like with like; of small counts the difference in counts."""
    if not pd.isna(row[column]) and not change_is_few(figure, row, column, least):
        return change_text(float(row[column]), figure, words)
    now, base = (row.get(name) for name in COMPARABLE[column])
    if not is_count(figure) or now is None or base is None or pd.isna(now) or pd.isna(base):
        return DASH
    return count_change_text(float(now) - float(base), figure, words)


def _changes(report: Report, figures: Sequence[Figure], words: Words) -> Iterator[str]:
    """What a new edition changed of the entity's own figures, the first few of them."""
    if report.changes is None or report.edition < 2:
        return
    rows = report.changes
    own = rows[(rows["level"] == report.level) & (rows["entity_id"] == report.entity_id)]
    declared = {one.key: one for one in figures}
    known = [row for row in records(own) if row["figure"] in declared]
    for row in known[:CHANGES_SHOWN]:
        figure = declared[row["figure"]]
        before, after = (
            DASH if pd.isna(row[name]) else value_text(float(row[name]), figure, words)
            for name in ("before", "after")
        )
        yield words("outbox.letter.change", name=words.pick(figure.zh, figure.en), before=before, after=after)
    if len(known) > CHANGES_SHOWN:
        yield words("outbox.letter.more_changes", count=len(known) - CHANGES_SHOWN)
