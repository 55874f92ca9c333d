"""Which code may be meant by one that the master data do not know, and what went wrong: never read, only told.

Looked for are codes with something around or between them, letters that look alike, slips of one key (a letter more,
less or another, two neighbours swapped); then names typed for codes. The sender's own customers come first.
"""

import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from operator import ne

import pandas as pd

from pipeline.intake.codes import Codes, code_and_name, codes_of
from pipeline.intake.text_forms import alike, plain
from schemas.form import Context, Rule

MOST_HINTS = 1_000  # different codes of one column that are looked up; more nobody goes through
FEW_NAMES = 5_000
MOST_NAMESAKES = 8  # codes of one name that a hint lists
LEAST_LIKENESS = 0.5  # of two names, the share of pairs of letters that they have in common
_OWN_BONUS = 1.0
_LOOK_ALIKE = tuple(
    map(frozenset, ("0Oo", "1lI", "5S", "8B", "2Z", "6G", "69", "38", "17", "0D", "0Q", "UV", "56", "68", "89"))
)
# Letters that are typed for digits, and foreign ones that look like Latin ones.
_MEANT = str.maketrans("OoQlI|АВЕКМНОРСТХΑΒΕΖΗΙΚΜΝΟΡΤΥΧ", "000111ABEKMHOPCTXABEZHIKMNOPTYX")
_FOREIGN = str.maketrans("АВЕКМНОРСТХΑΒΕΖΗΙΚΜΝΟΡΤΥΧ", "ABEKMHOPCTXABEZHIKMNOPTYX")
_WORD = re.compile(r"[0-9A-Za-z_-]+")
_ZEROS = re.compile(r"(?<![0-9])0+(?=[0-9])")  # in front of a number
_KEYS = (
    "1234567890",
    "qwertyuiop",
    "asdfghjkl",
    "zxcvbnm",
    "789",
    "456",
    "123",
    "741",
    "852",
    "963",
    "0",
    "14",
    "02",
)
Details = tuple[tuple[str, str], ...]


@dataclass(frozen=True, order=True)
class _Guess:
    """One code that may be meant: the lower the score, the likelier."""

    score: float
    code: str
    cause: str


class Nearest:
    """Finds the code that is nearest to one that is not known."""

    def __init__(self, codes: Codes) -> None:
        self.codes = codes
        self._letters = "".join(sorted(set().union(*codes.codes))) if codes.codes else ""

    def hint(self, text: str, own: Collection[str] = ()) -> Details:
        """What seems to have gone wrong, and the nearest code with its name; nothing where none is near."""
        text = plain(text)
        same = self.codes.named(text)
        if len(same) > 1 and sum(code in own for code in same) != 1:
            candidates = "、".join(f"{code} {self.codes.name(code)}" for code in same[:MOST_NAMESAKES])
            return (("cause", "namesakes"), ("count", str(len(same))), ("candidates", candidates))
        first = self._best(text, own)
        if first is None:
            return ()
        return (("cause", first.cause), ("code", first.code), ("name", self.codes.name(first.code)))

    def _best(self, text: str, own: Collection[str]) -> _Guess | None:
        for guesses in (
            self._inside(text),
            self._look_alikes(text),
            self._slips(text),
            self._zeros(text),
            self._names(text, own),
            self._two_off(text, own),
        ):
            ranked = [
                _Guess(one.score - (_OWN_BONUS if one.code in own else 0), one.code, one.cause) for one in guesses
            ]
            if ranked:
                return min(ranked)
        return None

    def _zeros(self, text: str) -> Iterator[_Guess]:
        """Zeros lost in front, where several codes fit, or behind the letters of a code (P6 for P006)."""
        short = _ZEROS.sub("", text.upper())
        for code in self.codes.without_zeros(text) or self._without_zeros.get(short, []):
            yield _Guess(1, code, "zeros")

    @cached_property
    def _without_zeros(self) -> dict[str, list[str]]:
        found: defaultdict[str, list[str]] = defaultdict(list)
        for code in self.codes.codes:
            found[_ZEROS.sub("", code.upper())].append(code)
        return dict(found)

    def _inside(self, text: str) -> Iterator[_Guess]:
        """Codes with signs or words around them, or signs between their letters."""
        bare = "".join(filter(str.isalnum, text))
        for code in dict.fromkeys((*_WORD.findall(text), bare)):
            if code != text and self.codes.has(code):
                yield _Guess(0, code, "inside")

    def _look_alikes(self, text: str) -> Iterator[_Guess]:
        """Codes of which letters were taken for others that look like them: O for 0, a Cyrillic Р for P."""
        for code in dict.fromkeys((text.translate(_FOREIGN), text.translate(_MEANT))):
            if code != text and self.codes.has(code):
                yield _Guess(0, code, "look_alike")

    def _slips(self, text: str) -> Iterator[_Guess]:
        """Codes one slip away."""
        if len(text) > 64 or not text:
            return
        for score, made, cause in _one_slip(text, self._letters):
            if self.codes.has(made):
                yield _Guess(score, made, cause)
        if len(self.codes.without_zeros(text)) > 1:
            yield from self._zeros(text)

    def _two_off(self, text: str, own: Collection[str]) -> Iterator[_Guess]:
        """The sender's own codes in which two letters differ, where only one is so near."""
        near = [code for code in own if len(code) == len(text) >= 5 and sum(map(ne, code, text)) == 2]
        if len(near) == 1:
            yield _Guess(3, near[0], "two_off")

    def _names(self, text: str, own: Collection[str]) -> Iterator[_Guess]:
        """Codes whose name was typed, exactly or nearly, or was typed beside another code."""
        for name in (text, *(part for pair in code_and_name(text) for part in pair[1:])):
            for code in self.codes.by_name.get(alike(name), ()):
                yield _Guess(0, code, "name")
        pool = own or (self.codes.codes if len(self.codes.codes) <= FEW_NAMES else ())
        wanted = _pairs(alike(text))
        if text.isascii() or not wanted:
            return
        for code in pool:
            likeness = _likeness(wanted, _pairs(alike(self.codes.name(code))))
            if likeness >= LEAST_LIKENESS:
                yield _Guess(2 - likeness, code, "name_like")


