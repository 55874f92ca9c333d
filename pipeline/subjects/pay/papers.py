"""The pay file 薪酬, for headquarters alone: what each month pays, and the deferred accounts (trades.md section 4)."""

from collections.abc import Mapping

import pandas as pd

from pipeline.base.calendar import Month
from pipeline.contract.master_data import managers_in_office
from pipeline.contract.papers import Frames, MonthTold, Paper
from pipeline.subjects.pay.accounts import Accounts, accounts_up_to, told_by_months
from pipeline.subjects.pay.everybody import named, people_of, with_released
from pipeline.subjects.pay.of_month import Known, cents_for_products, openings, pay_of_month
from pipeline.subjects.pay.over_period import over

SOLD, SOLD_IN = "sales_by_product", "sales"
PEOPLE = ("manager_id", "manager_name", "region_id")


def of_month(told: MonthTold) -> Frames:
    """What a month says by itself: see `accounts.MonthPay`; `people` names all managers of the month's master data."""
    scores, thin = _scores(told)
    known = Known(scores, thin, _by_products(told))
    return {
        "pay": pay_of_month(told.month, told.masters, known, told.profile),
        "openings": openings(told.masters),
        "claw_backs": told.masters["claw_backs"],
        "people": told.masters["managers"][list(PEOPLE)].drop_duplicates("manager_id").reset_index(drop=True),
    }


def _scores(told: MonthTold) -> tuple[Mapping[str, float], frozenset[str]]:
    """The score of each manager that has one, and those whose score rests on too little to be graded."""
    card = told.scorecard
    own = card[(card["level"] == "manager") & card["score"].notna()].drop_duplicates("entity_id")
    least = 100 * told.profile.scorecard.least_weight
    scores = dict(zip(own["entity_id"].astype("str"), own["score"].astype("float64"), strict=True))
    return scores, frozenset(own.loc[own["weight_known"].astype("float64") < least, "entity_id"].astype("str"))


def _by_products(told: MonthTold) -> Mapping[str, int]:
    """The cents for products of each manager in office whose sales are known: 0 of who sold nothing."""
    if SOLD not in told.sums or told.masters["products"].get("pay_per_unit") is None:
        return {}
    sold = told.sums[SOLD].rename(columns={"volume": "units"})
    cents = cents_for_products(sold[["manager_id", "product_id", "units"]], told.masters["products"])
    office = managers_in_office(told.masters["managers"], told.month)["manager_id"].astype("str")
    missing = told.missing.get(SOLD_IN, frozenset())
    return {one: cents.get(one, 0) for one in office if one not in missing}


def up_to(month: Month, months: Mapping[Month, Frames]) -> Frames:
    """What a month's file shows: `pay` of the month (with what the accounts release), the `accounts` of the month, all
    of them month by month (`ledger`), their `lots`, the `claw_backs`; money in whole cents, everybody named."""
    known = told_by_months(months)
    told = accounts_up_to(month, known)
    people = people_of(months)
    own = told.accounts[told.accounts["month"] == str(month)].reset_index(drop=True)
    return {
        "pay": with_released(known[month].pay, own, people),
        "accounts": named(own, people),
        "ledger": named(told.accounts, people),
        "lots": named(told.lots, people),
        "claw_backs": named(_until(told, month), people),
    }


def _until(told: Accounts, month: Month) -> pd.DataFrame:
    """The claw-backs that count in the month's year, the newest first."""
    rows = told.claw_backs
    return rows[rows["counted_in"] >= f"{month.year:04d}-01"].sort_values(
        ["counted_in", "claw_back_no"], ascending=[False, True], ignore_index=True
    )


PAPERS = {
    "pay": Paper(
        ("pay_terms", "claw_backs"), ("managers", "pay_terms", "claw_backs", "products"), of_month, up_to, over
    )
}  # fmt: skip
