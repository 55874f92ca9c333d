"""Settings of all tests, and what is costly to make: made once, whichever of the test processes asks first."""

import gc
import os
import shutil
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import settings

gc.set_threshold(100_000, 20, 10)  # modules and thousands of tests are no garbage: see pipeline.base.garbage
settings.register_profile("any_machine", deadline=None)  # how long an example takes says how busy the machine is
settings.load_profile("any_machine")


def _stay_on_one_core() -> None:
    """Each test process keeps to a core, so that what a test runs does its work in one process: to start others, which
    would only take the time of the tests beside it, costs more than many a test. Those of several processes ask for
    them."""
    process = os.environ.get("PYTEST_XDIST_WORKER", "")
    if process and hasattr(os, "sched_setaffinity"):
        cores = sorted(os.sched_getaffinity(0))
        os.sched_setaffinity(0, {cores[int(process.removeprefix("gw")) % len(cores)]})


_stay_on_one_core()

Make = Callable[[Path], object]
MadeOnce = Callable[[str, Make], Path]
LOOK_AGAIN_SECONDS = 0.2


def pytest_collection_finish() -> None:
    """Looking for garbage among what was collected takes a tenth of the time of the tests."""
    gc.freeze()


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


@pytest.fixture
def own_copy(made_once: MadeOnce, tmp_path: Path) -> MadeOnce:
    """As `made_once`, but a copy of the folder, which the test may change."""
    return lambda name, make: Path(
        shutil.copytree(made_once(name, make), tmp_path / "home", copy_function=shutil.copy2)
    )


@pytest.fixture(scope="session")
def three_months(made_once: MadeOnce) -> Path:
    """A demo organisation of three managers with its three months taken in, without workbooks; not to be changed."""
    return made_once("three_months", _three_months)


def _three_months(home: Path) -> None:
    from click.testing import CliRunner
    from without_workbooks import without_workbooks

    from pipeline.cli import main

    def run(command: str, *options: str) -> None:
        done = CliRunner().invoke(main, [command, "--home", str(home), *options], catch_exceptions=False)
        assert done.exit_code == 0, done.output

    run("demo", "--managers", "3", "--customers", "10", "--months", "3", "--seed", "5")
    with without_workbooks():
        run("monthly", "--workers", "1", "--quiet")
