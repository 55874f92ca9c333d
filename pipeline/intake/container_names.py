"""What files inside of zips and mails are called and when they were saved, as what they came in says."""

import datetime as dt
import zipfile
from email.message import EmailMessage
from email.utils import parsedate_to_datetime
from pathlib import PurePosixPath

_PASSED_OVER = ("__macosx", ".ds_store", "thumbs.db", "desktop.ini")


def name_of(entry: zipfile.ZipInfo) -> str:
    """The name of an entry; programs of Chinese Windows write it in GBK and do not say so."""
    if entry.flag_bits & 0x800:
        return entry.filename
    try:
        raw = entry.filename.encode("cp437")
    except UnicodeEncodeError:
        return entry.filename
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return entry.filename


def time_of(entry: zipfile.ZipInfo) -> dt.datetime | None:
    """When an entry of a zip was saved, by the clock of its sender; None where that is no time."""
    try:
        return dt.datetime(*entry.date_time)
    except ValueError:
        return None


def sent_at(message: EmailMessage) -> dt.datetime | None:
    """When a mail was sent; None where it does not say."""
    try:
        return parsedate_to_datetime(str(message["date"])) if message["date"] else None
    except (ValueError, TypeError):
        return None


def is_inline_picture(part: EmailMessage) -> bool:
    """Whether a part of a mail is a picture in its text, such as a logo."""
    return part.get_content_maintype() == "image" and part.get_content_disposition() != "attachment"


def is_passed_over(path: PurePosixPath) -> bool:
    """Whether a file is what systems leave behind, and nobody sends."""
    parts = [part.casefold() for part in path.parts]
    return any(part in _PASSED_OVER for part in parts) or path.name.startswith(("~$", "._", "."))
