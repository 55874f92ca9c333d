"""The submissions board: for each manager and form of a month, whether it came and when (domain.md section 8)."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence

import pandas as pd

from pipeline.calendar import Month, deadline
from pipeline.figures.known import managers_in_office
from pipeline.ledger.decide import group_by_key, in_order, winner_of
from pipeline.ledger.manifest import Manifest, Receipt, Submission
from pipeline.problem import Problem
from pipeline.report import SUBMISSION_COLUMNS
from schemas.profile import Profile

__all__ = ["STATES", "managers_in_office", "submissions_board"]
STATES = ("on time", "late", "nil", "missing", "refused", "corrected")


def submissions_board(
    month: Month,
    manifest: Manifest,
    managers: pd.DataFrame,
    profile: Profile,
    later_problems: Sequence[Problem] = (),
) -> pd.DataFrame:
    """One row per manager and form, in the columns of `submissions.csv`.

    Args:
        month: the month reported on.
        manifest: what the ledger holds.
        managers: master data of the month.
        profile: says which forms every manager owes; other forms stand here only when they came.
        later_problems: rows left out after intake (complaint cases that no month knows), added to `left_out`.

    Returns:
        `state` is one of STATES; a file that replaces an earlier one of the same form is "corrected".
        `edition` counts the accepted files for that form, empty where there is none.
    """
    groups = group_by_key(one for one in manifest.submissions if one.month == str(month))
    receipts = manifest.receipts_by_hash
    office = managers_in_office(managers, month)["manager_id"]
    owed = {(str(month), form, manager) for manager in office for form in profile.monthly_forms}
    later = _count_by_manager(later_problems)
    rows = [
        _row(key, groups.get(key, []), receipts, later if key[1] == "complaints" else {})
        for key in sorted(owed | set(groups), key=lambda key: (key[2], _form_place(key[1], profile), key[1]))
    ]
    types = {"rows": "Int64", "left_out": "Int64", "edition": "Int64"}
    board = pd.DataFrame(rows, columns=list(SUBMISSION_COLUMNS))
    return board.astype({name: types.get(name, "str") for name in board.columns})


def _row(
    key: tuple[str, str, str],
    submissions: Sequence[Submission],
    receipts: Mapping[str, Receipt],
    later: Mapping[str, int],
) -> dict[str, object]:
    month, form, manager = key
    winner = winner_of(submissions, receipts)
    shown = winner or (in_order(submissions, receipts)[-1] if submissions else None)
    accepted = sum(one.state in ("accepted", "nil") for one in submissions)
    receipt = receipts[shown.sha256] if shown else None
    return {
        "month": month,
        "manager_id": manager,
        "form": form,
        "state": _state(Month.parse(month), winner, shown, receipt, accepted),
        "received_at": receipt.saved_at if receipt else "",
        "file": receipt.name if receipt else "",
        "rows": shown.rows if shown else None,
        "left_out": _left_out(shown) + later.get(manager, 0) if shown else None,
        "edition": accepted or None,
    }


def _left_out(shown: Submission) -> int:
    return shown.rows if shown.state == "refused" else shown.left_out


def _state(
    month: Month, winner: Submission | None, shown: Submission | None, receipt: Receipt | None, accepted: int
) -> str:
    if shown is None or receipt is None:
        return "missing"
    if winner is None:
        return "refused"
    if accepted > 1:
        return "corrected"
    if winner.state == "nil":
        return "nil"
    return "on time" if dt.date.fromisoformat(receipt.saved_at[:10]) <= deadline(month) else "late"


def _form_place(form: str, profile: Profile) -> int:
    return profile.monthly_forms.index(form) if form in profile.monthly_forms else len(profile.monthly_forms)


def _count_by_manager(problems: Iterable[Problem]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for problem in problems:
        counts[problem.manager_id] = counts.get(problem.manager_id, 0) + 1
    return counts
