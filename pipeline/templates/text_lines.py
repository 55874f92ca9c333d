"""How many lines a text takes in a column of a sheet."""

import re

from pipeline.templates.cells import display_width

_PIECE = re.compile(r"[!-~]+|\s|[^!-~\s]")


def lines_of_text(text: str, width: float) -> int:
    """How many lines a text takes in a column: broken between words, of Chinese between any signs."""
    lines = 0
    for part in text.split("\n"):
        lines, left = lines + 1, width
        for piece in _PIECE.findall(part):
            needed = display_width(piece)
            if needed > left and left < width:
                lines, left = lines + 1, width
            left -= needed
            while left < 0:
                lines, left = lines + 1, left + width
    return lines
