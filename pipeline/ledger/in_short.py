"""The problems of a file in short: all that decides where they are told, and whether they still are."""

from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.contract.problem import Problem

OF_NOBODY = ("unknown_manager", "no_masters")  # why rows of an export belong to no manager


@dataclass(frozen=True)
class InShort:
    """One problem of each kind that a file has, in their order, without its place; and of a file that may be refused
    the problem that says why: the gravest, else the first."""

    kinds: tuple[Problem, ...] = ()
    reason: Problem | None = None


def in_short(problems: Sequence[Problem]) -> InShort:
    """A file's problems in short."""
    grave = [one for one in problems if one.effect == "form left out"]
    reason = next(iter((*grave, *problems)), None)
    return InShort(tuple(dict.fromkeys(kind_of(one) for one in problems)), reason)


def kind_of(problem: Problem) -> Problem:
    """What a problem shares with others of its kind: rule and effect, and what it is about."""
    rule = _rule_of(problem)
    return Problem(rule, problem.effect, manager_id=problem.manager_id, month=problem.month, form=problem.form)


def is_unplaced(problem: Problem) -> bool:
    """Whether it is of a row that belongs to no manager and month; of each of those there is one problem."""
    if problem.effect != "row left out" or not problem.form:
        return False
    return _rule_of(problem) in OF_NOBODY or not problem.month


def _rule_of(problem: Problem) -> str:
    """The rule that is broken, also of a problem that counts the cells that are not listed."""
    return dict(problem.details).get("rule", "") if problem.rule == "more_cells" else problem.rule
