"""A heading reduced to what tells it apart."""

import re
import unicodedata
from functools import lru_cache

from pipeline.intake.text_forms import plain

_BRACKETS = re.compile(r"(?:\([^()]*\)|\[[^\[\]]*\]|【[^【】]*】)\s*\*?$")


def heading_key(text: object) -> str:
    """A heading reduced to what tells it apart: no blanks, line breaks, unit in brackets, star, colon or case."""
    return _key_of("" if text is None else str(text))


@lru_cache(maxsize=4096)
def _key_of(text: str) -> str:
    bare = unicodedata.normalize("NFKC", plain(text))
    bare = _BRACKETS.sub("", "".join(bare.split()).strip("*:"))
    return bare.strip("*:").casefold()
