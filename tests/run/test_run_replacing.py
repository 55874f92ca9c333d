"""What a file replaces: what is refused replaces nothing, and nothing replaces more than it says."""

import json
from pathlib import Path

import pandas as pd
import pytest
from small_home import JUNE, SmallHome, call, kept_bytes

from pipeline.calendar import Month
from pipeline.ledger.decide import standing
from pipeline.ledger.manifest import read_manifest

MAY = Month(2024, 5)
ORDERS = """
[[exports]]
files = "订单*.csv"
form = "sales"
{replaces}
columns = {{ manager_id = "经理", order_date = "日期", customer_id = "客户", product_id = "品规", sold_qty = "数量", amount = "金额" }}
"""
Order = tuple[str, str, str, int]  # manager, day (06-03), customer, cartons of P1


@pytest.fixture
def home(tmp_path: Path) -> SmallHome:
    made = SmallHome(tmp_path)
    made.masters(month=MAY)
    return made


def settings(home: SmallHome, replaces: str = "") -> None:
    (home.home / "yuebao.toml").write_text(ORDERS.format(replaces=replaces), encoding="utf-8")


def orders(home: SmallHome, name: str, *rows: Order, saved: str = "2024-07-02T09:00") -> Path:
    lines = [["经理", "日期", "客户", "品规", "数量", "金额"]]
    lines += [[who, f"2024-{day}", customer, "P1", str(n), str(n * 100)] for who, day, customer, n in rows]
    text = "\n".join(",".join(line) for line in lines) + "\n"
    return home.junk(name, text.encode("utf-8-sig"), saved)


def volume(home: SmallHome, entity: str = "M001", month: Month = JUNE) -> float | None:
    return home.value("volume", entity, month)


def rebuilt_is_the_same(home: SmallHome) -> None:
    before = kept_bytes(home.home)
    assert call("rebuild", "--home", str(home.home), "--workers", "1", "--quiet").exit_code == 0
    assert kept_bytes(home.home) == before
    assert call("verify", "--home", str(home.home)).exit_code == 0


def told(home: SmallHome, text: str) -> list[str]:
    problems = home.csv("problems")
    return problems[problems["expected"].str.contains(text)]["file"].tolist()


def test_two_corrections_saved_in_the_same_second_leave_what_was_accepted_before(home: SmallHome) -> None:
    home.sends("M001", (3, "C001a", 10), (4, "C001b", 5))
    home.run()
    home.sends("M001", (3, "C001a", 11), (4, "C001b", 5), name="更正1.xlsx", saved="2024-07-04T09:00")
    home.sends("M001", (3, "C001a", 12), (4, "C001b", 5), name="更正2.xlsx", saved="2024-07-04T09:00")
    home.run()
    assert (volume(home), home.state("M001")) == (15, "on time")
    assert sorted(set(told(home, "保存时间相同"))) == ["更正1.xlsx", "更正2.xlsx"]
    rebuilt_is_the_same(home)


def test_a_correction_that_is_refused_leaves_what_was_accepted_before_and_may_be_dropped_again(
    home: SmallHome,
) -> None:
    home.sends("M001", (3, "C001a", 10))
    home.run()
    bad = [sale("C009x", 8), sale("C009y", 9)]
    refused = home.sends("M001", name="错码.xlsx", saved="2024-07-04T09:00", rows={"sales": bad})
    data = refused.read_bytes()
    home.run()
    assert (volume(home), home.state("M001")) == (10, "on time")
    assert "错码.xlsx" in told(home, "")
    home.junk("错码.xlsx", data, "2024-07-04T09:00")
    assert "不再重复入账" not in home.run().output
    assert volume(home) == 10
    rebuilt_is_the_same(home)


def sale(customer: str, cartons: int, day: int = 3) -> dict[str, object]:
    return {
        "order_date": pd.Timestamp(2024, 6, day),
        "customer_id": customer,
        "product_id": "P1",
        "ordered_qty": cartons,
        "sold_qty": cartons,
        "amount": cartons * 100.0,
    }


