"""Steps of orders and needs come from several sides: the manager's form, the desk's export, a group leader's form. In
whatever order their files arrive, all steps are there; files go through the real reader into the ledger."""

import os
from collections.abc import Callable, Iterable, Iterator
from itertools import groupby
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from case_home import write_forms, write_masters
from power_small import SETTINGS, small_tables

from pipeline.base.calendar import Month
from pipeline.commands.packs import Packs
from pipeline.contract.settings import load_settings
from pipeline.ledger.archive import slips
from pipeline.ledger.board import submissions_board
from pipeline.ledger.commit import load_problems
from pipeline.ledger.manifest import Manifest, read_manifest
from pipeline.ledger.read import Ledger
from pipeline.taking.receive import receive
from pipeline.taking.received import unheard
from pipeline.taking.take_over import take_over

MAY = Month(2024, 5)
pytestmark = pytest.mark.slow  # files are read and taken in anew for each test
EXPORTS = """
[[exports]]
files = "派单*.csv"
form = "complaints"
manager_from = "customers"
columns = { complaint_no = "工单", received_on = "受理", customer_id = "户号", category = "类", description = "事由", \
engineer_id = "工程师", dispatched_on = "派单", escalation = "升级", escalated_on = "升级日", supervision = "督办", \
resolved_on = "办结", follow_up_on = "回访", satisfied = "满意" }

[[exports]]
files = "部门*.csv"
form = "needs"
fixed = { manager_id = "P1" }
columns = { need_no = "需求", department = "部门", received_on = "接收", done_on = "完成", prevention = "预防" }
"""
# The manager told of both orders; of W3 the desk knows more, of W6 the manager does.
DESK = """工单,受理,户号,类,事由,工程师,派单,升级,升级日,督办,办结,回访,满意
W3,2024-05-08,Y,投诉,抄表差错,E2,2024-05-09,1,2024-05-13,限期,2024-05-15,2024-05-16,是
W6,2024-05-20,V,投诉,电压低,,,,,,,2024-05-27,否
W8,2024-05-22,V,投诉,漏电,E1,2024-05-22,0,,,,,
"""
DEPARTMENT = "需求,部门,接收,完成,预防\nN3,计量部,2024-05-08,2024-05-17,换表\n"
LEADER = [
    {"manager_id": "P1", "month": "2024-05", "need_no": "N4", "reviewed_on": "2024-05-10"},
]
NEED = {"manager_id": "P2", "month": "2024-05", "need_no": "N4", "raised_on": "2024-05-09", "customer_id": "Y",
        "topic": "宣传", "description": "宣传栏"}  # fmt: skip
NAMES = ("P1", "P2", "P3", "派单", "部门")


class InThisProcess:
    """Readers without children."""

    log: Path | None = None

    def map(self, function: Callable[[Any], Any], tasks: Iterable[Any]) -> Iterator[Any]:
        return map(function, tasks)


class Desk:
    """A home whose files of May stand ready, each to be dropped into the inbox when a test says so."""

    def __init__(self, folder: Path) -> None:
        self.home = folder / "home"
        (self.home / "inbox").mkdir(parents=True)
        text = SETTINGS.format(language="zh") + EXPORTS
        (self.home / "yuebao.toml").write_text(text, encoding="utf-8")
        self.settings = load_settings(self.home)
        tables = {name: rows for name, rows in small_tables().items() if name not in ("sales", "visits")}
        more = pd.DataFrame([*LEADER, NEED])
        tables["needs"] = pd.concat([tables["needs"], more], ignore_index=True).astype("str")
        tables = {
            name: rows[rows["month"] == str(MAY)] if "month" in rows else rows for name, rows in tables.items()
        }
        write_masters(self.home, self.settings, tables, Month(2024, 1))
        self.run()
        write_forms(self.home, self.settings, tables)
        self.files = {
            one: path.read_bytes()
            for one in ("P1", "P2", "P3")
            for path in [self.home / "inbox" / f"{MAY}_{one}.xlsx"]
        } | {"派单": DESK.encode("utf-8-sig"), "部门": DEPARTMENT.encode("utf-8-sig")}
        for path in (self.home / "inbox").iterdir():
            path.unlink()

    def drop(self, name: str, minute: int = 0, data: bytes | None = None) -> None:
        path = self.home / "inbox" / (f"{name}.csv" if name in ("派单", "部门") else f"{name}.xlsx")
        path.write_bytes(self.files[name] if data is None else data)
        os.utime(path, (1_717_400_000 + 60 * minute,) * 2)

    def run(self) -> None:
        receive(self.home, read_manifest(self.home), self.settings, InThisProcess(), unheard)

    def ledger(self) -> Ledger:
        return Ledger(self.home, read_manifest(self.home), self.settings.profile.forms)

    def cases(self, form: str) -> pd.DataFrame:
        """The cases of May, by number, without where their rows stand."""
        ledger = self.ledger()
        rows = ledger.cases(ledger.forms[form], MAY).rows_by_case
        case = ledger.forms[form].traits.case
        told = [*ledger.forms[form].dtypes, "manager_id", "region_id"]
        return rows[told].sort_values(case.number).set_index(case.number)


ARRIVALS = [
    ("派单", "部门", "P1", "P2", "P3"),
    ("P3", "P2", "P1", "部门", "派单"),
    ("P2", "派单", "P3", "部门", "P1"),
    ("部门", "P1", "P2", "派单", "P3"),
]


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> dict[str, pd.DataFrame]:
    """The cases where all files of the month came in one run."""
    desk = Desk(tmp_path_factory.mktemp("once"))
    for minute, one in enumerate(NAMES):
        desk.drop(one, minute)
    desk.run()
    return {form: desk.cases(form) for form in ("complaints", "needs")}


