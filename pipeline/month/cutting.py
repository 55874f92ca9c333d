"""Cutting a month's result into reports: each entity gets its own rows, and of the others only the whole's totals."""

from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, partial

import numpy as np
import pandas as pd

from pipeline.base.calendar import Month
from pipeline.base.exact import stacked
from pipeline.base.rows_by_key import Places, RowsByKey, rows_by_key
from pipeline.contract.figure import Figure, Level
from pipeline.contract.page_text import page_texts
from pipeline.contract.report import ORGANISATION_ID, Report
from pipeline.contract.settings import Settings
from pipeline.contract.titles import short_period_text
from pipeline.figures.detail_sums import tables_by_level
from pipeline.figures.details import CutDetails, MonthDetails, cut_details
from pipeline.findings.next_month import Outlook, next_month_part
from pipeline.findings.page import page_of
from pipeline.findings.page_one import page_one
from pipeline.findings.sentences import missing, opinions_part, overview, problems_part, sales_part
from pipeline.findings.story import Story
from pipeline.month.period_words import with_words_of_period
from pipeline.month.report import MonthResult
from pipeline.month.sales_totals import JOINED

_ENTITIES = ("organisation", "region", "manager", "customer")  # other levels of a forecast are groups of products
_HISTORY_MONTHS = 25
Key = tuple[str, str]
_WHOLE: Key = ("organisation", ORGANISATION_ID)
_EVERY = ""  # stands for all regions together, among the parts of a forecast


@dataclass(frozen=True)
class Scope:
    """Whose rows an entity may see: its own, its managers', and headquarters every region's."""

    level: Level
    entity_id: str
    managers: tuple[str, ...]
    regions: tuple[str, ...] = ()

    @property
    def entity(self) -> Key:
        """Level and code of the entity."""
        return self.level, self.entity_id

    @property
    def senders(self) -> tuple[str, ...]:
        """Whose forms are told of: its managers', and a region's own."""
        return (*self.managers, *((self.entity_id,) if self.level == "region" else ()))

    @property
    def keys(self) -> tuple[Key, ...]:
        """By level and entity_id."""
        below = [("manager", one) for one in self.managers]
        beside = [("region", one) for one in self.regions]
        return tuple(dict.fromkeys([self.entity, *beside, *below]))


@dataclass(frozen=True)
class Share:
    """All that the reports of a region and its managers, or that of headquarters, are cut from.

    `result` is what of the month they may show; `history` their figures of the months before, and the organisation's;
    `customers` what is forecast of the managers' customers (FORECAST_COLUMNS and manager_id).
    """

    result: MonthResult
    details: MonthDetails
    history: pd.DataFrame
    customers: pd.DataFrame


class SortedMonth:
    """A month's result with its frames sorted by whose their rows are: once, for all that is cut from it."""

    def __init__(self, result: MonthResult, **more: pd.DataFrame) -> None:
        self.result = result
        self._more = more
        self._sorted: dict[str, RowsByKey] = {}

    def own(self, name: str, keys: Iterable[Key]) -> pd.DataFrame:
        """The rows of a frame by level and entity_id."""
        return self._by(name, ("level", "entity_id")).of(keys)

    def of_managers(self, name: str, scope: Scope) -> pd.DataFrame:
        """The rows of a frame that are about a scope's managers."""
        return self._by(name, ("manager_id",)).of(scope.managers)

    def of_senders(self, name: str, scope: Scope) -> pd.DataFrame:
        """The rows of a frame that are about what a scope's managers sent, or a region itself."""
        return self._by(name, ("manager_id",)).of(scope.senders)

    def changes(self, scope: Scope) -> pd.DataFrame | None:
        """What a new edition changed for a scope; None where it is the first."""
        return None if self.result.changes is None else self.own("changes", scope.keys)

    def forecast(self, scope: Scope) -> pd.DataFrame:
        """What is forecast of the entities of a scope, and after it of a region's (or all) groups of products or of
        a manager's customers."""
        own = self.own("forecast", scope.keys)
        if scope.level == "manager":
            below = self.of_managers("customers", scope).drop(columns="manager_id")
        else:
            below = self._parts_forecast.of([_EVERY if scope.level == "organisation" else scope.entity_id])
        return stacked([own, below])

    @cached_property
    def _parts_forecast(self) -> RowsByKey:
        """The forecast's groups of products, by region and all together."""
        forecast = self.result.forecast
        parts = np.flatnonzero(~forecast["level"].isin(_ENTITIES))
        region = forecast["entity_id"].iloc[parts].str.split(JOINED).str[0]
        found = pd.Series(parts).groupby(region.to_numpy()).indices
        by_region: dict[Hashable, Places] = {name: parts[positions] for name, positions in found.items()}
        return RowsByKey(forecast, {_EVERY: parts, **by_region})

    def _by(self, name: str, columns: Sequence[str]) -> RowsByKey:
        if name not in self._sorted:
            given = {**self.result.told, **self._more}
            frame = given[name] if name in given else getattr(self.result, name)
            self._sorted[name] = rows_by_key(frame, columns)
        return self._sorted[name]


