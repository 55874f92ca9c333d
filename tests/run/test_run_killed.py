"""A run that is killed anywhere and started again leaves what a run never killed leaves."""

import sys
from pathlib import Path

import pytest
from kill_trial import calm_runs, launcher, seeded_points, trial
from small_home import JUNE, SmallHome

POINTS = 5  # hundreds in `make soak`
REGION_OF = {"M001": "R01", "M003": "R01"}


def waiting_home(folder: Path) -> SmallHome:
    """A month reported, and a second run's files in the inbox: a correction, a new file, other master data."""
    home = SmallHome(folder)
    home.masters(regions=REGION_OF)
    home.sends("M001", (3, "C001a", 10), (4, "C001b", 5))
    home.junk("坏.xlsx", b"PK\x03\x04 no workbook")
    home.run()
    home.sends("M001", (3, "C001a", 8), saved="2024-07-04T09:00")
    home.sends("M003", (5, "C003a", 7))
    home.masters("主数据二.xlsx", regions=REGION_OF, price=100.5, saved="2024-07-02T08:00")
    return home


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="runs are forked from a process that has all imported")
def test_a_run_killed_at_any_point_and_started_again_ends_as_one_never_killed(tmp_path: Path) -> None:
    start = waiting_home(tmp_path / "start").home
    with launcher() as runs:
        calm = calm_runs(start, tmp_path, runs)
        assert (tmp_path / "calm1" / "output" / str(JUNE)).is_dir()
        assert calm.events[1] > POINTS
        points = seeded_points(calm, events=3, shared_events=1, moments=1, seed=20240601)
        found = trial(start, tmp_path, points, calm.bytes, runs)
    assert len(found) == POINTS
    assert [(point, names) for point, names in found if names] == []
