"""All steps of a month."""

from pipeline.contract.settings import Settings
from pipeline.figures.catalogue import all_figures
from pipeline.month.plan.as_in import AsIn
from pipeline.month.plan.compared import Comparing
from pipeline.month.plan.counts import Counting
from pipeline.month.plan.details import Detailing
from pipeline.month.plan.findings import Finding
from pipeline.month.plan.forecasts import Forecasting, Tracking
from pipeline.month.plan.moves import Missing, Moving
from pipeline.month.plan.nodes import (
    Moves,
)
from pipeline.month.plan.papers import Papers
from pipeline.month.plan.periods import Periods
from pipeline.month.plan.rows import Reading
from pipeline.month.plan.tellings import Telling
from pipeline.month.shape import Shape
from pipeline.month.sources import Sources
from pipeline.work.step import Step, node


def steps_of(settings: Settings, shape: Shape, moves: Moves) -> list[Step]:
    """All steps of the months of one committed ledger.

    Args:
        moves: whether customers moved in between months; most of the time they did not, and nothing is to be counted.
    """
    sources = Sources(shape.ledger, settings, shape)
    return [
        *sources.steps(),
        Step("figures", all_figures, lambda: {"profile": node("profile")}, "process"),
        *Reading(shape).steps(),
        *Counting(shape).steps(),
        *Comparing(shape, moves).steps(),
        *Moving(shape, moves).steps(),
        *Missing(shape, moves).steps(),
        *Detailing(shape).steps(),
        *Forecasting(shape).steps(),
        *AsIn(shape).steps(),
        *Tracking(shape, sources).steps(),
        *Finding(shape).steps(),
        *Periods(shape, sources, moves).steps(),
        *Telling(shape, settings.profile).steps(),
        *Papers(settings, shape).steps(),
    ]
