"""How many rows of a file stand, before and after it is put together with others; on rows made by hand."""

from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from pipeline.base.home import LEDGER
from pipeline.ledger.manifest import NOT_COUNTED, Manifest, Receipt, Submission
from pipeline.ledger.parts import _keeping, _merged, held_after, with_rows_counted, write_parts
from pipeline.ledger.plan import Plan, Recipe
from pipeline.ledger.questions import Held
from pipeline.ledger.store import part_name, store_frame
from schemas.form import all_forms

FORMS = all_forms()
KEY = ("2024-06", "sales", "M1")


def rows(sha256: str, *yuan: float, manager: str = "M1", month_day: int = 3) -> pd.DataFrame:
    """Sales of one day of June, one a customer."""
    count = len(yuan)
    texts = {"manager_id": manager, "source_hash": sha256, "source_sheet": "销售", "product_id": "P1"}
    frame = pd.DataFrame({"amount": list(yuan), "source_row": range(5, 5 + count)})
    frame["customer_id"] = pd.Series([f"C{number}" for number in range(count)], dtype="str")
    frame["order_date"] = pd.Timestamp(2024, 6, month_day)
    return frame.assign(**{name: pd.Series(text, index=frame.index, dtype="str") for name, text in texts.items()})


def sent(sha256: str, count: int = 3, left_out: int = 0, yuan: float = 0.0, **more: object) -> Submission:
    one = Submission("2024-06", "M1", "sales", "accepted", sha256, "R1", count, left_out, yuan, 0.0)
    return replace(one, **more)  # type: ignore[arg-type]


def planned(recipe: Recipe, *before: Submission) -> Plan:
    receipts = {
        one.sha256: Receipt(one.sha256, "f", 1, "2024-07-01T09:00:00", 1) for one in (*before, *recipe.chain)
    }
    chains = {recipe.key: recipe.chain}
    return Plan(recipe.chain, [], receipts, frozenset({recipe.key}), {recipe.key: before}, chains)


def after(home: Path, recipe: Recipe, *before: Submission, manifest: Manifest | None = None) -> Held:
    return held_after(home, manifest or Manifest(), planned(recipe, *before), recipe, FORMS)


# ── what would stand ──


def test_of_one_file_alone_there_stands_what_was_accepted_of_it(tmp_path: Path) -> None:
    one = sent("a", 10, 1, 100.0, amount_left_out_yuan=5.0)
    assert after(tmp_path, Recipe(KEY, (), ((one, "staged"),))) == Held(9, 95.0)


def test_where_the_only_file_is_withdrawn_nothing_stands(tmp_path: Path) -> None:
    assert after(tmp_path, Recipe(KEY, (), ()), sent("a")) == Held(0, 0)


