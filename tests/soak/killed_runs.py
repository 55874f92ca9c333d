"""The long trial of runs that are killed: `python tests/soak/killed_runs.py [POINTS] [SEED]`, for `make soak`.

Kills a run at POINTS seeded steps across reading, committing and writing, starts it again each time, and compares
ledger, archive, inbox and outputs byte for byte with a run never killed. Prints what it did as JSON; exit code 1
where anything differs.
"""

import json
import random
import shutil
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "run"))

from kill_trial import kept_bytes, run_once, trial
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


def soak(points: int, seed: int) -> dict[str, object]:
    started = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="yuebao-soak-") as name:
        folder = Path(name).resolve()
        start = waiting_home(folder / "start")
        calm = folder / "calm"
        shutil.copytree(start, calm, copy_function=shutil.copy2)
        events = run_once(calm) or 1
        chance = random.Random(seed)
        wanted = kept_bytes(calm)
        killed, different = 0, []
        while killed < points:  # every step once, in seeded order, before any is taken again
            chosen = chance.sample(range(1, events + 1), min(points - killed, events))
            found = trial(start, folder, chosen, wanted)
            killed += len(found)
            different += [(point, names) for point, names in sorted(found.items()) if names]
    return {
        "events_of_a_run": events,
        "points_killed": killed,
        "differing": different,
        "seconds": round(time.monotonic() - started, 1),
    }


def main() -> None:
    points = int(sys.argv[1]) if len(sys.argv) > 1 else 300
    result = soak(points, int(sys.argv[2]) if len(sys.argv) > 2 else 20240601)
    print(json.dumps(result, ensure_ascii=False, indent=2))
    sys.exit(1 if result["differing"] else 0)


if __name__ == "__main__":
    main()
