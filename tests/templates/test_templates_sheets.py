"""What a person finds in a template, read back with openpyxl."""

import datetime as dt
import io
from collections.abc import Iterator

import openpyxl
import pandas as pd
import pandera.pandas as pa
import pytest
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet
from pandera.typing.pandas import Series

from pipeline.base.calendar import Month
from pipeline.contract.trade import load_profile
from pipeline.templates.blank import forms_of
from pipeline.templates.plan import Manager
from pipeline.templates.write import write_template
from pipeline.words import load_words
from schemas.columns import Choice, column
from schemas.form import Form, all_forms, forget, form

TOBACCO = load_profile("tobacco")
JUNE = Month(2024, 6)
MONTHLY = tuple(all_forms()[key] for key in ("sales", "visits", "complaints", "satisfaction"))
CUSTOMERS = pd.DataFrame(
    {"customer_id": ["030101100001", "330102100002"], "customer_name": ["便民烟酒店", "=HYPERLINK(1)"]}
)
PRODUCTS = pd.DataFrame({"product_id": ["P001"], "product_name": ["利群(新版)"]})


def opened(forms: tuple[Form, ...], language: str = "zh", **contents: object) -> Workbook:
    buffer = io.BytesIO()
    write_template(buffer, forms, load_words(language), TOBACCO, **contents)  # type: ignore[arg-type]
    return openpyxl.load_workbook(buffer)


def header(sheet: Worksheet) -> list[object]:
    return [cell.value for cell in sheet[3] if cell.value is not None]


def rule_of(sheet: Worksheet, address: str) -> object:
    rules = [rule for rule in sheet.data_validations.dataValidation if address in rule.sqref]
    assert len(rules) == 1
    return rules[0]


def sales_row(**cells: object) -> pd.DataFrame:
    given = {
        "order_date": pd.Timestamp(2024, 6, 3),
        "customer_id": "030101100001",
        "product_id": "P001",
        "ordered_qty": 50,
        "sold_qty": 40,
        "amount": 4800.5,
        "closing_stock": None,
        **cells,
    }
    return pd.DataFrame([given]).astype(all_forms()["sales"].dtypes)


@pytest.fixture(scope="module")
def monthly() -> Workbook:
    return opened(MONTHLY)


@pytest.fixture(scope="module")
def own() -> Workbook:
    """A manager's own template with one sale in it."""
    return opened(
        MONTHLY,
        month=JUNE,
        manager=Manager("M001", "李明"),
        customers=CUSTOMERS,
        products=PRODUCTS,
        rows={"sales": sales_row()},
        nil_forms=("complaints",),
    )


def test_there_is_a_cover_then_a_sheet_a_form_named_by_its_label(monthly: Workbook) -> None:
    assert monthly.sheetnames == ["封面", "销售", "客户访问记录", "商品及服务质量信息反馈单", "客户满意度测评"]


def test_english_templates_have_english_names() -> None:
    assert opened(MONTHLY, "en").sheetnames == [
        "Cover", "Sales", "Visits", "Complaints", "Satisfaction",
    ]  # fmt: skip


def test_headings_are_labels_with_their_units_after_a_running_number(monthly: Workbook) -> None:
    assert header(monthly["销售"]) == [
        "序号", "订货日期", "客户编码", "品规编码", "订货量(条)", "销量(条)", "金额(元)", "期末库存(条)",
    ]  # fmt: skip


def test_the_example_row_is_marked_and_data_begins_below_it(own: Workbook) -> None:
    sheet = own["销售"]
    assert sheet["A4"].value == "示例"
    assert sheet["A5"].value == 1
    assert [sheet[cell].value for cell in ("B5", "C5", "E5")] == [dt.datetime(2024, 6, 3), "030101100001", "P001"]


def test_the_cover_says_who_and_when_and_ticks_nil_forms(own: Workbook) -> None:
    cover = {row[0].value: row[1].value for row in own["封面"].iter_rows() if row[0].value}
    assert cover["客户经理编码"] == "M001"
    assert cover["客户经理姓名"] == "李明"
    assert cover["月份"] == "2024-06"
    assert cover["商品及服务质量信息反馈单"] == "√"
    assert not cover["销售"]


def test_master_templates_ask_for_the_month_they_hold_from_and_for_no_manager() -> None:
    cover = [cell.value for cell in opened(forms_of("master", TOBACCO))["封面"]["A"]]
    assert "生效月份" in cover
    assert "客户经理编码" not in cover


