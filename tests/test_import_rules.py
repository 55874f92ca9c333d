"""Who may import whom (docs/design-decisions.md): stages stand side by side, libraries are known in one place."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

# What every stage may use: values and words that all share.
SHARED = {
    "pipeline",
    "pipeline.base.faults",
    "pipeline.base.files",
    "pipeline.base.moments",
    "pipeline.base.csv_cells",
    "pipeline.base.private",
    "pipeline.base.safe_names",
    "pipeline.base.shown_text",
    "pipeline.base.temporary",
    "pipeline.calendar",
    "pipeline.children",
    "pipeline.errors",
    "pipeline.figures.declare",
    "pipeline.figures.few",
    "pipeline.figures.show",
    "pipeline.form_layout",
    "pipeline.frames",
    "pipeline.garbage",
    "pipeline.masters",
    "pipeline.month_rows",
    "pipeline.problem",
    "pipeline.report",
    "pipeline.rows_by_key",
    "pipeline.settings",
    "pipeline.starting",
    "pipeline.words",
    "pipeline.work.plain_data",
}
STAGES = (
    "corrections", "demo", "figures", "findings", "forecast", "intake", "ledger", "outbox", "templates", "workbooks",
)  # fmt: skip
# Rooms above the stages, which bring several of them together.
ABOVE = (
    "taking",  # from the inbox into the ledger, and where what was refused is told
    "screen",  # what is printed of all that commands do
)
# Stages that build on another one, and why.
BUILDS_ON = {
    "demo": {"templates"},  # the sample organisation is written through the real templates
    "findings": {"figures"},  # rules look at figures
}
LIBRARIES = {
    "openpyxl": ("pipeline/intake/",),
    "python_calamine": ("pipeline/intake/",),
    "xlrd": ("pipeline/intake/older_excel.py",),
    "msoffcrypto": ("pipeline/intake/protected.py",),
    "xlsxwriter": ("pipeline/workbooks/", "pipeline/templates/write.py", "pipeline/corrections/"),
    "click": ("pipeline/cli.py",),
    "rich": ("pipeline/progress.py", "pipeline/screen/"),
    "statsforecast": (),
    "distributed": ("pipeline/executors.py",),
}


def modules() -> list[Path]:
    return sorted([*(ROOT / "pipeline").rglob("*.py"), *(ROOT / "schemas").rglob("*.py")])


def imported(path: Path) -> Iterator[str]:
    """The modules that a file imports, by their full names, for types only ones included."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


def name_of(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts)


def is_shared(name: str) -> bool:
    return name in SHARED or name.startswith("pipeline.words")


@pytest.mark.parametrize("path", modules(), ids=name_of)
def test_a_stage_never_imports_another_stage(path):
    parts = name_of(path).split(".")
    stage = parts[1] if len(parts) > 2 and parts[0] == "pipeline" else None
    if stage not in STAGES:
        pytest.skip("not of a stage")
    allowed = {stage, *BUILDS_ON.get(stage, set())}
    wrong = [
        name
        for name in imported(path)
        if name.split(".")[0] == "pipeline" and not is_shared(name) and [*name.split("."), ""][1] not in allowed
    ]
    assert not wrong


@pytest.mark.parametrize("path", modules(), ids=name_of)
def test_schemas_know_nothing_of_the_pipeline(path):
    if name_of(path).startswith("schemas"):
        assert not [name for name in imported(path) if name.split(".")[0] == "pipeline"]


@pytest.mark.parametrize("path", modules(), ids=name_of)
def test_each_library_is_known_only_where_it_belongs(path):
    place = path.relative_to(ROOT).as_posix()
    for name in imported(path):
        allowed = LIBRARIES.get(name.split(".")[0])
        assert allowed is None or place.startswith(allowed), f"{place} imports {name}"


def test_the_rules_look_at_every_stage_there_is():
    folders = {path.name for path in (ROOT / "pipeline").iterdir() if (path / "__init__.py").exists()}
    assert folders - {"base", "words", "work", *ABOVE} <= set(STAGES)
