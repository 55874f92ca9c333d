"""What is read of a region's sheet of decisions, row by row: whose matters they may be, and on which days."""

import io
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest
from take_in_builder import DEFAULT_MODULES, SETTINGS, master_versions

from pipeline.intake.take_in import take_in
from pipeline.intake.taken import FileTask, Taken
from schemas.decisions import Reference, read_reference

HEADINGS = ("事项编号", "事项", "审批意见", "审批日", "批注")
THIRD = date(2024, 7, 3)
OTHERS: Sequence[tuple[str, str]] = (("R02", "城西区"),)  # a second region, whose manager has a customer


def masters(folder: Path) -> tuple[Any, ...]:
    """The small organisation, with a second region, and a product of 100 yuan to guide prices."""
    versions = master_versions(folder)
    more = {
        "regions": {"region_id": "R02", "region_name": "城西区"},
        "managers": {"manager_id": "M003", "manager_name": "赵强", "region_id": "R02"},
        "customers": {"customer_id": "030301", "customer_name": "西店", "manager_id": "M003", "status": "active"},
        "products": {"product_id": "P003", "product_name": "有指导价", "retail_price": 100.0},
    }
    for one in versions:
        if one.form in more:
            held = pd.read_parquet(one.path)
            row = pd.DataFrame([more[one.form]]).reindex(columns=held.columns).astype(held.dtypes)
            pd.concat([held, row], ignore_index=True).to_parquet(one.path)
    return versions


def cases(folder: Path) -> str:
    """T1 of a customer of R01, T2 of one of R02, and T3 that R02 received of a customer who is of R01 by now."""
    rows = [("T1", "030101", "R01"), ("T2", "030301", "R02"), ("T3", "030102", "R02")]
    frame = pd.DataFrame(rows, columns=["complaint_no", "customer_id", "region_id"])
    frame.assign(received_on=pd.Timestamp(2024, 6, 3)).to_parquet(folder / "cases.parquet")
    return str(folder / "cases.parquet")


def visits(folder: Path) -> str:
    """Visits that found a price below the guide price: of 030101 in May and June, of 030301 of R02, and of 030102 of
    which R02's manager made one; 030103's was ticked so, but the price is none below it."""
    rows = [
        ("030101", "R01", "2024-05-20", 90.0),
        ("030101", "R01", "2024-06-11", 90.0),
        ("030301", "R02", "2024-06-12", 90.0),
        ("030102", "R02", "2024-06-13", 90.0),
        ("030103", "R01", "2024-06-13", 100.0),
    ]
    frame = pd.DataFrame(rows, columns=["customer_id", "region_id", "visit_date", "observed_price"])
    days = pd.to_datetime(frame["visit_date"])
    told = frame.assign(visit_date=days, price_ok=pd.array([False] * len(rows), dtype="boolean"))
    told.to_parquet(folder / "visits.parquet")
    return str(folder / "visits.parquet")


def taken(
    folder: Path, *rows: Sequence[object], region: str = "R01", month: str = "2024-06", title: str = "随便"
) -> Taken:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = title
    for line in ([f"区域编码：{region}"], [f"月份：{month}"], [], list(HEADINGS), *map(list, rows)):
        sheet.append(line)
    buffer = io.BytesIO()
    book.save(buffer)
    (folder / "a.xlsx").write_bytes(buffer.getvalue())
    task = FileTask(
        str(folder / "a.xlsx"), "a.xlsx", "0" * 64, "monthly", SETTINGS, masters(folder / "masters"),
        str(folder / "staging"), DEFAULT_MODULES, saved_at="2024-07-05T10:00:00", cases=(cases(folder), visits(folder)),
    )  # fmt: skip
    return take_in(task)


def rules(of: Taken) -> list[str]:
    return [one.rule for one in of.problems if one.effect == "row left out"]


