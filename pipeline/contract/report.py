"""What the stages that figure hand to the stages that write: everything one workbook is made from."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

import pandas as pd

from pipeline.base.calendar import Month
from pipeline.base.period import AnyPeriod, Period
from pipeline.contract.figure import Figure, Level
from pipeline.contract.page_one import PageOne
from pipeline.contract.settings import Settings
from pipeline.words import Words

# The columns of `metrics.csv`, as promised in the contract.
METRIC_COLUMNS = (
    "month", "level", "entity_id", "figure", "value", "numerator", "denominator", "unit",
    "previous", "change", "last_year", "yoy", "ytd", "ytd_yoy", "target", "completion", "rank",
    "comparable", "n", "missing", "previous_comparable", "comparable_last_year", "last_year_comparable",
    "target_comparable", "previous_n", "last_year_n",
)  # fmt: skip
PROBLEM_COLUMNS = (
    "file", "manager_id", "month", "form", "sheet", "cell", "column", "found", "expected", "effect",
    "rule",
)  # fmt: skip
SUBMISSION_COLUMNS = (
    "month", "manager_id", "form", "state", "received_at", "file", "rows", "left_out", "edition",
)  # fmt: skip
ORGANISATION_ID = "ALL"


@dataclass(frozen=True)
class SpanKnown:
    """Of a longer period the months of which nothing is known (`missing`), and by "previous" and "last_year" those
    that both it and the period compared with have, over which they are compared."""

    missing: tuple[Month, ...] = ()
    compared: Mapping[str, tuple[Month, ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class Report:
    """All that one workbook of one entity and month is made from; nothing of other regions is in it.

    `metrics` has the columns METRIC_COLUMNS: this month, for the organisation as a whole, the entity,
    and in a region's report each of its managers (headquarters: every region and manager). `history` is one
    row per month, level, entity_id and figure: numerator, denominator, value, for up to 25 months back, this
    month included, for the organisation and the entity. `names` is one row per level and entity_id: name.
    `details` are further frames by name, see `pipeline/figures/details.py`. `problems` and `submissions` are the
    entity's rows of this month in the columns of the contract. `changes` says what a new edition changed.
    `sentences` holds, for each part of a report ("missing", "overview", "sales", "problems", "opinions", "forecast"),
    what is said in it. `findings` and `forecast` are the entity's rows of `findings.csv` and `forecast.csv` (a region's
    with those of its managers, a manager's with those of its customers); None where that was not worked out. Among
    the details, `track_record` (see `month.track`) and `open_actions` (unfinished rows of the form `actions`
    with manager_id and `since`, the month first reported) and `followed_actions` (what became of those that were open
    when the month began) are shown where they are given, as is `scorecard` (see
    `figures/scorecard.py`; a manager's holds own rows only: its ranks name nobody). `changes` is one row
    per changed figure: level, entity_id, figure, before, after, file. `page_one` is what page one says (of a manager
    part one); None where that was not worked out. `axes` says how far the charts of every region reach (see
    `findings.page_axes`); empty of a manager.

    A report on a quarter, a half-year or a year has it as its `span` (`known`: of which months); `month` is then its
    last month, and what is said above of this month, the month before, the same month of last year is said of periods.
    """

    settings: Settings
    month: Month
    edition: int
    level: Level
    entity_id: str
    figures: tuple[Figure, ...]
    metrics: pd.DataFrame
    history: pd.DataFrame
    names: pd.DataFrame
    problems: pd.DataFrame
    submissions: pd.DataFrame
    details: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    changes: pd.DataFrame | None = None
    sentences: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    findings: pd.DataFrame | None = None
    forecast: pd.DataFrame | None = None
    page_one: PageOne | None = None
    axes: Mapping[str, float] = field(default_factory=dict)
    span: Period | None = None
    known: SpanKnown = field(default_factory=SpanKnown)

    @property
    def period(self) -> AnyPeriod:
        """The month, or the longer period, that it is on."""
        return self.span or self.month

    @cached_property
    def words(self) -> Words:
        """The texts in its language, as they are said of its period."""
        return self.settings.words if self.span is None else self.settings.words.told_of("period")

    @property
    def newest_receipt(self) -> str:
        """The day (ISO) on which the newest of the forms came that the report rests on; empty where none has come."""
        return max((str(one) for one in self.submissions["received_at"].dropna()), default="")[:10]
