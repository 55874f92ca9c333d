"""Whatever call of the system fails, in whatever library: one sentence, and the next run makes all of it right."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from fault_trial import Calm, FaultyMachine, build, disturb, faulty_machine, seeded_faults
from kill_trial import differences
from small_home import SmallHome
from test_run_killed import waiting_home

POINTS = 6  # hundreds in `make soak`
MONTHLY = ("monthly", "--workers", "1", "--quiet")
REBUILD = ("rebuild", "--workers", "1", "--quiet")


@pytest.fixture(scope="module")
def machine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FaultyMachine]:
    folder = tmp_path_factory.mktemp("machine")
    library = build(folder)
    if library is None:
        pytest.skip("no C compiler to build the library of faults with")
    with faulty_machine(folder, library) as faulty:
        yield faulty


@pytest.mark.slow
def test_a_call_that_fails_anywhere_is_told_in_a_sentence_and_the_next_run_ends_as_one_undisturbed(
    machine: FaultyMachine, tmp_path: Path
) -> None:
    waits = waiting_home(tmp_path / "waits").home
    done = SmallHome(shutil.copytree(waits, tmp_path / "done", copy_function=shutil.copy2))
    assert done.run().exit_code == 0
    calm = Calm(machine, waits, MONTHLY)
    tried = 0
    for start, command, count in ((waits, MONTHLY, 4), (done.home, REBUILD, 2)):
        for one in disturb(
            machine, start, seeded_faults(machine, start, count, 20240601, command), command, MONTHLY
        ):
            assert one.ended.is_told_well, str(one)
            assert one.after.code == 0, f"{one}, then {one.after.said}"
            assert differences(one.home, calm.after(one)) == [], str(one)
            tried += 1
    assert tried >= POINTS - 2  # a call may not come a second time
