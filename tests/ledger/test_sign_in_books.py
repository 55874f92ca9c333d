"""Sign-in books: written by the schedule, filled in, and read back into the ledger; nothing is reported.

M001 has C001a and C001b, of grade 1 and without a weekday: the first goes on Mondays, the second on Tuesdays.
"""

import datetime as dt
import io
from pathlib import Path

import pandas as pd
import pytest
from ledger_home import JUNE, LedgerHome, sale
from openpyxl import load_workbook
from sign_in_books import filled_in, headings, printed_rows, spare_rows, typed

from pipeline.base.calendar import Month
from pipeline.base.week import Week
from pipeline.commands.schedule import write_schedule
from pipeline.contract.settings import load_settings
from pipeline.ledger.read import Ledger
from pipeline.templates.plan import Manager
from pipeline.templates.write import write_template
from schemas.form import all_forms

JULY, AUGUST = Month(2024, 7), Month(2024, 8)
W23, W31 = "2024-W23", "2024-W31"  # Monday 3 June to Sunday 9; Monday 29 July to Sunday 4 August
TODAY = dt.date(2024, 6, 1)
A, B = ("2024-06-03", "C001a"), ("2024-06-04", "C001b")


@pytest.fixture
def home(tmp_path: Path) -> LedgerHome:
    made = LedgerHome(tmp_path / "home")
    made.masters()
    made.run()
    return made


def book_of(home: LedgerHome, week: str = W23, manager: str = "M001", today: dt.date = TODAY) -> Path:
    scheduled = write_schedule(home.home, load_settings(home.home), Week.parse(week), manager, today)
    return scheduled.folder / scheduled.managers[0].file


def visits(home: LedgerHome, month: Month = JUNE, manager: str = "M001") -> list[tuple[int, str]]:
    """Day of the month and customer of the visits that stand in the ledger."""
    rows = Ledger(home.home, home.manifest, all_forms()).rows(all_forms()["visits"], month)
    rows = rows[rows["manager_id"] == manager].sort_values(["visit_date", "customer_id"])
    return [(day.day, customer) for day, customer in zip(rows["visit_date"], rows["customer_id"], strict=True)]


def whole_month(home: LedgerHome, name: str, saved: str, *given: tuple[int, str]) -> None:
    """The form of the whole month with these visits."""
    flags = {"informed": True, "stock_checked": True, "display_ok": True, "price_ok": True, "lawful": True}
    rows = [
        {"visit_date": pd.Timestamp(2024, 6, day), "customer_id": customer, "visit_kind": "planned",
         "customer_signed": True, **flags}
        for day, customer in given
    ]  # fmt: skip
    form = all_forms()["visits"]
    path = home.home / "form.xlsx"
    frame = pd.DataFrame({one.name: [row.get(one.name) for row in rows] for one in form.columns}).astype(
        form.dtypes
    )
    write_template(
        path, [form], load_settings(home.home).words, load_settings(home.home).profile, month=JUNE,
        manager=Manager("M001", "李明"), rows={"visits": frame}, example_rows=False, spare_rows=1,
    )  # fmt: skip
    home.drops(name, path.read_bytes(), saved)


def test_a_book_has_a_page_a_working_day_and_the_signatures_last(home: LedgerHome) -> None:
    sheet = load_workbook(book_of(home)).worksheets[0]
    assert list(printed_rows(sheet)) == [A, B]
    texts = [str(cell.value) for (cell,) in sheet.iter_rows(min_row=4, max_col=1) if cell.value]
    days = [text[2:12] for text in texts if text.startswith("◆ 2024-")]
    assert days == [f"2024-06-0{day}" for day in (3, 4, 5, 6, 7)]
    breaks = [one.id for one in sheet.row_breaks.brk]
    assert [str(sheet.cell(row + 1, 1).value)[2:12] for row in breaks] == days[1:]
    *_, manager, customer, mark = headings(sheet)
    assert (manager, customer) == ("客户经理签字", "客户签字")
    assert sheet.column_dimensions[sheet.cell(3, headings(sheet)[mark]).column_letter].hidden
    assert sheet.print_title_rows == "$1:$3" and sheet.page_setup.orientation == "landscape"
    assert len(spare_rows(sheet)) == 3 * len(days)


def test_a_book_as_it_was_printed_is_told_as_what_it_is_and_brings_nothing(home: LedgerHome) -> None:
    home.drops("空.xlsx", book_of(home).read_bytes(), "2024-06-10T09:00")
    received = home.run()
    (taken,) = received.taken
    assert (taken.parts, taken.refused) == ((), "")
    assert [(one.rule, one.effect) for one in home.problems_of("空.xlsx")] == [("sign_in_blank", "note")]
    (account,) = taken.accounts
    assert dict(account.not_data)["not_visited"] == 2 and account.data_rows == 0
    assert home.manifest.months() == ()


