"""How staged rows get into a region's file: one file a form, month and region, made anew as a whole."""

from dataclasses import replace
from pathlib import Path

import pandas as pd
import pyarrow as pa

from pipeline.base.home import LEDGER
from pipeline.ledger.commit import Added, add_submissions, sweep
from pipeline.ledger.manifest import Manifest, Receipt, Submission, read_manifest, write_manifest
from pipeline.ledger.parts import _amount
from schemas.form import all_forms

JUNE = "2024-06"
PART = f"sales/{JUNE}/R01"


def receipt(sha256: str, run: int = 1) -> Receipt:
    return Receipt(sha256, f"{sha256}.xlsx", 1, "2024-07-01T09:00:00", run, ("monthly",))


def submission(sha256: str, manager_id: str, rows: int) -> Submission:
    return Submission(JUNE, manager_id, "sales", "accepted", sha256, "R01", rows, 0, 0.0, 0.0)


def staged(folder: Path, sha256: str, manager_id: str, rows: list[tuple[int, str]], **more: object) -> Path:
    """A staged file: one row a (sheet row, customer)."""
    path = folder / f"{sha256}.parquet"
    texts = {"manager_id": manager_id, "source_hash": sha256, "source_sheet": "销售"}
    frame = pd.DataFrame({"customer_id": pd.Series([customer for _, customer in rows], dtype="str")})
    frame = frame.assign(
        **more, **{name: pd.Series(text, index=frame.index, dtype="str") for name, text in texts.items()}
    )
    frame.assign(source_row=[row for row, _ in rows]).to_parquet(path, index=False)
    return path


def take_over(home: Path, manifest: Manifest, run: int, files: dict[str, tuple[str, Path]]) -> Manifest:
    """Files by fingerprint, each with its manager and its staged rows."""
    receipts = [receipt(sha256, run) for sha256 in files]
    new = [submission(sha256, manager, len(pd.read_parquet(path))) for sha256, (manager, path) in files.items()]
    held = {(one.sha256, one.key): str(files[one.sha256][1]) for one in new}
    known = {**manifest.receipts_by_hash, **{one.sha256: one for one in receipts}}
    added = add_submissions(home, replace(manifest, run=run - 1), known, new, held, forms=all_forms())
    assert isinstance(added, Added)
    return added.manifest


def part(home: Path, manifest: Manifest) -> pd.DataFrame:
    return pd.read_parquet(home / LEDGER / manifest.parts[PART])


def places(frame: pd.DataFrame) -> list[tuple[str, int, str]]:
    return list(frame[["manager_id", "source_row", "customer_id"]].itertuples(index=False, name=None))


def test_the_rows_of_a_region_stand_by_manager_and_sheet_row_however_they_came(tmp_path):
    one = staged(tmp_path, "bb", "M001", [(5, "030101"), (12, "030102")])
    two = staged(tmp_path, "aa", "M002", [(7, "030201")])
    manifest = take_over(tmp_path, Manifest(), 1, {"aa": ("M002", two), "bb": ("M001", one)})
    expected = [("M001", 5, "030101"), ("M001", 12, "030102"), ("M002", 7, "030201")]
    assert places(part(tmp_path, manifest)) == expected
    other_way = take_over(tmp_path, Manifest(), 1, {"bb": ("M001", one), "aa": ("M002", two)})
    assert other_way.parts == manifest.parts


def test_a_later_file_takes_the_place_of_all_rows_of_its_manager_and_of_no_other(tmp_path):
    first = take_over(
        tmp_path,
        Manifest(),
        1,
        {
            "aa": ("M001", staged(tmp_path, "aa", "M001", [(5, "030101"), (6, "030102")])),
            "bb": ("M002", staged(tmp_path, "bb", "M002", [(5, "030201")])),
        },
    )
    later = take_over(tmp_path, first, 2, {"cc": ("M001", staged(tmp_path, "cc", "M001", [(9, "030103")]))})
    assert places(part(tmp_path, later)) == [("M001", 9, "030103"), ("M002", 5, "030201")]


def test_rows_stored_before_a_form_got_a_column_stay_with_the_column_empty(tmp_path):
    old = staged(tmp_path, "aa", "M001", [(5, "030101")])
    first = take_over(tmp_path, Manifest(), 1, {"aa": ("M001", old)})
    new = staged(tmp_path, "bb", "M002", [(5, "030201")], closing_stock=pd.Series([20], dtype="Int64"))
    rows = part(tmp_path, take_over(tmp_path, first, 2, {"bb": ("M002", new)}))
    assert rows["closing_stock"].isna().tolist() == [True, False]
    assert rows["closing_stock"].tolist()[1] == 20


def test_a_manifest_reads_back_as_it_was_written(tmp_path):
    manifest = take_over(
        tmp_path, Manifest(), 1, {"aa": ("M001", staged(tmp_path, "aa", "M001", [(5, "030101")]))}
    )
    write_manifest(tmp_path, manifest)
    assert read_manifest(tmp_path) == manifest


def test_the_amount_of_rows_is_their_sum_and_nought_where_the_form_has_none():
    sales, visits = all_forms()["sales"], all_forms()["visits"]
    assert _amount(pa.table({"amount": [0.1, 0.2, None]}), sales) == 0.3
    assert _amount(pa.table({"amount": pa.array([], pa.float64())}), sales) == 0.0
    assert _amount(pa.table({"amount": [5.0]}), visits) == 0.0  # what it says of a row is no money
    assert _amount(pa.table({"amount": [5.0]}), None) == 0.0  # of a form that is not in use any more


def test_what_the_manifest_does_not_name_is_swept_also_where_somebody_else_was_quicker(tmp_path, monkeypatch):
    folder = tmp_path / LEDGER / "sales"
    folder.mkdir(parents=True)
    for name in ("a.parquet", "b.parquet", ".c.parquet.new", "d.json"):
        (folder / name).touch()
    remove = Path.unlink

    def quicker(path, missing_ok=False):
        remove(path)
        remove(path, missing_ok)

    monkeypatch.setattr(Path, "unlink", quicker)
    sweep(tmp_path, Manifest(parts={PART: "sales/a.parquet"}))
    assert sorted(path.name for path in folder.iterdir()) == ["a.parquet", "d.json"]
