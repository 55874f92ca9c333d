"""What a finding is, and the list of all rules.

A rule is one declaration: its key, how grave it is, and a function that looks at the figures of a month. Its
words (title, evidence, cause, countermeasure) stand in the catalogue `findings` under its key.
"""

import importlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Literal

from pipeline.contract.figure import Level
from pipeline.findings.evidence import Evidence

# 3: act at once, 2: act this month, 1: keep an eye on it.
Severity = Literal[1, 2, 3]
SubjectKind = str  # figure, customer, product, a group of products, case, visit, action, report
Number = float | int | str


@dataclass(frozen=True)
class Cause:
    """Why, as the data show it: a text of the catalogue (`findings.cause.<key>`) and what goes into it."""

    key: str
    values: Mapping[str, Number]


@dataclass(frozen=True)
class Finding:
    """One thing that the figures show about one entity.

    `values` are what the rule's texts are filled with. Those of a rule over a figure are numbers of that
    figure (`figure` names it) and are shown as it is shown. `weight` orders findings of one rule; `more` of
    the weightiest counts all others of its kind, listed or not. `file`, `sheet` and `row` say where it can be
    looked up.
    """

    level: Level
    entity_id: str
    rule: str
    severity: Severity
    subject_kind: SubjectKind
    subject: str
    weight: float
    values: Mapping[str, Number] = field(default_factory=dict)
    figure: str = ""
    cause: Cause | None = None
    more: int = 0
    file: str = ""
    sheet: str = ""
    row: int | None = None


@dataclass(frozen=True)
class Rule:
    """One rule. It does not apply to a profile that lacks its `threshold`; "" applies to all."""

    key: str
    severity: Severity
    threshold: str
    find: Callable[["Rule", Evidence], Iterable[Finding]]


_rules: list[Rule] = []


def declare(rule: Rule) -> Rule:
    """Enter a rule in the list of all rules; rules of one severity are told in the order of declaration."""
    _rules.append(rule)
    return rule


def forget(rule: Rule) -> None:
    """Take a rule out of the list again (for rules added while trying something)."""
    _rules.remove(rule)


def all_rules() -> tuple[Rule, ...]:
    """Every rule, the gravest first."""
    _load_modules()
    return tuple(sorted(_rules, key=lambda rule: -rule.severity))


@cache
def _load_modules() -> None:
    for module in ("missing_rules", "figure_rules", "comparison_rules", "list_rules", "action_rules"):
        importlib.import_module(f"pipeline.findings.{module}")
