"""Cutting a month's result into reports: each entity gets its own rows, and of the others only the whole's totals."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

import pandas as pd

from pipeline.figures.declare import Figure, Level
from pipeline.figures.details import CutDetails, MonthDetails, cut_details
from pipeline.figures.metrics import history_of
from pipeline.findings.next_month import Outlook, next_month_part
from pipeline.findings.sentences import Story, opinions_part, overview, problems_part, sales_part
from pipeline.month_report import MonthResult
from pipeline.report import ORGANISATION_ID, Report
from pipeline.settings import Settings
from pipeline.words import load_words

_PARTS_OF_A_REGION = ("category", "brand")


def share_of_region(result: MonthResult, region: str) -> MonthResult:
    """All of a month that a region and its managers may see: their own rows, and the organisation's figures."""
    regions = result.regions[result.regions == region]
    scope = _Scope("region", region, frozenset(regions.index), frozenset())
    manager_of = result.manager_of[result.manager_of.isin(list(scope.managers))]
    return replace(
        result,
        metrics=scope.own(result.metrics, with_whole=True),
        names=scope.own(result.names, with_whole=True),
        history=scope.own(result.history, with_whole=True),
        problems=scope.of_managers(result.problems),
        submissions=scope.of_managers(result.submissions),
        entities=result.entities.of([("region", region), *(("manager", manager) for manager in scope.managers)]),
        regions=regions,
        manager_of=manager_of,
        findings=scope.own(result.findings),
        forecast=scope.forecast_of_region(result.forecast, manager_of),
        track=scope.own(result.track),
        scorecard=scope.own(result.scorecard),
        open_actions=scope.of_managers(result.open_actions),
        changes=None if result.changes is None else scope.own(result.changes),
    )


def share_of_headquarters(result: MonthResult) -> MonthResult:
    """All of a month that stands in the headquarters workbook: not the history of parts, no customer's forecast."""
    whole = result.history["level"] == "organisation"
    of_customers = result.forecast["level"] == "customer"
    return replace(
        result,
        history=result.history[whole],
        forecast=result.forecast[~of_customers],
        entities=result.entities.of([("organisation", ORGANISATION_ID)]),
    )


def region_reports(
    share: MonthResult, details: MonthDetails, settings: Settings, figures: Sequence[Figure]
) -> Iterator[Report]:
    """The report of the region whose share and details these are, and one of each manager with figures this month,
    in the order of the managers' codes."""
    details_cut = cut_details(details, ("region", "manager"))
    region, managers = str(share.regions.iloc[0]), sorted(share.regions.index)
    yield cut(share, settings, figures, details_cut, ("region", region), managers)
    for manager in managers_reported(share):
        yield cut(share, settings, figures, details_cut, ("manager", manager), [manager])


def managers_reported(share: MonthResult) -> list[str]:
    """The managers of a region's share that have figures this month, and so a report."""
    known = set(share.metrics.loc[share.metrics["level"] == "manager", "entity_id"])
    return sorted(known & set(share.regions.index))


def headquarters_report(
    share: MonthResult, details: MonthDetails, settings: Settings, figures: Sequence[Figure]
) -> Report:
    """The report on the organisation, with every region and manager."""
    whole = cut_details(details, ("organisation",))
    return cut(share, settings, figures, whole, ("organisation", ORGANISATION_ID), sorted(share.regions.index))


def cut(
    result: MonthResult,
    settings: Settings,
    figures: Sequence[Figure],
    cut_up: CutDetails,
    entity: tuple[Level, str],
    managers: Sequence[str],
) -> Report:
    """What one entity's workbook is made from; see `pipeline.report.Report`."""
    level, entity_id = entity
    scope = _Scope(level, entity_id, frozenset(managers), frozenset(result.regions))
    track = scope.own(result.track)
    details = {
        **cut_up.of(level, entity_id),
        "track_record": track,
        "open_actions": scope.of_managers(result.open_actions),
        "scorecard": scope.own(result.scorecard),
    }
    metrics = scope.own(result.metrics, with_whole=True)
    findings = scope.own(result.findings)
    forecast = scope.own_forecast(result.forecast, result.manager_of)
    report = Report(
        settings=settings,
        month=result.month,
        edition=result.edition,
        level=level,
        entity_id=entity_id,
        figures=tuple(figures),
        metrics=metrics,
        history=history_of(result.history, result.month, level, entity_id),
        names=scope.own(result.names, with_whole=True),
        problems=scope.of_managers(result.problems),
        submissions=scope.of_managers(result.submissions),
        details=details,
        changes=None if result.changes is None else scope.own(result.changes),
        sentences=_sentences(result, settings, figures, scope, metrics, findings, forecast, track, details),
        findings=findings,
        forecast=forecast,
    )
    return report


