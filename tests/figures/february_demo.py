"""A demo of fourteen months until February, as it was sent and as it was taken in, for those who recount it."""

import shutil
from pathlib import Path

from pipeline.base.calendar import Month
from pipeline.contract.settings import load_settings
from pipeline.demo.make import make_demo
from pipeline.ledger.manifest import read_manifest
from pipeline.ledger.read import Ledger
from pipeline.month.opening import Months, open_months
from pipeline.taking.receive import receive
from pipeline.work.executors import reading_sandbox
from schemas.form import all_forms

FEBRUARY = Month(2024, 2)
SENT, TAKEN = "sent", "taken"


def make_february(folder: Path) -> None:
    """Fills `sent` with a home whose files wait in the inbox, and `taken` with the same, all of it in the ledger and
    every month counted."""
    make_demo(folder / SENT, managers=6, customers=6, months=14, end=FEBRUARY)
    home = Path(shutil.copytree(folder / SENT, folder / TAKEN, copy_function=shutil.copy2))
    settings = load_settings(home)
    with reading_sandbox(home, settings, 1) as sandbox:
        receive(home, read_manifest(home), settings, sandbox, lambda *step: None)
    opened = opened_february(folder)
    for month in read_manifest(home).months():
        opened.graph.of("some_counts", month, opened.shape.names(month))


def opened_february(folder: Path) -> Months:
    """The months as reports are made of them."""
    home = folder / TAKEN
    return open_months(Ledger(home, read_manifest(home), all_forms()), load_settings(home))
