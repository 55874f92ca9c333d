"""What the machine did, and what it is called: a full disk, too little memory, too many open files."""

import errno
from collections.abc import Iterator

_NAMES = ("ENOSPC", "EDQUOT", "EIO", "EMFILE", "ENFILE", "ENOMEM", "EAGAIN", "EROFS", "ENOBUFS", "ETIMEDOUT",
          "ESTALE", "EHOSTDOWN", "ENETDOWN", "EBUSY", "EINTR", "EDEADLK", "ENOLCK", "ENODEV", "ENXIO")  # fmt: skip
MACHINE = frozenset(getattr(errno, name) for name in _NAMES if hasattr(errno, name))
FULL = frozenset(getattr(errno, name) for name in ("ENOSPC", "EDQUOT") if hasattr(errno, name))
NOT_ALLOWED = (errno.EACCES, errno.EPERM, errno.EROFS)
MEMORY = (errno.ENOMEM,)
FILES = (errno.EMFILE, errno.ENFILE)
GONE = (errno.ENOENT, errno.ENOTDIR, errno.EISDIR)
LONG = (errno.ENAMETOOLONG,)
# Of a file whose turn it was: the machine failed, and another time may not; nothing that stands in a file forbids its
# reader a folder or takes one away. A full disk concerns all of them.
PASSING = frozenset({*(MACHINE - FULL), *NOT_ALLOWED, *GONE})


def machine_fault(error: BaseException) -> OSError | MemoryError | None:
    """What the machine did that an error tells of, whatever library has wrapped it; None where it is of another
    kind."""
    for one in _told_in(error):
        if isinstance(one, (OSError, MemoryError)):
            return one
    return None


def _told_in(error: BaseException) -> Iterator[BaseException]:
    """An error, what it carries, and what it was raised from."""
    waiting: list[BaseException | None] = [error]
    seen: set[int] = set()
    while waiting:
        one = waiting.pop(0)
        if one is None or id(one) in seen:
            continue
        seen.add(id(one))
        yield one
        waiting += [part for part in one.args if isinstance(part, BaseException)]
        waiting.append(one.__cause__)
