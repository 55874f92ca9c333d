"""How often Python looks for garbage, and when memory goes back to the system."""

import gc

WORTH_GIVING_BACK = 256 << 20  # bytes that a process holds
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
