"""The keys of a graph's nodes: the fingerprint of all that a node's value depends on."""

from collections.abc import Iterable, Iterator, Mapping

from pipeline.work.code import Code
from pipeline.work.step import Needs, Node, Step, nodes_in
from pipeline.work.store import Kept, fingerprint, library_versions


class Keys:
    """Works out the keys of the nodes of some steps, each once.

    A node's key is the fingerprint of the code of its step (`code`), the given values, its needs' keys, and the
    versions of the libraries that its bytes depend on; of a source, of what it reads.
    """

    def __init__(self, steps: Iterable[Step], code: Code) -> None:
        self.steps = {one.name: one for one in steps}
        self.code = code
        self._keys: dict[Node, str] = {}
        self._code_keys: dict[str, str] = {}

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
