"""A manager of a demo sends nothing: page one, the first sheets, the findings and the letters of the region and of the
organisation say what they would say of the others alone, but for the lines that say who is missing."""

import email
import email.policy
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from unittest.mock import patch

import pandas as pd
import pytest
from click.testing import CliRunner
from openpyxl import load_workbook
from without_workbooks import without_workbooks

from pipeline.base.calendar import Month
from pipeline.cli import main
from pipeline.demo import make
from pipeline.demo.job import Job
from pipeline.demo.people import NEVER, Organisation, make_organisation, masters_in
from pipeline.demo.sample import targets_of

# Two demos, five months of six managers each. openpyxl leaves out sparklines and bars, which are not looked at.
pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore:.*xtension is not supported:UserWarning")]

MadeOnce = Callable[[str, Callable[[Path], object]], Path]  # see conftest
LAST, MANAGER, NAME = Month(2024, 6), "M006", "张晓东"
REGION, OTHER = "R02", "R01"
SENT_BACK = (12, 3, 2, 1, 0)  # the months before the last of which there are reports
FIRST_CLAUSE = re.compile(rf"^{NAME}未报销售（占上月[\d.]+%）；")
NOTES = "本月、上月、上年同月为上报合计"
MISSING_LINES = (
    "尚未报齐，以下各表没有计入，不等于没有业务",
    f"· {NAME}：销售、客户访问记录、商品及服务质量信息反馈单、客户满意度测评未报",
)
SIZE = re.compile(r"（\d+ KB）")
Frames = Mapping[str, pd.DataFrame]


def nobody_moves(organisation: Organisation) -> Organisation:
    """Of a customer that changed to the missing manager, the months before would be another matter."""
    return replace(organisation, customers=organisation.customers.assign(moves_in=NEVER))


def masters_without(masters: Frames) -> dict[str, pd.DataFrame]:
    """The master data as they were if there had never been that manager."""
    return {
        form: rows[rows["manager_id"] != MANAGER] if "manager_id" in rows else rows
        for form, rows in masters.items()
    }


def targets_without(targets: Frames) -> dict[str, pd.DataFrame]:
    """The targets of the others, added up to those of regions and the organisation."""
    rows = targets["targets"]
    own = rows[(rows["level"] == "manager") & (rows["entity_id"] == MANAGER)]
    less = own.set_index(["month", "metric"])["target"]
    keys = pd.MultiIndex.from_frame(rows[["month", "metric"]])
    above = (rows["level"] == "organisation") | (rows["entity_id"] == REGION)
    left = rows["target"] - less.reindex(keys).to_numpy() * above
    return {"targets": rows.assign(target=left).drop(own.index)}


def reported(home: Path, *, alone: bool) -> None:
    """The home after the run of the last month."""
    changed = (lambda *given: masters_without(masters_in(*given))) if alone else masters_in
    owed = (lambda *given: targets_without(targets_of(*given))) if alone else targets_of
    with (
        patch.object(make, "make_organisation", lambda *given: nobody_moves(make_organisation(*given))),
        patch.object(make, "masters_in", changed),
        patch.object(make, "targets_of", owed),
    ):
        make.make_demo(
            home, managers=6, customers=6, months=14, end=LAST, seed=7, lines_per_order=2, faults=False,
            executor=OnlyWhatIsSent(alone),  # type: ignore[arg-type]
        )  # fmt: skip
    run = ["monthly", "--home", str(home), "--workers", "1", "--quiet", "--month", str(LAST)]
    with without_workbooks(but=[LAST]):
        done = CliRunner().invoke(main, run, catch_exceptions=False)
    assert done.exit_code == 0, done.output


@dataclass(frozen=True)
class OnlyWhatIsSent:
    """Writes of a demo's workbooks those that are sent: nobody sends other months, nor the manager who is missing."""

    alone: bool

    def map(self, write: Callable[[Job], object], jobs: Iterable[Job]) -> list[object]:
        return [write(job) for job in jobs if self._comes(job.path.stem)]

    def _comes(self, name: str) -> bool:
        if not name.startswith("月报_"):
            return True
        _, month, manager, _ = name.split("_")
        missing = manager == MANAGER and (self.alone or month == str(LAST))
        return not missing and month in {str(LAST + -back) for back in SENT_BACK}


