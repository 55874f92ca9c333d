"""What the month itself brought, beside its forecast; and the change, like with like where a manager is missing."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from pipeline.base.frames import records
from pipeline.contract.figure import LEVELS
from pipeline.contract.foreseen import measures_told
from pipeline.workbooks.view import View, number, text

PART_SIGN = "|"  # the entities of groups of products: region|widest|narrower
_DETAIL_COLUMNS = {"volume": "volume", "amount": "amount_yuan"}
_WITH_MANAGERS = ("organisation", "region")


@dataclass(frozen=True)
class Unreported:
    """The managers whose month is not known: how many, and what the model says of their next month, by measure."""

    managers: tuple[str, ...]
    forecast: Mapping[str, float]


def groups_of(view: View) -> tuple[str, ...]:
    """The groups of products that the trade names, the widest first."""
    return view.report.settings.profile.product_groups


def measures_of(view: View) -> tuple[str, ...]:
    """The figures that the trade forecasts: a count first, then money."""
    return view.report.settings.profile.forecast_figures


def told_measures(view: View) -> tuple[str, ...]:
    """Those of them that the report's entity has ever had any of."""
    report = view.report
    return view.once(
        "told_measures",
        lambda: measures_told(report.forecast, report.level, report.entity_id, measures_of(view)),
    )


def this_month(view: View, level: str, entity: str, measure: str) -> float | None:
    """What the month brought: a figure, a customer's row, or the sum of a group of products."""
    figure = view.figures.get(measure)
    for known in LEVELS:
        if level == known and figure:
            return view.raw(figure, "value", known, entity)
    if level in groups_of(view):
        return _part(view, level, entity, measure)
    return _customer(view, entity, measure) if level == "customer" else None


def growth(view: View, level: str, entity: str, measure: str, forecast: float | None) -> float | None:
    """Change of the forecast on this month, in %; of those managers and customers only whose month is known.

    Of a group of products, which no manager can be taken out of, None where a manager is missing.
    """
    now = this_month(view, level, entity, measure)
    is_group = level in groups_of(view)
    if (is_group or level in _WITH_MANAGERS) and unreported(view, level, entity).managers:
        if is_group:
            return None
        forecast, now = _of_those_known(view, level, entity, measure)
    elif forecast is not None:
        forecast -= of_unreported(view, level, entity, measure)
    if forecast is None or now is None or now <= 0:
        return None
    return 100 * (forecast - now) / now


def unreported(view: View, level: str = "", entity: str = "") -> Unreported:
    """The managers missing below an entity of the report; by default below the report's own."""
    if view.report.level == "manager":
        return Unreported((), {})
    if level in groups_of(view) and PART_SIGN in entity:
        level, entity = "region", entity.split(PART_SIGN)[0]
    if level == "region" and view.report.level == "organisation":
        return _missing(view, _managers_of(view, level, entity))
    return view.once("unreported", lambda: _missing(view, _managers(view)))


def _missing(view: View, rows: list[dict[Any, Any]]) -> Unreported:
    figure = view.figures.get(told_measures(view)[0])
    silent = [
        one
        for one in rows
        if figure is not None and view.raw(figure, "value", "manager", text(one["entity_id"])) is None
    ]
    told = pd.DataFrame(
        [(text(one["measure"]), number(one["forecast"]) or 0.0) for one in silent], columns=["measure", "forecast"]
    )
    sums = {str(name): float(total) for name, total in told.groupby("measure")["forecast"].sum().items()}
    return Unreported(tuple(sorted({text(one["entity_id"]) for one in silent})), sums)


def _managers(view: View) -> list[dict[Any, Any]]:
    frame = view.report.forecast
    return [] if frame is None or frame.empty else records(frame[frame["level"] == "manager"])