def test_weekly_exports_of_one_month_live_beside_each_other_also_saved_in_the_same_second(home: SmallHome) -> None:
    settings(home)
    home.sends("M001", (3, "C001a", 10), (17, "C001b", 20))
    home.run()
    orders(home, "订单1.csv", ("M001", "06-03", "C001a", 12), ("M002", "06-04", "C002a", 7))
    orders(home, "订单2.csv", ("M001", "06-10", "C001a", 30))
    home.run()
    # M001: the 3rd is 12 instead of 10, the 10th is new, the 17th stays
    assert (volume(home), volume(home, "M002")) == (12 + 30 + 20, 7)
    orders(home, "订单3.csv", ("M001", "06-10", "C001b", 31), saved="2024-07-03T09:00")
    home.run()
    assert volume(home) == 12 + 31 + 20
    board = home.csv("submissions")
    own = board[(board["manager_id"] == "M001") & (board["form"] == "sales")].iloc[0]
    assert own["file"] == "M001.xlsx、订单1.csv、订单2.csv、订单3.csv"
    rebuilt_is_the_same(home)


def test_a_june_export_with_one_row_of_31_may_does_not_wipe_may(home: SmallHome) -> None:
    settings(home)
    home.sends("M001", (3, "C001a", 100), (31, "C001b", 20), month=MAY, name="五月.xlsx", saved="2024-06-03T09:00")
    home.run()
    assert volume(home, month=MAY) == 120
    orders(home, "订单6.csv", ("M001", "05-31", "C001b", 21), ("M001", "06-03", "C001a", 9))
    result = home.run()
    assert "确认" not in result.output
    assert (volume(home, month=MAY), volume(home)) == (121, 9)


def test_exports_of_one_run_that_cover_the_same_day_count_only_the_later_saved_there(home: SmallHome) -> None:
    settings(home)
    orders(home, "订单早.csv", ("M001", "06-03", "C001a", 10), ("M001", "06-04", "C001a", 20))
    orders(home, "订单晚.csv", ("M001", "06-04", "C001a", 21), saved="2024-07-02T10:00")
    home.run()
    assert volume(home) == 10 + 21
    assert told(home, "2024-06-04.*订单晚.csv") == ["订单早.csv"]


def test_of_exports_saved_in_the_same_second_only_the_days_that_contradict_are_refused(home: SmallHome) -> None:
    settings(home)
    home.sends("M001", (4, "C001b", 50))
    home.run()
    orders(home, "订单a.csv", ("M001", "06-03", "C001a", 10), ("M001", "06-04", "C001a", 20))
    orders(home, "订单b.csv", ("M001", "06-04", "C001a", 21), ("M001", "06-05", "C001a", 40))
    home.run()
    assert volume(home) == 10 + 50 + 40  # of the 4th what stood before
    assert sorted(told(home, "2024-06-04")) == ["订单a.csv", "订单b.csv"]
    rebuilt_is_the_same(home)


def test_rows_add_and_the_same_key_again_takes_the_place_of_the_row(home: SmallHome) -> None:
    settings(home, 'replaces = "rows"')
    orders(home, "订单1.csv", ("M001", "06-03", "C001a", 10), ("M001", "06-04", "C001a", 20))
    home.run()
    orders(home, "订单2.csv", ("M001", "06-03", "C001a", 11), ("M001", "06-03", "C001b", 5))
    home.run()
    assert volume(home) == 11 + 20 + 5
    orders(home, "订单3.csv", ("M001", "06-05", "C001a", 1), ("M001", "06-06", "C001a", 2), saved="2024-07-03T09:00")
    orders(home, "订单4.csv", ("M001", "06-05", "C001a", 3), ("M001", "06-07", "C001a", 4), saved="2024-07-03T09:00")
    home.run()
    assert volume(home) == 11 + 20 + 5 + 2 + 4  # the 5th contradicts itself
    assert sorted(told(home, "关键列相同")) == ["订单3.csv", "订单4.csv"]
    rebuilt_is_the_same(home)


@pytest.mark.parametrize(
    ("replaces", "name"),
    [('replaces = "span"\nspan = "name"', "订单_20240603-20240609.csv"),
     ('replaces = "span"\nspan = "name"', "订单2024-06-03至06-09.csv"),
     ('replaces = "span"\nspan = ["2024-06-03", "2024-06-09"]', "订单.csv")],
)  # fmt: skip
def test_a_span_takes_the_place_of_its_days_also_of_those_that_do_not_occur(
    home: SmallHome, replaces: str, name: str
) -> None:
    settings(home, replaces)
    home.sends("M001", (2, "C001a", 100), (4, "C001a", 10), (5, "C001b", 20))
    home.run()
    orders(home, name, ("M001", "06-05", "C001a", 7), ("M001", "06-12", "C001a", 99))
    home.run()
    assert volume(home) == 100 + 7
    assert told(home, "2024-06-03 至 2024-06-09") == [name]


