"""No child outlives the process that wants its work, however that ends and whatever the child is doing."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

ROOT = Path(__file__).parents[1]
STARTER = """
import os, sys, time
from pipeline.work.workers import Workers
from pipeline.words import load_words
from pipeline.work.sandbox import Sandbox

def hold(folder):
    open(os.path.join(folder, str(os.getpid())), "w").close()
    sum(range(10**12))  # native code that lets no thread run beside it

def sandboxed(folder):
    with Sandbox(seconds=60, modules=()) as sandbox:
        list(sandbox.map(hold, [folder]))

def shared(folder):
    with Workers(1, load_words("zh")) as executor:
        list(executor.map(hold, [folder]))

if __name__ == "__main__":
    {"sandboxed": sandboxed, "shared": shared}[sys.argv[1]](sys.argv[2])
"""


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere native code is waited for")
@pytest.mark.parametrize("how", ["sandboxed", "shared"])
def test_a_child_deep_in_native_code_ends_with_the_process_that_started_it(tmp_path: Path, how: str) -> None:
    starter = tmp_path / "starter.py"
    starter.write_text(STARTER)
    folder = tmp_path / "children"
    folder.mkdir()
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    program = [sys.executable, str(starter), how, str(folder)]
    run = subprocess.Popen(program, env=environment, stderr=subprocess.DEVNULL)
    deadline = time.monotonic() + 60
    while not (begun := list(folder.iterdir())) and time.monotonic() < deadline:
        time.sleep(0.01)
    child = psutil.Process(int(begun[0].name))
    assert runs(child)
    run.send_signal(signal.SIGKILL)
    run.wait()
    deadline = time.monotonic() + 1
    while runs(child) and time.monotonic() < deadline:
        time.sleep(0.01)
    survived = runs(child)
    if survived:
        child.kill()
    assert not survived


def runs(process: psutil.Process) -> bool:
    """Whether it runs; one that has ended may wait for somebody to ask how."""
    try:
        return process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False
