"""What people and systems make of days, codes and numbers, taken in as whole files: cover, forms, targets, exports."""

import io

import openpyxl
import pandas as pd
import pytest
from take_in_builder import LI, MASTERS, Outcome, filled, master_versions, sales_rows, take_file

from pipeline.base.calendar import Month
from pipeline.contract.problem import expected_text, problem_sentence, problems_frame
from pipeline.contract.settings import settings_from
from pipeline.figures.catalogue import target_names
from pipeline.intake.take_in import take_in
from pipeline.intake.taken import FileTask
from pipeline.templates.write import write_template
from pipeline.words import load_words
from schemas.form import all_forms

ZH = load_words("zh")
EXPORT = {
    "files": "订单*",
    "form": "sales",
    "columns": {
        "order_date": "日期", "customer_id": "客户", "product_id": "品规", "sold_qty": "数量", "amount": "金额",
        "manager_id": "业务员",
    },
}  # fmt: skip
HEADER = ["日期", "客户", "品规", "数量", "金额", "业务员"]
GOOD = ["2024-06-03", "030101", "P002", 50, 6000, "M001"]


def with_cover(value: object, cell: str = "B5", number_format: str = "General") -> bytes:
    """A good form of June whose cover holds another value in a cell (B3 code, B5 month)."""
    book = openpyxl.load_workbook(io.BytesIO(filled(sales_rows(2))))
    place = book["封面"][cell]
    place.value, place.number_format = value, number_format
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def workbook(*rows: list[object], formats: dict[str, str] | None = None, epoch_1904: bool = False) -> bytes:
    book = openpyxl.Workbook()
    if epoch_1904:
        book.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904
    for row in rows:
        book.active.append(row)
    for cell, number_format in (formats or {}).items():
        book.active[cell].number_format = number_format
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def exported(
    folder, *rows: list[object], name: str = "订单.xlsx", data: bytes | None = None, **changes
) -> Outcome:
    settings = settings_from({"exports": [{**EXPORT, **changes}]})
    return take_file(folder, data or workbook(HEADER, *rows), name, settings=settings)


def texts(outcome: Outcome) -> list[str]:
    return [expected_text(problem, all_forms(), ZH) for problem in outcome.told]


def parts(outcome: Outcome) -> list[tuple[str, str, str, int]]:
    return [(str(one.month), one.manager_id, one.state, one.rows) for one in outcome.taken.parts]


@pytest.mark.parametrize(
    "month", [45444.0, 45473.0, 202406, 2024.06, 2024.6, "2024.6", "2024年六月", "2024-06\u200b"]
)
def test_a_cover_month_in_every_certain_disguise_is_june(tmp_path, month):
    assert parts(take_file(tmp_path, with_cover(month))) == [("2024-06", "M001", "accepted", 2)]


@pytest.mark.parametrize("month", [45444.0, "45444", " 45473"])
def test_a_cover_month_that_is_a_days_number_is_read_and_noted(tmp_path, month):
    outcome = take_file(tmp_path, with_cover(month, number_format="@"))
    assert parts(outcome) == [("2024-06", "M001", "accepted", 2)]
    assert [(one.rule, one.effect) for one in outcome.told] == [("month_was_number", "note")]
    assert "2024-06" in texts(outcome)[0]


def test_a_cover_month_of_2024_point_1_is_refused_and_asked_about(tmp_path):
    outcome = take_file(tmp_path, with_cover(2024.1))
    assert (parts(outcome), outcome.taken.refused, outcome.told[0].found) == ([], "month_two", "2024.1")
    assert "2024-01 或 2024-10" in texts(outcome)[0]


@pytest.mark.parametrize("month", [4544.0, "4544-04", 99999.0, "1999-12", 454444.0])
def test_a_cover_month_far_off_is_refused_with_what_stands_there(tmp_path, month):
    outcome = take_file(tmp_path, with_cover(month))
    assert (parts(outcome), outcome.taken.refused) == ([], "month_unusable")
    assert outcome.told[0].found


@pytest.mark.parametrize(
    ("code", "rule"),
    [("m001", "code_case"), ("M001\u200b", None), ("'M001", None), ("Ｍ００１", None), ('="M001"', None),
     ("M001 李明", "code_with_name")],
)  # fmt: skip
def test_a_managers_code_on_the_cover_that_can_only_be_one_is_read(tmp_path, code, rule):
    outcome = take_file(tmp_path, with_cover(code, "B3"))
    assert parts(outcome) == [("2024-06", "M001", "accepted", 2)]
    assert [one.rule for one in outcome.told] == ([rule] if rule else [])


