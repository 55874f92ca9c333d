"""What a spreadsheet would run is harmless in every CSV file, and read back as it was."""

import csv

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.base.csv_cells import guarded, read_csv, unguarded, would_run, write_csv

RUN = ["=1+1", "=cmd|'/c calc'!A1", "+86 138", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1+1", "＋1", "－1+1",
       "＠x", "  =1", "\u3000=1", "\u200b=1", "\ufeff=1", "\u00a0@x", "-", "--", "−2", "'=1", "''=1", "=", "\t",
       "\x00=1", "-1;=2", "+１"]  # fmt: skip
HARMLESS = ["-5", "+5", "-12.5%", "-1,234.00", "+1.5e3", "-.5", "-0", "学院路=天天", "a=1", "", "'", "it's", "'天天",
            "2024-06", "030101100001", "（-1）", "'-5", "5-", "合计：=1"]  # fmt: skip


@pytest.mark.parametrize("text", RUN)
def test_text_that_would_be_run_gets_an_apostrophe(text):
    assert guarded(text) == f"'{text}"
    assert unguarded(guarded(text)) == text


@pytest.mark.parametrize("text", HARMLESS)
def test_numbers_and_other_texts_stay_as_they_are(text):
    assert guarded(text) == text
    assert unguarded(text) == text


@given(st.text(alphabet="'=+-@ \t\r\n\u3000＝1a,.%\"") | st.text())
def test_every_text_comes_back_as_it_was_and_none_is_run(text):
    written = guarded(text)
    assert unguarded(written) == text
    assert written.startswith("'") or not would_run(written)


def test_texts_of_all_columns_are_guarded_in_the_file_and_read_back(tmp_path):
    texts = [*(one for one in RUN if "\x00" not in one), *HARMLESS]
    frame = pd.DataFrame({
        "text": pd.array(texts, dtype="str"),
        "mixed": pd.Series(texts, dtype=object),
        "kind": pd.Categorical(texts),
        "amount": [-1.5] * len(texts),
    })  # fmt: skip
    write_csv(tmp_path / "x.csv", frame, [frame])
    with (tmp_path / "x.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))[1:]
    assert len(rows) == 2 * len(texts)
    for row in rows:
        assert row[3] == "-1.5"
        assert all(cell.startswith("'") or not would_run(cell) for cell in row[:3])
    back = read_csv(tmp_path / "x.csv")
    for name in ("text", "mixed", "kind"):
        assert back[name].tolist() == [*texts, *texts]


def test_what_is_missing_is_empty_and_stays_so(tmp_path):
    write_csv(tmp_path / "x.csv", pd.DataFrame({"a": ["=1", None], "b": [None, "x"]}))
    assert (tmp_path / "x.csv").read_bytes() == b"\xef\xbb\xbfa,b\r\n'=1,\r\n,x\r\n"
    assert read_csv(tmp_path / "x.csv").to_numpy().tolist() == [["'=1"[1:], ""], ["", "x"]]


def test_the_frame_that_is_written_stays_as_it_was(tmp_path):
    frame = pd.DataFrame({"a": ["=1"]})
    write_csv(tmp_path / "x.csv", frame)
    assert frame["a"].tolist() == ["=1"]
