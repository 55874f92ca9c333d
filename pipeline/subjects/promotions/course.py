"""The course of promotions: who was recommended, settled by the brand manager, given something, and signed for it."""

import pandas as pd

from pipeline.contract.facts import LOOK_BACK_MONTHS, Facts
from pipeline.figures.grain import names_by_customer, regions_by_manager
from pipeline.figures.known import NOBODY, known_now, told_by
from pipeline.subjects.evaluation.figures import promotion_list
from schemas.promotions import is_admitted

FORM, CONFIRMED = "promotions", "promotion_customers"
KEY = ["campaign_no", "product_id", "customer_id"]
COURSE_COLUMNS = [
    "region_id", "manager_id", *KEY, "customer_name", "product_name", "grade", "recommended", "confirmed_on",
    "issued_on", "quantity", "receipts", "unsigned", "is_confirmed", "is_admitted", "is_reached", "source_file",
    "source_sheet", "source_row",
]  # fmt: skip


def confirmed(facts: Facts) -> pd.DataFrame:
    """The customers settled by the month's end, for campaigns at work in the month: those with a customer settled or a
    thing issued in it. The columns of the form, `manager_id` (whose customer it is now), and `is_reached`: whether it
    was given something of the campaign and product by the month's end, as far as is looked back on.
    Not those of managers who have not reported."""
    settled, receipts = facts.master(CONFIRMED), facts.frame(FORM)
    first, last = pd.Timestamp(facts.month.first_day), pd.Timestamp(facts.month.last_day)
    settled = settled[settled["confirmed_on"] <= last]
    at_work = set(settled.loc[settled["confirmed_on"] >= first, "campaign_no"]) | set(
        receipts["campaign_no"].dropna()
    )
    settled = settled[settled["campaign_no"].isin(at_work)].drop_duplicates(KEY)
    untold = facts.once(known_now).missing.get(told_by(FORM, facts.profile), NOBODY)
    owners = facts.master("customers").drop_duplicates("customer_id").set_index("customer_id")["manager_id"]
    with_owner = settled.assign(manager_id=settled["customer_id"].map(owners)).dropna(subset=["manager_id"])
    with_owner = with_owner[~with_owner["manager_id"].isin(untold)]
    return with_owner.assign(is_reached=_is_reached(with_owner, facts))


def receipts_told(facts: Facts) -> pd.DataFrame:
    """The month's receipts of the managers of whom it is known what they did."""
    untold = facts.once(known_now).missing.get(told_by(FORM, facts.profile), NOBODY)
    rows = facts.frame(FORM)
    return rows[~rows["manager_id"].isin(untold)]


def _is_reached(settled: pd.DataFrame, facts: Facts) -> pd.Series:
    """A receipt that names no campaign is of any that promotes its product."""
    known = [one.frame(FORM) for back in range(LOOK_BACK_MONTHS, 0, -1) if (one := facts.before(back)) is not None]
    receipts = pd.concat([*(one for one in known if len(one)), facts.frame(FORM)], ignore_index=True)
    exact = pd.MultiIndex.from_frame(receipts[KEY].astype("str"))
    unnamed = pd.MultiIndex.from_frame(receipts.loc[receipts["campaign_no"].isna(), KEY[1:]].astype("str"))
    found = pd.MultiIndex.from_frame(settled[KEY].astype("str")).isin(exact)
    found |= pd.MultiIndex.from_frame(settled[KEY[1:]].astype("str")).isin(unnamed)
    return pd.Series(found, index=settled.index)


def is_confirmed(receipts: pd.DataFrame, facts: Facts) -> pd.Series:
    """Which receipts are of a customer settled for their product and, where they name one, their campaign."""
    settled = facts.master(CONFIRMED)
    exact = pd.MultiIndex.from_frame(settled[KEY].astype("str"))
    any_campaign = pd.MultiIndex.from_frame(settled[KEY[1:]].astype("str"))
    named = pd.MultiIndex.from_frame(receipts[KEY].astype("str")).isin(exact)
    unnamed = pd.MultiIndex.from_frame(receipts[KEY[1:]].astype("str")).isin(any_campaign)
    return pd.Series(named, index=receipts.index).where(receipts["campaign_no"].notna(), unnamed)


def promotion_course(facts: Facts) -> pd.DataFrame:
    """One row per campaign, product and customer that was settled for a campaign at work or given something in the
    month: COURSE_COLUMNS.

    `quantity`, `receipts`, `unsigned` are of the month (`issued_on` the first of its days); `recommended` is whether it
    stands on the recommended list of the month (推荐名单). Where the office sends no settled customers at all, nobody
    is told to be unconfirmed. The source is that of the first receipt, unsigned ones first.
    """
    given, settled = _given(facts), facts.once(confirmed)
    course = given.merge(settled[[*KEY, "manager_id", "confirmed_on", "is_reached"]], on=KEY, how="outer",
                         suffixes=("", "_now"))  # fmt: skip
    customers = facts.master("customers").drop_duplicates("customer_id").set_index("customer_id")
    products = facts.master("products").drop_duplicates("product_id").set_index("product_id")["product_name"]
    manager = course["manager_id"].astype("str").fillna(course["manager_id_now"].astype("str"))
    grade = course["customer_id"].map(customers["grade"])
    office_tells = not facts.master(CONFIRMED).empty
    return course.assign(
        manager_id=manager,
        region_id=manager.map(facts.once(regions_by_manager)),
        customer_name=course["customer_id"].map(facts.once(names_by_customer)),
        product_name=course["product_id"].map(products),
        grade=grade,
        recommended=course["customer_id"].isin(facts.once(promotion_list)["customer_id"]),
        is_confirmed=course["is_confirmed"].fillna(True).astype(bool) | (not office_tells),
        is_admitted=is_admitted(grade, facts.profile.promotion_grades),
        is_reached=course["is_reached"].fillna(True).astype(bool) | (course["receipts"] > 0).fillna(False),
    ).reindex(columns=COURSE_COLUMNS)  # fmt: skip


def _given(facts: Facts) -> pd.DataFrame:
    """The month's receipts by campaign, product and customer."""
    receipts = facts.frame(FORM)
    unsigned = (~receipts["customer_signed"].fillna(False).astype(bool)).astype("int64")
    told = receipts.assign(
        unsigned=unsigned,
        receipts=1,
        is_confirmed=is_confirmed(receipts, facts),
        campaign_no=receipts["campaign_no"],
    ).sort_values(["unsigned", "issued_on", "source_row"], ascending=[False, True, True])
    kept = ["manager_id", "is_confirmed", "source_file", "source_sheet", "source_row"]
    sums = {name: (name, "sum") for name in ("quantity", "receipts", "unsigned")}
    firsts = {name: (name, "first") for name in kept}
    grouped = told.groupby(KEY, dropna=False, sort=True)
    return grouped.agg(issued_on=("issued_on", "min"), **sums, **firsts).reset_index()
