"""Work as a graph: each node is a plain function of given values and of other nodes' values, known by a key.

A node's key is the fingerprint of the code of its step (`code`), the given values, its needs' keys, and the versions
of the libraries that its bytes depend on. What stands under its key is not made again. A step knows neither where its
result is kept nor in which process it is made: the same graph runs in one process, over all cores, or on a cluster,
whose workers open it again from the home.
"""

import threading
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from concurrent.futures import Executor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cache
from graphlib import TopologicalSorter
from typing import Any, Protocol, get_type_hints

from pipeline.base.garbage import give_back
from pipeline.work.children import WorkerDied
from pipeline.work.code import Code, code_behind
from pipeline.work.fitting import dataclasses_in
from pipeline.work.lazy_values import ValuesByKey, ValuesInOrder
from pipeline.work.step import Missing, Need, Needs, Node, Step, nodes_in
from pipeline.work.store import Kept, Store, fingerprint, library_versions

Told = Callable[[int, int], None]


class Opening(Protocol):
    """A picklable way to the graph, for whoever gets a task."""

    @property
    def graph(self) -> "Graph": ...


@dataclass(frozen=True)
class Task:
    """Nodes to be made and kept, in this order, by whoever gets the task; `tolerant`: what fails is passed over."""

    opening: Opening
    nodes: tuple[Node, ...]
    tolerant: bool = False


def make_there(task: Task) -> None:
    """Does a task."""
    with suppress(*([Exception] if task.tolerant else [])):
        task.opening.graph.make_all(task.nodes)
    give_back()


