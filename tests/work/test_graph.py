"""Work as a graph: what is made, when it is made again, how long it is kept, and in which task."""

from collections.abc import Mapping, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from pipeline.base.calendar import Month
from pipeline.work import code
from pipeline.work.code import code_behind, modules_behind
from pipeline.work.graph import Graph
from pipeline.work.imports import names_imported
from pipeline.work.letting_go import end_report, let_go
from pipeline.work.step import Node, Step, node
from pipeline.work.store import Store
from pipeline.work.why import Cause, Noted, Why, note, read_noted

MAY, JUNE = Month(2024, 5), Month(2024, 6)


@dataclass
class Little:
    """A graph of sales of two regions; it notes what is made."""

    home: Path
    files: dict[str, str] = field(default_factory=lambda: {"R1": "10", "R2": "20"})
    executor: Executor | None = None
    signs: Mapping[str, str] = field(default_factory=dict)
    made: list[str] = field(default_factory=list)

    @property
    def graph(self) -> Graph:
        return Graph(self.steps(), Store(self.home), self, self.executor, self.code)

    def code(self, module: str) -> Mapping[str, str]:
        return {**code_behind(module), **self.signs}

    def rows(self, month: Month, region: str) -> int:
        self.made.append(f"rows {region}")
        return int(self.files[region])

    def steps(self) -> list[Step]:
        made = self.made

        def count(month: Month, rows: Mapping[str, int]) -> dict[str, int]:
            made.append("count")
            return dict(rows.items())

        def share(month: Month, region: str, count: Mapping[str, int]) -> int:
            made.append(f"share {region}")
            return count[region]

        def total(month: Month, shares: Sequence[int], unread: Sequence[int]) -> int:
            made.append("total")
            return sum(shares)

        def tell(month: Month, total: int) -> str:
            return f"{month}: {total}"

        def rows_of(month: Month) -> Mapping[str, Any]:
            return {"rows": {region: node("rows", month, region) for region in self.files}}

        def total_of(month: Month) -> Mapping[str, Any]:
            return {
                "shares": [node("share", month, region) for region in self.files],
                "unread": [node("rows", MAY, "R1")],
            }

        return [
            Step("rows", self.rows, reads=lambda month, region: [self.files[region]]),
            Step("count", count, rows_of, "task"),
            Step(
                "share", share, lambda month, region: {"count": node("count", month)}, "wanted",
                unit=lambda month, region: ("shares", month),
            ),
            Step("total", total, total_of, "ledger"),
            Step("tell", tell, lambda month: {"total": node("total", month)}, "report"),
        ]  # fmt: skip


def kept(home: Path) -> set[str]:
    return {path.name.split(".")[0] for path in Store(home).files()}


def test_what_is_kept_is_not_made_again(tmp_path: Path) -> None:
    little = Little(tmp_path)
    assert little.graph.of("total", JUNE) == 30
    little.made.clear()
    assert little.graph.of("total", JUNE) == 30
    assert little.made == []


def test_a_file_that_changed_makes_again_what_comes_of_it_and_nothing_else(tmp_path: Path) -> None:
    little = Little(tmp_path)
    little.graph.ready([node("total", MAY), node("total", JUNE)])
    little.files["R2"] = "21"
    missing = little.graph.missing([node("total", JUNE)])
    assert [str(one) for one in missing.nodes] == ["share 2024-06 R1", "share 2024-06 R2", "total 2024-06"]
    assert little.graph.of("total", JUNE) == 31


def test_nodes_of_one_unit_are_one_task_that_holds_what_they_share_once(tmp_path: Path) -> None:
    little = Little(tmp_path)
    assert little.graph.of("share", JUNE, "R1") == 10
    little = Little(tmp_path / "both")
    little.graph.ready([node("total", JUNE)])
    assert little.made.count("count") == 1


