"""A report as sheets look at it: values, changes and names of figures, ready to be shown. Pure."""

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeVar

import pandas as pd

from pipeline.base.calendar import Month
from pipeline.base.frames import records
from pipeline.contract.few import change_is_few, is_count, is_guarded
from pipeline.contract.figure import Figure, Level, Subject
from pipeline.contract.report import ORGANISATION_ID, Report
from pipeline.contract.show import COMPARABLE, money_scale, scale_of, shown_unit_text
from pipeline.contract.titles import month_text, period_text
from pipeline.words import Words
from pipeline.workbooks.blocks import Link, Shown, Tone
from schemas.form import Form

MONTHS_SHOWN = 13
FEWEST_SHOWN = 6  # of an office that has begun only lately
_LEAST_CHANGE = 0.05
GLOSSARY_TABLE = "glossary_figures"
Made = TypeVar("Made")
Key = tuple[str, str, str]  # level, entity, figure
NOTHING: Mapping[str, Any] = {}
_NO_ROWS = pd.DataFrame()


def number(value: object) -> float | None:
    """A number, or None where there is none: missing values never reach a plan as NaN."""
    if isinstance(value, float):  # nearly all
        return float(value) if math.isfinite(value) else None
    known = _as_float(value)
    return known if known is not None and math.isfinite(known) else None


def text(value: object) -> str:
    """A text, empty where there is none."""
    if isinstance(value, str):
        return value
    missing = value is None or value is pd.NA or value is pd.NaT or value != value
    return "" if missing else str(value)


def settled(change: float | None) -> float | None:
    """A change as sheets show it, with one decimal: what would round to 0.0 is 0, so that no arrow stands by it."""
    return 0.0 if change is not None and abs(change) < _LEAST_CHANGE else change


def _as_float(value: object) -> float | None:
    try:
        return float(value)  # type: ignore[arg-type]  # numpy scalars and the like
    except (TypeError, ValueError):
        return None


def money(words: Words, yuan: float | None) -> float | None:
    """Yuan in the large unit of the language, as tables show money."""
    return None if yuan is None else yuan / money_scale(words)[0]


def money_style(words: Words) -> str:
    """How money is shown in its large unit."""
    return f"number{money_scale(words)[1]}"