def test_the_name_beside_a_code_can_be_read_without_calculating(own: Workbook) -> None:
    formula = "=_xlfn.IFNA(INDEX('列表'!$B$2:$B$3,MATCH(C5,'列表'!$A$2:$A$3,0)),\"\")"
    assert [own["销售"]["D3"].value, own["销售"]["D5"].value] == ["客户名称", formula]
    buffer = io.BytesIO()
    write_template(buffer, MONTHLY, load_words("zh"), TOBACCO, customers=CUSTOMERS, rows={"sales": sales_row()})
    assert openpyxl.load_workbook(buffer, data_only=True)["销售"]["D5"].value == "便民烟酒店"


def test_codes_are_text_so_that_leading_zeros_stay(own: Workbook) -> None:
    assert own["销售"]["C5"].value == "030101100001"
    assert own["销售"]["C5"].number_format == "@"
    assert own["销售"].column_dimensions["C"].width > 12


def test_what_looks_like_a_formula_is_written_as_text() -> None:
    visits = all_forms()["visits"]
    row = pd.DataFrame([{"note": "=1+1", "market_info": "http://example.com"}])
    rows = row.reindex(columns=list(visits.dtypes)).astype(visits.dtypes)
    book = opened((visits,), rows={"visits": rows}, customers=CUSTOMERS)
    shown = {head.value: cell for head, cell in zip(book["客户访问记录"][3], book["客户访问记录"][5], strict=True)}
    note = shown["备注"]
    assert (note.value, note.data_type) == ("=1+1", "s")
    link = shown["收集信息"]
    assert (link.value, link.hyperlink) == ("http://example.com", None)
    assert book["列表"]["B3"].data_type == "s"


def test_lists_offer_what_the_schema_and_the_profile_name(monthly: Workbook) -> None:
    complaints = monthly["商品及服务质量信息反馈单"]
    assert rule_of(complaints, "E5").formula1 == '"商品质量,服务质量,诉求,建议"'  # type: ignore[attr-defined]
    by_heading = {cell.value: cell.coordinate for cell in complaints[3]}
    department = by_heading["责任部门"].replace("3", "5")
    assert rule_of(complaints, department).formula1 == '"营销中心,物流中心,客户服务中心,专卖科"'  # type: ignore[attr-defined]


def test_codes_are_offered_from_the_list_sheet_which_is_visible_and_last(own: Workbook) -> None:
    assert own.sheetnames[-1] == "列表"
    assert own["列表"].sheet_state == "visible"
    rule = rule_of(own["销售"], "C5")
    assert rule.formula1 == "'列表'!$A$2:$A$3"  # type: ignore[attr-defined]
    assert rule.errorStyle == "warning"  # type: ignore[attr-defined]


def test_days_must_lie_in_the_month_of_the_template(own: Workbook) -> None:
    rule = rule_of(own["销售"], "B5")
    first, last = 45444, 45473  # 2024-06-01 and 2024-06-30 as Excel counts days
    assert (rule.type, rule.formula1, rule.formula2) == ("date", str(first), str(last))  # type: ignore[attr-defined]
    assert "2024-06" in rule.prompt  # type: ignore[attr-defined]


def test_complaints_may_have_been_received_in_an_earlier_month(own: Workbook) -> None:
    rule = rule_of(own["商品及服务质量信息反馈单"], "C5")
    assert rule.type == "date"  # type: ignore[attr-defined]
    assert int(rule.formula1) < 45444  # type: ignore[attr-defined]


def test_scores_are_whole_numbers_from_1_to_10(monthly: Workbook) -> None:
    rule = rule_of(monthly["客户满意度测评"], "E5")
    assert (rule.type, rule.formula1, rule.formula2) == ("whole", "1", "10")  # type: ignore[attr-defined]
    assert rule.error == "填整数，1 到 10 之间"  # type: ignore[attr-defined]


def test_comments_on_headings_say_required_unit_list_and_help(monthly: Workbook) -> None:
    sheet = monthly["销售"]
    sold = next(cell for cell in sheet[3] if cell.value == "销量(条)")
    assert sold.comment
    assert sold.comment.text.split("\n") == ["销量(条)", "必填，填整数", "单位：条", "实际供货量；退货填负数"]
    kind = next(cell for cell in monthly["客户访问记录"][3] if cell.value == "访问类型")
    assert kind.comment
    assert "可填：计划、特殊" in kind.comment.text


