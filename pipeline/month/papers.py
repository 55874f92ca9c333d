"""Papers for headquarters alone, month by month, and writing them: see `pipeline.contract.papers`."""

import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import pandas as pd

from pipeline.base.calendar import Month
from pipeline.base.period import AnyPeriod, Period
from pipeline.base.private import CLOSED_FILE, CLOSED_FOLDER, PAPERS
from pipeline.contract.papers import MonthTold, papers_in_use, plan_of
from pipeline.contract.report import (
    METRIC_COLUMNS,
    ORGANISATION_ID,
    PROBLEM_COLUMNS,
    SUBMISSION_COLUMNS,
    Report,
)
from pipeline.contract.settings import Settings
from pipeline.contract.told import told_in_use
from pipeline.figures.known import MonthKnown
from pipeline.figures.parts import MonthSums, sums_together
from pipeline.workbooks.write import write_workbook
from schemas.profile import Profile


def paper_of_month(
    month: Month,
    name: str,
    masters: Mapping[str, pd.DataFrame],
    scorecard: pd.DataFrame,
    sums: Sequence[MonthSums],
    known: MonthKnown,
    profile: Profile,
) -> Mapping[str, pd.DataFrame]:
    """What a month says by itself of a paper."""
    whole = sums_together(list(sums)).details
    told = MonthTold(month, masters, whole, scorecard, known.missing, profile)
    return dict(papers_in_use(profile)[name].of_month(told))


def paper_up_to(
    month: Month, name: str, months: Mapping[Month, Mapping[str, pd.DataFrame]], profile: Profile
) -> Mapping[str, pd.DataFrame]:
    """The frames of a paper as a month reports it."""
    return dict(papers_in_use(profile)[name].up_to(month, months))


def paper_over(
    month: Month, period: str, name: str, months: Mapping[Month, Mapping[str, pd.DataFrame]], profile: Profile
) -> Mapping[str, pd.DataFrame]:
    """The frames of a paper of a longer period, whose last known month this is."""
    return dict(papers_in_use(profile)[name].over(Period.parse(period), months))


def told_of_masters(
    month: Month, name: str, masters: Mapping[str, pd.DataFrame], profile: Profile
) -> pd.DataFrame:
    """What a subject tells of regions out of the month's master data."""
    return told_in_use(profile)[name].make(month, masters, profile)


def in_digest(papers: Iterable[Mapping[str, pd.DataFrame]]) -> list[list[pd.DataFrame]]:
    """All frames of papers, for the fingerprint of a month's content."""
    return [[frame] for paper in papers for _, frame in sorted(paper.items())]


def write_papers(
    papers: Mapping[str, Mapping[str, pd.DataFrame]],
    period: AnyPeriod,
    edition: int,
    names: pd.DataFrame,
    settings: Settings,
    folder: Path,
) -> None:
    """Writes each paper into its own file below the folder of a month or a longer period, closed to all but its owner,
    whatever the settings say of other files."""
    for name, frames in papers.items():
        closed = folder / PAPERS
        closed.mkdir(exist_ok=True)
        file = closed / f"{name}_{period}.xlsx"
        write_workbook(plan_of(settings.profile, name)(_report(frames, period, edition, names, settings)), file)
        if sys.platform != "win32":
            closed.chmod(CLOSED_FOLDER)
            file.chmod(CLOSED_FILE)


def _report(
    frames: Mapping[str, pd.DataFrame], period: AnyPeriod, edition: int, names: pd.DataFrame, settings: Settings
) -> Report:
    """A report of the organisation that holds nothing but a paper's frames."""
    return Report(
        settings=settings,
        month=period.last,
        span=period if isinstance(period, Period) else None,
        edition=edition,
        level="organisation",
        entity_id=ORGANISATION_ID,
        figures=(),
        metrics=pd.DataFrame(columns=list(METRIC_COLUMNS)),
        history=pd.DataFrame(columns=["month", "level", "entity_id", "figure", "value"]),
        names=names,
        problems=pd.DataFrame(columns=list(PROBLEM_COLUMNS)),
        submissions=pd.DataFrame(columns=list(SUBMISSION_COLUMNS)),
        details=frames,
    )