def test_rows_that_were_filled_in_are_visits_and_the_others_are_none_and_no_problem(home: LedgerHome) -> None:
    home.drops("簿.xlsx", filled_in(book_of(home), A), "2024-06-10T09:00")
    (taken,) = home.run().taken
    assert (visits(home), home.problems_of("簿.xlsx")) == ([(3, "C001a")], [])
    (account,) = taken.accounts
    assert (account.kept, account.left_out, dict(account.not_data)["not_visited"]) == (1, 0, 1)
    (one,) = (part for part in home.manifest.submissions)
    assert (one.week, one.replaces, one.days[0], len(one.days)) == (W23, "days", "2024-06-03", 7)


def test_a_visit_on_another_day_and_one_that_was_not_planned_are_read_as_typed(home: LedgerHome) -> None:
    special = {"访问日期": typed("2024-06-06"), "客户编码": "C001a", "访问类型": "特殊", "特殊原因": "缺货"}
    data = filled_in(book_of(home), B, more={B: {"访问日期": typed("2024-06-05")}}, unplanned=(special,))
    home.drops("簿.xlsx", data, "2024-06-10T09:00")
    home.run()
    assert (visits(home), home.problems_of("簿.xlsx")) == ([(5, "C001b"), (6, "C001a")], [])


@pytest.mark.parametrize(
    "over",
    [
        pytest.param({"访问日期": typed("2024-06-05")}, id="another day"),
        pytest.param({"客户编码": "C001a"}, id="another customer over the printed one"),
    ],
)
def test_a_row_in_which_something_was_typed_is_never_passed_over(
    home: LedgerHome, over: dict[str, object]
) -> None:
    """Only the day or the customer was changed in one, only a code typed in the other: both lack what a visit must
    tell."""
    data = filled_in(book_of(home), A, more={B: over})
    home.drops("簿.xlsx", data, "2024-06-10T09:00")
    (taken,) = home.run().taken
    assert {(one.rule, one.effect) for one in home.problems_of("簿.xlsx")} == {("required", "row left out")}
    assert [(one.kept, one.left_out) for one in taken.accounts] == [(1, 1)]


def test_the_managers_own_signature_alone_is_no_visit(home: LedgerHome) -> None:
    data = filled_in(book_of(home), A, more={B: {"客户经理签字": "李明"}})
    home.drops("簿.xlsx", data, "2024-06-10T09:00")
    home.run()
    assert visits(home) == [(3, "C001a")]


def test_rows_that_were_sorted_are_known_all_the_same(home: LedgerHome) -> None:
    """The row of one customer below the page of the other: nothing was typed in it."""
    workbook = load_workbook(io.BytesIO(filled_in(book_of(home), B)))
    sheet = workbook.worksheets[0]
    first, second = (printed_rows(sheet)[one] for one in (A, B))
    for cell in sheet[first]:
        beside = sheet.cell(second, cell.column)
        cell.value, beside.value = beside.value, cell.value
    target = io.BytesIO()
    workbook.save(target)
    home.drops("簿.xlsx", target.getvalue(), "2024-06-10T09:00")
    home.run()
    assert (visits(home), home.problems_of("簿.xlsx")) == ([(4, "C001b")], [])


def test_a_day_of_another_week_is_left_out_and_told_with_the_days_of_the_book(home: LedgerHome) -> None:
    data = filled_in(book_of(home), A, B, more={B: {"访问日期": typed("2024-06-11")}})
    home.drops("簿.xlsx", data, "2024-06-12T09:00")
    home.run()
    (told,) = home.problems_of("簿.xlsx")
    assert (told.rule, told.effect, dict(told.details)["last"]) == ("outside_week", "row left out", "2024-06-09")
    assert visits(home) == [(3, "C001a")]


def test_a_week_over_two_months_goes_to_each_its_own(home: LedgerHome) -> None:
    book = book_of(home, W31)
    rows = printed_rows(load_workbook(book).worksheets[0])
    assert list(rows) == [("2024-07-29", "C001a"), ("2024-07-30", "C001b")]
    august = {"访问日期": typed("2024-08-01"), "客户编码": "C001a", "访问类型": "计划"}
    home.drops("簿.xlsx", filled_in(book, ("2024-07-29", "C001a"), unplanned=(august,)), "2024-08-05T09:00")
    home.run(run_on="2024-08-05")
    assert (visits(home, JULY), visits(home, AUGUST)) == ([(29, "C001a")], [(1, "C001a")])
    days = {one.month: one.days for one in home.manifest.submissions}
    assert (days["2024-07"][-1], days["2024-08"][0], len(days["2024-08"])) == ("2024-07-31", "2024-08-01", 4)


def test_a_newer_copy_of_the_same_week_takes_the_place_of_the_older_one(home: LedgerHome, tmp_path: Path) -> None:
    book = book_of(home)
    home.drops("簿.xlsx", filled_in(book, A), "2024-06-06T09:00")
    home.run(run_on="2024-06-06")
    home.drops("簿2.xlsx", filled_in(book, A, B), "2024-06-10T09:00")
    home.run(run_on="2024-06-10")
    assert visits(home) == [(3, "C001a"), (4, "C001b")]
    assert home.replayed(tmp_path / "anew") == home.manifest


