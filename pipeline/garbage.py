"""How often Python looks for garbage."""

import gc


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