def test_of_several_needs_only_those_are_read_that_are_looked_at(tmp_path: Path) -> None:
    little = Little(tmp_path)
    little.graph.of("total", JUNE)
    assert little.made.count("rows R1") == 1  # of June; May's is never looked at


def test_the_same_nodes_are_made_over_an_executor_that_opens_the_graph_again(tmp_path: Path) -> None:
    with ThreadPoolExecutor(2) as executor:
        far, here = Little(tmp_path / "far", executor=executor), Little(tmp_path / "here")
        assert far.graph.of("tell", JUNE) == here.graph.of("tell", JUNE) == "2024-06: 30"
    files = [{path.name: path.read_bytes() for path in Store(one.home).files()} for one in (far, here)]
    assert files[0] == files[1]


def test_a_file_that_is_damaged_or_another_programs_is_made_again(tmp_path: Path) -> None:
    little = Little(tmp_path)
    little.graph.of("total", JUNE)
    for path in Store(tmp_path).files():
        path.write_bytes(b"stale")
    assert little.graph.of("total", JUNE) == 30


def test_another_version_of_the_code_behind_a_step_makes_its_nodes_again(tmp_path: Path) -> None:
    Little(tmp_path).graph.of("total", JUNE)
    assert list(Little(tmp_path, signs={__name__: "other"}).graph.missing([node("total", JUNE)]).nodes)


def test_a_report_ends_and_what_no_wanted_node_leads_to_is_let_go(tmp_path: Path) -> None:
    little = Little(tmp_path)
    little.graph.ready([node("tell", MAY), node("tell", JUNE)])
    assert kept(tmp_path) == {"tell", "total", "share-R1", "share-R2"}
    end_report(little.graph, "2024-06")
    assert len([path for path in Store(tmp_path).files() if path.name.startswith("tell")]) == 1
    graph = little.graph
    let_go(graph, [node("tell", JUNE)], lambda one: one.month == JUNE, {"2024-05", "2024-06"})
    left = sorted(f"{path.parent.name} {path.name.split('.')[0]}" for path in Store(tmp_path).files())
    assert left == ["2024-05 total", "2024-06 share-R1", "2024-06 share-R2", "2024-06 total"]


def test_of_a_month_that_the_ledger_no_longer_knows_nothing_is_kept(tmp_path: Path) -> None:
    little = Little(tmp_path)
    little.graph.ready([node("total", MAY)])
    let_go(little.graph, [], lambda one: False, {"2024-06"})
    assert kept(tmp_path) == set()


def causes(little: Little) -> dict[str, frozenset[Cause]]:
    graph = little.graph
    nodes = list(graph.missing([node("total", JUNE)]).nodes)
    return {str(one): found for one, found in Why(graph, read_noted(little.home)).of(nodes).items()}


def noted(home: Path) -> Little:
    little = Little(home)
    graph = little.graph
    graph.of("total", JUNE)
    note(home, graph)
    return little


def test_why_names_the_file_that_changed(tmp_path: Path) -> None:
    little = noted(tmp_path)
    assert causes(little) == {}
    little.files["R2"] = "21"
    assert causes(little)["total 2024-06"] == {Cause("read", "rows 2024-06 R2")}


def test_why_names_the_module_that_changed(tmp_path: Path) -> None:
    noted(tmp_path)
    changed = Little(tmp_path, signs={"pipeline.base.calendar": "other"})
    assert causes(changed)["total 2024-06"] == {Cause("code", "pipeline.base.calendar")}


def test_why_names_the_library_that_changed(tmp_path: Path) -> None:
    little = noted(tmp_path)
    before = read_noted(tmp_path)
    older = Noted(before.sources, before.code, ("pandas 2.0", *before.libraries[1:]))
    [found] = Why(little.graph, older).of([node("total", JUNE)]).values()
    assert {one.kind for one in found} == {"library"}


