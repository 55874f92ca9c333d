"""What a trade calls what it sells: the unit and case it is counted in, products, their categories and brands; and how
customers come and go, and who keeps the lists.

Texts of forms, figures, sheets and findings name these as `<unit>`, `<case>`, `<product>`, `<category>`, `<brand>`,
`<volume>`, `<amount>`, and in Chinese `<join>`, `<leave>`, `<office>`; "<many unit>" is more than one of them and
"<Unit>", "<Many unit>" begin a sentence, which matters in English alone. Each trade has its own words in their place
(`[terms]` of trade.toml).
"""

import re
from collections.abc import Mapping
from functools import cache
from typing import Literal

from pydantic import BaseModel, ConfigDict

_NAMED = re.compile(r"<(many |Many )?([A-Za-z]+)>")


class Term(BaseModel):
    """One thing in both languages; `en` is one of them, `many` more than one."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    zh: str
    en: str
    many: str = ""


class Terms(BaseModel):
    """The words of a trade; the ones given here are those in which the forms were first written.

    A trade whose goods are counted in one unit only has no `case`: what is told by the case is not there then.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    unit: Term = Term(zh="条", en="carton", many="cartons")
    case: Term | None = Term(zh="箱", en="case", many="cases")
    product: Term = Term(zh="品规", en="product", many="products")
    category: Term = Term(zh="价类", en="category", many="categories")
    brand: Term = Term(zh="品牌", en="brand", many="brands")
    volume: Term = Term(zh="销量", en="volume", many="volumes")
    amount: Term = Term(zh="销售额", en="amount", many="amounts")
    join: Term = Term(zh="入网", en="join")
    leave: Term = Term(zh="退网", en="leave")
    office: Term = Term(zh="营销中心", en="office")

    def said(self, text: str, language: Literal["zh", "en"]) -> str:
        """A text with the trade's words in it; what is no term of this kind stays as it is."""
        if "<" not in text:
            return text
        words = _words(self, language)
        return _NAMED.sub(lambda found: words.get(found[0], found[0]), text)

    def can_say(self, text: str) -> bool:
        """Whether the trade has words for all that a text names."""
        return self.case is not None or not re.search(r"<(many |Many )?[cC]ase>", text)


AS_WRITTEN = Terms()
# Those of a trade of an office's own that does not say its own.
PLAIN = Terms(
    unit=Term(zh="个", en="piece", many="pieces"),
    case=None,
    product=Term(zh="产品", en="product", many="products"),
    category=Term(zh="品类", en="category", many="categories"),
    join=Term(zh="建档", en="join"),
    leave=Term(zh="停止合作", en="leave"),
    office=Term(zh="总部", en="head office"),
)


@cache
def _words(terms: Terms, language: Literal["zh", "en"]) -> Mapping[str, str]:
    """By how a term is written in a text, what stands there instead."""
    found: dict[str, str] = {}
    for name in Terms.model_fields:
        term: Term | None = getattr(terms, name)
        if term is None:
            continue
        one = term.zh if language == "zh" else term.en
        many = term.zh if language == "zh" else term.many or term.en
        for mark, word in (("<{}>", one), ("<many {}>", many)):
            found[mark.format(name)] = word
            capital = mark.replace("many", "Many").format(name if "many" in mark else name.capitalize())
            found[capital] = word[:1].upper() + word[1:]
    return found
