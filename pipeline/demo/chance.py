"""Chance that repeats: every part of the demo draws from a stream of its own, named by seed, subject and month."""

import zlib
from collections.abc import Mapping, Sequence

import numpy as np

from pipeline.base.calendar import Month
from pipeline.demo.trade import Pair
from pipeline.words import Language

# The streams that have had their numbers from the beginning; that of another subject follows from its name.
_FIRST = ("people", "customers", "tastes", "sales", "visits", "complaints", "satisfaction", "targets", "files")


def stream(seed: int, subject: str, month: Month | None = None) -> np.random.Generator:
    """The stream of one subject; a month's stream does not depend on how many months are made."""
    ordinal = month.year * 12 + month.month if month else 0
    number = _FIRST.index(subject) if subject in _FIRST else len(_FIRST) + zlib.crc32(subject.encode())
    return np.random.default_rng([seed, number, ordinal])


def draw(chance: np.random.Generator, shares: Mapping[str, float], size: int) -> np.ndarray:
    """Keys drawn by their shares; nothing where there are none."""
    if not shares:
        return np.full(size, None, dtype=object)
    weights = np.array(list(shares.values()))
    return chance.choice(np.array(list(shares)), size=size, p=weights / weights.sum())


def draw_texts(chance: np.random.Generator, texts: Sequence[Pair], language: Language, size: int) -> np.ndarray:
    """Texts drawn evenly, in one language."""
    shown = np.array([in_language(text, language) for text in texts], dtype=object)
    return shown[chance.integers(0, len(shown), size)]


def sometimes(chance: np.random.Generator, values: np.ndarray, probability: float) -> np.ndarray:
    """`values`, each kept with that probability, else None."""
    thinned = values.astype(object)
    thinned[chance.random(len(values)) >= probability] = None
    return thinned


def in_language(pair: Pair, language: Language) -> str:
    """The Chinese or the English one of a pair of texts."""
    return pair[0] if language == "zh" else pair[1]