def test_why_does_not_guess_where_nothing_was_noted(tmp_path: Path) -> None:
    assert set(causes(Little(tmp_path)).values()) == {frozenset([Cause("unknown")])}
    (tmp_path / "ledger" / "derived").mkdir(parents=True)
    (tmp_path / "ledger" / "derived" / "noted.json").write_text("[1", encoding="utf-8")
    assert set(causes(Little(tmp_path)).values()) == {frozenset([Cause("unknown")])}


@pytest.mark.parametrize(
    ("module", "behind", "apart"),
    [
        (
            "pipeline.figures.catalogue",
            "pipeline.subjects.visits.figures",
            "pipeline.words",
        ),  # found by a name put together
        ("pipeline.month.forecasting", "pipeline.forecast.theta", "pipeline.workbooks.view"),
        ("pipeline.month.counting", "pipeline.base.exact", "pipeline.findings.find"),
    ],
)
def test_the_code_behind_a_step_is_what_it_imports_directly_or_not(module: str, behind: str, apart: str) -> None:
    assert behind in modules_behind(module)
    assert apart not in modules_behind(module)


def test_a_module_imported_by_its_name_as_text_is_code_behind_and_one_that_is_only_spoken_of_is_not() -> None:
    source = 'def rules():\n    import_module("pipeline.findings.usual")\n    # see pipeline.findings.praise\n'
    assert list(names_imported(source, code.ROOT)) == ["pipeline.findings.usual"]


def test_parts_of_subjects_are_behind_whoever_imports_them_not_behind_the_list_of_subjects() -> None:
    assert not [
        name for name in modules_behind("pipeline.contract.subjects") if name.startswith("pipeline.subjects")
    ]


def test_nodes_are_named_the_same_in_every_process() -> None:
    assert Node("moved_counts", (MAY, JUNE, Month(2024, 5))).name == "moved_counts-2024-06-2024-05"
    assert Node("metrics", (JUNE, None)).name == "metrics-all"
    long = Node("metrics", (JUNE, tuple(f"R{number}" for number in range(40))))
    assert len(long.name) < 40


def forget_code() -> None:
    """What is known of the code is read anew."""
    for one in (code.code_behind, code.modules_behind, code.source_fingerprint, code._file_of, code._imported):
        one.cache_clear()


def test_parts_of_subjects_found_by_a_name_put_together_are_code_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An engine that imports `pipeline.subjects.{one}.lists` has every subject's lists and tables behind it, and
    nothing else of the subject, its texts least of all."""
    for name, text in {
        "engine/__init__.py": "",
        "engine/look.py": 'def f(one):\n    import_module(f"pipeline.rooms.{one}.lists")\n',
        "rooms/__init__.py": "",
        "rooms/tea/__init__.py": "",
        "rooms/tea/lists.py": "from pipeline.rooms.tea.cups import CUPS\n",
        "rooms/tea/cups.py": "CUPS = 1\n",
        "rooms/tea/rules.py": "",
        "rooms/tea/figures.toml": "a = 1\n",
        "rooms/tea/words.zh.toml": "a = 1\n",
    }.items():
        (tmp_path / "pipeline" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "pipeline" / name).write_text(text, encoding="utf-8")
    monkeypatch.setattr(code, "ROOT", tmp_path)
    prints: list[dict[str, str]] = []
    for changed in ("", "rooms/tea/words.zh.toml", "rooms/tea/figures.toml"):
        if changed:
            (tmp_path / "pipeline" / changed).write_text("a = 2\n", encoding="utf-8")
        forget_code()
        prints.append(dict(code_behind("pipeline.engine.look")))
    forget_code()
    rooms = {"pipeline.rooms", "pipeline.rooms.tea", "pipeline.rooms.tea.lists", "pipeline.rooms.tea.cups"}
    assert {name for name in prints[0] if "rooms" in name} == rooms
    assert prints[1] == prints[0]
    assert {name for name in rooms if prints[2][name] != prints[0][name]} == {"pipeline.rooms.tea"}
