"""The cells of a piece of a sheet's XML, looked at all at once: of what kind each is, and whether all are as usual.

Usual is what Excel, WPS and the common programs write: an address first, then style and type in any order, then at
most a formula and a value, or an inline text, and nothing else. There a fast reader can be trusted; whatever is
written otherwise (blanks around a number, character references in one, other elements in a cell, other quotes) is
XML too, and may mean something else than it seems to.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipeline.intake.tags import PADDING, Mask, Places, Tags, Words, among

NUMBER, SHARED, TEXT, INLINE, BOOLEAN, ERROR, DATE, ODD = range(8)
_KINDS: Mapping[bytes, int] = {
    b"n": NUMBER, b"s": SHARED, b"str": TEXT, b"inlineStr": INLINE, b"b": BOOLEAN, b"e": ERROR, b"d": DATE,
}  # fmt: skip
_LONGEST_TAIL = 24
_BUCKET_BITS = 12
_FACTORS = [np.uint64(one) for one in (0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9)]
_TAIL = re.compile(rb'((?: (?:s|t|cm|vm|ph)="[^"<>&]*")*) ?/?>')
_ATTRIBUTE = re.compile(rb'(\w+)="([^"]*)"')
_MASKS = [np.array([(1 << 8 * max(0, min(8, n - 8 * i))) - 1 for n in range(25)], np.uint64) for i in range(3)]
_HIGH, _ZEROS, _SIX, _QUOTES, _ONES, _HIGHEST = (
    np.uint64(int.from_bytes(bytes([one]) * 8, "little")) for one in (0xF0, 0x30, 0x06, ord('"'), 0x01, 0x80)
)
_SMALL, _ES = (np.uint64(int.from_bytes(bytes([one]) * 8, "little")) for one in (0x20, ord("e")))
_FIRST_FIVE = np.uint64((1 << 40) - 1)
_ALL_SIGNS = np.uint64(0xFFFF_FFFF_FFFF_FFFF)
_IS_DIGIT = among(b"0123456789")
_IS_NUMBER_FIRST = among(b"0123456789.+-")
_IS_BLANK = among(b" \t\n\r")
_IS_NAME_END = among(b" \t\n\r\v\f/>")
_IS_USUAL_TAG = among(b"rcvfit/")
_IS_FORMULA_END = among(b" \t\n\r/>")
_IS_BEFORE_VALUE = among(b"cf/")
_VALUE_END = np.uint64(int.from_bytes(b"</v></c>", "little"))
_IS_ODD_KIND = among(bytes([INLINE, DATE]))


@dataclass(frozen=True)
class Cells:
    """The cells of a piece.

    `kinds` and `styles` by cell. `valued` are the tags `<v>` by number, `owners` their cells, `starts` and `lengths`
    where their content stands in the piece.
    """

    tags: Tags
    at: Places
    kinds: NDArray[np.uint8]
    styles: NDArray[np.int64]
    owners: Places
    starts: Places
    lengths: Places

    def contents(self, chosen: Mask) -> list[tuple[bytes, bytes]]:
        """The addresses and contents of some of the values."""
        piece = self.tags.piece
        found = zip(
            self.at[self.owners[chosen]].tolist(), self.starts[chosen].tolist(), self.lengths[chosen].tolist(),
            strict=True,
        )  # fmt: skip
        return [
            (piece[cell + 6 : piece.index(b'"', cell + 6)], piece[start : start + n]) for cell, start, n in found
        ]

    def words(self, chosen: Mask) -> Words:
        """The first eight signs of some of the values, the first the lowest byte of each."""
        return self.tags.words[self.starts[chosen] + len(PADDING)]

    def long_wholes(self, numbers: Mask) -> Mask:
        """Which of the values that are numbers begin with 16 digits, more than a number can hold."""
        found = numbers & (self.lengths >= 16)
        if found.any():
            places = self.starts[found] + len(PADDING)
            found[found] = _digits_only(self.tags.words[places], _ALL_SIGNS) & _digits_only(
                self.tags.words[places + 8], _ALL_SIGNS
            )
        return found

    def has_great_exponent(self, numbers: Mask) -> bool:
        """Whether a number has an exponent of three digits or more."""
        ends = (self.starts + self.lengths)[numbers & (self.lengths >= 5)] + len(PADDING)
        words = (self.tags.words[ends - 8] | _SMALL) ^ _ES
        return bool(((words - _ONES) & ~words & _HIGHEST & _FIRST_FIVE).any())

    def value_kinds(self) -> NDArray[np.uint8]:
        """The kind of each value's cell."""
        return self.kinds[self.owners]

    def value_styles(self) -> NDArray[np.int64]:
        """The style of each value's cell."""
        return self.styles[self.owners]


