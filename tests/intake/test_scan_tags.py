"""What is seen in arrays of tags is what plain regular expressions find in the same bytes."""

import re

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from pipeline.intake.scan import _NO_RESULT, column_number
from pipeline.intake.tags import Numbers, read_tags

NUMBERS = st.sampled_from(
    [b"0", b"1", b"12", b"-3", b"+4.5", b".5", b"5830", b"45446", b"0.3819444444444444", b"1234567890123456",
     b"123456789012345", b"1e5", b"1e30", b"1E300", b"1.5e+300", b"-1e999", b"1.5e-300", b"123456789.25e123",
     b"1234567890.12345e123", b"9999999999999.e111", b"NaN", b"-inf", b"+Infinity", b"e111", b"12e"]
)  # fmt: skip
FREE = st.text(alphabet=' <>/"=!.-+0123456789ABcefhnrstvxX\n', max_size=20).map(str.encode)
NAMES = st.from_regex(rb"\A[A-Z]{0,4}[0-9]{0,8}\Z")
TAILS = st.sampled_from([b'"', b'">', b'"/>', b'" s="1" t="s">', b'" t="str">', b'" t="e">', b'"x', b"'", b""])
STARTS = st.sampled_from(
    [b'<c r="', b'<c  r="', b"<c s='1' r=\"", b'<C r="', b'<row r="', b'<row spans="1:9" r="', b'<row hidden="1" r="',
     b'<rowBreaks r="', b'<r="', b'<cols r="']
)  # fmt: skip
PIECES = st.one_of(
    st.builds(lambda *parts: b"".join(parts), STARTS, NAMES, TAILS),
    st.builds(lambda *parts: b"".join(parts), st.sampled_from([b"<v>", b' t="s"><v>', b"</f><v>", b"<v "]), NUMBERS),
    st.sampled_from(
        [b"</v></c>", b"<f>A1</f>", b"<f/>", b"<f t='shared'>", b"<formula1>", b"</formula1>", b"<filterColumn",
         b"</f><v></v>", b"</f><v>", b"<!--", b"<c>", b"<c/>", b"<c\t", b"<c", b"<v>", b"<", b' t="e"', b" hidden="]
    ),
    FREE,
)  # fmt: skip
XML = st.lists(PIECES, max_size=30).map(b"".join)


def found(pattern: bytes, text: bytes) -> int:
    return len(re.findall(pattern, text))


def numbers(given: list[int]) -> Numbers:
    return Numbers(len(given), min(given), max(given)) if given else Numbers()


@pytest.mark.slow
@settings(max_examples=500, deadline=None)
@given(XML)
@example(b"")
@example(b' t="s"><v>')
@example(b"<v>1234567890123456")
@example(b"<v>12345678901234567e300<v>1")
@example(b'<c r="XFD1048576"/><row r="999999999999"')
def test_tags_are_as_regular_expressions_find_them(text: bytes) -> None:
    tags = read_tags(text)
    names = re.findall(rb'<c r="([A-Z]{1,3})[1-9]\d{0,5}"[ />]', text)
    assert tags.cells() == (numbers([column_number(name) for name in names]), found(rb"<c[\s/>]", text))
    rows = [int(number) for number in re.findall(rb'<row r="([1-9]\d{0,11})"', text)]
    assert tags.rows() == (numbers(rows), text.count(b"<row"))
    assert tags.count("c") == text.count(b"<c")
    assert tags.filters() == (b"<filterColumn" in text)


RESULTS = st.sampled_from(
    [b"<v>1</v>", b"<v></v>", b"<v/>", b"<v />", b"", b" <v>1</v>", b"\n<v></v>", b"<v", b"<v>", b"<is/>"]
)
FORMULAS = st.sampled_from(
    [b"<f>A1</f>", b"<f/>", b'<f t="shared" si="0"/>', b"<f ref='A'>B1</f>", b" <f>A1</f>\n", b""]
)
CELLS = st.builds(
    lambda tail, formula, result: b'<c r="B7"' + tail + formula + result + b"</c>",
    st.sampled_from([b">", b' s="1">', b' t="str">', b"/>", b">>"]),
    FORMULAS,
    RESULTS,
)
SHEETS = st.lists(st.one_of(CELLS, CELLS, FREE, st.sampled_from([b"</row>", b"<formula1>", b"<f>"])), max_size=12)


@settings(max_examples=500, deadline=None)
@given(SHEETS.map(b"".join))
def test_the_span_of_formulas_without_a_result_holds_all_of_them(text: bytes) -> None:
    span = read_tags(text).uncalculated()
    assert _NO_RESULT.findall(text) == (_NO_RESULT.findall(text, *span) if span else [])


@pytest.mark.parametrize("name", [b"A1", b"Z9", b"AB10", b"XFD1048576", b"ZZZ999999", b"A1000000"])
@pytest.mark.parametrize("length", range(40))
def test_a_name_is_read_wherever_the_piece_ends(name: bytes, length: int) -> None:
    text = (b'</row><c r="' + name + b'" s="12" t="s"><v>12</v></c>')[:length]
    names = re.findall(rb'<c r="([A-Z]{1,3})[1-9]\d{0,5}"[ />]', text)
    assert read_tags(text).cells()[0] == numbers([column_number(one) for one in names])
