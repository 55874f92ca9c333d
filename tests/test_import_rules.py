"""Who may import whom (docs/design-decisions.md): stages stand side by side, libraries are known in one place."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[1]

# The floors of the house, from the ground up; a room imports only from floors below its own, the ground from itself.
FLOORS: tuple[tuple[str, ...], ...] = (
    ("base", "words"),
    ("contract", "forecast"),
    ("corrections", "figures", "intake", "ledger", "outbox", "templates", "work", "workbooks"),
    (
        "demo",  # the sample organisation is written through the real templates
        "findings",  # rules look at figures
        "mapping",  # files are looked at as they are taken in
        "regions",
        "taking",
    ),
    ("subjects",),  # what a subject brings to every engine
    ("month", "trades"),
    ("commands",),
    ("screen",),
    ("cli",),
    ("__main__",),
)
FLOOR_OF = {room: number for number, rooms in enumerate(FLOORS) for room in rooms}
# Where each library may be known: rooms, and modules by themselves.
LIBRARIES = {
    "openpyxl": ("pipeline.intake.",),
    "python_calamine": ("pipeline.intake.",),
    "xlrd": ("pipeline.intake.older_excel.",),
    "msoffcrypto": ("pipeline.intake.protected.",),
    "xlsxwriter": (
        "pipeline.workbooks.",
        "pipeline.templates.write.",
        "pipeline.templates.write_visit_book.",
        "pipeline.corrections.",
    ),
    "click": ("pipeline.cli.",),
    "rich": ("pipeline.screen.",),
    "statsforecast": (),
    "distributed": ("pipeline.work.executors.",),
}


@cache
def modules() -> tuple[Path, ...]:
    return tuple(sorted([*(ROOT / "pipeline").rglob("*.py"), *(ROOT / "schemas").rglob("*.py")]))


@cache
def imported(path: Path) -> tuple[str, ...]:
    """The modules that a file imports, by their full names, for types only ones included."""
    return tuple(_imported(ast.parse(path.read_text(encoding="utf-8"))))


def _imported(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


def name_of(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts)


def room_of(name: str) -> str:
    """The room of a module of the pipeline; empty for the pipeline itself and for others."""
    return [*name.split("."), ""][1] if name.split(".")[0] == "pipeline" else ""


def test_imports_lead_only_downwards():
    wrong = [
        f"{name_of(path)} imports {name}"
        for path in modules()
        for name in imported(path)
        if (here := room_of(name_of(path))) not in ("", "__init__")
        and (there := room_of(name)) not in ("", here, "__version__")
        and FLOOR_OF[there] >= FLOOR_OF[here]
    ]
    assert not wrong


def test_schemas_know_nothing_of_the_pipeline():
    wrong = [
        f"{name_of(path)} imports {name}"
        for path in modules()
        for name in imported(path)
        if name_of(path).startswith("schemas") and name.split(".")[0] == "pipeline"
    ]
    assert not wrong


def test_each_library_is_known_only_where_it_belongs():
    wrong = [
        f"{name_of(path)} imports {name}"
        for path in modules()
        for name in imported(path)
        if (allowed := LIBRARIES.get(name.split(".")[0])) is not None
        and not f"{name_of(path)}.".startswith(allowed)
    ]
    assert not wrong


def test_every_room_has_its_floor():
    house = ROOT / "pipeline"
    rooms = {path.stem for path in house.iterdir() if path.suffix == ".py" or (path / "__init__.py").exists()}
    assert rooms - {"__init__"} == FLOOR_OF.keys()


def test_what_forms_there_are_is_known_where_a_trade_is_loaded_and_nowhere_else():
    asks = [name_of(path) for path in modules() if "all_forms(" in path.read_text(encoding="utf-8")]
    assert asks == ["schemas.form", "schemas.in_use"]


def test_no_engine_names_a_subject():
    named = [
        f"{name_of(path)} imports {name}"
        for path in modules()
        for name in imported(path)
        if name.startswith("pipeline.subjects.") and room_of(name_of(path)) not in ("subjects", "trades")
    ]
    assert not named
