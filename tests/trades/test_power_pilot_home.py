"""Pilots from the inbox to the workbooks: five stations, their orders on time as in the case of the trades, filled into
the real templates. By hand: S1 24/30 → 27/30, S2 20/25 → 22/25; S3 30/40 → 31/40, S4 16/20 → 16/20, S5 36/40 → 36/40:
changes +10, +8; +2.5, 0, 0."""

from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from case_home import Tables, make_home

from pipeline.base.calendar import Month
from pipeline.base.period import Period
from pipeline.commands.monthly import Asked, run_monthly
from pipeline.commands.period import run_period

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore::UserWarning")]
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
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("pilots") / "home"
    settings = make_home(folder, SETTINGS, tables(), Month(2024, 1))
    run_monthly(folder, settings, Asked(workers=1))
    run_period(folder, settings, Period.parse("2024-Q2"), workers=1)
    return folder


def effects(home: Path, period: str) -> pd.DataFrame:
    rows = pd.read_csv(home / "output" / period / "data" / "pilot_effects.csv", encoding="utf-8-sig")
    return rows[rows["figure"] == "on_time_rate"]


@pytest.mark.parametrize("period", ["2024-06", "2024-Q2"])
def test_the_effect_is_that_worked_out_by_hand(home: Path, period: str) -> None:
    row = effects(home, period).set_index("level").loc["organisation"]
    assert row["effect"] == pytest.approx(EFFECT)
    assert (row["months"], row["pilots"], row["others"], row["state"]) == (3, 2, 3, "told")


def test_in_april_and_may_it_is_too_early(home: Path) -> None:
    for month in ("2024-04", "2024-05"):
        assert set(effects(home, month)["state"]) == {"waiting"}
    assert effects(home, "2024-03").empty


def cells(file: Path) -> list[str]:
    return [str(cell) for sheet in openpyxl.load_workbook(file) for row in sheet.values for cell in row if cell]


def test_headquarters_reads_the_effect_in_a_sentence_and_station_by_station(home: Path) -> None:
    told = cells(home / "output" / "2024-06" / "headquarters.xlsx")
    assert [one for one in told if "2024年4月起的试点：工单及时率" in one and "多变化+8.17个百分点" in one]
    assert {"S1所", "S2所", "S3所", "S4所", "S5所"} <= set(told)


def test_a_bureau_sees_its_own_stations_only(home: Path) -> None:
    file = next((home / "output" / "2024-06" / "regions").glob("*B1*.xlsx"))
    told = cells(file)
    assert "S1所" in told and "S3所" in told
    assert not [one for one in told if one in ("S2所", "S4所", "S5所")]
    assert [one for one in told if "多变化+8.17个百分点" in one]


def test_what_of_the_pilots_nobody_knows_is_said_too(home: Path) -> None:
    """Nobody was asked, and no need was raised."""
    rows = pd.read_csv(home / "output" / "2024-06" / "data" / "pilot_effects.csv", encoding="utf-8-sig")
    states = rows[rows["level"] == "organisation"].set_index("figure")["state"].to_dict()
    assert states["on_time_rate"] == "told"
    assert states.get("complaint_rate") == "told"
