"""Rules over one figure: it is too low or too high, fell or rose too much, or misses its target."""

from collections.abc import Callable, Iterable
from functools import partial

import pandas as pd

from pipeline.base.frames import records
from pipeline.contract.few import few_changes, is_few
from pipeline.contract.figure import Level
from pipeline.findings.evidence import Evidence
from pipeline.findings.rule import Cause, Finding, Rule, Severity

Why = Callable[
    [Evidence, Level, str, str], Cause | None
]  # the last: against what month sales are compared (see `basis`)
Misses = Callable[[pd.DataFrame, float], pd.Series]  # how far each row is beyond the limit; above 0 is a finding

LEAST_RISE = 3
LEAST_COMPARED = 0.5  # of a total: a fall of less than half of it says little about the whole
_LIKE = {"previous": "previous_comparable", "last_year": "last_year_comparable", "target": "target_comparable"}
_SHOWN = (
    "ytd_yoy",
    "value",
    "previous",
    "change",
    "last_year",
    "yoy",
    "target",
    "completion",
    "denominator",
    "numerator",
)


def too_low(rows: pd.DataFrame, limit: float) -> pd.Series:
    """By how much each value is below the limit."""
    return limit - rows["value"]


def too_high(rows: pd.DataFrame, limit: float) -> pd.Series:
    """By how much each value is above the limit."""
    return rows["value"] - limit


def fell(rows: pd.DataFrame, limit: float) -> pd.Series:
    """Against what `basis` says."""
    growth = {"last_year": rows["yoy"], "previous": rows["change"], "ytd_january_february": rows["ytd_yoy"]}
    against = basis(rows)
    fall = pd.Series(float("nan"), index=rows.index)
    for name, values in growth.items():
        fall = fall.where(against != name, -values)
    like = rows["comparable_last_year"].where(against == "last_year", rows["comparable"])
    return (fall - limit).where(~(like < LEAST_COMPARED * rows["value"]))


def basis(rows: pd.DataFrame) -> pd.Series:
    """What a month's growth is told against: last year where it is known, else the month before.

    Spring Festival moves between January and February: January alone is not told, February with January.
    """
    months = rows["month"].str[-2:]
    against = pd.Series("last_year", index=rows.index, dtype="str").where(rows["yoy"].notna(), "previous")
    return against.mask(months == "01", "").mask(months == "02", "ytd_january_february")


def fell_since_last_month(rows: pd.DataFrame, limit: float) -> pd.Series:
    """By how much more than the limit each value fell since last month."""
    return -rows["change"] - limit


def rose_since_last_month(rows: pd.DataFrame, limit: float) -> pd.Series:
    """Beyond the limit, and by LEAST_RISE or more: from one case to two is no trend."""
    return (rows["change"] - limit).where(rows["comparable"] - rows["previous_comparable"] >= LEAST_RISE)


_BY_CHANGE = (fell_since_last_month, rose_since_last_month)


def misses_target(rows: pd.DataFrame, limit: float) -> pd.Series:
    """By how many points each completion is below the limit."""
    return limit - rows["completion"]


def find(rule: Rule, evidence: Evidence, figure: str, misses: Misses, why: Why | None) -> Iterable[Finding]:
    """The entities whose figure is beyond the rule's limit by more than a rounding error, and not by few cases."""
    rows = evidence.of_figure(figure)
    if rows.empty:
        return
    declared = evidence.figure(figure)
    limit = evidence.limit(rule.threshold)
    beyond = misses(rows, limit)
    # Of whom the month is not known there is no finding, even where January's fall is known in February.
    enough = rows["value"].notna() & ~is_few(rows, (declared,), evidence.profile)
    if misses in _BY_CHANGE:
        enough &= ~few_changes(rows, declared, evidence.profile, "change")
    found = rows.assign(weight=beyond, against=basis(rows) if misses is fell else "previous", base=basis(rows))
    for row in records(found[(beyond > 0) & enough]):
        level, entity = row["level"], str(row["entity_id"])
        known = {**row, **{name: row[like] for name, like in _LIKE.items()}}
        values = {name: known[name] for name in _SHOWN if pd.notna(known[name])}
        yield Finding(
            level, entity, rule.key, rule.severity, "figure", figure, float(row["weight"]),
            {**values, "limit": limit, "against": row["against"]}, figure,
            why(evidence, level, entity, row["base"]) if why else None,
        )  # fmt: skip


def figure_rule(
    key: str, severity: Severity, figure: str, threshold: str, misses: Misses, why: Why | None = None
) -> Rule:
    """A rule over one figure."""
    return Rule(key, severity, threshold, partial(find, figure=figure, misses=misses, why=why), figure=figure)
