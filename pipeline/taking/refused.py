"""What of the files of a ledger is told where: problems by month, and the files that stay refused."""

import hashlib
from collections.abc import Iterable, Iterator
from pathlib import Path

from pipeline.base.calendar import Month
from pipeline.contract.master_data import read_masters
from pipeline.contract.problem import Problem, problems_counted
from pipeline.ledger.commit import load_problems
from pipeline.ledger.manifest import Manifest, Receipt
from pipeline.ledger.read import master_versions
from pipeline.ledger.still_open import StillOpen
from pipeline.ledger.told import RefusedFile, Told, Unplaced, told_there

OF_NOBODY = ("unknown_manager", "no_masters")  # why rows of an export belong to no manager
_NO_PROBLEMS = hashlib.sha256(b"[]").hexdigest()  # of a list without any, as the ledger stores it


def told_of(home: Path, manifest: Manifest) -> Told:
    """Where things are told, with the names of all managers that master data ever named, the newest counting."""
    versions = [one for one in master_versions(home, manifest) if one.form == "managers"]
    names: dict[str, str] = {}
    for version in sorted(versions, key=lambda one: one.valid_from):
        rows = read_masters([version], version.valid_from)["managers"]
        names.update(zip(rows["manager_id"].astype(str), rows["manager_name"].fillna("").astype(str), strict=True))
    return Told(manifest, names)


def refused_files(home: Path, told: Told) -> list[RefusedFile]:
    """The files of which nothing was accepted and nobody has sent better, in the order in which they came."""
    refused = (one for one in told.manifest.receipts if told.is_refused(one))
    return told.refused({one.sha256: load_problems(home, one.sha256) for one in refused})


def files_told(home: Path, told: Told, month: Month) -> Iterator[tuple[Receipt, list[Problem]]]:
    """Each file with problems that are told in a month's reports, and these; refused files until there is better,
    others as long as nothing newer puts them right."""
    stay = {one.receipt.sha256 for one in refused_files(home, told)}
    is_open = StillOpen(told.manifest)
    for receipt in told.manifest.receipts:
        if told.manifest.problems.get(receipt.sha256) == _NO_PROBLEMS:
            continue
        if told.is_refused(receipt) and receipt.sha256 not in stay:
            continue
        still_open = [one for one in load_problems(home, receipt.sha256) if is_open(receipt.sha256, one)]
        own = told_there(still_open, receipt, told, month)
        if own:
            yield receipt, own


def unplaced_rows(home: Path, told: Told, month: Month) -> list[Unplaced]:
    """The rows that count for nobody in a month, by file and form, of files of which other rows do."""
    found: list[Unplaced] = []
    for receipt in told.manifest.receipts:
        if told.manifest.problems.get(receipt.sha256) == _NO_PROBLEMS or told.is_refused(receipt):
            continue
        problems = [
            one
            for one in load_problems(home, receipt.sha256)
            if _is_unplaced(one) and told.month_of(one, receipt) == month
        ]
        for form in sorted({one.form for one in problems}):
            count = problems_counted([one for one in problems if one.form == form], "row left out")
            found.append(Unplaced(receipt, form, count))
    return found


def _is_unplaced(problem: Problem) -> bool:
    """Whether it is of a row that belongs to no manager and month; of each of those there is one problem."""
    if problem.effect != "row left out" or not problem.form:
        return False
    rule = dict(problem.details).get("rule", "") if problem.rule == "more_cells" else problem.rule
    return rule in OF_NOBODY or not problem.month


def told_by_file(home: Path, told: Told) -> set[tuple[str, Month, str]]:
    """Of the files that stand for no manager's month: fingerprint, month in which it is told, and whose it is.

    Other files may change this: what their sender sent better, and months that are reported now.
    """
    found = {(one.receipt.sha256, one.month, one.manager_id) for one in refused_files(home, told)}
    placed = {one.sha256 for one in told.manifest.submissions}
    for receipt in told.manifest.receipts:
        if receipt.sha256 not in placed and not told.is_refused(receipt):
            found |= {(receipt.sha256, month, "") for month in months_told(home, told, [receipt])}
    return found


def months_told(home: Path, told: Told, receipts: Iterable[Receipt]) -> set[Month]:
    """The months in whose reports problems of these files are told."""
    return {told.month_of(one, receipt) for receipt in receipts for one in load_problems(home, receipt.sha256)}
