"""A ledger and outputs made anew in a workshop, which take the place of the old ones as a whole.

The workshop is a folder of the home, laid out as a home is. Once its plan is on the disk, what it lists is moved in,
by whoever comes next if need be; until then all is as it was. Each step can be done again.
"""

import json
import os
import shutil
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from pathlib import Path

from pipeline.base.files import sync_folder, write_atomically
from pipeline.base.home import LEDGER
from pipeline.ledger.archive import WORKSHOP

PLAN = "plan.json"
OLD = "old"
BEFORE = ".ledger.before"  # where rebuilds of earlier versions set the ledger aside


def new_workshop(home: Path) -> Path:
    """An empty workshop."""
    shop = home / WORKSHOP
    shutil.rmtree(shop, ignore_errors=True)
    shop.mkdir()
    return shop


def move_in(home: Path, names: Sequence[str]) -> None:
    """Puts what stands in the workshop under these names, below the home, in the place of what was there.

    Raises:
        OSError: when something cannot be replaced; then all is as it was.
    """
    shop = home / WORKSHOP
    try:
        write_atomically(shop / PLAN, json.dumps(list(names)).encode("utf-8"))
        for name in names:
            _move(home, name)
    except OSError:
        for name in reversed(names):
            _move_back(home, name)
        (shop / PLAN).unlink(missing_ok=True)
        raise
    _sync(home, names)


def _nothing_kept(old: Path, place: Path) -> None:
    """All that was replaced may go."""


def clear_workshop(home: Path, keep: Callable[[Path, Path], None] = _nothing_kept) -> None:
    """Takes the workshop away; where it is half moved in, it is moved in first.

    `keep` saves what must not be lost of each old thing, given with what stands in its place, before it goes.

    Raises:
        OSError: when something cannot be replaced, as it is open in Excel; the next one goes on from there.
    """
    for name in _planned(home):
        _move(home, name)
    _sync(home, _planned(home))
    for name in _planned(home):
        _, old, place = _places(home, name)
        keep(old, place)
    with suppress(FileNotFoundError):
        (home / WORKSHOP / PLAN).unlink()
    shutil.rmtree(home / WORKSHOP, ignore_errors=True)
    if (home / BEFORE).is_dir():
        shutil.rmtree(home / LEDGER, ignore_errors=True)
        os.replace(home / BEFORE, home / LEDGER)


def is_half_moved_in(home: Path) -> bool:
    """Whether something died while it put a new ledger in the place of the old one."""
    return (home / WORKSHOP / PLAN).exists() or (home / BEFORE).is_dir()


def _planned(home: Path) -> list[str]:
    plan = home / WORKSHOP / PLAN
    return list(json.loads(plan.read_text(encoding="utf-8"))) if plan.exists() else []


def _move(home: Path, name: str) -> None:
    new, old, place = _places(home, name)
    if not new.exists():  # it stands in its place already
        return
    if place.exists():
        shutil.rmtree(old, ignore_errors=True)
        old.parent.mkdir(parents=True, exist_ok=True)
        os.replace(place, old)
    place.parent.mkdir(parents=True, exist_ok=True)
    os.replace(new, place)


def _move_back(home: Path, name: str) -> None:
    new, old, place = _places(home, name)
    if not new.exists():
        os.replace(place, new)
    if old.exists():
        os.replace(old, place)


def _places(home: Path, name: str) -> tuple[Path, Path, Path]:
    """Where it stands in the workshop, where the old one is put, where it belongs."""
    return home / WORKSHOP / name, home / WORKSHOP / OLD / name, home / name


def _sync(home: Path, names: Iterable[str]) -> None:
    for folder in sorted({(home / name).parent for name in names}):
        sync_folder(folder)
