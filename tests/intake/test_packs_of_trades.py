"""Packs of each trade, filled in by hand and taken in: row by row they say what the plain forms say."""

import io
from functools import cache

import pandas as pd
import pytest
from demo_packs import DemoLedger, demo_ledger, pack_of, settings
from pack_hand import Hand
from take_in_builder import Outcome, take_file

from pipeline.contract.master_data import MasterVersion
from schemas.form import Form, all_forms

TRADES = ("tobacco", *(pytest.param(one, marks=pytest.mark.slow) for one in ("cable", "agency")))
MODULES = tuple(sorted({form.model.__module__ for form in all_forms().values()}))
MANAGER = "M002"


@cache
def truth(trade: str) -> dict[str, pd.DataFrame]:
    rows = demo_ledger(trade).truth
    return {form: held[held["manager_id"] == MANAGER].drop(columns="manager_id") for form, held in rows.items()}


def taken_in(folder, trade: str) -> Outcome:
    ledger = demo_ledger(trade)
    book = pack_of(ledger, settings(trade), MANAGER)
    Hand(book, ledger.profile).fill(truth(trade))
    saved = io.BytesIO()
    book.save(saved)
    return take_file(
        folder,
        saved.getvalue(),
        settings=settings(trade),
        versions=master_versions(ledger, folder / "masters"),
        modules=MODULES,
    )


def master_versions(ledger: DemoLedger, folder) -> tuple[MasterVersion, ...]:
    folder.mkdir()
    versions = []
    for key, rows in ledger.masters(ledger.last).items():
        if key in ledger.forms:
            path = folder / f"{key}.parquet"
            rows[list(ledger.forms[key].dtypes)].to_parquet(path)
            versions.append(MasterVersion(key, ledger.last, str(path)))
    return tuple(versions)


def told(rows: pd.DataFrame, form: Form) -> set[str]:
    """Rows as texts, so that what is missing is equal to what is missing."""
    return {
        " | ".join("" if pd.isna(cell) else str(cell) for cell in row)
        for row in rows[list(form.dtypes)].to_numpy()
    }


@pytest.mark.parametrize("trade", TRADES)
def test_packs_say_row_by_row_what_plain_forms_say(tmp_path, trade):
    outcome, ledger = taken_in(tmp_path, trade), demo_ledger(trade)
    assert [one.rule for one in outcome.told if one.effect != "note"] == []
    for key, rows in truth(trade).items():
        form = ledger.forms[key]
        parts = [part for part in outcome.taken.parts if part.form == key]
        assert len(parts) == 1, key
        accepted = outcome.rows(key) if parts[0].path else form.empty()
        wanted = told(rows, form)
        assert told(accepted, form) == wanted, key


@pytest.mark.parametrize("trade", TRADES)
def test_a_pack_brings_nothing_of_another_trade(tmp_path, trade):
    outcome = taken_in(tmp_path, trade)
    assert {part.form for part in outcome.taken.parts} <= set(demo_ledger(trade).forms)
    assert not [one for one in outcome.told if one.rule in ("sheet_not_read", "unknown_heading")]