def _managers_of(view: View, level: str, entity: str) -> list[dict[Any, Any]]:
    """The rows of the managers of the report's own entity, or of one of its regions."""
    if (level, entity) == (view.report.level, view.report.entity_id):
        return _managers(view)
    regions = view.detail("manager_regions")
    own = set() if regions.empty else set(regions.loc[regions["region_id"] == entity, "manager_id"])
    return [one for one in _managers(view) if level == "region" and text(one["entity_id"]) in own]


def _of_those_known(view: View, level: str, entity: str, measure: str) -> tuple[float | None, float | None]:
    """Forecast and month of those managers of the report's entity, or of one of its regions, whose month is known."""
    figure = view.figures.get(measure)
    if figure is None:
        return None, None
    missing = unreported(view, level, entity).managers
    pairs = [
        (_of_reported(one), view.raw(figure, "value", "manager", text(one["entity_id"])))
        for one in _managers_of(view, level, entity)
        if text(one["measure"]) == measure and text(one["entity_id"]) not in missing
    ]
    known = [(told, now) for told, now in pairs if told is not None and now is not None]
    return (sum(told for told, _ in known), sum(now for _, now in known)) if known else (None, None)


def of_unreported(view: View, level: str, entity: str, measure: str) -> float:
    """How much of a forecast is of single customers that were not reported."""
    frame = view.report.forecast
    if frame is None or "unreported" not in frame:
        return 0.0
    told = view.once("unreported_parts", lambda: {_key(one): number(one["unreported"]) for one in records(frame)})
    return told.get((level, entity, measure)) or 0.0


def _of_reported(one: Mapping[Any, Any]) -> float | None:
    """A row's forecast without what is in it of single customers that were not reported."""
    told = number(one["forecast"])
    return None if told is None else told - (number(one.get("unreported")) or 0.0)


def _part(view: View, level: str, entity: str, measure: str) -> float | None:
    """This month of a group of products: as the forecast's row has it, or the details where they can tell."""
    told = _told(view).get((level, entity, measure))
    if told is not None:
        return told
    key = entity.split(PART_SIGN)[-1]
    frame = view.detail(f"sales_by_{level}")
    column = _DETAIL_COLUMNS.get(measure, "")
    inner = level != groups_of(view)[0] and PART_SIGN in entity
    if frame.empty or column not in frame or (inner and _in_several(view, level, key)):
        return None
    return number(frame.loc[frame[level].astype("str") == key, column].sum())


def _told(view: View) -> Mapping[tuple[str, str, str], float | None]:
    """This month of groups of products, where the forecast has it beside."""
    frame = view.report.forecast
    if frame is None or "this_month" not in frame:
        return {}
    return view.once("told_now", lambda: {_key(one): number(one["this_month"]) for one in records(frame)})


def _key(one: Mapping[Any, Any]) -> tuple[str, str, str]:
    return text(one["level"]), text(one["entity_id"]), text(one["measure"])


def _in_several(view: View, group: str, key: str) -> bool:
    """Whether a group of products stands in several that are wider."""
    frame = view.report.forecast
    if frame is None:
        return False
    known = frame.loc[(frame["level"] == group) & (frame["measure"] == measures_of(view)[0]), "entity_id"]
    return int((known.str.split(PART_SIGN).str[-1] == key).sum()) > 1


def _customer(view: View, entity: str, measure: str) -> float | None:
    """This month of a customer: as the forecast's row has it, else as the list of customers has it."""
    told = _told(view).get(("customer", entity, measure))
    return told if told is not None else _customer_volumes(view).get(entity)


def _customer_volumes(view: View) -> Mapping[str, float | None]:
    return view.once("customer_volumes", lambda: _volumes(view.detail("customers_by_movement")))


def _volumes(frame: pd.DataFrame) -> dict[str, float | None]:
    if frame.empty:
        return {}
    pairs = zip(frame["customer_id"].tolist(), frame["volume"].tolist(), strict=True)
    return {str(customer): number(volume) for customer, volume in pairs}
