"""No letter brings a paper for headquarters alone: by a rule of the outbox, whoever asks."""

import os
from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.base.calendar import Month
from pipeline.base.private import PAPERS
from pipeline.contract.problem import Problem, without_secrets
from pipeline.contract.trade import load_profile
from pipeline.outbox.addresses import Address
from pipeline.outbox.drafts import write_outbox
from pipeline.outbox.letters import Letter, NotForLetters, Workbook

PAY = f"{PAPERS}/pay_2024-06.xlsx"


def letter(*attached: Workbook) -> Letter:
    to = (Address("甲", "a@example.org"),)
    return Letter("region/R1", Month(2024, 6), 1, None, to, (), "月报", "您好", "<p>您好</p>", attached)


def workbook(file: str) -> Workbook:
    return Workbook(file.rpartition("/")[2], file, 9, f"output/2024-06/{file}")


@pytest.mark.parametrize(
    "file",
    [
        PAY, f"./{PAY}", f"regions/../{PAY}", f"managers/x/../../{PAY}", f"/home/{PAY}", f"{PAPERS}", "regions", "",
        "data/metrics.csv", "run.json", "headquarters.xlsx/..", f"Regions/{PAY}",
    ],
)  # fmt: skip
def test_there_is_no_attachment_of_a_file_that_no_letter_may_bring(file: str) -> None:
    with pytest.raises(NotForLetters):
        workbook(file)


@pytest.mark.parametrize(
    "file", ["headquarters.xlsx", "regions/a.xlsx", "managers/b.xlsx", "corrections/m/c.xlsx"]
)
def test_the_workbooks_of_a_month_go(file: str) -> None:
    assert workbook(file).file == file


def test_a_changed_attachment_is_looked_at_again() -> None:
    with pytest.raises(NotForLetters):
        replace(workbook("regions/a.xlsx"), file=PAY)


@pytest.mark.skipif(os.name == "nt", reason="links need rights there")
def test_a_link_to_a_paper_is_not_followed(tmp_path: Path) -> None:
    for name in ("regions", PAPERS):
        (tmp_path / name).mkdir()
    (tmp_path / PAY).write_bytes(b"secret pay")
    (tmp_path / "regions" / "a.xlsx").symlink_to(tmp_path / PAY)
    with pytest.raises(NotForLetters):
        write_outbox(tmp_path, Month(2024, 6), 1, "", [("region_R1", letter(workbook("regions/a.xlsx")))])
    assert not list((tmp_path / "outbox").glob("*.eml"))


def test_what_was_found_in_a_private_form_is_not_quoted_to_others() -> None:
    forms = load_profile("bank").forms
    told = [
        Problem("x", "note", form=key, cell="B5", found="3157.77") for key in ("pay_terms", "claw_backs", "visits")
    ]
    assert [(one.found, one.cell) for one in without_secrets(told, forms)] == [
        ("", "B5"),
        ("", "B5"),
        ("3157.77", "B5"),
    ]
