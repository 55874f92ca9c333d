"""What a workbook is called: on its sheets, in its letter's subject, where the letter names it."""

from pipeline.contract.report import Report
from pipeline.words import Words

_KINDS = {"organisation": "headquarters"}  # of workbooks, by the level of what they are on, where they differ


def report_title(report: Report, entity: str, words: Words) -> str:
    """The title of a report's workbook: the trade's, else the common one. `entity` is the name of whom it is on."""
    kind = _KINDS.get(report.level, report.level)
    own = report.settings.profile.workbooks.titles.get(kind)
    return (
        words.pick(own.zh, own.en).format(entity=entity)
        if own
        else words(f"workbooks.title.{kind}", entity=entity)
    )
