"""Packs that were filled in and saved by LibreOffice, in each format that it is asked for."""

import io
import shutil
import subprocess

import openpyxl
import pandas as pd
import pytest
from demo_packs import demo_ledger, pack_of, settings
from pack_hand import Hand
from take_in_builder import take_file
from test_packs_of_trades import MANAGER, MODULES, master_versions, truth

SOFFICE = shutil.which("soffice")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(SOFFICE is None, reason="LibreOffice is not here"),
]


def saved_by_another(folder, book: openpyxl.Workbook, ending: str) -> bytes:
    source = folder / "pack.xlsx"
    book.save(source)
    (folder / "saved").mkdir()
    profile = f"-env:UserInstallation=file://{folder}/profile"
    asked = [
        str(SOFFICE),
        profile,
        "--headless",
        "--convert-to",
        ending,
        "--outdir",
        str(folder / "saved"),
        str(source),
    ]
    subprocess.run(asked, check=True, capture_output=True, timeout=300)
    return (folder / "saved" / f"pack.{ending}").read_bytes()


@pytest.mark.parametrize("ending", ["xlsx", "xls", "ods"])
def test_ticks_and_untouched_rows_are_known_whoever_saved_the_file(tmp_path, ending):
    ledger = demo_ledger("tobacco")
    book = pack_of(ledger, settings("tobacco", ("sales",)), MANAGER)
    Hand(book, ledger.profile).fill(truth("tobacco"))
    plain = io.BytesIO()
    book.save(plain)
    versions = master_versions(ledger, tmp_path / "masters")
    asked = {"settings": settings("tobacco"), "versions": versions, "modules": MODULES}
    before = take_file(tmp_path / "before", plain.getvalue(), **asked)
    after = take_file(tmp_path / "after", saved_by_another(tmp_path, book, ending), f"pack.{ending}", **asked)
    assert [(part.form, part.state, part.rows, part.left_out) for part in after.taken.parts] == [
        (part.form, part.state, part.rows, part.left_out) for part in before.taken.parts
    ]
    own = list(ledger.forms["visits"].dtypes)
    pd.testing.assert_frame_equal(after.rows("visits")[own], before.rows("visits")[own])
