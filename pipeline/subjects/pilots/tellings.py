"""The comparison of pilots as it stands at a month's, or a longer period's, end: each start month by itself."""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import pandas as pd

from pipeline.base.calendar import Month
from pipeline.base.frames import records
from pipeline.base.period import Span
from pipeline.contract.figure import Figure
from pipeline.contract.report import ORGANISATION_ID
from pipeline.contract.tellings import Known, Telling
from pipeline.subjects.pilots.compare import Effect, Window, effect_of, window_of
from schemas.appraisals import Pilots
from schemas.entities import ORGANISATION, REGION

STATION, STATIONS, REGIONS = "station", "stations", "regions"
MOST_BACK = 35  # months: pilots that started earlier are no longer told of
EFFECT_COLUMNS = (
    "level", "entity_id", "start", "figure", "units", "months", "until", "effect", "low95", "high95", "pilots",
    "others", "least_pilots", "least_others", "least_months", "state", "left_out",
)  # fmt: skip
STATION_COLUMNS = (
    "level", "entity_id", "start", "figure", "unit_id", "unit_name", "region_id", "is_pilot", "before", "after",
    "change",
)  # fmt: skip
_KINDS = {
    **dict.fromkeys(("months", "pilots", "others", "least_pilots", "least_others", "least_months"), "int64"),
    **dict.fromkeys(("effect", "low95", "high95", "before", "after", "change"), "float64"),
    "is_pilot": "bool",
}


def pilot_effects(known: Known) -> pd.DataFrame:
    """One row per start month and figure: EFFECT_COLUMNS. `state` is "told"; "no_interval" where there are too few
    stations for one; "waiting" where too few months are known on one of the sides; "no_group" where no pilot, or no
    other station, has anything on both sides. Headquarters sees it, and each region with a station in it."""
    return _frame([row for one in _compared(known) for row in one.effect_rows()], EFFECT_COLUMNS)


def pilot_stations(known: Known) -> pd.DataFrame:
    """One row per start month, figure and station compared: STATION_COLUMNS. A region sees its own, headquarters
    all."""
    return _frame([row for one in _compared(known) for row in one.station_rows()], STATION_COLUMNS)


def _frame(rows: list[tuple[object, ...]], columns: tuple[str, ...]) -> pd.DataFrame:
    kinds = {name: _KINDS.get(name, "str") for name in columns}
    return pd.DataFrame(rows, columns=list(columns)).astype(kinds)


@dataclass(frozen=True)
class Units:
    """What is compared: stations, or regions where no manager has a station. By code: name, region, and the month from
    which it is a pilot (None where it is none)."""

    level: str
    names: Mapping[str, str]
    regions: Mapping[str, str]
    since: Mapping[str, Month | None]


@dataclass(frozen=True)
class Compared:
    """One figure of the pilots of one start month; without an effect where the months do not suffice."""

    start: Month
    figure: str
    units: Units
    rules: Pilots
    found: Effect | None

    def effect_rows(self) -> Iterator[tuple[object, ...]]:
        """Its rows in EFFECT_COLUMNS."""
        one, rules = self.found, self.rules
        told = (
            (0, "", math.nan, math.nan, math.nan, 0, 0)
            if one is None
            else (one.window.length, str(one.window.last), one.effect, one.low, one.high, one.pilots, one.others)
        )
        least = (rules.least_pilots, rules.least_others, rules.least_months)
        left_out = "" if one is None else "、".join(self.units.names[code] for code in one.left_out)
        for level, entity in self._whose():
            yield (
                level,
                entity,
                str(self.start),
                self.figure,
                self.units.level,
                *told,
                *least,
                self.state,
                left_out,
            )

    @property
    def state(self) -> str:
        """How much is told of it: see `pilot_effects`."""
        if self.found is None:
            return "waiting"
        if math.isnan(self.found.effect):
            return "no_group"
        return "no_interval" if math.isnan(self.found.low) else "told"

    def _whose(self) -> Iterator[tuple[str, str]]:
        yield ORGANISATION, ORGANISATION_ID
        piloting = {one for one, month in self.units.since.items() if month == self.start}
        stations = set(self.found.changes["entity_id"]) if self.found else piloting
        yield from ((REGION, one) for one in sorted({self.units.regions[code] for code in stations}))

    def station_rows(self) -> Iterator[tuple[object, ...]]:
        """Its rows in STATION_COLUMNS: pilots first."""
        if self.found is None:
            return
        rows = self.found.changes.sort_values(["is_pilot", "entity_id"], ascending=[False, True])
        for one in records(rows):
            code = str(one["entity_id"])
            region = self.units.regions[code]
            told = (one["is_pilot"], one["before"], one["after"], one["change"])
            for level, entity in ((ORGANISATION, ORGANISATION_ID), (REGION, region)):
                yield level, entity, str(self.start), self.figure, code, self.units.names[code], region, *told


