"""What a run shows while it works, and what it loads to begin with."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from small_home import SmallHome, call

PROGRAM = [sys.executable, "-m", "pipeline"]
HEAVY = (
    "pandas", "numpy", "pandera", "pyarrow", "openpyxl", "xlsxwriter", "python_calamine", "rich", "pydantic",
    "holidays", "dask", "psutil", "multiprocessing",
)  # fmt: skip
LOADED = """
import sys
from pipeline.cli import main
main(sys.argv[1:], standalone_mode=False)
print(*(name for name in sys.modules if "." not in name or name.startswith("pipeline.")))
"""


@pytest.fixture
def home(tmp_path: Path) -> SmallHome:
    made = SmallHome(tmp_path / "home")
    made.masters()
    made.sends("M001", (3, "C001a", 10))
    made.sends("M003", (5, "C003a", 7))
    return made


def loaded_by(*arguments: str) -> set[str]:
    done = subprocess.run([sys.executable, "-c", LOADED, *arguments], capture_output=True, text=True, check=True)
    return set(done.stdout.splitlines()[-1].split())


def test_help_loads_no_heavy_library() -> None:
    assert loaded_by("--help").isdisjoint(HEAVY)
    assert loaded_by("monthly", "--help").isdisjoint(HEAVY)


@pytest.mark.slow
def test_the_board_loads_nothing_that_reads_or_writes_workbooks_or_figures(tmp_path: Path) -> None:
    loaded = loaded_by("status", "--home", str(tmp_path))
    assert loaded.isdisjoint(["openpyxl", "xlsxwriter", "python_calamine", "dask"])
    assert loaded.isdisjoint(
        [
            "pipeline.commands.monthly",
            "pipeline.month.reporting",
            "pipeline.month.report",
            "pipeline.month.opening",
            "pipeline.commands.send",
            "pipeline.taking.checking",
        ]
    )


@pytest.mark.slow
def test_the_board_names_who_has_not_sent_everything(home: SmallHome) -> None:
    home.run(books=False)
    at = ["--home", str(home.home), "--month", "2024-06"]
    assert json.loads(call("status", *at, "--json").stdout)["not_complete"] == ["M002"]
    assert "尚未报齐：M002 王芳" in call("status", *at).stdout


@pytest.mark.slow
def test_a_log_tells_each_stage_of_a_run_in_a_line(home: SmallHome) -> None:
    result = call("monthly", "--home", str(home.home), "--workers", "1", "--lang", "en")
    assert result.stderr.splitlines() == [
        "looking into files: 3/3",
        "reading master data: 1/1",
        "reading and checking forms: 2/2",
        "working out figures: 1/1",
        "writing workbooks: 6/6",  # two regions, three managers, headquarters
    ]


@pytest.mark.slow
def test_a_quiet_run_tells_no_stage(home: SmallHome) -> None:
    assert home.run().stderr == ""


@pytest.mark.slow
@pytest.mark.parametrize("command", ["status", "check", "trace", "verify"])
def test_where_json_is_asked_for_nothing_else_is_printed(home: SmallHome, command: str) -> None:
    at = ["--home", str(home.home), "--json"]
    further = {"check": [str(home.inbox / "M001.xlsx")], "trace": ["volume", "ALL", "2024-06"]}.get(command, [])
    if command == "trace":
        home.run()
    result = call(command, *at, *further)
    assert result.stdout[0] in "[{"
    assert result.stderr == ""


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="a pseudo-terminal is of POSIX")
def test_a_terminal_shows_a_bar_a_stage_and_is_left_as_it_was(home: SmallHome) -> None:
    import pty

    ours, theirs = pty.openpty()
    arguments = ["monthly", "--home", str(home.home), "--workers", "2", "--lang", "en"]
    environment = {**os.environ, "TERM": "xterm", "COLUMNS": "120"}
    run = subprocess.Popen([*PROGRAM, *arguments], stdout=subprocess.DEVNULL, stderr=theirs, env=environment)
    os.close(theirs)
    shown = read_all(ours)
    assert run.wait() == 0
    plain = re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", "", shown)
    for stage, of in (("reading and checking forms", 2), ("working out figures", 1), ("writing workbooks", 6)):
        assert re.search(rf"{stage} +━+ {of}/{of} 0:00:00", plain), plain[-500:]
    assert shown.rindex("\x1b[?25h") > shown.rindex("\x1b[?25l")  # the cursor is shown again


def read_all(terminal: int) -> str:
    """What was written to a terminal until everybody closed it."""
    pieces = []
    while True:
        try:
            piece = os.read(terminal, 65_536)
        except OSError:  # how Linux tells that nobody has it open
            break
        if not piece:
            break
        pieces.append(piece)
    os.close(terminal)
    return b"".join(pieces).decode("utf-8")
