"""Who orders which brand: brand activity 单品牌动销率 by the trade's standard YC/T 455.3-2013.

Of a brand: customers ordering it this month ÷ customers that ordered it in the three months before. A customer
orders a brand in a month with something of it ordered, or a net volume above 0: what the company could not supply was
ordered all the same. It counts this month for the manager that sold to it, and
for the months before once for the manager that has it in this month's master data (else for who sold to it).
"""

from typing import Any

import numpy as np
import pandas as pd

from pipeline.contract.facts import LOOK_BACK_MONTHS, Facts
from pipeline.figures.grain import regions_by_manager, sales_with_product, senders, shared_codes
from pipeline.figures.known import customers_untold, missing_before
from pipeline.figures.members import among

MANAGER_BRAND = ["manager_id", "brand"]
_COUNTS = ["customers", "customers_before"]


def owners(facts: Facts) -> pd.Series:
    """The manager of each customer in this month's master data, by customer_id."""
    customers = facts.master("customers")
    return customers.drop_duplicates("customer_id").set_index("customer_id")["manager_id"]


def brand_buyers(facts: Facts) -> pd.DataFrame:
    """One row per manager_id, brand and customer_id (categorical) that ordered the brand, or was supplied with it."""
    keys = ["manager_id", "brand", "customer_id"]
    sums = facts.once(sales_with_product).groupby(keys, observed=True)[["volume", "ordered"]].sum()
    return sums[(sums["volume"] > 0) | (sums["ordered"] > 0)].reset_index()[keys]


def _told(pairs: pd.DataFrame, facts: Facts) -> pd.DataFrame:
    """Without customers of whom this month or one looked back on is not known."""
    untold = facts.once(customers_untold)
    return pairs[~among(pairs["customer_id"], untold)] if untold else pairs


def brand_customers(facts: Facts) -> pd.Series:
    """Customers that ordered each brand this month, by manager_id and brand (str)."""
    sizes = (
        _told(facts.once(brand_buyers), facts)
        .groupby(MANAGER_BRAND, observed=True)
        .size()
        .rename("customers")
        .reset_index()
    )
    return sizes.astype(dict.fromkeys(MANAGER_BRAND, "str")).set_index(MANAGER_BRAND)["customers"]


def brand_customers_before(facts: Facts) -> pd.Series:
    """Customers that ordered each brand in the three months before, each once, by this month's manager_id and brand.

    Empty unless all three are known.
    """
    months = [_told(one.once(brand_buyers), facts) for one in facts.look_back() or ()]
    if not months:
        return _nobody()
    customers, names = shared_codes(months, "customer_id")
    brands, brand_names = shared_codes(months, "brand")
    sellers, managers = shared_codes(months, "manager_id")
    customer, brand, seller = (np.concatenate(parts) for parts in (customers, brands, sellers))
    _, first = np.unique(customer * (brand.max(initial=0) + 1) + brand, return_index=True)
    customer, brand, seller = customer[first], brand[first], seller[first]
    owner_of, owner_names = pd.factorize(facts.once(owners).reindex(names), sort=True)
    owner = owner_of[customer]
    known = owner >= 0
    counted = [
        _counted(owner[known], owner_names, brand[known], brand_names),
        _counted(seller[~known], managers, brand[~known], brand_names),
    ]
    return counted[0].add(counted[1], fill_value=0).astype("int64").rename("customers_before")


def _nobody() -> pd.Series:
    index = pd.MultiIndex.from_arrays([pd.Index([], dtype="str")] * 2, names=MANAGER_BRAND)
    return pd.Series(dtype="int64", index=index, name="customers_before")


def _counted(managers: Any, manager_names: pd.Index, brands: Any, brand_names: pd.Index) -> pd.Series:
    """How often each pair of a manager and a brand occurs, both given as positions in their names."""
    if not len(managers):
        return _nobody()
    pairs, counts = np.unique(managers * len(brand_names) + brands, return_counts=True)
    manager, brand = np.divmod(pairs, len(brand_names))
    names = [manager_names.astype("str").take(manager), brand_names.astype("str").take(brand)]
    return pd.Series(counts, index=pd.MultiIndex.from_arrays(names, names=MANAGER_BRAND))


def brand_counts(facts: Facts) -> pd.DataFrame:
    """One row per region_id, manager_id and brand: customers (ordering this month), customers_before.

    Of managers whose sales of this month are known; no rows unless the three months before are. They add up to
    the figure `brand_activity`, over brands and over managers.
    """
    empty = pd.DataFrame(columns=["region_id", *MANAGER_BRAND, *_COUNTS])
    if facts.look_back() is None:
        return empty
    both = [facts.once(brand_customers), facts.once(brand_customers_before)]
    table = pd.concat(both, axis=1).fillna(0).astype("int64").sort_index().reset_index()
    regions = table["manager_id"].map(facts.once(regions_by_manager))
    known = senders(facts, "sales") - missing_before(facts, "sales", LOOK_BACK_MONTHS)
    table = table.assign(region_id=regions)[table["manager_id"].isin(known) & regions.notna()]
    return table.reset_index(drop=True)[list(empty.columns)]


def brand_activity(counts: pd.DataFrame) -> pd.DataFrame:
    """One row per brand: customers, customers_before, activity (%; missing where nobody ordered it before).

    Args:
        counts: rows of `brand_counts` of one entity.
    """
    sums = counts.groupby("brand")[_COUNTS].sum().astype("float64").reset_index()
    before = sums["customers_before"].where(sums["customers_before"] > 0)
    table = sums.assign(activity=100 * sums["customers"] / before)
    return table.sort_values(["customers_before", "brand"], ascending=[False, True], ignore_index=True)
