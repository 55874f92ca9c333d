"""From hand-made months to findings and stories."""

from dataclasses import dataclass

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
from pipeline.findings.evidence import Evidence
from pipeline.findings.find import find_all
from pipeline.findings.rule import Finding
from pipeline.findings.story import Story
from pipeline.findings.text import findings_frame
from pipeline.words import Language, load_words

UNTOLD = ("base", "customers")  # subjects that the rules and sentences tried here do not speak of


@dataclass(frozen=True)
class Seen:
    """A month with its evidence and what was found."""

    evidence: Evidence
    findings: tuple[Finding, ...]

    def of(self, rule: str, entity: str = "R1") -> list[Finding]:
        return [one for one in self.findings if one.rule == rule and one.entity_id == entity]

    def frame(self, language: Language = "zh") -> pd.DataFrame:
        one = self.evidence
        return findings_frame(self.findings, one.month, one.figures, one.profile, load_words(language))

    def text(self, rule: str, entity: str = "R1", column: str = "evidence", language: Language = "zh") -> str:
        rows = self.frame(language)
        rows = rows[(rows["rule"] == rule) & (rows["entity_id"] == entity)]
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
    return Seen(evidence, find_all(evidence))
