"""Rules of findings on what customers hold."""

from pipeline.findings.figure_rules import fell_since_last_month, figure_rule, misses_target, too_low

RULES = (
    figure_rule("aum_missed", 3, "aum", "target_low", misses_target),
    figure_rule("aum_fell", 2, "aum", "aum_fall", fell_since_last_month),
    figure_rule("cross_sell_low", 1, "cross_sell_rate", "cross_sell_low", too_low),
)
