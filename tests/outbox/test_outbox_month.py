"""From the month's run to the letters: drafts beside the workbooks, the list, sending through the command."""

import email
import email.policy
import json
import re
import shutil
import zipfile
from io import BytesIO

import pytest
from letters_home import JUNE, report, send_sales, set_up, settings, yuebao
from mail_servers import Mailbox, mail_server

from pipeline.ledger.lock import ledger_lock
from pipeline.outbox.journal import JOURNAL, Journal, LetterId
from pipeline.words import load_words

MAIL = 'sender = "office@example.com"\nsecurity = "none"\nhost = "127.0.0.1"\npause_seconds = 0\n'
R01 = LetterId("2024-06", 1, "region/R01")
pytestmark = pytest.mark.slow  # a month with its workbooks and letters


def _reported(home):
    set_up(home, MAIL)
    report(home)


@pytest.fixture
def home(own_copy):
    return own_copy("letters_drafted", _reported)


@pytest.fixture
def mailbox():
    return Mailbox()


def outbox(home):
    return home / "output" / str(JUNE) / "outbox"


def listed(home, *args):
    found = yuebao(home, "send", "--json", *args)
    return {one["key"]: one for one in json.loads(found.stdout)["letters"]}, found.exit_code


def sent(home, mailbox, *args, **mail):
    """What the list says after sending to a server that runs meanwhile."""
    with mail_server(mailbox) as port:
        settings(home, MAIL + f"port = {port}\n" + "".join(f"{key} = {value}\n" for key, value in mail.items()))
        return listed(home, "--send", *args)


def test_the_run_writes_a_draft_with_the_workbook_as_it_stands_in_the_folder(home):
    (draft,) = outbox(home).glob("*.eml")
    assert draft.name == "region_2024-06_R01_城东区.eml"
    message = email.message_from_bytes(draft.read_bytes(), policy=email.policy.default)
    (attachment,) = message.iter_attachments()
    workbook = home / "output" / str(JUNE) / "regions" / attachment.get_filename()
    assert attachment.get_content() == workbook.read_bytes()
    assert "10条" in message.get_body(("plain",)).get_content()


def test_a_regions_letter_holds_nothing_of_another_region(home):
    (draft,) = outbox(home).glob("*.eml")
    message = email.message_from_bytes(draft.read_bytes(), policy=email.policy.default)
    texts = [part.get_content() for part in message.walk() if part.get_content_maintype() == "text"]
    (attachment,) = message.iter_attachments()
    archive = zipfile.ZipFile(BytesIO(attachment.get_content()))
    texts += [archive.read(name).decode("utf-8") for name in archive.namelist()]
    assert not re.search(
        "R02|西山|赵敏|M002|王芳|330102002|店2", "".join([*texts, str(message["To"]), str(message["Subject"])])
    )


def test_the_list_says_what_would_go_to_whom_and_sends_nothing(home):
    letters, code = listed(home)
    assert code == 0
    assert letters["region/R01"]["to"] == ["wang@example.com"]
    assert letters["region/R01"]["state"] == "draft"
    assert letters["region/R01"]["bytes"] == next(outbox(home).glob("*.eml")).stat().st_size
    assert letters["region/R02"]["state"] == "no_letter"
    assert letters["region/R02"]["reasons"] == [
        "西山区: the master data (for headquarters the settings) have no address"
    ]
    shown = yuebao(home, "send").stdout
    assert "wang@example.com" in shown
    assert "nothing was sent" in shown
    assert not (home / JOURNAL).exists()


def test_every_letter_goes_out_once(home, mailbox):
    first, code = sent(home, mailbox)
    assert (first["region/R01"]["state"], code) == ("sent", 0)
    again, code = sent(home, mailbox)
    assert (again["region/R01"]["state"], code) == ("sent", 0)
    assert mailbox.recipients == ["wang@example.com"]


