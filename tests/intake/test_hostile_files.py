"""Every odd or hostile file gives its rows or one reason, within 10 s of work and 1 GiB each; no other file suffers."""

from pathlib import Path

import pytest

from pipeline.contract.refusal import Refusal
from pipeline.intake.raw import RawBook
from pipeline.intake.read import read_file
from pipeline.words import LANGUAGES, load_words
from pipeline.work.sandbox import GIB, Sandbox

HOSTILE = Path(__file__).resolve().parents[2] / "../shared/hostile"
pytestmark = pytest.mark.skipif(not HOSTILE.is_dir(), reason="the hostile files are not here")

SECONDS = 10
# What must come of a file, where more can be said than "rows or a reason".
RULES = {
    "billion_laughs_sst.xlsx": "made_to_harm",
    "xxe_file_sst.xlsx": "made_to_harm",
    "zipbomb_cells_30M.xlsx": "made_to_harm",
    "outside_grid_A16777217.xlsx": "made_to_harm",
    "row_4294967296.xlsx": "made_to_harm",
    "empty.xlsx": "empty_file",
    "gzip_as.xlsx": "archive",
    "pdf_as.xlsx": "pdf",
    "no_sheets.xlsx": "no_sheets",
    "missing_sheet_part.xlsx": "damaged",
    "truncated_half.xlsx": "incomplete",
    "~$owner_lock.xlsx": "owner_file",
    "oleloop.xls": "damaged",
}
# The first cell and the size of the first sheet (rows, columns) of files that must be read.
SHEETS = {
    "64667.xlsx": ("Partner ID ( ID za DDV )", 5, 7),
    "FilterByCF.xlsx": (6.0, 10, 1),
    "comment03.xlsx": ("Foo", 1, 1),
    "corner_A1_XFD1048576.xlsx": (1.0, 1, 1),
    "csv_gbk_as.xlsx": ("客户编号", 2, 2),
    "html_as.xlsx": ("客户", 1, 1),
    "filter_type.xlsx": ("Internet Sales Amount", 42, 8),
    "many_merges_200k.xlsx": (1.0, 1, 1),
    "prefix_junk.xlsx": (1.0, 1, 1),
    "xlsx_as.xls": (1.0, 1, 1),
    "unclosed_quote.csv": ("a", 3000, 2),
    "utf16le_bom.csv": ("客户编号", 2, 2),
}


@pytest.mark.slow
def test_every_hostile_file_gives_rows_or_one_reason_in_time() -> None:
    files = sorted(path for path in HOSTILE.rglob("*") if path.is_file() and path.suffix != ".md")
    assert len(files) > 40
    with Sandbox(workers=1, modules=("pipeline.intake.read",), memory_bytes=GIB, seconds=SECONDS) as sandbox:
        answers = sandbox.map(read_file, ((path.name, path) for path in files))
        for path, answer in zip(files, answers, strict=True):
            _check(path.name, answer)
            assert not isinstance(answer, Refusal) or answer.rule != "reader_timeout", path.name


def _check(name: str, answer: RawBook | Refusal) -> None:
    if isinstance(answer, Refusal):
        assert name not in SHEETS, answer
        assert RULES.get(name, answer.rule) == answer.rule, name
        for language in LANGUAGES:
            assert load_words(language)(f"intake_reading.refused.{answer.rule}", **dict(answer.details))
        return
    assert name not in RULES, answer
    if name in SHEETS:
        rows = answer.sheets[0].rows
        assert (rows[0][0], len(rows), len(rows[0])) == SHEETS[name]
