"""What is wrong with a file of settings, told by key or line in words that somebody in an office can act on."""

import re
import tomllib
from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from pipeline.words import Words, load_words

# What pydantic calls a fault, and under which key it is told.
_FAULTS = {
    "extra_forbidden": "unknown",
    "missing": "missing",
    "literal_error": "choice",
    "string_type": "text",
    "bool_type": "truth",
    "bool_parsing": "truth",
    "int_type": "whole",
    "int_parsing": "whole",
    "int_from_float": "whole",
    "float_type": "number",
    "float_parsing": "number",
    **dict.fromkeys(("tuple_type", "list_type"), "list"),
    **dict.fromkeys(("dict_type", "model_type", "mapping_type", "dataclass_type"), "table"),
    **dict.fromkeys(("greater_than_equal", "less_than_equal"), "range"),
}


def first_fault(error: ValidationError, language: object) -> str:
    """The first fault, with its key, of tables that a model does not take."""
    fault = _most_exact(error)
    key = ".".join(str(part) for part in fault["loc"] if not _is_kind(part))
    context = fault.get("ctx", {})
    limits = [f"{sign} {context[name]:g}" for name, sign in (("ge", "≥"), ("le", "≤")) if name in context]
    expected = limits[0] if limits else str(context.get("expected", "")).replace(" or ", ", ")
    reason = str(fault["msg"]).removeprefix("Value error, ")
    kind = _FAULTS.get(fault["type"], "reason" if isinstance(fault["input"], Mapping) else "other")
    told = _words(language)(f"settings.fault.{kind}", found=fault["input"], known=expected, reason=reason)
    return f"{key}: {told}" if key else told


def _most_exact(error: ValidationError) -> Any:
    """The first fault; where a value may be of several kinds, that of the kind whose keys it has."""
    faults = error.errors()
    where = [part for part in faults[0]["loc"] if not _is_kind(part)]
    same = [one for one in faults if [part for part in one["loc"] if not _is_kind(part)][: len(where)] == where]
    return max(same, key=lambda one: len([part for part in one["loc"] if not _is_kind(part)]))


def _is_kind(part: int | str) -> bool:
    """Whether a part of a key is pydantic's name of a kind of values and not a key of the settings."""
    return isinstance(part, str) and (part in ("str", "Condition", "Unpivot", "constrained-int") or "[" in part)


def file_fault(error: tomllib.TOMLDecodeError | UnicodeDecodeError, language: str | None) -> str:
    """Why a file cannot be read."""
    if isinstance(error, UnicodeDecodeError):
        return _words(language)("settings.fault.encoding")
    place = re.search(r"line (\d+)", str(error))
    return _words(language)("settings.fault.syntax", line=place[1] if place else "?", reason=error)


def _words(language: object) -> Words:
    return load_words("en" if language == "en" else "zh")
