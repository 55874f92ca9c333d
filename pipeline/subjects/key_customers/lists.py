"""Customers behind the figures: key customers lost, and customers whose grade rose or fell."""

import pandas as pd

from pipeline.base.exact import TEN_THOUSANDTHS
from pipeline.contract.facts import Facts
from pipeline.contract.listing import Listing
from pipeline.contract.shown_frames import ListFrame
from pipeline.figures.named import named
from pipeline.subjects.key_customers.ends import GradeTable, LossTable

LEFT, FELL, UP, DOWN = "left", "fell", "up", "down"
_WHO = ["region_id", "manager_id", "customer_id", "customer_name", "grade"]


def key_customers_lost(facts: Facts) -> pd.DataFrame:
    """One row per key customer lost in the month: who, average_before and average (yuan), loss, how (left or fell);
    the largest loss first."""
    rows = facts.once(LossTable())
    rows = rows[rows["lost"]].reset_index()
    yuan = {name: rows[name].astype("float64") / TEN_THOUSANDTHS for name in ("average_before", "average")}
    how = pd.Series(FELL, index=rows.index, dtype="str").mask(rows["left"], LEFT)
    loss = (yuan["average_before"].fillna(0.0) - yuan["average"]).round(2)
    told = rows.assign(**{name: one.round(2) for name, one in yuan.items()}, how=how, loss=loss)
    return named(told, facts)[[*_WHO, "average_before", "average", "loss", "how"]]


def customers_regraded(facts: Facts) -> pd.DataFrame:
    """One row per customer whose grade is another one than last month: who, grade_then, grade, direction (up, down)."""
    rows = facts.once(GradeTable())
    rows = rows[rows["here"] & (rows["place"] != rows["place_then"])].reset_index()
    before = facts.before()
    known = pd.DataFrame(columns=["customer_id", "grade"]) if before is None else before.master("customers")
    then = known.drop_duplicates("customer_id").set_index("customer_id")["grade"]
    direction = pd.Series(DOWN, index=rows.index, dtype="str").mask(rows["place"] < rows["place_then"], UP)
    told = rows.assign(grade_then=rows["customer_id"].map(then).astype("str"), direction=direction)
    return named(told, facts)[[*_WHO, "grade_then", "direction"]]


LISTS = {
    "key_customers_lost": Listing(
        key_customers_lost, ("loss", "customer_id"), frozenset({"loss"}),
        ListFrame(
            ("customer_id", "customer_name", "manager_id", "grade", "average_before", "average", "loss", "how"),
            needs=("holdings",), styles=tuple((one, "yuan") for one in ("average_before", "average", "loss")),
        ),
        rules=("key_customer_lost",),
    ),
    "customers_regraded": Listing(
        customers_regraded, ("direction", "manager_id", "customer_id"),
        shown=ListFrame(
            ("customer_id", "customer_name", "manager_id", "grade_then", "grade", "direction"), needs=("holdings",)
        ),
    ),
}  # fmt: skip
