"""Letters as planned: who gets one, what it says, what stays out of it."""

import datetime as dt
import json
import re
from dataclasses import replace
from html.parser import HTMLParser

import pandas as pd
import pytest
from letters_builder import FIGURES, WORKBOOK, letter, masters, metric, planned, report

from pipeline.contract.page_one import PageFinding, PageOne
from pipeline.contract.report import SUBMISSION_COLUMNS
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
    assert made.subject == "城东区市场月报 2024年6月"
    assert made.text.startswith("王建国：\n\n")
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
        if self.rows and self.lasttag in ("td", "th", "span") and data.strip():
            self.rows[-1].append(data)


def test_html_has_one_table_that_repeats_none_of_the_three_figures_and_fetches_nothing():
    rows = [
        metric("region", "R01", "volume", 125_430, change=5.14, yoy=-2.0, completion=98.26),
        metric("region", "R01", "amount", 18_765_432.1, change=0.01),
        metric("region", "R01", "plan_completion", 88.9, change=-1.5),
        metric("region", "R01", "complaints", None),
        metric("region", "R01", "satisfaction", 82.0, change=-0.6),
    ]
    html = letter(report(metrics=pd.DataFrame(rows))).html
    cells = _Cells()
    cells.feed(html)
    assert cells.rows == [["指标", "本月", "环比"], ["投诉件数", "—", "—"], ["满意度指数", "82.0分", "▼0.6分"]]
    assert html.count("<table") == 1
    assert "库存<偏高>&需关注。" in cells.texts
    assert not HTML_FETCHES.search(html)


def test_a_change_has_an_arrow_for_its_way_and_a_colour_for_whether_it_is_good():
    # complaints rose: up, and bad; volume rose: up, and good; nothing moved: neither
    rows = [
        metric("region", "R01", "volume", 100.0, change=5.0),
        metric("region", "R01", "amount", 100.0, change=0.0),
        metric("region", "R01", "complaints", 40.0, change=-20.0, comparable=40, previous_comparable=50),
    ]
    figures = (FIGURES[0], FIGURES[1], replace(FIGURES[3], better="lower"))
    made = plan_letter(report(metrics=pd.DataFrame(rows)), figures, masters(), WORKBOOK)
    assert not isinstance(made, NoLetter)
    good = re.findall(r'<span style="color:#1a7f37">([^<]*)</span>', made.html)
    assert good == ["▲增长5.0%", "▼下降20.0%"]
    assert "#c62828" not in made.html
    assert "环比持平" in made.html


def test_a_letter_reads_on_a_telephone_of_390_pixels():
    html = letter().html
    widths = [int(one) for one in re.findall(r"(?<![-\w])(?:min-)?width\s*[:=]\s*[\"']?(\d+)(?:px|[\"'])", html)]
    assert [one for one in widths if one > 360] == []
    assert "width:100%" in html or "<table" not in html
    unbroken = re.findall(r'nowrap">([^<]*)</t[dh]>', html)  # values, as "100.0%": its sign stays beside it
    assert html.count("nowrap") == len(unbroken) and max(map(len, unbroken), default=0) <= 12
    assert 'content="width=device-width' in html


def test_a_letter_holds_nothing_of_others():
    made = letter()
    for text in (made.text, made.html, made.subject):
        assert not re.search("999,777|4,321|西山|赵敏|zhao", text)


def test_an_english_letter_holds_no_chinese_but_data():
    made = letter(report("en", sentences={}, settings=report("en").settings), regional_manager="Wang")
    without_data = made.text.replace("城东区", "").replace("示例市烟草公司", "").replace("营销中心", "")
    assert not re.search(r"[\u3000-\u9fff\uff00-\uffef]", without_data)
    assert "· Volume: 125,430 cartons, up 5.1% on last month" in made.text


def test_a_second_edition_is_marked_as_correction_and_says_what_changed():
    rows = [
        ("region", "R01", "volume", 125_000.0, 125_430.0, "x.xlsx"),
        ("organisation", "ALL", "volume", 5.0, 6.0, ""),
    ]
    changes = pd.DataFrame(rows, columns=["level", "entity_id", "figure", "before", "after", "file"])
    made = letter(report(edition=2, changes=changes))
    assert made.subject == "【更正·第2版】城东区市场月报 2024年6月"
    assert "· 销量：由125,000条更正为125,430条\n" in made.text
    assert "5条" not in made.text
    assert "更正" not in letter().text + letter().subject


