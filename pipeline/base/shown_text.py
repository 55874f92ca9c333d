"""Texts of others on a terminal and in logs: what would steer the terminal is shown, not obeyed.

File names, cells and settings may hold anything: sequences that set a window's title or fill the keyboard's buffer,
marks that turn the direction of writing. Each such character stands as JSON writes it (`\\u001b`), so that printed
JSON still says what it said.
"""

import re

# Control characters but for tab and new line, marks of direction, separators of lines, tags, halves of characters.
_STEERING = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufff9-\ufffb\ud800-\udfff"
    "\U000e0000-\U000e007f]"
)


def shown(text: str) -> str:
    """The text as it may be printed."""
    return _STEERING.sub(_as_in_json, text)


def _as_in_json(found: re.Match[str]) -> str:
    units = found[0].encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[at]:02x}{units[at + 1]:02x}" for at in range(0, len(units), 2))