def test_a_file_that_takes_away_more_than_half_is_asked_about_first_and_counts_once_accepted(home: SmallHome) -> None:
    home.sends("M001", *((day, "C001a", 10) for day in (3, 4, 5, 6)))
    home.run()
    home.sends("M001", (3, "C001a", 10), name="只剩一天.xlsx", saved="2024-07-04T09:00")
    result = home.run()
    assert result.output.splitlines()[0] == "有 1 项需要先确认，暂未采用："
    assert "只剩一天.xlsx" in result.output.splitlines()[1]
    assert (volume(home), home.state("M001")) == (40, "held")
    assert told(home, "等待确认") == ["只剩一天.xlsx"]
    status = call("status", "--home", str(home.home), "--month", "2024-06", "--json")
    assert [one["file"] for one in json.loads(status.output)["waiting"]] == ["只剩一天.xlsx"]
    assert "等待确认" in call("status", "--home", str(home.home), "--month", "2024-06").output
    assert home.run("--accept", "没有.xlsx").exit_code == 1
    assert "确认" not in home.run("--accept", "只剩一天.xlsx").output
    assert (volume(home), home.state("M001"), told(home, "等待确认")) == (10, "corrected", [])
    rebuilt_is_the_same(home)


def test_what_was_asked_about_is_answered_by_saving_and_sending_it_again(home: SmallHome) -> None:
    home.sends("M001", *((day, "C001a", 10) for day in (3, 4, 5, 6)))
    home.run()
    held = home.sends("M001", (3, "C001a", 10), name="少.xlsx", saved="2024-07-04T09:00").read_bytes()
    home.run()
    home.junk("少.xlsx", held, "2024-07-04T09:00")
    assert "不再重复入账" in home.run().output  # the same, not saved again: no answer
    assert volume(home) == 40
    home.junk("少.xlsx", held, "2024-07-05T09:00")
    home.run()
    assert volume(home) == 10
    rebuilt_is_the_same(home)


def test_a_nil_tick_over_rows_already_reported_is_asked_about(home: SmallHome) -> None:
    home.sends("M001", (3, "C001a", 10))
    home.run()
    home.sends("M001", name="无.xlsx", saved="2024-07-04T09:00", nil=("sales", "visits", "complaints", "satisfaction"))
    home.run()
    assert (volume(home), home.state("M001"), home.state("M001", "visits")) == (10, "held", "nil")
    assert told(home, "本月无」；暂不采用") == ["无.xlsx"]


def test_a_file_that_does_not_stand_may_be_dropped_again_and_one_that_stands_may_not(home: SmallHome) -> None:
    first = home.sends("M001", (3, "C001a", 10), name="一.xlsx").read_bytes()
    home.run()
    home.junk("一.xlsx", first, "2024-07-03T09:00")
    assert "不再重复入账" in home.run().output
    home.sends("M001", (3, "C001a", 9), name="二.xlsx", saved="2024-07-04T09:00")
    home.run()
    assert volume(home) == 9
    home.junk("一.xlsx", first, "2024-07-03T09:00")
    assert "不再重复入账" not in home.run().output
    assert volume(home) == 10
    rebuilt_is_the_same(home)


def test_a_withdrawn_file_is_gone_what_stood_before_it_stands_again_and_the_edition_says_so(home: SmallHome) -> None:
    at = ("--home", str(home.home), "--workers", "1", "--quiet")
    home.sends("M001", (3, "C001a", 10), name="一.xlsx")
    home.run()
    second = home.sends("M001", (3, "C001a", 9), name="二.xlsx", saved="2024-07-04T09:00").read_bytes()
    home.run()
    withdrawn = call("withdraw", *at, "二.xlsx")
    assert (withdrawn.exit_code, "第3版" in withdrawn.output) == (0, True)
    assert (volume(home), home.state("M001")) == (10, "on time")
    changes = read_manifest(home.home).editions["2024-06"].changes
    files = set(pd.read_parquet(home.home / "ledger" / changes)["file"])
    assert files == {"二.xlsx（已撤回）"}
    rebuilt_is_the_same(home)
    assert call("withdraw", *at, "二.xlsx").exit_code == 1
    home.junk("二.xlsx", second, "2024-07-04T09:00")
    home.run()
    assert volume(home) == 9
    assert call("withdraw", *at, "主数据.xlsx").exit_code == 1
    rebuilt_is_the_same(home)


