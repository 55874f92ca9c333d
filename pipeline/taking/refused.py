"""What of the files of a ledger is told where: problems by month, and the files that stay refused."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from pipeline.base.calendar import Month
from pipeline.contract.problem import Problem, problems_counted
from pipeline.ledger.commit import load_problems
from pipeline.ledger.in_short import is_unplaced
from pipeline.ledger.manifest import Manifest, Receipt
from pipeline.ledger.told import Told, Unplaced, told_there
from pipeline.taking.lists_in_short import ListsInShort


def told_of(home: Path, manifest: Manifest) -> Told:
    """Where things are told, with the names of all managers that master data ever named, the newest counting."""
    lists = ListsInShort(home, manifest)
    return Told(manifest, lists.names(), lists)


def files_told(home: Path, told: Told, month: Month) -> Iterator[tuple[Receipt, list[Problem]]]:
    """Each file with problems that are told in a month's reports, and these; refused files until there is better,
    others as long as nothing newer puts them right."""
    for receipt in told.manifest.receipts:
        kinds = told.in_short(receipt.sha256).kinds
        if any(told.month_told(one, receipt) == month for one in kinds):
            yield receipt, told_there(load_problems(home, receipt.sha256), receipt, told, month)


def unplaced_rows(home: Path, told: Told, month: Month) -> list[Unplaced]:
    """The rows that count for nobody in a month, by file and form, of files of which other rows do."""
    found: list[Unplaced] = []
    for receipt in told.manifest.receipts:
        kinds = [one for one in told.in_short(receipt.sha256).kinds if is_unplaced(one)]
        forms = {one.form for one in kinds if told.month_of(one, receipt) == month}
        if not forms or told.is_refused(receipt):
            continue
        unplaced = [one for one in load_problems(home, receipt.sha256) if is_unplaced(one)]
        here = [one for one in unplaced if told.month_of(one, receipt) == month]
        for form in sorted(forms):
            count = problems_counted([one for one in here if one.form == form], "row left out")
            found.append(Unplaced(receipt, form, count))
    return found


def told_by_file(told: Told) -> set[tuple[str, Month, str]]:
    """Of the files that stand for no manager's month: fingerprint, month in which it is told, and whose it is.

    Other files may change this: what their sender sent better, and months that are reported now.
    """
    found = {(one.receipt.sha256, one.month, one.manager_id) for one in told.refused}
    placed = {one.sha256 for one in told.manifest.submissions}
    for receipt in told.manifest.receipts:
        if receipt.sha256 not in placed and not told.is_refused(receipt):
            found |= {(receipt.sha256, month, "") for month in months_told(told, [receipt])}
    return found


def months_told(told: Told, receipts: Iterable[Receipt]) -> set[Month]:
    """The months in whose reports problems of these files are told."""
    return {told.month_of(one, receipt) for receipt in receipts for one in told.in_short(receipt.sha256).kinds}
