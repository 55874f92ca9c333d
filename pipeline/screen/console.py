"""The terminal, and what is shown there the same way everywhere."""

from collections.abc import Sequence
from typing import Any

from rich.console import Console as RichConsole
from rich.text import Text

from pipeline.base.shown_text import shown

NAMES_SHOWN = 10


class Console(RichConsole):
    """Shows what would steer the terminal in texts of others; the colours are ours."""

    def render_str(self, text: str, **options: Any) -> Text:
        """A text with its marks; what files have put into it does not steer the terminal."""
        return super().render_str(shown(text), **options)


def listed_names(names: Sequence[str]) -> str:
    """The first names, and how many more there are."""
    shown = "、".join(names[:NAMES_SHOWN])
    return f"{shown} … (+{len(names) - NAMES_SHOWN})" if len(names) > NAMES_SHOWN else shown
