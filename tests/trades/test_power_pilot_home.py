"""Pilots from the inbox to the workbooks: five stations, their orders on time as in the case of the trades, filled into
the real templates. By hand: S1 24/30 → 27/30, S2 20/25 → 22/25; S3 30/40 → 31/40, S4 16/20 → 16/20, S5 36/40 → 36/40:
changes +10, +8; +2.5, 0, 0."""

from collections.abc import Mapping

import pandas as pd
import pytest
from case_home import Tables, make_home
from demo_books import books, opened

from pipeline.base.calendar import Month
from pipeline.base.period import Period
from pipeline.ledger.manifest import read_manifest
from pipeline.month.opening import Months
from pipeline.month.report import tables_told
from pipeline.taking.receive import receive
from pipeline.taking.received import unheard
from pipeline.work.executors import file_readers
from pipeline.workbooks.blocks import SentenceBlock, Table, WorkbookPlan

pytestmark = pytest.mark.slow
JUNE = Month(2024, 6)
SETTINGS = '[profile]\nname = "power"\n'
# By station: its bureau, and of each month from January to June: on time, due.
STATIONS = {
    "S1": ("B1", [(8, 10), (8, 10), (8, 10), (9, 10), (9, 10), (9, 10)]),
    "S2": ("B2", [(4, 5), (8, 10), (8, 10), (10, 10), (6, 8), (6, 7)]),
    "S3": ("B1", [(10, 13), (10, 13), (10, 14), (10, 13), (10, 13), (11, 14)]),
    "S4": ("B2", [(6, 7), (5, 7), (5, 6), (5, 7), (5, 7), (6, 6)]),
    "S5": ("B2", [(12, 14), (12, 13), (12, 13), (12, 14), (12, 13), (12, 13)]),
}
EFFECT = 9 - 2.5 / 3


def text(rows: list[tuple[object, ...]], columns: str) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=columns.split(","))
    return frame.astype("object").where(frame.notna(), pd.NA)


def tables() -> Tables:
    """A manager and a customer a station; each order is received on the 5th, due about the 14th, and closed on the 9th
    or the 27th."""
    orders = []
    for code, (_, months) in STATIONS.items():
        for month, (on_time, due) in enumerate(months, start=1):
            for number in range(due):
                day = "09" if number < on_time else "27"
                when = f"2024-{month:02d}"
                told = (f"W{code}{month}{number:02d}", f"{when}-05", f"K{code}", "投诉", "电压低", f"{when}-{day}")
                orders.append((f"M{code}", when, *told))
    energy = [
        (f"M{code}", f"2024-{month:02d}", f"2024-{month:02d}-28", f"K{code}", "大工业", "1000", "700.00")
        for code in STATIONS
        for month in range(1, 7)
    ]
    return {
        "sales": text(energy, "manager_id,month,order_date,customer_id,product_id,sold_qty,amount"),
        "regions": text([("B1", "东局", "甲"), ("B2", "西局", "乙")], "region_id,region_name,regional_manager"),
        "stations": text(
            [(code, region, f"{code}所", "2024-04" if code in ("S1", "S2") else None)
             for code, (region, _) in STATIONS.items()],
            "station_id,region_id,name,pilot_from",
        ),
        "managers": text(
            [(f"M{code}", f"经理{code}", region, "一类客户经理", code, "2020-01-01")
             for code, (region, _) in STATIONS.items()],
            "manager_id,manager_name,region_id,role,station_id,started_on",
        ),
        "customers": text(
            [(f"K{code}", f"客户{code}", f"M{code}", "一类", "大客户", "正常", "2015-01-01") for code in STATIONS],
            "customer_id,customer_name,manager_id,grade,channel,status,joined_on",
        ),
        "complaints": text(
            orders, "manager_id,month,complaint_no,received_on,customer_id,category,description,resolved_on"
        ),
    }  # fmt: skip


@pytest.fixture(scope="module")
def months(tmp_path_factory: pytest.TempPathFactory) -> Months:
    """The six months taken in; no report is written."""
    folder = tmp_path_factory.mktemp("pilots") / "home"
    settings = make_home(folder, SETTINGS, tables(), Month(2024, 1))
    with file_readers(folder, settings, 1, None) as readers:
        receive(folder, read_manifest(folder), settings, readers, unheard)
    return opened(folder)[0]


@pytest.fixture(scope="module")
def plans(months: Months) -> Mapping[str, WorkbookPlan]:
    """The workbooks of June: headquarters', and the bureaus' by their code."""
    made = books(months, months.settings, JUNE)
    return {report.entity_id: plan for kind, report, plan in made if kind != "manager"}


def effects(months: Months, period: str) -> pd.DataFrame:
    rows = tables_told(months, Period.parse(period))["pilot_effects"]
    return rows[rows["figure"] == "on_time_rate"]


@pytest.mark.parametrize("period", ["2024-06", "2024-Q2", "2024-H1"])
def test_the_effect_is_that_worked_out_by_hand(months: Months, period: str) -> None:
    row = effects(months, period).set_index("level").loc["organisation"]
    assert row["effect"] == pytest.approx(EFFECT)
    assert (row["months"], row["pilots"], row["others"], row["state"]) == (3, 2, 3, "told")


def test_in_april_and_may_it_is_too_early(months: Months) -> None:
    for month in ("2024-04", "2024-05"):
        assert set(effects(months, month)["state"]) == {"waiting"}
    assert effects(months, "2024-03").empty


def said(plan: WorkbookPlan) -> list[str]:
    """The sentences of the sheet of pilots."""
    sheet = next(one for one in plan.sheets if one.key == "pilots")
    return [one.text for block in sheet.blocks if isinstance(block, SentenceBlock) for one in block.sentences]


def stations(plan: WorkbookPlan) -> set[str]:
    sheet = next(one for one in plan.sheets if one.key == "pilots")
    table = next(block for block in sheet.blocks if isinstance(block, Table) and block.name == "pilots_stations")
    return {str(row[table.position("unit")]) for row in table.rows}


def test_headquarters_reads_the_effect_in_a_sentence_and_station_by_station(plans) -> None:
    whole = plans["ALL"]
    assert [one for one in said(whole) if "2024年4月起的试点：工单及时率" in one and "多变化+8.17个百分点" in one]
    assert stations(whole) == {"S1所", "S2所", "S3所", "S4所", "S5所"}


def test_a_bureau_reads_the_effect_and_sees_its_own_stations_only(plans) -> None:
    assert stations(plans["B1"]) == {"S1所", "S3所"}
    assert stations(plans["B2"]) == {"S2所", "S4所", "S5所"}
    assert [one for one in said(plans["B1"]) if "多变化+8.17个百分点" in one]


def test_page_one_of_headquarters_tells_the_new_effect(plans) -> None:
    """It is of June, and its interval is off zero: 8.17 ± 4.4."""
    sheet = plans["ALL"].sheets[0]
    assert "多变化+8.17个百分点" in repr(sheet)


def test_of_what_nobody_was_asked_nothing_is_compared(months: Months) -> None:
    rows = tables_told(months, Period(JUNE))["pilot_effects"]
    states = rows[rows["level"] == "organisation"].set_index("figure")["state"].to_dict()
    assert states == {
        "satisfaction": "no_group", "on_time_rate": "told", "complaint_rate": "told", "need_days.closed": "no_group",
    }  # fmt: skip
