"""Steps of a case that others than its sender fill in: by the number alone, and their empty cells change nothing."""

from collections.abc import Mapping

import pandas as pd
import pytest

from pipeline.base.calendar import Month
from pipeline.ledger.cases import Cases, cases_as_of
from schemas.form import all_forms

NEEDS = all_forms()["needs"]
MAY, JUNE, JULY = Month(2024, 5), Month(2024, 6), Month(2024, 7)
COLUMNS = ("need_no", "raised_on", "customer_id", "topic", "description", "reviewed_on", "done_on", "refused_on",
           "department", "prevention")  # fmt: skip


def needs(manager: str, *given: Mapping[str, str]) -> pd.DataFrame:
    rows = pd.DataFrame([{name: one.get(name) for name in COLUMNS} for one in given])
    types = {name: NEEDS.dtypes[name] for name in COLUMNS}
    days = {name: pd.to_datetime(rows[name]) for name in COLUMNS if name.endswith("_on")}
    rows = rows.assign(**days).astype(types)
    return rows.assign(
        manager_id=manager, source_file=f"{manager}.xlsx", source_sheet="s", source_row=range(5, 5 + len(rows))
    )


def raised(number: str = "N1", **more: str) -> dict[str, str]:
    return {"need_no": number, "raised_on": "2024-05-28", "customer_id": "K5", "topic": "other", "description": "d",
            **more}  # fmt: skip


def day(cases: Cases, number: str, name: str) -> str | None:
    value = cases.rows_by_case.set_index("need_no").loc[number, name]
    return None if pd.isna(value) else str(value.date())


def test_a_leader_fills_in_a_step_by_the_number_alone_and_the_need_stays_its_managers() -> None:
    held = [(MAY, needs("M3", raised())), (JUNE, needs("M1", {"need_no": "N1", "reviewed_on": "2024-06-03"}))]
    cases = cases_as_of(NEEDS, JUNE, held)
    assert not cases.problems
    assert day(cases, "N1", "reviewed_on") == "2024-06-03"
    row = cases.rows_by_case.iloc[0]
    assert (row["manager_id"], row["description"], row["source_file"]) == ("M3", "d", "M3.xlsx")


@pytest.mark.parametrize("order", [("M3", "M1"), ("M1", "M3")])
def test_it_does_not_matter_whose_file_of_the_month_comes_first(order: tuple[str, str]) -> None:
    rows = {
        "M3": needs("M3", {**raised(), "raised_on": "2024-06-03"}),
        "M1": needs("M1", {"need_no": "N1", "reviewed_on": "2024-06-05"}),
    }
    cases = cases_as_of(NEEDS, JUNE, [(JUNE, pd.concat([rows[one] for one in order], ignore_index=True))])
    assert not cases.problems
    assert day(cases, "N1", "reviewed_on") == "2024-06-05"
    assert cases.rows_by_case["manager_id"].tolist() == ["M3"]


def test_an_empty_cell_of_a_later_row_changes_nothing_in_a_step_that_others_fill_in() -> None:
    """The manager's form of July was made before the leader's came, and says nothing of the review."""
    held = [
        (MAY, needs("M3", raised())),
        (JUNE, needs("M1", {"need_no": "N1", "reviewed_on": "2024-06-03", "department": "metering"})),
        (JULY, needs("M3", raised(description="more"))),
    ]
    cases = cases_as_of(NEEDS, JULY, held)
    assert day(cases, "N1", "reviewed_on") == "2024-06-03"
    row = cases.rows_by_case.iloc[0]
    assert (row["department"], row["description"]) == ("metering", "more")


def test_a_step_filled_in_by_another_closes_the_case() -> None:
    held = [(MAY, needs("M3", raised())), (JUNE, needs("M1", {"need_no": "N1", "refused_on": "2024-06-04"}))]
    assert day(cases_as_of(NEEDS, JUNE, held), "N1", "refused_on") == "2024-06-04"
    assert cases_as_of(NEEDS, JULY, held).rows_by_case.empty  # closed in June: July is not about it


def test_a_step_of_a_number_that_nobody_has_told_is_a_problem() -> None:
    held = [(MAY, needs("M3", raised())), (JUNE, needs("M1", {"need_no": "N9", "reviewed_on": "2024-06-03"}))]
    cases = cases_as_of(NEEDS, JUNE, held)
    assert [(one.rule, one.found, one.file) for one in cases.problems] == [("unknown_case", "N9", "M1.xlsx")]
    first = cases_as_of(NEEDS, JUNE, [(JUNE, needs("M1", {"need_no": "N9", "reviewed_on": "2024-06-03"}))])
    assert [one.rule for one in first.problems] == ["unknown_case"]  # not taken on trust: nothing is known of it


def test_a_whole_row_of_somebody_else_beside_the_managers_own_fills_in_too() -> None:
    """A leader who sends the rows of the group as they came: the need stays its manager's."""
    june = pd.concat([needs("M1", raised(reviewed_on="2024-06-03")), needs("M3", raised())], ignore_index=True)
    cases = cases_as_of(NEEDS, JUNE, [(MAY, needs("M3", raised())), (JUNE, june)])
    assert cases.rows_by_case["manager_id"].tolist() == ["M3"]
    assert day(cases, "N1", "reviewed_on") == "2024-06-03"


def test_the_manager_who_takes_a_customer_over_tells_of_its_needs_from_then_on() -> None:
    held = [(MAY, needs("M3", raised())), (JUNE, needs("M2", raised(description="new")))]
    assert cases_as_of(NEEDS, JUNE, held).rows_by_case["manager_id"].tolist() == ["M2"]
