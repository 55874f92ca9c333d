"""One cell's value: what it certainly means, or which rule it breaks. Days and numbers have readers of their own."""

import re
from collections.abc import Callable

from pipeline.intake.raw import Cell
from pipeline.intake.reading import SAFE_WHOLE, Reading, fault, shown, understood
from pipeline.intake.text_forms import hides_something, plain, unguarded
from schemas.columns import Choice

FLAGS = {
    **dict.fromkeys(("是", "对", "y", "yes", "√", "✓", "✔", "☑", "✅", "v", "true"), True),
    **dict.fromkeys(("否", "不是", "错", "n", "no", "×", "✗", "✘", "❌", "false"), False),
}
_PLAIN_FLAGS = {"是": Reading(True), "否": Reading(False), "Yes": Reading(True), "No": Reading(False)}
_SCIENTIFIC = re.compile(r"\d\.\d+E\+?\d{1,2}|\dE\+\d{1,2}", re.ASCII | re.IGNORECASE)  # 7E2 may be a code


def read_text(cell: Cell) -> Reading:
    """Free text stays as typed."""
    if isinstance(cell, str):
        return Reading(cell)
    return understood(shown(cell), "read_as_text")


def read_id(cell: Cell) -> Reading:
    """A code is text. A whole number that Excel made of it is taken digit by digit, and noted."""
    if isinstance(cell, str):
        return _code_from_text(cell)
    if isinstance(cell, bool) or not isinstance(cell, int | float):
        return fault("id")
    if not float(cell).is_integer() or cell < 0:
        return fault("id")
    if cell >= SAFE_WHOLE:
        return fault("id_digits_lost", text=f"{cell:.14E}")
    return understood(str(int(cell)), "id_was_number")


def _code_from_text(cell: str) -> Reading:
    text = plain(cell)
    bare = unguarded(text)
    if _SCIENTIFIC.fullmatch(bare):
        return fault("id_scientific", text=bare)
    if bare == cell:
        return Reading(cell)
    if hides_something(cell):
        return understood(bare, "invisible_removed")
    return understood(bare, "id_guarded" if bare != text else "tidied")


def code_shown(cell: Cell, shows: str | None) -> Cell:
    """A code's cell as its number format shows it (123 as 000123). Of more than 15 digits Excel has lost the last
    ones, whatever it shows: that cell stays a number, for the checks to find."""
    lost = isinstance(cell, int | float) and not isinstance(cell, bool) and abs(cell) >= SAFE_WHOLE
    return cell if shows is None or lost else shows


def read_flag(cell: Cell) -> Reading:
    """What a yes-or-no cell says, whatever sign for it was typed."""
    if isinstance(cell, bool):
        return Reading(cell)
    if isinstance(cell, str):
        if cell in _PLAIN_FLAGS:
            return _PLAIN_FLAGS[cell]
        text = plain(cell)
        value = FLAGS.get(text.lower())
        if value is None:
            return fault("flag")
        return understood(value, _tidied(cell) if text in _PLAIN_FLAGS else "flag_sign")
    return fault("flag")


def _tidied(cell: str) -> str:
    return "invisible_removed" if hides_something(cell) else "tidied"


def choice_reader(choices: tuple[Choice, ...]) -> Callable[[Cell], Reading]:
    """A reader of one list's entries: their words in any language, or their key."""
    exact = {word: choice.key for choice in choices for word in (choice.key, choice.en, choice.zh)}
    loose = {plain(word).casefold(): key for word, key in exact.items()}

    def read(cell: Cell) -> Reading:
        text = shown(cell)
        if text in exact:
            return Reading(exact[text])
        key = loose.get(plain(text).casefold())
        return fault("choice") if key is None else understood(key, _tidied(text))

    return read