def test_an_export_that_lay_over_a_form_is_withdrawn_and_the_days_of_the_form_come_back(home: SmallHome) -> None:
    settings(home)
    home.sends("M001", (3, "C001a", 10), (4, "C001b", 20))
    home.run()
    orders(home, "订单.csv", ("M001", "06-03", "C001a", 99))
    home.run()
    assert volume(home) == 99 + 20
    assert call("withdraw", "--home", str(home.home), "--workers", "1", "--quiet", "订单.csv").exit_code == 0
    assert volume(home) == 10 + 20
    rebuilt_is_the_same(home)


def test_a_months_form_takes_the_place_of_the_exports_before_it(home: SmallHome) -> None:
    settings(home)
    orders(home, "订单1.csv", ("M001", "06-03", "C001a", 10))
    orders(home, "订单2.csv", ("M001", "06-10", "C001a", 20))
    home.run()
    home.sends("M001", (3, "C001a", 25), saved="2024-07-04T09:00")
    home.run()
    assert volume(home) == 25
    stands = standing(read_manifest(home.home))["2024-06", "sales", "M001"]
    assert len(stands) == 1


def test_a_file_that_changes_nothing_makes_no_edition(home: SmallHome) -> None:
    home.sends("M001", (3, "C001a", 10), name="一.xlsx")
    home.run()
    home.sends("M001", (3, "C001a", 10), name="再存一次.xlsx", saved="2024-07-04T09:00")
    home.run()
    assert read_manifest(home.home).editions["2024-06"].number == 1
    assert volume(home) == 10


def test_what_a_newer_file_put_right_is_gone_from_the_problems(home: SmallHome) -> None:
    good = [sale("C001a", n, n) for n in range(1, 8)]
    home.sends("M001", name="一.xlsx", rows={"sales": [*good, sale("C009x", 1)]})
    home.run()
    assert "一.xlsx" in set(home.csv("problems")["file"])
    home.sends("M001", name="二.xlsx", rows={"sales": good}, saved="2024-07-04T09:00")
    home.run()
    assert "一.xlsx" not in set(home.csv("problems")["file"])
    assert not (home.home / "output" / "2024-06" / "corrections").exists()


def test_a_form_with_the_code_and_customers_of_different_managers_is_refused(home: SmallHome) -> None:
    home.sends("M001", (3, "C001a", 10))
    home.sends("M002", (3, "C002a", 20))
    home.run()
    wrong = [sale("C002a", 8), sale("C002b", 9)]
    path = home.sends("M001", name="编码错.xlsx", saved="2024-07-04T09:00", rows={"sales": wrong})
    renamed(path, "M001", "王芳")
    home.run()
    assert (volume(home), volume(home, "M002")) == (10, 20)
    assert told(home, "无法判断是谁的报表") == ["编码错.xlsx"]


def renamed(path: Path, manager: str, name: str) -> None:
    """The workbook with another name on its cover."""
    import openpyxl

    book = openpyxl.load_workbook(path)
    cover = book.worksheets[0]
    for row in cover.iter_rows():
        for cell in row:
            if cell.value == "李明":
                cell.value = name
    book.save(path)


def test_a_month_before_the_first_master_data_is_asked_about(home: SmallHome) -> None:
    home.sends("M001", (3, "C001a", 10))
    home.sends("M001", (3, "C001a", 10), month=Month(2023, 6), name="旧.xlsx")
    result = home.run()
    assert "旧.xlsx" in result.output.splitlines()[1]
    assert not (home.home / "output" / "2023-06").exists()
    home.run("--accept", "旧.xlsx")
    assert volume(home, month=Month(2023, 6)) == 10


def test_a_month_that_has_not_begun_is_asked_about(home: SmallHome) -> None:
    home.sends("M001", (3, "C001a", 10), month=Month(2091, 6), name="远.xlsx")
    result = home.run()
    assert "报告月份还没有到" in result.output
    assert not (home.home / "output" / "2091-06").exists()


