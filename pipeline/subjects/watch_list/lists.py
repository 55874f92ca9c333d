"""Watch list 关注客户 (trades.md section 4): average AUM under its grade's floor, and for how many months.

Of personal customers alone, as AUM is; of one whose manager has not sent the form nothing is known. A month counts as
under by the grade and floor of that month. What the months before carried tells for how many, from the first one
known on; where all months that are known say so, it may have been so for longer.
"""

import pandas as pd

from pipeline.base.exact import TEN_THOUSANDTHS
from pipeline.contract.facts import Facts
from pipeline.contract.listing import Listing
from pipeline.contract.shown_frames import ListFrame
from pipeline.figures.named import named
from pipeline.subjects.holdings.lines import PERSONAL
from pipeline.subjects.holdings.standing import standing
from schemas.form import CUSTOMER

EXACT, MAY_BE_LONGER = "exact", "may_be_longer"
UNDER = "under_floor"  # the name under which it is carried for how many months
_COLUMNS = [
    "region_id", "manager_id", CUSTOMER, "customer_name", "grade", "average_aum", "floor", "short", "months_under",
    "under_since", "how_known",
]  # fmt: skip


def watched(facts: Facts) -> pd.DataFrame:
    """One row per customer under its floor at the month's end: _COLUMNS, amounts in yuan."""
    now = facts.once(under_floor)
    now = now[now["under"]]
    months, exact = months_under(facts, now.index)
    rows = named(now.reset_index()[[CUSTOMER, "manager_id", "average", "floor"]], facts)
    count = rows[CUSTOMER].map(months).astype("int64")
    since = [str(facts.month + (1 - int(one))) for one in count]
    told = rows.assign(
        average_aum=rows["average"] / TEN_THOUSANDTHS,
        floor=rows["floor"].astype("int64") / TEN_THOUSANDTHS,
        short=(rows["floor"].astype("int64") - rows["average"]) / TEN_THOUSANDTHS,
        months_under=count,
        under_since=pd.Series(since, index=rows.index, dtype="str"),
        how_known=rows[CUSTOMER].map(exact).map({True: EXACT, False: MAY_BE_LONGER}).astype("str"),
    )
    return told.reindex(columns=_COLUMNS)


def under_floor(facts: Facts) -> pd.DataFrame:
    """One row per personal customer of the month's master data, by customer_id: manager_id, average and floor
    (ten-thousandths of a yuan; missing where its grade has none), told (its manager has sent the form), under."""
    told = facts.once(standing)
    grades = facts.master("customers").drop_duplicates(CUSTOMER).set_index(CUSTOMER)["grade"]
    floors = {key: round(one * TEN_THOUSANDTHS) for key, one in facts.profile.grade_floors.items()}
    floor = grades.reindex(told.index).map(floors)
    rows = told[["manager_id", "average", "told"]].assign(floor=floor.astype("Int64"))
    under = (rows["average"] < rows["floor"]).fillna(False).astype(bool)
    return rows.assign(under=under & told["told"] & told["active"])[told["kind"] == PERSONAL]


def months_under(facts: Facts, customers: pd.Index) -> tuple[pd.Series, pd.Series]:
    """For how many months in a row, this one included, and whether it is known to be no longer."""
    months = pd.Series(1, index=customers, dtype="int64")
    exact = pd.Series(False, index=customers)
    left, back = customers, 1
    while len(left) and (before := facts.before(back)) is not None:
        then = before.once(under_floor)
        under, untold = (left.isin(then.index[chosen]) for chosen in (then["under"], ~then["told"]))
        exact.loc[left[~under & ~untold]] = True  # above, without a floor, or not there yet
        left = left[under]
        months.loc[left] += 1
        if (carried := facts.carried.get(facts.month + -back)) is not None:
            known = carried[UNDER].set_index(CUSTOMER).reindex(left)
            months.loc[left] = back + known["months"].astype("int64")
            exact.loc[left] = known["exact"].astype("bool")
            break
        back += 1
    return months, exact


LISTS = {
    "watch_list": Listing(
        watched,
        ("short", CUSTOMER),
        frozenset({"short"}),
        shown=ListFrame(
            (
                CUSTOMER, "customer_name", "manager_id", "grade", "average_aum", "floor", "short", "months_under",
                "under_since", "how_known",
            ),
            needs=("holdings", "customers.grade"),
            styles=(
                ("average_aum", "yuan"), ("floor", "yuan"), ("short", "yuan"), ("months_under", "number0"),
            ),
        ),
    )
}  # fmt: skip