class _Scope:
    """Whose rows an entity may see."""

    def __init__(self, level: Level, entity_id: str, managers: frozenset[str], regions: frozenset[str]) -> None:
        self.level = level
        self.entity_id = entity_id
        self.managers = managers
        self.regions = regions if level == "organisation" else frozenset()

    def own(self, frame: pd.DataFrame, *, with_whole: bool = False) -> pd.DataFrame:
        """Rows by level and entity_id: the entity, its managers, headquarters' regions; the whole where asked."""
        here = (frame["level"] == self.level) & (frame["entity_id"] == self.entity_id)
        below = (frame["level"] == "manager") & frame["entity_id"].isin(self.managers)
        beside = (frame["level"] == "region") & frame["entity_id"].isin(self.regions)
        chosen = here | below | beside
        if with_whole:
            chosen = chosen | (frame["level"] == "organisation")
        return frame[chosen].reset_index(drop=True)

    def of_managers(self, frame: pd.DataFrame) -> pd.DataFrame:
        return frame[frame["manager_id"].isin(self.managers)].reset_index(drop=True)

    def forecast_of_region(self, forecast: pd.DataFrame, manager_of: pd.Series) -> pd.DataFrame:
        """What is forecast of a region, its managers and their customers, and of its categories and brands."""
        customers = (forecast["level"] == "customer") & forecast["entity_id"].isin(manager_of.index)
        return pd.concat([self.own_forecast(forecast, manager_of), forecast[customers]], ignore_index=True)

    def own_forecast(self, forecast: pd.DataFrame, manager_of: pd.Series) -> pd.DataFrame:
        """The entity and what adds up to it: categories and brands of a region, customers of a manager."""
        rows = self.own(forecast)
        if self.level == "manager":
            customers = manager_of.index[manager_of == self.entity_id]
            more = forecast[(forecast["level"] == "customer") & forecast["entity_id"].isin(customers)]
        elif self.level == "region":
            region = forecast["entity_id"].str.split("|").str[0]
            more = forecast[forecast["level"].isin(_PARTS_OF_A_REGION) & (region == self.entity_id)]
        else:
            more = forecast[forecast["level"].isin(_PARTS_OF_A_REGION)]
        return pd.concat([rows, more], ignore_index=True)


def _sentences(
    result: MonthResult,
    settings: Settings,
    figures: Sequence[Figure],
    scope: _Scope,
    metrics: pd.DataFrame,
    findings: pd.DataFrame,
    forecast: pd.DataFrame,
    track: pd.DataFrame,
    details: Mapping[str, pd.DataFrame],
) -> Mapping[str, tuple[str, ...]]:
    """What is said in each part of the report."""
    words = load_words(settings.language)
    names = result.names[(result.names["level"] == scope.level) & (result.names["entity_id"] == scope.entity_id)]
    name = str(names["name"].iloc[0]) if len(names) else scope.entity_id
    story = Story(
        result.month, scope.level, scope.entity_id, name, metrics, findings, details, tuple(figures),
        settings.profile, words,
    )  # fmt: skip
    outlook = Outlook(
        result.month, scope.level, scope.entity_id, name, metrics, forecast, track, story.declared, words
    )
    parts: Iterable[tuple[str, Iterable[str]]] = (
        ("overview", overview(story)),
        ("sales", sales_part(story)),
        ("problems", problems_part(story)),
        ("opinions", opinions_part(story)),
        ("forecast", next_month_part(outlook)),
    )
    return {part: tuple(texts) for part, texts in parts}
