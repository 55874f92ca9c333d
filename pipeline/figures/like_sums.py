"""Sums of one month or of several as they compare with other months': like with like (see `comparable`)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import pandas as pd

from pipeline.base.calendar import Month
from pipeline.base.exact import stacked
from pipeline.contract.behind import all_sums
from pipeline.figures.known import MonthKnown
from pipeline.figures.parts import MonthSums
from pipeline.figures.whose_rows import (
    Moved,
    known_rows,
    label_of,
    settled,
    settled_together,
    whose_customers,
    whose_rows,
)

_Frame = Callable[[MonthSums], pd.DataFrame]


@dataclass(frozen=True)
class LikeMonth:
    """A month's sums, and what makes them unlike those of the month beside it: its moved customers, and who is known in
    the month (`own`) and in the other (`other`)."""

    sums: MonthSums
    moved: Moved
    own: MonthKnown
    other: MonthKnown

    def near(self, regions: Sequence[str]) -> "LikeMonth":
        """With those moved customers alone by which some regions' rows change."""
        pairs, homes = self.moved.pairs, self.moved.regions
        if pairs.empty:
            return self
        elsewhere = homes.index[~homes.isin(regions)]  # who is not there any more may have been here
        far = pairs["manager_id"].isin(elsewhere) & pairs["manager_now"].isin(elsewhere)
        return replace(self, moved=_moved_of(self.moved, pairs[~far]))

    def rows(self, of: _Frame, form: str, *, by_customer: bool) -> pd.DataFrame:
        """Rows of what is known on both sides, by who has the customers now; not added up."""
        split = None if self.moved.sums is None else of(self.moved.sums)
        whose = (whose_customers if by_customer else whose_rows)(of(self.sums), split, self.moved)
        forms = pd.Series(form, index=whose.index, dtype="str")
        return known_rows(whose, forms, self.own.missing, self.other.missing)


def like_sums_over(months: Sequence[LikeMonth], first: Month) -> MonthSums:
    """The sums of some months, added up, as they compare with those of other months; told as of `first`.

    Every month's moved customers are told by the same reported month.
    """

    def told(of: _Frame, form: str, *, by_customer: bool = False) -> pd.DataFrame:
        rows = [one.rows(of, form, by_customer=by_customer) for one in months]
        own = [of(one.sums) for one in months]
        if len(months) == 1:
            return settled(rows[0], own[0], months[0].moved)
        return settled_together(stacked(rows), stacked(own), months[0].moved.regions, summed=True)

    def detail(name: str) -> _Frame:
        return lambda sums: sums.details[name]

    return MonthSums(
        first,
        {name: told(detail(name), all_sums()[name].form) for name in months[0].sums.details},
        told(lambda sums: sums.by_customer, "sales", by_customer=True),
        told(lambda sums: sums.by_group, "sales"),
    )


def _moved_of(moved: Moved, pairs: pd.DataFrame) -> Moved:
    """Some of the moved customers."""
    if pairs.empty or moved.sums is None:
        return Moved(moved.regions, pairs)
    return replace(moved, pairs=pairs, sums=moved.sums.where("manager_id", label_of(pairs).unique()))


def moved_sales(own: MonthSums, moved: Moved, regions_then: pd.Series) -> pd.DataFrame:
    """The sales of a month to customers that have another manager, or whose manager has another region, in the reported
    month: customer_id, manager_id, region_id (then), manager_now, region_now, volume, amount
    (ten-thousandths of a yuan)."""
    apart = None if moved.sums is None else moved.sums.by_customer
    rows = whose_customers(own.by_customer, apart, moved)
    then = rows["manager_id"].map(regions_then)
    region = rows["manager_now"].map(moved.regions)
    named = rows.assign(region_id=then, region_now=region.fillna(then))
    changed = (named["manager_now"] != named["manager_id"]) | (named["region_now"] != named["region_id"])
    columns = ["customer_id", "manager_id", "region_id", "manager_now", "region_now", "volume", "amount"]
    return named.loc[changed, columns].sort_values(["customer_id", "manager_id"], ignore_index=True)
