"""Settings of all tests, and what is costly to make: made once, whichever of the test processes asks first."""

import os
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import settings

settings.register_profile("any_machine", deadline=None)  # how long an example takes says how busy the machine is
settings.load_profile("any_machine")

Make = Callable[[Path], object]
MadeOnce = Callable[[str, Make], Path]
LOOK_AGAIN_SECONDS = 0.2


@pytest.fixture(scope="session")
def made_once(tmp_path_factory: pytest.TempPathFactory) -> MadeOnce:
    """Gives the folder of a name, which `make` has filled once for all test processes. Nobody may change it: a test
    that would copies it first."""
    base = tmp_path_factory.getbasetemp()
    shared = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "made_once"
    shared.mkdir(exist_ok=True)

    def folder_of(name: str, make: Make) -> Path:
        folder, done = shared / name, shared / f"{name}.done"
        try:
            (shared / f"{name}.begun").mkdir()
        except FileExistsError:
            while not done.exists():
                time.sleep(LOOK_AGAIN_SECONDS)
        else:
            folder.mkdir()
            text = "failed"
            with suppress(BaseException):
                make(folder)
                text = ""
            done.write_text(text, encoding="utf-8")
        assert done.read_text(encoding="utf-8") == "", f"{name} could not be made"
        return folder

    return folder_of


@pytest.fixture(scope="session")
def three_months(made_once: MadeOnce) -> Path:
    """A demo organisation of three managers with its three months taken in; not to be changed."""
    return made_once("three_months", _three_months)


def _three_months(home: Path) -> None:
    from click.testing import CliRunner

    from pipeline.cli import main

    size = ("--managers", "3", "--customers", "10", "--months", "3", "--seed", "5")
    for command in (("demo", *size), ("monthly", "--workers", "1", "--quiet")):
        done = CliRunner().invoke(main, [command[0], "--home", str(home), *command[1:]], catch_exceptions=False)
        assert done.exit_code == 0, done.output