def share_of_region(month: SortedMonth, region: str) -> MonthResult:
    """What of a month a region and its managers may see: their own rows, and the organisation's figures."""
    result = month.result
    regions = result.regions[result.regions == region]
    scope = Scope("region", region, tuple(regions.index))
    with_whole = (*scope.keys, _WHOLE)
    return replace(
        result,
        metrics=month.own("metrics", with_whole),
        names=month.own("names", with_whole),
        problems=month.of_senders("problems", scope),
        submissions=month.of_senders("submissions", scope),
        regions=regions,
        findings=month.own("findings", scope.keys),
        forecast=month.forecast(scope),
        track=month.own("track", scope.keys),
        scorecard=month.own("scorecard", scope.keys),
        open_actions=month.of_managers("open_actions", scope),
        followed_actions=month.of_managers("followed_actions", scope),
        changes=month.changes(scope),
        year_targets=month.own("year_targets", scope.keys),
        told={name: month.own(name, scope.keys) for name in result.told},
    )


def region_reports(share: Share, settings: Settings, figures: Sequence[Figure]) -> Iterator[Report]:
    """The report of the region whose share this is, and one of each manager with figures this month, in the order of
    the managers' codes."""
    cut_up, regions = cut_details(share.details, ("region", "manager")), share.result.regions
    month = SortedMonth(share.result, history=share.history, customers=share.customers)
    yield cut(
        month, settings, figures, cut_up, Scope("region", str(regions.iloc[0]), tuple(sorted(regions.index)))
    )
    for manager in managers_reported(share.result):
        yield cut(month, settings, figures, cut_up, Scope("manager", manager, (manager,)))


def managers_reported(result: MonthResult) -> list[str]:
    """The managers of a region's share, or of the whole month, that have figures this month, and so a report."""
    known = set(result.metrics.loc[result.metrics["level"] == "manager", "entity_id"])
    return sorted(known & set(result.regions.index))


def headquarters_report(share: Share, settings: Settings, figures: Sequence[Figure]) -> Report:
    """The report on the organisation, with every region and manager."""
    regions = share.result.regions
    scope = Scope("organisation", ORGANISATION_ID, tuple(sorted(regions.index)), tuple(sorted(set(regions))))
    month = SortedMonth(share.result, history=share.history)
    return cut(month, settings, figures, cut_details(share.details, ("organisation",)), scope)


def cut(
    month: SortedMonth, settings: Settings, figures: Sequence[Figure], cut_up: CutDetails, scope: Scope
) -> Report:
    """What one entity's workbook is made from; see `pipeline.contract.report.Report`."""
    result, keys = month.result, scope.keys
    beside = {
        "track_record": partial(month.own, "track", keys),
        "open_actions": partial(month.of_managers, "open_actions", scope),
        "followed_actions": partial(month.of_managers, "followed_actions", scope),
        "scorecard": partial(month.own, "scorecard", keys),
        "year_targets": partial(month.own, "year_targets", (scope.entity,)),
        "manager_regions": partial(_manager_regions, result, scope),
        "customers_forecast": partial(_customers_forecast, month, scope),
        "sales_below": partial(_sales_below, cut_up.details, scope),
        **{name: partial(month.own, name, keys) for name in result.told},
    }
    report = Report(
        settings=settings,
        month=result.month,
        edition=result.edition,
        level=scope.level,
        entity_id=scope.entity_id,
        figures=tuple(figures),
        metrics=month.own("metrics", (*keys, _WHOLE)),
        history=_recent(month.own("history", (*(keys if result.span else keys[:1]), _WHOLE)), result.month),
        names=month.own("names", (*keys, _WHOLE)),
        problems=result.problems if scope.level == "organisation" else month.of_senders("problems", scope),
        submissions=result.submissions
        if scope.level == "organisation"
        else month.of_senders("submissions", scope),
        details=cut_up.of(scope.level, scope.entity_id, beside),
        changes=month.changes(scope),
        findings=month.own("findings", keys),
        forecast=month.forecast(scope),
        axes={} if scope.level == "manager" else result.axes,  # only regions are laid side by side
        span=result.span,
        known=result.known,
    )
    return with_words(report)


