"""Drafts as mail programs read them: parsed back with the standard library."""

import datetime as dt
import email
import email.policy
import re
from dataclasses import replace
from email.header import decode_header, make_header
from email.message import EmailMessage
from email.utils import getaddresses

import pytest
from hypothesis import given
from hypothesis import strategies as st
from letters_builder import CONTENT, FILE, WORKBOOK, letter, report

from pipeline.outbox.addresses import Address, one_line
from pipeline.outbox.eml import as_sent, draft_bytes, message_id_of
from pipeline.outbox.headers import address_header, file_headers, text_header
from pipeline.outbox.letters import Letter


def parsed(data: bytes) -> EmailMessage:
    message = email.message_from_bytes(data, policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    return message


def draft(of: Letter | None = None) -> bytes:
    return draft_bytes(of or letter(), {FILE: CONTENT})


def test_a_draft_opens_as_an_unsent_message():
    message = parsed(draft())
    assert message["X-Unsent"] == "1"
    assert message["MIME-Version"] == "1.0"
    assert message["Date"].datetime == dt.datetime(2024, 7, 1, tzinfo=dt.timezone(dt.timedelta(hours=8)))
    assert message["Subject"] == "城东区市场月报 2024年6月"
    assert [(one.display_name, one.addr_spec) for one in message["From"].addresses] == [
        ("营销中心", "office@example.com")
    ]
    assert [(one.display_name, one.addr_spec) for one in message["To"].addresses] == [
        ("王建国", "wang@example.com")
    ]
    assert message["Cc"] is None
    assert not [part.defects for part in message.walk() if part.defects]


def test_text_html_and_workbook_come_back_as_they_were():
    message = parsed(draft())
    assert message.get_content_type() == "multipart/mixed"
    alternative, attachment = message.iter_parts()
    assert alternative.get_content_type() == "multipart/alternative"
    texts = [part.get_content().replace("\r\n", "\n") for part in alternative.iter_parts()]
    assert texts == [letter().text, letter().html]
    assert attachment.get_content() == CONTENT
    assert attachment.get_content_disposition() == "attachment"


def test_the_file_name_stands_in_both_ways_of_writing_it():
    attachment = next(iter(parsed(draft()).iter_attachments()))
    assert attachment["Content-Disposition"].params["filename"] == WORKBOOK.name
    assert attachment["Content-Type"].params["name"] == WORKBOOK.name
    assert b"filename*" in draft()
    assert b'name="=?utf-8?B?' in draft()


def test_a_message_is_ascii_with_short_lines_that_end_as_the_standard_says():
    data = draft(letter(report(mail={"copy_to": [f"office{number}@example.com" for number in range(20)]})))
    assert data.isascii()
    assert not re.search(rb"(?<!\r)\n|\r(?!\n)", data)
    lines = data.split(b"\r\n")
    assert max(len(line) for line in lines if b"=?" in line) <= 76  # RFC 2047
    media_type = b"Content-Type: application/vnd.openxmlformats-officedocument.spreadsheetml.sheet;"
    assert max(len(line) for line in lines if line != media_type) <= 78  # RFC 5322, where it can be


def test_the_same_letter_gives_the_same_bytes_and_another_one_another_message_id():
    assert draft() == draft()
    other = replace(letter(), text=letter().text + "!")
    assert message_id_of(draft(other)) != message_id_of(draft())
    assert re.fullmatch(r"<2024-06\.1\.[0-9a-f]{32}@example\.com>", message_id_of(draft()))


def test_without_a_sender_the_draft_leaves_it_to_the_mail_program():
    made = letter(report(mail={"sender": ""}))
    message = parsed(draft(made))
    assert message["From"] is None
    assert message["Message-ID"].endswith("@yuebao.invalid>")


def test_what_goes_out_is_no_draft_and_has_the_time_of_sending():
    now = dt.datetime(2024, 7, 8, 9, 30, tzinfo=dt.UTC)
    sent = as_sent(draft(), now)
    message = parsed(sent)
    assert message["X-Unsent"] is None
    assert message["Date"].datetime == now
    assert message["Message-ID"] == message_id_of(draft())
    assert sent.partition(b"\r\n\r\n")[2] == draft().partition(b"\r\n\r\n")[2]


@pytest.mark.parametrize(
    "name",
    [
        "报告.xlsx",
        "2024-06_R01.xlsx",
        "a b.xlsx",
        "很长的名字" * 16 + ".xlsx",
        "引'号\"%;=.xlsx",
        "😀 城.xlsx",
        "=?x?=.xlsx",
    ],
)
def test_file_names_of_all_kinds_come_back(name):
    head = "\r\n".join(file_headers("application/octet-stream", name))
    message = parsed(f"{head}\r\n\r\n".encode("ascii"))
    assert message["Content-Disposition"].params["filename"] == name
    assert max(len(line) for line in head.split("\r\n")) <= 78


@pytest.mark.parametrize(
    "name", ["Wang Jianguo", "Wang, J. (East)", 'a"b\\c', "王建国", "欧阳晓明" * 15, "=?utf-8?B?YQ==?=", ""]
)
def test_names_of_all_kinds_come_back(name):
    header = address_header("To", [Address(name, "a@example.com"), Address("", "b@example.com")])
    # the older parser: the newer one puts spaces between encoded words, against RFC 2047 section 6.2
    found = getaddresses([email.message_from_string(f"{header}\n\n")["To"].replace("\r\n", "")])
    names = [(str(make_header(decode_header(one))), address) for one, address in found]
    assert names == [(name, "a@example.com"), ("", "b@example.com")]


@given(st.text(max_size=120))
def test_any_subject_comes_back_on_one_header_and_nothing_is_added(text):
    header = text_header("Subject", text)
    message = parsed(f"{header}\r\nX-Last: 1\r\n\r\n".encode("ascii"))
    assert message.keys() == ["Subject", "X-Last"]
    assert str(message["Subject"]) == one_line(text)
    assert all(line.startswith((" ", "Subject: ")) for line in header.split("\r\n"))


def test_injected_headers_do_not_become_headers():
    made = letter(regional_manager="王\r\nBcc: spy@example.org\r\n\r\nbody")
    message = parsed(draft(replace(made, subject="a\r\nBcc: spy@example.org")))
    assert message["Bcc"] is None
    assert [one.addr_spec for one in message["To"].addresses] == ["wang@example.com"]