def _compared(known: Known) -> Iterator[Compared]:
    """Every comparison as it stands, the newest pilots first."""
    rules = known.profile.pilots
    if rules is None:
        return
    last, units = known.period.last, units_of(known)
    starts = {one for one in units.since.values() if one is not None}
    for start in sorted((one for one in starts if _is_told(one, last, rules)), reverse=True):
        window = window_of(start, known.values.keys(), last, rules)
        for figure in (one for key in rules.figures if (one := known.figure(key)) is not None):
            found = None if window is None else _effect(known, figure, units, window, rules)
            yield Compared(start, figure.key, units, rules, found)


def _is_told(start: Month, last: Month, rules: Pilots) -> bool:
    """Pilots that have begun, and not so long ago that the months before them are no longer looked at."""
    return start <= last and last - (start + -rules.months) <= MOST_BACK


def _effect(known: Known, figure: Figure, units: Units, window: Window, rules: Pilots) -> Effect:
    return effect_of(sums_of(known, figure.key, units.level), units.since, window, rules, figure.scale)


def sums_of(known: Known, figure: str, level: str) -> pd.DataFrame:
    """month, entity_id, numerator, denominator of a figure at a level, of all months that are known."""
    rows = [
        own.assign(month=pd.Series([month] * len(own), index=own.index, dtype="object"))
        for month, values in known.values.items()
        if len(own := values[(values["figure"] == figure) & (values["level"] == level)])
    ]
    columns = ["month", "entity_id", "numerator", "denominator"]
    return pd.concat(rows, ignore_index=True)[columns] if rows else pd.DataFrame(columns=columns)


def units_of(known: Known) -> Units:
    """The stations with a manager in some month, or the regions where no manager has a station: a region is a pilot
    from the first of its stations on."""
    rows = known.master(STATIONS)
    told = {level for values in known.values.values() for level in set(values["level"])}
    if rows.empty:
        return Units(REGION, {}, {}, {})
    months = [Month.parse(str(one)[:7]) if pd.notna(one) else None for one in rows["pilot_from"].tolist()]
    regions = rows["region_id"].astype("str").tolist()
    if STATION in told:
        codes = rows[f"{STATION}_id"].astype("str").tolist()
        names = [
            str(one) if pd.notna(one) else code for one, code in zip(rows["name"].tolist(), codes, strict=True)
        ]
        return Units(
            STATION,
            dict(zip(codes, names, strict=True)),
            dict(zip(codes, regions, strict=True)),
            dict(zip(codes, months, strict=True)),
        )
    since: dict[str, Month | None] = dict.fromkeys(sorted(set(regions)))
    for region, month in zip(regions, months, strict=True):
        first = since[region]
        if month is not None and (first is None or month < first):
            since[region] = month
    names_of_regions = _names_of_regions(known)
    named = {one: names_of_regions.get(one, one) for one in since}
    return Units(REGION, named, {one: one for one in since}, since)


def _names_of_regions(known: Known) -> dict[str, str]:
    rows = known.master(REGIONS)
    if rows.empty:
        return {}
    return dict(zip(rows["region_id"].astype("str"), rows["region_name"].astype("str"), strict=True))


_SPANS: tuple[Span, ...] = ("month", "quarter", "half", "year")
TELLINGS = {
    name: Telling(make, _SPANS, (REGIONS, STATIONS), MOST_BACK)
    for name, make in (("pilot_effects", pilot_effects), ("pilot_stations", pilot_stations))
}
