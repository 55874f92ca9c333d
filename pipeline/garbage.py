"""How often Python looks for garbage."""

import gc


def collect_seldom() -> None:
    """Modules, frames and plans are many small objects without cycles: looking for garbage among them takes a tenth
    of the time and finds none."""
    gc.set_threshold(200_000, 50, 50)