@dataclass(frozen=True)
class Told:
    """What stands in one month's output."""

    output: Path

    def sentences(self, workbook: str, sheets: int = 3) -> list[str]:
        """The texts of the first sheets that say something: whole sentences."""
        (path,) = self.output.rglob(workbook)
        book = load_workbook(path)
        texts = (
            cell for sheet in book.worksheets[:sheets] for row in sheet.iter_rows(values_only=True) for cell in row
        )
        return [one for one in texts if isinstance(one, str) and any(mark in one for mark in "。；，")]

    def letter(self, region: str) -> list[str]:
        """The lines of the region's letter."""
        (path,) = (self.output / "outbox").glob(f"region_*_{region}_*.eml")
        body = email.message_from_bytes(path.read_bytes(), policy=email.policy.default).get_body(("plain",))
        assert body is not None
        return [line.strip() for line in body.get_content().splitlines() if line.strip()]

    def findings(self) -> pd.DataFrame:
        """The findings of everybody but the missing manager, and but the line that says who is missing."""
        rows = pd.read_csv(self.output / "data" / "findings.csv", dtype=str)
        of_missing = (rows["rule"] == "report_missing") | (rows["entity_id"] == MANAGER)
        return rows[~of_missing].drop(columns=["row"], errors="ignore").reset_index(drop=True)


@pytest.fixture(scope="module")
def hole(made_once: MadeOnce) -> Told:
    home = made_once("left_out_hole", lambda folder: reported(folder, alone=False))
    return Told(home / "output" / str(LAST))


@pytest.fixture(scope="module")
def others(made_once: MadeOnce) -> Told:
    home = made_once("left_out_alone", lambda folder: reported(folder, alone=True))
    return Told(home / "output" / str(LAST))


SINCE = re.compile(r"（(本月开始|已连续\d+个月(以上)?)）")


def others_alone(lines: Iterable[str]) -> list[str]:
    """What is said, without the lines and the clause that say who is missing.

    Since when something is so is told of the months as they were reported, with the manager who is missing now.
    """
    plain = (SINCE.sub("", FIRST_CLAUSE.sub("", one)).replace("已报人员任务", "任务") for one in lines)
    return [one for one in plain if f"{NAME}未报" not in one and not one.startswith(NOTES)]


@pytest.mark.parametrize("workbook", ["headquarters.xlsx", "*_R01_*.xlsx", "*_R02_*.xlsx"])
def test_the_first_sheets_say_of_the_others_what_they_would_say_of_them_alone(
    hole: Told, others: Told, workbook: str
) -> None:
    told, alone = (others_alone(one.sentences(workbook)) for one in (hole, others))
    assert told == alone
    assert len(told) > 10


@pytest.mark.parametrize("workbook", ["headquarters.xlsx", f"*_{REGION}_*.xlsx"])
def test_who_is_missing_is_said_first_with_the_share_of_last_month(hole: Told, workbook: str) -> None:
    assert hole.sentences(workbook)[0].startswith(f"{NAME}未报销售（占上月")


def test_the_findings_of_the_others_are_the_same(hole: Told, others: Told) -> None:
    pd.testing.assert_frame_equal(hole.findings(), others.findings())
    assert len(hole.findings()) > 10


def test_the_letter_of_the_region_says_who_is_missing_and_nothing_else_differs(hole: Told, others: Told) -> None:
    # A figure that only the missing manager has ever told stands there with a dash; alone there would be none.
    told, alone = (others_alone(one.letter(REGION)) for one in (hole, others))
    told = [one for one in told if not one.endswith(" —")]
    assert [SIZE.sub("", one) for one in told if one not in MISSING_LINES] == [SIZE.sub("", one) for one in alone]
    assert set(MISSING_LINES) <= set(told)


def test_the_letter_of_the_other_region_is_the_same(hole: Told, others: Told) -> None:
    told, alone = ([SIZE.sub("", line) for line in one.letter(OTHER)] for one in (hole, others))
    assert told == alone