def test_outputs_made_again_and_a_ledger_made_again_do_not_send_again(home, mailbox):
    sent(home, mailbox)
    shutil.rmtree(home / "output")
    assert yuebao(home, "rebuild", "--workers", "1", "--quiet").exit_code == 0
    sent(home, mailbox)
    assert mailbox.recipients == ["wang@example.com"]


def test_letters_of_a_quarter_go_out_once_beside_those_of_its_months(home, mailbox):
    assert yuebao(home, "period", "2024-Q2", "--workers", "1", "--quiet").exit_code == 0
    first, code = sent(home, mailbox, "--period", "2024-Q2")
    assert (first["region/R01"]["state"], code) == ("sent", 0)
    assert first["region/R01"]["subject"] == "城东区: review, Q2 2024"
    shutil.rmtree(home / "output")
    assert yuebao(home, "rebuild", "--workers", "1", "--quiet").exit_code == 0
    again, code = sent(home, mailbox, "--period", "2024-Q2")
    assert (again["region/R01"]["state"], code) == ("sent", 0)
    assert mailbox.recipients == ["wang@example.com"]
    assert listed(home)[0]["region/R01"]["state"] == "draft"  # June's letter is another


def test_a_letter_begun_by_a_run_that_died_is_told_and_goes_only_when_asked_for(home, mailbox):
    Journal(home).begun(R01, "2024-07-08T12:00:00+08:00", "<x>", ["wang@example.com"])
    letters, code = sent(home, mailbox)
    assert (letters["region/R01"]["state"], code) == ("uncertain", 1)
    assert "--again region/R01" in letters["region/R01"]["reasons"][1]
    assert not mailbox.taken
    letters, code = sent(home, mailbox, "--again", "region/R01")
    assert (letters["region/R01"]["state"], code) == ("sent", 0)
    assert mailbox.recipients == ["wang@example.com"]


def test_a_failure_is_exit_code_1_and_the_next_sending_goes_on_where_it_was(home, mailbox):
    mailbox.answers_to["wang@example.com"] = ["550 mailbox full"]
    letters, code = sent(home, mailbox)
    assert (letters["region/R01"]["state"], code) == ("failed", 1)
    assert letters["region/R01"]["reasons"] == ["wang@example.com was refused: 550 mailbox full"]
    assert listed(home)[0]["region/R01"]["state"] == "failed"
    letters, code = sent(home, mailbox)
    assert (letters["region/R01"]["state"], code) == ("sent", 0)


def test_a_second_edition_is_a_new_letter_marked_as_correction(home, mailbox):
    sent(home, mailbox)
    send_sales(home, "M001", 12, day=9)
    said = report(home)
    assert "信件草稿 1 封" in said
    assert "没有信的（缺邮箱或写错）：西山区" in said
    letters, code = sent(home, mailbox)
    assert (letters["region/R01"]["state"], code) == ("sent", 0)
    assert letters["region/R01"]["subject"].startswith("【更正·第2版】")
    assert len(mailbox.taken) == 2
    body = email.message_from_bytes(mailbox.taken[1][1], policy=email.policy.default).get_body(("plain",))
    assert "销量：由10条更正为12条" in body.get_content()


def test_a_refused_form_sends_no_letter_again_but_its_correction_copy_to_its_manager(home, mailbox):
    settings(home, MAIL + "to_managers = true\n")
    report(home, "--month", "2024-06")
    sent(home, mailbox, to_managers="true")
    assert sorted(mailbox.recipients) == ["liming@example.com", "wang@example.com", "wangfang@example.com"]
    send_sales(home, "M001", 12, day=9, customer="330102999", name="M001_再报.xlsx")
    said = report(home)
    assert "M001_再报.xlsx" in said
    assert "信件草稿 1 封" in said
    letters, code = sent(home, mailbox, to_managers="true")
    assert (letters["region/R01"]["state"], code) == ("sent", 0)
    assert mailbox.recipients[3:] == ["liming@example.com"]
    assert "M001_再报_待更正.xlsx" in letters["manager/M001"]["attachments"]
    assert not letters["manager/M001"]["subject"].startswith("【更正")
    assert "信件均已寄出" in report(home, "--month", "2024-06", "--fresh")
    yuebao(home, "withdraw", "M001_再报.xlsx", "--workers", "1", "--quiet")
    sent(home, mailbox, to_managers="true")
    assert len(mailbox.recipients) == 4


