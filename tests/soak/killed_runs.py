"""The long trial of runs that are killed: `python tests/soak/killed_runs.py [POINTS] [SEED]`, part of `make soak`.

Kills a run at POINTS seeded points across reading, committing and writing, starts it again each time, and compares
ledger, archive, inbox and outputs byte for byte with a run never killed. Of ten, five are steps of a run in one
process, one is a step of the first process of a run with two workers, two are moments of such a run, one is a step of
a rebuild (after which the month is run), one of sending (after which no letter may have gone twice). Prints what it
did as JSON; exit code 1 where anything differs. Linux only.
"""

import json
import re
import shutil
import sys
import tempfile
import time
from dataclasses import asdict, dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))
sys.path.insert(0, str(Path(__file__).parents[1] / "run"))
sys.path.insert(0, str(Path(__file__).parents[1] / "outbox"))

from kill_trial import Launcher, Point, calm_runs, kill, launcher, seeded_kills, seeded_points, trial
from letters_home import report, set_up, yuebao
from mail_servers import Mailbox, mail_server
from small_home import SmallHome

MAIL = (
    'sender = "office@example.com"\nsecurity = "none"\nhost = "127.0.0.1"\npause_seconds = 0\nto_managers = true\n'
)


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
    tenth, moments = count // 10, count // 5
    with tempfile.TemporaryDirectory(prefix="yuebao-soak-") as name, launcher() as runs:
        folder = Path(name).resolve()
        start = waiting_home(folder / "start")
        calm = calm_runs(start, folder, runs)
        points = seeded_points(calm, count - 3 * tenth - moments, tenth, moments, seed)
        found = trial(start, folder, points, calm.bytes, runs)
        done = folder / "calm1"
        found += trial(done, folder, seeded_kills(done, folder, runs, "rebuild", tenth, seed), calm.bytes, runs)
        found += killed_sendings(folder / "letters", folder, runs, tenth, seed)
    differing = [(point, names) for point, names in found if names]
    shared = sum(point.workers == 2 for point, _ in found)
    return Killed(len(found), shared, calm.events, differing, round(time.monotonic() - started, 1))


def killed_sendings(
    start: Path, folder: Path, runs: Launcher, count: int, seed: int
) -> list[tuple[Point, list[str]]]:
    """Sendings that are killed and done again: none of the letters may arrive twice, nor be left without a word."""
    mailbox = Mailbox()
    found: list[tuple[Point, list[str]]] = []
    with mail_server(mailbox) as port:
        set_up(start, f"{MAIL}port = {port}")
        report(start)
        for point in seeded_kills(start, folder, runs, "send", count, seed):
            mailbox.taken.clear()
            home = folder / "killed-send"
            kill(start, home, point, runs)
            runs.run(home, Point(command="send"))
            listed = json.loads(yuebao(home, "send", "--json").stdout)["letters"]
            found.append((point, sorted(wrong_states(mailbox, [one["state"] for one in listed]))))
            shutil.rmtree(home)
    return found


def wrong_states(mailbox: Mailbox, states: list[str]) -> set[str]:
    arrived = [message_id(message) for _, message in mailbox.taken]
    twice = {f"twice: {one!r}" for one in arrived if arrived.count(one) > 1}
    left = {f"left: {states}"} if set(states) - {"sent", "uncertain", "no_letter"} else set()
    lost = {f"said to be sent: {states}"} if states.count("sent") > len(arrived) else set()
    return twice | left | lost


def message_id(message: bytes) -> bytes:
    found = re.search(rb"(?im)^message-id: *(\S+)", message)
    return found[1] if found else b""


def main() -> None:
    points = int(sys.argv[1]) if len(sys.argv) > 1 else 300
    result = soak(points, int(sys.argv[2]) if len(sys.argv) > 2 else 20240601)
    print(json.dumps(asdict(result), ensure_ascii=False, indent=2))
    sys.exit(1 if result.differing else 0)


if __name__ == "__main__":
    main()
