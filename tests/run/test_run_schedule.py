"""`yuebao schedule` as the one who runs it sees it, and its sign-in books on their way back into the month."""

import datetime as dt
import json
from pathlib import Path

import pandas as pd
import pytest
from openpyxl import load_workbook
from sign_in_books import filled_in, typed
from small_home import JUNE, SmallHome, call, kept_bytes, save_at

from pipeline.base.week import Week
from pipeline.contract.schedule import on_page, planned_of
from pipeline.contract.settings import load_settings
from pipeline.templates.plan import Manager
from pipeline.templates.visit_book import BookPage, plan_visit_book
from pipeline.words import load_words

pytestmark = pytest.mark.slow

W23, W24, W31 = "2024-W23", "2024-W24", "2024-W31"
LATER = "2024-07-04T09:00"
# Of M001, C001a goes on Mondays and C001b on Tuesdays; Monday 10 June is off, its visit on the 11th.
MADE = [("2024-06-03", "C001a"), ("2024-06-04", "C001b"), ("2024-06-11", "C001a")]


def schedule(home: SmallHome, *args: str) -> str:
    done = call("schedule", "--home", str(home.home), *args)
    assert done.exit_code == 0, done.output
    return done.output


def book(home: SmallHome, week: str, manager: str = "M001") -> Path:
    (found,) = (home.home / "output" / "schedule" / week).glob(f"*{manager}*.xlsx")
    return found


def sheet_rows(path: Path, title: str) -> list[list[object]]:
    sheets = pd.read_excel(path, sheet_name=None, header=None, engine="calamine")
    rows = sheets[title].itertuples(index=False, name=None) if title in sheets else ()
    return [[cell for cell in row if not pd.isna(cell)] for row in rows]


def visit_row(day: str, customer: str) -> dict[str, object]:
    flags = dict.fromkeys(
        ("informed", "stock_checked", "display_ok", "price_ok", "lawful", "customer_signed"), True
    )
    return {"visit_date": pd.Timestamp(day), "customer_id": customer, "visit_kind": "planned", **flags}


def figures(home: SmallHome) -> pd.DataFrame:
    return home.csv("metrics").set_index(["level", "entity_id", "figure"]).sort_index()


def test_books_filled_in_give_the_figures_of_the_same_visits_typed_in_the_form(
    tmp_path: Path, june: SmallHome
) -> None:
    by_form = SmallHome(tmp_path / "by_form")
    by_form.home.mkdir()
    by_form.masters()
    by_form.sends("M001", (3, "C001a", 10), nil=("complaints", "satisfaction"),
                  rows={"visits": [visit_row(*one) for one in MADE]})  # fmt: skip
    assert by_form.run(books=False).exit_code == 0
    june.sends("M001", (3, "C001a", 10), nil=("complaints", "satisfaction"), saved=LATER)
    schedule(june, "--week", W23)
    schedule(june, "--week", W24)
    before = "客户访问日程" not in "".join(map(str, june.csv("problems")["form"]))
    for week, visits in ((W23, MADE[:2]), (W24, MADE[2:])):
        save_at(june.junk(f"{week}.xlsx", filled_in(book(june, week), *visits)), "2024-07-04T10:00")
    assert "签到记录簿 2 本：填写了 3 次走访，1 户没有填写" in june.run().output and before
    own, typed_in = figures(june), figures(by_form)
    visits = own[
        own.index.get_level_values("figure").isin(["visits", "plan_completion", "coverage", "price_rate"])
    ]
    assert visits["value"].equals(typed_in.loc[visits.index, "value"])
    assert (june.value("visits"), june.value("plan_completion", "M001")) == (3, 37.5)  # 3 of 8 planned
    _kept_plan_is_told(june)
    _rebuilt_alike(june)


def _kept_plan_is_told(home: SmallHome) -> None:
    """Of four planned visits of M001 in both weeks three were done on their day; M002 has not reported."""
    folder = home.home / "output" / str(JUNE)
    (manager,) = (folder / "managers").glob("*M001*")
    rows = sheet_rows(manager, "日程执行")
    assert ["李明", 4, 3, 0, 1, 0, 0, 0] in rows
    assert any(row[:2] == ["未完成", W24] for row in rows)
    assert any(row[:1] == ["当天完成"] and f"{W23}.xlsx" in row for row in rows)
    (region,) = (folder / "regions").glob("*R01*")
    rows = sheet_rows(region, "日程执行")
    assert any(row[:1] == ["区域R01"] and 8 in row for row in rows)
    assert ["客户经理", 4] not in sheet_rows(folder / "headquarters.xlsx", "日程执行")


def _rebuilt_alike(home: SmallHome) -> None:
    plans = {path: path.read_bytes() for path in (home.home / "plans").rglob("*.json")}
    before = kept_bytes(home.home)
    assert call("rebuild", "--home", str(home.home), "--workers", "1", "--quiet").exit_code == 0
    assert kept_bytes(home.home) == before
    assert {path: path.read_bytes() for path in (home.home / "plans").rglob("*.json")} == plans
    assert call("verify", "--home", str(home.home)).exit_code == 0
    next(iter(plans)).write_bytes(b"{}")
    altered = call("verify", "--home", str(home.home))
    assert altered.exit_code == 1 and "plans/" in altered.output


