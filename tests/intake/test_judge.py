"""Whether a form is accepted or left out for its share of bad rows, and what is kept of it; on rows made by hand."""

from pathlib import Path

import pandas as pd
import pytest

from pipeline.base.calendar import Month
from pipeline.contract.settings import settings_from
from pipeline.intake.account import Account, accounts_of
from pipeline.intake.check import Checked
from pipeline.intake.judge import _amount, amounts, kept_rows, part_of, sourced, stage_rows
from pipeline.intake.settled import Settled
from pipeline.intake.table import SHEET_SPAN, Table
from pipeline.intake.taken import FileTask, Part
from schemas.form import Form, all_forms

SALES, VISITS, MANAGERS = (all_forms()[key] for key in ("sales", "visits", "managers"))
JUNE = Month(2024, 6)


def task(staging: Path = Path("/x"), **intake: float) -> FileTask:
    settings = settings_from({"intake": intake} if intake else {})
    return FileTask("/x/original", "六月.xlsx", "aa", "monthly", settings, (), str(staging), ())


def rows(count: int, yuan: float = 100.0, first: int = 5, form: Form = SALES) -> pd.DataFrame:
    frame = form.empty().reindex(range(first, first + count))
    return frame.assign(amount=yuan) if form is SALES else frame


def part(good: int, bad: int, form: Form = SALES, **intake: float) -> tuple[Part, list[str]]:
    checked = Checked(rows(good, form=form), rows(bad, 7.0, 500, form), ())
    found, problems = part_of(task(**intake), Table(form, "表", (), {}, {}), checked, "M1", "R1", JUNE)
    return found, [one.rule for one in problems]


@pytest.mark.parametrize(
    ("good", "bad", "state"),
    [
        (0, 0, "accepted"),
        (9, 0, "accepted"),
        (1, 4, "accepted"),  # four bad rows are too few to say anything of the form
        (0, 4, "refused"),  # but for one that has no good row
        (0, 1, "refused"),
        (20, 5, "accepted"),  # a fifth
        (19, 5, "refused"),  # more than a fifth
        (1, 5, "refused"),
    ],
)
def test_a_form_is_left_out_for_more_than_a_fifth_of_bad_rows_from_five_on_or_where_none_is_good(
    good: int, bad: int, state: str
) -> None:
    found, told = part(good, bad)
    assert (found.state, found.rows) == (state, good + bad)
    assert told == (["too_many_bad_rows"] if state == "refused" else [])
    assert found.left_out == (good + bad if state == "refused" else bad)


def test_the_share_of_bad_rows_is_as_the_settings_say() -> None:
    assert part(5, 5, bad_share=0.5)[0].state == "accepted"
    assert part(4, 5, bad_share=0.5)[0].state == "refused"


def test_a_form_that_is_left_out_says_how_many_rows_are_bad_and_how_many_may_be() -> None:
    checked = Checked(rows(2), rows(6, first=500), ())
    _, (told,) = part_of(task(), Table(SALES, "表", (), {}, {}), checked, "M1", "R1", JUNE)
    assert (told.effect, told.form, told.sheet, told.details) == (
        "form left out", "sales", "表", (("bad", "6"), ("rows", "8"), ("share", "20%")),
    )  # fmt: skip


def test_the_amount_of_what_is_left_out_is_that_of_its_rows_and_of_a_refused_form_all() -> None:
    found, _ = part(3, 2)
    assert (found.amount_yuan, found.amount_left_out_yuan) == (314.0, 14.0)
    refused, _ = part(1, 5)
    assert (refused.amount_yuan, refused.amount_left_out_yuan) == (135.0, 135.0)
    visits, _ = part(3, 2, VISITS)
    assert (visits.amount_yuan, visits.amount_left_out_yuan) == (0.0, 0.0)


def test_amounts_are_rounded_to_the_hundredth_of_a_fen() -> None:
    assert _amount(rows(3, 0.1), SALES) == 0.3
    assert _amount(rows(1, 0.00004), SALES) == 0.0
    assert _amount(rows(1, 0.00006), SALES) == 0.0001
    assert _amount(rows(2).drop(columns="amount"), SALES) == 0.0


