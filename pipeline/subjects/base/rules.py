"""Rules of findings on the customer base."""

from pipeline.findings.figure_rules import figure_rule, too_low

RULES = (figure_rule("retention_low", 2, "retention_rate", "retention_low", too_low),)