def test_a_draft_changed_by_hand_is_not_sent_from_here(home, mailbox):
    draft = next(outbox(home).glob("*.eml"))
    draft.write_bytes(draft.read_bytes().replace(b"X-Unsent: 1", b"X-Unsent: 1\r\nBcc: spy@example.org"))
    letters, code = sent(home, mailbox)
    assert (letters["region/R01"]["state"], code) == ("blocked", 1)
    assert "changed by hand" in letters["region/R01"]["reasons"][0]
    asked = yuebao(home, "send", "--send", "--again", "region/R01")
    assert (asked.exit_code, mailbox.taken) == (1, [])


def test_a_list_changed_by_hand_sends_nothing_to_others_than_the_master_data_say(home, mailbox):
    letters = outbox(home) / "letters.json"
    letters.write_text(letters.read_text(encoding="utf-8").replace("wang@", "spy@"), encoding="utf-8")
    found, code = sent(home, mailbox)
    assert (found["region/R01"]["state"], code) == ("blocked", 1)
    assert not mailbox.taken


def test_other_mail_settings_want_other_drafts(home, mailbox):
    settings(home, MAIL + 'to_headquarters = ["hq@example.com"]\nto_managers = true\n')
    old = yuebao(home, "send")
    assert old.exit_code == 1
    assert "run yuebao monthly --month 2024-06" in old.stderr
    report(home, "--month", "2024-06")
    letters, code = sent(home, mailbox, to_headquarters='["hq@example.com"]', to_managers="true")
    assert code == 0
    assert letters.keys() == {"region/R01", "region/R02", "manager/M001", "manager/M002", "headquarters"}
    assert mailbox.recipients == [
        "wang@example.com", "liming@example.com", "wangfang@example.com", "hq@example.com"
    ]  # fmt: skip
    assert letters["headquarters"]["attachments"] == ["2024-06_headquarters.xlsx"]


def test_without_a_mail_server_in_the_settings_drafts_stay_drafts(home):
    settings(home, 'sender = "office@example.com"')
    done = yuebao(home, "send", "--send")
    assert done.exit_code == 1
    assert "open the drafts in" in done.stderr
    assert listed(home)[0]["region/R01"]["state"] == "draft"


def test_a_password_in_the_settings_file_is_an_error(home):
    settings(home, MAIL + 'password = "secret"\n')
    done = yuebao(home, "send")
    assert done.exit_code == 1
    assert "mail.password" in done.stderr
    assert "secret" not in done.output


def test_what_cannot_be_noted_before_is_not_sent(home, mailbox):
    (home / "sent").write_text("not a folder", encoding="utf-8")
    with mail_server(mailbox) as port:
        settings(home, MAIL + f"port = {port}\n")
        assert yuebao(home, "send", "--send").exit_code == 1
    assert not mailbox.taken


def test_two_do_not_send_at_the_same_time(home, mailbox):
    with ledger_lock(home, load_words("en")), mail_server(mailbox) as port:
        settings(home, MAIL + f"port = {port}\n")
        assert yuebao(home, "send", "--send").exit_code == 1
    assert not mailbox.taken


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["--month", "2024-05"], "2024-05 has no drafts"),
        (["--send", "--again", "region/R09"], "There is no letter region/R09"),
    ],
)
def test_what_is_not_there_is_said(args, said, home):
    done = yuebao(home, "send", *args)
    assert done.exit_code == 1
    assert said in done.stderr


def test_before_the_first_month_there_is_nothing_to_send(tmp_path):
    assert "No month has been reported" in yuebao(tmp_path, "send").stderr
