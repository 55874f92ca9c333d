"""The tests that take one seed in `make check`, with all of them: part of `make soak`."""

import os
import subprocess
import sys
from pathlib import Path

TESTS = Path(__file__).parents[1]
SEEDED = tuple(sorted(path for path in TESTS.rglob("test_*.py") if "import SEEDS" in path.read_text("utf-8")))


def tests_fail_with_all_seeds() -> bool:
    """Whether any of them fails; what it says goes to the terminal."""
    tests = [sys.executable, "-m", "pytest", "-q", *map(str, SEEDED)]
    return subprocess.run(tests, cwd=TESTS.parent, env={**os.environ, "YUEBAO_SEEDS": "3"}).returncode != 0
