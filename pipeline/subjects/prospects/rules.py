"""Rules of findings on prospects."""

from pipeline.findings.figure_rules import figure_rule, too_low

RULES = (
    figure_rule("prospects_low", 2, "prospects", "prospects_low", too_low),
    figure_rule("filing_rate_low", 1, "filing_rate", "filing_rate_low", too_low),
)
