"""What people changed or added in a month's folder outlives its being written anew."""

from hashlib import sha256
from pathlib import Path

import pytest

from pipeline.base.own_copies import keep_own_copies


def folder(path: Path, **files: str) -> Path:
    path.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        (path / f"{name}.xlsx").write_text(text)
    return path


def kept(old: Path, new: Path | None, aside: Path, **written: str) -> dict[str, str]:
    """All that stands aside or in the new folder afterwards, by place."""
    keep_own_copies(
        old, new, aside, {f"{name}.xlsx": sha256(text.encode()).hexdigest() for name, text in written.items()}
    )
    places = {"aside": aside, "new": new} if new else {"aside": aside}
    return {
        f"{place}/{path.relative_to(root).as_posix()}": path.read_text()
        for place, root in places.items()
        for path in sorted(root.rglob("*"))
        if path.is_file()
    }


def test_a_workbook_that_somebody_changed_is_kept_and_one_as_written_goes(tmp_path: Path) -> None:
    old, new = folder(tmp_path / "old", a="changed", b="as written"), folder(tmp_path / "new", a="2", b="2")
    found = kept(old, new, tmp_path / "aside", a="as written", b="as written")
    assert found == {"aside/a.xlsx": "changed", "new/a.xlsx": "2", "new/b.xlsx": "2"}


def test_what_is_the_same_as_the_new_file_need_not_be_kept(tmp_path: Path) -> None:
    old, new = folder(tmp_path / "old", a="2"), folder(tmp_path / "new", a="2")
    assert kept(old, new, tmp_path / "aside", a="1") == {"new/a.xlsx": "2"}


def test_a_file_that_somebody_added_stays_in_its_place(tmp_path: Path) -> None:
    old, new = folder(tmp_path / "old"), folder(tmp_path / "new", a="2")
    folder(old / "regions", notes="mine")
    assert kept(old, new, tmp_path / "aside", a="1") == {"new/a.xlsx": "2", "new/regions/notes.xlsx": "mine"}
    folder(old, a="added under a name that is taken")
    assert kept(old, new, tmp_path / "aside")["aside/a.xlsx"] == "added under a name that is taken"


def test_a_changed_workbook_of_which_there_is_no_new_one_is_kept(tmp_path: Path) -> None:
    old = folder(tmp_path / "old", a="changed", notes="mine")
    assert kept(old, None, tmp_path / "aside", a="1") == {"aside/a.xlsx": "changed", "aside/notes.xlsx": "mine"}
    old = folder(tmp_path / "old", b="changed")
    assert kept(old, folder(tmp_path / "new"), tmp_path / "aside2", b="1") == {"aside/b.xlsx": "changed"}


def test_a_copy_kept_before_is_neither_replaced_nor_kept_twice(tmp_path: Path) -> None:
    aside = folder(tmp_path / "aside", a="first")
    for text in ("second", "first", "second"):
        kept(folder(tmp_path / "old", a=text), None, aside, a="1")
    assert kept(tmp_path / "old", None, aside) == {"aside/a.xlsx": "first", "aside/a (2).xlsx": "second"}


@pytest.mark.parametrize(
    "name", ["~$a.xlsx", ".~lock.a.xlsx#", "Thumbs.db", "desktop.ini", ".DS_Store", "._a.xlsx"]
)
def test_the_traces_of_opening_a_workbook_are_not_kept(tmp_path: Path, name: str) -> None:
    old = folder(tmp_path / "old")
    (old / name).write_bytes(b"x")
    assert kept(old, None, tmp_path / "aside") == {}


def test_a_link_is_kept_as_a_link(tmp_path: Path) -> None:
    old = folder(tmp_path / "old")
    (old / "a.xlsx").symlink_to(tmp_path / "elsewhere.xlsx")
    kept(old, None, tmp_path / "aside", a="1")
    assert (tmp_path / "aside" / "a.xlsx").is_symlink()
