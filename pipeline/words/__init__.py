"""The words of the program in each language: one catalogue a language.

A text is named `file.section.key` after the TOML file here that it stands in. What a subject or a trade says stands in
its own folder (`words.zh.toml`, `words.en.toml`) under its whole name. Labels of form columns and of figures are
elsewhere: they stand in their declarations (`schemas/`, `pipeline/subjects/`). What a trade's folder says of a key that
is there already stands in that trade alone, in place of the common text. Goods are named as terms (`schemas.terms`), in
keys too where a key is a unit.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Literal

from schemas.terms import AS_WRITTEN, Terms

Language = Literal["zh", "en"]
LANGUAGES: tuple[Language, ...] = ("zh", "en")
SUBJECTS, TRADES = "subjects", "trades"  # whose folders have words of their own


@dataclass(frozen=True)
class Words:
    """All texts of one language, by their dotted key."""

    language: Language
    texts: Mapping[str, str]

    def __call__(self, key: str, **values: object) -> str:
        """The text of `key` with its `{placeholders}` filled in.

        Raises:
            KeyError: when the catalogue lacks the key, or `values` lack a placeholder.
        """
        return self.texts[key].format(**values)

    def has(self, key: str) -> bool:
        """Whether there is a text of this key."""
        return key in self.texts

    def told_of(self, what: str) -> "Words":
        """The same catalogue with the texts that stand under `what` in place of those that they are named after:
        `period.workbooks.column.value` for `workbooks.column.value`."""
        head = f"{what}."
        own = {key.removeprefix(head): text for key, text in self.texts.items() if key.startswith(head)}
        return Words(self.language, {**self.texts, **own})

    def pick(self, zh: str, en: str) -> str:
        """The one of two texts, declared side by side, that is in this language."""
        return zh if self.language == "zh" else en


Texts = tuple[tuple[str, str], ...]  # by key, in the order of the keys


@cache
def load_words(language: Language, trade: str = "", terms: Terms = AS_WRITTEN, own: Texts = ()) -> Words:
    """The catalogue of one language, read once; as a trade says it, where one is given: with its terms, and its `own`
    texts in place of those of the same key."""
    texts: dict[str, str] = {}
    for key, text in _texts(language, trade).items():
        said = terms.said(key, "zh")
        if said == key or said not in texts:  # goods may be counted in a common unit, which has its words
            texts[said] = terms.said(text, language)
    return Words(language, {**texts, **{key: terms.said(text, language) for key, text in own}})


@cache
def _texts(language: Language, trade: str) -> Mapping[str, str]:
    """All texts as they are written."""
    folder = resources.files(__package__) / language
    texts: dict[str, str] = {}
    for file in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if file.name.endswith(".toml"):
            subject = file.name.removesuffix(".toml")
            texts.update(flat_texts(f"{subject}.", tomllib.loads(file.read_text(encoding="utf-8"))))
    owners = sorted((resources.files("pipeline") / SUBJECTS).iterdir(), key=lambda entry: entry.name)
    for owner in [*owners, *([resources.files("pipeline") / TRADES / trade] if trade else [])]:
        own = owner / f"words.{language}.toml"
        if own.is_file():
            texts.update(flat_texts("", tomllib.loads(own.read_text(encoding="utf-8"))))
    return texts


def flat_texts(prefix: str, table: Mapping[str, object]) -> dict[str, str]:
    """The texts of a table of tables, each under its whole name."""
    texts: dict[str, str] = {}
    for key, value in table.items():
        name = f"{prefix}{key}"
        if isinstance(value, Mapping):
            texts.update(flat_texts(f"{name}.", value))
        else:
            texts[name] = str(value)
    return texts