@pytest.mark.parametrize(
    ("row", "found"),
    [
        (("T1", "", "同意", THIRD, ""), []),
        (("T1", "", "同意", None, ""), []),
        (("t1", "", "同意", THIRD, ""), []),  # in lower case: nothing else can be meant
        (("T3", "", "同意", THIRD, ""), []),  # its customer is of R01 by now
        (("SY2024-06-M001", "", "同意", THIRD, ""), []),
        (("SY2024-05-M001", "", "同意", THIRD, ""), []),  # an older one may still be decided
        (("TJ2024-06-R01", "", "退回补充", THIRD, ""), []),
        (("JJ2024-06-030101", "", "不同意", THIRD, "先约谈"), []),
        (("T1", "", "差不多", THIRD, ""), ["choice"]),
        (("T1", "", "", THIRD, ""), ["required"]),
        (("T1", "", "", None, "再看"), ["required"]),
        (("T1", "", "同意", "昨天", ""), ["day"]),
        (("T1", "", "同意", date(2024, 6, 3), ""), []),  # on the very day
        (("T1", "", "同意", date(2024, 6, 2), ""), ["decided_not_before"]),
        (("SY2024-06-M001", "", "同意", date(2024, 5, 31), ""), ["decided_not_before"]),
        (("T1", "", "同意", date(2024, 7, 6), ""), []),  # saved on the 5th: clocks differ
        (("T1", "", "同意", date(2024, 7, 7), ""), ["decided_not_after"]),
        (("T7", "", "同意", THIRD, ""), ["known_reference"]),
        (("SY2024-06-M009", "", "同意", THIRD, ""), ["known_reference"]),
        (("SY2024-07-M001", "", "同意", THIRD, ""), ["known_reference"]),  # of a month that comes after
        (("JJ2024-06-999999", "", "同意", THIRD, ""), ["known_reference"]),
        (("JJ2024-05-030101", "", "同意", THIRD, ""), []),  # an older one may still be decided
        (("JJ2024-06-030102", "", "同意", THIRD, ""), []),  # seen by R02, and of R01 by now
        (("JJ2024-05-030102", "", "同意", THIRD, ""), ["known_reference"]),  # nothing was seen in May
        (("JJ2024-06-030103", "", "同意", THIRD, ""), ["known_reference"]),  # the price seen was no offence
        (("JJ2024-07-030101", "", "同意", THIRD, ""), ["known_reference"]),  # of a month that comes after
        (("JJ2024-06-030101", "", "不同意", date(2024, 6, 10), ""), ["decided_not_before"]),  # seen on the 11th
        (("SY2024-06-030101", "", "同意", THIRD, ""), ["known_reference"]),  # a customer writes no report
        (("TJ2024-06-M001", "", "同意", THIRD, ""), ["known_reference"]),  # a list is a region's
        (("JJ2024-06-M001", "", "同意", THIRD, ""), ["known_reference"]),
        (("JJ2024-06-T1", "", "同意", THIRD, ""), ["known_reference"]),
        (("TJ2024-06-R09", "", "同意", THIRD, ""), ["known_reference"]),
        (("T2", "", "同意", THIRD, ""), ["own_region"]),
        (("SY2024-06-M003", "", "同意", THIRD, ""), ["own_region"]),
        (("TJ2024-06-R02", "", "同意", THIRD, ""), ["own_region"]),
        (("JJ2024-06-030301", "", "同意", THIRD, ""), ["own_region"]),
    ],
)
def test_a_row_is_a_decision_or_goes_back_with_the_reason(tmp_path: Path, row: Any, found: list[str]) -> None:
    assert rules(taken(tmp_path, row)) == found


def test_rows_without_an_entry_are_no_decision_and_are_counted(tmp_path: Path) -> None:
    of = taken(tmp_path, ("T1", "投诉", None, None, None), ("SY2024-06-M001", "审阅", "同意", THIRD, None))
    (part,) = of.parts
    assert (part.manager_id, part.region_id, part.rows, part.left_out, part.replaces) == (
        "R01",
        "R01",
        1,
        0,
        "nothing",
    )
    (account,) = of.accounts
    assert (account.rows, account.kept, account.left_out, dict(account.not_data)) == (2, 1, 0, {"undecided": 1})
    assert not of.problems


def test_one_wrong_decision_of_many_stops_no_other(tmp_path: Path) -> None:
    wrong = [(f"T{n}", "", "同意", THIRD, "") for n in range(10, 20)]
    (part,) = taken(tmp_path, ("T1", "", "同意", THIRD, ""), *wrong).parts
    assert (part.state, part.rows, part.left_out) == ("accepted", 11, 10)


def test_a_matter_decided_twice_in_one_file_is_not_decided(tmp_path: Path) -> None:
    of = taken(tmp_path, ("T1", "", "同意", THIRD, ""), ("T1", "", "不同意", THIRD, ""))
    assert rules(of) == ["same_key", "same_key"]


@pytest.mark.parametrize(
    ("place", "rule"),
    [
        ({"region": "R09"}, "unknown_region"),
        ({"month": "六月"}, "month_unusable"),
        ({"month": ""}, "no_month"),
    ],
)
def test_whose_and_which_months_it_is_has_to_stand_there(tmp_path: Path, place: Any, rule: str) -> None:
    of = taken(tmp_path, ("T1", "", "同意", THIRD, ""), **place)
    assert (of.refused, of.parts) == (rule, ())


def test_nothing_entered_is_said_in_words(tmp_path: Path) -> None:
    of = taken(tmp_path, ("T1", "投诉", None, None, None))
    assert (of.refused, [one.rule for one in of.problems]) == ("no_decision", ["no_decision"])


def test_it_waits_until_the_cases_of_the_same_run_are_read(tmp_path: Path) -> None:
    taken(tmp_path, ("T1", "", "同意", THIRD, ""))
    versions = masters(tmp_path / "again")
    task = FileTask(str(tmp_path / "a.xlsx"), "a.xlsx", "0" * 64, "monthly", SETTINGS, versions,
                    str(tmp_path / "staging"), DEFAULT_MODULES)  # fmt: skip
    first = take_in(task)
    assert first.waits and not first.parts and not first.problems
    second = take_in(replace(task, cases=()))
    assert rules(second) == ["known_reference"]


def test_references_are_made_and_taken_apart_alike() -> None:
    for one in (Reference("downgrade", "2024-06", "C-1"), Reference("report", "2024-12", "M001")):
        assert read_reference(str(one)) == one
    assert read_reference("TS202406001") is None and read_reference("JJ2024-13-C1") is None
