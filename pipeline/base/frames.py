"""Frames made when somebody first asks for them, and rows as plain dictionaries."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeVar

import pandas as pd

Made = TypeVar("Made")


class OnDemand(Mapping[str, Made]):
    """Things by name (frames, most of them), each made by its maker when it is first asked for."""

    def __init__(self, makers: Mapping[str, Callable[[], Made]]) -> None:
        self._makers = makers
        self._made: dict[str, Made] = {}

    def __getitem__(self, name: str) -> Made:
        if name not in self._made:
            self._made[name] = self._makers[name]()
        return self._made[name]

    def __contains__(self, name: object) -> bool:
        return name in self._makers

    def __iter__(self) -> Iterator[str]:
        return iter(self._makers)

    def __len__(self) -> int:
        return len(self._makers)


def records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """The rows of a frame by column name; pandas' own way takes several times as long for a small frame."""
    if frame.empty:
        return []
    names = [str(name) for name in frame.columns]
    columns = (frame[name].tolist() for name in frame.columns)
    return [dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True)]
