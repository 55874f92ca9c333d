"""The sign-in book on paper: a page a day, nothing cut, as large as the longest day allows."""

import datetime as dt
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from openpyxl import load_workbook

from pipeline.base.week import Week
from pipeline.contract.schedule import planned_of
from pipeline.contract.trade import load_profile
from pipeline.templates.plan import Manager
from pipeline.templates.visit_book import BookPage, BookPlan, BookVisit, plan_visit_book
from pipeline.templates.write_visit_book import write_visit_book
from pipeline.words import Language, load_words

WEEK = Week.parse("2024-W27")
TOBACCO = load_profile("tobacco")
TOLD = "一级 食杂店｜城区 人民路2号｜上次走访 24-06-25｜距今（天） 7｜上次订货 24-06-27"


def book(
    *visits_a_day: int, told: str = TOLD, language: Language = "zh", name: str = "好邻居便民超市"
) -> BookPlan:
    planned = planned_of(TOBACCO)
    assert planned is not None
    pages = [
        BookPage(
            day,
            f"{day}",
            ("到期对策：补访",),
            tuple(BookVisit(f"03010110{n:04d}", name, told) for n in range(count)),
        )
        for day, count in zip(WEEK.days, visits_a_day, strict=False)
    ]
    return plan_visit_book(planned, TOBACCO, load_words(language, "tobacco"), WEEK, Manager("M001", "李明"), pages)


def test_an_ordinary_day_is_printed_across_with_high_rows_to_sign_in() -> None:
    printed = book(10, 8, 0, 12, 9).printed
    assert printed.is_across and printed.entry_height > 25 and printed.scale >= 55


def test_a_longer_day_is_printed_smaller_and_a_very_long_one_upright_where_that_is_larger() -> None:
    scales = [book(count).printed.scale for count in (10, 30, 45, 60)]
    assert scales == sorted(scales, reverse=True)
    assert not book(55).printed.is_across and book(55).printed.scale > 35


@pytest.mark.parametrize("count", [0, 1, 13, 30, 60])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_width_and_height_of_the_longest_day_stay_inside_the_page(count: int, language: Language) -> None:
    """A4 less margins of 8 mm at the sides and 9 mm above and below, at the scale that is printed."""
    plan = book(count, 3, told=TOLD * 3, language=language)
    sides = (297 - 16, 210 - 18) if plan.printed.is_across else (210 - 16, 297 - 18)
    millimetres = sum(one.width * 8.6 + 5 for one in plan.printed_columns) / 96 * 25.4 * plan.printed.scale / 100
    told = sum(plan.told_height(one.told) for one in plan.pages[0].visits) + 13
    points = 24 + 16 + plan.headings_height + 20 + told + (count + 3) * plan.printed.entry_height
    assert millimetres <= sides[0] and points / 72 * 25.4 * plan.printed.scale / 100 <= sides[1]


def test_a_text_too_long_for_a_line_has_as_many_lines_as_it_needs() -> None:
    plan = book(1)
    assert [plan.told_height("短"), plan.told_height("长" * 400)] == [13, 13 * plan.lines_of("长" * 400)]
    assert plan.lines_of("长" * 400) == -(-800 // int(plan.line_digits)) > 1


@pytest.mark.parametrize("language", ["zh", "en"])
def test_no_word_of_a_heading_is_wider_than_its_column(language: Language) -> None:
    for column in book(1, language=language).columns:
        words = re.findall(r"[A-Za-z]+", column.heading)
        assert all(len(word) <= column.width for word in words), column.heading


def test_long_names_are_printed_smaller_before_they_are_squeezed() -> None:
    plan = book(50)
    name = next(one for one in plan.columns if one.role == "name")
    assert plan.printed.entry_height == 19
    names = ("小店", "好邻居便民超市", "好邻居便民超市文一路分店")
    assert [plan.print_of(name, one) for one in names] == ["entry", "small", "shrunk"]
    assert book(3).print_of(name, "好邻居便民超市分店") == "entry"


def test_same_plan_same_bytes_and_what_is_to_be_filled_in_is_open(tmp_path: Path) -> None:
    for name in ("a", "b"):
        write_visit_book(tmp_path / f"{name}.xlsx", book(2, 1))
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()
    sheet = load_workbook(tmp_path / "a.xlsx").worksheets[0]
    assert sheet.protection.sheet and not sheet.column_dimensions["F"].protection.locked
    assert sheet["C7"].value == "030101100000" and not sheet["C7"].protection.locked
    assert sheet["B7"].value == dt.datetime(2024, 7, 1)


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("soffice") is None, reason="needs LibreOffice")
@pytest.mark.parametrize("count", [12, 55])
def test_libreoffice_prints_one_page_a_day(tmp_path: Path, count: int) -> None:
    write_visit_book(tmp_path / "book.xlsx", book(count, 3, 0, count - 2, 7, told=TOLD * 2))
    home = f"-env:UserInstallation=file://{tmp_path}/office"
    command = [
        "soffice",
        "--headless",
        home,
        "--convert-to",
        "pdf",
        "--outdir",
        str(tmp_path),
        str(tmp_path / "book.xlsx"),
    ]
    subprocess.run(command, check=True, capture_output=True, timeout=300)
    pages = re.findall(rb"/Type\s*/Page\b", (tmp_path / "book.pdf").read_bytes())
    assert len(pages) == 5
    if shutil.which("pdftotext"):
        text = subprocess.run(
            ["pdftotext", str(tmp_path / "book.pdf"), "-"], check=True, capture_output=True
        ).stdout
        assert b"2024-07-01" in text and b"##" not in text  # what is too narrow for a day shows that
