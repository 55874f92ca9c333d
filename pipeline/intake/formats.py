"""What kind of file a submission really is, told from its bytes; the name only settles plain text."""

import io
import re
import zipfile
from pathlib import PurePath
from typing import Literal

from pipeline.contract.refusal import Refusal
from pipeline.intake.delimited import is_table
from pipeline.intake.encodings import unmarked_wide

Format = Literal["xlsx", "xlsm", "xlsb", "xls", "ods", "csv", "html", "xml"]

HEAD = 4096  # bytes in which a file says what it is
TEXT_ENDINGS = (".csv", ".txt", ".tsv")
ZIP_START = b"PK\x03\x04"
ZIP_END = b"PK\x05\x06"
COMPOUND_START = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
BYTE_ORDER_MARKS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff", b"\x00\x00\xfe\xff")

REFUSED_BY_FIRST_BYTES: tuple[tuple[bytes, str], ...] = (
    (b"%PDF", "pdf"),
    (b"{\\rtf", "word_document"),
    (b"\x1f\x8b", "archive"),
    (b"7z\xbc\xaf\x27\x1c", "archive"),
    (b"Rar!\x1a\x07", "archive"),
    (b"BZh", "archive"),
    (b"\xfd7zXZ\x00", "archive"),
    (b"\x89PNG\r\n\x1a\n", "image"),
    (b"\xff\xd8\xff", "image"),
    (b"GIF8", "image"),
    (b"BM", "image"),
    (b"II*\x00", "image"),
    (b"MM\x00*", "image"),
    (b"\x09\x00\x04\x00", "old_excel"),
    (b"\x09\x02\x06\x00", "old_excel"),
    (b"\x09\x04\x06\x00", "old_excel"),
    (b"\x09\x08\x08\x00", "old_excel"),
)
_ZIP_ENDINGS: tuple[tuple[str, str], ...] = (
    ("xl/workbook.bin", "xlsb"),
    ("workbook.xml", "xlsx"),
    ("content.xml", "ods"),
)
_MAIL_STARTS = (
    "mime-version:",
    "from:",
    "to:",
    "subject:",
    "received:",
    "return-path:",
    "message-id:",
    "x-",
    "date:",
)
_PAGE_STARTS = ("<html", "<!doctype html", "<table", "<meta", "<head")
_NOT_TEXT = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")


def tell_format(data: bytes, name: str) -> Format | Refusal:
    """The format of a file with these bytes, or why no table can be read from it.

    `name` is the file's name; its ending decides only whether plain text may be taken as CSV.
    """
    if PurePath(name).name.startswith("~$"):
        return Refusal("owner_file")
    if not data:
        return Refusal("empty_file")
    if not data.strip(b"\x00"):
        return Refusal("incomplete")
    if data.startswith(COMPOUND_START):
        return _tell_compound(data)
    if data.startswith(b"PK") or _has_zip_end(data):
        return _tell_zip(data)
    for start, rule in REFUSED_BY_FIRST_BYTES:
        if data.startswith(start) and not (start == b"BM" and _is_text(data)):
            return Refusal(rule)
    return _tell_text(data, name)


def _has_zip_end(data: bytes) -> bool:
    """Whether the bytes end as an archive does, whatever stands before its first entry."""
    return ZIP_END in data[-70_000:] and ZIP_START in data


def _tell_zip(data: bytes) -> Format | Refusal:
    if not data.startswith(ZIP_START) and not _has_zip_end(data):
        return Refusal("damaged") if len(data) > 3 else Refusal("incomplete")
    try:
        entries = zipfile.ZipFile(io.BytesIO(data)).infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, UnicodeDecodeError, OverflowError):
        return Refusal("damaged" if ZIP_END in data else "incomplete")
    names = {entry.filename.replace("\\", "/").lower() for entry in entries}
    if any(entry.flag_bits & 1 for entry in entries):
        return Refusal("password_protected")
    for ending, format_name in _ZIP_ENDINGS:
        if any(entry == ending or entry.endswith("/" + ending) for entry in names):
            return _spreadsheet_of(format_name, names)
    return _other_zip(names)


def _spreadsheet_of(format_name: str, names: set[str]) -> Format | Refusal:
    if format_name == "ods":
        return "ods"
    if format_name == "xlsb":
        return "xlsb"
    return "xlsm" if any(entry.endswith("vbaproject.bin") for entry in names) else "xlsx"


def _other_zip(names: set[str]) -> Refusal:
    if any(entry.startswith("word/") for entry in names):
        return Refusal("word_document")
    if any(entry.startswith("ppt/") for entry in names):
        return Refusal("presentation")
    if "[content_types].xml" in names or any(entry.startswith("xl/") for entry in names):
        return Refusal("damaged")
    return Refusal("archive")


def _tell_compound(data: bytes) -> Format | Refusal:
    """Of a compound file (the container of Excel 97, Word 97, WPS .et and of encrypted workbooks)."""
    if _stream_name("EncryptedPackage") in data:
        return Refusal("password_protected")
    if _stream_name("Workbook") in data or _stream_name("Book") in data:
        return "xls"
    if _stream_name("WordDocument") in data:
        return Refusal("word_document")
    if _stream_name("PowerPoint Document") in data:
        return Refusal("presentation")
    return Refusal("damaged")


def _stream_name(text: str) -> bytes:
    return text.encode("utf-16-le") + b"\x00\x00"


def _tell_text(data: bytes, name: str) -> Format | Refusal:
    head = _head_as_text(data).lstrip("\ufeff \t\r\n").lower()
    if _begins_as_mail(head):
        return "html" if "multipart/related" in head else Refusal("saved_mail")
    if "urn:schemas-microsoft-com:office:spreadsheet" in head and head.startswith(("<?xml", "<workbook", "<ss:")):
        return "xml"
    if head.startswith(_PAGE_STARTS) or (head.startswith("<") and ("<html" in head or "<table" in head)):
        return "html"
    if not _is_text(data):
        return Refusal("unknown_format")
    if PurePath(name).suffix.lower() in TEXT_ENDINGS or is_table(_head_as_text(data)):
        return "csv"
    return Refusal("text_named_as_workbook" if len(data) > 8 else "unknown_format")


def is_saved_mail(data: bytes) -> bool:
    """Whether a file is a mail as programs save it, and not a web page with its pictures."""
    head = _head_as_text(data).lstrip("\ufeff \t\r\n").lower()
    return _begins_as_mail(head) and "multipart/related" not in head


def _begins_as_mail(head: str) -> bool:
    return head.startswith(_MAIL_STARTS) and "\n" in head


def _head_as_text(data: bytes) -> str:
    head = data[:HEAD]
    encoding = "utf-16" if head[:2] in (b"\xff\xfe", b"\xfe\xff") else unmarked_wide(data) or "utf-8"
    return head.decode(encoding, errors="replace")


def _is_text(data: bytes) -> bool:
    return data.startswith(BYTE_ORDER_MARKS) or bool(unmarked_wide(data)) or _NOT_TEXT.search(data) is None
