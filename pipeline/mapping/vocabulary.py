"""By which headings the columns of a form are known: their own names, what others call them, and names for codes."""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from functools import lru_cache

from schemas.columns import Column
from schemas.entities import MANAGER_ID
from schemas.form import Form

OWN, OTHERS, STEP, BY_NAME = 1.0, 0.97, 0.004, 0.86
PART = 0.7  # of a heading that only begins or ends as a column is called
_BRACKETS = re.compile(r"[(\[【].*?[)\]】]")
_BETWEEN = re.compile(r"[\s_\-./:：*]+")


@lru_cache(maxsize=8192)
def heading_key(text: str) -> str:
    """A heading reduced to what tells it apart; brackets stay."""
    return _BETWEEN.sub("", unicodedata.normalize("NFKC", text)).casefold()


@lru_cache(maxsize=8192)
def bare_key(text: str) -> str:
    """A heading without what stands in brackets."""
    return heading_key(_BRACKETS.sub("", unicodedata.normalize("NFKC", text)))


def columns_of(form: Form, forms: Mapping[str, Form]) -> tuple[Column, ...]:
    """The columns that a table of the form may have, the sender's code among them."""
    own = {column.name for column in form.columns}
    if form.kind == "master" or MANAGER_ID in own or "managers" not in forms:
        return form.columns
    sender = forms["managers"].columns[0]
    return (*form.columns, Column(MANAGER_ID, sender.zh, sender.en, "id", refers_to="managers", also=sender.also))


def words_of(column: Column, forms: Mapping[str, Form]) -> Iterator[tuple[str, float]]:
    """The keys by which a column is known, each with how sure it then is."""
    for text in (column.name, column.zh, column.en):
        yield heading_key(text), OWN
    for place, text in enumerate(column.synonyms):
        yield heading_key(text), OTHERS - STEP * place
    master = forms.get(column.refers_to)
    name = next((one for one in master.columns if one.kind == "text"), None) if master else None
    for place, text in enumerate((name.zh, name.en, *name.synonyms) if name else ()):
        yield heading_key(text), BY_NAME - STEP * place


@lru_cache(maxsize=64)
def _vocabulary(form_key: str, columns: tuple[Column, ...], words: tuple[tuple[tuple[str, float], ...], ...]) -> dict[
    str, dict[str, float]
]:  # fmt: skip
    known: dict[str, dict[str, float]] = {}
    for column, own in zip(columns, words, strict=True):
        for key, sure in own:
            held = known.setdefault(key, {})
            held[column.name] = max(held.get(column.name, 0.0), sure)
    return known


def vocabulary(form: Form, forms: Mapping[str, Form]) -> dict[str, dict[str, float]]:
    """For each key of a heading the columns that it may be, with how sure."""
    columns = columns_of(form, forms)
    return _vocabulary(form.key, columns, tuple(tuple(words_of(one, forms)) for one in columns))


def fitting(heading: str, known: Mapping[str, Mapping[str, float]]) -> dict[str, float]:
    """The columns that a heading may be: as it stands, without brackets, by its last part, or by its end."""
    for key, less in (
        (heading_key(heading), 1.0),
        (bare_key(heading), 0.99),
        (bare_key(heading.split("/")[-1]), 0.93),
    ):
        if key in known:
            return {column: sure * less for column, sure in known[key].items()}
    bare = bare_key(heading)
    ends: dict[str, float] = {}
    for key, columns in known.items():
        if (
            len(key) >= (4 if key.isascii() else 2)
            and len(key) < len(bare)
            and (bare.endswith(key) or bare.startswith(key))
        ):
            for column, sure in columns.items():
                ends[column] = max(ends.get(column, 0.0), sure * PART)
    return ends
