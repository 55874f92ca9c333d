"""Rows of several files laid one over the other, on tables made by hand; sums of rows as worked out by hand."""

from dataclasses import replace

import pandas as pd
import pyarrow as pa

from pipeline.ledger.compose import Composed, Layer, _without_keys, compose, without_days
from pipeline.ledger.manifest import Replaces, Submission

SAME = ("day", "customer")
Line = tuple[int, str, int]  # day of June, customer, cartons


def table(*lines: Line) -> pa.Table:
    days = pd.to_datetime([f"2024-06-{day:02d}" for day, _, _ in lines])
    frame = pd.DataFrame({"day": days, "customer": [one for _, one, _ in lines], "n": [n for _, _, n in lines]})
    return pa.Table.from_pandas(frame.astype({"customer": "str", "n": "int64"}), preserve_index=False)


def layer(
    name: str, replaces: Replaces, *lines: Line, second: int = 0, refused: tuple[str, ...] = (), nil: bool = False
) -> Layer:
    days = tuple(sorted({f"2024-06-{day:02d}" for day, _, _ in lines})) if replaces == "days" else ()
    judged = "nil" if nil else "accepted"
    one = Submission("2024-06", "M1", "sales", judged, name, "R1", len(lines), 0, 0.0, 0.0,
                     replaces=replaces, days=days, refused_days=refused)  # fmt: skip
    return Layer(one, (1, f"09:00:{second:02d}"), None if nil else table(*lines))


def lines(composed: Composed) -> list[Line]:
    found = [one.to_pandas() for one in composed.tables]
    return sorted((d.day, c, n) for rows in found for d, c, n in rows.itertuples(index=False))


def test_a_file_that_replaces_the_month_begins_anew_and_one_of_days_takes_away_its_days() -> None:
    base = table((1, "a", 1), (2, "a", 2))
    over = compose(base, [layer("x", "days", (2, "b", 5))], "day", SAME)
    assert lines(over) == [(1, "a", 1), (2, "b", 5)]
    assert lines(compose(base, [layer("x", "month", (2, "b", 5))], "day", SAME)) == [(2, "b", 5)]
    assert lines(compose(None, [layer("x", "days", (2, "b", 5))], "day", SAME)) == [(2, "b", 5)]


def test_days_that_are_refused_are_neither_taken_nor_replaced() -> None:
    base = table((1, "a", 1), (2, "a", 2))
    over = layer("x", "days", (1, "b", 7), (2, "b", 5), refused=("2024-06-02",))
    assert lines(compose(base, [over], "day", SAME)) == [(1, "b", 7), (2, "a", 2)]


def test_rows_take_the_place_of_rows_of_the_same_key_and_add_the_others() -> None:
    base = table((1, "a", 1), (1, "b", 2))
    over = [layer("x", "rows", (1, "b", 9), (2, "b", 3)), layer("y", "rows", (2, "b", 4), second=1)]
    found = compose(base, over, "day", SAME)
    assert (lines(found), found.refused) == ([(1, "a", 1), (1, "b", 9), (2, "b", 4)], {})


def test_rows_that_two_files_of_one_second_bring_count_from_neither_and_are_counted() -> None:
    base = table((1, "a", 1))
    both = [
        layer("x", "rows", (1, "a", 5), (2, "a", 6), (3, "c", 1)),
        layer("y", "rows", (1, "a", 7), (2, "a", 6)),
    ]
    found = compose(base, both, "day", SAME)
    assert (lines(found), found.refused) == ([(1, "a", 1), (3, "c", 1)], {"x": 2, "y": 2})


def test_a_row_that_stands_twice_in_one_file_contradicts_nobody() -> None:
    found = compose(
        None, [layer("x", "rows", (1, "a", 5), (1, "a", 5)), layer("y", "rows", (2, "a", 1))], "day", SAME
    )
    assert (lines(found), found.refused) == ([(1, "a", 5), (1, "a", 5), (2, "a", 1)], {})


def test_a_file_without_rows_beside_one_of_the_same_second_takes_nothing_away_and_contradicts_nobody() -> None:
    base = table((1, "a", 1))
    both = [layer("x", "rows", nil=True), layer("y", "rows", (1, "b", 5))]
    found = compose(base, both, "day", SAME)
    assert (lines(found), found.refused) == ([(1, "a", 1), (1, "b", 5)], {})
    assert compose(base, [layer("x", "month", nil=True)], "day", SAME).tables == ()


