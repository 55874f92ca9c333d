"""Which of several files stands for a manager, month and form: pure decisions over submissions."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from pipeline.ledger.manifest import Receipt, Submission
from pipeline.problem import Problem

Key = tuple[str, str, str]
COUNTS = ("accepted", "nil")
RIVAL_RULES = ("rivals_refused", "rival_replaced")


def group_by_key(submissions: Iterable[Submission]) -> dict[Key, list[Submission]]:
    """The submissions of each month, form and manager."""
    groups: dict[Key, list[Submission]] = {}
    for submission in submissions:
        groups.setdefault(submission.key, []).append(submission)
    return groups


def in_order(submissions: Iterable[Submission], receipts: Mapping[str, Receipt]) -> list[Submission]:
    """As they came: by run, within a run by the time they were saved."""

    def place(submission: Submission) -> tuple[int, str, str]:
        receipt = receipts[submission.sha256]
        return (receipt.run, receipt.saved_at, receipt.sha256)

    return sorted(submissions, key=place)


def winner_of(submissions: Iterable[Submission], receipts: Mapping[str, Receipt]) -> Submission | None:
    """The submission that stands: the last that was accepted or nil. A refused one replaces nothing."""
    counting = [one for one in in_order(submissions, receipts) if one.state in COUNTS]
    return counting[-1] if counting else None


def settle_rivals(
    submissions: Iterable[Submission], receipts: Mapping[str, Receipt]
) -> tuple[list[Submission], list[tuple[Submission, Problem]]]:
    """Files of one run for the same manager, month and form: the later saved one wins, and it is said so;
    saved at the same time, both are refused, as nobody can know which one is meant.

    Returns:
        All submissions, settled anew whatever was settled before, and each problem with the submission that
        it concerns.
    """
    judged = [_settled(one, rival=False) for one in submissions]
    rivals: set[Submission] = set()
    problems: list[tuple[Submission, Problem]] = []
    for group in _same_run(judged, receipts):
        last = receipts[group[-1].sha256]
        equal = [one for one in group if receipts[one.sha256].saved_at == last.saved_at]
        names = "、".join(receipts[one.sha256].name for one in equal)
        if len(equal) > 1:
            rivals.update(equal)
            problems += [(one, _said(one, "rivals_refused", names, receipts)) for one in equal]
        else:
            problems += [(one, _said(one, "rival_replaced", last.name, receipts)) for one in group[:-1]]
    return [_settled(one, rival=one in rivals) for one in judged], problems


def _settled(one: Submission, *, rival: bool) -> Submission:
    return one if one.rival == rival else replace(one, rival=rival)


def _same_run(judged: Iterable[Submission], receipts: Mapping[str, Receipt]) -> list[list[Submission]]:
    """Several submissions of one run for the same key, in the order in which they were saved."""
    groups: list[list[Submission]] = []
    for same_key in group_by_key(one for one in judged if one.state in COUNTS).values():
        by_run: dict[int, list[Submission]] = {}
        for one in in_order(same_key, receipts):
            by_run.setdefault(receipts[one.sha256].run, []).append(one)
        groups += [group for group in by_run.values() if len(group) > 1]
    return groups


def _said(one: Submission, rule: str, names: str, receipts: Mapping[str, Receipt]) -> Problem:
    return Problem(
        rule,
        "form left out",
        file=receipts[one.sha256].name,
        manager_id=one.manager_id,
        month=one.month,
        form=one.form,
        details=(("names", names),),
    )
