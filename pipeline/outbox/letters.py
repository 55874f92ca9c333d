"""What each recipient is written: letters planned from reports and master data. Pure.

A letter is made from one report alone, and a report holds only what its region or manager may see.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePosixPath
from typing import Literal

import pandas as pd

from pipeline.base.period import AnyPeriod
from pipeline.contract.figure import Figure
from pipeline.contract.page_text import day_text
from pipeline.contract.report import Report
from pipeline.contract.settings import MailSettings
from pipeline.outbox.addresses import Address, one_line, read_addresses, read_sender
from pipeline.outbox.body import Body, body_of, size_text
from pipeline.outbox.layout import html_of, text_of
from pipeline.words import Words

MEGABYTE = 1 << 20
HEADQUARTERS = "headquarters"
# What of a month's folder a letter may bring: these workbooks, and those in these folders. Papers for headquarters
# alone lie elsewhere (`base.private.PAPERS`), and so does whatever else may be added one day.
WORKBOOK_OF_ALL, FOLDERS_THAT_GO = "headquarters.xlsx", ("regions", "managers", "corrections")
Reason = Literal["no_address", "bad_address"]


class NotForLetters(ValueError):
    """A file that no letter may bring: our own mistake, never the user's."""


def check_may_go(file: str) -> None:
    """Whether a file of a month's folder, by its path below it, is of those that letters bring.

    Raises:
        NotForLetters: when it is not.
    """
    parts = PurePosixPath(file).parts
    inside = len(parts) > 1 and parts[0] in FOLDERS_THAT_GO and ".." not in parts
    if not inside and parts != (WORKBOOK_OF_ALL,):
        raise NotForLetters(f"no letter may bring {file}")


@dataclass(frozen=True)
class Workbook:
    """A written workbook: its name in the letter, its size, and where it stands below the organisation's folder.

    `file` is the path as the writer of drafts finds it, relative to the month's folder; `of` the fingerprint of the
    file of which it is a correction copy, `until` the day on which that is expected corrected. Of a file that no letter
    may bring there is none (`NotForLetters`).
    """

    name: str
    file: str
    bytes: int
    shown_at: str
    of: str = ""
    until: dt.date | None = None

    def __post_init__(self) -> None:
        check_may_go(self.file)


@dataclass(frozen=True)
class Letter:
    """One letter. `key` tells whose it is (`region/R01`); `note` where the workbook is, when it was too large; `copies`
    are the fingerprints of the files whose correction copies it brings or names."""

    key: str
    month: AnyPeriod
    edition: int
    sender: Address | None
    to: tuple[Address, ...]
    cc: tuple[Address, ...]
    subject: str
    text: str
    html: str
    attachments: tuple[Workbook, ...]
    note: str = ""
    copies: tuple[str, ...] = ()


@dataclass(frozen=True)
class NoLetter:
    """Somebody who gets no letter, and why; `found` is what stands in place of the address."""

    key: str
    name: str
    reason: Reason
    found: str


def plan_letter(
    report: Report,
    figures: Sequence[Figure],
    masters: Mapping[str, pd.DataFrame],
    workbook: Workbook,
    copies_to_correct: Sequence[Workbook] = (),
) -> Letter | NoLetter:
    """The letter that brings a report's workbook to whom it is for.

    Args:
        report: of a region, a manager or the organisation.
        figures: the figures declared; the letter shows the main ones of them.
        masters: the master data of the month, for names and addresses.
        workbook: the report's workbook as written.
        copies_to_correct: the recipient's own forms with their problems marked, which go along as far as they fit.
    """
    words = report.words
    mail = report.settings.mail
    key, name = letter_key(report.level, report.entity_id), entity_name(report)
    written = recipient_text(key, masters, mail)
    to = read_addresses(written)
    if not to:
        return NoLetter(key, name, "bad_address" if written else "no_address", one_line(written))
    person = _person(key, masters)
    note = _note(workbook, mail, words)
    going = _that_fit([] if note else [workbook], copies_to_correct, mail)
    body = replace(
        body_of(report, figures, name, person, workbook.name, size_text(workbook.bytes), note, words),
        to_correct=tuple(_copy_text(one, one in going, mail, words) for one in copies_to_correct),
    )
    return Letter(
        key,
        report.period,
        report.edition,
        read_sender(mail.sender),
        tuple(Address(person, one) for one in to),
        tuple(Address("", one) for one in copies(mail)),
        subject_of(body, words),
        text_of(body, words),
        html_of(body, words),
        tuple(going),
        note,
        tuple(sorted(one.of for one in copies_to_correct)),
    )


