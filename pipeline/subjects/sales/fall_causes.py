"""Why an amount fell: the part of the whole without which it would not have fallen so; nothing where the data do not
tell one cause from another.

What is looked at, in this order: what was ordered and not supplied, a customer, customers that stopped (and the
competitor that they are said to have gone to), a product, a brand, one manager's customers. A part *explains* a fall
when it took at least LEAST_SHARE of it and the rest of its kind fell at no more than REST_RATE of the rate of the
whole: where everything falls alike, the greatest part is no cause. Two kinds of parts may explain the same fall (a
large customer that bought mostly one product): then it is the one that the other does not cover, or none.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from pipeline.contract.figure import Level
from pipeline.findings.evidence import Evidence, own
from pipeline.findings.main_part import LEAST_SHARE, REST_RATE
from pipeline.findings.rule import Cause, Number

TEN_THOUSANDTHS = 10_000
COMPARED = ("previous", "last_year")
COVERED = 0.8  # of a product's fall: what one customer's may at most be for others to have fallen too


@dataclass(frozen=True)
class Parts:
    """The amounts (ten-thousandths of a yuan) of a month and of its base, by the parts of one kind."""

    now: pd.Series
    base: pd.Series

    @cached_property
    def fall(self) -> pd.Series:
        """What each part lost; below 0 what it gained. The part that lost most comes first."""
        return self.base.sub(self.now, fill_value=0).astype("float64").sort_values(ascending=False, kind="stable")

    def base_of(self, part: str) -> float:
        """What a part had in the base month."""
        return float(self.base.get(part, 0))

    def explain(self, chosen: list[str]) -> bool:
        """Whether these parts together explain the fall of the whole."""
        whole, taken = float(self.fall.sum()), float(self.fall.reindex(chosen).sum())
        base = float(self.base.sum())
        rest_base = base - float(self.base.reindex(chosen).fillna(0).sum())
        if whole <= 0 or rest_base <= 0 or taken < LEAST_SHARE * whole:
            return False
        return (whole - taken) / rest_base <= REST_RATE * whole / base

    @cached_property
    def main(self) -> str | None:
        """The part that lost most, where it explains the fall."""
        if self.fall.empty:
            return None
        first = str(self.fall.index[0])
        return first if self.explain([first]) else None


@dataclass(frozen=True)
class Fall:
    """The sales of one entity in a month and in its base, like with like: by product and manager, and by customer."""

    evidence: Evidence
    level: Level
    entity_id: str
    when: str
    products: tuple[pd.DataFrame, pd.DataFrame]
    customers: tuple[pd.DataFrame, pd.DataFrame]

    @cached_property
    def by_product(self) -> Parts:
        """By product."""
        return _parts(self.products, "product_id", "amount_yuan")

    @cached_property
    def by_brand(self) -> Parts:
        """By brand, of products that have one."""
        brands = self.evidence.details.products.dropna(subset=["brand"]).set_index("product_id")["brand"]
        named = [rows.assign(brand=rows["product_id"].map(brands)) for rows in self.products]
        return _parts((named[0], named[1]), "brand", "amount_yuan")

    @cached_property
    def by_customer(self) -> Parts:
        """By customer."""
        return _parts(self.customers, "customer_id", "amount")

    @cached_property
    def by_manager(self) -> Parts:
        """By manager."""
        return _parts(self.customers, "manager_id", "amount")

    @cached_property
    def stopped(self) -> list[str]:
        """The customers that bought in the base month and not now, as growth explained counts them."""
        now, base = (rows.groupby("customer_id")["volume"].sum() for rows in self.customers)
        bought = base[base > 0]
        return [str(one) for one in bought.index[(now.reindex(bought.index).fillna(0) <= 0).to_numpy()]]

    def of_manager(self, manager: str) -> Parts:
        """One manager's own sales by product."""
        own_rows = [rows[rows["manager_id"] == manager] for rows in self.products]
        return _parts((own_rows[0], own_rows[1]), "product_id", "amount_yuan")


def fall_cause(evidence: Evidence, level: Level, entity_id: str, against: str) -> Cause | None:
    """What the fall of an entity's amount comes from, against the month that the fall is told against.

    None for January and February, of which neither compares alone (Spring Festival).
    """
    if against not in COMPARED:
        return None
    when, products = evidence.pair_of_sales(level, entity_id, against)
    months = evidence.details.compared.pair(when) if when else None
    if products is None or months is None:
        return None
    customers = own(months[0].by_customer, level, entity_id), own(months[1].by_customer, level, entity_id)
    fall = Fall(evidence, level, entity_id, when, products, customers)
    if fall.by_product.fall.sum() <= 0:
        return None
    looks: tuple[Callable[[Fall], Cause | None], ...] = (
        _not_supplied, _customer, _stopped, _product, _brand, _manager,
    )  # fmt: skip
    return next((cause for look in looks if (cause := look(fall)) is not None), None)


def _parts(pair: tuple[pd.DataFrame, pd.DataFrame], key: str, amount: str) -> Parts:
    now, base = (rows.groupby(key)[amount].sum().astype("float64") for rows in pair)
    return Parts(now, base)