@dataclass(frozen=True)
class View:
    """One report, in one language."""

    report: Report

    @cached_property
    def words(self) -> Words:
        """The texts in the language of the workbook."""
        return self.report.words

    def word(self, key: str, **values: object) -> str:
        """A text of workbooks."""
        return self.words(f"workbooks.{key}", **values)

    @cached_property
    def forms(self) -> Mapping[str, Form]:
        """The forms in use."""
        return self.report.settings.profile.forms

    @cached_property
    def figures(self) -> Mapping[str, Figure]:
        """The declarations of the figures, by key."""
        return {figure.key: figure for figure in self.report.figures}

    def of_subject(self, *subjects: Subject) -> tuple[Figure, ...]:
        """The figures of some subjects, in the order of their declaration."""
        return tuple(figure for figure in self.report.figures if figure.subject in subjects)

    def those_of(self, keys: Iterable[str]) -> tuple[Figure, ...]:
        """The figures of these keys that this report has, in this order."""
        return tuple(self.figures[key] for key in keys if key in self.figures)

    # ---- metrics

    @cached_property
    def _metrics(self) -> Mapping[Key, Mapping[str, Any]]:
        rows = records(self.report.metrics)
        return {(str(one["level"]), str(one["entity_id"]), str(one["figure"])): one for one in rows}

    def metric(self, figure: Figure, level: Level | None = None, entity: str = "") -> Mapping[str, Any]:
        """The row of `metrics.csv` of a figure, for the report's entity unless another is named."""
        key = (level or self.report.level, entity or self.report.entity_id, figure.key)
        return self._metrics.get(key, NOTHING)

    def raw(self, figure: Figure, column: str, level: Level | None = None, entity: str = "") -> float | None:
        """One column of a figure's metrics; None where it is not known."""
        return number(self.metric(figure, level, entity).get(column))

    def entities(self, level: Level) -> tuple[str, ...]:
        """The entities of a level that the metrics speak of, in order."""
        return tuple(sorted({entity for one, entity, _ in self._metrics if one == level}))

    # ---- showing

    def label(self, figure: Figure) -> str:
        """What a figure is called."""
        return self.words.pick(figure.zh, figure.en)

    def level_word(self, level: Level, *, heading: bool = False) -> str:
        """A level's word, as the trade has it, within a title: 客户经理, account manager; or as a heading."""
        entity = self.report.settings.profile.entities[level]
        return self.words.pick(entity.zh, entity.en if heading else entity.en.lower())

    def unit(self, figure: Figure) -> str:
        """A figure's unit as tables show it: the large one, where it has one, as money."""
        return shown_unit_text(figure, self.words)

    def header(self, figure: Figure) -> str:
        """The figure's name with its unit, as a column's header."""
        return self.word("header_with_unit", name=self.label(figure), unit=self.unit(figure))

    def titled(self, figure: Figure) -> str:
        """The figure's name with its unit, on one line."""
        return self.word("with_unit", name=self.label(figure), unit=self.unit(figure))

    def style(self, figure: Figure) -> str:
        """How a figure's values are shown."""
        if figure.large is not None:
            return f"number{scale_of(figure.large, self.words)[1]}"
        kind = "percent" if figure.is_rate else "number"
        finest = 4 if kind == "number" and figure.decimals > 2 else 2  # a price of a kWh says little with two
        return f"{kind}{finest if figure.decimals > 2 else figure.decimals}"

    def scaled(self, figure: Figure, value: float | None) -> float | None:
        """A value in the unit in which it is shown."""
        if value is None or figure.large is None:
            return value
        return value / scale_of(figure.large, self.words)[0]

    def value(self, figure: Figure, column: str = "value", level: Level | None = None, entity: str = "") -> Shown:
        """A figure as shown; greyed where too few stand behind a rate to say much."""
        value = self.scaled(figure, self.raw(figure, column, level, entity))
        few = column == "value" and self.is_thin(figure, level, entity)
        return Shown(value, self.style(figure), "muted" if few else "plain")

    def is_thin(self, figure: Figure, level: Level | None = None, entity: str = "") -> bool:
        """Whether fewer than the profile's least count stand behind a figure: see `figures.few`."""
        if not is_guarded(figure):
            return False
        behind = self.raw(figure, "denominator", level, entity)
        return behind is not None and behind < self.report.settings.profile.least_count

    def change(
        self, figure: Figure, column: str = "change", level: Level | None = None, entity: str = ""
    ) -> Shown:
        """A change with ▲▼, coloured by whether it is good; of small counts the difference, without either."""
        if not self.is_few_change(figure, column, level, entity):
            return self.shown_change(figure, self.raw(figure, column, level, entity))
        if is_count(figure) and column in COMPARABLE:
            now, base = (self.raw(figure, one, level, entity) for one in COMPARABLE[column])
            if now is not None and base is not None:
                return Shown(now - base, "change_count", "muted")
        return Shown(None)

    def is_few_change(self, figure: Figure, column: str, level: Level | None = None, entity: str = "") -> bool:
        """Whether too few stand on one of the sides of a change for it to say anything."""
        least = self.report.settings.profile.least_count
        return change_is_few(figure, self.metric(figure, level, entity), column, least)

    def shown_change(self, figure: Figure, value: float | None) -> Shown:
        """A figure's change with ▲▼; without where it rounds to nothing."""
        known = settled(value)
        return Shown(known, CHANGE_STYLES[figure.change_unit], self.tone(figure, known))

    def tone(self, figure: Figure, change: float | None) -> Tone:
        """Whether a change of a figure is good or bad."""
        return self.tone_of(figure.better, change)

    def tone_of(self, better: str, change: float | None) -> Tone:
        """Green for better, red for worse; or, where the office wants it, red for up and green for down."""
        if not change:
            return "plain"
        if self.report.settings.colours == "red_up":
            return "red" if change > 0 else "green"
        if better == "neither":
            return "plain"
        return "green" if (change > 0) == (better == "higher") else "red"

    def to_glossary(self, figure: Figure) -> Link:
        """The figure's name as a link to its definition."""
        return Link(self.label(figure), GLOSSARY_TABLE, figure.key)

    # ---- names

    @cached_property
    def _names(self) -> Mapping[tuple[str, str], str]:
        names = self.report.names
        return {
            (str(level), str(entity)): text(name)
            for level, entity, name in zip(
                names["level"].tolist(), names["entity_id"].tolist(), names["name"].tolist(), strict=True
            )
        }

    def name(self, level: str, entity: str) -> str:
        """The name of an entity; the code where no name is known."""
        return self._names.get((level, entity)) or entity

    def any_name(self, entity: str) -> str:
        """The name of an entity whose level is plain from its code."""
        found = (name for (_, known), name in self._names.items() if known == entity)
        return self.organisation if entity == ORGANISATION_ID else next(found, entity)

    @cached_property
    def customer_names(self) -> Mapping[str, str]:
        """The names of the customers that the details speak of."""
        frame = self.detail("customers_by_movement")
        if frame.empty:
            return {}
        pairs = zip(frame["customer_id"].tolist(), frame["customer_name"].tolist(), strict=True)
        return {str(customer): text(name) for customer, name in pairs}

    @cached_property
    def product_names(self) -> Mapping[str, str]:
        """The names of the products that were sold in the months compared."""
        frame = self.detail("sales_by_product")
        if frame.empty:
            return {}
        pairs = zip(frame["product_id"].tolist(), frame["product_name"].tolist(), strict=True)
        return {str(product): text(name) for product, name in pairs if text(name)}

    @cached_property
    def organisation(self) -> str:
        """The name of the organisation."""
        return self.report.settings.organisation or self.word("organisation")

    @cached_property
    def entity_name(self) -> str:
        """The name of whom the workbook is about."""
        report = self.report
        if report.level == "organisation":
            return self.organisation
        return self.name(report.level, report.entity_id)

    @cached_property
    def month_text(self) -> str:
        """The month (or longer period) of the workbook, in words."""
        return period_text(self.report.period, self.words)

    def month_name(self, month: Month) -> str:
        """A month in words."""
        return month_text(month, self.words)

    # ---- history

    @cached_property
    def months(self) -> tuple[Month, ...]:
        """The months shown in charts, the reported one last: from the first that anything is known of."""
        shown = [self.report.month + step for step in range(1 - MONTHS_SHOWN, 1)]
        first = min((str(month) for month in self.report.history["month"].dropna()), default=str(shown[-1]))
        known = sum(str(month) >= first for month in shown)
        return tuple(shown[-max(known, FEWEST_SHOWN) :])

    @cached_property
    def _history(self) -> Mapping[str, Mapping[str, float | None]]:
        """The values of the report's entity by figure and month (YYYY-MM)."""
        frame = self.report.history
        own = (frame["level"] == self.report.level) & (frame["entity_id"] == self.report.entity_id)
        columns = [frame.loc[own, name].tolist() for name in ("figure", "month", "value")]
        found: dict[str, dict[str, float | None]] = {}
        for figure, month, value in zip(*columns, strict=True):
            found.setdefault(str(figure), {})[str(month)] = number(value)
        return found

    @cached_property
    def month_names(self) -> Mapping[int, tuple[str, ...]]:
        """The months shown, and those of a year before, as history has them."""
        return {shift: tuple(str(month + shift) for month in self.months) for shift in (0, -12)}

    def course(self, figure: Figure, shift: int = 0, months: Sequence[Month] | None = None) -> list[float | None]:
        """A figure's values for the report's entity, as shown, in the months shown or those given; a year before where
        `shift` is -12.

        The reported month is known from the metrics where history lacks it.
        """
        known = self._history.get(figure.key, {})
        names = self.month_names[shift] if months is None else [str(month + shift) for month in months]
        values = [self.scaled(figure, known.get(name)) for name in names]
        if names[-1] == str(self.report.month) and values[-1] is None and self.report.span is None:
            values[-1] = self.scaled(figure, self.raw(figure, "value"))
        return values

    @cached_property
    def _made(self) -> dict[str, Any]:
        return {}

    def once(self, name: str, make: Callable[[], Made]) -> Made:
        """What `make` makes, made once for the report and kept under a name."""
        if name not in self._made:
            self._made[name] = make()
        made: Made = self._made[name]
        return made

    def detail(self, name: str) -> pd.DataFrame:
        """A frame of the report's details, empty where there is none of that name."""
        return self.report.details.get(name, _NO_ROWS)


CHANGE_STYLES: Mapping[str, str] = {
    "百分点": "change_points",
    "分": "change_number",
    "%": "change_percent",
}
ORGANISATION: tuple[Level, str] = ("organisation", ORGANISATION_ID)
