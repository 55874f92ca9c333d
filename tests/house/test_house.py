"""The laws of the house that can be read from its text."""

from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest
from shape import ROOT, House
from trade_words import spoken

FEW_FILES = 10
FLOORS = 10
LONGEST_FUNCTION = 45  # lines
NESTING = 3
MOST_METHODS = 45  # with those of ancestors


@pytest.fixture(scope="module")
def house() -> House:
    return House.at(ROOT)


def test_no_rooms_import_each_other_in_a_circle_and_few_stand_on_each_other(house: House) -> None:
    assert house.floors
    assert max(house.floors.values()) <= FLOORS


def test_modules_import_each_other_in_no_circle(house: House) -> None:
    names = {one.name for one in house.modules}
    imports = {
        one.name: {full if full in names else full.rpartition(".")[0] for full in one.imported_at_once()}
        & names - {one.name}
        for one in house.modules
    }
    try:
        TopologicalSorter(imports).prepare()
    except CycleError as circle:
        pytest.fail(" → ".join(circle.args[1]))


def test_few_files_lie_in_no_room() -> None:
    assert len(list((ROOT / "pipeline").glob("*.py"))) <= FEW_FILES


def test_functions_are_short_and_their_branches_lie_not_deep_in_each_other(house: House) -> None:
    long = [name for name, lines, _ in house.functions() if lines > LONGEST_FUNCTION]
    deep = [name for name, _, depth in house.functions() if depth > NESTING]
    assert (long, deep) == ([], [])


def test_every_public_name_says_what_it_is(house: House) -> None:
    assert list(house.bare()) == []


def test_no_class_is_a_bag(house: House) -> None:
    assert {name: count for name, count in house.methods.items() if count > MOST_METHODS} == {}


def test_a_circle_and_what_is_too_deep_are_seen(tmp_path: Path) -> None:
    for room, text in (("a", "from pipeline import b\n"), ("b", "from pipeline import a\n")):
        (tmp_path / "pipeline").mkdir(exist_ok=True)
        (tmp_path / "pipeline" / f"{room}.py").write_text(text, encoding="utf-8")
    (tmp_path / "schemas").mkdir()
    (tmp_path / "schemas" / "deep.py").write_text(
        "def f():\n for a in b:\n  if a:\n   while a:\n    if a:\n     return\n", encoding="utf-8"
    )
    made = House.at(tmp_path)
    assert made.floors == {}
    assert [depth for *_, depth in made.functions()] == [4]
    assert set(made.bare()) == {"pipeline.a", "pipeline.b", "schemas.deep", "schemas.deep.f"}


def test_engines_know_no_trade() -> None:
    """No word of a trade outside its folder, the subjects and the forms: in no name, text or docstring."""
    assert [line for _, line in spoken(ROOT)] == []


def test_a_word_of_a_trade_is_seen_in_names_and_texts(tmp_path: Path) -> None:
    for place in ("figures", "trades", "subjects"):
        (tmp_path / "pipeline" / place).mkdir(parents=True)
        text = 'by_brand = "{count}条"\nlines = "每一条问题、邮箱"\nunit = "元/条"\n'
        (tmp_path / "pipeline" / place / "a.py").write_text(text, encoding="utf-8")
    assert [line.split(":")[1] for _, line in spoken(tmp_path)] == ["1", "3"]