def _not_supplied(fall: Fall) -> Cause | None:
    """The product of which most was ordered and not supplied, where that is worth as much as explains the fall."""
    now, base = (rows.groupby("product_id")[["volume", "amount_yuan", "short"]].sum() for rows in fall.products)
    more = now["short"].sub(base["short"], fill_value=0).clip(lower=0).astype("float64")
    price = (base["amount_yuan"] / base["volume"].where(base["volume"] > 0)).astype("float64")
    worth = (more * price.reindex(more.index)).dropna()
    lost = worth.clip(upper=fall.by_product.fall.reindex(worth.index).clip(lower=0))
    if lost.empty or lost.sum() < LEAST_SHARE * fall.by_product.fall.sum():
        return None
    product = str(lost.idxmax())
    short = int(now["short"][product])
    return Cause("not_supplied", {"product": fall.evidence.product(product), "short": short})


def _customer(fall: Fall) -> Cause | None:
    """The one customer that explains the fall, unless a product explains it that others bought less of too."""
    customer = fall.by_customer.main
    if customer is None or _spread_over_customers(fall):
        return None
    now = float(fall.by_customer.now.get(customer, 0))
    if now > 0 and fall.by_product.main is not None:
        return None
    key = "customer_stopped" if customer in fall.stopped else "customer_less"
    return Cause(f"{key}_{fall.when}", {"customer": fall.evidence.customer(customer)})


def _spread_over_customers(fall: Fall) -> bool:
    """Whether a product explains the fall, and no one customer can have been nearly all of it."""
    product, losses = fall.by_product.main, fall.by_customer.fall
    return product is not None and bool(losses.iloc[0] < COVERED * fall.by_product.fall[product])


def _stopped(fall: Fall) -> Cause | None:
    """Customers that stopped: where they went, if it is told of most of them; none where it is one manager's alone."""
    stopped = fall.stopped
    if len(stopped) < 2 or not fall.by_customer.explain(stopped) or fall.by_product.main is not None:
        return None
    numbers: dict[str, Number] = {"customers": len(stopped)}
    left = own(fall.evidence.details.lists["lost_by_competitor"], fall.level, fall.entity_id)
    by_name = left.groupby("lost_to")["customers"].sum()
    if len(by_name) and by_name.max() * 2 >= len(stopped) >= by_name.max():
        numbers |= {"lost_to": str(by_name.idxmax()), "gone": int(by_name.max())}
        return Cause(f"competitor_{fall.when}", numbers)
    return _manager(fall) or Cause(f"customers_stopped_{fall.when}", numbers)


def _product(fall: Fall) -> Cause | None:
    """The one product that explains the fall, unless one customer or one manager may have been most of it."""
    product = fall.by_product.main
    if product is None:
        return None
    several = int((fall.by_customer.base > 0).sum()) > 1
    if several and fall.by_customer.main is not None and not _spread_over_customers(fall):
        return None
    if _whole_manager(fall, product):
        return None
    fell = float(fall.by_product.fall[product])
    return Cause(
        f"product_{fall.when}",
        {
            "product": fall.evidence.product(product),
            "amount_yuan": fell / TEN_THOUSANDTHS,
        },
    )


def _whole_manager(fall: Fall, product: str) -> bool:
    """Whether one manager explains the fall whose other products fell as well, or who has no others."""
    manager = fall.by_manager.main
    if manager is None or fall.level == "manager":
        return False
    mine = fall.of_manager(manager)
    rest = float(mine.base.sum()) - mine.base_of(product)
    rest_fall = float(mine.fall.sum()) - float(mine.fall.get(product, 0))
    rate = float(mine.fall.sum()) / float(mine.base.sum())
    return rest <= 0 or rest_fall / rest > REST_RATE * rate


def _brand(fall: Fall) -> Cause | None:
    """The one brand that explains the fall, where no single product of it does."""
    brand = fall.by_brand.main
    if brand is None or fall.by_customer.main is not None or fall.by_manager.main not in (None, fall.entity_id):
        return None
    return Cause(f"brand_{fall.when}", {"brand": brand})


def _manager(fall: Fall) -> Cause | None:
    """The one manager that explains the fall of a region or of the organisation, whatever its customers bought."""
    manager = fall.by_manager.main
    if manager is None or fall.level == "manager" or fall.by_customer.main is not None:
        return None
    product = fall.by_product.main
    if product is not None and not _whole_manager(fall, product):
        return None
    fewer = "_visited_less" if _visited_less(fall, manager) else ""
    return Cause(f"manager{fewer}_{fall.when}", {"manager": fall.evidence.manager(manager)})


def _visited_less(fall: Fall, manager: str) -> bool:
    """Whether a region's manager made less than half as many visits as in the base month.

    Not told of the organisation, beside whose figures those of managers are not looked at.
    """
    if fall.level != "region":
        return False
    visits = fall.evidence.of_figure("visits")
    mine = visits[(visits["level"] == "manager") & (visits["entity_id"] == manager)]
    if mine.empty:
        return False
    row = mine.iloc[0]
    base = row[f"{fall.when}_comparable"]
    return bool(pd.notna(base) and pd.notna(row["value"]) and 2 * row["value"] < base)