def test_a_managers_code_with_a_slip_is_refused_and_the_nearest_is_named(tmp_path):
    outcome = take_file(tmp_path, with_cover("M010", "B3"))
    assert (parts(outcome), outcome.taken.refused) == ([], "unknown_manager")
    assert texts(outcome)[0].endswith("是否 M001 李明？")


def test_a_customers_code_with_a_slip_is_left_out_and_the_senders_own_nearest_is_named(tmp_path):
    rows = sales_rows(12, customer_id=["030110", "便民烟酒店", *["030101"] * 10])
    outcome = take_file(tmp_path, filled(rows))
    told = [(one.cell, one.rule, one.effect) for one in outcome.told if one.effect != "note"]
    assert told[:2] == [("C5", "known_customer_id", "row left out"), ("C6", "known_customer_id", "row left out")]
    assert texts(outcome)[0].endswith("相邻两位可能写反了，是否 030101 便民烟酒店？")
    assert texts(outcome)[1].endswith("填的似乎是名称而不是编码，是否 030101 便民烟酒店？")
    assert problem_sentence(outcome.told[0], all_forms(), ZH).endswith("是否 030101 便民烟酒店？（本行未采用）")


def test_problems_csv_names_the_rule_in_its_last_column(tmp_path):
    outcome = take_file(tmp_path, filled(sales_rows(6, customer_id=["030199", *["030101"] * 5])))
    frame = problems_frame(outcome.told, all_forms(), ZH)
    assert frame.columns[-1] == "rule"
    assert list(frame["rule"]) == ["known_customer_id"]


def test_a_number_of_18_digits_as_a_code_is_left_out_whatever_its_format_shows(tmp_path):
    data = with_sales_cell("C5", 330102197001011234, "000000000000000000")
    outcome = take_file(tmp_path, data)
    assert [(one.cell, one.rule) for one in outcome.told if one.effect == "row left out"] == [
        ("C5", "id_digits_lost")
    ]


def with_sales_cell(cell: str, value: object, number_format: str) -> bytes:
    book = openpyxl.load_workbook(io.BytesIO(filled(sales_rows(6))))
    place = book["销售"][cell]
    place.value, place.number_format = value, number_format
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def test_an_exports_codes_are_taken_as_their_number_formats_show_them(tmp_path):
    data = workbook(HEADER, ["2024-06-03", 30101, "P002", 50, 6000, "M001"], formats={"B2": "000000"})
    outcome = exported(tmp_path, data=data)
    assert list(outcome.rows("sales")["customer_id"]) == ["030101"]
    assert [one.rule for one in outcome.told if one.column == "customer_id"] == []


def test_an_exports_codes_that_can_only_be_one_are_read_by_that_months_master_data(tmp_path):
    outcome = exported(tmp_path, [GOOD[0], 30101, *GOOD[2:5], "m001"], [GOOD[0], "[030102]好又多", *GOOD[2:]])
    rows = outcome.rows("sales")
    assert list(rows["customer_id"]) == ["030101", "030102"]
    assert list(rows["manager_id"]) == ["M001", "M001"]
    assert {one.rule for one in outcome.told} >= {"zero_restored", "code_with_name", "code_case"}


def test_an_exports_managers_code_with_a_slip_names_the_nearest(tmp_path):
    outcome = exported(tmp_path, GOOD, [*GOOD[:5], "M0001"])
    assert any(text.endswith("是否 M001 李明？") for text in texts(outcome))


def test_an_export_in_a_declared_order_of_days(tmp_path):
    outcome = exported(tmp_path, ["6/5/2024", *GOOD[1:]], ["06/25/2024", *GOOD[1:]], dates="mdy", repeats=True)
    assert [str(day.date()) for day in outcome.rows("sales")["order_date"]] == ["2024-06-05", "2024-06-25"]


def test_an_export_with_year_and_month_in_columns_is_dated_the_months_last_day(tmp_path):
    columns = {**EXPORT["columns"], "order_date": ["年", "月"]}
    data = workbook(["年", "月", *HEADER[1:]], [2024, 6, *GOOD[1:]])
    outcome = exported(tmp_path, data=data, columns=columns)
    assert [str(day.date()) for day in outcome.rows("sales")["order_date"]] == ["2024-06-30"]


def test_in_a_book_that_counts_from_1904_a_number_without_a_format_is_a_day_of_1904s(tmp_path):
    # 43984 days after 1904-01-01 is 2024-06-03
    outcome = exported(tmp_path, data=workbook(HEADER, [43984, *GOOD[1:]], epoch_1904=True))
    assert [str(day.date()) for day in outcome.rows("sales")["order_date"]] == ["2024-06-03"]