class Graph:
    """The nodes of some steps, with what is kept of them."""

    def __init__(
        self,
        steps: Iterable[Step],
        store: Store,
        opening: Opening,
        executor: Executor | None = None,
        code: Code = code_behind,
    ) -> None:
        self.steps = {one.name: one for one in steps}
        self.store, self.code = store, code
        self._opening, self._executor = opening, executor
        self._keys: dict[Node, str] = {}
        self._held: dict[Node, Any] = {}
        self._code_keys: dict[str, str] = {}
        self._doing = threading.local()  # a cluster's worker may do several tasks at a time

    def of(self, step: str, *given: Any) -> Any:
        """The value of a step's node."""
        return self.value(Node(step, given))

    def key(self, node: Node) -> str:
        """The fingerprint of all that a node's value depends on."""
        if node not in self._keys:
            self._keys[node] = fingerprint(self._parts_of_key(node))
        return self._keys[node]

    def _parts_of_key(self, node: Node) -> Iterator[object]:
        yield from (self.own_key(node), node.step, *node.given)
        for name, need in self.needs(node).items():
            yield name
            if isinstance(need, Mapping):
                yield from map(str, need)
            yield from map(self.key, nodes_in(need))

    def own_key(self, node: Node) -> str:
        """What a node's value depends on beside its needs: what a source reads, or the code of its step."""
        step = self.steps[node.step]
        if step.reads is not None:
            return fingerprint(step.reads(*node.given))
        module = step.make.__module__
        if module not in self._code_keys:
            modules = self.code(module)
            self._code_keys[module] = fingerprint([*modules, *modules.values(), *library_versions()])
        return self._code_keys[module]

    def needs(self, node: Node) -> Needs:
        """The nodes that a node is made of, by the names under which its step takes their values."""
        return self.steps[node.step].needs(*node.given)

    def sources(self) -> Mapping[Node, str]:
        """The sources that keys were asked for so far, and what they read."""
        return {node: self.own_key(node) for node in self._keys if self.steps[node.step].reads is not None}

    def kept(self, node: Node) -> Kept:
        """Where the value of a stored node stands."""
        return Kept(str(node.month or "all"), node.name, self.key(node))

    def is_kept(self, node: Node) -> bool:
        """Whether a node's value is stored."""
        return self.steps[node.step].is_stored and self.store.has(self.kept(node))

    def value(self, node: Node) -> Any:
        """A node's value: as it is kept, or made now."""
        for held in (self._held, *self._scopes[-1:]):
            if node in held:
                return held[node]
        found = self._found(node)
        if found is None and not self._scopes:
            self.ready([node])
            found = self._found(node)
        if found is not None:
            return found
        if self._scopes and not self.steps[node.step].is_stored:
            return self._made(node)
        with self.doing():
            return self._made(node)

    def _found(self, node: Node) -> Any | None:
        step = self.steps[node.step]
        return self.store.find(self.kept(node), _classes_of(step.make)) if step.is_stored else None

    def _made(self, node: Node) -> Any:
        """A node's value, made within what is being done; stored or held as its step says."""
        step = self.steps[node.step]
        given = {name: self._read(need) for name, need in self.needs(node).items()}
        made = step.make(*node.given, **given)
        if step.is_stored:
            self.store.keep(self.kept(node), made)
        elif step.keeps == "process":
            self._held[node] = made
        elif step.keeps == "task":
            self._scopes[-1][node] = made
        return made

    def _read(self, need: Need) -> Any:
        if isinstance(need, Node):
            return self.value(need)
        return ValuesByKey(self.value, need) if isinstance(need, Mapping) else ValuesInOrder(self.value, need)

    @property
    def _scopes(self) -> list[dict[Node, Any]]:
        """What is held by the tasks that this thread is doing, the innermost last."""
        if not hasattr(self._doing, "scopes"):
            self._doing.scopes = []
        scopes: list[dict[Node, Any]] = self._doing.scopes
        return scopes

    @contextmanager
    def doing(self) -> Iterator[None]:
        """While one task is done: what is worked out on the way is held until its end."""
        self._scopes.append({})
        try:
            yield
        finally:
            self._scopes.pop()

    def make_all(self, nodes: Iterable[Node]) -> None:
        """Makes and keeps nodes in one task, as far as they are not kept yet."""
        with self.doing():
            for node in nodes:
                if not self.is_kept(node):
                    self._made(node)

    def ready(self, nodes: Iterable[Node], told: Told | None = None, *, tolerant: bool = False) -> None:
        """Makes what is not kept of nodes and of all that they need, task by task, over the executor if there is one.

        Args:
            nodes: what is wanted.
            told: hears how many tasks are done, of how many.
            tolerant: a task that fails is passed over: whoever needs its nodes makes them, and tells why it cannot.
        """
        missing = self.missing(nodes)
        sorter: TopologicalSorter[Any] = TopologicalSorter(missing.before)
        sorter.prepare()
        done = 0
        while sorter.is_active():
            units = sorter.get_ready()
            tasks = [Task(self._opening, tuple(missing.units[one]), tolerant) for one in units]
            for _ in self._done(tasks, tolerant):
                done += 1
                if told is not None:
                    told(done, len(missing.units))
            sorter.done(*units)

    def _done(self, tasks: Iterable[Task], tolerant: bool) -> Iterator[None]:
        """Does tasks that do not wait for each other, and tells of each."""
        answers = self._executor.map(make_there, tasks) if self._executor else map(self._make_here, tasks)
        while True:
            try:
                next(answers)
            except StopIteration:
                return
            except WorkerDied:
                if not tolerant:
                    raise
            yield

    def _make_here(self, task: Task) -> None:
        with suppress(*([Exception] if task.tolerant else [])):
            self.make_all(task.nodes)
        give_back()

    def missing(self, nodes: Iterable[Node]) -> Missing:
        """What is to be made for nodes, by task."""
        found = Missing()
        for node in nodes:
            self._look(node, found)
        return found

    def _look(self, node: Node, found: Missing) -> frozenset[Any]:
        """Notes what of a node and its needs is to be made. Gives the tasks that the node waits for."""
        if node in found.seen:
            return found.seen[node]
        step, waits = self.steps[node.step], frozenset[Any]()
        if node not in self._held and not self.is_kept(node):
            for need in self.needs(node).values():
                waits = waits.union(*(self._look(one, found) for one in nodes_in(need)))
            if step.is_stored:
                waits = frozenset([found.add(node, step.unit(*node.given) if step.unit else node, waits)])
        found.seen[node] = waits
        return waits

    def let_go(self, wanted: Iterable[Node], again: Callable[[Node], bool], months: Collection[str]) -> None:
        """Keeps only what wanted nodes lead to, and what stays as long as its month is in the ledger.

        Args:
            wanted: what is to be made next time, or again.
            again: whether a node may be made again; what such a node needs stays too.
            months: those in the ledger.
        """
        needed = self._needed(wanted, again)
        for path in self.store.files():
            step = self.steps.get(path.name.partition(".")[0].partition("-")[0])
            keeps = step.keeps if step and path.parent.name in months else "nowhere"
            if not (keeps == "ledger" or (keeps == "wanted" and (path.parent.name, path.name) in needed)):
                path.unlink(missing_ok=True)

    def _needed(self, wanted: Iterable[Node], again: Callable[[Node], bool]) -> set[tuple[str, str]]:
        """The files of what wanted nodes lead to."""
        files, waiting, seen = set[tuple[str, str]](), list(wanted), set[Node]()
        while waiting:
            node = waiting.pop()
            if node in seen:
                continue
            seen.add(node)
            if self.steps[node.step].is_stored:
                kept = self.kept(node)
                files.add((kept.folder, kept.file))
                if not again(node) and self.store.has(kept):
                    continue
            waiting += [one for need in self.needs(node).values() for one in nodes_in(need)]
        return files

    def end_report(self, folder: str) -> None:
        """Lets go what was kept while a month was reported."""
        for path in self.store.files(folder):
            step = self.steps.get(path.name.partition(".")[0].partition("-")[0])
            if step is None or step.keeps == "report":
                path.unlink(missing_ok=True)


@cache
def _classes_of(make: Callable[..., Any]) -> frozenset[type]:
    """The dataclasses that a function says it gives."""
    return dataclasses_in(get_type_hints(make).get("return"))
