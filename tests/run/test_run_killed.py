"""A run that is killed anywhere and started again leaves what a run never killed leaves."""

import random
import shutil
from pathlib import Path

import pytest
from kill_trial import kept_bytes, run_once, trial
from small_home import JUNE, SmallHome

POINTS = 20


def waiting_home(folder: Path) -> SmallHome:
    """A month reported, and a second run's files in the inbox: a correction, a new file, other master data."""
    home = SmallHome(folder)
    home.masters()
    home.sends("M001", (3, "C001a", 10), (4, "C001b", 5))
    home.junk("坏.xlsx", b"PK\x03\x04 no workbook")
    home.run()
    home.sends("M001", (3, "C001a", 8), saved="2024-07-04T09:00")
    home.sends("M003", (5, "C003a", 7))
    home.masters("主数据二.xlsx", price=100.5, saved="2024-07-02T08:00")
    return home


@pytest.mark.slow
def test_a_run_killed_at_any_point_and_started_again_ends_as_one_never_killed(tmp_path: Path) -> None:
    start = waiting_home(tmp_path / "start").home
    calm = tmp_path / "calm"
    shutil.copytree(start, calm, copy_function=shutil.copy2)
    events = run_once(calm)
    assert events is not None
    assert events > POINTS
    assert (calm / "output" / str(JUNE)).is_dir()
    points = sorted(random.Random(20240601).sample(range(1, events + 1), POINTS))
    found = trial(start, tmp_path, points, kept_bytes(calm))
    assert len(found) == POINTS
    assert {point: names for point, names in found.items() if names} == {}