def _that_fit(first: Sequence[Workbook], copies: Sequence[Workbook], mail: MailSettings) -> list[Workbook]:
    """The attachments of a letter: the copies in their order, as long as all together are not too large."""
    going = list(first)
    for one in copies:
        if sum(travelling_bytes(other.bytes) for other in (*going, one)) <= mail.largest_mb * MEGABYTE:
            going.append(one)
    return going


def _copy_text(copy: Workbook, goes_along: bool, mail: MailSettings, words: Words) -> str:
    """What a letter says of a form to be corrected: its name, or where it is, and until when it is expected."""
    said = (
        words("outbox.letter.copy", file=copy.name)
        if goes_along
        else words("outbox.letter.copy_too_large", file=copy.name, where=_where(copy, mail))
    )
    return words("outbox.letter.copy_until", day=day_text(copy.until, words), copy=said) if copy.until else said


def wants_letter(report: Report) -> bool:
    """Regional managers always; headquarters and account managers where the settings say so."""
    mail = report.settings.mail
    if report.level == "manager":
        return mail.to_managers
    return report.level == "region" or bool(mail.to_headquarters)


def letter_key(level: str, entity_id: str) -> str:
    """What a letter is called in the list and on the command line."""
    return HEADQUARTERS if level == "organisation" else f"{level}/{entity_id}"


def entity_name(report: Report) -> str:
    """The name of a report's entity; the code where no name is known."""
    names = report.names
    own = names[(names["level"] == report.level) & (names["entity_id"] == report.entity_id)]
    return one_line(str(own["name"].iloc[0])) if len(own) else report.entity_id


def recipient_text(key: str, masters: Mapping[str, pd.DataFrame], mail: MailSettings) -> str:
    """What the master data, or for headquarters the settings, give as the address of a letter's recipient."""
    if key == HEADQUARTERS:
        return ";".join(mail.to_headquarters)
    return _cell(key, masters, "email")


def recipients(key: str, masters: Mapping[str, pd.DataFrame], mail: MailSettings) -> tuple[str, ...]:
    """The addresses that a letter may go to."""
    return read_addresses(recipient_text(key, masters, mail))


def copies(mail: MailSettings) -> tuple[str, ...]:
    """The addresses that get a copy of every letter."""
    return read_addresses(";".join(mail.copy_to))


def subject_of(body: Body, words: Words) -> str:
    """The subject: the workbook's title; a second edition says that it corrects."""
    subject = body.title
    if body.edition > 1:
        subject = words("outbox.subject.corrected", subject=subject, edition=body.edition)
    return one_line(subject)


def travelling_bytes(size: int) -> int:
    """What a file of `size` bytes takes in a letter: base64 in lines of 76 characters."""
    return -(-size // 57) * 78


def _note(workbook: Workbook, mail: MailSettings, words: Words) -> str:
    if travelling_bytes(workbook.bytes) <= mail.largest_mb * MEGABYTE:
        return ""
    return words("outbox.letter.too_large", size=size_text(workbook.bytes), where=_where(workbook, mail))


def _where(workbook: Workbook, mail: MailSettings) -> str:
    """Where a workbook is, as recipients reach it."""
    if not mail.shared_as:
        return workbook.shown_at
    separator = "\\" if "\\" in mail.shared_as else "/"
    return separator.join([mail.shared_as.rstrip("/\\"), *workbook.shown_at.split("/")])


def _person(key: str, masters: Mapping[str, pd.DataFrame]) -> str:
    column = "regional_manager" if key.startswith("region/") else "manager_name"
    return one_line(_cell(key, masters, column)) if key != HEADQUARTERS else ""


def _cell(key: str, masters: Mapping[str, pd.DataFrame], column: str) -> str:
    """A cell of the master data's row on a region or manager, empty where there is none."""
    level, _, entity = key.partition("/")
    rows = masters.get(f"{level}s")
    if rows is None or column not in rows:
        return ""
    found = rows.loc[rows[f"{level}_id"] == entity, column].dropna()
    return str(found.iloc[0]).strip() if len(found) else ""