def read_cells(tags: Tags, first: int, last: int) -> Cells | None:
    """The cells of a piece whose tags from number `first` to before `last` stand in `sheetData`; None: not as usual."""
    at = np.append(tags.at, len(tags.signs) - len(PADDING))
    cells = np.flatnonzero(tags.initials == ord("c"))
    cells = cells[_IS_NAME_END[tags.signs[tags.at[cells] + 2]]]
    if not _is_usual_inside(tags, cells, first, last):
        return None
    heads = _heads(tags.words, at[cells], at[cells + 1])
    if heads is None:
        return None
    kinds, styles = heads
    values = np.flatnonzero(tags.initials == ord("v"))
    owners = _owners(len(tags.at), cells, values)
    starts = at[values] + len("<v>")
    found = Cells(
        tags, at[cells] - len(PADDING), kinds, styles, owners, starts - len(PADDING), at[values + 1] - starts
    )
    return found if _are_usual_values(found, values) and _are_usual_texts(found, cells, at) else None


def _is_usual_inside(tags: Tags, cells: Places, first: int, last: int) -> bool:
    """Whether only rows, cells and what belongs in them stand in `sheetData`, and cells only there."""
    inside = tags.initials[first:last]
    if not _IS_USUAL_TAG[inside].all() or len(cells) != np.count_nonzero(inside == ord("c")):
        return False
    rows = np.flatnonzero(inside == ord("r")) + first
    formulas = np.flatnonzero(inside == ord("f")) + first
    second = tags.signs[tags.at[rows] + 2]
    return bool(
        (second == ord("o")).all()
        and _IS_FORMULA_END[tags.signs[tags.at[formulas] + 2]].all()
        and (tags.initials[formulas - 1] == ord("c")).all()
        and (not len(cells) or (cells[0] >= first and cells[-1] < last))
    )


