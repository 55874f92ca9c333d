"""A ledger set aside while another is made: it comes back unless the new one was finished."""

import os
import shutil
from pathlib import Path

from pipeline.ledger.manifest import LEDGER

BEFORE = ".ledger.before"


def set_ledger_aside(home: Path) -> None:
    """Makes room for a new ledger; until `drop_old_ledger`, the old one comes back with `restore_ledger`."""
    (home / LEDGER).mkdir(exist_ok=True)
    os.replace(home / LEDGER, home / BEFORE)


def restore_ledger(home: Path) -> None:
    """Puts the ledger back that a rebuild which did not come to its end had set aside."""
    if (home / BEFORE).is_dir():
        shutil.rmtree(home / LEDGER, ignore_errors=True)
        os.replace(home / BEFORE, home / LEDGER)


def drop_old_ledger(home: Path) -> None:
    """The new ledger stands: the old one goes, in one step first."""
    gone = home / f"{BEFORE}.gone"
    shutil.rmtree(gone, ignore_errors=True)
    os.replace(home / BEFORE, gone)
    shutil.rmtree(gone, ignore_errors=True)
