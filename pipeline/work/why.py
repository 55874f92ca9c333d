"""Why a graph's nodes are made: what their keys depended on when they were last made, and what they depend on now."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from pipeline.base.home import LEDGER
from pipeline.work.graph import Graph
from pipeline.work.step import Node, nodes_in
from pipeline.work.store import DERIVED, library_versions

NOTED = "noted.json"
Kind = Literal["read", "code", "library", "unknown"]
_SHORT = 16  # digits of a fingerprint


@dataclass(frozen=True, order=True)
class Cause:
    """What changed: something that a source reads (`what` is its node), a module, a library; or nothing that is noted:
    it was never made, or is gone."""

    kind: Kind
    what: str = ""


@dataclass(frozen=True)
class Noted:
    """What keys depended on: `sources` by node, `code` by module, the `libraries` with their versions."""

    sources: Mapping[str, str] = field(default_factory=dict)
    code: Mapping[str, str] = field(default_factory=dict)
    libraries: tuple[str, ...] = ()

    @classmethod
    def of(cls, graph: Graph) -> "Noted":
        """As it is now, as far as keys were asked for."""
        modules = {one.make.__module__ for one in graph.steps.values() if one.reads is None}
        code = {name: sign for module in modules for name, sign in graph.keys.code(module).items()}
        sources = {str(node): sign[:_SHORT] for node, sign in graph.keys.sources().items()}
        return cls(sources, {name: sign[:_SHORT] for name, sign in code.items()}, library_versions())


def read_noted(home: Path) -> Noted:
    """What was noted at the last run; nothing where nothing was, or something that is not ours."""
    try:
        told = json.loads(_path(home).read_text(encoding="utf-8"))
        return Noted(dict(told["sources"]), dict(told["code"]), tuple(told["libraries"]))
    except (OSError, ValueError, LookupError, TypeError):
        return Noted()


def note(home: Path, graph: Graph) -> None:
    """Notes what keys depend on now; of nodes that nobody asked for this time it stays as it was."""
    now, before = Noted.of(graph), read_noted(home)
    told = {"sources": {**before.sources, **now.sources}, "code": now.code, "libraries": now.libraries}
    _path(home).parent.mkdir(parents=True, exist_ok=True)
    _path(home).write_text(json.dumps(told, ensure_ascii=False, sort_keys=True), encoding="utf-8")


def _path(home: Path) -> Path:
    return home / LEDGER / DERIVED / NOTED


class Why:
    """Finds what changed behind nodes."""

    def __init__(self, graph: Graph, noted: Noted) -> None:
        self._graph, self._noted = graph, noted
        self._libraries = [one for one in library_versions() if one not in noted.libraries]
        self._causes: dict[Node, frozenset[Cause]] = {}
        self._modules: dict[str, frozenset[Cause]] = {}

    def of(self, nodes: Iterable[Node]) -> dict[Node, frozenset[Cause]]:
        """What changed behind each node that is to be made."""
        if not self._noted.libraries:
            return dict.fromkeys(nodes, frozenset([Cause("unknown")]))
        return {node: self._of(node) or frozenset([Cause("unknown")]) for node in nodes}

    def _of(self, node: Node) -> frozenset[Cause]:
        if node not in self._causes:
            found = self._own(node)
            for need in self._graph.needs(node).values():
                found = found.union(*(self._of(one) for one in nodes_in(need) if not self._graph.is_kept(one)))
            self._causes[node] = found
        return self._causes[node]

    def _own(self, node: Node) -> frozenset[Cause]:
        step = self._graph.steps[node.step]
        if step.reads is not None:
            same = self._noted.sources.get(str(node)) == self._graph.keys.own_key(node)[:_SHORT]
            return frozenset() if same else frozenset([Cause("read", str(node))])
        module = step.make.__module__
        if module not in self._modules:
            code = self._graph.keys.code(module)
            changed = [name for name, sign in code.items() if self._noted.code.get(name) != sign[:_SHORT]]
            libraries = (Cause("library", one) for one in self._libraries)
            self._modules[module] = frozenset([*(Cause("code", name) for name in changed), *libraries])
        return self._modules[module]


def as_plain(causes: Iterable[Cause]) -> list[Any]:
    """Causes for JSON."""
    return [{"kind": one.kind, "what": one.what} for one in sorted(causes)]
