"""From hand-made months to findings and stories."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import pandas as pd
from entity_frames import made_details
from month_builder import MonthBuilder, tobacco

from pipeline.base.calendar import Month
from pipeline.contract.facts import Facts
from pipeline.contract.figure import Level
from pipeline.figures.catalogue import all_figures
from pipeline.figures.count import count_month
from pipeline.figures.details import cut_details
from pipeline.figures.metrics import metrics_of_month
from pipeline.findings.declare import rules_in_use
from pipeline.findings.evidence import Evidence
from pipeline.findings.find import find_all, found_by
from pipeline.findings.rule import Finding
from pipeline.findings.story import Story
from pipeline.findings.text import findings_frame
from pipeline.words import Language, load_words

UNTOLD = ("base", "customers")  # subjects that the rules and sentences tried here do not speak of


@dataclass(frozen=True)
class Seen:
    """A month with its evidence and what is found in it; rules are asked when a test first asks for what they find."""

    evidence: Evidence

    @cached_property
    def findings(self) -> tuple[Finding, ...]:
        return find_all(self.evidence)

    @cached_property
    def _by_rule(self) -> dict[str, tuple[Finding, ...]]:
        return {}

    def by(self, rule: str) -> tuple[Finding, ...]:
        """What one rule finds; nothing where the trade does not use it."""
        if rule not in self._by_rule:
            asked = [one for one in rules_in_use(self.evidence.profile) if one.key == rule]
            self._by_rule[rule] = found_by(asked, self.evidence)
        return self._by_rule[rule]

    def of(self, rule: str, entity: str = "R1") -> list[Finding]:
        return [one for one in self.by(rule) if one.entity_id == entity]

    def frame(self, language: Language = "zh") -> pd.DataFrame:
        return self._told(self.findings, language)

    def _told(self, findings: Iterable[Finding], language: Language) -> pd.DataFrame:
        one = self.evidence
        return findings_frame(findings, one.month, one.figures, one.profile, load_words(language))

    def text(self, rule: str, entity: str = "R1", column: str = "evidence", language: Language = "zh") -> str:
        rows = self._told(self.of(rule, entity), language)
        assert len(rows), f"no finding {rule} of {entity}"
        return str(rows.iloc[0][column])

    def story(self, level: Level = "region", entity: str = "R1", language: Language = "zh") -> Story:
        one = self.evidence
        details = cut_details(one.details).of(level, entity)
        words = load_words(language)
        return Story(
            one.month, level, entity, "城东", one.metrics, self.frame(language), details, one.figures,
            one.profile, words,
        )  # fmt: skip


def seen(
    now: MonthBuilder,
    *others: MonthBuilder,
    only: tuple[str, ...] | None = None,
    open_actions: pd.DataFrame | None = None,
    **changes: object,
) -> Seen:
    """The findings of a month; `others` are months before it, `only` the figures that are asked for."""
    profile = tobacco(**changes)
    declared = all_figures(profile)
    told = tuple(figure for figure in declared if figure.subject not in UNTOLD)
    figures = told if only is None else tuple(figure for figure in declared if figure.key in only)
    built = {one.month: one.build() for one in (now, *others)}

    def facts(month: Month) -> Facts | None:
        if month not in built:
            return None
        back = [month + -step for step in (1, 2, 3)]
        return Facts(built[month], {one: built[one] for one in back if one in built}, profile)

    known = {month: one for month in sorted(built) if (one := facts(month)) is not None}
    counts = {month: count_month(one, figures) for month, one in known.items()}
    targets = built[now.month].masters["targets"]
    metrics = metrics_of_month(now.month, counts, targets, figures, profile)
    others = known.get(now.month + -1), known.get(now.month + -12)
    details = made_details(known[now.month], *others, counts, figures)
    names = pd.DataFrame({"level": "manager", "entity_id": ["M1", "M2", "M3"], "name": ["甲", "乙", "丙"]})
    evidence = Evidence(now.month, metrics, figures, profile, details, names, open_actions)
    return Seen(evidence)