def test_of_a_file_with_days_that_count_from_neither_the_others_stand(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    both = pd.concat([rows("a", 10.0, 20.0), rows("a", 40.0, month_day=4)], ignore_index=True)
    both.to_parquet(path, index=False)
    days = ("2024-06-03", "2024-06-04")
    one = sent("a", 3, yuan=70.0, replaces="days", days=days, refused_days=days[1:])
    assert after(tmp_path, Recipe(KEY, (), ((one, str(path)),))) == Held(2, 30.0)


def test_over_rows_that_stand_a_file_of_days_adds_its_own(tmp_path: Path) -> None:
    held = sent("a", 2, yuan=30.0)
    stored = store_frame(tmp_path, "sales/a", pd.concat([rows("a", 10.0, 20.0), rows("x", 7.0, manager="M2")]))
    path = tmp_path / "b.parquet"
    rows("b", 40.0, month_day=4).to_parquet(path, index=False)
    over = sent("b", 1, yuan=40.0, replaces="days", days=("2024-06-04",))
    manifest = Manifest(parts={part_name("sales", "2024-06", "R1"): stored})
    recipe = Recipe(KEY, (held,), ((over, str(path)),))
    assert after(tmp_path, recipe, held, manifest=manifest) == Held(3, 70.0)


def test_a_file_that_stands_again_is_read_from_the_ledger_where_it_is_not_staged(tmp_path: Path) -> None:
    held = sent("a", 2, yuan=30.0)
    stored = store_frame(tmp_path, "sales/a", rows("a", 10.0, 20.0))
    manifest = Manifest(parts={part_name("sales", "2024-06", "R1"): stored})
    assert after(tmp_path, Recipe(KEY, (), ((held, None),)), held, manifest=manifest) == Held(2, 30.0)


def test_of_a_form_that_is_not_in_use_any_more_all_rows_stand_and_its_amount_is_not_known(tmp_path: Path) -> None:
    held = sent("a", 2, yuan=30.0)
    stored = store_frame(tmp_path, "sales/a", rows("a", 10.0, 20.0))
    manifest = Manifest(parts={part_name("sales", "2024-06", "R1"): stored})
    recipe = Recipe(KEY, (), ((held, None),))
    assert held_after(tmp_path, manifest, planned(recipe, held), recipe, {}) == Held(2, 0.0)


# ── what is written ──


def test_what_is_withdrawn_is_taken_out_of_its_part_and_keeps_no_row(tmp_path: Path) -> None:
    gone = sent("a", 2, yuan=30.0, withdrawn=True)
    stored = store_frame(tmp_path, "sales/a", pd.concat([rows("a", 10.0, 20.0), rows("x", 7.0, manager="M2")]))
    name = part_name("sales", "2024-06", "R1")
    recipe = Recipe(KEY, (), ())
    plan = replace(planned(recipe, gone), submissions=(gone,))
    written = write_parts(tmp_path, Manifest(parts={name: stored}), plan, [recipe], FORMS)
    left = pd.read_parquet(tmp_path / LEDGER / written.parts[name])
    assert left[["manager_id", "amount"]].values.tolist() == [["M2", 7.0]]
    assert [(one.kept, one.kept_amount_yuan) for one in written.submissions] == [(0, 0.0)]
    assert written.said == []


def test_a_part_of_which_no_row_is_left_is_not_in_the_ledger_any_more(tmp_path: Path) -> None:
    gone = sent("a", 1, yuan=10.0, withdrawn=True)
    name = part_name("sales", "2024-06", "R1")
    recipe = Recipe(KEY, (), ())
    stored = store_frame(tmp_path, "sales/a", rows("a", 10.0))
    held = Manifest(parts={name: stored, "visits/2024-06/R1": "other"})
    plan = replace(planned(recipe, gone), submissions=(gone,))
    assert write_parts(tmp_path, held, plan, [recipe], FORMS).parts == {"visits/2024-06/R1": "other"}


def test_rows_of_a_part_stand_by_manager_file_sheet_and_row(tmp_path: Path) -> None:
    paths = []
    for sha256, manager in (("b", "M1"), ("a", "M2"), ("c", "M1")):
        paths.append(tmp_path / f"{sha256}.parquet")
        rows(sha256, 1.0, 2.0, manager=manager).iloc[::-1].to_parquet(paths[-1], index=False)
    table = _merged(None, (), {str(path): ["M1", "M2"] for path in paths}, ())
    assert table is not None
    found = table.select(["manager_id", "source_hash", "source_row"]).to_pandas().values.tolist()
    assert found == [
        ["M1", "b", 5],
        ["M1", "b", 6],
        ["M1", "c", 5],
        ["M1", "c", 6],
        ["M2", "a", 5],
        ["M2", "a", 6],
    ]
    assert _merged(None, (), {}, ()) is None


def test_amounts_are_kept_to_the_hundredth_of_a_fen(tmp_path: Path) -> None:
    """0.1 and 0.2 are 0.3 and not 0.30000000000000004; what is less than half a hundredth of a fen is nothing."""
    stored = store_frame(tmp_path, "sales/a", rows("a", 0.1, 0.2, 0.000049))
    held = Manifest(
        submissions=(sent("a", 9, kept=NOT_COUNTED),), parts={part_name("sales", "2024-06", "R1"): stored}
    )
    assert [one.kept_amount_yuan for one in with_rows_counted(tmp_path, held, FORMS).submissions] == [0.3]
    assert _keeping(sent("a", 9), 2, 0.30004999).kept_amount_yuan == 0.3
    assert _keeping(sent("a", 9), 2, 0.30005001).kept_amount_yuan == 0.3001


# ── ledgers of an older format ──


def test_a_ledger_that_never_counted_is_counted_file_by_file_and_manager_by_manager(tmp_path: Path) -> None:
    """File a brought 3 rows of M1, of which 2 stand, and 1 of M2, which stands; of b nothing stands any more."""
    part = pd.concat([rows("a", 10.0, 20.0), rows("a", 5.0, manager="M2")], ignore_index=True)
    stored = store_frame(tmp_path, "sales/a", part)
    of = [
        sent("a", 3, yuan=60.0, kept=NOT_COUNTED),
        sent("a", 1, yuan=5.0, kept=NOT_COUNTED, manager_id="M2"),
        sent("b", 4, yuan=9.0, kept=NOT_COUNTED),
    ]
    held = Manifest(submissions=tuple(of), parts={part_name("sales", "2024-06", "R1"): stored})
    counted = with_rows_counted(tmp_path, held, FORMS).submissions
    assert [(one.kept, one.kept_amount_yuan) for one in counted] == [(2, 30.0), (None, None), (0, 0.0)]
    assert [(one.rows_held, one.amount_held_yuan) for one in counted] == [(2, 30.0), (1, 5.0), (0, 0.0)]


@pytest.mark.parametrize("kept", [None, 0, 2])
def test_a_ledger_that_has_counted_is_left_as_it_is(tmp_path: Path, kept: int | None) -> None:
    held = Manifest(submissions=(sent("a", 3, kept=kept),), parts={"sales/2024-06/R1": "not there"})
    assert with_rows_counted(tmp_path, held, FORMS) is held
