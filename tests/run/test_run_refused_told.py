"""What was refused is told by name: in the lists, in the words of the run and the board, until there is better."""

import email
import io
import json
import shutil
from email import policy
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from small_home import JUNE, SmallHome, call

pytestmark = pytest.mark.filterwarnings(
    "ignore:.*extension is not supported"
)  # openpyxl's, of the sparklines it passes over
MAPPING = """
[[exports]]
files = "订单*.csv"
form = "sales"
repeats = true


[exports.columns]
manager_id = "业务员"
order_date = "日期"
customer_id = "客户"
product_id = "品规"
sold_qty = "数量"
amount = "金额"
"""
HEADER = "业务员,日期,客户,品规,数量,金额"


@pytest.fixture
def home(tmp_path: Path) -> SmallHome:
    made = SmallHome(tmp_path / "home")
    made.masters()
    return made


def exported(home: SmallHome, *lines: str, name: str = "订单6月.csv") -> None:
    (home.home / "yuebao.toml").write_text(MAPPING, encoding="utf-8")
    home.junk(name, "\r\n".join([HEADER, *lines]).encode())


def quality(home: SmallHome, file: str) -> str:
    """All that stands in a workbook, as one text."""
    book = openpyxl.load_workbook(home.home / "output" / str(JUNE) / file, read_only=True)
    return "\n".join(
        str(cell) for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row if cell
    )


@pytest.mark.slow
def test_rows_of_no_month_or_manager_are_told_wherever_rows_left_out_are_told(home: SmallHome) -> None:
    exported(home, "M001,2024-06-03,C001a,P1,10,1000", "M001,,C001a,P1,3,300", "M999,2024-06-04,C001a,P1,2,200")
    result = home.run()
    assert "本次共 3 行，未采用 2 行（66.67%），涉及金额 500.00 元，占 33.33%" in result.output
    problems = home.csv("problems")
    assert set(zip(problems["cell"], problems["month"], strict=True)) == {("B3", "2024-06"), ("A4", "2024-06")}
    board = home.csv("submissions")
    assert board[board["manager_id"] == ""][["form", "rows", "left_out", "file"]].values.tolist() == [
        ["sales", "2", "2", "订单6月.csv"]
    ]
    assert "M999" in quality(home, "headquarters.xlsx")
    copy = openpyxl.load_workbook(home.home / "output" / "2024-06" / "corrections" / "订单6月_待更正.xlsx")
    lines = [row for row in copy["错误清单"].iter_rows() if isinstance(row[0].value, int)]
    assert {row[2].value for row in lines} == {"B3", "A4"}


@pytest.mark.slow
def test_a_refused_file_is_a_line_of_the_lists_until_its_sender_sends_better(home: SmallHome) -> None:
    home.sends("M001", (3, "C001a", 10))
    home.junk("月报_M002_王芳.xlsx", b"PK this is no workbook")
    assert "月报_M002_王芳.xlsx" in home.run().output
    problems, board = home.csv("problems"), home.csv("submissions")
    (line,) = problems[problems["file"] == "月报_M002_王芳.xlsx"].to_dict("records")
    assert (line["cell"], line["effect"], line["month"]) == ("", "form left out", "2024-06")
    (row,) = board[board["file"] == "月报_M002_王芳.xlsx"].to_dict("records")
    assert (row["manager_id"], row["form"], row["state"]) == ("M002", "", "refused")
    assert "月报_M002_王芳.xlsx" in quality(home, "headquarters.xlsx")
    assert "以前退回、至今没有更正的文件 1 个：月报_M002_王芳.xlsx" in home.run().output
    at = ["--home", str(home.home), "--month", "2024-06"]
    assert "月报_M002_王芳.xlsx (2024-06)" in call("status", *at).stdout
    assert json.loads(call("status", *at, "--json").stdout)["refused"] == [
        {"file": "月报_M002_王芳.xlsx", "manager_id": "M002", "month": "2024-06"}
    ]
    home.sends("M002", (4, "C002a", 5), saved="2024-07-04T09:00")
    assert "月报_M002_王芳.xlsx" not in home.run().output
    assert "月报_M002_王芳.xlsx" not in set(home.csv("problems")["file"]) | set(home.csv("submissions")["file"])
    assert "月报_M002_王芳.xlsx" not in call("status", *at).stdout


@pytest.mark.slow
def test_a_file_refused_after_its_month_was_written_is_told_in_that_month(june: SmallHome) -> None:
    june.junk("无名.xlsx", b"nothing to read", saved="2026-11-20T09:00")
    june.run(books=False)
    assert "无名.xlsx" in set(june.csv("problems")["file"])
    assert "无名.xlsx" in set(june.csv("submissions")["file"])


