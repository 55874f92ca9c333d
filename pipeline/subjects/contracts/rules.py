"""The rule of findings on contracts: what is signed misses its target."""

from pipeline.findings.figure_rules import figure_rule, misses_target

RULES = (figure_rule("contracts_missed", 2, "contract_amount", "target_low", misses_target),)
