"""Runs that write a month's tables and none of its workbooks, for rules about figures alone: the workbooks take half of
the time of a month, and other tests read them."""

from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from pipeline.month.writing import Written, write_all_books


@contextmanager
def without_workbooks(*, but: Collection[object] = ()) -> Iterator[None]:
    """Within it months and periods that this process writes have no workbooks, and so no letters; but some have."""
    with pytest.MonkeyPatch.context() as patch:
        for writer in ("pipeline.month.writer", "pipeline.month.period_writer"):
            patch.setattr(f"{writer}.write_all_books", _only({str(one) for one in but}))
        yield


def _only(wanted: Collection[str]) -> Callable[..., list[Written]]:
    def write(tasks: Any, count: int, folder: Path, executor: Any, told: Any) -> list[Written]:
        month = folder.name.split(".")[1]  # a new folder is `.2024-06.new` until it takes the place of the old
        return write_all_books(tasks, count, folder, executor, told) if month in wanted else []

    return write