def test_a_file_without_rows_takes_away_the_days_that_it_covers_and_an_empty_table_is_none() -> None:
    base = table((1, "a", 1), (2, "a", 2))
    empty = layer("x", "days", nil=True)
    both = replace(empty.submission, days=("2024-06-01", "2024-06-02"))
    one = replace(both, days=("2024-06-01",))
    assert compose(base, [replace(empty, submission=both)], "day", SAME).tables == ()
    assert lines(compose(base, [replace(empty, submission=one)], "day", SAME)) == [(2, "a", 2)]


def test_of_files_of_one_second_only_rows_that_both_bring_contradict_each_other() -> None:
    days = layer("x", "days", (1, "a", 5))
    found = compose(None, [days, layer("y", "rows", (1, "a", 7), (2, "a", 1))], "day", SAME)
    assert (lines(found), found.refused) == ([(1, "a", 7), (2, "a", 1)], {})
    later = [layer("x", "rows", (1, "a", 5)), layer("y", "rows", (1, "a", 7), second=1)]
    assert (lines(compose(None, later, "day", SAME)), compose(None, later, "day", SAME).refused) == (
        [(1, "a", 7)],
        {},
    )


def test_of_three_files_of_one_second_rows_that_any_two_bring_count_from_none() -> None:
    files = [
        layer("x", "rows", (1, "a", 1), (2, "b", 1)),
        layer("y", "rows", (1, "a", 2), (3, "c", 1)),
        layer("z", "rows", (3, "c", 2), (4, "d", 1)),
    ]
    found = compose(None, files, "day", SAME)
    assert (lines(found), found.refused) == ([(2, "b", 1), (4, "d", 1)], {"x": 1, "y": 2, "z": 1})


def test_a_table_of_which_nothing_is_taken_away_is_not_made_anew() -> None:
    held = table((1, "a", 1))
    assert without_days(held, "day", ()) is held
    assert _without_keys(held, None, SAME) is held
    assert _without_keys(held, pd.MultiIndex.from_tuples([], names=SAME), SAME) is held


def test_without_a_key_no_row_replaces_another() -> None:
    both = [layer("x", "rows", (1, "a", 5)), layer("y", "rows", (1, "a", 7))]
    found = compose(table((1, "a", 1)), both, "day", ())
    assert (lines(found), found.refused) == ([(1, "a", 1), (1, "a", 5), (1, "a", 7)], {})


def steps(*rows: tuple[str, str | None, str | None]) -> pa.Table:
    """Rows of (number, day of a later step, department)."""
    frame = pd.DataFrame({"number": [n for n, _, _ in rows], "department": [one for _, _, one in rows]})
    days = pd.Series(pd.to_datetime([day for _, day, _ in rows]), dtype="datetime64[ns]")
    return pa.Table.from_pandas(
        frame.astype("str").assign(done_on=days)[["number", "done_on", "department"]], preserve_index=False
    )


def test_an_empty_cell_of_a_later_step_leaves_what_an_earlier_row_of_the_number_says() -> None:
    """A dispatch desk's export of rows: it knows the day of a1 and of a3, and nothing of departments."""
    base = steps(("a1", None, "metering"), ("a2", "2024-06-03", "service"))
    desk = layer("desk", "rows", (1, "a", 1))
    over = Layer(desk.submission, desk.moment, steps(("a1", "2024-06-05", None), ("a3", "2024-06-06", None)))
    found = compose(base, [over], "", ("number",), ("done_on", "department"))
    rows = pd.concat([one.to_pandas() for one in found.tables]).set_index("number").sort_index()
    assert rows["department"].fillna("").tolist() == ["metering", "service", ""]
    assert rows["done_on"].dt.day.tolist() == [5, 3, 6]
    plain = compose(base, [over], "", ("number",))
    told = pd.concat([one.to_pandas() for one in plain.tables]).set_index("number")
    assert pd.isna(told.loc["a1", "department"])  # of other forms the newer row stands as it is
