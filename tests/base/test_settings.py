"""What is wrong in `yuebao.toml` is told with the key, in words that somebody in an office can act on."""

from pathlib import Path

import pytest

from pipeline.base.errors import SettingsError
from pipeline.contract.settings import load_settings

EXPORT = """
[[exports]]
files = "订单*.csv"
form = "sales"
columns = { manager_id = "经理", order_date = "日期", customer_id = "客户", product_id = "品规", sold_qty = "数量", amount = "金额" }
"""  # noqa: E501


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (EXPORT + "repets = true", "exports.0.repets: 没有这个设置项；请核对拼写"),
        (EXPORT + 'replaces = "day"', "exports.0.replaces: 写的是“day”，只能写：'month', 'days', 'rows', 'span'"),
        (EXPORT + 'times = { sold_qty = "十" }', "exports.0.times.sold_qty: 写的是“十”，这里要写数字（不加引号）"),
        (EXPORT + 'repeats = "是"', "exports.0.repeats: 写的是 是，这里只能写 true 或 false（不加引号）"),
        ("[[exports]]\nform = 'sales'", "exports.0.files: 缺少这一项；请补写"),
        ("[folders]\ninbox = 5", "folders.inbox: 写的是 5，这里要写文字，并加引号"),
        ('[mail]\nport = "abc"', "mail.port: 写的是“abc”，这里要写整数（不加引号）"),
        ('time_zone = "Mars"', "time_zone: 写的是“Mars”，不能使用"),
        ("language = 'zh'\n\nname: x", "第 3 行写法有误"),
    ],
)
def test_a_fault_of_the_settings_names_the_key_and_says_what_to_write(
    tmp_path: Path, text: str, told: str
) -> None:
    (tmp_path / "yuebao.toml").write_text(text, encoding="utf-8")
    with pytest.raises(SettingsError) as fault:
        load_settings(tmp_path)
    assert str(fault.value).startswith(f"yuebao.toml: {told}")


def test_who_reads_english_is_told_in_english(tmp_path: Path) -> None:
    (tmp_path / "yuebao.toml").write_text("language = 'en'\nlanguages = 1", encoding="utf-8")
    with pytest.raises(SettingsError, match="languages: there is no such setting"):
        load_settings(tmp_path)


@pytest.mark.parametrize("encoding", ["gb18030", "utf-16"])
def test_settings_that_the_editor_saved_in_another_encoding_are_told_how_to_save(
    tmp_path: Path, encoding: str
) -> None:
    (tmp_path / "yuebao.toml").write_text("organisation = '城东烟草'", encoding=encoding)
    with pytest.raises(SettingsError, match="编码选 UTF-8"):
        load_settings(tmp_path)


def test_a_byte_order_mark_of_the_windows_editor_is_no_fault(tmp_path: Path) -> None:
    (tmp_path / "yuebao.toml").write_text("organisation = '城东烟草'", encoding="utf-8-sig")
    assert load_settings(tmp_path).organisation == "城东烟草"
