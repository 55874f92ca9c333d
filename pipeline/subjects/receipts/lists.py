"""What is outstanding contract by contract and by age; money for contracts that nobody knows; whose accounts are not
known."""

import pandas as pd

from pipeline.base.exact import TEN_THOUSANDTHS
from pipeline.contract.facts import Facts
from pipeline.contract.listing import AddedUp, Listing
from pipeline.contract.shown_frames import ListFrame
from pipeline.figures.grain import regions_by_manager
from pipeline.figures.named import named
from pipeline.subjects.receipts.accounts import CONTRACTS, RECEIPTS, accounts, missing_in
from schemas.form import CUSTOMER

# Up to how many days past due each band of age goes, the youngest first.
BANDS = (("up_30", 30), ("up_60", 60), ("up_90", 90), ("longer", 1_000_000))
NOT_DUE, NO_DAY, OVERPAID, NO_CONTRACT = "not_due", "no_day", "overpaid", "no_contract"
AGES = (NOT_DUE, *(name for name, _ in BANDS), NO_DAY, OVERPAID, NO_CONTRACT)
_COLUMNS = [
    "region_id", "manager_id", CUSTOMER, "customer_name", "contract_no", "signed_on", "due_on", "amount", "received",
    "rest", "band", "place", "days", "source_file", "source_sheet", "source_row",
]  # fmt: skip


def accounts_open(facts: Facts) -> pd.DataFrame:
    """One row per account that is not even at the month's end: _COLUMNS; amounts in yuan, `band` one of AGES, `days`
    past due; the largest first."""
    rows = facts.once(accounts)
    rows = named(rows[rows["rest"] != 0], facts)
    days = (pd.Timestamp(facts.month.last_day) - rows["due_on"]).dt.days
    told = zip(rows["rest"], rows["is_contract"], days, strict=True)
    ages = pd.Series(
        [_age(int(rest), bool(known), day) for rest, known, day in told], index=rows.index, dtype="str"
    )
    yuan = {name: rows[name] / TEN_THOUSANDTHS for name in ("amount", "received", "rest")}
    late = days.where((days > 0) & (rows["rest"] > 0)).astype("Int64")
    place = ages.map({name: place for place, name in enumerate(AGES)}).astype("Int64")
    return rows.assign(**yuan, band=ages, place=place, days=late).reindex(columns=_COLUMNS)


def _age(rest: int, is_contract: bool, days: float) -> str:
    if not is_contract:
        return NO_CONTRACT
    if rest < 0:
        return OVERPAID
    if pd.isna(days):
        return NO_DAY
    return NOT_DUE if days <= 0 else next(name for name, most in BANDS if days <= most)


def outstanding_by_age(rows: pd.DataFrame) -> pd.DataFrame:
    """One row per band of age: band, rest (yuan), share (% of all), contracts; from what is not due on. They add up to
    what is outstanding.

    Args:
        rows: of `accounts_open` of one entity.
    """
    whole = (rows["rest"] * TEN_THOUSANDTHS).round().astype("int64")
    sums = (
        rows.assign(rest=whole).groupby(["place", "band"])["rest"].agg(rest="sum", contracts="count").reset_index()
    )
    total = float(sums["rest"].sum())
    share = 100 * sums["rest"] / total if total > 0 else sums["rest"] * float("nan")
    return sums.assign(share=share, rest=sums["rest"] / TEN_THOUSANDTHS).drop(columns="place")


def loose_receipts(facts: Facts) -> pd.DataFrame:
    """One row per receipt of the month whose contract nobody knows: region, manager, day, contract, amount, source."""
    rows = facts.frame(RECEIPTS)
    if CUSTOMER not in rows:
        rows = rows.assign(**{CUSTOMER: pd.Series(pd.NA, index=rows.index, dtype="str")})
    days = pd.Timestamp(facts.month.first_day), pd.Timestamp(facts.month.last_day)
    loose = named(rows[rows[CUSTOMER].isna() & rows["received_on"].between(*days)], facts)
    columns = ["region_id", "manager_id", "received_on", "contract_no", "amount"]
    return loose.reindex(columns=[*columns, "source_file", "source_sheet", "source_row"])


def accounts_untold(facts: Facts) -> pd.DataFrame:
    """One row per manager and month, since the first, of which contracts or receipts are not known: region, manager,
    since (month)."""
    regions = facts.once(regions_by_manager)
    first = min(facts.earlier, default=facts.month)
    months = [facts.before(step) if step else facts for step in range(facts.month - first + 1)]
    pairs = [(who, str(one.month)) for one in months if one is not None for who in sorted(missing_in(one))]
    rows = pd.DataFrame(pairs, columns=["manager_id", "month_missing"], dtype="str")
    told = rows.assign(region_id=rows["manager_id"].map(regions))
    return told[told["region_id"].notna()].reset_index(drop=True)


_STYLES = (
    *((one, "day") for one in ("signed_on", "due_on", "received_on")),
    *((one, "yuan") for one in ("amount", "received", "rest")), ("days", "number0"), ("contracts", "number0"),
)  # fmt: skip
LISTS = {
    "accounts_open": Listing(
        accounts_open, ("rest", "contract_no"), frozenset({"rest"}),
        ListFrame(
            ("contract_no", "customer_name", "manager_id", "signed_on", "due_on", "amount", "received", "rest", "band",
             "days"),
            needs=(CONTRACTS, RECEIPTS), form=CONTRACTS, styles=_STYLES,
        ),
        rules=("large_past_due",),
    ),
    "loose_receipts": Listing(
        loose_receipts, ("amount", "contract_no"), frozenset({"amount"}),
        ListFrame(
            ("contract_no", "received_on", "amount", "manager_id"), needs=(CONTRACTS, RECEIPTS), form=RECEIPTS,
            styles=_STYLES,
        ),
        rules=("receipt_without_contract",),
    ),
    "accounts_untold": Listing(
        accounts_untold, ("manager_id", "month_missing"),
        shown=ListFrame(("manager_id", "month_missing"), needs=(CONTRACTS, RECEIPTS)),
    ),
}  # fmt: skip
ADDED_UP = {
    "outstanding_by_age": AddedUp(
        "accounts_open", outstanding_by_age,
        ListFrame(("band", "rest", "share", "contracts"), needs=(CONTRACTS, RECEIPTS), styles=_STYLES),
    )
}  # fmt: skip
