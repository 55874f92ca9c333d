"""What is easily lost without a word, is not: each file is named by its fault (see `forms_by_fault`)."""

import pytest
from forms_by_fault import FORMS_BY_FAULT, Faulty
from take_in_builder import take_file


@pytest.mark.parametrize("faulty", FORMS_BY_FAULT, ids=lambda one: one.name)
def test_a_fault_costs_what_it_must_and_is_told(faulty: Faulty, tmp_path):
    outcome = take_file(tmp_path, faulty.data(), f"{faulty.name}.xlsx")
    told = [(one.cell, one.rule, one.found, one.effect) for one in outcome.told]
    assert told == faulty.problems
    if not faulty.clean:
        assert [part.state for part in outcome.taken.parts] == ["refused"]
        return
    rows = outcome.rows("sales")
    columns = ("source_row", "order_date", "customer_id", "sold_qty", "amount")
    rows = rows.assign(order_date=rows["order_date"].dt.strftime("%Y-%m-%d"))
    assert [tuple(row) for row in rows[list(columns)].itertuples(index=False)] == faulty.clean
