"""Letters as planned: who gets one, what it says, what stays out of it."""

import json
import re
from html.parser import HTMLParser

import pandas as pd
import pytest
from letters_builder import FIGURES, WORKBOOK, letter, masters, planned, report

from pipeline.contract.page_one import PageOne
from pipeline.outbox.addresses import is_address, read_addresses, read_sender
from pipeline.outbox.drafts import read_outbox, write_outbox
from pipeline.outbox.letters import NoLetter, Workbook, plan_letter, travelling_bytes, wants_letter

HTML_FETCHES = re.compile(r"(?i)\b(src|href|url|import|script|link)\b")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a@example.com", ("a@example.com",)),
        (" a@example.com；b@mail.example.com ", ("a@example.com", "b@mail.example.com")),
        ("ａ＠example．com", ("a@example.com",)),
        ("a@example.com, a@example.com", ("a@example.com",)),
        ("a@example.com; not an address", ()),
        ("a@localhost", ()),
        ("a b@example.com", ()),
        ("a@example.com\r\nBcc: spy@example.org", ()),
        ("a@example.com\n", ()),
        ("<a@example.com>", ()),
        ("王建国@example.com", ()),
        ("a..b@example.com", ()),
        ("", ()),
    ],
)
def test_an_address_is_taken_only_when_every_one_in_the_cell_is_right(text, expected):
    assert read_addresses(text) == expected


def test_no_address_is_longer_than_servers_take():
    assert is_address("a" * 60 + "@" + "b" * 60 + ".com")
    assert not is_address("a@" + "b" * 250 + ".com")


def test_a_sender_may_have_a_name():
    sender = read_sender("营销中心 <office@example.com>")
    assert sender is not None
    assert (sender.name, sender.email) == ("营销中心", "office@example.com")
    assert read_sender("office@example.com\r\nBcc: x@example.com") is None


def test_the_letter_goes_to_the_regional_manager_of_the_master_data():
    made = letter()
    assert [(one.name, one.email) for one in made.to] == [("王建国", "wang@example.com")]
    assert made.subject == "城东区 2024年6月客户月度销售情况"
    assert made.text.startswith("王建国：\n\n城东区2024年6月")
    assert made.attachments == (WORKBOOK,)


@pytest.mark.parametrize(("email", "reason"), [(None, "no_address"), ("", "no_address"), ("wang", "bad_address")])
def test_without_a_good_address_there_is_no_letter_and_it_is_said(email, reason):
    made = planned(email=email)
    assert made == NoLetter("region/R01", "城东区", reason, email or "")


def test_main_figures_stand_in_the_text_with_their_changes():
    text = letter().text
    assert "· 销量 125,430条，环比增长5.1%，同比下降2.0%，完成目标98.3%\n" in text
    assert "· 销售额 1,876.54万元，环比持平\n" in text
    assert "· 计划完成率 88.9%" in text
    assert "· 投诉件数 —\n" in text
    assert "满意度" not in text  # no such row: the region has no such figure


