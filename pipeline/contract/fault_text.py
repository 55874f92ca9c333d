"""What is told of an error, whoever raised it."""

import os
import re

from pipeline.base.errors import SettingsError, YuebaoError
from pipeline.base.faults import FILES, FULL, GONE, LONG, MEMORY, NOT_ALLOWED, machine_fault
from pipeline.base.files import readable_name
from pipeline.words import Words


def fault_text(error: BaseException, words: Words) -> str:
    """What is told of an error, whoever raised it: one sentence, and what to do."""
    if isinstance(error, SettingsError):
        return in_plain_words(str(error), words)
    if isinstance(error, YuebaoError):
        return str(error)
    machine = machine_fault(error)
    if machine is None:
        return words("run.fault", kind=type(error).__name__)
    name = getattr(machine, "filename", None)
    path = readable_name(os.fsdecode(name)) if isinstance(name, (str, bytes, os.PathLike)) else ""
    reason = getattr(machine, "strerror", None) or str(machine)
    return words(f"run.os.{_kind_of(machine)}", path=path, reason=reason)


# How checks of settings say what is wrong, and what it is in words.
_SIGNS = (
    (re.compile(r"'(?P<found>[^']*)' ∉ (?P<known>.+)"), "unknown"),
    (re.compile(r"(?P<known>\S+) ∌ (?P<found>.+)"), "lacks"),
    (re.compile(r"'?(?P<found>[^'\s]+)'? ×2"), "twice"),
    (re.compile(r"Σ weight = (?P<found>\S+) ≠ 1 \((?P<known>.+)\)"), "weights"),
)


def in_plain_words(text: str, words: Words) -> str:
    """A fault of the settings with its signs said in words; a key and whatever else is told stay as they are."""
    return "\n".join(_line_in_words(line, words) for line in text.split("\n"))


def _line_in_words(line: str, words: Words) -> str:
    for sign, key in _SIGNS:
        if found := sign.search(line):
            parts = {
                name: value.replace(", ", words("settings.trade.between"))
                for name, value in found.groupdict().items()
            }
            return line[: found.start()] + words(f"settings.trade.{key}", **parts) + line[found.end() :]
    return line


def _kind_of(error: OSError | MemoryError) -> str:
    """The key of the sentence about it."""
    if isinstance(error, MemoryError):
        return "memory"
    kinds = {"disk_full": FULL, "not_allowed": NOT_ALLOWED, "memory": MEMORY, "files": FILES, "not_there": GONE,
             "long": LONG}  # fmt: skip
    return next((kind for kind, numbers in kinds.items() if error.errno in numbers), "system")
