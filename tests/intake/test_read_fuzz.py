"""Valid workbooks with seeded faults: each is read or refused, none crashes, hangs or is lost."""

from fuzz_reader import MIB, mutants, run_trial, valid_binary_workbook, valid_old_workbook, valid_workbook

from pipeline.intake.raw import RawBook
from pipeline.intake.read import read_book


def test_the_workbook_before_its_faults_is_read_without_remark_of_damage() -> None:
    book = read_book(valid_workbook(), "a.xlsx")
    assert isinstance(book, RawBook)
    assert [(sheet.name, len(sheet.rows)) for sheet in book.sheets] == [("销售", 61), ("封面", 1)]


def test_the_old_and_the_binary_workbook_are_read_too() -> None:
    for name, data, sheets in (("a.xls", valid_old_workbook(), 2), ("a.xlsb", valid_binary_workbook(), 1)):
        book = read_book(data, name)
        assert isinstance(book, RawBook)
        assert [len(sheet.rows) for sheet in book.sheets] == [60] * sheets


def test_the_same_seed_gives_the_same_files() -> None:
    assert list(mutants(5, seed=3)) == list(mutants(5, seed=3))


def test_a_hundred_faulty_files_are_each_read_or_refused() -> None:
    outcome = run_trial(100, seed=1)
    assert outcome.accepted + outcome.refused.total() == 100
    assert outcome.accepted > 0
    assert outcome.refused.total() > 0
    assert outcome.refused["reader_timeout"] == 0
    assert outcome.longest_seconds < 10
    assert 10 * MIB < outcome.peak_bytes < 1024 * MIB
