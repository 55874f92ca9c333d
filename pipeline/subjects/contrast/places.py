"""Places of managers in a part (sales, customers retained, …) by several figures, and who sells much and keeps few.

The place in a part is that by the mean of the places in its figures, each as a share of those who have it (0 the
best, 1 the last); what somebody lacks, or what rests on too few, is left out of the mean. Equals share a place.
"""

from collections.abc import Mapping
from typing import Literal

Known = Mapping[str, float]  # by manager
Judged = Literal["much_few", "little_many", "much_many", "little_few", ""]
LEAST = 3  # managers, for a first and a last third to say anything


def places(figures: Mapping[str, Known], better: Mapping[str, str]) -> dict[str, int]:
    """The place of each manager in a part, 1 the best; of those who have any of its figures.

    Args:
        figures: by figure, the value of each manager that has one.
        better: by figure, "higher" or "lower"; others place nobody.
    """
    shares: dict[str, list[float]] = {}
    for key, values in figures.items():
        if better[key] in ("higher", "lower") and len(values) > 1:
            for manager, share in _shares(values, better[key] == "higher").items():
                shares.setdefault(manager, []).append(share)
    means = {manager: round(sum(own) / len(own), 9) for manager, own in shares.items()}
    return {manager: 1 + sum(other < mean for other in means.values()) for manager, mean in means.items()}


def _shares(values: Known, is_higher_better: bool) -> dict[str, float]:
    """The place of each in a figure as a share: 0 the best, 1 the last; equals share the best of their places."""
    ahead = {
        manager: sum((other > value) if is_higher_better else (other < value) for other in values.values())
        for manager, value in values.items()
    }
    return {manager: count / (len(values) - 1) for manager, count in ahead.items()}


def judged(sold: Mapping[str, int], kept: Mapping[str, int], among: int) -> dict[str, Judged]:
    """Who is among the first or the last in both: sells much and keeps few, and so on; "" for all between, and for all
    where there are too few to say.

    Args:
        sold, kept: places by manager.
        among: of so many one is among the first, one among the last.
    """
    both = [one for one in sold if one in kept]
    if len(both) < max(LEAST, among):
        return dict.fromkeys(both, "")
    found: dict[str, Judged] = {}
    names: dict[tuple[int, int], Judged] = {
        (1, -1): "much_few", (-1, 1): "little_many", (1, 1): "much_many", (-1, -1): "little_few",
    }  # fmt: skip
    for manager in both:
        ends = _end(manager, sold, both, among), _end(manager, kept, both, among)
        found[manager] = names.get(ends, "")
    return found


def _end(manager: str, placed: Mapping[str, int], both: list[str], among: int) -> int:
    """1 where a manager is among the first of those who have both, -1 among the last, 0 between."""
    ahead = sum(placed[one] < placed[manager] for one in both)
    behind = sum(placed[one] > placed[manager] for one in both)
    count = len(both) // among
    return 1 if ahead < count else -1 if behind < count else 0
