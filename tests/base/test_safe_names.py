"""Names that every system takes: Windows' devices, capitals, what is not seen, what is too long."""

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.base.safe_names import safe_id, safe_name

DEVICES = ["CON", "con", "PRN", "AUX", "Nul", "COM1", "com9", "LPT1", "LPT9", "COM0", "COM¹", "CONIN$", "CONOUT$"]


@pytest.mark.parametrize("device", DEVICES)
@pytest.mark.parametrize("more", ["", ".txt", ".2024", " .x", "."])
def test_a_device_of_windows_is_no_name(device, more):
    for name in (safe_name(device + more), safe_name(device + more, ending=".xlsx"), safe_id(device + more)):
        stem = name.split(".")[0].rstrip().upper()
        assert stem not in {one.upper() for one in DEVICES}


@pytest.mark.parametrize("text", ["CONSUL", "COM10", "LPT", "NULL", "AUXILIAR", "M001", "R01", "城东区"])
def test_words_that_only_begin_like_a_device_stay(text):
    assert safe_name(text) == text
    assert safe_id(text) == text


@pytest.mark.parametrize(
    ("text", "name"),
    [("区. ", "区"), ("a/b\\c", "a_b_c"), ("\x1b]0;x\x07", "_]0;x_"), ("甲\u202e乙", "甲_乙"), ("..", "_"), ("", "_"),
     ("a\u200bb", "a_b"), ("x\udcff", "x_"), ("C:", "C_")],
)  # fmt: skip
def test_what_a_system_or_an_eye_cannot_take_is_replaced(text, name):
    assert safe_name(text) == name


def test_names_that_differ_in_capitals_only_differ_on_windows_too():
    names = [
        safe_name(f"2024-06_{one}_王", one, ".xlsx") for one in ("r01", "R01", "r01.", "R01 ", "R/01", "R\\01")
    ]
    assert all(one.casefold() != other.casefold() for one, other in combinations(names, 2))
    assert names[1] == "2024-06_R01_王.xlsx"


def test_names_that_are_cut_still_differ():
    first, second = ("M" * 90 + one for one in "12")
    assert safe_name(first, first).casefold() != safe_name(second, second).casefold()
    assert len(safe_name("烟" * 200, ending=".xlsx").encode()) <= 255


@given(
    st.lists(
        st.text(max_size=8) | st.sampled_from(["r1", "R1", "Con", "a.", "A ", "%41", "K", "ß", "ẞ"]), max_size=6
    )
)
def test_different_ids_stay_different_whatever_the_system_makes_of_capitals(ids):
    made = {one: safe_id(one).casefold() for one in ids}
    assert len(set(made.values())) == len(made)
