"""Children are forked from a server that has imported what they need, and that a fork copies whole."""

import importlib
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from pipeline.cli import main
from pipeline.work.starting import READING, WRITING

ROOT = Path(__file__).parents[1]
STARTER = """
import json, os, sys

def look(_):
    import pipeline, pyarrow
    return {
        "modules": sorted(sys.modules),
        "allocator": pyarrow.default_memory_pool().backend_name,
        "pipeline": pipeline.__file__,
        "server_threads": len(os.listdir(f"/proc/{os.getppid()}/task")),
        "server": os.getppid(),
    }

if __name__ == "__main__":
    sys.path.insert(0, sys.argv[1])
    from pipeline.work.workers import Workers
    from pipeline.work.sandbox import Sandbox
    from pipeline.words import load_words
    with Workers(1, load_words("zh")) as executor, Sandbox(modules=()) as sandbox:
        print(json.dumps([*executor.map(look, [1]), *sandbox.map(look, [1])]))
"""
on_linux = pytest.mark.skipif(sys.platform != "linux", reason="elsewhere there is no server")


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    """What a process that writes and one that reads see, where the working directory holds another Yuebao."""
    folder = tmp_path_factory.mktemp("elsewhere")
    (folder / "pipeline").mkdir()
    (folder / "pipeline" / "__init__.py").touch()
    (folder / "scripts").mkdir()
    starter = folder / "scripts" / "starter.py"
    starter.write_text(STARTER)
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    program = [sys.executable, str(starter), str(ROOT)]
    done = subprocess.run(program, cwd=folder, env=environment, capture_output=True, check=True)
    answers: list[dict[str, Any]] = json.loads(done.stdout)
    return answers


@on_linux
@pytest.mark.slow
def test_a_child_begins_with_all_imported_that_its_tasks_need(seen: list[dict[str, Any]]) -> None:
    for one in seen:
        assert {*WRITING, "pandas", "xlsxwriter"} <= set(one["modules"])


@on_linux
@pytest.mark.slow
def test_one_server_serves_those_that_read_and_those_that_write(seen: list[dict[str, Any]]) -> None:
    writer, reader = seen
    assert writer["server"] == reader["server"]


@on_linux
@pytest.mark.slow
def test_the_server_has_no_thread_that_a_fork_would_leave_behind(seen: list[dict[str, Any]]) -> None:
    assert [one["server_threads"] for one in seen] == [1, 1]


@on_linux
@pytest.mark.slow
def test_arrow_takes_no_addresses_ahead_in_a_child(seen: list[dict[str, Any]]) -> None:
    assert [one["allocator"] for one in seen] == ["system", "system"]


@on_linux
@pytest.mark.slow
def test_children_run_the_same_code_as_the_run_wherever_it_is_started(seen: list[dict[str, Any]]) -> None:
    assert {one["pipeline"] for one in seen} == {str(ROOT / "pipeline" / "__init__.py")}


@pytest.mark.parametrize("name", WRITING)
def test_there_is_whatever_the_server_is_to_import(name: str) -> None:
    importlib.import_module(name)  # the server passes over in silence what it cannot import


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, ...]]:
    """What servers were asked to import before anything else was done; then the command ends."""
    asked: list[tuple[str, ...]] = []
    monkeypatch.setattr("pipeline.work.starting.start_fork_server", asked.append)
    monkeypatch.setattr("pipeline.cli._open", lambda home, lang: sys.exit())
    return asked


@pytest.mark.parametrize(("workers", "modules"), [("1", READING), ("2", WRITING)])
def test_a_run_that_finds_files_has_the_server_import_from_the_first(
    tmp_path: Path, started: list[tuple[str, ...]], workers: str, modules: tuple[str, ...]
) -> None:
    (tmp_path / "inbox").mkdir()
    (tmp_path / "inbox" / "sales.xlsx").touch()
    CliRunner().invoke(main, ["monthly", "--home", str(tmp_path), "--workers", workers])
    assert started == [modules]


def test_a_run_that_finds_no_files_starts_no_server_ahead(tmp_path: Path, started: list[tuple[str, ...]]) -> None:
    (tmp_path / "inbox").mkdir()
    CliRunner().invoke(main, ["monthly", "--home", str(tmp_path)])
    assert started == []


def test_a_run_over_a_cluster_only_reads_here(tmp_path: Path, started: list[tuple[str, ...]]) -> None:
    """Correction copies are made in its own sandbox."""
    (tmp_path / "inbox").mkdir()
    (tmp_path / "inbox" / "sales.xlsx").touch()
    CliRunner().invoke(main, ["monthly", "--home", str(tmp_path), "--scheduler", "tcp://127.0.0.1:1"])
    assert started == [READING]


@pytest.mark.skipif(sys.platform != "linux", reason="mallopt is the C library's of Linux")
def test_a_process_that_others_started_does_with_memory_as_ours_do() -> None:
    asked = "import gc, pyarrow as pa; from pipeline.base.garbage import settle_in; settle_in(); "
    told = "print(pa.default_memory_pool().backend_name, gc.get_threshold()[0])"
    plain = {**os.environ, "ARROW_DEFAULT_MEMORY_POOL": "mimalloc"}
    run = subprocess.run([sys.executable, "-c", asked + told], cwd=ROOT, env=plain, capture_output=True, text=True)
    assert run.stdout.split() == ["system", "200000"], run.stderr
