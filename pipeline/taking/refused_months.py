"""Months of which nothing but refused files is known: no report can be made, yet each has its lists and copies."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from pipeline.base.calendar import Month
from pipeline.base.csv_cells import write_csv
from pipeline.contract.master_data import read_masters
from pipeline.contract.problem import Problem, problems_frame
from pipeline.contract.settings import Settings
from pipeline.ledger.board import submissions_board
from pipeline.ledger.manifest import Manifest
from pipeline.ledger.output import (
    NO_EDITION,
    discard,
    new_period_folder,
    period_folder,
    period_folders,
    read_run_record,
    write_run_record,
    written_edition,
)
from pipeline.ledger.read import Ledger, master_versions
from pipeline.ledger.told import RefusedFile
from pipeline.taking.correction_copies import write_corrections
from pipeline.taking.refused import files_told, told_of
from pipeline.work.executors import reading_sandbox
from pipeline.work.store import fingerprint, program_fingerprint


def write_refused_months(home: Path, settings: Settings, manifest: Manifest) -> tuple[Month, ...]:
    """Writes lists and correction copies of the months of which all files were refused, oldest first; a month whose
    folder stands as it should is left alone, that of a month which is none any more goes."""
    told = told_of(home, manifest)
    months = sorted({one.month for one in told.refused} - set(manifest.months()))
    for month in months:
        problems = [one for _, own in files_told(home, told, month) for one in own]
        _write(home, settings, manifest, month, problems, [one for one in told.refused if one.month == month])
    for folder in _left_over(home, months):
        discard(home, folder, folder.name, None)
    return tuple(months)


def _left_over(home: Path, months: Sequence[Month]) -> Iterator[Path]:
    """The folders of months that once had refused files only."""
    wanted = {str(month) for month in months}
    for period, folder in period_folders(home):
        if period.span != "month":
            continue
        record = read_run_record(folder)
        if record is not None and record.get("edition") == NO_EDITION and folder.name not in wanted:
            yield folder


def _write(
    home: Path,
    settings: Settings,
    manifest: Manifest,
    month: Month,
    problems: Sequence[Problem],
    refused: Sequence[RefusedFile],
) -> None:
    words = settings.words
    inputs = {one.receipt.sha256: one.receipt.name for one in refused}
    lists = [f"{sha256} {manifest.problems.get(sha256, '')}" for sha256 in inputs]
    made_with = fingerprint([program_fingerprint(), settings.model_dump_json(), *lists])
    if written_edition(period_folder(home, month)) == (NO_EDITION, "", made_with):
        return
    versions = [one for one in master_versions(home, manifest) if one.form == "managers"]
    managers = read_masters(versions, month).get("managers", settings.profile.forms["managers"].empty())
    exempt = Ledger(home, manifest, settings.profile.forms).owing_nothing(month, settings.profile)
    board = submissions_board(month, manifest, managers, settings.profile, refused=refused, exempt=exempt)
    with new_period_folder(home, month, words) as folder:
        (folder / "data").mkdir()
        write_csv(folder / "data" / "problems.csv", problems_frame(problems, settings.profile.forms, words))
        write_csv(folder / "data" / "submissions.csv", board)
        with reading_sandbox(home, settings, 1) as readers:
            write_corrections(home, month, manifest, settings, readers, folder)
        write_run_record(
            folder, {"month": str(month), "edition": NO_EDITION, "made_with": made_with, "inputs": inputs}
        )
