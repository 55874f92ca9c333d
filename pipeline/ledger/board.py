"""The submissions board: for each manager and form of a month, whether it came and when (domain.md section 8)."""

import datetime as dt
from collections import Counter
from collections.abc import Collection, Mapping, Sequence

import pandas as pd

from pipeline.base.calendar import Month, deadline
from pipeline.contract.master_data import managers_in_office, owing_forms
from pipeline.contract.problem import Problem
from pipeline.contract.report import SUBMISSION_COLUMNS
from pipeline.ledger.decide import Chain, by_track, chain_of, group_by_key, in_order, waiting_of
from pipeline.ledger.manifest import COUNTS, Manifest, Receipt, Submission
from pipeline.ledger.told import RefusedFile, Unplaced
from schemas.form import region_forms
from schemas.profile import Profile

__all__ = ["STATES", "submissions_board"]
STATES = ("on time", "late", "nil", "missing", "refused", "corrected", "held")


def submissions_board(
    month: Month,
    manifest: Manifest,
    managers: pd.DataFrame,
    profile: Profile,
    later_problems: Sequence[Problem] = (),
    refused: Sequence[RefusedFile] = (),
    unplaced: Sequence[Unplaced] = (),
    exempt: Collection[str] = (),
) -> pd.DataFrame:
    """One row per manager and form, in the columns of `submissions.csv`.

    Args:
        month: the month reported on.
        manifest: what the ledger holds.
        managers: master data of the month.
        profile: says which forms every manager owes; other forms stand here only when they came.
        later_problems: rows left out after intake (complaint cases that no month knows), added to `left_out`.
        refused: the files that stay refused and are told in this month.
        unplaced: rows of files that belong to no manager, told in this month.
        exempt: the managers who owe no forms: what they send all the same stands here too.

    Returns:
        `state` is one of STATES; a form of which a file took the place of an earlier one, or of its rows, is
        "corrected"; one of which a file waits for an answer is "held", the rest of the row tells what stands until
        then. Where several exports stand beside each other, their names are joined with 、 and their rows added.
        `edition` counts the accepted files for that form, empty where there is none. A refused file that stands
        for no form has a row of its own below the others, its `form` empty; rows of no manager have one a file and
        form, its `manager_id` empty.
    """
    groups = group_by_key(one for one in manifest.submissions if one.month == str(month) and one.beside != "steps")
    receipts = manifest.receipts_by_hash
    office = owing_forms(managers_in_office(managers, month), exempt)["manager_id"]
    owed = {(str(month), form, manager) for manager in office for form in profile.monthly_forms}
    later = Counter((one.form, one.manager_id) for one in later_problems)
    undated = {one.key for one in region_forms(profile.forms)}  # decided when it is decided
    rows = [
        _row(key, groups.get(key, []), receipts, later[key[1], key[2]], due=key[1] not in undated)
        for key in sorted(owed | set(groups), key=lambda key: (key[2], _form_place(key[1], profile), key[1]))
    ]
    listed = {row["file"] for row in rows if row["state"] == "refused"}
    rows += [_refused_row(one, month) for one in refused if one.receipt.name not in listed]
    rows += [_unplaced_row(one, month) for one in unplaced]
    return _board_of(rows)


def _board_of(rows: Sequence[Mapping[str, object]]) -> pd.DataFrame:
    """Rows of a board in its columns and types."""
    types = {"rows": "Int64", "left_out": "Int64", "edition": "Int64"}
    board = pd.DataFrame(rows, columns=list(SUBMISSION_COLUMNS))
    return board.astype({name: types.get(name, "str") for name in board.columns})


