"""Whether the mapping of an office's export can be used, and what its rows take the place of; worked out by hand."""

import datetime as dt
from types import SimpleNamespace
from typing import Any, cast

import pandas as pd
import pytest

from pipeline.base.calendar import Month
from pipeline.base.errors import SettingsError
from pipeline.contract.exports import Export
from pipeline.contract.mappings import _faults, _span_faults, check_exports, check_mappings
from pipeline.intake.coverage import Coverage, coverage_of, how_it_replaces, span_of
from pipeline.intake.export import exports_for, valid_from
from schemas.form import Form, all_forms

FORMS = all_forms()
MAY, JUNE = Month(2024, 5), Month(2024, 6)
REGIONS = {"region_id": "编码", "region_name": "名称"}
ACTIONS = {"manager_id": "经理", "topic": "主题", "problem": "问题", "countermeasure": "对策"}
SALES = {"manager_id": "经理", "order_date": "日期", "customer_id": "客户", "product_id": "品规", "sold_qty": "数量",
         "amount": "金额"}  # fmt: skip


def export(form: str = "sales", files: str = "订单*.csv", **more: Any) -> Export:
    columns = {"sales": SALES, "actions": ACTIONS}.get(form, {})
    return Export(**{"files": files, "form": form, "columns": columns, **more})


def fault(*exports: Export) -> str:
    """What is told of mappings, without the name of the settings' file; empty where all is well."""
    try:
        check_exports(exports, "zh")
    except SettingsError as error:
        return str(error).removeprefix("yuebao.toml: ")
    return ""


@pytest.mark.parametrize(
    ("mapping", "key"),
    [
        (export(), ""),
        (export(columns={**SALES, "amount": ("金额", "运费")}), "exports.0.columns.amount: “amount”是数字列"),
        (export(columns={**SALES, "order_date": ("年", "月")}), ""),
        (export("sale"), "exports.0.form: 没有“sale”这张表。可用：regions、managers"),
        (export("actions"), "exports.0.valid_from: actions 表没有日期列"),
        (export("actions", valid_from="name"), ""),
        (export(covers="all managers"), ""),
        (
            export(
                columns={name: text for name, text in SALES.items() if name != "manager_id"},
                fixed={"manager_id": "M001"},
                covers="all managers",
            ),
            "exports.0.covers: 这份导出只有客户经理 M001 一人",
        ),
        (
            export(
                "regions",
                columns={"region_id": "编码", "region_name": "名称"},
                valid_from="2024-06",
                covers="all managers",
            ),
            "exports.0.covers: regions 是主数据",
        ),
        (export("actions", valid_from="2024-06"), ""),
        (export("actions", valid_from="2000-01"), ""),
        (export("actions", valid_from="2100-12"), ""),
        (export("actions", valid_from="2101-01"), "exports.0.valid_from: "),
        (export("actions", valid_from="2024-06", replaces="days"), "exports.0.replaces: actions 表没有日期列"),
        (export("actions", valid_from="2024-06", replaces="span", span="name"), "exports.0.replaces: actions 表"),
        (export("actions", valid_from="2024-06", replaces="rows"), ""),
        (
            export("regions", columns=REGIONS, valid_from="2024-06", replaces="month"),
            "exports.0.replaces: regions 是主数据",
        ),
        (
            export("regions", columns=REGIONS),
            "exports.0.valid_from: regions 表没有日期列",
        ),
        (export("regions", columns=REGIONS, valid_from="name"), ""),
        (
            export("regions", columns={"manager_id": "经理", **REGIONS},
                   valid_from="name"),
            "exports.0.columns.manager_id: ",
        ),
        (export(times={"amount": 10_000.0}), ""),
        (export(times={"amount": float("inf")}), "exports.0.times.amount: "),
        (export(times={"order_date": 2.0}), "exports.0.times.order_date: "),
        (export(columns={**SALES, "amount": ("金额", " ")}), "exports.0.columns.amount: "),
        (export(columns={**SALES, "amount": ()}), "exports.0.columns.amount: "),
        (export(columns={**SALES, "customer_id": ("县", "客户")}), ""),
        (export(fixed={"amount": "1"}), "exports.0.fixed.amount: "),
        (export(replaces="span", span=("2024-06-03", "2024-06-03")), ""),
    ],
)  # fmt: skip
def test_a_mapping_that_cannot_be_used_is_told_by_its_key_and_reason(mapping: Export, key: str) -> None:
    assert fault(mapping)[: len(key)] == key if key else fault(mapping) == ""


def test_of_a_mapping_onto_no_form_nothing_more_is_told() -> None:
    assert [(key, rule) for key, rule, _ in _faults(export("sale", valid_from="2024-13"))] == [("form", "no_form")]


def test_of_a_form_without_a_key_no_row_replaces_another() -> None:
    added = cast(Form, SimpleNamespace(kind="monthly", month_column="day", same=(), key="added"))
    (told,) = _span_faults(export(replaces="rows"), added)
    assert told == ("replaces", "no_key", {"form": "added"})
    assert list(_span_faults(export(), added)) == []


def test_the_same_files_are_mapped_onto_a_form_once_and_the_second_mapping_is_named() -> None:
    twice = fault(export(), export("actions", valid_from="name"), export(files="订单*.CSV"))
    assert twice.startswith("exports.2.files: ")
    assert fault(export(), export(files="订货*.csv"), export("actions", valid_from="name")) == ""


