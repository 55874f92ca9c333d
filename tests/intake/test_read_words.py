"""Every refusal and remark of the reader has its sentence in every language, with the values it gives."""

import ast
import string
from collections.abc import Iterator
from pathlib import Path

import pytest

import pipeline.intake
import pipeline.work
from pipeline.intake.formats import REFUSED_BY_FIRST_BYTES
from pipeline.words import LANGUAGES, Language, load_words

READERS = (
    "archive",
    "binary_excel",
    "careful",
    "delimited",
    "formats",
    "ods",
    "old_excel",
    "older_excel",
    "protected",
    "read",
    "scan",
    "sparse",
    "workbook_parts",
)
VALUES = {
    "made_to_harm": {"what"},
    "too_large": {"found", "limit"},
    "too_many_cells": {"found", "limit"},
    "reader_memory": {"memory_mib"},
    "reader_timeout": {"seconds"},
    "cells_far_away": {"sheet", "cell", "count"},
    "bad_bytes": {"count"},
    "hidden_rows": {"sheet", "count"},
    "filtered_rows": {"sheet", "count"},
    "other_format": {"ending", "format"},
}
SECTIONS = {"Refusal": "refused", "Refused": "refused", "Remark": "remark"}


def rules_in_code() -> Iterator[tuple[str, str]]:
    """(section, rule) of each rule that the reading modules name, those of tables of rules included."""
    reading, working = (Path(room.__file__).parent for room in (pipeline.intake, pipeline.work))
    modules = [*(reading / f"{one}.py" for one in READERS), working / "sandbox.py", working / "limits.py"]
    for path in modules:
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
            name = getattr(call.func, "id", "")
            if name in SECTIONS and call.args:
                yield from ((SECTIONS[name], rule) for rule in _literals(call.args[0]))
    yield from (("refused", rule) for _, rule in REFUSED_BY_FIRST_BYTES)
    yield from (("remark", rule) for rule in ("hidden_rows", "filtered_rows"))  # chosen before they are named


def _literals(argument: ast.expr) -> list[str]:
    """The rules an argument may be: itself, or either side of a choice."""
    if isinstance(argument, ast.IfExp):
        return [*_literals(argument.body), *_literals(argument.orelse)]
    return [argument.value] if isinstance(argument, ast.Constant) and isinstance(argument.value, str) else []


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_rule_has_a_sentence_with_its_values_and_no_sentence_is_left_over(language: Language) -> None:
    texts = load_words(language).texts
    own = {key: text for key, text in texts.items() if key.startswith("intake_reading.")}
    wanted = {f"intake_reading.{section}.{rule}" for section, rule in rules_in_code()}
    assert own.keys() == wanted
    for key, text in own.items():
        placeholders = {name for _, name, _, _ in string.Formatter().parse(text) if name}
        assert placeholders == VALUES.get(key.rpartition(".")[2], set()), key


def test_the_languages_have_the_same_sentences() -> None:
    keys = [
        {key for key in load_words(language).texts if key.startswith("intake_reading.")} for language in LANGUAGES
    ]
    assert len(keys[0]) > 20
    assert all(found == keys[0] for found in keys)
