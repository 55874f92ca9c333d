"""The tables behind findings, as subjects declare them: the list in which a rule's subject has a row, and tables that
stand beneath all findings.

A rule is named by the list or the sums that show what it found (`rules` in a subject's module `lists`); in a subject's
module `sheets`, `RULE_TABLES` has those with a table of their own, and `BEHIND_FINDINGS` makes tables of all findings.
"""

import importlib
from collections.abc import Callable, Iterable, Mapping
from functools import cache, partial
from typing import Any

from pipeline.contract.behind import all_lists, all_sums
from pipeline.contract.subjects import subjects_with
from pipeline.workbooks.blocks import Table
from pipeline.workbooks.details import sum_table
from pipeline.workbooks.lists import list_table
from pipeline.workbooks.view import View

RuleTable = Callable[[View], Table]


@cache
def rule_tables() -> Mapping[str, RuleTable]:
    """The table that shows what a rule found, by rule."""
    found: dict[str, RuleTable] = {}
    for name, listed in all_lists().items():
        found |= {rule: partial(list_table, name=name) for rule in listed.rules}
    for name, summed in all_sums().items():
        found |= {rule: partial(sum_table, name=name) for rule in summed.rules}
    for subject in subjects_with("sheets"):
        found |= getattr(importlib.import_module(f"pipeline.subjects.{subject}.sheets"), "RULE_TABLES", {})
    return found


def tables_behind(view: View, found: Iterable[Mapping[Any, Any]]) -> list[Table]:
    """The tables that stand beneath all findings of a report: those of subjects that the trade tells of."""
    records, told = list(found), view.report.settings.profile.subjects
    named = (one for one in subjects_with("sheets") if one in told)
    modules = (importlib.import_module(f"pipeline.subjects.{one}.sheets") for one in named)
    made = [module.BEHIND_FINDINGS(view, records) for module in modules if hasattr(module, "BEHIND_FINDINGS")]
    return [table for tables in made for table in tables]
