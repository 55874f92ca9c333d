"""What changes only what is told about files is told in the same edition of the month, and no letter goes again."""

import json

import pandas as pd
import pytest
from small_home import JUNE, SmallHome, call, kept_bytes

from pipeline.ledger.manifest import read_manifest
from pipeline.outbox.drafts import read_outbox

JULY = JUNE + 1
REFUSED = "月报_M002_王芳.xlsx"


@pytest.fixture
def home(june_of_four_days: SmallHome) -> SmallHome:
    """June is reported, in its first edition, with 40 cartons of M001."""
    return june_of_four_days


def number(home: SmallHome, month: object = JUNE) -> int:
    """The edition that the ledger, the folder's record and its letters have of a month."""
    folder = home.home / "output" / str(month)
    record = json.loads((folder / "run.json").read_text(encoding="utf-8"))
    letters = read_outbox(folder)
    assert letters is not None
    (edition,) = {
        read_manifest(home.home).editions[str(month)].number, int(record["edition"]), letters.edition
    }  # fmt: skip
    return edition


def told(home: SmallHome, month: object = JUNE) -> set[str]:
    """The files that problem list, board and correction copies of a month name."""
    folder = home.home / "output" / str(month)
    lists = [set(home.csv(name, month)["file"]) for name in ("problems", "submissions")]  # type: ignore[arg-type]
    copies = {path.name.replace("_待更正", "") for path in (folder / "corrections").glob("*.xlsx")}
    return (lists[0] & lists[1] & copies) - {""}


def sound(home: SmallHome) -> bool:
    """Whether all is as it was written, and made anew from the archive it is the same."""
    assert call("verify", "--home", str(home.home)).exit_code == 0
    before = kept_bytes(home.home)
    assert call("rebuild", "--home", str(home.home), "--workers", "1", "--quiet").exit_code == 0
    return kept_bytes(home.home) == before


@pytest.mark.slow
def test_a_file_refused_whole_is_told_in_the_edition_that_stands(home: SmallHome) -> None:
    home.junk(REFUSED, b"PK this is no workbook", saved="2024-07-04T09:00")
    said = home.run().output
    assert REFUSED in said
    assert "第1版" in said and "第2版" not in said and "数字没有变化" in said
    assert (number(home), home.value("volume"), told(home)) == (1, 40, {REFUSED})
    assert "没有新文件" in home.run().output
    assert sound(home)


@pytest.mark.slow
def test_a_form_of_an_unusable_month_is_told_in_the_edition_that_stands(home: SmallHome) -> None:
    home.sends("M002", (3, "C002a", 10), name="误.xlsx", month=JUNE + 1200, saved="2024-07-04T09:00")
    assert "误.xlsx" in home.run().output
    assert (number(home), told(home)) == (1, {"误.xlsx"})


@pytest.mark.slow
def test_a_form_refused_for_its_rows_is_told_in_the_edition_that_stands(home: SmallHome) -> None:
    home.sends("M002", (3, "C999x", 10), name="错.xlsx", nil=[], saved="2024-07-04T09:00")
    assert "错.xlsx" in home.run().output
    assert (number(home), home.state("M002"), told(home)) == (1, "refused", {"错.xlsx"})


@pytest.mark.slow
def test_the_edition_after_a_refused_file_names_the_files_that_changed_figures(home: SmallHome) -> None:
    home.sends("M001", (3, "C999x", 10), name="错.xlsx", nil=[], saved="2024-07-04T09:00")
    home.run()
    home.sends("M001", *((day, "C001a", 9) for day in (3, 4, 5, 6)), name="二.xlsx", saved="2024-07-05T09:00")
    assert "第2版" in home.run().output
    changes = pd.read_parquet(home.home / "ledger" / read_manifest(home.home).editions["2024-06"].changes)
    assert (number(home), home.value("volume"), set(changes["file"])) == (2, 36, {"二.xlsx"})
    assert sound(home)


@pytest.mark.slow
def test_a_file_that_waits_for_an_answer_is_told_in_the_edition_that_stands(home: SmallHome) -> None:
    home.sends("M001", (3, "C001a", 10), name="少.xlsx", saved="2024-07-04T09:00")
    said = home.run().output
    assert "少.xlsx" in said and "第2版" not in said
    assert (number(home), home.state("M001"), home.value("volume")) == (1, "held", 40)
    withdrawn = call("withdraw", "--home", str(home.home), "--workers", "1", "--quiet", "少.xlsx").output
    assert "第2版" not in withdrawn
    assert (number(home), home.state("M001"), home.value("volume")) == (1, "on time", 40)
    assert sound(home)


@pytest.mark.slow
def test_a_refused_file_that_a_later_month_put_right_leaves_the_lists_of_its_own(home: SmallHome) -> None:
    home.junk("二号店.xlsx", b"PK this is no workbook", saved="2024-07-04T09:00")
    home.run()
    assert told(home) == {"二号店.xlsx"}
    home.sends("M002", (3, "C002a", 5), name="二号店.xlsx", month=JULY, saved="2024-08-02T09:00")
    home.run()
    assert (number(home), told(home), number(home, JULY)) == (1, set(), 1)
    assert sound(home)
