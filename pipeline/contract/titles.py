"""What a workbook is called: on its sheets, in its letter's subject, where the letter names it."""

from pipeline.base.calendar import Month
from pipeline.base.period import AnyPeriod, Period
from pipeline.contract.report import Report
from pipeline.words import Words

_KINDS = {"organisation": "headquarters"}  # of workbooks, by the level of what they are on, where they differ


def month_text(month: Month, words: Words) -> str:
    """A month in words."""
    return words("outbox.letter.month", year=month.year, month=month.month)


def period_text(period: AnyPeriod, words: Words) -> str:
    """A period in words: 2024年6月, 2024年第二季度, 2024年上半年, 2024年."""
    if isinstance(period, Month) or period.span == "month":
        return month_text(period.first, words)
    name = period.span if period.span == "year" else f"{period.span}.{period.number}"
    return words(f"run.period.{name}", year=period.year)


def short_period_text(period: Period, words: Words) -> str:
    """A longer period within a sentence, its year being known: 第二季度, 上半年, 全年."""
    name = period.span if period.span == "year" else f"{period.span}.{period.number}"
    return words(f"run.period_short.{name}", year=period.year)


def workbook_name(title: str, period: AnyPeriod, words: Words) -> str:
    """The one name of a workbook of that title, of the letter that brings it, and in the letter."""
    return words("outbox.subject.plain", title=title, month=period_text(period, words))


def report_title(report: Report, entity: str, words: Words) -> str:
    """The title of a report's workbook: the trade's, else the common one. `entity` is the name of whom it is on."""
    kind = _KINDS.get(report.level, report.level)
    own = report.settings.profile.workbooks.titles.get(kind) if report.span is None else None
    return (
        words.pick(own.zh, own.en).format(entity=entity)
        if own
        else words(f"workbooks.title.{kind}", entity=entity)
    )
