"""The long trial of runs that are killed: `python tests/soak/killed_runs.py [POINTS] [SEED]`, part of `make soak`.

Kills a run at POINTS seeded points across reading, committing and writing, starts it again each time, and compares
ledger, archive, inbox and outputs byte for byte with a run never killed. Seven in ten are steps of a run in one
process, one in ten steps of the first process of a run with two workers, two in ten moments of such a run. Prints
what it did as JSON; exit code 1 where anything differs. Linux only.
"""

import json
import sys
import tempfile
import time
from dataclasses import asdict, dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "run"))

from kill_trial import Point, calm_runs, launcher, seeded_points, trial
from small_home import SmallHome


def waiting_home(folder: Path) -> Path:
    """Two months reported, and another run's files waiting: corrections, a late file, rivals, new master data."""
    home = SmallHome(folder)
    home.masters()
    home.sends("M001", (3, "C001a", 10), (4, "C001b", 5))
    home.sends("M002", (6, "C002a", 3))
    home.junk("坏.xlsx", b"PK\x03\x04 no workbook")
    home.run()
    home.sends("M001", (3, "C001a", 8), saved="2024-07-04T09:00")
    home.sends("M003", (5, "C003a", 7), name="甲.xlsx")
    home.sends("M003", (5, "C003a", 6), name="乙.xlsx")
    home.sends("M002", (6, "C002b", 4), name="迟.xlsx", saved="2024-07-20T09:00")
    home.masters("主数据二.xlsx", price=100.5, saved="2024-07-02T08:00")
    return home.home


@dataclass(frozen=True)
class Killed:
    """What came of a trial; `differing` are the points after which something differed, and what."""

    points: int
    with_two_workers: int
    events: dict[int, int]
    differing: list[tuple[Point, list[str]]]
    seconds: float


def soak(count: int, seed: int) -> Killed:
    started = time.monotonic()
    shared_events, moments = count // 10, count // 5
    with tempfile.TemporaryDirectory(prefix="yuebao-soak-") as name, launcher() as runs:
        folder = Path(name).resolve()
        start = waiting_home(folder / "start")
        calm = calm_runs(start, folder, runs)
        points = seeded_points(calm, count - shared_events - moments, shared_events, moments, seed)
        found = trial(start, folder, points, calm.bytes, runs)
    differing = [(point, names) for point, names in found if names]
    shared = sum(point.workers == 2 for point, _ in found)
    return Killed(len(found), shared, calm.events, differing, round(time.monotonic() - started, 1))


def main() -> None:
    points = int(sys.argv[1]) if len(sys.argv) > 1 else 300
    result = soak(points, int(sys.argv[2]) if len(sys.argv) > 2 else 20240601)
    print(json.dumps(asdict(result), ensure_ascii=False, indent=2))
    sys.exit(1 if result.differing else 0)


if __name__ == "__main__":
    main()
