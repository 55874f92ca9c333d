"""What a month says of each customer: movement against its peers, silence, stock.

A customer stands with the manager that has it in this month's master data. Its sales are those of the month,
whoever sold to it.
"""

import numpy as np
import pandas as pd

from pipeline.base.exact import TEN_THOUSANDTHS
from pipeline.contract.facts import LOOK_BACK_MONTHS, Facts
from pipeline.figures.grain import (
    active_customers,
    regions_by_manager,
    sales_by_customer,
    sales_by_product,
    senders,
)
from pipeline.figures.known import customers_untold, customers_untold_now
from pipeline.figures.members import among

_DESCRIBED = ["region_id", "manager_id", "customer_id", "customer_name", "grade", "channel"]


def movements(facts: Facts) -> pd.DataFrame:
    """One row per customer of the master data that is active, or bought in the month or the one before.

    Columns: region_id, manager_id, customer_id, customer_name, grade, channel; volume, volume_previous
    (cartons; missing where nobody knows); amount_yuan, amount_yuan_previous; ratio (volume ÷ volume before),
    peer_ratio (the same for all customers of its grade and channel in its region together, over those that bought
    before), relative (ratio ÷ peer_ratio);
    silent_months (0 for a buyer; months without a net purchase up to this one, as far back as is known and not
    from before it joined); movement: new and returning (bought now and in none of the three months before, as
    the figures of these names count; where those are known), lost (bought the month before, not now), silent
    (longer), down (relative under the profile's `mover_ratio`), up (over 1 ÷ `mover_ratio`), steady, or
    idle (nothing known to move, as with a manager who sent no sales); short (cartons ordered and not supplied in
    the month). Sorted by customer_id.
    """
    customers = facts.master("customers").drop_duplicates("customer_id").sort_values("customer_id")
    regions = customers["manager_id"].map(facts.once(regions_by_manager))
    customers = customers.assign(region_id=regions)[regions.notna()]
    table = customers[[*_DESCRIBED, "joined_on"]].set_index("customer_id")
    table = table.join(_sales(facts, "")).join(_sales(facts.before(), "_previous"))
    active = among(table.index, facts.once(active_customers)["customer_id"])
    table = table[active | (table["volume"] > 0) | (table["volume_previous"] > 0)]
    table = _with_ratios(_known_zeros(facts, table))
    table = table.assign(silent_months=_silent_months(facts, table))
    table = table.assign(movement=_movement(facts, table))
    unknown = _not_told(facts, table)
    table = table.assign(
        silent_months=table["silent_months"].mask(unknown, 0), movement=table["movement"].mask(unknown, "idle")
    )
    short = _short(facts).reindex(table.index).fillna(0).astype("int64")
    return table.drop(columns="joined_on").assign(short=short).reset_index()


def _short(facts: Facts) -> pd.Series:
    """Cartons ordered and not supplied, by customer_id."""
    return facts.once(sales_by_product).groupby("customer_id", observed=True)["short"].sum()


def _known_zeros(facts: Facts, table: pd.DataFrame) -> pd.DataFrame:
    """No sales are 0 where it is known that there were none: not in a month that nobody, or not its manager, sent."""
    filled = {}
    for suffix, month in (("", facts), ("_previous", facts.before())):
        told = pd.Series(month is not None, index=table.index)
        if not suffix:
            told &= _sent(facts, table)
        elif month is not None:
            told &= ~among(table.index, month.once(customers_untold_now))
        for name in (f"volume{suffix}", f"amount_yuan{suffix}"):
            values = table[name].astype("float64")
            filled[name] = values.fillna(0.0).where(told | values.notna())
    return table.assign(**filled)


def _not_told(facts: Facts, table: pd.DataFrame) -> pd.Series:
    """Customers without sales whose manager sent none, where the month says who sent what."""
    return ~_sent(facts, table) & ~(table["volume"] > 0)


def _sent(facts: Facts, table: pd.DataFrame) -> pd.Series:
    """Customers whose manager has sent the month's sales, as far as the month says who sent what."""
    return table["manager_id"].isin(senders(facts, "sales")) | (not facts.rows.sent)


def _sales(facts: Facts | None, suffix: str) -> pd.DataFrame:
    """Volume and amount_yuan by customer_id, whoever sold; no rows for an unknown month."""
    names = {"volume": f"volume{suffix}", "amount": f"amount_yuan{suffix}"}
    if facts is None:
        return pd.DataFrame({name: pd.Series(dtype="float64") for name in names.values()})
    sums = facts.once(customer_totals)
    return sums.assign(amount=sums["amount"] / TEN_THOUSANDTHS).rename(columns=names)


def _with_ratios(table: pd.DataFrame) -> pd.DataFrame:
    base = table["volume_previous"].where((table["volume_previous"] > 0) & table["volume"].notna())
    peers = [table["region_id"], table["grade"].fillna(""), table["channel"].fillna("")]
    now_sum = table["volume"].where(base.notna()).groupby(peers).transform("sum")
    base_sum = base.groupby(peers).transform("sum")
    peer_ratio = (now_sum / base_sum.where(base_sum > 0)).where(base.notna())
    ratio = table["volume"] / base
    return table.assign(ratio=ratio, peer_ratio=peer_ratio, relative=ratio / peer_ratio.where(peer_ratio > 0))