def test_all_steps_are_there_whoever_told_them(told: dict[str, pd.DataFrame]) -> None:
    orders, needs = told["complaints"], told["needs"]
    assert orders.loc["W3", "resolved_on"] == pd.Timestamp(2024, 5, 15)  # the desk alone
    assert orders.loc["W6", "resolved_on"] == pd.Timestamp(2024, 5, 24)  # the manager alone
    assert orders.loc["W6", "follow_up_on"] == pd.Timestamp(2024, 5, 27)  # the desk alone
    assert orders.loc["W6", "engineer_id"] == "E1"
    assert orders.loc["W3", "engineer_id"] == "E2"  # both: the desk's word counts for steps
    assert orders.loc["W8", "manager_id"] == "P3"  # the manager told nothing of it
    assert needs.loc["N3", "done_on"] == pd.Timestamp(2024, 5, 17)
    assert (needs.loc["N3", "manager_id"], needs.loc["N3", "description"]) == ("P1", "扩建")
    assert needs.loc["N4", "reviewed_on"] == pd.Timestamp(2024, 5, 10)
    assert needs.loc["N4", "manager_id"] == "P2"


@pytest.mark.parametrize("names", ARRIVALS, ids="-".join)
def test_the_order_in_which_files_arrive_does_not_matter(names, told, tmp_path) -> None:
    desk = Desk(tmp_path)
    for one in names:
        desk.drop(one)
        desk.run()
    for form, cases in told.items():
        pd.testing.assert_frame_equal(desk.cases(form), cases)


def replayed(desk: Desk, folder: Path) -> Manifest:
    """The ledger made anew from the archive alone."""
    (folder / "archive").parent.mkdir(parents=True)
    os.symlink(desk.home / "archive", folder / "archive")
    manifest = Manifest()
    for _, events in groupby(list(slips(folder)), key=lambda one: one.run):
        manifest = take_over(folder, manifest, list(events), desk.settings, InThisProcess(), unheard).manifest
    return manifest


def test_the_ledger_made_anew_from_the_archive_is_the_same(tmp_path) -> None:
    desk = Desk(tmp_path)
    for one in ("派单", "部门", "P2", "P3", "P1"):
        desk.drop(one)
        desk.run()
    assert replayed(desk, tmp_path / "anew").submissions == read_manifest(desk.home).submissions


def test_steps_that_others_fill_in_do_not_make_a_managers_report(tmp_path) -> None:
    """P1 has told nothing of needs yet; the department's export of steps is no report of P1's."""
    desk = Desk(tmp_path)
    desk.drop("部门")
    desk.run()
    ledger = desk.ledger()
    assert ("P1", "needs") not in ledger.sent(MAY)
    managers = ledger.masters(MAY)["managers"]
    board = submissions_board(MAY, ledger.manifest, managers, desk.settings.profile)
    assert board.set_index(["manager_id", "form"]).loc[("P1", "needs"), "state"] == "missing"


def test_a_newer_export_of_the_desk_adds_to_its_older_one(tmp_path) -> None:
    desk = Desk(tmp_path)
    desk.drop("派单")
    desk.run()
    desk.drop("P2")
    desk.drop("P3")
    desk.run()
    later = f"{DESK.splitlines()[0]}\nW8,2024-05-22,V,投诉,漏电,,,,,,2024-05-28,,\n"
    desk.drop("派单", 5, later.encode("utf-8-sig"))
    desk.run()
    orders = desk.cases("complaints")
    assert orders.loc["W8", "resolved_on"] == pd.Timestamp(2024, 5, 28)
    assert orders.loc["W8", "engineer_id"] == "E1"  # of the first export
    assert orders.loc["W3", "resolved_on"] == pd.Timestamp(2024, 5, 15)
    assert replayed(desk, tmp_path / "anew").submissions == read_manifest(desk.home).submissions


def test_a_problem_of_a_row_names_the_engineer_and_a_name_typed_for_the_code_is_understood(tmp_path) -> None:
    desk = Desk(tmp_path)
    wrong_day = DESK.replace("E2,2024-05-09", "E2,2024-05-07").replace("漏电,E1", "漏电,赵工")
    desk.drop("派单", data=wrong_day.encode("utf-8-sig"))
    desk.run()
    (receipt,) = (one for one in read_manifest(desk.home).receipts if one.name == "派单.csv")
    told = {one.rule: dict(one.details).get("row_names") for one in load_problems(desk.home, receipt.sha256)}
    assert told["order_received_on_dispatched_on"] == "二社区(Y) · 钱工(E2)"
    assert desk.cases("complaints").loc["W8", "engineer_id"] == "E1"


@pytest.mark.parametrize(("covers", "brought"), [("", ()), ('covers = "all managers"\n', ("complaints",))])
def test_managers_still_fill_in_a_form_that_a_desk_only_adds_to(
    tmp_path, covers: str, brought: tuple[str, ...]
) -> None:
    desk = Desk(tmp_path)
    text = (desk.home / "yuebao.toml").read_text(encoding="utf-8")
    asked = text.replace('form = "complaints"\n', f'form = "complaints"\n{covers}')
    (desk.home / "yuebao.toml").write_text(asked, encoding="utf-8")
    packs = Packs(desk.ledger(), load_settings(desk.home), Month(2024, 6))
    assert packs.from_exports == brought