def test_a_form_of_the_whole_month_after_a_book_counts_alone_and_says_so(home: LedgerHome, tmp_path: Path) -> None:
    home.drops("簿.xlsx", filled_in(book_of(home), A, B), "2024-06-10T09:00")
    home.run(run_on="2024-06-10")
    whole_month(home, "全月.xlsx", "2024-07-03T09:00", (3, "C001a"), (4, "C001b"), (11, "C001a"))
    home.run()
    assert visits(home) == [(3, "C001a"), (4, "C001b"), (11, "C001a")]
    assert home.told("form_over_books") == [("全月.xlsx", "form_over_books")]
    (told,) = (one for one in home.problems_of("全月.xlsx") if one.rule == "form_over_books")
    assert (told.effect, dict(told.details)) == ("note", {"weeks": W23})
    assert home.replayed(tmp_path / "anew") == home.manifest


def test_a_book_after_the_form_of_the_whole_month_counts_for_its_days_and_says_so(home: LedgerHome) -> None:
    given = [(3, "C001a"), (4, "C001b"), (11, "C001a"), (18, "C001a"), (25, "C001a")]
    whole_month(home, "全月.xlsx", "2024-07-03T09:00", *given)
    home.run()
    home.drops("簿.xlsx", filled_in(book_of(home), A), "2024-07-04T09:00")
    home.run()
    assert visits(home) == [(3, "C001a"), *given[2:]]
    (told,) = (one for one in home.problems_of("簿.xlsx") if one.rule == "book_over_form")
    assert dict(told.details)["names"] == "全月.xlsx" and dict(told.details)["week"] == W23


def test_of_a_book_and_a_form_of_one_run_none_counts_twice_and_which_counts_is_told(home: LedgerHome) -> None:
    home.drops("簿.xlsx", filled_in(book_of(home), A, B), "2024-06-10T09:00")
    whole_month(home, "全月.xlsx", "2024-07-03T09:00", (3, "C001a"), (11, "C001a"))
    home.run()
    assert visits(home) == [(3, "C001a"), (11, "C001a")]
    assert home.told("rival_replaced") == [("簿.xlsx", "rival_replaced")]


def test_a_form_that_takes_away_most_of_what_books_brought_is_a_question_first(home: LedgerHome) -> None:
    home.drops("簿.xlsx", filled_in(book_of(home), A, B), "2024-06-10T09:00")
    home.drops("簿2.xlsx", filled_in(book_of(home, "2024-W25"), ("2024-06-17", "C001a")), "2024-06-20T09:00")
    home.run(run_on="2024-06-20")
    whole_month(home, "全月.xlsx", "2024-07-03T09:00", (28, "C001a"))
    home.run()
    assert visits(home) == [(3, "C001a"), (4, "C001b"), (17, "C001a")]
    assert home.told("asked_shrinks") == [("全月.xlsx", "asked_shrinks")]


def test_a_book_with_a_managers_code_that_nobody_has_is_refused(home: LedgerHome) -> None:
    book = load_workbook(book_of(home))
    book.worksheets[0]["B2"] = "客户经理编码：M009"
    book.save(home.home / "b.xlsx")
    home.drops("簿.xlsx", filled_in(home.home / "b.xlsx", A), "2024-06-10T09:00")
    (taken,) = home.run().taken
    assert taken.refused == "unknown_manager"


def test_a_sheet_that_people_add_to_a_book_is_told_as_in_any_form(home: LedgerHome) -> None:
    book = load_workbook(book_of(home))
    book.create_sheet("草稿")["A1"] = "记得带样品"
    book.save(home.home / "b.xlsx")
    home.drops("簿.xlsx", filled_in(home.home / "b.xlsx", A), "2024-06-10T09:00")
    home.run()
    assert [(one.rule, one.sheet) for one in home.problems_of("簿.xlsx")] == [("sheet_not_read", "草稿")]
    assert visits(home) == [(3, "C001a")]


def test_what_is_told_of_a_customer_is_what_stood_before_the_week(home: LedgerHome) -> None:
    home.sends("M001", sale("C001a", 10, 3), sale("C001a", 4, 12), name="销.xlsx", nil=())
    home.drops("簿.xlsx", filled_in(book_of(home), A, B), "2024-06-10T09:00")
    home.run(run_on="2024-06-20")
    sheet = load_workbook(book_of(home, "2024-W24")).worksheets[0]
    rows = printed_rows(sheet)
    assert list(rows) == [("2024-06-11", "C001a"), ("2024-06-11", "C001b")]  # Monday the 10th is off
    told = [str(sheet.cell(row - 1, 1).value) for row in rows.values()]
    assert told[0].startswith("◆ 一级") and "上次走访 24-06-03" in told[0] and "距今（天） 8" in told[0]
    assert "上次订货 24-06-03" in told[0] and "上次订货 24-06-12" not in told[0]
    assert "近期未订货" in told[1] and "上次走访 24-06-04" in told[1]