def customer_totals(facts: Facts) -> pd.DataFrame:
    """Volume and amount (ten-thousandths of a yuan) by customer_id, whoever sold."""
    return facts.once(sales_by_customer).groupby("customer_id")[["volume", "amount"]].sum()


def bought_in(facts: Facts | None, customers: pd.Index) -> pd.Series:
    """Whether each customer has a net volume above 0 in a month; missing where the month is unknown."""
    if facts is None:
        return pd.Series(pd.NA, index=customers, dtype="boolean")
    volumes = facts.once(customer_totals)["volume"]
    return (volumes.reindex(customers, fill_value=0) > 0).astype("boolean")


def _silent_months(facts: Facts, table: pd.DataFrame) -> pd.Series:
    silent = pd.Series(0, index=table.index, dtype="int64")
    still = pd.Series(True, index=table.index)
    for back in range(LOOK_BACK_MONTHS + 1):
        month = facts if back == 0 else facts.before(back)
        here = ~(table["joined_on"] > pd.Timestamp((facts.month + -back).last_day))
        told = month is not None and ~among(table.index, month.once(customers_untold_now))
        still &= ~bought_in(month, table.index).fillna(True).astype(bool) & here & told
        silent += still.astype("int64")
    return silent


def _movement(facts: Facts, table: pd.DataFrame) -> pd.Series:
    least = facts.profile.thresholds.get("mover_ratio", 0.8)
    buys, bought = table["volume"] > 0, table["volume_previous"] > 0
    known = facts.before() is not None
    fresh = buys & _none_before(facts, table.index)
    joined_before = table["joined_on"] < pd.Timestamp((facts.month + -LOOK_BACK_MONTHS).first_day)
    cases = {
        "lost": ~buys & bought,
        "silent": ~buys & known & (table["silent_months"] > 1),
        "returning": fresh & joined_before,
        "new": fresh,
        "down": table["relative"] < least,
        "up": table["relative"] > 1 / least,
        "steady": table["relative"].notna(),
    }
    chosen = np.select([case.to_numpy(dtype=bool) for case in cases.values()], list(cases), "idle")
    return pd.Series(chosen, index=table.index, dtype="str")


def _none_before(facts: Facts, customers: pd.Index) -> pd.Series:
    """Whether each customer bought in none of the three months before; nobody where one of them is not known."""
    months = facts.look_back()
    if months is None:
        return pd.Series(False, index=customers)
    bought = [bought_in(one, customers).astype(bool) for one in months]
    return ~pd.concat(bought, axis=1).any(axis=1) & ~among(customers, facts.once(customers_untold))


def pareto(movement: pd.DataFrame) -> pd.DataFrame:
    """Customers from the greatest amount down, in tenths: tenth, customers, amount_yuan, cumulative_share (%).

    Counts those with an amount above 0; the first tenths take the odd customers.
    """
    amounts = movement["amount_yuan"][movement["amount_yuan"] > 0].sort_values(ascending=False)
    place = pd.Series(np.arange(len(amounts)), index=amounts.index)
    tenth = place * 10 // max(len(amounts), 1) + 1
    groups = amounts.groupby(tenth.to_numpy())
    sums = groups.sum().round(2)
    return pd.DataFrame(
        {
            "tenth": sums.index.astype("int64"),
            "customers": groups.size().to_numpy(),
            "amount_yuan": sums.to_numpy(),
            "cumulative_share": (sums.cumsum() / amounts.sum() * 100).round(6).to_numpy(),
        }
    )


def stock_health(facts: Facts) -> pd.DataFrame:
    """One row per customer that reported stock: region_id, manager_id, customer_id, stock, volume (cartons),
    stock_to_sales (missing without sales), state: high (over the profile's `stock_to_sales_high`, or stock
    without sales), empty (no stock), fine. Sorted by customer_id."""
    lines = facts.once(sales_by_product)
    lines = lines.assign(given=lines["stock"].notna())
    sums = lines.groupby(["manager_id", "customer_id"], observed=True).agg(
        stock=("stock", "sum"), volume=("volume", "sum"), given=("given", "any")
    )
    table = sums[sums["given"]].drop(columns="given").reset_index()
    table = table.astype({"manager_id": "str", "customer_id": "str"})
    ratio = table["stock"] / table["volume"].where(table["volume"] > 0)
    high = (ratio > facts.profile.thresholds.get("stock_to_sales_high", 3.5)) | ratio.isna() & (table["stock"] > 0)
    state = pd.Series("fine", index=table.index, dtype="str").mask(high, "high").mask(table["stock"] == 0, "empty")
    regions = table["manager_id"].map(facts.once(regions_by_manager))
    frame = table.assign(region_id=regions, stock_to_sales=ratio, state=state)
    columns = ["region_id", "manager_id", "customer_id", "stock", "volume", "stock_to_sales", "state"]
    return frame[columns].sort_values(["customer_id", "manager_id"], ignore_index=True)
