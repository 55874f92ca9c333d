"""Promotions seen in plain Python: who was settled and reached, and what came of it as a difference in differences."""

import datetime as dt
from collections import defaultdict

from oracle import Oracle, Row

LEAST_PROMOTED, LEAST_PEERS, BEFORE = 10, 3, 3


class PromotionOracle:
    """Answers about an oracle's month and managers."""

    def __init__(self, of: Oracle) -> None:
        self.of = of
        self.settled = [
            row for row in of.months[0].get("promotion_customers", []) if row["confirmed_on"] <= of.last
        ]
        self.all_receipts = of.months[0].get("promotions", [])

    def receipts(self) -> list[Row]:
        return self.of.rows("promotions")

    def reached(self) -> frozenset[str]:
        return frozenset(row["customer_id"] for row in self.receipts())

    def confirmed(self) -> list[Row]:
        """Settled for a campaign with a customer settled or a thing issued in the month; the asked managers' own."""
        at_work = {row["campaign_no"] for row in self.settled if row["confirmed_on"] >= self.of.first}
        at_work |= {row.get("campaign_no") for row in self.all_receipts} - {None}
        own = [
            row for row in self.settled if row["campaign_no"] in at_work and row["customer_id"] in self.of.owner
        ]
        told = self.of.told
        owners = self.of.owner
        own = [row for row in own if told is None or owners[row["customer_id"]] in told]
        return [row for row in own if self.of.counts(owners[row["customer_id"]], row["customer_id"])]

    def is_reached(self, settled: Row) -> bool:
        for month in self.of.months[: BEFORE + 1]:
            for row in month.get("promotions", []):
                same = (row["customer_id"], row["product_id"]) == (settled["customer_id"], settled["product_id"])
                if same and row.get("campaign_no") in (None, settled["campaign_no"]):
                    return True
        return False

    def confirmed_customers(self) -> frozenset[str]:
        return frozenset(row["customer_id"] for row in self.confirmed())

    def confirmed_and_reached(self) -> frozenset[str]:
        left_out = {row["customer_id"] for row in self.confirmed() if not self.is_reached(row)}
        return self.confirmed_customers() - left_out

    # ---- what came of it

    def effects(self) -> dict[str, float | None]:
        """By promoted customer of the asked managers; None where nothing is told."""
        products: dict[str, set[str]] = defaultdict(set)
        for row in self.all_receipts:
            products[row["customer_id"]].add(row["product_id"])
        steady = self.steady()
        found = {}
        for customer, promoted in products.items():
            row = next((one for one in self.of.months[0]["customers"] if one["customer_id"] == customer), None)
            if row is not None and self.of.counts(row["manager_id"], customer):
                peers = [one for one in steady if one not in products and self._alike(steady[one], row)]
                told = customer in steady and len(peers) >= LEAST_PEERS
                rises = [self.rise(one, promoted) for one in peers]
                found[customer] = self.rise(customer, promoted) - sum(rises) / len(rises) if told else None
        return found

    def told_effects(self) -> list[float]:
        return [round(one, 4) for one in self.effects().values() if one is not None]

    def rise(self, customer: str, products: set[str]) -> float:
        now, *before = (self.volume(customer, products, back) for back in range(BEFORE + 1))
        return now - sum(before) / BEFORE

    def volume(self, customer: str, products: set[str], back: int) -> int:
        sums = self._volumes(back)
        return sum(sums.get((customer, product), 0) for product in products)

    def _volumes(self, back: int) -> dict[tuple[str, str], int]:
        key = ("promoted volumes", back)
        if key not in self.of.kept:
            sums: dict[tuple[str, str], int] = defaultdict(int)
            for row in self.of.months[back].get("sales", []):
                sums[row["customer_id"], row["product_id"]] += row["sold_qty"]
            self.of.kept[key] = dict(sums)
        found: dict[tuple[str, str], int] = self.of.kept[key]
        return found

    def _alike(self, one: Row, other: Row) -> bool:
        regions = [self.of.region.get(row["manager_id"]) for row in (one, other)]
        known = all(row.get(name) for row in (one, other) for name in ("grade", "channel"))
        return (
            known and regions[0] == regions[1] and all(one[name] == other[name] for name in ("grade", "channel"))
        )

    def steady(self) -> dict[str, Row]:
        """Customers active in this month and the three before, whose sales are known in all of them."""
        active = set.intersection(*(self._active(back) for back in range(BEFORE + 1)))
        return {
            row["customer_id"]: row
            for row in self.of.months[0]["customers"]
            if row["customer_id"] in active and row["customer_id"] not in self._untold()
        }

    def _untold(self) -> set[str]:
        unknown = getattr(self.of, "unknown", None)
        if unknown is not None:
            found: set[str] = unknown()
            return found
        told = self.of.told
        return {one for one, owner in self.of.owner.items() if told is not None and owner not in told}

    def _active(self, back: int) -> set[str]:
        first = self.of.first
        for _ in range(back):
            first = (first - dt.timedelta(days=1)).replace(day=1)
        last = (first.replace(day=28) + dt.timedelta(days=4)).replace(day=1) - dt.timedelta(days=1)
        found = set()
        for row in self.of.months[back]["customers"]:
            left, joined = row.get("left_on"), row.get("joined_on")
            gone = left < first if left else row["status"] == "left"
            if row["status"] != "paused" and not gone and not (joined and joined > last):
                found.add(row["customer_id"])
        return found
