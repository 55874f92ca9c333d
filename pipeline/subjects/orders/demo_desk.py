"""What the made-up service orders are made of: stations, engineers, and how fast whom."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from pipeline.base.calendar import Month
from pipeline.demo.people import Organisation
from pipeline.demo.trade import Pair


@dataclass(frozen=True)
class Desk:
    """The dispatch desk of the demo.

    `orders_a_month` is by kind of customer; `shares` of kinds of orders. `departments` does each kind of order, and
    `on_time` how likely each closes one in time; `engineers` are name and department. In the region of the number
    `short` (of staff) orders are late more often. In the stations of the numbers `pilots`, from `pilot_months` before
    the end on, fewer are late and fewer complain. `storm` is how many months before the end there was a storm, in which
    there are so many times (`storm_orders`) the usual faults.
    """

    orders_a_month: Mapping[str, float]
    shares: Mapping[str, float]
    departments: Mapping[str, str]
    on_time: Mapping[str, float]
    engineers: Sequence[tuple[Pair, str]]
    stations: Sequence[Pair]
    stations_a_region: int
    short: int
    pilots: Sequence[int]
    pilot_months: int
    storm: int
    storm_orders: float


def station_numbers(organisation: Organisation) -> pd.Series:
    """The number of each manager's station, by manager_id: a region's managers in turn over its stations."""
    desk: Desk = organisation.trade.material["orders"]
    managers = organisation.managers
    regions = {code: number for number, code in enumerate(organisation.regions["region_id"])}
    place = managers.groupby("region_id").cumcount()
    first = managers["region_id"].map(regions) * desk.stations_a_region
    return (first + place % desk.stations_a_region).set_axis(managers["manager_id"])


def station_id(number: int) -> str:
    """The code of a station by its number, from 0."""
    return f"S{number + 1:02d}"


def pilot_from(organisation: Organisation, number: int) -> Month | None:
    """The month from which a station is a pilot; None where it is none."""
    desk: Desk = organisation.trade.material["orders"]
    is_pilot = number in desk.pilots and len(organisation.months) > desk.pilot_months
    return organisation.months[-1] + (1 - desk.pilot_months) if is_pilot else None
