"""How often Python looks for garbage, and when memory goes back to the system."""

import ctypes
import gc
from contextlib import suppress
from functools import cache

WORTH_GIVING_BACK = 256 << 20  # bytes that a process holds
M_TRIM_THRESHOLD, M_MMAP_THRESHOLD = -1, -3  # options of mallopt, from malloc.h
HELD_FREE = 64 << 20  # bytes: as far as the C library goes by itself
# Arrow reads both when it is loaded. Its own allocator reserves a GiB of addresses at the first use, whatever is
# needed, which is all that a file may take to be read; its jemalloc, then unused, starts a thread all the same.
PLAIN_ARROW = {"ARROW_DEFAULT_MEMORY_POOL": "system", "JE_ARROW_MALLOC_CONF": "background_thread:false"}


def collect_seldom() -> None:
    """Modules, frames and plans are many small objects without cycles: looking for garbage among them takes a tenth
    of the time and finds none. What leaves cycles behind says so by `collect_now`. What is there already (in a forked
    process all that its server has imported) is never looked at, and so never copied.
    """
    gc.freeze()
    gc.set_threshold(200_000, 50, 50)


def collect_now() -> None:
    """A written workbook and its sheets refer to each other: some five MB each stay until somebody looks."""
    gc.collect()


def give_back() -> None:
    """What large frames have left goes back to the system: a process keeps it otherwise, whatever it does next.

    Below WORTH_GIVING_BACK it is kept, as asking for it again takes a while.
    """
    import psutil
    import pyarrow as pa

    if psutil.Process().memory_info().rss > WORTH_GIVING_BACK:
        pa.default_memory_pool().release_unused()


@cache
def settle_in() -> None:
    """A process that others have started for us (a cluster's worker) does with memory as our own do.

    Dask has the C library give back every 64 KB at once, which also keeps it from holding on to blocks of more than
    128 KB, as most of a frame's are: a third of a month's time went into asking for them again.
    """
    import pyarrow as pa

    collect_seldom()
    pa.set_memory_pool(pa.system_memory_pool())
    with suppress(AttributeError, OSError, TypeError):  # other C libraries do not know it
        for option, size in ((M_TRIM_THRESHOLD, HELD_FREE), (M_MMAP_THRESHOLD, HELD_FREE // 2)):
            ctypes.CDLL(None).mallopt(option, size)