def test_line_breaks_never_reach_a_header():
    names = report().names.assign(name="城东\r\nBcc: spy@example.org\u2028区")
    made = letter(report(names=names), regional_manager="王\r\n\tBcc: spy@example.org\x00")
    assert made.subject.splitlines() == ["城东 Bcc: spy@example.org 区市场月报 2024年6月"]
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
    assert letter(
        report(mail=mail), Workbook("a.xlsx", "regions/a.xlsx", 1_461_480, "a.xlsx")
    ).attachments  # 25,640 × 57
    assert not letter(report(mail=mail), Workbook("a.xlsx", "regions/a.xlsx", 1_461_539, "a.xlsx")).attachments


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
    for text in (
        '{"letters": 3',
        "[]",
        "3",
        '{"letters": 3}',
        '{"letters": ["a"], "without": []}',
        '{"letters": [3]}',
    ):
        (tmp_path / "outbox" / "letters.json").write_text(text, encoding="utf-8")
        assert read_outbox(tmp_path) is None


def test_a_letter_begins_with_the_message_of_page_one_and_then_says_what_to_do_and_until_when() -> None:
    finding = PageFinding(
        "target",
        "差任务6.00万元",
        cause="王芳差4.00万元。",
        todo="每周对进度",
        owner="王建国",
        due=dt.date(2024, 7, 19),
    )
    well = PageFinding("well", "满意度升2分", is_good=True)
    page = PageOne("6月销售额92.00万元，差任务<6.00>万元", (finding, well), singles="不守法经营1户")
    one = letter(report(page_one=page))
    greeting, first, todo = one.text.split("\n\n")[:3]
    assert greeting.startswith("王建国")
    assert first == page.headline
    assert todo == "要做的事\n· 7月19日前，王建国：每周对进度。任务：差任务6.00万元。王芳差4.00万元。"
    assert one.text.count("每周对进度") == 1  # not told again among the other points
    assert "满意度升2分" in one.text
    assert "· 不守法经营1户\n" in one.text
    assert "<b>6月销售额92.00万元，差任务&lt;6.00&gt;万元</b>" in one.html


def test_a_letter_names_the_workbook_as_its_subject_does() -> None:
    made = letter()
    assert f"附件《{made.subject}》：{WORKBOOK.name}" in made.text
    assert f"<title>{made.subject}</title>" in made.html


def test_a_letter_ends_with_sender_office_and_the_day_to_which_data_came() -> None:
    rows = [
        {"month": "2024-06", "manager_id": "M001", "form": "sales", "state": "on_time", "received_at": day}
        for day in ("2024-07-03T09:00", "2024-07-01T10:00")
    ]
    sent = pd.DataFrame(rows).reindex(columns=list(SUBMISSION_COLUMNS))
    ending = letter(report(submissions=sent)).text.rstrip().split("\n\n")[-1]
    assert ending == "营销中心\n示例市烟草公司\n2024年6月月报　第1版\n数据截至2024-07-03"


def test_a_managers_letter_says_until_when_the_correction_copy_is_expected() -> None:
    copy = Workbook("M001_待更正.xlsx", "corrections/M001_待更正.xlsx", 1000, "x", "f" * 64, dt.date(2024, 7, 5))
    asked = report(level="manager", entity_id="M001", mail={"to_managers": True})
    made = plan_letter(asked, FIGURES, masters(), WORKBOOK, [copy])
    assert not isinstance(made, NoLetter)
    assert made.subject == "客户月度销售情况分析报告（李明） 2024年6月"
    assert made.attachments == (WORKBOOK, copy)
    assert "· 7月5日前：M001_待更正.xlsx\n" in made.text


def test_a_managers_letter_says_what_to_do_and_which_measures_fall_due() -> None:
    found = [
        ("plan_missed", 3, "月末前补访", "计划完成率60%。"),
        ("price_offence", 2, "当面告知", "6月3日未执行指导价。"),
        ("price_offence", 2, "当面告知", "6月5日未执行指导价。"),
        ("usual_matter", 1, "留意", "无妨。"),
    ]
    findings = pd.DataFrame(found, columns=["rule", "severity", "countermeasure", "evidence"])
    findings["rule"] = findings["rule"].replace({"plan_missed": "law_offence", "usual_matter": "overdue_action"})
    measures = pd.DataFrame(
        {
            "problem": ["缺货", "陈列"],
            "countermeasure": ["调整配额", "更换价签"],
            "due_on": pd.to_datetime(["2024-07-12", "2024-09-01"]),
        }
    )
    asked = report(
        level="manager", entity_id="M001", mail={"to_managers": True}, findings=findings,
        details={"open_actions": measures},
    )  # fmt: skip
    made = plan_letter(asked, FIGURES, masters(), WORKBOOK)
    assert not isinstance(made, NoLetter)
    todo = made.text.split("要做的事\n")[1].split("\n\n")[0].split("\n")
    assert [line[: line.index("：") + 5] for line in todo] == [
        "· 7月31日前：月末前补", "· 7月31日前：当面告知", "· 7月12日到期的措施：调整配额",
    ]  # fmt: skip
