"""Frames made when somebody first asks for them, and rows as plain dictionaries."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pandas as pd


class FramesOnDemand(Mapping[str, pd.DataFrame]):
    """Frames by name, each made by its loader when it is first asked for."""

    def __init__(self, loaders: Mapping[str, Callable[[], pd.DataFrame]]) -> None:
        self._loaders = loaders
        self._made: dict[str, pd.DataFrame] = {}

    def __getitem__(self, name: str) -> pd.DataFrame:
        if name not in self._made:
            self._made[name] = self._loaders[name]()
        return self._made[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._loaders)

    def __len__(self) -> int:
        return len(self._loaders)


def records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """The rows of a frame by column name; pandas' own way takes several times as long for a small frame."""
    names = [str(name) for name in frame.columns]
    columns = (frame[name].tolist() for name in frame.columns)
    return [dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True)]
