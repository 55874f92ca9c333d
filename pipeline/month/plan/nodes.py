"""Nodes that several steps need, by what they mean."""

from collections.abc import Callable, Sequence

from pipeline.base.calendar import Month
from pipeline.month.shape import Shape
from pipeline.month.whose import Regions
from pipeline.work.step import Node, node

Moves = Callable[[Month, Month, Month], bool]  # whether customers moved in between months
FIGURES = node("figures")


def profile_in(month: Month) -> Node:
    """The trade as it is in a month."""
    return node("profile_in", month)


def counts_node(month: Month, region: str | None) -> Node:
    """What is counted of a region, or of the organisation."""
    return node("whole_counts", month) if region is None else node("counts", month, region)


def each(regions: Regions) -> Sequence[str | None]:
    """The regions by themselves, or the organisation."""
    return [None] if regions is None else regions


def sums_node(shape: Shape, month: Month, regions: Regions) -> Node:
    """The sums of some regions, or of all there are; nothing of regions that there were not yet."""
    if regions is None or any(one in regions for one in shape.names(month)):
        return node("some_sums", month, regions)
    return node("no_sums", month)


def then_counts(shape: Shape, month: Month, then: Month, regions: Regions) -> Node:
    """What an earlier month's figures count of the entities of a month."""
    return node("some_counts", then, shape.then(month, then, regions))


def then_answers(shape: Shape, month: Month, then: Month, regions: Regions) -> Node:
    """What was answered in an earlier month about the entities of a month."""
    return node("some_answers", then, shape.then(month, then, regions))


def like_by_managers(shape: Shape, month: Month, own: Month, other: Month, regions: Regions) -> Node:
    """A month's counts as they compare with another's, in a report on a third, by managers and customers alone."""
    if regions is not None:
        return node("like_of_regions", month, own, other, regions)
    missing = shape.somebody_was_missing(own, other)
    return node("like_of_whole" if missing else "like_as_counted", month, own, other, regions)


def like_node(shape: Shape, month: Month, own: Month, other: Month, regions: Regions) -> Node:
    """The same, with products as the reported month has them."""
    if shape.flags_differ(month, own):
        return node("like_by_product", month, own, other, regions)
    return like_by_managers(shape, month, own, other, regions)


def moved_node(moves: Moves, month: Month, own: Month, other: Month, *, with_sums: bool = False) -> Node:
    """The customers of a month (`own`) that moved until the reported month, or were in doubt in another."""
    if not moves(month, own, other):
        return node("nobody_moved", month, own, other)
    return node("moved_with_sums" if with_sums else "moved", month, own, other)
