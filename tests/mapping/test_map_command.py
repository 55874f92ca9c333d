"""`yuebao map`: what it says, what it writes into the settings, and the lists that it draws."""

import json
import os
import zipfile
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from pipeline.cli import main
from pipeline.contract.settings import load_settings
from pipeline.intake.read import read_book

LINES = [
    "订单日期,客户编号,客户名称,商品编号,商品名称,数量,销售额,业务员编号,业务员,区域",
    "2024-05-03,C1,甲店,P1,红,5,500.25,M1,李明,城东",
    "2024-05-04,C2,乙店,P2,蓝,7,700.50,M2,王芳,城西",
    "2024-06-03,C1,甲店,P1,红,2,200.10,M2,王芳,城西",
    "2024-06-03,C1,甲店,P1,红,1,100.05,M2,王芳,城西",
]
SETTINGS = '# 本单位的设置\norganisation = "某公司"  # 名称\n\n[profile]\nname = "tobacco"\n'


@pytest.fixture
def home(tmp_path: Path) -> Path:
    (tmp_path / "yuebao.toml").write_text(SETTINGS, encoding="utf-8")
    (tmp_path / "orders_2024.csv").write_text("\n".join(LINES), encoding="utf-8")
    return tmp_path


def run(home: Path, *more: str) -> Result:
    return CliRunner().invoke(main, ["map", str(home / "orders_2024.csv"), "--home", str(home), *more])


def test_it_says_form_columns_first_rows_counts_and_sums(home):
    said = run(home).output
    assert "像是「销售」表（有把握）" in said
    assert "客户编码 customer_id ← 客户编号" in said
    assert "2024-05-03 | C1 | P1 | 5 | 500.25 | M1" in said
    assert "读到 4 行：采用 4，不采用 0，不是数据 0" in said
    assert "金额合计 1500.90" in said
    assert (home / "yuebao.toml").read_text(encoding="utf-8") == SETTINGS


def test_json_has_the_same(home):
    told = json.loads(run(home, "--json").output)
    assert told["proposals"][0]["form"] == "sales"
    assert {one["column"]: one["taken"] for one in told["trial"]["sums"]} == {
        "sold_qty": "15.00",
        "amount": "1500.90",
    }


def test_write_adds_the_mapping_and_leaves_all_else_as_it_stood(home):
    assert run(home, "--write").exit_code == 0
    text = (home / "yuebao.toml").read_text(encoding="utf-8")
    assert text.startswith(SETTINGS)
    (export,) = load_settings(home).exports
    assert (export.files, export.form, export.repeats) == ("orders_*.csv", "sales", True)
    again = run(home, "--write")
    assert (again.exit_code, (home / "yuebao.toml").read_text(encoding="utf-8")) == (1, text)
    assert "已有一段对应 sales 表的设置" in again.output


def test_settings_with_the_line_ends_and_mark_of_windows_keep_them(home):
    file = home / "yuebao.toml"
    file.write_bytes(b"\xef\xbb\xbf" + SETTINGS.replace("\n", "\r\n").encode())
    assert run(home, "--write").exit_code == 0
    data = file.read_bytes()
    assert data.startswith(b"\xef\xbb\xbf#")
    assert data.count(b"\n") == data.count(b"\r\n")
    assert load_settings(home).exports[0].form == "sales"


def test_what_cannot_be_used_as_it_stands_is_not_written(home):
    (home / "orders_2024.csv").write_text("订单日期,客户编号,销售额\n2024-06-03,C1,5\n", encoding="utf-8")
    answer = run(home, "--write")
    assert answer.exit_code == 1
    assert "还不能写入设置" in answer.output
    assert (home / "yuebao.toml").read_text(encoding="utf-8") == SETTINGS


@pytest.mark.parametrize(
    ("data", "said"),
    [(b"%PDF-1.7", "无法读取"), (b"a,b\n1,2\n", "不像任何一张表"), (os.urandom(2000), "无法读取")],
)
def test_a_file_that_is_no_table_of_ours_is_told_in_one_sentence(home, data, said):
    (home / "orders_2024.csv").write_bytes(data)
    answer = run(home)
    assert answer.exit_code == 1
    assert said in answer.output
    assert "Traceback" not in answer.output


def test_lists_are_drawn_with_the_newest_of_each_code_and_what_changed(home):
    said = run(home, "--masters", str(home / "名单.xlsx")).output
    assert "客户档案 C1：2024-06 起客户经理编码由“M1”改为“M2”" in said
    book = read_book((home / "名单.xlsx").read_bytes(), "名单.xlsx")
    cells = {sheet.name: [cell for row in sheet.rows for cell in row] for sheet in book.sheets}  # type: ignore[union-attr]
    assert {"C1", "甲店", "M2", "C2", "乙店"} <= set(cells["客户档案"])
    assert {"M1", "李明", "M2", "王芳"} <= set(cells["客户经理"])
    assert {"P1", "红", "P2", "蓝"} <= set(cells["品规"])
    assert {"城东", "城西"} <= set(cells["区域"])
    assert "已存在" in run(home, "--masters", str(home / "名单.xlsx")).output


def zipped(home: Path, *names: str) -> Path:
    """A zip of the orders under some names."""
    path = home / "发来的表.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for name in names:
            archive.write(home / "orders_2024.csv", name)
    return path


def test_the_one_file_in_a_zip_is_mapped_under_its_own_name(home):
    path = zipped(home, "orders_2024.csv")
    assert CliRunner().invoke(main, ["map", str(path), "--home", str(home), "--write"]).exit_code == 0
    assert [one.files for one in load_settings(home).exports] == ["orders_*.csv"]


def test_a_zip_of_several_files_names_them_and_writes_nothing(home):
    path = zipped(home, "orders_2024.csv", "orders_2023.csv")
    done = CliRunner().invoke(main, ["map", str(path), "--home", str(home), "--write"])
    assert done.exit_code == 1
    assert "orders_2024.csv" in done.output
    assert "orders_2023.csv" in done.output
    assert (home / "yuebao.toml").read_text(encoding="utf-8") == SETTINGS
