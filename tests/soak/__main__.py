"""The long trials: `python -m tests.soak [POINTS] [FILES] [SEED]`, for `make soak`.

Kills runs at POINTS places, fails POINTS calls of the system, feeds the reader FILES faulty workbooks and the whole
intake FILES faulty templates, writes FILES workbooks in other ways, takes three seeds where the tests take one, and
prints one summary. Exit code 1 where a
killed or disturbed run left anything different, a file was lost or hung, or a value was read as another.
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "intake"))

from fuzz_dialects import run_dialects
from fuzz_reader import MIB, run_trial
from fuzz_templates import run_intake

from tests.soak.faulty_runs import Faulted, fault_soak
from tests.soak.killed_runs import soak
from tests.soak.more_seeds import SEEDED, tests_fail_with_all_seeds

SUMMARY = """\
kill points      {points}, of them {shared} with two workers; {differing} left anything different
machine's faults {faults}
files tried      {files}: {read} by the reader, {taken} by the whole intake
accepted         {accepted}
refused          {refused}
longest time     {longest:.2f} s a file
greatest memory  {memory:.0f} MiB of a child
lost files       {lost}
ways of writing  {dialects}
three seeds      {seeded} files of tests, which {failed}"""


def main() -> None:
    given = [int(one) for one in sys.argv[1:]]
    points, count, seed = [*given, *(300, 3000, 20240601)[len(given) :]]
    killed, faulted = soak(points, seed), fault_soak(points, seed)
    read, taken = run_trial(count, seed), run_intake(count, seed)
    dialects = run_dialects(count, 2 * seed)
    failed = tests_fail_with_all_seeds()
    refused = read.refused + taken.refused
    print(
        SUMMARY.format(
            points=killed.points,
            shared=killed.with_two_workers,
            differing=len(killed.differing),
            faults=_told(faulted),
            files=2 * count,
            read=count,
            taken=count,
            accepted=read.accepted + taken.accepted,
            refused=f"{refused.total()} ({', '.join(f'{rule} {n}' for rule, n in refused.most_common())})",
            longest=max(read.longest_seconds, taken.longest_seconds),
            memory=max(read.peak_bytes, taken.peak_bytes) / MIB,
            dialects=dialects,
            seeded=len(SEEDED),
            failed="fail" if failed else "pass",
            lost=2 * count - read.accepted - read.refused.total() - taken.accepted - taken.refused.total(),
        )
    )
    for point, names in killed.differing:
        print(f"differs after {point}: {', '.join(names)}")
    for wrong in faulted.wrong if faulted else ():
        print(wrong)
    for name in taken.lost:
        print(f"lost: {name}")
    for name in dialects.wrong:
        print(f"read as another value: {name}")
    left_wrong = killed.differing or (faulted and faulted.wrong) or taken.lost or dialects.wrong or failed
    sys.exit(1 if left_wrong or refused["reader_timeout"] else 0)


def _told(faulted: Faulted | None) -> str:
    if faulted is None:
        return "not tried: no C compiler"
    points = ", ".join(f"{command} {n}" for command, n in faulted.points.items())
    return f"{points}; {faulted.stopped} stopped a command, {len(faulted.wrong)} left anything wrong"


if __name__ == "__main__":
    main()
