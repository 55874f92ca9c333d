"""Filled-in templates with seeded faults: none is lost on its way from the inbox to the ledger."""

import io
import random
import zipfile
from pathlib import Path

import pytest
from fuzz_templates import MIB, change_cells, example_rows, faulty_template, run_intake, valid_template
from take_in_builder import take_file

from schemas.form import all_forms


def test_the_template_before_its_faults_is_accepted(tmp_path: Path) -> None:
    taken = take_file(tmp_path, valid_template()).taken
    assert {part.form: (part.state, part.rows) for part in taken.parts} == {
        "sales": ("accepted", 12),
        "visits": ("accepted", 6),
        "complaints": ("accepted", 6),
        "satisfaction": ("accepted", 6),
    }


def test_examples_are_rows_that_differ() -> None:
    rows = example_rows(all_forms()["complaints"], 2)
    assert list(rows["received_on"]) == ["2024-06-01", "2024-06-02"]
    assert list(rows["complaint_no"]) == ["TS000", "TS001"]


def test_the_same_number_and_seed_give_the_same_file() -> None:
    assert faulty_template(5, seed=3) == faulty_template(5, seed=3)
    assert faulty_template(5, seed=3) != faulty_template(5, seed=4)


def test_faults_in_cells_leave_an_archive_whose_other_parts_are_as_they_were() -> None:
    changed = zipfile.ZipFile(io.BytesIO(change_cells(valid_template(), random.Random(1))))
    valid = zipfile.ZipFile(io.BytesIO(valid_template()))
    other = [name for name in valid.namelist() if changed.read(name) != valid.read(name)]
    assert len(other) == 1
    assert other[0].startswith("xl/worksheets/sheet")


@pytest.mark.slow
def test_a_hundred_faulty_templates_are_each_in_the_archive_and_told_of() -> None:
    outcome = run_intake(100, seed=1)
    assert outcome.lost == []
    assert outcome.accepted + outcome.refused.total() == outcome.files == 100
    assert outcome.accepted > 20
    assert outcome.refused.total() > 20
    assert outcome.refused["reader_timeout"] == 0
    assert outcome.longest_seconds < 20
    assert outcome.peak_bytes < 1024 * MIB
