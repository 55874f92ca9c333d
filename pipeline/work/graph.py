"""Work as a graph: each node is a plain function of given values and of other nodes' values, known by a key.

What stands under a node's key (see `keys`) is not made again. A step knows neither where its
result is kept nor in which process it is made: the same graph runs in one process, over all cores, or on a cluster,
whose workers open it again from the home.
"""

import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Executor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cache
from graphlib import TopologicalSorter
from typing import Any, Protocol, get_type_hints

from pipeline.base.garbage import give_back
from pipeline.work.code import Code, code_behind
from pipeline.work.fitting import dataclasses_in
from pipeline.work.keys import Keys
from pipeline.work.lazy_values import ValuesByKey, ValuesInOrder
from pipeline.work.step import Missing, Need, Node, Step, nodes_in
from pipeline.work.store import Store
from pipeline.work.workers import WorkerDied

Told = Callable[[int, int], None]


class Opening(Protocol):
    """A picklable way to the graph, for whoever gets a task."""

    @property
    def graph(self) -> "Graph":
        """The graph, opened again where it is not this process's own."""
        ...


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
        self.keys = Keys(steps, code)
        self.steps, self.needs, self.kept = self.keys.steps, self.keys.needs, self.keys.kept
        self.store = store
        self._opening, self._executor = opening, executor
        self._held: dict[Node, Any] = {}
        self._doing = threading.local()  # a cluster's worker may do several tasks at a time

    def of(self, step: str, *given: Any) -> Any:
        """The value of a step's node."""
        return self.value(Node(step, given))

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


@cache
def _classes_of(make: Callable[..., Any]) -> frozenset[type]:
    """The dataclasses that a function says it gives."""
    return dataclasses_in(get_type_hints(make).get("return"))
