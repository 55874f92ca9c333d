"""The list of all rules: those of no subject, entered here, and those of subjects (`RULES` of their module `rules`)."""

import importlib
from functools import cache

from pipeline.contract.subjects import subjects_in_use, subjects_with
from pipeline.findings.missing_rules import MISSING
from pipeline.findings.rule import Rule
from schemas.profile import Profile

_rules: list[Rule] = [MISSING]  # those of no subject


def declare(rule: Rule) -> Rule:
    """Enter a rule of no subject in the list of all rules."""
    _rules.append(rule)
    return rule


def forget(rule: Rule) -> None:
    """Take a rule out of the list again (for rules added while trying something)."""
    _rules.remove(rule)


def all_rules(profile: Profile | None = None) -> tuple[Rule, ...]:
    """Every rule, or those of a trade's subjects; the gravest first, of one severity in the order in which the trade
    names them (others after these)."""
    subjects = subjects_with("rules") if profile is None else subjects_in_use(profile)
    places = {key: place for place, key in enumerate(profile.rules if profile is not None else ())}
    rules = [*_rules, *(rule for subject in subjects for rule in _of_subject(subject))]
    return tuple(sorted(rules, key=lambda rule: (-rule.severity, places.get(rule.key, len(places)))))


def rules_in_use(profile: Profile) -> tuple[Rule, ...]:
    """The rules of a trade that apply: of which it has the threshold that they compare with."""
    return tuple(rule for rule in all_rules(profile) if not rule.threshold or rule.threshold in profile.thresholds)


def rule_named(key: str) -> Rule | None:
    """The rule of a key; None where there is none any more."""
    return next((rule for rule in all_rules() if rule.key == key), None)


@cache
def _of_subject(subject: str) -> tuple[Rule, ...]:
    if subject not in subjects_with("rules"):
        return ()
    rules: tuple[Rule, ...] = importlib.import_module(f"pipeline.subjects.{subject}.rules").RULES
    return rules