@pytest.mark.slow
def test_a_month_whose_only_form_is_refused_whole_has_its_lists_and_its_copy(home: SmallHome) -> None:
    home.sends("M001", (3, "C999x", 10), nil=[])
    result = home.run()
    assert result.exit_code == 0
    assert "M001.xlsx" in result.output and "2024-06：收到的报表全部退回" in result.output
    assert home.state("M001") == "refused"
    problems = home.csv("problems")
    assert ("", "form left out") in set(zip(problems["cell"], problems["effect"], strict=True))
    corrections = home.home / "output" / "2024-06" / "corrections"
    assert [path.name for path in corrections.iterdir()] == ["M001_待更正.xlsx"]
    assert "M001.xlsx (2024-06)" in home.run().output
    home.sends("M001", (3, "C001a", 10), saved="2024-07-04T09:00")
    assert "M001.xlsx (2024-06)" not in home.run().output
    assert home.value("volume") == 10


@pytest.mark.slow
def test_lists_of_a_refused_month_that_were_deleted_are_written_again(home: SmallHome) -> None:
    home.sends("M001", (3, "C999x", 10), nil=[])
    home.run()
    shutil.rmtree(home.home / "output")
    home.run()
    assert home.state("M001") == "refused"


@pytest.mark.slow
def test_files_in_the_inbox_are_told_by_the_board_as_waiting(june: SmallHome) -> None:
    june.sends("M002", (4, "C002a", 5), name="月报_2024-06_M002.xlsx")
    june.sends("M003", (4, "C003a", 5), name="新建 Microsoft Excel 工作表.xlsx")
    at = ["--home", str(june.home), "--month", "2024-06"]
    board = json.loads(call("status", *at, "--json").stdout)
    states = {one["manager_id"]: one["state"] for one in board["submissions"] if one["form"] == "sales"}
    assert states == {"M001": "on time", "M002": "waiting", "M003": "missing"}
    assert [one["file"] for one in board["waiting"]] == [
        "新建 Microsoft Excel 工作表.xlsx",
        "月报_2024-06_M002.xlsx",
    ]
    shown = call("status", *at).stdout
    assert "待收取" in shown and "收件夹里有 2 个文件待收取" in shown and "看不出是谁的" in shown


@pytest.mark.slow
def test_a_form_left_out_of_a_file_that_is_taken_in_is_told_by_the_run(home: SmallHome) -> None:
    sale = {"order_date": pd.Timestamp(2024, 6, 3), "customer_id": "C001a", "product_id": "P1", "sold_qty": 1,
            "amount": 100.0}  # fmt: skip
    asked = {"surveyed_on": pd.Timestamp(2024, 6, 3), "customer_id": "C999x"}
    home.sends("M001", rows={"sales": [sale], "satisfaction": [asked]}, nil=["visits", "complaints"])
    output = home.run().output
    assert "另有 1 个文件的部分表退回" in output and "M001.xlsx，工作表「客户满意度测评」" in output


def letters(home: SmallHome) -> dict[str, email.message.EmailMessage]:
    folder = home.home / "output" / "2024-06" / "outbox"
    return {
        path.stem: email.message_from_bytes(path.read_bytes(), policy=policy.default)  # type: ignore[arg-type]
        for path in folder.glob("*.eml")
    }


@pytest.mark.slow
def test_letters_name_missing_forms_take_copies_along_and_never_say_that_there_were_no_complaints(
    home: SmallHome,
) -> None:
    (home.home / "yuebao.toml").write_text(
        '[mail]\nto_managers = true\nto_headquarters = ["hq@example.com"]\n', encoding="utf-8"
    )
    book = openpyxl.load_workbook(home.inbox / "主数据.xlsx")
    sheet = next(one for one in book if one.title == "客户经理")
    column = next(cell.column for cell in sheet[3] if cell.value == "邮箱")
    for row in range(4, 12):
        if str(sheet.cell(row, 2).value or "").startswith("M00"):
            sheet.cell(row, column).value = f"m{row}@example.com"
    buffer = io.BytesIO()
    book.save(buffer)
    (home.inbox / "主数据.xlsx").write_bytes(buffer.getvalue())
    home.sends("M001", (3, "C001a", 10), (4, "C999x", 2), nil=["visits"])
    home.run()
    (own,) = (letter for name, letter in letters(home).items() if "M001" in name)
    said = own.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    assert "商品及服务质量信息反馈单、客户满意度测评未报" in said and "本月无投诉" not in said
    assert "M001_待更正.xlsx" in said
    assert [part.get_filename() for part in own.iter_attachments()][1:] == ["M001_待更正.xlsx"]
    whole = letters(home)["headquarters"]
    said = whole.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    assert "王芳：" in said and "赵强：" in said and "本月无投诉" not in said
    assert len(list(whole.iter_attachments())) == 1