class _Cells(HTMLParser):
    """The rows of the table, and everything else that is said."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[list[str]] = []
        self.texts: list[str] = []

    def handle_starttag(self, tag, attrs):
        if tag == "tr":
            self.rows.append([])

    def handle_data(self, data):
        self.texts.append(data)
        if self.lasttag in ("td", "th") and data.strip():
            self.rows[-1].append(data)


def test_html_shows_the_same_figures_in_a_table_and_fetches_nothing():
    html = letter().html
    cells = _Cells()
    cells.feed(html)
    assert cells.rows[0] == ["指标", "本月", "环比", "同比", "完成目标"]
    assert cells.rows[1] == ["销量", "125,430条", "增长5.1%", "下降2.0%", "98.3%"]
    assert cells.rows[4] == ["投诉件数", "—", "—", "—", "—"]
    assert "库存<偏高>&需关注。" in cells.texts
    assert not HTML_FETCHES.search(html)


def test_a_letter_holds_nothing_of_others():
    made = letter()
    for text in (made.text, made.html, made.subject):
        assert not re.search("999,777|4,321|西山|赵敏|zhao", text)


def test_an_english_letter_holds_no_chinese_but_data():
    made = letter(report("en", sentences={}, settings=report("en").settings), regional_manager="Wang")
    without_data = made.text.replace("城东区", "").replace("示例市烟草公司", "")
    assert not re.search(r"[\u3000-\u9fff\uff00-\uffef]", without_data)
    assert "· Volume: 125,430 cartons, up 5.1% on last month" in made.text


def test_a_second_edition_is_marked_as_correction_and_says_what_changed():
    rows = [
        ("region", "R01", "volume", 125_000.0, 125_430.0, "x.xlsx"),
        ("organisation", "ALL", "volume", 5.0, 6.0, ""),
    ]
    changes = pd.DataFrame(rows, columns=["level", "entity_id", "figure", "before", "after", "file"])
    made = letter(report(edition=2, changes=changes))
    assert made.subject == "【更正·第2版】城东区 2024年6月客户月度销售情况"
    assert "· 销量：由125,000条更正为125,430条\n" in made.text
    assert "5条" not in made.text
    assert "更正" not in letter().text + letter().subject


def test_line_breaks_never_reach_a_header():
    names = report().names.assign(name="城东\r\nBcc: spy@example.org\u2028区")
    made = letter(report(names=names), regional_manager="王\r\n\tBcc: spy@example.org\x00")
    assert made.subject.splitlines() == ["城东 Bcc: spy@example.org 区 2024年6月客户月度销售情况"]
    assert made.to[0].name == "王 Bcc: spy@example.org"
    assert [one.email for one in made.to] == ["wang@example.com"]


def test_above_the_limit_the_letter_goes_without_the_workbook_and_says_where_it_is():
    large = Workbook(WORKBOOK.name, WORKBOOK.file, 2_000_000, WORKBOOK.shown_at)
    made = letter(report(mail={"largest_mb": 2, "shared_as": "\\\\server\\月报\\"}), large)
    assert made.attachments == ()
    where = "\\\\server\\月报\\output\\2024-06\\regions\\2024-06_R01_城东区.xlsx"
    assert made.note == f"工作簿有1.9 MB，超过邮件附件限额，未随信发送，请到这里打开：{where}"
    assert made.note in made.text
    assert "附件《" not in made.text


def test_the_limit_is_for_what_travels_not_for_the_file():
    assert travelling_bytes(57) == 78  # 76 characters of base64 and a line break
    assert travelling_bytes(58) == 2 * 78
    mail = {"largest_mb": 2_000_000 / (1 << 20)}
    assert letter(report(mail=mail), Workbook("a.xlsx", "a.xlsx", 1_461_480, "a.xlsx")).attachments  # 25,640 × 57
    assert not letter(report(mail=mail), Workbook("a.xlsx", "a.xlsx", 1_461_539, "a.xlsx")).attachments


def test_headquarters_and_managers_get_letters_where_the_settings_say_so():
    nobody, all_of_them = report(), report(mail={"to_managers": True, "to_headquarters": ["hq@example.com"]})
    for level, entity, to in (
        ("manager", "M001", "liming@example.com"),
        ("organisation", "ALL", "hq@example.com"),
    ):
        assert not wants_letter(report(level=level, entity_id=entity))
        asked = report(level=level, entity_id=entity, settings=all_of_them.settings)
        assert wants_letter(asked)
        made = plan_letter(asked, FIGURES, masters(), WORKBOOK)
        assert not isinstance(made, NoLetter)
        assert [one.email for one in made.to] == [to]
    assert wants_letter(nobody)


def test_the_office_gets_copies_where_it_wants_them():
    assert [one.email for one in letter(report(mail={"copy_to": ["a@example.com", "b@example.com"]})).cc] == [
        "a@example.com",
        "b@example.com",
    ]


def test_the_list_of_a_month_names_letters_and_those_without(tmp_path):
    (tmp_path / "regions").mkdir()
    (tmp_path / WORKBOOK.file).write_bytes(b"xlsx")
    made = [("region_R01", letter()), ("region_R02", NoLetter("region/R02", "西山区", "no_address", ""))]
    written = write_outbox(tmp_path, letter().month, 1, "x", made)
    assert read_outbox(tmp_path) == written
    found = json.loads((tmp_path / "outbox" / "letters.json").read_text(encoding="utf-8"))
    assert [one["to"] for one in found["letters"]] == [["wang@example.com"]]
    assert (tmp_path / "outbox" / "region_R01.eml").stat().st_size == found["letters"][0]["bytes"]


def test_a_list_that_cannot_be_read_is_no_list(tmp_path):
    assert read_outbox(tmp_path) is None
    (tmp_path / "outbox").mkdir()
    (tmp_path / "outbox" / "letters.json").write_text('{"letters": 3', encoding="utf-8")
    assert read_outbox(tmp_path) is None


def test_a_letter_begins_with_the_message_of_page_one_and_then_says_what_to_do() -> None:
    page = PageOne("6月销售额92.00万元，差任务<6.00>万元", ())
    sentences = {"overview": (page.headline, "任务：销售额差任务6.00万元。对策：每周对进度；王建国，7月19日前。")}
    one = letter(report(page_one=page, sentences=sentences))
    greeting, first, opening = one.text.split("\n\n")[:3]
    assert greeting.startswith("王建国")
    assert first == page.headline
    assert "2024-06_R01" in opening
    assert one.text.count(page.headline) == 1  # not told again among the sentences
    assert "· 任务：销售额差任务6.00万元。对策：每周对进度；王建国，7月19日前。" in one.text
    assert "<p><b>6月销售额92.00万元，差任务&lt;6.00&gt;万元</b></p>" in one.html
