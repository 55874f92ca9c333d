"""Rules of findings on satisfaction."""

from collections.abc import Iterable
from typing import Any

import pandas as pd

from pipeline.base.frames import records
from pipeline.contract.show import number_text
from pipeline.findings.evidence import Evidence
from pipeline.findings.figure_rules import figure_rule, too_high
from pipeline.findings.rule import Finding, Number, Rule
from pipeline.subjects.satisfaction.causes import falling_dimension
from pipeline.words import Words

TREND_LENGTH = 12  # months: what a slope comes to in a year


def satisfaction_down(rule: Rule, evidence: Evidence) -> Iterable[Finding]:
    """A fall of the index that is no accident: its 95 % interval excludes 0, and it is greater than the limit.

    Looked at against last month, against the same month last year, and as a trend over twelve months (what it comes to
    over a year); the deepest of those is told.
    """
    changes = evidence.details.entities.by_entity.get("satisfaction_change")
    if changes is None:
        return
    enough = changes["answers"] >= evidence.profile.least_count
    for row in records(changes[enough]):
        found = _deepest(row, evidence.limit(rule.threshold))
        if found is not None:
            yield _satisfaction(rule, evidence, row, *found)


def _deepest(row: dict[str, Any], limit: float) -> tuple[str, float] | None:
    """Against what the index fell most, and by how many points; None where it did not fall for sure."""
    falls = {
        "previous": -row["difference"] if row["significant"] else 0.0,
        "last_year": -row["yoy_difference"] if row["yoy_significant"] else 0.0,
        "slope": -TREND_LENGTH * row["slope"] if row["slope_significant"] else 0.0,
    }
    against = max(falls, key=lambda name: falls[name])
    return (against, falls[against]) if falls[against] > limit else None


def _satisfaction(rule: Rule, evidence: Evidence, row: dict[str, Any], against: str, fall: float) -> Finding:
    level, entity = row["level"], str(row["entity_id"])
    base = "previous" if against == "previous" else "last_year"
    names = {"value": "index", "previous": "previous", "last_year": "last_year", "yoy": "yoy_difference",
             "change": "difference"}  # fmt: skip
    numbers = {name: row[column] for name, column in names.items() if pd.notna(row[column])}
    values: dict[str, Number] = {**numbers, "points": fall, "against": against}
    if against == "slope":
        values["slope"] = -row["slope"]
    return Finding(
        level, entity, rule.key, rule.severity, "figure", "satisfaction", fall, values, "satisfaction",
        falling_dimension(evidence, level, entity, base),
    )  # fmt: skip


def fall_texts(finding: Finding, words: Words) -> dict[str, str]:
    """Against what satisfaction fell, and by how much."""
    against = str(finding.values["against"])
    points = {"previous": "change", "last_year": "yoy", "slope": "slope"}[against]
    number = number_text(abs(float(finding.values[points])), 1)
    base = finding.values.get("previous" if against == "previous" else "last_year")
    shown = "" if base is None else number_text(float(base), 1)
    return {"fall_text": words(f"findings.satisfaction_down.{against}", points=number, base=shown)}


RULES = (
    figure_rule("low_answers_high", 2, "low_answers", "low_answers_high", too_high),
    Rule("satisfaction_down", 3, "satisfaction_fall", satisfaction_down, fall_texts),
)
