"""A child that a hostile file has taken over can say what it likes: nothing of that is run by the first process."""

import ast
import os
import pickle
import sys
import time
from collections.abc import Iterator
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import pytest

from pipeline.contract.refusal import Refusal
from pipeline.work.plain_data import to_plain_data
from pipeline.work.sandbox import Sandbox

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(memory_bytes=200 << 20, seconds=20, modules=("pipeline.intake.read",)) as opened:
        yield opened


class Bomb:
    def __init__(self, mark: str) -> None:
        self.mark = mark

    def __reduce__(self) -> Any:
        return os.mkdir, (self.mark,)


def _own_pipe() -> Connection:
    frame: Any = sys._getframe()
    while "pipe" not in frame.f_locals:
        frame = frame.f_back
    pipe: Connection = frame.f_locals["pipe"]
    return pipe


def answer_with_a_pickle(mark: str) -> str:
    if mark:
        _own_pipe().send_bytes(pickle.dumps(Bomb(mark)))
    return "done"


def answer_with_another_type(say: str) -> str:
    return say if say == "text" else 5  # type: ignore[return-value]


def answer_with_an_unknown_class(name: str) -> str:
    _own_pipe().send_bytes(to_plain_data(Refusal("x")).replace(b"Refusal", b"Malices"))
    return name


def test_a_pickle_as_answer_is_not_run_and_costs_its_file_alone(sandbox: Sandbox, tmp_path: Path) -> None:
    answers = list(sandbox.map(answer_with_a_pickle, [str(tmp_path / "ran"), ""]))
    assert answers == [Refusal("reader_crashed"), "done"]
    assert not (tmp_path / "ran").exists()


def test_an_answer_of_another_type_than_declared_is_refused(sandbox: Sandbox) -> None:
    assert list(sandbox.map(answer_with_another_type, ["number", "text"])) == [Refusal("reader_crashed"), "text"]


def test_an_answer_that_names_another_class_is_refused(sandbox: Sandbox) -> None:
    assert list(sandbox.map(answer_with_an_unknown_class, ["a"])) == [Refusal("reader_crashed")]


def answer_twice(say: str) -> str:
    _own_pipe().send_bytes(to_plain_data("first"))
    return say


def test_a_child_that_speaks_unasked_gets_no_other_task(sandbox: Sandbox) -> None:
    assert list(sandbox.map(answer_twice, ["second"])) == ["first"]
    time.sleep(0.2)  # until what it says besides has been heard
    assert list(sandbox.map(answer_with_another_type, ["text"])) == ["text"]


def test_nothing_loads_pickles_by_itself() -> None:
    """Of a home or a child. Pools between processes of ours, which open no file of others, are left to Python."""
    loaders = {"load", "loads", "Unpickler", "read_pickle"}
    found = []
    for path in [*(ROOT / "pipeline").rglob("*.py"), *(ROOT / "schemas").rglob("*.py")]:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Attribute) and node.attr in loaders:
                owner = ast.unparse(node.value)
                found += [] if owner in ("json", "tomllib") else [f"{path.name}: {owner}.{node.attr}"]
            if isinstance(node, ast.ImportFrom) and node.module in (
                "pickle",
                "_pickle",
                "marshal",
                "shelve",
                "dill",
            ):
                found.append(f"{path.name}: from {node.module}")
    assert not found