def test_only_cells_for_input_are_open(own: Workbook) -> None:
    sheet = own["销售"]
    assert sheet.protection.sheet
    assert sheet["C3"].protection.locked
    assert sheet["C4"].protection.locked
    assert not sheet["C5"].protection.locked
    assert not own["封面"]["B3"].protection.locked


def test_the_header_stays_in_sight_on_screen_and_on_paper(monthly: Workbook) -> None:
    sheet = monthly["销售"]
    assert sheet.freeze_panes == "B4"
    assert (sheet.print_title_rows, sheet.print_title_cols) == ("$3:$3", "$A:$C")
    assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
    assert (sheet.page_setup.fitToWidth or 1, sheet.page_setup.fitToHeight) == (1, 0)


def test_wide_forms_are_printed_over_two_pages_so_that_they_can_be_read(monthly: Workbook) -> None:
    setup = monthly["商品及服务质量信息反馈单"].page_setup
    assert (setup.fitToWidth, setup.fitToHeight) == (2, 0)


def test_a_list_longer_than_an_input_rule_can_hold_stands_on_the_list_sheet(added: Form) -> None:
    book = opened((added,))
    rule = rule_of(book["促销-品-"], "C5")
    assert rule.formula1 == "'列表'!$A$2:$A$61"  # type: ignore[attr-defined]
    assert book["列表"]["A61"].value == "一个很长的促销品名称59"


def test_a_form_added_as_one_class_gets_its_sheet(added: Form) -> None:
    in_use = TOBACCO.model_copy(update={"other_forms": (*TOBACCO.other_forms, added.key)})
    book = opened(forms_of("monthly", in_use))
    assert "促销-品-" in book.sheetnames
    assert header(book["促销-品-"]) == ["序号", "数量(个)", "促销品"]


@pytest.fixture
def added() -> Iterator[Form]:
    items = tuple(Choice(str(number), f"一个很长的促销品名称{number}", f"Item {number}") for number in range(60))

    @form("promotions_tried", "促销:品?", "Promotion")
    class Tried(pa.DataFrameModel):
        """One row per item given."""

        quantity: Series[pd.Int64Dtype] = column("whole", "数量", "Quantity", unit="个", least=1)
        item: Series[str] = column("choice", "促销品", "Item", choices=items)

    yield all_forms()["promotions_tried"]
    forget("promotions_tried")


def test_texts_typed_into_number_cells_are_kept_as_typed() -> None:
    rows = sales_row().astype({"sold_qty": object})
    rows["sold_qty"] = ["约40"]
    book = opened((all_forms()["sales"],), rows={"sales": rows})
    assert book["销售"]["F5"].value == "约40"


def test_keys_flags_and_clock_times_are_shown_as_people_write_them() -> None:
    visits = all_forms()["visits"]
    given = {"visit_kind": "special", "arrived_at": 9 * 60 + 10, "informed": True, "lawful": False}
    rows = pd.DataFrame([given]).reindex(columns=list(visits.dtypes)).astype(visits.dtypes)
    sheet = opened((visits,), rows={"visits": rows})["客户访问记录"]
    shown = {head.value: cell.value for head, cell in zip(sheet[3], sheet[5], strict=True)}
    assert shown["访问类型"] == "特殊"
    assert shown["到达时间"] == dt.time(9, 10)
    assert (shown["传递信息"], shown["守法经营"]) == ("是", "否")
    assert shown["备注"] is None


def test_open_complaints_stand_in_the_template_already() -> None:
    complaints = all_forms()["complaints"]
    case = pd.DataFrame([{"complaint_no": "TS202405001", "category": "request"}])
    rows = case.reindex(columns=list(complaints.dtypes)).astype(complaints.dtypes)
    sheet = opened((complaints,), open_cases={"complaints": rows})["商品及服务质量信息反馈单"]
    assert [sheet["B5"].value, sheet["E5"].value] == ["TS202405001", "诉求"]


def test_the_same_contents_give_the_same_bytes() -> None:
    first, second = io.BytesIO(), io.BytesIO()
    for buffer in (first, second):
        write_template(buffer, MONTHLY, load_words("zh"), TOBACCO, month=JUNE, customers=CUSTOMERS)
    assert first.getvalue() == second.getvalue()
