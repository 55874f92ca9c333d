"""What `yuebao explain` prints."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from difflib import get_close_matches

from pipeline.base.errors import YuebaoError
from pipeline.words import Words
from pipeline.words.explained import Explained, all_rules, explain
from schemas.form import Form


def explain_lines(rule: str, forms: Mapping[str, Form], words: Words, *, as_json: bool) -> Iterator[str]:
    """What `yuebao explain` prints: one rule, or where none is named all of them.

    Raises:
        YuebaoError: there is no such rule; the ones most like it are named.
    """
    rules = all_rules(forms, words)
    if rule and rule not in rules:
        near = get_close_matches(rule, rules, n=5, cutoff=0)
        raise YuebaoError(words("explain.says.unknown", rule=rule, near=words("explain.says.between").join(near)))
    asked = [one for key in ((rule,) if rule else rules) if (one := explain(key, forms, words)) is not None]
    if as_json:
        shown = [asdict(one) for one in asked]
        yield json.dumps(shown[0] if rule else shown, ensure_ascii=False, indent=2)
    elif rule:
        yield from _lines_of_one(asked[0], words)
    else:
        yield from (words("explain.says.list_line", rule=one.rule, text=one.expected) for one in asked)


def _lines_of_one(one: Explained, words: Words) -> Iterator[str]:
    yield words("explain.says.rule", rule=one.rule)
    if one.forms:
        yield words("explain.says.forms", forms=words("explain.says.between").join(one.forms))
    for part in ("expected", "why", "right", "wrong"):
        yield words(f"explain.says.{part}", text=getattr(one, part))
