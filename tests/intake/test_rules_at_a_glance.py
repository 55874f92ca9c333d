"""Columns seen at a glance to be fine, codes looked up once each: quick ways that say what the slow ones say."""

import numpy as np
import pandas as pd
import pandera.pandas as pa
import pytest

from schemas.columns import DTYPES, column
from schemas.glance import is_fine
from schemas.lookup import Lookup

CELLS = {
    "whole": [None, 0, 5, 11, -1],
    "money": [None, 0.0, 9.99, 10.01, -0.01],
    "id": [None, "030101", "", "9" * 64, "9" * 65],
    "text": [None, "好", "长" * 32_767, "长" * 32_768],
    "flag": [None, True, False],
    "day": [None, pd.Timestamp(2024, 6, 3)],
}


def field_as_column(kind: str, **words: object) -> pa.Column:
    """A field as a form declares it, as the pandera column that a form's schema holds."""
    annotations = {
        "x": {"whole": pd.Int64Dtype, "money": float, "flag": pd.BooleanDtype, "day": pd.Timestamp}.get(kind, str)
    }
    model = type(
        "Model", (pa.DataFrameModel,), {"__annotations__": annotations, "x": column(kind, "甲", "A", **words)}
    )
    return model.to_schema().columns["x"]


def keeps_in_pandera(values: pd.Series, one: pa.Column) -> bool:
    try:
        pa.DataFrameSchema({"x": one}).validate(pd.DataFrame({"x": values}), lazy=True)
    except pa.errors.SchemaErrors:
        return False
    return True


@pytest.mark.parametrize("required", [True, False])
@pytest.mark.parametrize(
    ("kind", "limits"),
    [
        *((kind, {}) for kind in CELLS),
        *((kind, limits) for kind in ("whole", "money") for limits in ({"least": 0}, {"least": 0, "most": 10})),
    ],
)
def test_a_column_is_fine_at_a_glance_exactly_where_pandera_finds_nothing(kind, required, limits):
    one = field_as_column(kind, required=required, **limits)
    for cell in CELLS[kind]:
        for cells in ([cell], [cell, CELLS[kind][1]], [CELLS[kind][1], None]):
            values = pd.Series(cells, dtype=DTYPES[kind])
            assert is_fine(values, one) == keeps_in_pandera(values, one), cells


def test_a_rule_that_is_not_known_at_a_glance_leaves_its_column_to_pandera():
    assert not is_fine(pd.Series([2], dtype="Int64"), pa.Column("Int64", pa.Check.isin([2])))
    assert not is_fine(pd.Series(["甲"], dtype="str"), pa.Column(str, pa.Check.str_length(1, 3)))
    assert not is_fine(pd.Series([1, 2], dtype="Int64"), pa.Column("Int64", unique=True))


def test_a_column_of_another_type_than_declared_is_left_to_pandera():
    assert not is_fine(pd.Series(["1"], dtype="str"), pa.Column("Int64"))


CUSTOMERS = pd.DataFrame(
    {
        "customer_id": pd.Series(["030101", "030102"], dtype="str"),
        "manager_id": pd.Series(["M001", None], dtype="str"),
        "joined_on": pd.to_datetime(["2024-01-05", None]),
        "price": [120.0, np.nan],
    }
)
CODES = pd.Series(["030102", None, "030101", "9", "030101"], index=[5, 7, 8, 9, 12], dtype="str")


def test_codes_are_known_that_stand_in_the_master_data_and_missing_ones_are_not():
    assert Lookup(CUSTOMERS).knows(CODES).to_dict() == {5: True, 7: False, 8: True, 9: False, 12: True}


def test_what_the_master_data_say_of_a_code_comes_by_the_row_of_the_code():
    found = Lookup(CUSTOMERS)
    assert found.values(CODES, "price").dropna().to_dict() == {8: 120.0, 12: 120.0}
    assert found.values(CODES, "manager_id").dropna().to_dict() == {8: "M001", 12: "M001"}
    assert found.values(CODES, "joined_on").dropna().to_dict() == {
        8: pd.Timestamp(2024, 1, 5),
        12: pd.Timestamp(2024, 1, 5),
    }


def test_nothing_is_found_in_master_data_without_rows():
    assert not Lookup(CUSTOMERS.iloc[:0]).knows(CODES).any()
    assert Lookup(CUSTOMERS.iloc[:0]).values(CODES, "manager_id").isna().all()
