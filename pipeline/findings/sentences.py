"""Sentences that a manager would have written, made from figures and findings only: the parts of a report.

What a subject says of its figures stands in its module `sentences`, as `SENTENCES` by name; the trade says which stand
in which part (`[sentences]`). With `full` such a sentence tells all there is to its subject.
"""

import importlib
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from typing import Any

from pipeline.base.frames import records
from pipeline.contract.subjects import subjects_in_use, subjects_with
from pipeline.findings.missing_rules import MOST_NAMED, REPORT_MISSING, form_name
from pipeline.findings.story import Story, of_entity
from pipeline.findings.text import title_text
from pipeline.words import Words

Texts = list[str]
Sentence = Callable[[Story, bool], str]
NUMBERED_FINDINGS = 6


def overview(story: Story) -> Texts:
    """Three to six sentences for the first page: what each subject says, and what comes first. What nothing is known of
    is left out."""
    parts = [*missing(story), *_said(story, "overview"), first_finding(story)]
    return [text for text in parts if text]


def sales_part(story: Story) -> Texts:
    """(一) the month's sales as a whole."""
    return [text for text in (*missing(story), *_said(story, "sales"), *_changed_grades(story)) if text]


def opinions_part(story: Story) -> Texts:
    """(三) customers' main opinions on goods and service."""
    return [text for text in _said(story, "opinions", full=True) if text]


def _said(story: Story, part: str, *, full: bool = False) -> Texts:
    """What the trade's subjects say in a part of the report, in the trade's order."""
    known: dict[str, Sentence] = {}
    for subject in subjects_in_use(story.profile):
        known |= _of_subject(subject)
    return [known[name](story, full) for name in story.profile.sentences.get(part, ()) if name in known]


@cache
def _of_subject(subject: str) -> Mapping[str, Sentence]:
    if subject not in subjects_with("sentences"):
        return {}
    sentences: Mapping[str, Sentence] = importlib.import_module(f"pipeline.subjects.{subject}.sentences").SENTENCES
    return sentences


def missing(story: Story) -> Texts:
    """Who has not reported, before anything else is said; who had not in a month compared with."""
    told = [str(row["evidence"]) for row in _findings(story, of_missing=True)]
    before = story.details.get("missing_before")
    named = [] if before is None else records(of_entity(before, story))
    return [
        *told,
        *(_missing_before(story, row) for row in named),
        *_changed_flags(story),
    ]


def _changed_flags(story: Story) -> Texts:
    """Products that have become key products, or are none any more, or have another category, since a month compared
    with."""
    flags = story.details.get("changed_flags")
    if flags is None or flags.empty:
        return []
    own = of_entity(flags, story)
    names = [str(one) for one in own.drop_duplicates("product_id")["product_name"]]
    if not names:
        return []
    shown = story.words("sentences.list_joint").join(names[:MOST_NAMED])
    key = "changed_flags" if len(names) <= MOST_NAMED else "changed_flags_many"
    return [story.words(f"sentences.missing.{key}", products=shown, count=len(names))]


def _changed_grades(story: Story) -> Texts:
    """How many customers have another grade than in the months compared with, and what that means for figures."""
    grades = story.details.get("changed_grades")
    if grades is None or grades.empty:
        return []
    counts = {str(row["when"]): int(row["customers"]) for row in records(of_entity(grades, story))}
    told = [
        story.words(f"sentences.missing.than_{when}", count=counts[when])
        for when in ("previous", "last_year")
        if when in counts
    ]
    joined = story.words("sentences.list_joint").join(told)
    return [story.words("sentences.missing.changed_grades", told=joined)] if told else []


def _missing_before(story: Story, row: Mapping[str, Any]) -> str:
    managers = story.words("sentences.list_joint").join(
        story.manager(one) for one in str(row["managers"]).split(",")
    )
    forms = story.words("sentences.list_joint").join(
        form_name(one, story.words.language, story.profile) for one in str(row["forms"]).split(",")
    )
    return story.words(f"sentences.missing.{row['when']}", managers=managers, forms=forms)


def _findings(story: Story, *, of_missing: bool = False) -> list[dict[str, Any]]:
    """The entity's findings: those of missing reports, or all others."""
    own = of_entity(story.findings, story)
    return records(own[(own["rule"] == REPORT_MISSING) == of_missing])


def problems_part(story: Story) -> Texts:
    """(二) problems, causes, countermeasures: a numbered sentence for each of the first kinds."""
    words = story.words
    of_rule: dict[str, dict[str, Any]] = {}
    for row in _findings(story):
        of_rule.setdefault(str(row["rule"]), row)
    rows = list(of_rule.values())[:NUMBERED_FINDINGS]
    first = missing(story)
    if not rows:
        return [*first, words("sentences.findings.none")]
    return [*first, *_numbered(rows, words)]


def _numbered(rows: Iterable[Mapping[str, Any]], words: Words) -> Texts:
    return [
        words(
            "sentences.findings.numbered",
            place=place,
            title=title_text(str(row["rule"]), words),
            **{name: row[name] for name in ("evidence", "cause", "countermeasure")},
        ).replace("  ", " ")
        for place, row in enumerate(rows, start=1)
    ]


def first_finding(story: Story) -> str:
    """The gravest finding, or that there is none."""
    rows = _findings(story)[:1]
    if not rows:
        return story.words("sentences.findings.none")
    title = title_text(str(rows[0]["rule"]), story.words)
    return story.words("sentences.findings.first", title=title, evidence=rows[0]["evidence"])
