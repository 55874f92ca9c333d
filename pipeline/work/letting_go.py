"""What of a graph's nodes stays in the store: what wanted nodes lead to, and what stays by itself."""

from collections.abc import Callable, Collection, Iterable
from pathlib import Path

from pipeline.work.graph import Graph
from pipeline.work.step import Node, Step, nodes_in


def let_go(graph: Graph, wanted: Iterable[Node], again: Callable[[Node], bool], months: Collection[str]) -> None:
    """Keeps only what wanted nodes lead to, and what stays as long as its month is in the ledger.

    Args:
        graph: the nodes, and where they are kept.
        wanted: what is to be made next time, or again.
        again: whether a node may be made again; what such a node needs stays too.
        months: those in the ledger.
    """
    needed = _needed(graph, wanted, again)
    for path in graph.store.files():
        step = _step_of(graph, path)
        keeps = step.keeps if step and path.parent.name in months else "nowhere"
        if not (keeps == "ledger" or (keeps == "wanted" and (path.parent.name, path.name) in needed)):
            path.unlink(missing_ok=True)


def end_report(graph: Graph, folder: str) -> None:
    """Lets go what was kept while a month was reported."""
    for path in graph.store.files(folder):
        step = _step_of(graph, path)
        if step is None or step.keeps == "report":
            path.unlink(missing_ok=True)


def _step_of(graph: Graph, path: Path) -> Step | None:
    """The step that made what is kept in a file; None where there is no such step any more."""
    return graph.steps.get(path.name.partition(".")[0].partition("-")[0])


def _needed(graph: Graph, wanted: Iterable[Node], again: Callable[[Node], bool]) -> set[tuple[str, str]]:
    """The files of what wanted nodes lead to."""
    files, waiting, seen = set[tuple[str, str]](), list(wanted), set[Node]()
    while waiting:
        node = waiting.pop()
        if node in seen:
            continue
        seen.add(node)
        if graph.steps[node.step].is_stored:
            kept = graph.kept(node)
            files.add((kept.folder, kept.file))
            if not again(node) and graph.store.has(kept):
                continue
        waiting += [one for need in graph.needs(node).values() for one in nodes_in(need)]
    return files