def with_words(report: Report) -> Report:
    """The report with what is said in it: page one (a manager's part one), and each part's sentences."""
    if report.span is not None:
        return with_words_of_period(report, _story(report))
    story = _story(report)
    parts = told(report, story)
    assert report.forecast is not None
    first = page_one(page_of(story, report.history, report.forecast, report.names))
    return replace(report, page_one=first, sentences={**parts, "overview": page_texts(first, story.words)})


def _manager_regions(result: MonthResult, scope: Scope) -> pd.DataFrame:
    """manager_id and region_id of the managers of a scope."""
    own = result.regions[result.regions.index.isin(scope.managers)]
    return pd.DataFrame({"manager_id": own.index.astype("str"), "region_id": own.to_numpy()}, dtype="str")


def _customers_forecast(month: SortedMonth, scope: Scope) -> pd.DataFrame:
    """What is forecast of a region's customers; of a manager it stands in the forecast, of all they are too many."""
    return month.of_managers("customers", scope) if scope.level == "region" else pd.DataFrame()


def _sales_below(details: MonthDetails, scope: Scope) -> pd.DataFrame:
    """`sales_by_product` of each entity below that of a scope, with level and entity_id; no rows where none is."""
    below: dict[Level, tuple[Level, ...]] = {"organisation": ("region", "manager"), "region": ("manager",)}
    levels = below.get(scope.level, ())
    tables = tables_by_level("sales_by_product", details.sums["sales_by_product"], details.products, levels)
    frames = [table.assign(level=level) for level, table in tables.items()]
    return pd.concat(frames, ignore_index=True) if frames else pd.DataFrame()


def _recent(history: pd.DataFrame, month: Month) -> pd.DataFrame:
    """Up to _HISTORY_MONTHS months of it, this one included."""
    inside = history["month"].between(str(month + (1 - _HISTORY_MONTHS)), str(month))
    return history[inside].reset_index(drop=True)


def _reported(report: Report) -> dict[str, tuple[int, int]]:
    """Of each form how many managers handed it in, and how many did not."""
    rows = report.submissions[report.submissions["manager_id"].astype(bool)]
    return {
        str(form): (len(own) - (missing := int(own["state"].isin(["missing", "refused"]).sum())), missing)
        for form, own in rows.groupby("form")
    }


def _manager_names(report: Report) -> Mapping[str, str]:
    """The names of the report's managers, by manager_id."""
    managers = report.names[report.names["level"] == "manager"].dropna(subset=["name"])
    return dict(zip(managers["entity_id"].astype("str"), managers["name"].astype("str"), strict=True))


def _story(report: Report) -> Story:
    """What sentences are made from."""
    words, level, entity_id = report.words, report.level, report.entity_id
    own = report.names[(report.names["level"] == level) & (report.names["entity_id"] == entity_id)]
    name = str(own["name"].iloc[0]) if len(own) else entity_id
    assert report.findings is not None
    return Story(
        report.month, level, entity_id, name, report.metrics, report.findings, report.details, report.figures,
        report.settings.profile, words, _reported(report), _manager_names(report),
        short_period_text(report.span, words) if report.span else "",
    )  # fmt: skip


def told(report: Report, story: Story) -> Mapping[str, tuple[str, ...]]:
    """What is said in each part of a report; `story` is what its sentences are made from."""
    assert report.forecast is not None
    outlook = Outlook(
        report.month, report.level, report.entity_id, story.name, story.by_figure, report.forecast,
        report.details["track_record"], story.declared, story.words, report.metrics, report.history,
        report.details.get("incomplete_months"), report.settings.profile.forecast_figures,
        report.details.get("customers_forecast"),
    )  # fmt: skip
    parts: Iterable[tuple[str, Iterable[str]]] = (
        ("overview", overview(story)),
        ("missing", missing(story)),
        ("sales", sales_part(story)),
        ("problems", problems_part(story)),
        ("opinions", opinions_part(story)),
        ("forecast", next_month_part(outlook)),
    )
    return {part: tuple(texts) for part, texts in parts}