def test_rebuild_names_an_altered_original_and_leaves_all_as_it_was(home: SmallHome) -> None:
    home.sends("M001", (3, "C001a", 10))
    home.run()
    receipt = next(one for one in read_manifest(home.home).receipts if one.name == "M001.xlsx")
    original = next((home.home / "archive").rglob(f"{receipt.sha256}.xlsx"))
    original.write_bytes(original.read_bytes() + b"!")
    before = kept_bytes(home.home)
    result = call("rebuild", "--home", str(home.home), "--workers", "1", "--quiet")
    assert (result.exit_code, "M001.xlsx" in result.output) == (1, True)
    assert kept_bytes(home.home) == before


@pytest.mark.parametrize(
    ("change", "key"),
    [
        ('form = "sale"', "exports.0.form"),
        ('replaces = "weeks"', "exports.0.replaces"),
        ('fixed = { order_dat = "2024-06-03" }', "exports.0.fixed.order_dat"),
        ("times = { amonut = 100 }", "exports.0.times.amonut"),
        ("values = { customer = { a = \"b\" } }", "exports.0.values.customer"),
        ('where = { "" = "x" }', "exports.0.where"),
        ('valid_from = "2024-13"', "exports.0.valid_from"),
        ('replaces = "span"', "exports.0.span"),
        ("times = { customer_id = 2 }", "exports.0.times.customer_id"),
    ],
)
def test_a_fault_of_the_settings_names_its_key_and_touches_no_file(home: SmallHome, change: str, key: str) -> None:
    text = ORDERS.format(replaces=change).replace('form = "sales"\n' if change.startswith("form") else "\0", "")
    (home.home / "yuebao.toml").write_text(text, encoding="utf-8")
    orders(home, "订单.csv", ("M001", "06-03", "C001a", 10))
    result = home.run()
    assert (result.exit_code, key in result.output) == (1, True), result.output
    assert home.waiting() == ["主数据.xlsx", "订单.csv"]
    assert not (home.home / "archive").exists()


def test_a_mapping_without_the_managers_code_is_a_fault_of_the_settings(home: SmallHome) -> None:
    text = ORDERS.format(replaces="").replace('manager_id = "经理", ', "")
    (home.home / "yuebao.toml").write_text(text, encoding="utf-8")
    result = home.run()
    assert (result.exit_code, "exports.0.columns.manager_id" in result.output) == (1, True)


def test_two_mappings_for_one_file_are_a_fault_of_the_settings(home: SmallHome) -> None:
    text = ORDERS.format(replaces="") + ORDERS.format(replaces="").replace("订单*.csv", "*6*.csv")
    (home.home / "yuebao.toml").write_text(text, encoding="utf-8")
    orders(home, "订单6.csv", ("M001", "06-03", "C001a", 10))
    result = home.run()
    assert (result.exit_code, "exports.1.files" in result.output) == (1, True)
    assert home.waiting() == ["主数据.xlsx", "订单6.csv"]


def test_a_ledger_of_an_older_format_goes_on_working_and_gets_back_what_a_refused_file_once_took(
    home: SmallHome,
) -> None:
    home.sends("M001", (3, "C001a", 10))
    home.sends("M002", (3, "C002a", 20))
    home.run()
    as_format_1(home.home, lost="M001")
    home.sends("M003", (3, "C003a", 30))
    home.run()
    assert (volume(home), volume(home, "M002"), volume(home, "M003")) == (10, 20, 30)
    assert read_manifest(home.home).editions["2024-06"].number == 2


def as_format_1(home: Path, lost: str) -> None:
    """The ledger as format 1 had it, after a refused file took away the rows of a manager."""
    path = home / "ledger" / "manifest.json"
    stored = json.loads(path.read_text(encoding="utf-8"))
    for one in stored["submissions"]:
        for name in ("replaces", "days", "refused_days", "asked", "withdrawn", "kept", "kept_amount_yuan"):
            del one[name]
    for one in stored["receipts"]:
        for name in ("run_on", "again", "withdrawn", "answered"):
            del one[name]
    del stored["events"]
    stored["format"] = 1
    part = home / "ledger" / next(path for name, path in stored["parts"].items() if name.endswith("R01"))
    rows = pd.read_parquet(part)
    rows[rows["manager_id"] != lost].to_parquet(part, index=False)
    path.write_text(json.dumps(stored), encoding="utf-8")
