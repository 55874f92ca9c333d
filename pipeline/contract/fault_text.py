"""What is told of an error, whoever raised it."""

import os

from pipeline.base.errors import YuebaoError
from pipeline.base.faults import FILES, FULL, GONE, LONG, MEMORY, NOT_ALLOWED, machine_fault
from pipeline.base.files import readable_name
from pipeline.words import Words


def fault_text(error: BaseException, words: Words) -> str:
    """What is told of an error, whoever raised it: one sentence, and what to do."""
    if isinstance(error, YuebaoError):
        return str(error)
    machine = machine_fault(error)
    if machine is None:
        return words("run.fault", kind=type(error).__name__)
    name = getattr(machine, "filename", None)
    path = readable_name(os.fsdecode(name)) if isinstance(name, (str, bytes, os.PathLike)) else ""
    reason = getattr(machine, "strerror", None) or str(machine)
    return words(f"run.os.{_kind_of(machine)}", path=path, reason=reason)


def _kind_of(error: OSError | MemoryError) -> str:
    """The key of the sentence about it."""
    if isinstance(error, MemoryError):
        return "memory"
    kinds = {"disk_full": FULL, "not_allowed": NOT_ALLOWED, "memory": MEMORY, "files": FILES, "not_there": GONE,
             "long": LONG}  # fmt: skip
    return next((kind for kind, numbers in kinds.items() if error.errno in numbers), "system")
