"""What a new edition says that it changed; output folders and file names."""

from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from pipeline.base.calendar import Month
from pipeline.base.safe_names import safe_name
from pipeline.ledger.manifest import Edition, Manifest, MasterPart, Receipt, Submission
from pipeline.ledger.output import finish_folders, new_period_folder, read_run_record, write_run_record
from pipeline.month.editions import Content, changed_figures, digest_of, files_since, is_new_edition
from pipeline.words import load_words

JUNE = Month(2024, 6)
REGIONS = pd.Series({"M1": "R1", "M2": "R2"})


def metrics(**values: float | None) -> pd.DataFrame:
    """Values by `level__entity__figure`."""
    rows = [(*key.split("__"), value) for key, value in values.items()]
    return pd.DataFrame(rows, columns=["level", "entity_id", "figure", "value"]).astype({"value": "float64"})


def test_changes_name_figure_before_after_and_the_files_of_the_entitys_managers() -> None:
    before = metrics(
        organisation__ALL__volume=9, region__R1__volume=5, region__R2__volume=4, manager__M1__rate=None
    )
    after = metrics(organisation__ALL__volume=8, region__R1__volume=4, region__R2__volume=4, manager__M1__rate=1)
    changes = changed_figures(before, after, {"M1": ["a.xlsx"], "M2": ["b.xlsx"], "": ["主数据.xlsx"]}, REGIONS)
    assert changes.astype(object).where(changes.notna(), None).values.tolist() == [
        ["organisation", "ALL", "volume", 9, 8, "主数据.xlsx、a.xlsx、b.xlsx"],
        ["region", "R1", "volume", 5, 4, "主数据.xlsx、a.xlsx"],
        ["manager", "M1", "rate", None, 1, "主数据.xlsx、a.xlsx"],
    ]


def test_a_figure_that_an_edition_no_longer_has_is_a_change() -> None:
    changes = changed_figures(metrics(manager__M1__volume=3), metrics(), {"M1": ["a.xlsx"]}, REGIONS)
    assert changes[["before", "file"]].values.tolist() == [[3, "a.xlsx"]]
    assert changes["after"].isna().all()


def test_files_since_an_edition_are_those_of_later_runs_and_of_no_later_month() -> None:
    receipts = tuple(
        Receipt(name, f"{name}.xlsx", 1, "2024-07-01", run)
        for name, run in (("a", 1), ("b", 2), ("c", 2), ("m", 2))
    )
    submissions = tuple(
        Submission(month, "M1", "sales", "accepted", sha, "R1", 1, 0, 0.0, 0.0)
        for month, sha in (("2024-06", "a"), ("2024-05", "b"), ("2024-07", "c"))
    )
    masters = (MasterPart("customers", "2024-06", "m", 1, 0, "x"),)
    manifest = Manifest(run=2, receipts=receipts, submissions=submissions, masters=masters)
    assert files_since(manifest, 1, "2024-06") == {"M1": ["b.xlsx"], "": ["m.xlsx"]}


def test_a_file_that_was_refused_or_waits_for_an_answer_changes_nothing_and_is_not_named() -> None:
    receipts = tuple(Receipt(name, f"{name}.xlsx", 1, "2024-07-01", 2) for name in "abcd")
    good = Submission("2024-06", "M1", "sales", "accepted", "a", "R1", 1, 0, 0.0, 0.0)
    refused = replace(good, sha256="b", judged="refused")
    held, rival = replace(good, sha256="c", asked="shrinks"), replace(good, sha256="d", rival=True)
    withdrawn = replace(refused, withdrawn=True)
    manifest = Manifest(run=2, receipts=receipts, submissions=(good, refused, withdrawn, held, rival))
    assert files_since(manifest, 1, "2024-06") == {"M1": ["a.xlsx"], "": []}


def test_what_is_told_about_files_is_part_of_the_content_and_makes_no_edition() -> None:
    values = metrics(region__R1__volume=5)
    before, told = Content("figures", "nothing refused"), Content("figures", "b.xlsx refused")
    last = Edition(1, 1, before.digest, "m.parquet", figures=before.figures)
    assert before.digest != told.digest
    assert not is_new_edition(last, told.figures, values, values)
    assert is_new_edition(last, "other figures", values, values)


def test_an_edition_of_an_older_ledger_is_told_by_its_values() -> None:
    last, values = Edition(1, 1, "d", "m.parquet"), metrics(region__R1__volume=5)
    assert not is_new_edition(last, "figures", values, values)
    assert is_new_edition(last, "figures", values, metrics(region__R1__volume=6))


def test_a_digest_tells_content_and_not_the_index() -> None:
    frame = pd.DataFrame({"a": [1.0, None], "b": ["x", "y"]})
    assert digest_of([[frame]]) == digest_of([[frame.set_axis([7, 8])]])
    assert digest_of([[frame]]) != digest_of([[frame.assign(b=["x", "z"])]])


def test_a_digest_of_a_frame_in_pieces_is_that_of_the_whole() -> None:
    frame = pd.DataFrame({"a": [1.0, None, 3.0], "b": ["x", "y", "z"]})
    assert digest_of([[frame.iloc[:2], frame.iloc[2:]]]) == digest_of([[frame]])
    assert digest_of([[frame.iloc[:2]], [frame.iloc[2:]]]) != digest_of([[frame]])


def test_a_folder_that_fails_half_way_leaves_the_old_one(tmp_path: Path) -> None:
    words = load_words("zh")
    with new_period_folder(tmp_path, JUNE, words) as folder:
        (folder / "a").write_text("old")
    with pytest.raises(RuntimeError), new_period_folder(tmp_path, JUNE, words) as folder:
        (folder / "a").write_text("new")
        raise RuntimeError
    assert [path.relative_to(tmp_path).as_posix() for path in sorted((tmp_path / "output").rglob("*"))] == [
        "output/2024-06",
        "output/2024-06/a",
    ]
    assert (tmp_path / "output" / "2024-06" / "a").read_text() == "old"


def test_what_a_dead_run_left_beside_the_folders_is_cleared_or_put_back(tmp_path: Path) -> None:
    for name in (".2024-05.old", ".2024-06.old", "2024-06", ".2024-06.new"):
        (tmp_path / "output" / name).mkdir(parents=True)
    finish_folders(tmp_path)
    assert sorted(path.name for path in (tmp_path / "output").iterdir()) == ["2024-05", "2024-06"]


def test_a_run_record_that_somebody_changed_is_not_believed(tmp_path: Path) -> None:
    write_run_record(tmp_path, {"edition": 1})
    record = read_run_record(tmp_path)
    assert record is not None
    assert record["edition"] == 1
    path = tmp_path / "run.json"
    path.write_text(path.read_text(encoding="utf-8").replace("1", "2", 1), encoding="utf-8")
    assert read_run_record(tmp_path) is None


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("城东/西", "城东_西"),
        ('a<b>:"c', "a_b___c"),
        ("con", "_con"),
        ("  .. ", "_"),
        ("x\u202etxt", "x_txt"),
        ("名. ", "名"),
    ],
)
def test_a_name_made_from_data_is_safe_on_windows_too(text: str, name: str) -> None:
    assert safe_name(text) == name