def rows_that_stand(month: Month, manifest: Manifest) -> pd.DataFrame:
    """What counts in a month, whatever else was sent.

    Returns:
        One row per manager and form of which files stand: manager_id, form, rows that stand, is_nil.
    """
    groups = group_by_key(one for one in manifest.submissions if one.month == str(month))
    chains = {key: chain_of(groups[key], manifest.receipts_by_hash) for key in sorted(groups)}
    rows = [
        (manager, form, sum(one.rows_held for one in chain), _is_nil(chain))
        for (_, form, manager), chain in chains.items()
        if chain
    ]
    columns = {"manager_id": "str", "form": "str", "rows": "int64", "is_nil": "bool"}
    return pd.DataFrame(rows, columns=list(columns)).astype(columns)


def _row(
    key: tuple[str, str, str],
    submissions: Sequence[Submission],
    receipts: Mapping[str, Receipt],
    later: int,
    *,
    due: bool,
) -> dict[str, object]:
    month, form, manager = key
    ordered = in_order(submissions, receipts)
    chain = chain_of(ordered, receipts)
    shown = chain or tuple(one for one in ordered[-1:] if one.state != "withdrawn")
    accepted = sum(one.state in COUNTS for one in submissions)
    files = [receipts[one.sha256] for one in shown]
    return {
        "month": month,
        "manager_id": manager,
        "form": form,
        "state": _state(deadline(Month.parse(month)) if due else dt.date.max, ordered, chain, shown, receipts),
        "received_at": files[-1].saved_at if files else "",
        "file": "、".join(dict.fromkeys(one.name for one in files)),
        "rows": sum(one.rows for one in shown) if shown else None,
        "left_out": sum(map(_left_out, shown)) + later if shown else None,
        "edition": accepted or None,
    }


def _refused_row(file: RefusedFile, month: Month) -> dict[str, object]:
    """A file of which nothing was accepted; how many rows it holds is not always known."""
    return _row_of_file(file.receipt, month, file.manager_id, "", None)


def _unplaced_row(unplaced: Unplaced, month: Month) -> dict[str, object]:
    return _row_of_file(unplaced.receipt, month, "", unplaced.form, unplaced.rows)


def _row_of_file(
    receipt: Receipt, month: Month, manager_id: str, form: str, left_out: int | None
) -> dict[str, object]:
    """A row of the board on a file, or a part of it, that stands for no manager's form."""
    return {
        "month": str(month),
        "manager_id": manager_id,
        "form": form,
        "state": "refused",
        "received_at": receipt.saved_at,
        "file": receipt.name,
        "rows": left_out,
        "left_out": left_out,
        "edition": None,
    }


def _left_out(shown: Submission) -> int:
    return shown.left_out if shown.state in COUNTS else shown.rows


def _state(
    due: dt.date,
    ordered: Sequence[Submission],
    chain: Chain,
    shown: Sequence[Submission],
    receipts: Mapping[str, Receipt],
) -> str:
    if waiting_of(ordered, receipts):
        return "held"
    if not shown:
        return "missing"
    if not chain:
        return "refused"
    if any(one.state in COUNTS and one.rows_held < one.accepted_rows for one in ordered) or _is_second(
        ordered, chain
    ):
        return "corrected"
    if _is_nil(chain):
        return "nil"
    own = by_track(chain)[0] or chain  # what others add beside it later makes nobody late
    saved_at = max(receipts[one.sha256].saved_at for one in own)
    return "on time" if dt.date.fromisoformat(saved_at[:10]) <= due else "late"


def _is_nil(chain: Chain) -> bool:
    """Whether the last word is that there was nothing, and nothing stands beside it: an export that covers all managers
    (settings `covers`) says so of its days alone."""
    return chain[-1].judged == "nil" and not any(one.rows_held for one in chain)


def _is_second(ordered: Sequence[Submission], chain: Chain) -> bool:
    """Whether a file that said something of the month no longer stands."""
    return any(one.state in COUNTS and one not in chain for one in ordered)


def _form_place(form: str, profile: Profile) -> int:
    return profile.monthly_forms.index(form) if form in profile.monthly_forms else len(profile.monthly_forms)
