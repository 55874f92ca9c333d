"""Runs that write a month's tables and none of its workbooks, for rules about figures alone: the workbooks take half of
the time of a month, and other tests read them."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from pipeline.month.writing import Written


@contextmanager
def without_workbooks() -> Iterator[None]:
    """Within it months and periods that this process writes have no workbooks, and so no letters."""
    with pytest.MonkeyPatch.context() as patch:
        for writer in ("pipeline.month.writer", "pipeline.month.period_writer"):
            patch.setattr(f"{writer}.write_all_books", _none)
        yield


def _none(*_: object) -> list[Written]:
    return []