def test_a_plan_once_issued_stands_and_what_somebody_filled_in_is_kept(june: SmallHome) -> None:
    assert "3 本访问日程表（兼签到记录簿），6 次计划走访" in schedule(june, "--week", W31)
    first = book(june, W31).read_bytes()
    assert "计划没有变动" in schedule(june, "--week", W31, "--manager", "M001")
    assert book(june, W31).read_bytes() == first
    book(june, W31).write_bytes(filled_in(book(june, W31), ("2024-07-29", "C001a")))
    told = schedule(june, "--week", W31)
    assert book(june, W31).read_bytes() == first
    assert "M001" in told and (june.home / "output" / "edited" / "schedule" / W31).is_dir()
    june.masters("主数据7.xlsx", regions={"M001": "R01", "M002": "R01"}, saved="2024-07-02T08:00")
    june.run()
    answer = json.loads(schedule(june, "--week", W31, "--json"))
    assert {one["manager_id"]: one["happened"] for one in answer["managers"]} == {"M001": "same", "M002": "same"}


def test_a_month_without_issued_plans_has_no_sheet_and_gets_it_once_a_plan_is_issued(june: SmallHome) -> None:
    folder = june.home / "output" / str(JUNE)
    assert sheet_rows(next((folder / "managers").glob("*M001*")), "日程执行") == []
    assert "2024-06" in schedule(june, "--week", W23, "--manager", "M001")
    assert "仍是第1版" in june.run().output
    rows = sheet_rows(next((folder / "managers").glob("*M001*")), "日程执行")
    assert any(row[:2] == ["李明", 2] for row in rows)


@pytest.mark.parametrize(
    ("args", "text"),
    [
        (("--week", W31, "--manager", "M009"), "没有编码为“M009”的客户经理"),
        (("--week", "2024-27"), "2024-W27"),
    ],
)
def test_what_cannot_be_planned_is_said_in_a_sentence(june: SmallHome, args: tuple[str, ...], text: str) -> None:
    done = call("schedule", "--home", str(june.home), *args)
    assert done.exit_code in (1, 2) and text in done.output and "Traceback" not in done.output


def test_a_week_without_a_working_day_says_so_and_nothing_is_written(june: SmallHome) -> None:
    """Spring Festival of 2020 was made longer: nobody worked from 24 January to 2 February."""
    assert "整周没有工作日" in schedule(june, "--week", "2020-W05")
    assert not (june.home / "output" / "schedule").exists() and not (june.home / "plans").exists()


def test_a_trade_that_plans_no_visits_says_what_it_lacks(tmp_path: Path) -> None:
    (tmp_path / "yuebao.toml").write_text('profile = "cable"\n', encoding="utf-8")
    done = call("schedule", "--home", str(tmp_path))
    assert (done.exit_code, done.output.count("\n")) == (1, 1)
    assert "没有走访计划" in done.output
    english = call("schedule", "--home", str(tmp_path), "--lang", "en")
    assert "no plan of visits" in english.output


def test_in_english_a_book_is_written_and_read_back(june: SmallHome) -> None:
    assert "3 visit schedules" in schedule(june, "--week", W23, "--lang", "en")
    path = book(june, W23)
    workbook = load_workbook(path)
    sheet = workbook.worksheets[0]
    at = {str(cell.value).split("\n")[0]: cell.column for cell in sheet[3] if cell.value}
    for heading in ("Informed", "Stock checked", "Display up to standard", "Guide price kept", "Lawful trading"):
        sheet.cell(6, at[heading]).value = "Yes"
    sheet.cell(6, at["Customer signed"]).value = "Yes"
    sheet.cell(6, at["Visit date"]).value = typed("2024-06-04")
    workbook.save(june.inbox / "book.xlsx")
    checked = call("check", "--home", str(june.home), str(june.inbox / "book.xlsx"), "--lang", "en")
    assert checked.exit_code == 0 and "a sign-in book: 1 visits filled in, 1 customers not" in checked.output


def test_an_offices_own_trade_with_a_plan_has_schedules_in_its_own_columns(tmp_path: Path) -> None:
    assert call("trade", "new", "medical", "--home", str(tmp_path), "--zh", "医药").exit_code == 0
    profile = load_settings(tmp_path).profile
    planned = planned_of(profile)
    assert planned is not None and [one.key for one in on_page(profile)] == [
        "last_visit", "days_since", "last_order", "stock_to_sales", "open_cases", "key_products",
    ]  # fmt: skip
    page = BookPage(dt.date(2024, 7, 1), "", (), ())
    plan = plan_visit_book(planned, profile, load_words("zh"), Week.parse("2024-W27"), Manager("M1", ""), (page,))
    headings = [one.heading for one in plan.printed_columns]
    assert "库存量\n(盒)" in headings and "执行零售指导价" not in headings and headings[-1] == "客户签字"
