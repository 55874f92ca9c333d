"""`yuebao why`: what a run would work out, and what changed."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from small_home import JUNE, SmallHome, call

from pipeline.contract.settings import load_settings
from pipeline.ledger.manifest import read_manifest
from pipeline.taking.receive import receive
from pipeline.work.executors import reading_sandbox

pytestmark = pytest.mark.slow  # a whole run
MadeOnce = Callable[[str, Callable[[Path], object]], Path]  # see conftest


@pytest.fixture(scope="module")
def home(made_once: MadeOnce, tmp_path_factory: pytest.TempPathFactory) -> SmallHome:
    made = made_once("june_reported_in_english", _report_june)
    return SmallHome(shutil.copytree(made, tmp_path_factory.mktemp("why") / "home", copy_function=shutil.copy2))


def _report_june(folder: Path) -> None:
    home = SmallHome(folder)
    home.masters()
    home.sends("M001", (3, "C001a", 10))
    report(home)


def report(home: SmallHome) -> None:
    done = call("monthly", "--home", str(home.home), "--lang", "en", "--workers", "1", "--quiet")
    assert done.exit_code == 0, done.output


def why(home: SmallHome, *options: str) -> Any:
    done = call("why", *options, "--home", str(home.home), "--lang", "en", "--json")
    assert done.exit_code == 0, done.output
    return json.loads(done.output)


def told(home: SmallHome, *options: str) -> str:
    done = call("why", *options, "--home", str(home.home), "--lang", "en")
    assert done.exit_code == 0, done.output
    return str(done.output)


def test_where_all_stands_nothing_is_to_be_written_and_nothing_to_be_worked_out(home: SmallHome) -> None:
    assert why(home) == []
    assert "No month is to be written" in told(home)
    (june,) = why(home, str(JUNE))
    assert (june["reasons"], june["to_make"]) == ([], [])
    assert "up to date" in told(home, str(JUNE))


def test_another_setting_makes_the_newest_month_to_be_written_and_nothing_to_be_counted(home: SmallHome) -> None:
    settings = home.home / "yuebao.toml"
    settings.write_text('organisation = "新名"\n', encoding="utf-8")
    try:
        (june,) = why(home)
        assert june["reasons"] == ["asked"]
        # Names stand in findings and workbooks, which every report makes; of findings longer periods keep the rules.
        assert [one["step"] for one in june["to_make"]] == ["rules_found"]
        assert "the newest) is not written with these settings" in told(home)
    finally:
        settings.unlink()


def test_what_was_deleted_is_said_to_be_gone_and_a_folder_that_is_lost_is_named(home: SmallHome) -> None:
    gone = next((home.home / "ledger" / "derived").rglob("totals*.kept"))
    held = gone.read_bytes()
    gone.unlink()
    try:
        (june,) = why(home, str(JUNE))
        (made,) = june["to_make"]
        assert (made["step"], made["nodes"], made["causes"]) == ("totals", 1, [{"kind": "unknown", "what": ""}])
        assert "totals for the forecast" in told(home, str(JUNE))
    finally:
        gone.write_bytes(held)


def test_of_a_month_that_nobody_knows_nothing_is_said(home: SmallHome) -> None:
    done = call("why", "2020-01", "--home", str(home.home), "--lang", "en")
    assert done.exit_code == 1
    assert "2020-01" in done.output


def test_a_form_that_came_later_is_named(own_copy: MadeOnce) -> None:
    """Taken in, but not reported: as after a run that was killed in between."""
    home = SmallHome(own_copy("june_reported_in_english", _report_june))
    home.sends("M001", (3, "C001a", 12), name="更正.xlsx", saved="2024-07-04T09:00")
    take_in(home)
    (june,) = why(home)
    assert "pending" in june["reasons"]
    counts = next(one for one in june["to_make"] if one["step"] == "counts")
    assert {"kind": "read", "what": "lines sales 2024-06 R01"} in counts["causes"]
    assert not any(cause["kind"] in ("code", "library") for one in june["to_make"] for cause in one["causes"])
    assert "accepted rows sales 2024-06 R01" in told(home)


def take_in(home: SmallHome) -> None:
    settings = load_settings(home.home)
    with reading_sandbox(home.home, settings, 1) as sandbox:
        receive(home.home, read_manifest(home.home), settings, sandbox, lambda *step: None)
