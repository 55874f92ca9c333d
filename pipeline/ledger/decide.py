"""Which of several files stands for a manager, month and form: pure decisions over submissions."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from pipeline.ledger.manifest import MasterPart, Receipt, Submission
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


def settle_masters(
    parts: Iterable[MasterPart], receipts: Mapping[str, Receipt]
) -> list[tuple[MasterPart, Problem]]:
    """Master data of one run that do not count, as another file brought the same form from the same month on: of
    several the later saved wins; saved at the same time, none counts.

    Args:
        parts: what was accepted of the run's files.
        receipts: of these files.

    Returns:
        Each of them with what is said of it, in the order in which their files were saved.
    """
    groups: dict[tuple[str, str], list[MasterPart]] = {}
    for part in sorted(parts, key=lambda one: (receipts[one.sha256].saved_at, one.sha256)):
        groups.setdefault((part.form, part.valid_from), []).append(part)
    return [lost for group in groups.values() for lost in _outdone(group, receipts)]


def _outdone(group: Sequence[MasterPart], receipts: Mapping[str, Receipt]) -> list[tuple[MasterPart, Problem]]:
    """Of parts for the same form and month, as they were saved, those that do not count."""
    last = receipts[group[-1].sha256]
    files = {one.sha256: receipts[one.sha256].name for one in group if receipts[one.sha256].saved_at == last.saved_at}
    several = len(files) > 1
    lost = [one for one in group if several or one.sha256 != last.sha256]
    names = "、".join(files.values())
    return [
        (one, _said_of_master(one, "masters_refused" if one.sha256 in files else "master_replaced", names, receipts))
        for one in lost
    ]


def _said_of_master(one: MasterPart, rule: str, names: str, receipts: Mapping[str, Receipt]) -> Problem:
    name = receipts[one.sha256].name
    return Problem(rule, "form left out", file=name, month=one.valid_from, form=one.form, details=(("names", names),))
