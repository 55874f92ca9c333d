"""What a letter says: what to do and until when, who is missing, the main figures. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pandas as pd

from pipeline.base.frames import records
from pipeline.contract.figure import Figure
from pipeline.contract.page_text import day_text, finding_text, what_text
from pipeline.contract.report import Report
from pipeline.contract.show import value_text
from pipeline.contract.titles import period_text, report_title, workbook_name
from pipeline.outbox.addresses import one_line, read_sender
from pipeline.outbox.figure_lines import DASH, FigureLine, figure_lines
from pipeline.outbox.own_todo import own_todo
from pipeline.words import Words

FIRST_FIGURES = 3  # said before the table, which does not repeat them
CHANGES_SHOWN = 8
MANAGERS_NAMED = 20
NOT_THERE = ("missing", "refused")  # states of forms that are not counted


@dataclass(frozen=True)
class Body:
    """All that a letter says, in its language, not yet laid out.

    `title` is the name of the workbook with its month, the letter's subject. `todo` says what to do,
    by whom, until when; `three` are the figures said first, `figures` those of the table. `missing` are the
    forms that have not come or were refused, `to_correct` the correction copies that go along. `signed` are the lines
    of who sends it.
    """

    level: str
    title: str
    greeting: str
    edition: int
    headline: str
    opening: str
    todo: tuple[str, ...]
    sentences: tuple[str, ...]
    three: tuple[FigureLine, ...]
    figures: tuple[FigureLine, ...]
    changes: tuple[str, ...]
    signed: tuple[str, ...]
    missing: tuple[str, ...] = ()
    to_correct: tuple[str, ...] = ()


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
    title = workbook_name(report_title(report, _whose(report, name), words), report.period, words)
    opening = _opening(report, words, name=name, month=period_text(report.period, words))
    attached = note or words("outbox.letter.attached", title=title, file=file_name, size=size)
    greeting = words("outbox.letter.greeting", person=person) if person else words("outbox.letter.greeting_all")
    lines = tuple(figure_lines(report, figures, words))
    return Body(
        report.level,
        one_line(title),
        greeting,
        report.edition,
        _headline(report),
        words("outbox.letter.opening_and_file", opening=opening, attached=attached),
        (*_todo(report, words), *own_todo(report, words)),
        tuple(_sentences(report, words)),
        lines[:FIRST_FIGURES],
        lines[FIRST_FIGURES:],
        tuple(_changes(report, figures, words)),
        tuple(_signed(report, words)),
        tuple(_missing(report, words)),
    )


def _whose(report: Report, name: str) -> str:
    """Whose name the workbook's title bears: of the organisation's, as the settings have it."""
    return report.settings.organisation if report.level == "organisation" else name


def _opening(report: Report, words: Words, **values: str) -> str:
    """What the trade's `titles` have of the letter, else the common words."""
    titles = report.settings.profile.workbooks.titles if report.span is None else {}
    own = titles.get(f"letter_{report.level}")
    return (
        words.pick(own.zh, own.en).format(**values)
        if own
        else words(f"outbox.letter.opening.{report.level}", **values)
    )


def _todo(report: Report, words: Words) -> Iterator[str]:
    """What page one asks for: until when and by whom, what, and why."""
    for one in report.page_one.findings if report.page_one else ():
        if one.due is not None:
            yield one_line(
                words(
                    "outbox.letter.todo_line",
                    day=day_text(one.due, words),
                    owner=one.owner,
                    todo=one.todo,
                    theme=words(f"page_one.theme.{one.theme}"),
                    what=what_text(one, words),
                    cause=one.cause,
                )
            )


def _sentences(report: Report, words: Words) -> Iterator[str]:
    """What else page one says; where there is none, the sentences of the overview."""
    page = report.page_one
    if page is None:
        yield from map(one_line, report.sentences.get("overview", ()))
        return
    yield from (one_line(finding_text(one, words)) for one in page.findings if one.due is None)
    if page.singles:
        yield one_line(page.singles)


def _signed(report: Report, words: Words) -> Iterator[str]:
    """Who sends it, for which office, and up to which day it knows."""
    sender = read_sender(report.settings.mail.sender)
    yield one_line(report.settings.contact or (sender.name or sender.email if sender else ""))
    yield one_line(report.settings.organisation)
    yield words("outbox.letter.signed", month=period_text(report.period, words), edition=report.edition)
    if report.newest_receipt:
        yield words("outbox.letter.data_to", day=report.newest_receipt)


def _headline(report: Report) -> str:
    """The message of page one, which a letter says first; empty where there is none."""
    return one_line(report.page_one.headline) if report.page_one else ""


def size_text(size: int) -> str:
    """A size in KB or MB, as file managers show it."""
    if size < 1 << 20:
        return f"{max(1, round(size / 1024)):,} KB"
    return f"{size / (1 << 20):,.1f} MB"


def _missing(report: Report, words: Words) -> Iterator[str]:
    """The forms that nobody can count: of each manager those that have not come, and those that were refused."""
    rows = report.submissions[report.submissions["form"].astype(bool)]
    forms = report.settings.profile.forms
    names = report.names[report.names["level"] == "manager"].set_index("entity_id")["name"]
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
