"""A committed ledger opened for reporting: its graph, in whichever process asks for it."""

from __future__ import annotations

from concurrent.futures import Executor
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

from pipeline.base.calendar import Month
from pipeline.contract.behind import lists_in_use
from pipeline.contract.papers import papers_in_use
from pipeline.contract.settings import Settings
from pipeline.figures.catalogue import all_figures
from pipeline.figures.scorecard import check_indicators
from pipeline.ledger.manifest import manifest_stamp, read_manifest
from pipeline.ledger.read import Ledger
from pipeline.ledger.told import Told
from pipeline.month.plan.steps import steps_of
from pipeline.month.sales_totals import MEASURES
from pipeline.month.shape import Shape
from pipeline.taking.refused import told_of
from pipeline.work.code import Code, code_behind
from pipeline.work.graph import Graph
from pipeline.work.store import Store
from schemas.entities import forms_of_inner


@dataclass(frozen=True)
class Months:
    """The months of a committed ledger: what they look like, and the graph of what is made of them."""

    ledger: Ledger
    settings: Settings
    shape: Shape
    graph: Graph
    place: Place

    @cached_property
    def told(self) -> Told:
        """In which month's reports the problems of each file are told."""
        return told_of(self.ledger.home, self.ledger.manifest)


@dataclass(frozen=True)
class Place:
    """Where a task finds the months, in any process that sees the home; `kept_by` are those of this very process."""

    home: Path
    settings: Settings
    stamp: str
    kept_by: list[Months]

    @property
    def months(self) -> Months:
        """The months, opened again where they are not this process's own."""
        if self.kept_by:
            return self.kept_by[0]
        return _opened(self.home, self.settings.model_dump_json(), self.stamp)

    @property
    def graph(self) -> Graph:
        """Their graph."""
        return self.months.graph


@lru_cache(maxsize=1)
def _opened(home: Path, settings: str, stamp: str) -> Months:
    """What a process works with as long as settings and ledger stay as they are."""
    own = Settings.model_validate_json(settings)
    return open_months(Ledger(home, read_manifest(home), own.profile.forms), own)


def open_months(
    ledger: Ledger, settings: Settings, executor: Executor | None = None, code: Code = code_behind
) -> Months:
    """Opens the months of a ledger; tasks go over the executor where there is one.

    Raises:
        SettingsError: when the scorecard judges what is no figure.
    """
    check_indicators(settings.profile, all_figures(settings.profile))
    profile = settings.profile
    inner = tuple(one for one in forms_of_inner(profile.entities) if one in profile.forms)
    shape = Shape(
        ledger,
        profile,
        tuple(profile.monthly_forms),
        tuple(lists_in_use(profile)),
        inner,
        MEASURES[: len(profile.forecast_figures)],
        tuple(papers_in_use(profile)),
    )
    place = Place(ledger.home, settings, manifest_stamp(ledger.home), [])

    def moves(month: Month, own: Month, other: Month) -> bool:
        if shape.same_customers(month, own, other):
            return False
        return not graph.of("moved_pairs", own, month, other).empty

    graph = Graph(steps_of(settings, shape, moves), Store(ledger.home), place, executor, code)
    months = Months(ledger, settings, shape, graph, place)
    if executor is None:
        place.kept_by.append(months)
    return months
