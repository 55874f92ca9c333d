"""Hand-made months as a committed ledger holds them, opened."""

from collections.abc import Sequence
from pathlib import Path

from month_builder import MonthBuilder

from pipeline.contract.settings import settings_from
from pipeline.ledger.commit import part_name, store_frame
from pipeline.ledger.manifest import Manifest, MasterPart, Submission, read_manifest, write_manifest
from pipeline.ledger.read import Ledger
from pipeline.month.opening import Months, open_months
from schemas.form import all_forms


def opened(home: Path, months: Sequence[MonthBuilder]) -> Months:
    """A home of these months; who sent what is what each builder says."""
    parts: dict[str, str] = {}
    submissions: list[Submission] = []
    masters: list[MasterPart] = []
    for one in months:
        rows, month = one.build(), str(one.month)
        for form, frame in rows.rows.items():
            for region, own in frame.groupby("region_id"):
                name = part_name(form, month, str(region))
                parts[name] = store_frame(home, name, own.reset_index(drop=True))
        for form, frame in rows.masters.items():
            masters.append(
                MasterPart(form, month, "0", len(frame), 0, store_frame(home, f"masters/{form}", frame))
            )
        for manager, form in sorted(one.sent):
            region = one.managers[manager]
            submissions.append(Submission(month, manager, form, "accepted", "0", region, 1, 0, 0.0, 0.0))
    ledger = Ledger(home, Manifest(1, (), tuple(submissions), tuple(masters), parts), all_forms())
    write_manifest(home, ledger.manifest)
    return reopened(home)


def reopened(home: Path) -> Months:
    """The months of such a home, with all that was worked out of them."""
    return open_months(Ledger(home, read_manifest(home), all_forms()), settings_from({}))
