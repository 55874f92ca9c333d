"""Master data that files of a run bring: which count beside each other, and whom they concern."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from pipeline.base.calendar import Month
from pipeline.contract.master_data import MasterVersion
from pipeline.contract.problem import Problem
from pipeline.intake.taken import Part, Taken
from pipeline.ledger.commit import add_masters
from pipeline.ledger.manifest import Manifest, MasterPart, Receipt
from pipeline.ledger.rivals import older_masters, settle_masters


def without_rivals(masters: Sequence[Taken], receipts: Sequence[Receipt]) -> list[Taken]:
    """What counts where several files of the run brought the same master form from the same month on."""
    parts = [master_part(taken, part) for taken in masters for part in taken.parts if part.state == "accepted"]
    lost = settle_masters(parts, {one.sha256: one for one in receipts})
    gone = {(one.sha256, one.form, one.valid_from) for one, _ in lost}
    said = {one.sha256: [problem for other, problem in lost if other.sha256 == one.sha256] for one, _ in lost}
    return [_without(taken, gone, said[taken.sha256]) if taken.sha256 in said else taken for taken in masters]


def _without(taken: Taken, gone: set[tuple[str, str, str]], said: Sequence[Problem]) -> Taken:
    """A file without the parts that do not count, and with what is said of them; refused where none is left."""
    parts = tuple(
        replace(part, state="refused", left_out=part.rows, path="")
        if (taken.sha256, part.form, str(part.month)) in gone
        else part
        for part in taken.parts
    )
    refused = "" if any(part.state == "accepted" for part in parts) else said[0].rule
    return replace(taken, parts=parts, problems=(*taken.problems, *said), refused=refused)


def with_older_told(masters: Sequence[Taken], receipts: Sequence[Receipt], manifest: Manifest) -> list[Taken]:
    """Each file, with what is said of master data that replace such as were saved later."""
    parts = [master_part(taken, part) for taken in masters for part in taken.parts if part.state == "accepted"]
    said: dict[str, list[Problem]] = {}
    for one, problem in older_masters(parts, {one.sha256: one for one in receipts}, manifest):
        said.setdefault(one.sha256, []).append(problem)
    return [
        replace(taken, problems=(*taken.problems, *said[taken.sha256])) if taken.sha256 in said else taken
        for taken in masters
    ]


def master_part(taken: Taken, part: Part) -> MasterPart:
    """What a file brought of master data, not stored yet."""
    return MasterPart(part.form, str(part.month), taken.sha256, part.rows, part.left_out, "")


def rows_left_out(masters: Iterable[Taken]) -> int:
    """How many rows of master data were not accepted."""
    return sum(part.left_out for taken in masters for part in taken.parts)


def with_staged(held: Sequence[MasterVersion], masters: Iterable[Taken]) -> list[MasterVersion]:
    """The versions that hold once what was accepted of these files is taken over."""
    versions = {(one.form, one.valid_from): one for one in held}
    for taken in masters:
        for part in taken.parts:
            if part.state == "accepted":
                versions[part.form, part.month] = MasterVersion(part.form, part.month, part.path)
    return list(versions.values())


def add_new_masters(home: Path, manifest: Manifest, masters: Sequence[Taken]) -> Manifest:
    """The manifest with the master data that were accepted, not yet written."""
    parts = [
        (master_part(taken, part), part.path)
        for taken in masters
        for part in taken.parts
        if part.state == "accepted"
    ]
    return add_masters(home, manifest, parts)


def files_concerned(manifest: Manifest, masters: Sequence[Taken]) -> list[Receipt]:
    """Files taken in earlier whose months get other master data now: they are judged anew."""
    brought = [(part.form, part.month) for taken in masters for part in taken.parts if part.state == "accepted"]
    if not brought:
        return []
    start = min(_valid_from(manifest, form, month) for form, month in brought)
    shas = {one.sha256 for one in manifest.submissions if Month.parse(one.month) >= start}
    refused = {one.sha256 for one in manifest.receipts if one.refused}
    return [one for one in manifest.receipts if one.sha256 in shas | refused and "monthly" in one.kinds]


def _valid_from(manifest: Manifest, form: str, month: Month) -> Month:
    """The first month that new master data of a form concern: all, where nothing older is known."""
    older = any(one.form == form and Month.parse(one.valid_from) < month for one in manifest.masters)
    return month if older else Month(1900, 1)
