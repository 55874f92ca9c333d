"""Which of several files stands for a manager, month and form: pure decisions over submissions."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from pipeline.ledger.manifest import Receipt, Submission
from pipeline.problem import Problem

Key = tuple[str, str, str]
COUNTS = ("accepted", "nil")


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
    submissions: Sequence[Submission], receipts: Mapping[str, Receipt]
) -> tuple[list[Submission], list[tuple[Submission, Problem]]]:
    """Files of one run for the same manager, month and form: the later saved one wins, and it is said so;
    saved at the same time, both are refused, as nobody can know which one is meant. Each problem comes with
    the submission that it concerns."""
    settled = list(submissions)
    problems: list[tuple[Submission, Problem]] = []
    for group in group_by_key(one for one in submissions if one.state in COUNTS).values():
        ordered = in_order(group, receipts)
        last = receipts[ordered[-1].sha256]
        same_run = [one for one in ordered if receipts[one.sha256].run == last.run]
        if len(same_run) < 2:
            continue
        rivals = [one for one in same_run if receipts[one.sha256].saved_at == last.saved_at]
        names = "、".join(receipts[one.sha256].name for one in same_run)
        if len(rivals) > 1:
            settled = [_refused(one) if one in rivals else one for one in settled]
            problems += [(one, _said(one, "rivals_refused", names, receipts)) for one in rivals]
        else:
            problems += [(one, _said(one, "rival_replaced", last.name, receipts)) for one in same_run[:-1]]
    return settled, problems


def _refused(one: Submission) -> Submission:
    return replace(one, state="refused", left_out=one.rows, amount_left_out_yuan=one.amount_yuan)


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
