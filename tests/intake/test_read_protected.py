"""A workbook that Excel opens without asking is opened; one that asks for a password is said to."""

import io
import random

import pytest
from bytes_builders import worksheet, xlsx

from pipeline.contract.refusal import Refusal
from pipeline.intake.raw import RawBook
from pipeline.intake.read import read_book


def encrypted(password: str) -> bytes:
    """A workbook, encrypted as Excel 2010 and later do it."""
    from msoffcrypto.format.ooxml import OOXMLFile

    picture = {"xl/media/image1.png": random.Random(1).randbytes(20_000)}
    plain = xlsx(worksheet('<row r="1"><c r="A1"><v>5</v></c></row>'), more=picture)
    target = io.BytesIO()
    OOXMLFile(io.BytesIO(plain)).encrypt(password, target)
    return target.getvalue()


def test_a_workbook_that_is_only_recommended_read_only_is_opened_as_excel_does() -> None:
    book = read_book(encrypted("VelvetSweatshop"), "a.xlsx")
    assert isinstance(book, RawBook), book
    assert (book.format, book.sheets[0].rows) == ("xlsx", [[5.0]])


@pytest.mark.parametrize("name", ["a.xlsx", "a.xls"])
def test_a_workbook_with_a_password_of_its_own_is_said_to_have_one(name: str) -> None:
    assert read_book(encrypted("123456"), name) == Refusal("password_protected")


def test_an_encrypted_workbook_that_is_cut_short_is_no_crash() -> None:
    assert isinstance(read_book(encrypted("VelvetSweatshop")[:-3_000], "a.xlsx"), Refusal | RawBook)