def test_a_file_that_two_mappings_map_onto_one_form_is_a_fault_of_the_second() -> None:
    wide, narrow, other = export(files="*.csv"), export(files="订单6*.csv"), export("actions", valid_from="name")
    check_mappings(["订单5月.csv", "六月.xlsx"], [narrow, wide, other], "zh")
    with pytest.raises(SettingsError, match=r"exports\.2\.files: .*订单6月\.CSV"):
        check_mappings(["六月.xlsx", "订单6月.CSV"], [other, narrow, wide], "zh")
    assert exports_for("订单6月.CSV", [other, narrow, wide]) == (other, narrow, wide)
    assert exports_for("六月.csv", [other, narrow, wide]) == (wide,)


# ── what it replaces ──


def rows(*days: str) -> pd.DataFrame:
    return pd.DataFrame({"order_date": pd.to_datetime(list(days))})


def test_without_a_word_of_the_settings_days_are_replaced_or_the_one_month_of_one_manager() -> None:
    fixed = {"manager_id": "M001"}
    assert how_it_replaces(export(), FORMS["sales"]) == "days"
    assert how_it_replaces(export(fixed=fixed), FORMS["sales"]) == "days"
    assert how_it_replaces(export(valid_from="name"), FORMS["sales"]) == "days"
    assert how_it_replaces(export(fixed=fixed, valid_from="name"), FORMS["sales"]) == "month"
    assert how_it_replaces(export("actions", valid_from="name"), FORMS["actions"]) == "rows"
    assert how_it_replaces(export("actions", replaces="month"), FORMS["actions"]) == "month"


def test_days_are_those_that_occur_each_once() -> None:
    covered = coverage_of(
        export(), FORMS["sales"], "订单.csv", JUNE, rows("2024-06-09", "2024-06-03", "2024-06-09")
    )
    assert covered == Coverage("days", ("2024-06-03", "2024-06-09"))


def test_a_month_is_replaced_where_it_is_the_one_that_is_named_or_none_is() -> None:
    """An export of June with one row of 31 May replaces June, and of May that day alone."""
    june = export(replaces="month", valid_from="2024-06")
    assert coverage_of(june, FORMS["sales"], "订单.csv", JUNE, rows("2024-06-03")) == Coverage("month")
    assert coverage_of(june, FORMS["sales"], "订单.csv", MAY, rows("2024-05-31")) == Coverage(
        "days", ("2024-05-31",)
    )
    unnamed = export(replaces="month")
    assert coverage_of(unnamed, FORMS["sales"], "订单.csv", MAY, rows("2024-05-31")) == Coverage("month")
    other = export("actions", replaces="month", valid_from="2024-06")
    assert coverage_of(other, FORMS["actions"], "a.csv", MAY, rows()) == Coverage("days")


def test_rows_replace_their_likes_and_no_day() -> None:
    assert coverage_of(export(replaces="rows"), FORMS["sales"], "a.csv", JUNE, rows("2024-06-03")) == Coverage(
        "rows"
    )


def test_a_span_replaces_those_of_its_days_that_lie_in_the_month() -> None:
    by_settings = export(replaces="span", span=("2024-05-30", "2024-06-02"))
    assert coverage_of(by_settings, FORMS["sales"], "a.csv", MAY, rows()).days == ("2024-05-30", "2024-05-31")
    assert coverage_of(by_settings, FORMS["sales"], "a.csv", JUNE, rows()).days == ("2024-06-01", "2024-06-02")
    unknown = export(replaces="span", span="name")
    assert coverage_of(unknown, FORMS["sales"], "订单.csv", JUNE, rows("2024-06-03")) == Coverage("days")


@pytest.mark.parametrize(
    ("name", "first", "last"),
    [
        ("订单2024-06-03_2024-06-09.csv", (6, 3), (6, 9)),
        ("订单20240603-0609.csv", (6, 3), (6, 9)),
        ("订单20240603-09.csv", (6, 3), (6, 9)),
        ("订单2024年6月3日至9日.csv", (6, 3), (6, 9)),
        ("订单2024年5月30日到6月2日.csv", (5, 30), (6, 2)),
        ("订单2024.6.3~6.9.csv", (6, 3), (6, 9)),
        ("订单20240603.csv", (6, 3), (6, 3)),
        ("订单2024-06.csv", (6, 1), (6, 30)),
        ("订单2024年6月.csv", (6, 1), (6, 30)),
    ],
)
def test_a_files_name_tells_its_span(name: str, first: tuple[int, int], last: tuple[int, int]) -> None:
    assert span_of(export(replaces="span", span="name"), name) == (dt.date(2024, *first), dt.date(2024, *last))


@pytest.mark.parametrize(
    "name", ["订单.csv", "订单20240609-20240603.csv", "订单20240231.csv", "订单20240601-20240631.csv"]
)
def test_a_name_that_tells_no_span_or_one_of_no_days_tells_none(name: str) -> None:
    assert span_of(export(replaces="span", span="name"), name) is None


def test_the_month_of_an_export_is_that_of_the_settings_or_of_its_name() -> None:
    assert valid_from(export(valid_from="2024-05"), "订单2024-06.csv") == MAY
    assert valid_from(export(valid_from="name"), "订单2024-06.csv") == JUNE
    assert valid_from(export(valid_from="name"), "订单.csv") is None
    assert valid_from(export(), "订单2024-06.csv") is None
