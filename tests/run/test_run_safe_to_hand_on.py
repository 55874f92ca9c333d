"""What a run writes is safe to hand on: texts that people typed are run by nothing that opens the files."""

import csv
import zipfile
from pathlib import Path

import openpyxl
import pytest
from small_home import JUNE, SmallHome

TYPED = "=cmd|'/c calc'!A1"


@pytest.mark.slow
def test_a_formula_that_a_manager_typed_as_text_is_run_by_no_file_of_ours(tmp_path: Path) -> None:
    home = SmallHome(tmp_path)
    home.masters()
    path = home.sends("M001", (3, "C001a", 10), (4, "C001a", 10))
    book = openpyxl.load_workbook(path)
    cells = [cell for row in book["销售"].iter_rows() for cell in row if cell.value == 10]
    cells[0].value, cells[0].data_type = TYPED, "s"
    book.save(path)
    assert home.run().exit_code == 0
    data = home.home / "output" / str(JUNE) / "data"
    with (data / "problems.csv").open(encoding="utf-8-sig", newline="") as file:
        found = [row["found"] for row in csv.DictReader(file)]
    assert f"'{TYPED}" in found
    assert TYPED in home.csv("problems")["found"].tolist()
    for written in data.glob("*.csv"):
        with written.open(encoding="utf-8-sig", newline="") as file:
            assert not [cell for row in csv.reader(file) for cell in row if cell.startswith(("=", "@", "+"))]
    for written in (home.home / "output").rglob("*.xlsx"):
        with zipfile.ZipFile(written) as archive:
            for name in archive.namelist():
                if name.startswith("xl/worksheets/sheet"):
                    assert b"cmd|" not in b"".join(archive.read(name).split(b"<f>")[1:]), (written, name)


@pytest.mark.slow
def test_a_file_planted_among_what_is_kept_is_made_again(june: SmallHome, tmp_path: Path) -> None:
    kept = sorted((june.home / "ledger" / "derived").rglob("*.kept"))
    assert kept
    for path in kept:  # what Python would run when it loaded it
        path.write_bytes(b"cos\nmkdir\n(S'" + str(tmp_path / "ran").encode() + b"'\ntR.")
    june.sends("M002", (3, "C002a", 5))
    assert june.run().exit_code == 0
    assert june.value("volume") == 15
    assert not (tmp_path / "ran").exists()
