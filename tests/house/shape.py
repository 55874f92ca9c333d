"""The shape of the house, from its text alone: `make shape` prints it, the tests beside it hold it.

A room is a folder directly under `pipeline/`, or a file lying in it. A room stands one floor above the highest room
that it imports; rooms that import each other in a circle have no floor.
"""

import ast
import statistics
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

ROOT = Path(__file__).parents[2]
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
BRANCHES = (ast.If, ast.For, ast.AsyncFor, ast.While, ast.With, ast.AsyncWith, ast.Try, ast.Match)


@dataclass(frozen=True)
class Module:
    """One file: its name with dots, its text and its syntax tree."""

    name: str
    text: str
    tree: ast.Module

    @property
    def room(self) -> str:
        """The room it stands in; empty for what belongs to no room."""
        parts = self.name.split(".")
        return parts[1] if parts[0] == "pipeline" and len(parts) > 1 else ""

    @cached_property
    def nodes(self) -> tuple[ast.AST, ...]:
        """Everything in it."""
        return tuple(ast.walk(self.tree))

    def imported(self) -> Iterator[str]:
        """What it imports, anywhere in it: names with their module."""
        yield from _imported(self.nodes)

    def imported_at_once(self) -> Iterator[str]:
        """What it imports when it is imported itself."""
        yield from _imported(self.tree.body)


@dataclass(frozen=True)
class House:
    """All modules of the product."""

    modules: tuple[Module, ...]

    @classmethod
    def at(cls, root: Path) -> "House":
        """The house of a checkout."""
        files = sorted(path for folder in ("pipeline", "schemas") for path in (root / folder).rglob("*.py"))
        return cls(tuple(_module(root, path) for path in files))

    @cached_property
    def rooms(self) -> Mapping[str, set[str]]:
        """What rooms each room imports."""
        found: dict[str, set[str]] = {one.room: set() for one in self.modules if one.room}
        for module in self.modules:
            for name in module.imported():
                target = name.split(".")
                if module.room and target[0] == "pipeline" and target[1] in found and target[1] != module.room:
                    found[module.room].add(target[1])
        return found

    @cached_property
    def floors(self) -> Mapping[str, int]:
        """The floor of each room, from 1; nothing where rooms stand in a circle."""
        try:
            order = list(TopologicalSorter(self.rooms).static_order())
        except CycleError:
            return {}
        floors: dict[str, int] = {}
        for room in order:
            floors[room] = 1 + max((floors[below] for below in self.rooms[room]), default=0)
        return floors

    def functions(self) -> Iterator[tuple[str, int, int]]:
        """Where each function stands, its lines, and how deep its branches lie in each other."""
        for module in self.modules:
            for node in module.nodes:
                if isinstance(node, FUNCTIONS):
                    lines = (node.end_lineno or node.lineno) - node.lineno + 1
                    yield f"{module.name}.{node.name}", lines, _depth(node)

    def bare(self) -> Iterator[str]:
        """Public names that do not say what they are."""
        for module in self.modules:
            if module.tree.body and not ast.get_docstring(module.tree):
                yield module.name
            yield from (f"{module.name}.{name}" for name in _bare(module.tree.body))

    @cached_property
    def methods(self) -> Mapping[str, int]:
        """How many methods each class has, those of its ancestors in this house counted."""
        classes = {
            node.name: node for module in self.modules for node in module.nodes if isinstance(node, ast.ClassDef)
        }
        return {name: len(_methods(name, classes, frozenset())) for name in classes}


def _module(root: Path, path: Path) -> Module:
    text = path.read_text(encoding="utf-8")
    name = ".".join(path.relative_to(root).with_suffix("").parts).removesuffix(".__init__")
    return Module(name, text, ast.parse(text))


def _imported(nodes: Iterable[ast.AST]) -> Iterator[str]:
    for node in nodes:
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def _depth(node: ast.AST) -> int:
    deepest = 0
    for child in ast.iter_child_nodes(node):
        if isinstance(child, (*FUNCTIONS, ast.ClassDef)):
            continue
        is_elif = isinstance(node, ast.If) and node.orelse == [child]
        deepest = max(deepest, _depth(child) + (isinstance(child, BRANCHES) and not is_elif))
    return deepest


def _bare(body: list[ast.stmt], inside: str = "") -> Iterator[str]:
    for node in body:
        if not isinstance(node, (*FUNCTIONS, ast.ClassDef)) or node.name.startswith("_"):
            continue
        marks = {ast.unparse(one).rsplit(".", 1)[-1] for one in node.decorator_list}
        if not ast.get_docstring(node) and not marks & {"setter", "deleter", "overload"}:
            yield inside + node.name
        if isinstance(node, ast.ClassDef):
            yield from _bare(node.body, f"{node.name}.")


def _methods(name: str, classes: Mapping[str, ast.ClassDef], seen: frozenset[str]) -> set[str]:
    if name not in classes or name in seen:
        return set()
    own = {node.name for node in classes[name].body if isinstance(node, FUNCTIONS)}
    bases = (ast.unparse(base).split("[")[0].rsplit(".", 1)[-1] for base in classes[name].bases)
    return own.union(*(_methods(base, classes, seen | {name}) for base in bases))


def main() -> None:
    """Prints the house, floor by floor from the top, and its measures."""
    house = House.at(ROOT)
    for floor in sorted(set(house.floors.values()), reverse=True):
        rooms = sorted(room for room, own in house.floors.items() if own == floor)
        print(f"{floor:2} ", " ".join(rooms))
    lengths = sorted(lines for _, lines, _ in house.functions())
    nesting = max(depth for *_, depth in house.functions())
    median = statistics.median(len(one.text.splitlines()) for one in house.modules if one.text)
    bare = list(house.bare())
    print(f"modules {len(house.modules)}, median {median:g} lines")
    print(
        f"functions {len(lengths)}, p90 {lengths[int(0.9 * len(lengths))]} lines, longest {lengths[-1]}, {nesting=}"
    )
    print(f"methods of a class at most {max(house.methods.values())}")
    print(f"public names without a word on what they are: {len(bare)}", *bare[:10], sep="\n  ")
    sys.exit(0 if house.floors else 1)


if __name__ == "__main__":
    main()
