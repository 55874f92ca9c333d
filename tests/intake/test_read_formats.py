"""What a file really is decides whether it is read; each refusal has a reason of its own."""

import gzip
import io
import zipfile
from pathlib import Path

import pytest
from bytes_builders import worksheet, xlsx, zipped

from pipeline.contract.refusal import Refusal
from pipeline.intake import archive
from pipeline.intake.raw import RawBook
from pipeline.intake.read import read_book, read_file

GOOD = xlsx(worksheet('<row r="1"><c r="A1"><v>1</v></c></row>'))
COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)
OTHER_ZIP = zipped({"readme.txt": "x"})
SPREADSHEET_2003 = (
    '<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?>'
    '<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"></Workbook>'
)


def compound_with(stream: str) -> bytes:
    return COMPOUND + stream.encode("utf-16-le") + bytes(64)


def encrypted_zip() -> bytes:
    """The good workbook with the bit set that says an entry is encrypted."""
    data = bytearray(GOOD)
    data[data.index(b"PK\x01\x02") + 8] |= 1
    return bytes(data)


REFUSED = [
    ("a.xlsx", b"", "empty_file"),
    ("~$a.xlsx", b"\x05Admin", "owner_file"),
    ("a.xlsx", bytes(4096), "incomplete"),
    ("a.xlsx", GOOD[: len(GOOD) // 2], "incomplete"),
    ("a.xlsx", GOOD + bytes(100_000), "damaged"),
    ("a.xlsx", b"PK\x05\x06" + bytes(18), "damaged"),
    ("a.xlsx", b"%PDF-1.7\n%\xe2\xe3", "pdf"),
    ("a.xlsx", b"{\\rtf1 x}", "word_document"),
    ("a.xlsx", zipped({"[Content_Types].xml": "", "word/document.xml": "<d/>"}), "word_document"),
    ("a.xlsx", zipped({"[Content_Types].xml": "", "ppt/presentation.xml": "<p/>"}), "presentation"),
    ("a.xlsx", zipped({"[Content_Types].xml": "", "xl/styles.xml": "<s/>"}), "damaged"),
    ("a.xlsx", OTHER_ZIP, "archive"),
    ("a.xlsx", gzip.compress(GOOD), "archive"),
    ("a.xlsx", b"Rar!\x1a\x07\x01\x00", "archive"),
    ("a.xlsx", b"7z\xbc\xaf\x27\x1c\x00\x04", "archive"),
    ("a.xlsx", b"\x89PNG\r\n\x1a\n" + bytes(20), "image"),
    ("a.xls", b"\xff\xd8\xff\xe0" + bytes(20), "image"),
    ("a.xls", b"\x09\x04\x06\x00\x00\x00\x10\x00", "old_excel"),
    ("a.xls", compound_with("WordDocument"), "word_document"),
    ("a.xls", compound_with("PowerPoint Document"), "presentation"),
    ("a.xlsx", compound_with("EncryptedPackage"), "password_protected"),
    ("a.xlsx", encrypted_zip(), "password_protected"),
    ("a.xls", COMPOUND, "damaged"),
    ("a.xls", b"<html><frameset><frame src='a.htm'></frameset></html>", "web_page"),
    ("a.xls", b"<html><table></table></html>", "web_page"),
    ("a.xls", "\ufeff<!DOCTYPE html>\n<html></html>".encode(), "web_page"),
    ("a.xls", '<html xmlns:x="urn:schemas-microsoft-com:office:excel">'.encode("utf-16"), "web_page"),
    ("a.xls", b"MIME-Version: 1.0\nContent-Type: multipart/related", "web_page"),
    ("a.xlsx", "这是一封信，不是表。\n请查收附件。\n".encode("gb18030"), "text_named_as_workbook"),
    ("a.eml", b"From: a@example.com\nSubject: x\n\nhello", "saved_mail"),
    ("a.csv", b"a,b\n\x00\x01\x02\x03\x04", "unknown_format"),
    ("a.xlsx", b"\x00\x01\x02\x03" * 100, "unknown_format"),
    ("a.xlsx", b"P", "unknown_format"),
    ("a.xlsx", xlsx(worksheet(""), sheets=""), "no_sheets"),
    ("a.xlsx", xlsx(worksheet(""), sheets='<sheet name="S" sheetId="1" r:id="rId9"/>'), "damaged"),
    ("a.xlsx", xlsx("<worksheet><sheetData><row"), "damaged"),
    ("a.xlsx", xlsx(worksheet(""), more={"xl/workbook.xml": "<workbook>"}), "damaged"),
]


@pytest.mark.parametrize(
    ("name", "data", "rule"), REFUSED, ids=[f"{rule}-{i}" for i, (_, _, rule) in enumerate(REFUSED)]
)
def test_what_is_no_readable_workbook_is_refused_by_its_own_rule(name: str, data: bytes, rule: str) -> None:
    assert read_book(data, name) == Refusal(rule)


@pytest.mark.parametrize("name", ["a.xlsx", "a.xls", "a.csv", "a"])
def test_the_content_decides_not_the_name(name: str) -> None:
    book = read_book(GOOD, name)
    assert isinstance(book, RawBook)
    assert (book.format, book.sheets[0].rows) == ("xlsx", [[1.0]])


def test_a_file_larger_than_any_form_is_refused_before_it_is_read(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(archive, "LARGEST_FILE", 1 << 20)
    path = tmp_path / "a.csv"
    path.write_bytes(b"a,b\n" * 600_000)
    refusal = Refusal("too_large", (("found", "2 MB"), ("limit", "1 MB")))
    assert read_file(("a.csv", path)) == refusal
    assert read_file(("a.csv", path.read_bytes())) == refusal


def test_bytes_before_the_archive_do_no_harm() -> None:
    book = read_book(b"MZ" + bytes(1000) + GOOD, "a.xlsx")
    assert isinstance(book, RawBook)
    assert book.sheets[0].rows == [[1.0]]


def test_entry_names_with_backslashes_are_found() -> None:
    """Some programs on Windows write archive entries so."""
    source = zipfile.ZipFile(io.BytesIO(GOOD))
    data = zipped({name.replace("/", "\\"): source.read(name) for name in source.namelist()})
    book = read_book(data, "a.xlsx")
    assert isinstance(book, RawBook)
    assert book.sheets[0].rows == [[1.0]]
