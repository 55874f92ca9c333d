"""All findings of a month, in the order in which a regional manager would want to hear them."""

from collections.abc import Iterable, Sequence

from pipeline.contract.figure import LEVELS
from pipeline.findings.declare import rules_in_use
from pipeline.findings.evidence import Evidence
from pipeline.findings.rule import Finding, Rule


def find_all(evidence: Evidence) -> tuple[Finding, ...]:
    """The findings of every rule that applies to the profile, in the order of `found_by`."""
    return found_by(rules_in_use(evidence.profile), evidence)


def found_by(rules: Sequence[Rule], evidence: Evidence) -> tuple[Finding, ...]:
    """The findings of these rules.

    Ordered by level and entity; for one entity the gravest first, then in the order of rules, then the
    weightiest. Of one rule and entity only the first few are given; `more` of the first counts all others.
    """
    known = {figure.key for figure in evidence.figures}
    found = [finding for rule in rules for finding in rule.find(rule, evidence)]
    place = {rule.key: number for number, rule in enumerate(rules)}
    levels = {level: number for number, level in enumerate(LEVELS)}

    def order(finding: Finding) -> tuple[int, str, int, int, float, str]:
        return (
            levels[finding.level],
            finding.entity_id,
            -finding.severity,
            place[finding.rule],
            -finding.weight,
            finding.subject,
        )

    return tuple(sorted((one for one in found if not one.figure or one.figure in known), key=order))


def findings_of(findings: Iterable[Finding], level: str, entity_id: str) -> tuple[Finding, ...]:
    """The findings of one entity, in order."""
    return tuple(one for one in findings if (one.level, one.entity_id) == (level, entity_id))