@lru_cache(maxsize=8192)
def _pairs(text: str) -> frozenset[str]:
    return frozenset(text[place : place + 2] for place in range(len(text) - 1))


def _likeness(one: frozenset[str], other: frozenset[str]) -> float:
    return 2 * len(one & other) / (len(one) + len(other)) if other else 0


def _one_slip(text: str, letters: str) -> Iterator[tuple[float, str, str]]:
    """What may have been meant if one key went wrong: a score, the text, the cause."""
    for place in range(len(text) - 1):
        swapped = text[:place] + text[place + 1] + text[place] + text[place + 2 :]
        yield 1.0, swapped, "swapped"
    for place, typed in enumerate(text):
        twice = place > 0 and text[place - 1] == typed
        yield 1.1 if twice else 1.5, text[:place] + text[place + 1 :], "extra"
        for letter in letters:
            if letter != typed:
                yield _slip_score(typed, letter), text[:place] + letter + text[place + 1 :], "one_off"
    for place in range(len(text) + 1):
        for letter in letters:
            beside = letter in text[max(0, place - 1) : place + 1]
            yield 1.2 if beside else 1.5, text[:place] + letter + text[place:], "missing"


@lru_cache(maxsize=8192)
def _slip_score(typed: str, meant: str) -> float:
    if any(typed in pair and meant in pair for pair in _LOOK_ALIKE):
        return 1.1
    return (
        1.3 if any(f"{typed}{meant}".lower() in row or f"{meant}{typed}".lower() in row for row in _KEYS) else 1.6
    )


_finders: dict[int, tuple[Codes, Nearest]] = {}


def nearest_of(codes: Codes) -> Nearest:
    """The finder of one master form; the last few are kept."""
    held = _finders.get(id(codes))
    if held is None or held[0] is not codes:
        if len(_finders) > 8:
            _finders.clear()
        held = _finders[id(codes)] = (codes, Nearest(codes))
    return held[1]


def hints_for(rule: Rule, rows: pd.DataFrame, broken: pd.Index, context: Context) -> dict[int, Details]:
    """For rows whose code is not in the master data: the nearest one, by row. Of other rules there are none.

    Of the different codes the first MOST_HINTS are looked up.
    """
    master = rule.refers_to
    if not master or master not in context.masters:
        return {}
    codes = codes_of(context.lookup(master))
    found: dict[tuple[str, str], Details] = {}
    hints: dict[int, Details] = {}
    senders: Sequence[object] = (
        list(rows.loc[broken, "manager_id"]) if "manager_id" in rows else [""] * len(broken)
    )
    for row, text, sender in zip(broken, rows.loc[broken, rule.column], senders, strict=True):
        key = (str(text), str(sender))
        if key not in found and len(found) < MOST_HINTS:
            found[key] = nearest_of(codes).hint(key[0], frozenset(codes.by_owner.get(key[1], ())))
        if found.get(key):
            hints[int(row)] = found[key]
    return hints