def _heads(words: Words, starts: Places, ends: Places) -> tuple[NDArray[np.uint8], NDArray[np.int64]] | None:
    """Kind and style of each cell, read from what follows its address: few different tails in a whole sheet."""
    if not len(starts):
        return np.zeros(0, np.uint8), np.zeros(0, np.int64)
    tails = starts + 7 + _first_quote(words[starts + 6])
    lengths = ends - tails
    if lengths.max() > _LONGEST_TAIL or lengths.min() < 1:
        return None
    count = -(-int(lengths.max()) // 8)
    parts = [words[tails + 8 * number] & _MASKS[number][lengths] for number in range(count)]
    hashes = np.zeros(len(tails), np.uint64)
    for part, factor in zip(parts, _FACTORS, strict=False):
        hashes += part * factor
    found = _by_bucket(parts, (hashes >> np.uint64(64 - _BUCKET_BITS)).astype(np.intp), 1 << _BUCKET_BITS)
    if found is None:  # two tails in one bucket, which is rare
        _, inverse = np.unique(hashes, return_inverse=True)
        found = _by_bucket(parts, inverse, int(inverse.max()) + 1)
    return found


def _by_bucket(
    parts: list[Words], buckets: Places, count: int
) -> tuple[NDArray[np.uint8], NDArray[np.int64]] | None:
    """Kind and style of each cell; None where two different tails are in one bucket, or one is not as usual."""
    examples = [np.zeros(count, np.uint64) for _ in parts]
    for part, example in zip(parts, examples, strict=True):
        example[buckets] = part
        if not (example[buckets] == part).all():
            return None
    kinds, styles = np.zeros(count, np.uint8), np.zeros(count, np.int64)
    for bucket in np.flatnonzero(examples[0]).tolist():
        tail = b"".join(example[bucket].tobytes() for example in examples).rstrip(b"\x00")
        kinds[bucket], styles[bucket] = _head(tail)
        if kinds[bucket] == ODD:
            return None
    return kinds[buckets], styles[buckets]


def _first_quote(words: Words) -> Places:
    """Which of eight signs is the first quote; 8 where none is."""
    other = words ^ _QUOTES
    zero = (other - _ONES) & ~other & _HIGHEST
    below = (zero & (~zero + np.uint64(1))) - np.uint64(1)
    return (np.bitwise_count(below) >> 3).astype(np.intp)


def _head(tail: bytes) -> tuple[int, int]:
    """Kind and style that what follows a cell's address states."""
    match = _TAIL.fullmatch(tail)
    given = _ATTRIBUTE.findall(match[1]) if match else []
    found = dict(given)
    style = found.get(b"s", b"0")
    if match is None or len(found) != len(given) or not style.isdigit():
        return ODD, 0
    return _KINDS.get(found.get(b"t", b"n"), ODD), int(style)


def _owners(tags: int, cells: Places, values: Places) -> Places:
    """The number of the cell in which each value stands."""
    begins = np.zeros(tags + 1, dtype=np.int32)
    begins[cells] = 1
    owners: Places = np.cumsum(begins, dtype=np.int32)[values].astype(np.intp) - 1
    return owners


def _are_usual_values(cells: Cells, values: Places) -> bool:
    """Whether each value stands alone in its cell, or behind a formula, and is written as its kind is."""
    if not len(values):
        return True
    tags, kinds = cells.tags, cells.value_kinds()
    ends = cells.starts + cells.lengths + len(PADDING)
    before = tags.initials[values - 1]
    closing = values[before == ord("/")] - 1
    alone = (tags.words[ends] == _VALUE_END).all() and (tags.signs[tags.at[closing] + 2] == ord("f")).all()
    plain = (tags.signs[tags.at[values] + 2] == ord(">")).all() and _IS_BEFORE_VALUE[before].all()
    if not (alone and plain) or cells.owners.min() < 0 or _IS_ODD_KIND[kinds].any():
        return False
    first, last = tags.signs[ends - cells.lengths], tags.signs[ends - 1]
    numbers = (kinds == NUMBER) & (cells.lengths > 0)
    if not (_IS_NUMBER_FIRST[first[numbers]].all() and _IS_DIGIT[last[numbers]].all()):
        return False
    shared = kinds == SHARED
    return _are_whole(cells.words(shared), cells.lengths[shared]) and not _has_reference(cells, values)


def _are_whole(words: Words, lengths: Places) -> bool:
    """Whether all values are one to eight digits."""
    if not len(words):
        return True
    if lengths.min() < 1 or lengths.max() > 8:
        return False
    return bool(_digits_only(words, _MASKS[0][lengths]).all())


def _digits_only(words: Words, masks: Words | np.uint64) -> Mask:
    """Which words of eight signs hold nothing but digits where a mask says."""
    high = masks & _HIGH
    digits: Mask = ((words & high) == (_ZEROS & high)) & (((words + _SIX) & high) == (_ZEROS & high))
    return digits


def _has_reference(cells: Cells, values: Places) -> bool:
    """Whether a character reference stands in a value that is no text."""
    references = np.flatnonzero(cells.tags.signs == ord("&"))
    if not len(references):
        return False
    holding = np.searchsorted(cells.tags.at, references) - 1
    kinds = np.full(len(cells.tags.at) + 1, TEXT, dtype=np.uint8)
    kinds[values] = cells.value_kinds()
    return bool((kinds[holding] != TEXT).any())


def _are_usual_texts(cells: Cells, places: Places, at: Places) -> bool:
    """Whether inline texts are one `<is><t>…</t></is>` in a cell of their own, without blanks that only XML keeps."""
    tags = cells.tags
    begins = np.flatnonzero((tags.initials == ord("i")) & (tags.signs[tags.at + 2] == ord("s")))
    begins = begins[_IS_FORMULA_END[tags.signs[tags.at[begins] + 3]]]
    inline = places[cells.kinds == INLINE]
    filled = inline[tags.signs[at[inline + 1] - 2] != ord("/")]
    if not len(begins) and not len(filled):
        return True
    if len(begins) != len(filled) or not (begins == filled + 1).all() or begins[-1] + 4 >= len(tags.at):
        return False
    shape = np.array([tags.initials[begins + 1], *(tags.initials[begins + n] for n in (2, 3, 4))])
    ends = tags.signs[tags.at[begins + 4] + 2]
    expected = np.frombuffer(b"t///", np.uint8)[:, np.newaxis]
    if not ((shape == expected).all() and (ends == ord("c")).all()):
        return False
    first = tags.signs[tags.at[begins + 1] + 3]
    last = tags.signs[tags.at[begins + 2] - 1]
    plain = tags.signs[tags.at[begins + 1] + 2] == ord(">")
    return not (plain & (_IS_BLANK[first] | _IS_BLANK[last])).any()
