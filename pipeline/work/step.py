"""What a graph is made of: nodes, and the steps that make them (see `graph`)."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

from pipeline.base.calendar import Month
from pipeline.base.safe_names import safe_id
from pipeline.work.store import fingerprint

# How long a result stays: in the store as long as its month is in the ledger ("ledger"), as long as something wanted
# leads to it ("wanted"), or while its month is reported ("report"); in this process as long as it lives ("process"),
# or while a task is done ("task"); or not at all ("nowhere").
Keeps = Literal["ledger", "wanted", "report", "process", "task", "nowhere"]
STORED = ("ledger", "wanted", "report")
_PLAIN_LETTERS = 40  # of a name that is put together of several; a longer one is told by its fingerprint


class Node(NamedTuple):
    """A step, and what it is given: plain values (months, regions, names)."""

    step: str
    given: tuple[Any, ...] = ()

    @property
    def month(self) -> Month | None:
        """The month that it is about."""
        return next((one for one in self.given if isinstance(one, Month)), None)

    @property
    def name(self) -> str:
        """Its step and what it is given but for its month, as a part of a file's name."""
        rest = list(self.given)
        if self.month is not None:
            rest.remove(self.month)
        return "-".join([self.step, *map(_in_name, rest)])

    def __str__(self) -> str:
        return " ".join([self.step, *map(_told, self.given)])


def node(step: str, *given: Any) -> Node:
    """The node of a step."""
    return Node(step, given)


def _told(given: Any) -> str:
    if given is None:
        return "all"
    return " ".join(map(_told, given)) if isinstance(given, tuple) else str(given)


def _in_name(given: Any) -> str:
    if isinstance(given, tuple):
        told = "+".join(map(_in_name, given))
        return told if len(told) <= _PLAIN_LETTERS else fingerprint(given)[:16]
    return str(given) if isinstance(given, Month) else "all" if given is None else safe_id(str(given))


Need = Node | Sequence[Node] | Mapping[Any, Node]
Needs = Mapping[str, Need]


def nodes_in(need: Need) -> Iterable[Node]:
    """The nodes that are needed under one name."""
    if isinstance(need, Node):
        return (need,)
    return need.values() if isinstance(need, Mapping) else need


def _none(*given: Any) -> Needs:
    return {}


@dataclass(frozen=True)
class Step:
    """How nodes are made.

    `make` is a pure function of the given values and, by name, of what `needs` names for them: the value of a node, or
    of several as a sequence or mapping, each of which is read when it is looked at.

    `reads` marks a source: what its value depends on beside what is given (names of files, a small value itself), which
    stands for its code. `unit` names what nodes have in common that are made in one task, so that what they share is
    worked out once.
    """

    name: str
    make: Callable[..., Any]
    needs: Callable[..., Needs] = _none
    keeps: Keeps = "nowhere"
    reads: Callable[..., Iterable[object]] | None = None
    unit: Callable[..., Any] | None = None

    @property
    def is_stored(self) -> bool:
        """Whether results are kept in the store."""
        return self.keeps in STORED


@dataclass
class Missing:
    """What is to be made: the nodes of each task in their order, and the tasks that come before each."""

    units: dict[Any, list[Node]] = field(default_factory=dict)
    before: dict[Any, set[Any]] = field(default_factory=dict)
    seen: dict[Node, frozenset[Any]] = field(default_factory=dict)

    def add(self, one: Node, unit: Any, waits: frozenset[Any]) -> Any:
        """Puts a node to its task, which waits for others. Gives the task."""
        self.units.setdefault(unit, []).append(one)
        self.before.setdefault(unit, set()).update(waits - {unit})
        return unit

    @property
    def nodes(self) -> Iterator[Node]:
        """All nodes that are to be made."""
        return (one for nodes in self.units.values() for one in nodes)
