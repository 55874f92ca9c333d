"""How a figure is written in a sentence: rounded as in the sheets, with its unit, in office language."""

from decimal import ROUND_HALF_UP, Decimal

from pipeline.contract.figure import MONEY, Figure, LargeUnit
from pipeline.words import Words

LARGE = 10_000  # from here on sentences tell a value in its large unit, where it has one
CHANGE_DECIMALS = 1
ONE = "1"
# How English words say one of what they say many of; the first that fits.
_OF_ONE = (
    ("ies", "y"),
    ("xes", "x"),
    ("ches", "ch"),
    ("shes", "sh"),
    ("sses", "ss"),
    ("people", "person"),
    ("s", ""),
)
# What a change of `metrics.csv` compares: the month and the one compared with, like with like.
COMPARABLE = {
    "change": ("comparable", "previous_comparable"),
    "yoy": ("comparable_last_year", "last_year_comparable"),
}


def number_text(value: float, decimals: int) -> str:
    """A number with thousands separators, halves rounded up as cells show them; what rounds to zero has no minus
    sign."""
    text = f"{Decimal(repr(float(value))).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP):,}"
    return text.lstrip("-") if float(text.replace(",", "")) == 0 else text


def scale_of(large: LargeUnit, words: Words) -> tuple[int, int]:
    """How many make one of a large unit in a language, and its decimals: 万元 with two, in English thousands of yuan
    with one."""
    return large.in_zh if words.language == "zh" else large.in_en


def money_scale(words: Words) -> tuple[int, int]:
    """The large unit of money in yuan, and its decimals."""
    return scale_of(MONEY, words)


def told_large(value: float, figure: Figure) -> LargeUnit | None:
    """The large unit in which sentences tell a value; None where they tell it in its own."""
    return figure.large if abs(value) >= LARGE else None


def value_text(value: float, figure: Figure, words: Words) -> str:
    """A figure's value with its unit; from 10,000 on in its large unit, where it has one."""
    large = told_large(value, figure)
    if large is not None:
        return large_text(value, large, words)
    return with_unit(number_text(value, figure.decimals), figure, words)


def within_sentence(label: str) -> str:
    """A figure's English name where it does not begin a sentence; what is written in capitals (AUM) stays so."""
    return label if label[1:2].isupper() else label[:1].lower() + label[1:]


def after_label(label: str, value: str) -> str:
    """A value that follows its label: a unit that the label has in words is not said again (new households 3)."""
    number, _, unit = value.partition(" ")
    return number if unit and _stems(unit) <= _stems(label) else value


def _stems(text: str) -> frozenset[str]:
    return frozenset(word.removesuffix("s") for word in text.lower().split())


def money_text(yuan: float, words: Words) -> str:
    """An amount that is of no figure, as those of figures are written."""
    if abs(yuan) >= LARGE:
        return large_money_text(yuan, words)
    return words("figures.unit.元", number=number_text(yuan, 0))


def large_money_text(yuan: float, words: Words) -> str:
    """An amount in the large unit, however small, as sheets show it."""
    return large_text(yuan, MONEY, words)


def large_text(value: float, large: LargeUnit, words: Words) -> str:
    """A value in a large unit, however small, as sheets show it."""
    scale, decimals = scale_of(large, words)
    return _with_unit(number_text(value / scale, decimals), large.unit, large.en, words)


def with_unit(number: str, figure: Figure, words: Words) -> str:
    """A number with the figure's own unit after it."""
    return _with_unit(number, figure.unit, figure.unit_en, words)


def _with_unit(number: str, unit: str, unit_en: str, words: Words) -> str:
    """A number with a unit after it."""
    key = f"figures.unit.{unit}"
    told = words(key, number=number) if words.has(key) else words.pick(f"{number}{unit}", f"{number} {unit_en}")
    return of_one(told, words) if number == ONE else told


def of_one(text: str, words: Words) -> str:
    """A count of one with its unit: English has 1 customer, 1 box, not 1 customers, 1 boxes; 1 per 100 customers."""
    if words.language != "en" or " per " in text:
        return text
    for many, one in _OF_ONE:
        if text.endswith(many):
            return text.removesuffix(many) + one
    return text


def unit_text(figure: Figure, words: Words) -> str:
    """The word of a figure's own unit, as the glossary has it."""
    return unit_word(figure.unit, figure.unit_en, words)


def shown_unit_text(figure: Figure, words: Words) -> str:
    """The word of the unit in which sheets show a figure, as a column's heading has it."""
    large = figure.large
    return unit_text(figure, words) if large is None else unit_word(large.unit, large.en, words)


def unit_word(unit: str, unit_en: str, words: Words) -> str:
    """The word of a unit: the catalogue's, else as it is given."""
    key = f"workbooks.unit.{unit}"
    return words(key) if words.has(key) else words.pick(unit, unit_en)


def change_text(change: float, figure: Figure, words: Words) -> str:
    """A change as METRIC_COLUMNS give it: 增长5.1%, 降低0.3个百分点, 持平."""
    kind = {"百分点": "points", "分": "score", "%": "growth"}[figure.change_unit]
    return _moved(change, kind, words)


def count_change_text(change: float, figure: Figure, words: Words) -> str:
    """A change of a small count, in its own unit: 增加3件, 减少2户, 持平."""
    if not change:
        return words("figures.change.none")
    return words(
        f"figures.change.count_{'up' if change > 0 else 'down'}", number=value_text(abs(change), figure, words)
    )


def percent_change_text(change: float, words: Words) -> str:
    """Growth in %: 增长5.1%."""
    return _moved(change, "growth", words)


def _moved(change: float, kind: str, words: Words) -> str:
    number = number_text(abs(change), CHANGE_DECIMALS)
    if float(number.replace(",", "")) == 0:
        return words("figures.change.none")
    return words(f"figures.change.{kind}_{'up' if change > 0 else 'down'}", number=number)


def percent_text(value: float, words: Words) -> str:
    """A completion or share in %, with one decimal."""
    return words("figures.unit.%", number=number_text(value, 1))
