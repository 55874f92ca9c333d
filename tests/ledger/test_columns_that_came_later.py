"""A form that got a column after rows of it were taken in: of those rows nobody told it."""

from pipeline.ledger.read import with_later_columns
from schemas.form import all_forms

VISITS = all_forms()["visits"]


def test_a_column_that_came_later_is_there_without_values_in_its_type() -> None:
    held = VISITS.empty().drop(columns=["happened_on", "handling"]).reindex(range(2))
    rows = with_later_columns(held, VISITS)
    assert rows["happened_on"].isna().all() and rows["happened_on"].dtype == VISITS.dtypes["happened_on"]
    assert set(rows) == set(VISITS.dtypes)


def test_rows_that_have_all_columns_are_left_as_they_are() -> None:
    rows = VISITS.empty()
    assert with_later_columns(rows, VISITS) is rows
