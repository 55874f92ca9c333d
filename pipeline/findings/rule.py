"""What a finding is, and a rule that finds it.

A rule is one declaration: its key, how grave it is, and a function that looks at the figures of a month. A subject's
module `rules` has its own as `RULES`; its words (title, evidence, cause, countermeasure) stand under `findings` and its
key.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from pipeline.contract.figure import Level
from pipeline.findings.evidence import Evidence
from pipeline.words import Words

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
    """One rule. It does not apply to a profile that lacks its `threshold`; "" applies to all. Where it is over one
    figure, `figure` names that.

    `texts` gives those parts of its texts that depend on what is known of a finding.
    """

    key: str
    severity: Severity
    threshold: str
    find: Callable[["Rule", Evidence], Iterable[Finding]]
    texts: Callable[[Finding, Words], dict[str, str]] | None = None
    figure: str = ""
