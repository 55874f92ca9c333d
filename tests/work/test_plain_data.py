"""What is kept and answered is plain data: it comes back to the letter, and nothing that it says is run."""

import datetime as dt
import os
import pickle
import zlib
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.base.calendar import Month
from pipeline.contract.problem import Problem
from pipeline.contract.refusal import Refusal
from pipeline.intake.raw import ErrorCell, RawBook, RawSheet, Remark, UncalculatedFormula
from pipeline.intake.taken import Part, Taken
from pipeline.work.plain_data import DamagedData, from_plain_data, to_plain_data


@dataclass(frozen=True)
class Pair:
    left: int
    right: tuple[str, ...] = ()


@dataclass(frozen=True)
class Stranger:
    name: str


@dataclass(frozen=True)
class Sums:
    month: Month
    rows: pd.DataFrame
    kind: Literal["a", "b"] = "a"


def back(value: object, *classes: type) -> Any:
    return from_plain_data(to_plain_data(value), classes=classes)


CELLS = (
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text() | st.binary(max_size=20)
    | st.dates() | st.datetimes() | st.times() | st.timedeltas()
)  # fmt: skip
VALUES = st.recursive(
    CELLS,
    lambda inner: st.lists(inner) | st.lists(inner).map(tuple) | st.dictionaries(st.text(), inner)
    | st.frozensets(st.text()),
    max_leaves=20,
)  # fmt: skip


@settings(max_examples=200, deadline=None)
@given(VALUES)
def test_plain_values_come_back_with_their_types(value):
    assert repr(back(value)) == repr(value) or back(value) == value
    assert type(back(value)) is type(value)


@pytest.mark.parametrize(
    "value",
    [True, 1, 1.0, -0.0, float("inf"), 10**30, "", "\udcff", (), [], {}, [1, True, 1.0], ((1,), [2]), pd.NA, pd.NaT,
     {("manager", "M1"): (1, 2)}, pd.Timestamp("2024-06-03 10:22:31.5"), pd.Timestamp("2024-06-03").as_unit("s"),
     dt.datetime(2024, 6, 3, 8, tzinfo=dt.UTC), np.int64(3), np.float64(0.1), b"\0\xff"],
    ids=repr,
)  # fmt: skip
def test_values_that_are_easily_mistaken_come_back_as_they_were(value):
    assert (repr(back(value)), type(back(value))) == (repr(value), type(value))


FRAMES = {
    "texts": pd.DataFrame({"id": pd.array(["030101", None, "烟"], dtype="str")}),
    "numbers": pd.DataFrame({"a": np.array([1, 2], "int16"), "b": [0.1, np.nan], "c": [True, False]}),
    "nullable": pd.DataFrame({"n": pd.array([1, None], dtype="Int64"), "b": pd.array([None, True], dtype="boolean")}),
    "days": pd.DataFrame({"s": pd.array(["2024-06-03", None], dtype="M8[s]"), "n": pd.to_datetime(["2024-06-03"] * 2)}),
    "categories": pd.DataFrame({"c": pd.Categorical(["b", None, "a"], categories=["b", "a", "z"], ordered=True)}),
    "mixed": pd.DataFrame({"x": pd.Series([1, "一", None, dt.date(2024, 6, 3)], dtype=object)}),
    "no rows": pd.DataFrame({"a": pd.Series([], dtype="str"), "b": pd.Series([], dtype="int64")}),
    "no columns": pd.DataFrame(index=pd.Index(["a", "b"], name="who")),
    "same name twice": pd.DataFrame([[1, "x"]], columns=["a", "a"]),
    "many-levelled": pd.DataFrame(
        {"v": [1.5, 2.5]}, index=pd.MultiIndex.from_tuples([("R1", 1), ("R2", 2)], names=["region", None])
    ),
    "every third row": pd.DataFrame({"v": range(9), "t": list("abcdefghi")}).iloc[::3],
    "month starts": pd.DataFrame({"v": [1, 2]}, index=pd.date_range("2024-01-01", periods=2, freq="MS")),
}  # fmt: skip


@pytest.mark.parametrize("name", FRAMES)
def test_frames_come_back_to_the_letter(name):
    frame, kept = FRAMES[name], back(FRAMES[name])
    pd.testing.assert_frame_equal(kept, frame, check_exact=True, check_index_type="exact", check_freq=True)
    assert list(map(repr, kept.dtypes)) == list(map(repr, frame.dtypes))
    assert type(kept.index) is type(frame.index)
    for number in range(frame.shape[1]):
        column = frame.iloc[:, number]
        pd.testing.assert_series_equal(back(column), column)


def test_arrays_come_back_writable_and_in_shape():
    array = np.arange(6.0).reshape(2, 3)[:, ::2]
    kept = back(array)
    assert kept.tolist() == [[0.0, 2.0], [3.0, 5.0]]
    kept[0, 0] = 9.0


def test_declared_dataclasses_come_back_with_their_fields():
    sums = Sums(Month(2024, 6), pd.DataFrame({"a": [1]}))
    kept = back([sums, Pair(1, ("x",))], Sums, Pair)
    assert (kept[0].month, kept[0].rows["a"].tolist(), kept[1]) == (Month(2024, 6), [1], Pair(1, ("x",)))


