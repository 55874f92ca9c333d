"""The long trial of a faulty machine: `python tests/soak/faulty_runs.py [POINTS] [SEED]`, part of `make soak`.

Fails one write, rename, fsync, open, mkdir or unlink (in three of ten, all that follow too) with ENOSPC, EIO, EDQUOT,
EMFILE or EACCES, at POINTS seeded places: five in ten over the month, three over a rebuild, two over sending. The
command must end with a sentence, and the next, undisturbed one leave what it leaves where nothing ever failed (where a
file was left for the next run: what it leaves where that came a run later); of letters none may go twice, and none be
lost silently. Needs a C compiler. Linux only.
"""

import json
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))
sys.path.insert(0, str(Path(__file__).parents[1] / "run"))
sys.path.insert(0, str(Path(__file__).parents[1] / "outbox"))

from fault_trial import Calm, Disturbed, FaultyMachine, build, disturb, faulty_machine, seeded_faults
from kill_trial import differences
from letters_home import report, set_up
from mail_servers import Mailbox, mail_server
from small_home import SmallHome

from tests.soak.killed_runs import MAIL, message_id, waiting_home

MONTHLY = ("monthly", "--workers", "1", "--quiet")
REBUILD = ("rebuild", "--workers", "1", "--quiet")
SEND = ("send", "--send", "--json")


@dataclass
class Faulted:
    """What came of a trial: how many places by command, how many of them ended with exit code 1, and what was wrong."""

    points: dict[str, int] = field(default_factory=dict)
    stopped: int = 0
    wrong: list[str] = field(default_factory=list)
    seconds: float = 0.0

    def enter(self, command: str, one: Disturbed, wrong: str) -> None:
        self.points[command] = self.points.get(command, 0) + 1
        self.stopped += one.ended.code == 1
        told = "" if one.ended.is_told_well and one.after.is_told_well else "not told well"
        self.wrong += [f"{reason}: {one}, then {one.after.said[-400:]}" for reason in (told, wrong) if reason]


def fault_soak(count: int, seed: int) -> Faulted | None:
    """The trial; None where there is no C compiler."""
    started = time.monotonic()
    found = Faulted()
    with tempfile.TemporaryDirectory(prefix="yuebao-soak-") as name:
        folder = Path(name).resolve()
        library = build(folder)
        if library is None:
            return None
        with faulty_machine(folder, library) as machine:
            homes(machine, folder, count, seed, found)
            letters(machine, folder / "letters", count // 5, seed, found)
    found.seconds = round(time.monotonic() - started, 1)
    return found


def homes(machine: FaultyMachine, folder: Path, count: int, seed: int, found: Faulted) -> None:
    waits = waiting_home(folder / "waits")
    done = SmallHome(Path(shutil.copytree(waits, folder / "done", copy_function=shutil.copy2)))
    done.run()
    calm = Calm(machine, waits, MONTHLY)
    rebuilds = 3 * count // 10
    for start, command, points in (
        (waits, MONTHLY, count - count // 5 - rebuilds),
        (done.home, REBUILD, rebuilds),
    ):
        for one in disturb(machine, start, seeded_faults(machine, start, points, seed, command), command, MONTHLY):
            differing = differences(one.home, calm.after(one))
            undone = "" if one.after.code == 0 else "the next run failed"
            found.enter(command[0], one, f"differs: {', '.join(differing)}" if differing else undone)


def letters(machine: FaultyMachine, home: Path, count: int, seed: int, found: Faulted) -> None:
    mailbox = Mailbox()
    with mail_server(mailbox) as port:
        set_up(home, f"{MAIL}port = {port}")
        report(home)
        faults = seeded_faults(machine, home, count, seed, SEND)
        mailbox.taken.clear()
        for one in disturb(machine, home, faults, SEND, SEND):
            found.enter("send", one, "; ".join(wrong_letters(mailbox, one)))
            mailbox.taken.clear()


def wrong_letters(mailbox: Mailbox, one: Disturbed) -> Iterator[str]:
    """What is wrong with the letters that arrived, or with what the list says of them."""
    names = [message_id(message) for _, message in mailbox.taken]
    if len(set(names)) < len(names):
        yield "a letter went twice"
    states = [line["state"] for line in json.loads(one.after.said)["letters"]]
    if not set(states) <= {"sent", "uncertain", "no_letter"}:
        yield f"letters left: {states}"
    if states.count("sent") > len(names) or states.count("sent") + states.count("uncertain") < len(names):
        yield f"{len(names)} arrived, the list says {states}"


def main() -> None:
    points = int(sys.argv[1]) if len(sys.argv) > 1 else 300
    result = fault_soak(points, int(sys.argv[2]) if len(sys.argv) > 2 else 20240601)
    print("no C compiler" if result is None else json.dumps(asdict(result), ensure_ascii=False, indent=2))
    sys.exit(1 if result is not None and result.wrong else 0)


if __name__ == "__main__":
    main()
