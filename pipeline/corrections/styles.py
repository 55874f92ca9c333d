"""The styles part: each marked cell keeps its style, but for a fill that is red or yellow."""

import re
from dataclasses import dataclass, field

from pipeline.corrections.package import NotMarkable, attributes, elements, inserted_before, with_attribute

# Colours that people hardly pick, so that marks of an earlier round are known again.
RED, YELLOW = "FFFF7C81", "FFFFE699"
_OUR_FILL = re.compile(rb"<fgColor\s[^>]*rgb=\"(?:" + RED.encode() + rb"|" + YELLOW.encode() + rb")\"")
_SOLID = (
    '<fill><patternFill patternType="solid"><fgColor rgb="{colour}"/><bgColor indexed="64"/></patternFill></fill>'
)


@dataclass
class Styles:
    """A styles part that grows: cell styles are made when first asked for."""

    text: bytes
    formats: list[bytes] = field(init=False)
    _made: dict[tuple[int, str], int] = field(default_factory=dict, init=False)
    _fills: dict[str, int] = field(default_factory=dict, init=False)
    _own_fills: frozenset[int] = field(init=False)

    def __post_init__(self) -> None:
        self.formats = list(elements(_collection(self.text, "cellXfs"), "xf"))
        fills = elements(_collection(self.text, "fills"), "fill")
        self._own_fills = frozenset(number for number, fill in enumerate(fills) if _OUR_FILL.search(fill))
        if not self.formats:
            raise NotMarkable("cellXfs")

    def filled(self, style: int, colour: str) -> int:
        """The style that is as `style` with a fill of that colour."""
        return self._made_as(style, colour, str(self._fill(colour)))

    def unmarked(self, style: int) -> int:
        """A marked style without the fill of an earlier correction copy."""
        return self._made_as(style, "", "0")

    def marked_styles(self) -> frozenset[int]:
        """The styles, of those the file came with, that carry a mark's fill."""
        return frozenset(
            number
            for number, given in enumerate(self.formats)
            if int(attributes(given.partition(b">")[0] + b">").get("fillId", "0")) in self._own_fills
        )

    def add(self, *, font: str = "", fill: str = "", wrap: bool = False) -> int:
        """A new style for the list: `font` is the inside of a font element, `fill` a colour."""
        font_id = self._append("fonts", f"<font>{font}</font>") if font else 0
        fill_id = self._fill(fill) if fill else 0
        alignment = f'<alignment vertical="top"{" wrapText=" + chr(34) + "1" + chr(34) if wrap else ""}/>'
        self.formats.append(
            f'<xf numFmtId="49" fontId="{font_id}" fillId="{fill_id}" borderId="0" xfId="0" applyNumberFormat="1" '
            f'applyFont="1" applyFill="1" applyAlignment="1">{alignment}</xf>'.encode()
        )
        return len(self.formats) - 1

    def to_bytes(self) -> bytes:
        """The part with the formats that were added."""
        old = _collection(self.text, "cellXfs")
        head = old[: old.index(b">") + 1]
        new = with_attribute(head, "count", str(len(self.formats))) + b"".join(self.formats) + b"</cellXfs>"
        return self.text.replace(old, new, 1)

    def _made_as(self, style: int, name: str, fill_id: str) -> int:
        if not 0 <= style < len(self.formats):
            raise NotMarkable("s")
        if (style, name) not in self._made:
            head, mark, rest = self.formats[style].partition(b">")
            tag = with_attribute(head + mark, "fillId", fill_id)
            self.formats.append(with_attribute(tag, "applyFill", "1") + rest)
            self._made[style, name] = len(self.formats) - 1
        return self._made[style, name]

    def _fill(self, colour: str) -> int:
        if colour not in self._fills:
            self._fills[colour] = self._append("fills", _SOLID.format(colour=colour))
        return self._fills[colour]

    def _append(self, collection: str, element: str) -> int:
        """Adds an element to a collection and returns its number."""
        old = _collection(self.text, collection)
        count = sum(1 for _ in elements(old[old.index(b">") :], collection[:-1]))
        grown = inserted_before(old, f"</{collection}>".encode(), element.encode())
        head = grown[: grown.index(b">") + 1]
        grown = with_attribute(head, "count", str(count + 1)) + grown[len(head) :]
        self.text = self.text.replace(old, grown, 1)
        return count


def _collection(text: bytes, name: str) -> bytes:
    found = next(elements(text, name), b"")
    if not found.endswith(f"</{name}>".encode()):
        raise NotMarkable(name)
    return found
