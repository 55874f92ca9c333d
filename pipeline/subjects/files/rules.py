"""Rules of findings on customers' files."""

from pipeline.findings.figure_rules import figure_rule, too_low

RULES = (figure_rule("files_incomplete", 1, "file_completeness", "file_completeness_low", too_low),)
