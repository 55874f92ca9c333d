"""What a month says of customers and of growth, recalculated in plain Python; see `oracle`."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator
from fractions import Fraction
from itertools import pairwise

from oracle import EVALUATION_WEIGHTS, Oracle, Row

GRADES = ("1", "2", "3", "4", "5")
PROMOTED_GRADES = ("1", "2", "3")
PROMOTED_A_REGION = 20
PARTS = {
    "rank": "volume_rank", "regular": "order_regularity", "price_ok": "price_compliance", "display_ok": "display",
    "lawful": "lawful", "stock": "stock_health",
}  # fmt: skip
DESCRIBED = ("customer_id", "customer_name", "grade", "channel", "manager_id")
Sold = dict[str, tuple[int, int]]  # by customer or product: cartons, cents


class CustomerOracle(Oracle):
    """Answers for one month and a set of managers, as lists of rows."""

    def sold(self, key: str) -> Sold:
        """What these managers sold, by customer or product."""
        sums: dict[str, tuple[int, int]] = {}
        for row in self.rows("sales"):
            volume, cents = sums.get(row[key], (0, 0))
            sums[row[key]] = (volume + row["sold_qty"], cents + round(row["amount"] * 100))
        return sums

    def all_cents(self, back: int) -> dict[str, int]:
        """Cents by customer, whoever sold."""
        sums: dict[str, int] = defaultdict(int)
        for row in self.months[back].get("sales", []):
            sums[row["customer_id"]] += round(row["amount"] * 100)
        return sums

    def growth_effects(self, base: "CustomerOracle", when: str) -> list[Row]:
        """The change in amount as volume, mix and price effect, in exact fractions of a yuan."""
        now, before = self.sold("product_id"), base.sold("product_id")
        if not now and not before:
            return []
        volume, amount = _sums(now.values())
        volume_before, amount_before = _sums(before.values())
        change = amount - amount_before
        if volume_before <= 0:
            effects = (change, Fraction(0), Fraction(0))
        else:
            by_volume = Fraction(volume - volume_before) * amount_before / volume_before
            both = [(now[one], before[one]) for one in now if one in before]
            by_price = sum(
                (Fraction(cents) - Fraction(volume * cents_before, volume_then)
                 for (volume, cents), (volume_then, cents_before) in both if volume > 0 and volume_then > 0),
                Fraction(0),
            )  # fmt: skip
            effects = (by_volume, change - by_volume - by_price, by_price)
        names = ("volume_effect", "mix_effect", "price_effect")
        parts = {name: float(effect / 100) for name, effect in zip(names, effects, strict=True)}
        whole = {"amount_base": amount_before / 100, "change": change / 100, "amount": amount / 100}
        return [{"compared_with": when, **whole, **parts}]

    def growth_by_customers(self, base: "CustomerOracle", when: str) -> list[Row]:
        """How many customers moved in which way, and what that did to the amount."""
        now, before = self.sold("customer_id"), base.sold("customer_id")
        joined = {row["customer_id"]: row.get("joined_on") for row in self.months[0]["customers"]}
        found: dict[str, list[int]] = defaultdict(list)
        for customer in now.keys() | before.keys():
            volume, cents = now.get(customer, (0, 0))
            volume_then, cents_then = before.get(customer, (0, 0))
            if volume > 0 or volume_then > 0 or cents != cents_then:
                known_before = (joined.get(customer) or dt.date.max) < base.first
                kind = _kind(volume > 0, volume_then > 0, known_before, cents - cents_then)
                found[kind].append(cents - cents_then)
        kinds = ("started", "resumed", "growing", "shrinking", "stopped") if found else ()
        return [
            {"compared_with": when, "kind": kind, "customers": len(found[kind]), "change": sum(found[kind]) / 100}
            for kind in kinds
        ]

    def customers_by_movement(self) -> list[Row]:
        """Every customer of these managers that is active, or bought now or in the month before."""
        now, before = self.net(), self.net(1) if len(self.months) > 1 else {}
        active = {row["customer_id"] for row in self.all_active()}
        mine = [row for row in self.months[0]["customers"] if row["manager_id"] in self.managers]
        kept = [
            row
            for row in mine
            if row["customer_id"] in active
            or now.get(row["customer_id"], 0) > 0
            or before.get(row["customer_id"], 0) > 0
        ]
        return [self._moved(row) for row in sorted(kept, key=lambda row: row["customer_id"])]

    def _moved(self, customer: Row) -> Row:
        number = customer["customer_id"]
        known = len(self.months) > 1
        quiet = self.untold(customer)
        volume, before = self.net().get(number, 0), self.net(1).get(number, 0) if known else None
        ratio = volume / before if before and before > 0 and not quiet else None
        average = self.peer_growth(customer) if ratio is not None else None
        relative = ratio / average if ratio is not None and average else None
        silent = self.silent_months(customer)
        amount = self.all_cents(0).get(number, 0) / 100
        return {
            **{name: customer.get(name) for name in DESCRIBED},
            "region_id": self.region_of(customer),
            "volume": volume if not quiet or number in self.net() else None,
            "volume_previous": before,
            "amount_yuan": amount if not quiet or number in self.net() else None,
            "amount_yuan_previous": self.all_cents(1).get(number, 0) / 100 if known else None,
            "ratio": ratio,
            "peer_ratio": average,
            "relative": relative,
            "silent_months": 0 if quiet else silent,
            "movement": "idle" if quiet else self._movement(customer, volume, before, relative, silent),
            "short": sum(
                row["ordered_qty"] - row["sold_qty"]
                for row in self.months[0].get("sales", [])
                if row["customer_id"] == number and row.get("ordered_qty") is not None
            ),
        }

    def peer_growth(self, customer: Row) -> float | None:
        """The growth of all peers together that bought in the month before."""
        now, before = self.net(), self.net(1)
        peers = [row for row in self.growth_peers(customer) if not self.untold(row)]
        bought = [row["customer_id"] for row in peers if before.get(row["customer_id"], 0) > 0]
        base = sum(before[one] for one in bought)
        return sum(now.get(one, 0) for one in bought) / base if base else None

    def growth_peers(self, customer: Row) -> list[Row]:
        """The customers of its region, grade and channel, active or not: one that left has shrunk too."""
        return [
            row for row in self.months[0]["customers"]
            if (self.region_of(row), row.get("grade"), row.get("channel"))
            == (self.region_of(customer), customer.get("grade"), customer.get("channel"))
        ]  # fmt: skip

    def silent_months(self, customer: Row) -> int:
        """Months up to this one without a net purchase, none from before it joined."""
        count, month_end = 0, self.last
        for back in range(min(4, len(self.months))):
            joined = customer.get("joined_on")
            if self.net(back).get(customer["customer_id"], 0) > 0 or (joined and joined > month_end):
                break
            count += 1
            month_end = month_end.replace(day=1) - dt.timedelta(days=1)
        return count

    def _movement(
        self, customer: Row, volume: int, before: int | None, relative: float | None, silent: int
    ) -> str:
        if before is None:
            return "idle"
        if volume <= 0:
            return "lost" if before > 0 else "silent" if silent > 1 else "idle"
        number, joined = customer["customer_id"], customer.get("joined_on")
        if len(self.months) > 3 and all(self.net(back).get(number, 0) <= 0 for back in (1, 2, 3)):
            month = self.first.year * 12 + self.first.month - 1 - 3
            return "returning" if joined and joined < dt.date(month // 12, month % 12 + 1, 1) else "new"
        if relative is None:
            return "idle"
        return "down" if relative < 0.8 else "up" if relative > 1.25 else "steady"

    def pareto(self) -> list[Row]:
        """Tenths of the customers with a positive amount, the greatest first."""
        amounts = sorted((row["amount_yuan"] or 0 for row in self.customers_by_movement()), reverse=True)
        amounts = [one for one in amounts if one > 0]
        tenths: dict[int, list[float]] = defaultdict(list)
        for place, amount in enumerate(amounts):
            tenths[place * 10 // len(amounts) + 1].append(amount)
        found, so_far = [], 0.0
        for tenth in sorted(tenths):
            so_far += sum(tenths[tenth])
            share = 100 * so_far / sum(amounts)
            found.append({"tenth": tenth, "customers": len(tenths[tenth]), "amount_yuan": sum(tenths[tenth]),
                          "cumulative_share": share})  # fmt: skip
        return found

    def stock_health(self) -> list[Row]:
        """Each customer of which these managers reported stock."""
        held: dict[tuple[str, str], int] = defaultdict(int)
        seller = {(row["customer_id"], row["product_id"]): row["manager_id"] for row in self.rows("sales")}
        for (customer, product), stock in self.stock(0).items():
            if (customer, product) in seller:
                held[customer, seller[customer, product]] += stock
        volumes = self.net(0, lambda row: (row["customer_id"], row["manager_id"]))
        found = []
        for (customer, manager), stock in sorted(held.items()):
            volume = volumes[customer, manager]
            ratio = stock / volume if volume > 0 else None
            high = ratio > 3.5 if ratio is not None else stock > 0
            found.append({"customer_id": customer, "manager_id": manager, "region_id": self.region[manager],
                          "stock": stock, "volume": volume, "stock_to_sales": ratio,
                          "state": "empty" if stock == 0 else "high" if high else "fine"})  # fmt: skip
        return found

    def customer_evaluation(self) -> list[Row]:
        """Each active customer with its parts and score, best first."""
        found = [self._evaluated(row) for row in self.active()]
        return sorted(found, key=lambda row: (-row["score"], row["customer_id"]))

    def _evaluated(self, customer: Row) -> Row:
        parts = dict(self.parts(customer))
        described = {name: customer.get(name) for name in DESCRIBED} | {"region_id": self.region_of(customer)}
        named = {PARTS[name]: parts.get(name) for name in EVALUATION_WEIGHTS}
        return {**described, **named, "payment": None, "score": self.score(customer)}

    def promotion_list(self) -> list[Row]:
        """The best of each region: admitted grades, no offence seen. Places are those within the region."""
        whole = type(self)(self.first.year, self.first.month, self.months, set(self.region))
        whole.told = self.told
        return [row for row in whole._promoted() if row["manager_id"] in self.managers]

    def _promoted(self) -> Iterator[Row]:
        place: dict[str | None, int] = defaultdict(int)
        unlawful = [row for row in self.rows("visits") if row.get("lawful") is False]
        offended = {row["customer_id"] for row in (*self.price_offences(), *unlawful)}
        for row in self.customer_evaluation():
            if row["grade"] in PROMOTED_GRADES and row["customer_id"] not in offended:
                place[row["region_id"]] += 1
                reasons = ",".join(part for part in PARTS.values() if (row[part] or 0) >= 90)
                if place[row["region_id"]] <= PROMOTED_A_REGION:
                    yield {**row, "place": place[row["region_id"]], "reasons": reasons}

    def downgrade_proposals(self) -> list[Row]:
        """Each visit that saw the guide price not kept, with the grade below the customer's."""
        customers = {row["customer_id"]: row for row in self.months[0]["customers"]}
        lower = dict(pairwise(GRADES))
        found = []
        offences = self.price_offences()
        for visit in self.rows("visits"):
            customer = customers.get(visit["customer_id"], {})
            if visit in offences:
                found.append({
                    "customer_id": visit["customer_id"], "manager_id": visit["manager_id"],
                    "region_id": self.region[visit["manager_id"]], "customer_name": customer.get("customer_name"),
                    "grade": customer.get("grade"), "proposed_grade": lower.get(customer.get("grade") or ""),
                    "visit_date": visit["visit_date"], "observed_price": visit.get("observed_price"),
                    "note": visit.get("note"),
                })  # fmt: skip
        return found


def _sums(sold: Iterable[tuple[int, int]]) -> tuple[int, int]:
    pairs = list(sold)
    return sum(volume for volume, _ in pairs), sum(cents for _, cents in pairs)


def _kind(buys: bool, bought: bool, known_before: bool, change: int) -> str:
    if bought and not buys:
        return "stopped"
    if buys and not bought:
        return "resumed" if known_before else "started"
    return "growing" if change >= 0 else "shrinking"