def test_same_values_give_same_bytes():
    assert to_plain_data(frozenset({"b", "a"})) == to_plain_data(frozenset({"a", "b"}))


def test_what_is_not_plain_data_is_not_written():
    for value in (object(), lambda: None, {1, 2}, pd.DataFrame({"x": [object()]})):
        with pytest.raises(TypeError, match="no plain data"):
            to_plain_data(value)


def test_a_book_of_all_kinds_of_cells_comes_back():
    rows = [[None, "x", 1, 1.5, True, dt.date(2024, 6, 3), dt.time(8), dt.timedelta(hours=-6)],
            [ErrorCell("#N/A"), UncalculatedFormula("=A1"), dt.datetime(2024, 6, 3, 1)]]  # fmt: skip
    sheet = RawSheet("销售", rows, 2, 3, frozenset({4, 11}), ("A1:B2",), False, {(1, 2): "007"})
    book = RawBook("xlsx", (sheet,), (Remark("hidden", details=(("a", "b"),)),), frozenset({"销售"}))
    assert from_plain_data(to_plain_data(book), RawBook | Refusal, frames=False) == book


class Bomb:
    def __init__(self, mark):
        self.mark = mark

    def __reduce__(self):
        return os.mkdir, (str(self.mark),)


def test_a_pickle_is_not_run(tmp_path):
    with pytest.raises(DamagedData):
        from_plain_data(pickle.dumps(Bomb(tmp_path / "ran")))
    assert not (tmp_path / "ran").exists()


def test_a_class_that_was_not_declared_is_not_made():
    with pytest.raises(DamagedData):
        back(Stranger("x"), Pair)


def packed(header: bytes) -> bytes:
    """A header that somebody else wrote, with a right checksum."""
    body = header + b"\0" * (-len(header) % 64)
    return b"yuebao01" + zlib.crc32(body).to_bytes(4, "little") + len(header).to_bytes(8, "little") + body


@pytest.mark.parametrize(
    "tree",
    ['["object","Pair","one",["tuple",[]]]', '["object","Pair",1]', '["object","system","ls"]', '["tuple"]', '["?",1]',
     '["plain list",[["object","Pair",1]]]', '["array","|O",[1],0]', '["array","<f8",[5],0]', "[]", "{}",
     '["texts","pyarrow",false,0]', '["frame",[["plain list",[1]]],["range",0,1,1,null],["range",0,9,1,null]]',
     '["dict",["plain list",[1]],["plain list",[]]]', '["frozenset",["list",[["list",[]]]]]', "[" * 100_000,
     '["date","2024-13-01"]', '["object","Month",2024,13]', '["range",0,9,0,null]'],
)  # fmt: skip
def test_trees_that_no_program_of_ours_writes_are_damaged(tree):
    with pytest.raises(DamagedData):
        from_plain_data(packed(b'{"tree":%s,"buffers":[0]}' % tree.encode()), classes=(Pair, Month))


def test_text_places_that_lie_outside_are_damaged():
    """Arrow itself would read there."""
    good = bytearray(to_plain_data(pd.Series(["aaaa", "bbbb"], dtype="str")))
    at = good.index(bytes([4, 0, 0, 0, 0, 0, 0, 0, 8, 0, 0, 0, 0, 0, 0, 0]))
    good[at + 8 : at + 16] = (1 << 40).to_bytes(8, "little")
    good[8:12] = zlib.crc32(good[20:]).to_bytes(4, "little")
    with pytest.raises(DamagedData):
        from_plain_data(bytes(good))


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_damaged_bytes_are_told(data):
    good = to_plain_data([Pair(1, ("x",)), pd.DataFrame({"a": ["x", "y"], "b": [1, 2]})])
    at = data.draw(st.integers(0, len(good) - 1))
    other = data.draw(st.integers(0, 255).filter(lambda one: one != good[at]))
    for bad in (good[:at], good[:at] + bytes([other]) + good[at + 1 :]):
        with pytest.raises(DamagedData):
            from_plain_data(bad, classes=(Pair,))


def test_an_answer_without_frames_may_hold_none():
    data = to_plain_data(pd.DataFrame({"a": [1]}))
    with pytest.raises(DamagedData):
        from_plain_data(data, frames=False)


@pytest.mark.parametrize(
    "wrong",
    [
        [],
        "Taken",
        Taken("a", "b", (Part("sales", Month(2024, 6), "M1", "R1", "accepted", rows="many"),), ()),  # type: ignore
        Taken("a", "b", (Part("sales", "2024-06", "M1", "R1", "accepted"),), ()),  # type: ignore
        Taken("a", "b", (), (Problem("rule", "all is well"),)),  # type: ignore
        Taken("a", "b", [], ()),  # type: ignore
        Refusal("x"),
    ],
    ids=repr,
)
def test_an_answer_of_another_type_is_damaged_down_to_its_fields(wrong):
    with pytest.raises(DamagedData):
        from_plain_data(to_plain_data(wrong), Taken)
