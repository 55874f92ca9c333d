"""Both languages say the same things: no key is missing, no placeholder differs."""

import ast
import re
import string
import tomllib
from pathlib import Path

import pytest

from pipeline.contract.trade import profile_names
from pipeline.words import LANGUAGES, flat_texts, load_words

ROOT = Path(__file__).parents[1]
CHINESE = re.compile(r"[\u4e00-\u9fff]")


def placeholders(text: str) -> set[str]:
    return {name.split(".")[0].split("[")[0] for _, name, _, _ in string.Formatter().parse(text) if name}


def test_both_languages_have_the_same_keys():
    assert load_words("zh").texts.keys() == load_words("en").texts.keys()


def test_both_languages_fill_in_the_same_values():
    zh, en = load_words("zh").texts, load_words("en").texts
    by_language = {
        "problems.expected.choice", "problems.expected.missing_column", "problems.expected.tick_missing",
        "workbooks.month",
    }  # fmt: skip
    differing = [key for key in zh if placeholders(zh[key]) != placeholders(en[key])]
    assert set(differing) <= by_language


@pytest.mark.parametrize("trade", profile_names())
def test_a_trade_says_the_same_in_both_languages_and_only_what_is_said_somewhere(trade):
    zh, en, common = load_words("zh", trade).texts, load_words("en", trade).texts, load_words("zh").texts
    own = {key for key in zh if zh[key] != common.get(key)} | {
        key for key in en if en[key] != load_words("en").texts.get(key)
    }
    assert zh.keys() == en.keys() == common.keys()
    differing = [
        key for key in own if not (placeholders(zh[key]) | placeholders(en[key])) <= placeholders(common[key])
    ]
    assert differing == []
    assert not [key for key in own if CHINESE.search(en[key])]


def test_a_text_of_one_trade_is_not_anothers():
    key = "workbooks.about.part_opinions"
    assert load_words("zh", "cable")(key) != load_words("zh", "tobacco")(key) == load_words("zh")(key)


def test_english_texts_hold_no_chinese():
    typed_by_people = ("demo.typed.",)  # a date in Chinese style is one of the faults that the demo makes
    texts = load_words("en").texts
    assert not [key for key in texts if CHINESE.search(texts[key]) and not key.startswith(typed_by_people)]


def test_a_missing_key_is_an_error_not_an_empty_text():
    with pytest.raises(KeyError):
        load_words("zh")("run.no_such_text")


def literal_keys() -> set[str]:
    """Keys that stand as they are in a call of the catalogue."""
    keys = set()
    for path in (ROOT / "pipeline").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", getattr(node.func, "attr", "")) == "words":
                keys |= {arg.value for arg in node.args[:1] if isinstance(arg, ast.Constant)}
    return keys


def test_every_text_that_the_code_asks_for_is_there():
    assert literal_keys() <= load_words("zh").texts.keys()


def test_every_message_about_what_is_left_out_says_what_to_do():
    texts = load_words("zh").texts
    said = {key.rpartition(".")[2]: text for key, text in texts.items() if key.startswith("problems.expected.")}
    tells_to = re.compile("请|以.*为准|已|按空白处理|另有")
    counting = {"more_cells", "column_note"}  # they count cells under another rule's words, which say what to do
    assert [rule for rule, text in said.items() if rule not in counting and not tells_to.search(text)] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_two_say_a_text_of_one_key(language):
    """Subjects and the common texts share one catalogue: the last to say a key would silently speak for all."""
    files = [(f"{one.stem}.", one) for one in (ROOT / "pipeline" / "words" / language).glob("*.toml")]
    files += [("", one) for one in (ROOT / "pipeline" / "subjects").glob(f"*/words.{language}.toml")]
    said: dict[str, str] = {}
    twice = []
    for prefix, file in files:
        for key, text in flat_texts(prefix, tomllib.loads(file.read_text(encoding="utf-8"))).items():
            if said.setdefault(key, text) != text:
                twice.append(f"{key} ({file.parent.name})")
    assert twice == []
