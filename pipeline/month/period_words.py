"""What is said in a report on a longer period: page one of a region or the organisation, a manager's summary."""

from dataclasses import replace

from pipeline.contract.page_text import page_texts
from pipeline.contract.report import Report
from pipeline.findings.page import page_of
from pipeline.findings.period_page import page_one_of_period
from pipeline.findings.period_texts import (
    achieved_texts,
    actions_text,
    changes_over,
    fared_text,
    missing_texts,
    moved_texts,
    repeated_texts,
)
from pipeline.findings.story import Story


def with_words_of_period(report: Report, story: Story) -> Report:
    """The report with what is said in it."""
    assert report.span is not None and report.forecast is not None
    missing = tuple(missing_texts(story, report.span, report.known))
    if report.level == "manager":
        parts = {
            "missing": missing,
            "achieved": tuple(achieved_texts(story, changes_over(report.span))),
            "moved": (*moved_texts(story, better=True), *moved_texts(story, better=False)),
            "repeated": tuple(repeated_texts(story)),
            "measures": tuple(text for text in (actions_text(story), fared_text(story)) if text),
        }
        told = (*missing, *parts["achieved"][:3], *parts["measures"][:1])
        return replace(report, sentences={**parts, "overview": told})
    first = page_one_of_period(
        page_of(story, report.history, report.forecast, report.names), report.span, report.known
    )
    return replace(
        report, page_one=first, sentences={"missing": missing, "overview": page_texts(first, story.words)}
    )
