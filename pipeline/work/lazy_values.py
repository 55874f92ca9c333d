"""Values of several nodes, each read when it is looked at; nothing is held."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any


class ValuesByKey(Mapping[Any, Any]):
    """Values by what their nodes are named after."""

    def __init__(self, read: Callable[[Any], Any], nodes: Mapping[Any, Any]) -> None:
        self._read, self._nodes = read, nodes

    def __getitem__(self, key: Any) -> Any:
        return self._read(self._nodes[key])

    def __contains__(self, key: object) -> bool:
        return key in self._nodes

    def __iter__(self) -> Iterator[Any]:
        return iter(self._nodes)

    def __len__(self) -> int:
        return len(self._nodes)


class ValuesInOrder(Sequence[Any]):
    """Values in the order of their nodes."""

    def __init__(self, read: Callable[[Any], Any], nodes: Sequence[Any]) -> None:
        self._read, self._nodes = read, nodes

    def __len__(self) -> int:
        return len(self._nodes)

    def __getitem__(self, place: Any) -> Any:
        chosen = self._nodes[place]
        return ValuesInOrder(self._read, chosen) if isinstance(place, slice) else self._read(chosen)