def test_the_amounts_of_a_table_are_known_where_its_form_has_some() -> None:
    def of(form: Form, frame: pd.DataFrame) -> list[float] | None:
        found = amounts(Settled(Table(form, "表", (), {}, {}), frame, ()))
        return None if found is None else found.tolist()

    assert of(SALES, rows(2, 5.0)) == [5.0, 5.0]
    assert of(SALES, rows(2).drop(columns="amount")) is None
    assert of(VISITS, rows(2, form=VISITS)) is None


# ── whence a row came ──


def test_a_row_keeps_its_sender_its_file_and_its_place() -> None:
    frame = sourced(task(), Table(SALES, "销售", [5, 6], {}, {}), rows(2), "M1", "R1")
    assert list(frame.columns) == [
        *SALES.dtypes, "manager_id", "region_id", "source_file", "source_hash", "source_sheet", "source_row",
    ]  # fmt: skip
    assert frame.iloc[1][list(frame.columns[-6:])].tolist() == ["M1", "R1", "六月.xlsx", "aa", "销售", 6]
    assert (len(frame), frame["manager_id"].tolist()) == (2, ["M1", "M1"])


def test_a_row_of_a_further_sheet_keeps_that_sheet_and_its_number_there() -> None:
    table = Table(SALES, "一", [5, SHEET_SPAN + 5], {}, {}, further=(("二", {}),))
    both = pd.concat([rows(1), rows(1, first=SHEET_SPAN + 5)])
    frame = sourced(task(), table, both, "M1", "R1")
    assert frame[["source_sheet", "source_row"]].values.tolist() == [["一", 5], ["二", 5]]
    assert kept_rows(table, frame) == [5, SHEET_SPAN + 5]
    assert kept_rows(table, frame.iloc[:0]) == []


def test_rows_of_a_table_on_one_sheet_are_numbered_as_it_is() -> None:
    table = Table(SALES, "销售", [5, 6], {}, {})
    frame = sourced(task(), table, rows(2), "M1", "R1")
    assert (kept_rows(table, frame), kept_rows(table, frame.iloc[:0])) == ([5, 6], [])


def test_master_data_are_nobodys() -> None:
    frame = sourced(task(), Table(MANAGERS, "客户经理", [5], {}, {}), rows(1, form=MANAGERS), "", "")
    assert "region_id" in frame  # a column of its own
    assert list(frame.columns) == [*MANAGERS.dtypes, "source_file", "source_hash", "source_sheet", "source_row"]


def test_each_part_of_a_file_is_written_to_a_file_of_its_own(tmp_path: Path) -> None:
    paths = [stage_rows(task(tmp_path), rows(1, yuan)) for yuan in (1.0, 2.0)]
    assert [Path(path).relative_to(tmp_path).as_posix() for path in paths] == ["aa/0.parquet", "aa/1.parquet"]
    assert [pd.read_parquet(path)["amount"].tolist() for path in paths] == [[1.0], [2.0]]


# ── the account of rows ──


def test_the_account_of_a_sheet_counts_rows_and_yuan_kept_and_left_out() -> None:
    table = Table(SALES, "销售", [5, 6, 9], {}, {}, not_data={7: "blank", 8: "total", 10: "total"})
    yuan = pd.Series({5: 0.1, 6: 0.2, 9: 0.000049})
    assert accounts_of(table, [5, 77], yuan) == [
        Account("sales", "销售", 6, 1, 2, (("blank", 1), ("total", 2)), 0.3, 0.2)
    ]
    assert accounts_of(table, [])[0].amount_yuan == 0.0
    more = accounts_of(table, [5, 6, 9], pd.Series({5: 0.00006, 6: 0.0, 9: 0.0}))
    assert (more[0].amount_yuan, more[0].amount_left_out_yuan) == (0.0001, 0.0)
