"""Zips of reports and saved mails: their files as they are, under safe names; what is made to harm stays shut."""

import io
import stat
import zipfile
from email.message import EmailMessage
from pathlib import Path

import pytest

from pipeline.base.moments import timestamp_of
from pipeline.intake.containers import Unpacked, UnpackTask, unpack
from pipeline.intake.raw import RawBook
from pipeline.intake.read import read_book

SAVED = timestamp_of("2024-07-03T09:00:00", "Asia/Shanghai")


def zipped(files: dict[str, bytes], when: tuple[int, ...] = (2024, 7, 1, 8, 0, 0)) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            entry = zipfile.ZipInfo(name, when)  # type: ignore[arg-type]
            archive.writestr(entry, data, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def mail(**files: bytes) -> bytes:
    message = EmailMessage()
    message["From"], message["Date"] = "m001@example.com", "Tue, 02 Jul 2024 10:00:00 +0800"
    message.set_content("附件")
    for name, data in files.items():
        message.add_attachment(data, maintype="application", subtype="octet-stream", filename=name)
    return message.as_bytes()


def unpacked(folder: Path, data: bytes, name: str = "报表.zip") -> Unpacked:
    source, inside = folder / name, folder / "inside"
    source.write_bytes(data)
    inside.mkdir()
    return unpack(UnpackTask(str(source), name, SAVED, str(inside), "Asia/Shanghai"))


def contents(folder: Path) -> dict[str, bytes]:
    inside = folder / "inside"
    return {one.relative_to(inside).as_posix(): one.read_bytes() for one in inside.rglob("*") if one.is_file()}


def test_the_files_of_a_zip_are_there_with_their_folders_and_times(tmp_path):
    found = unpacked(
        tmp_path, zipped({"城东/李明.csv": b"a", "城西/李明.csv": b"b", "__MACOSX/._x": b"c", "~$李明.csv": b"d"})
    )
    assert contents(tmp_path) == {"城东/李明.csv": b"a", "城西/李明.csv": b"b"}
    assert [saved for _, saved in found.files] == [timestamp_of("2024-07-01T08:00:00", "Asia/Shanghai")] * 2


def test_no_file_is_saved_after_what_it_came_in(tmp_path):
    found = unpacked(tmp_path, zipped({"a.csv": b"a"}, (2039, 1, 1, 0, 0, 0)))
    assert found.files == (("a.csv", SAVED),)


def test_names_of_chinese_windows_are_read(tmp_path):
    data = zipped({"XXXX.csv": b"a"}).replace(b"XXXX", "李明".encode("gb18030"))
    unpacked(tmp_path, data)
    assert contents(tmp_path) == {"李明.csv": b"a"}


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("../../etc/a.csv", "etc/a.csv"),
        ("/etc/a.csv", "etc/a.csv"),
        ("C:\\temp\\a.csv", "C_/temp/a.csv"),
        ("..\\..\\a.csv", "a.csv"),
        ("CON.csv", "_CON.csv"),
        ("a\u202evsc.exe.csv", "a_vsc.exe.csv"),
    ],
)
def test_names_and_paths_made_to_harm_stay_below_the_folder(tmp_path, name, safe):
    unpacked(tmp_path, zipped({name: b"a"}))
    assert contents(tmp_path) == {safe: b"a"}
    assert sorted(one.name for one in tmp_path.iterdir()) == ["inside", "报表.zip"]


def test_a_link_is_no_file(tmp_path):
    link = zipfile.ZipInfo("link.csv")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(link, "/etc/passwd")
        archive.writestr("a.csv", b"a")
    unpacked(tmp_path, buffer.getvalue())
    assert contents(tmp_path) == {"a.csv": b"a"}


def test_two_names_that_a_system_takes_for_one_are_two_files(tmp_path):
    unpacked(tmp_path, zipped({"A.csv": b"a", "a.csv": b"b"}))
    assert contents(tmp_path) in ({}, {"A.csv": b"a", "a(2).csv": b"b"})  # or the whole zip is refused


def test_the_attachments_of_a_mail_are_there_as_they_were_sent(tmp_path):
    found = unpacked(tmp_path, mail(**{"月报.xlsx": b"PK-a", "再报.csv": b"x,y"}), "信.eml")
    assert contents(tmp_path) == {"月报.xlsx": b"PK-a", "再报.csv": b"x,y"}
    assert {saved for _, saved in found.files} == {timestamp_of("2024-07-02T10:00:00", "Asia/Shanghai")}


def test_what_is_two_deep_is_unpacked_and_what_is_deeper_is_not(tmp_path):
    unpacked(tmp_path, mail(**{"报表.zip": zipped({"a.csv": b"a"})}), "信.eml")
    assert contents(tmp_path) == {"报表.zip/a.csv": b"a"}
    (tmp_path / "two").mkdir()
    inner = zipped({"a.csv": b"a"})
    unpacked(tmp_path / "two", zipped({"outer.zip": zipped({"inner.zip": inner})}))
    assert contents(tmp_path / "two") == {"outer.zip/inner.zip": inner}


def test_a_workbook_called_zip_is_taken_as_it_is(tmp_path):
    book = zipped({"[Content_Types].xml": b"<Types/>", "xl/workbook.xml": b"<workbook/>"})
    assert unpacked(tmp_path, book) == Unpacked()
    assert contents(tmp_path) == {}


@pytest.mark.parametrize("what", ["bomb", "lying", "truncated", "no zip", "many"])
def test_what_is_made_to_harm_or_damaged_stays_shut(tmp_path, what):
    data = {
        "bomb": lambda: zipped({f"{n}.csv": bytes(30_000_000) for n in range(3)}),
        "lying": lambda: zipped({"a.csv": b"a" * 1000}).replace(b"\xe8\x03\x00\x00", b"\x0a\x00\x00\x00"),
        "truncated": lambda: zipped({"a.csv": bytes(range(256)) * 40})[:200],
        "no zip": lambda: b"PK\x03\x04 nothing",
        "many": lambda: zipped({f"{n}.csv": b"a" for n in range(2_100)}),
    }[what]()  # fmt: skip
    assert unpacked(tmp_path, data) == Unpacked()


CASE = Path(__file__).resolve().parents[2] / "../shared/cases/saved_mail_with_report_attached.eml"


@pytest.mark.skipif(not CASE.is_file(), reason="the cases are not here")
def test_the_saved_mail_of_the_cases_gives_its_report(tmp_path):
    found = unpacked(tmp_path, CASE.read_bytes(), CASE.name)
    assert [name for name, _ in found.files] == ["月报.xlsx"]
    book = read_book(contents(tmp_path)["月报.xlsx"], "月报.xlsx")
    assert isinstance(book, RawBook)
    assert book.sheets[0].name == "封面"
