"""How a trade lists the sheets of a workbook: sheets joined by "+" are of one theme and share a sheet where they can; a
theme that ends in "!" prints one page, and the rest of it is read on screen."""

from collections.abc import Iterable

# In which part of a manager's report stands what other workbooks have on a sheet of its own.
MANAGERS_PARTS = {"forecast": "part_forecast", "problems": "part_problems", "complaints": "part_opinions",
                  "satisfaction": "part_opinions"}  # fmt: skip
JOINT = "+"
ONE_PAGE = "!"


def names_of(theme: str) -> tuple[str, ...]:
    """The sheets that a trade lists as one theme."""
    return tuple(theme.removesuffix(ONE_PAGE).split(JOINT))


def prints_one_page(theme: str) -> bool:
    """Whether a theme prints one page, and its lists are read on screen."""
    return theme.endswith(ONE_PAGE)


def tab_of(themes: Iterable[str], sheet: str) -> str:
    """The sheet under whose name another is found: the first of its theme, where it has joined that."""
    own = next((theme for theme in themes if sheet in names_of(theme)), sheet)
    return names_of(own)[0] if prints_one_page(own) else sheet