def test_headings_flags_and_filters_with_invisible_characters(tmp_path):
    data = workbook([f"\u200b{text}\ufeff" for text in [*HEADER, "状态"]], [*GOOD, "已审\u200b"], [*GOOD, "作废"])
    outcome = exported(tmp_path, data=data, where={"状态": "已审"})
    assert parts(outcome) == [("2024-06", "M001", "accepted", 1)]


def targets(folder, *rows: tuple[str, object], entities: tuple[str, ...] = ()) -> Outcome:
    """Targets of M001 for June: metric and value as typed."""
    frame = pd.DataFrame(
        {
            "month": ["2024-06"] * len(rows), "level": ["manager"] * len(rows),
            "entity_id": list(entities) or ["M001"] * len(rows),
            "metric": [metric for metric, _ in rows], "target": [value for _, value in rows],
        },
        dtype="object",
    )  # fmt: skip
    target = io.BytesIO()
    settings = settings_from({})
    write_template(
        target, [all_forms()["targets"]], ZH, settings.profile, month=Month(2024, 6), rows={"targets": frame}
    )
    folder.mkdir(exist_ok=True)
    path = folder / "original"
    path.write_bytes(target.getvalue())
    versions = master_versions(folder / "m")
    names = target_names(settings.profile)
    return Outcome(
        take_in(
            FileTask(
                str(path),
                "目标.xlsx",
                "0" * 64,
                "master",
                settings,
                versions,
                str(folder),
                ("schemas.targets",),
                names,
            )
        )
    )


def test_targets_of_rates_are_in_percent_however_they_are_typed(tmp_path):
    typed = (("订货率", 0.95), ("签字率\u200b", "95%"), ("订单满足率", 96.0), ("销量", 0.5), ("销售额", 1600.0))
    rows = targets(tmp_path, *typed).rows("targets")
    assert list(rows["target"]) == [95.0, 95.0, 96.0, 0.5, 1600.0]
    assert rows["metric"][1] == "签字率"


def test_a_rates_target_of_1_is_asked_about(tmp_path):
    outcome = targets(
        tmp_path, ("订货率", 1.0), ("销量", 1.0), ("访问次数", 5.0), ("销售额", 7.0), ("订单数", 9.0)
    )
    asked = [(one.rule, one.effect, one.found) for one in outcome.told if one.rule == "rate_unclear"]
    assert asked == [("rate_unclear", "row left out", "1")]
    assert any("无法判断是 1% 还是 100%" in text for text in texts(outcome))


def test_a_target_of_no_figure_is_told(tmp_path):
    outcome = targets(tmp_path, ("销售总量", 5.0))
    assert [(one.rule, one.effect) for one in outcome.told] == [("unknown_metric", "note")]


def test_month_cells_of_templates_are_text(tmp_path):
    target = io.BytesIO()
    write_template(target, [all_forms()["targets"]], ZH, settings_from({}).profile)
    book = openpyxl.load_workbook(io.BytesIO(target.getvalue()))
    heading = {cell.value: cell.column for row in book["指标任务"].iter_rows(max_row=3) for cell in row}
    sheet = book["指标任务"]
    column = openpyxl.utils.get_column_letter(heading["月份"])
    formats = {sheet[f"{column}5"].number_format, sheet.column_dimensions[column].number_format}
    assert "@" in formats
    cover = openpyxl.load_workbook(io.BytesIO(filled(sales_rows(1))))["封面"]
    assert cover["B5"].number_format == "@"


def test_two_managers_names_that_differ_in_blanks_only_are_the_same(tmp_path):
    assert LI.name == MASTERS["managers"][0]["manager_name"]
    assert [one.rule for one in take_file(tmp_path, with_cover("李　明", "B4")).told] == []


def test_a_targets_manager_in_another_case_is_that_manager_and_one_that_nobody_has_is_told(tmp_path):
    outcome = targets(tmp_path, ("销量", 5.0), entities=("m001",))
    assert list(outcome.rows("targets")["entity_id"]) == ["M001"]
    assert [one.rule for one in outcome.told] == ["code_case"]
    outcome = targets(tmp_path / "2", ("销量", 5.0), entities=("M0O1",))
    assert [(one.rule, one.effect) for one in outcome.told] == [("unknown_entity", "note")]
    assert texts(outcome)[0].endswith("是否 M001 李明？")


def test_a_row_of_invisible_characters_is_no_row(tmp_path):
    outcome = take_file(tmp_path, with_sales_cell("C12", "\u200b", "General"))
    assert (parts(outcome), outcome.told) == ([("2024-06", "M001", "accepted", 6)], [])
