"""Beside a problem stands whom its row is about, in the names of the master data."""

from pathlib import Path

import pandas as pd
from take_in_builder import filled, sales_rows, take_file

from pipeline.contract.problem import ROW_NAMES


def names_of(folder: Path, rows: pd.DataFrame) -> dict[str, str]:
    """By cell, the names beside its problem."""
    told = take_file(folder, filled(rows)).told
    return {one.cell: dict(one.details).get(ROW_NAMES, "") for one in told}


def test_a_wrong_cell_is_named_with_the_customer_and_the_product_of_its_row(tmp_path: Path) -> None:
    told = names_of(tmp_path, sales_rows(2, sold_qty=[50, "很多"], customer_id=["030101", "030102"]))
    assert told == {"F6": "好又多(030102) · 雄狮(P002)"}


def test_a_code_in_no_master_data_is_shown_as_it_was_typed(tmp_path: Path) -> None:
    told = names_of(tmp_path, sales_rows(1, customer_id=["099999"]))
    assert told["C5"] == "099999 · 雄狮(P002)"


def test_a_row_without_its_customer_is_named_with_the_rest(tmp_path: Path) -> None:
    told = names_of(tmp_path, sales_rows(1, customer_id=[None]))
    assert told["C5"] == "雄狮(P002)"


def test_what_is_of_no_row_names_nobody(tmp_path: Path) -> None:
    told = take_file(tmp_path, filled(None)).told
    assert all(ROW_NAMES not in dict(one.details) for one in told)
