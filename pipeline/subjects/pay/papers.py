"""The pay file 薪酬, for headquarters alone: what each month pays, and the deferred accounts (trades.md section 4)."""

from collections.abc import Mapping

import pandas as pd

from pipeline.base.calendar import Month
from pipeline.base.frames import records
from pipeline.contract.master_data import managers_in_office
from pipeline.contract.papers import Frames, MonthTold, Paper
from pipeline.subjects.pay.accounts import Accounts, MonthPay, accounts_up_to
from pipeline.subjects.pay.of_month import Known, cents_for_products, openings, pay_of_month

SOLD, SOLD_IN = "sales_by_product", "sales"
GONE = "gone"  # the state of whoever is not in office and is still released something
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
    known = {one: MonthPay(its["pay"], its["openings"], its["claw_backs"]) for one, its in months.items()}
    told = accounts_up_to(month, known)
    people = _people(months)
    own = told.accounts[told.accounts["month"] == str(month)].reset_index(drop=True)
    return {
        "pay": _with_released(known[month].pay, own, people),
        "accounts": _named(own, people),
        "ledger": _named(told.accounts, people),
        "lots": _named(told.lots, people),
        "claw_backs": _named(_until(told, month), people),
    }


def _until(told: Accounts, month: Month) -> pd.DataFrame:
    """The claw-backs that count in the month's year, the newest first."""
    rows = told.claw_backs
    return rows[rows["counted_in"] >= f"{month.year:04d}-01"].sort_values(
        ["counted_in", "claw_back_no"], ascending=[False, True], ignore_index=True
    )


def _people(months: Mapping[Month, Frames]) -> pd.DataFrame:
    """Everybody as the newest month knows them, by manager_id."""
    frames = [months[one]["people"] for one in sorted(months, reverse=True)]
    return pd.concat(frames, ignore_index=True).drop_duplicates("manager_id").set_index("manager_id")


def _named(rows: pd.DataFrame, people: pd.DataFrame) -> pd.DataFrame:
    told = {name: rows["manager_id"].map(people[name]).astype("str") for name in ("region_id", "manager_name")}
    return rows.assign(**told)


def _with_released(pay: pd.DataFrame, accounts: pd.DataFrame, people: pd.DataFrame) -> pd.DataFrame:
    """The month's pay with `released` and `paid` (unknown where a part of it is); whoever has left, and is released
    something, stands below."""
    released = {str(one["manager_id"]): int(one["released"]) for one in records(accounts)}
    inside = pay.assign(released=pay["manager_id"].map(released).fillna(0).astype("Int64"))
    parts = inside[["base", "allowance", "performance", "released"]].sum(axis=1, skipna=False)
    inside = inside.assign(paid=(parts - inside["deferred"]).astype("Int64"))
    gone = [key for key, cents in released.items() if cents and key not in set(pay["manager_id"])]
    below = pd.DataFrame({"manager_id": pd.array(gone, dtype="str")})
    below = below.assign(released=[released[one] for one in gone], state=GONE)
    below = _named(below.assign(paid=below["released"]), people)
    return (
        pd.concat([inside, below.astype({"released": "Int64", "paid": "Int64"})], ignore_index=True)
        if gone
        else inside
    )


PAPERS = {
    "pay": Paper(
        ("pay_terms", "claw_backs"), ("managers", "pay_terms", "claw_backs", "products"), of_month, up_to
    )
}  # fmt: skip
