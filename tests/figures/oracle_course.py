"""The lists behind promotions, seen in plain Python: each customer's course, and what is told of it."""

import math
import statistics
from collections import defaultdict

from oracle import Row
from oracle_answers import student
from oracle_customers import CustomerOracle
from oracle_promotions import LEAST_PROMOTED, PromotionOracle

ADMITTED = ("1", "2", "3")


class CourseOracle(PromotionOracle):
    """Answers as lists of rows."""

    of: CustomerOracle

    def promotion_course(self) -> list[Row]:
        given: dict[tuple[str, str, str], list[Row]] = defaultdict(list)
        for row in self.receipts():
            given[row.get("campaign_no") or "", row["product_id"], row["customer_id"]].append(row)
        settled = {(row["campaign_no"], row["product_id"], row["customer_id"]): row for row in self.confirmed()}
        listed = {row["customer_id"] for row in self.of.promotion_list()}
        rows = [self._row(key, given.get(key, []), settled.get(key), listed) for key in {*given, *settled}]
        names = ("product_id", "manager_id", "customer_id")
        return sorted(rows, key=lambda row: (row["campaign_no"] or "~", *(row[name] for name in names)))

    def _row(self, key: tuple[str, str, str], given: list[Row], settled: Row | None, listed: set[str]) -> Row:
        campaign, product, customer = key
        known = next((row for row in self.of.months[0]["customers"] if row["customer_id"] == customer), {})
        manager = given[0]["manager_id"] if given else self.of.owner[customer]
        tells = bool(self.of.months[0].get("promotion_customers"))
        return {
            "region_id": self.of.region[manager], "manager_id": manager, "campaign_no": campaign or None,
            "product_id": product, "customer_id": customer, "customer_name": known.get("customer_name"),
            "grade": known.get("grade"), "recommended": customer in listed,
            "confirmed_on": settled["confirmed_on"] if settled else None,
            "issued_on": min((row["issued_on"] for row in given), default=None),
            "quantity": sum(row["quantity"] for row in given) if given else None,
            "receipts": len(given) or None,
            "unsigned": sum(not row["customer_signed"] for row in given) if given else None,
            "is_confirmed": not given or not tells or self._is_settled(campaign, product, customer),
            "is_admitted": known.get("grade") is None or known["grade"] in ADMITTED,
            "is_reached": bool(given) or self.is_reached(settled or {}),
        }  # fmt: skip

    def _is_settled(self, campaign: str, product: str, customer: str) -> bool:
        """By the master data of the month; a receipt without a campaign is of any."""
        return any(
            (row["product_id"], row["customer_id"]) == (product, customer) and campaign in ("", row["campaign_no"])
            for row in self.of.months[0].get("promotion_customers", [])
        )

    def campaigns(self) -> list[Row]:
        sums: dict[tuple[str, str], Row] = {}
        for row in self.promotion_course():
            key = row["campaign_no"] or "~", row["product_id"]
            one = sums.setdefault(key, {"campaign_no": row["campaign_no"], "product_id": row["product_id"]})
            settled, given = row["confirmed_on"] is not None, bool(row["receipts"])
            for name, counts in (
                ("confirmed", settled), ("of_recommended", settled and row["recommended"]),
                ("of_reached", settled and row["is_reached"]), ("given", given),
                ("not_confirmed", given and not row["is_confirmed"]), ("quantity", row["quantity"] or 0),
                ("receipts", row["receipts"] or 0), ("unsigned", row["unsigned"] or 0),
            ):  # fmt: skip
                one[name] = one.get(name, 0) + counts
        return [row for _, row in sorted(sums.items())]

    def promotions_unsigned(self) -> list[Row]:
        return [row for row in self.promotion_course() if row["unsigned"]]

    def promotions_not_reached(self) -> list[Row]:
        return [row for row in self.promotion_course() if row["confirmed_on"] and not row["is_reached"]]

    def promotions_unconfirmed(self) -> list[Row]:
        words = {(True, False): "not_confirmed", (False, True): "low_grade", (True, True): "both"}
        given = [row for row in self.promotion_course() if row["receipts"]]
        amiss = [(row, (not row["is_confirmed"], not row["is_admitted"])) for row in given]
        return [{**row, "amiss": words[what]} for row, what in amiss if any(what)]

    def promotion_effects(self) -> list[Row]:
        """By customer and product; nothing where the three months before are not known."""
        if len(self.of.months) <= 3:
            return []
        promoted = {row["customer_id"] for row in self.all_receipts}
        steady, found = self.steady(), []
        for customer, product in sorted({(row["customer_id"], row["product_id"]) for row in self.all_receipts}):
            row = next(one for one in self.of.months[0]["customers"] if one["customer_id"] == customer)
            told = self.of.told is None or row["manager_id"] in self.of.told
            if not self.of.counts(row["manager_id"], customer) or not told:
                continue
            peers = [one for one in steady if one not in promoted and self._alike(steady[one], row)]
            rises = [self.rise(one, {product}) for one in peers]
            rise, mean = self.rise(customer, {product}), sum(rises) / len(rises) if rises else None
            enough = customer in steady and len(peers) >= 3 and mean is not None
            found.append({
                "region_id": self.of.region[row["manager_id"]], "manager_id": row["manager_id"],
                "customer_id": customer, "customer_name": row["customer_name"], "product_id": product,
                "grade": row["grade"], "channel": row["channel"], "volume": self.volume(customer, {product}, 0),
                "rise": rise, "peers": len(peers), "rise_of_peers": mean,
                "effect": rise - mean if enough and mean is not None else None,
            })  # fmt: skip
        return sorted(found, key=lambda row: (row["product_id"], row["manager_id"], row["customer_id"]))

    def promotion_effect_by_product(self) -> list[Row]:
        by_product: dict[str, list[float | None]] = defaultdict(list)
        for row in self.promotion_effects():
            by_product[row["product_id"]].append(row["effect"])
        found = []
        for product, effects in sorted(by_product.items()):
            told = [one for one in effects if one is not None]
            mean = statistics.fmean(told) if len(told) >= LEAST_PROMOTED else None
            half = (
                student(len(told) - 1) * statistics.stdev(told) / math.sqrt(len(told)) if mean is not None else 0
            )
            found.append({
                "product_id": product, "promoted": len(effects), "left_out": len(effects) - len(told), "effect": mean,
                "effect_low95": None if mean is None else mean - half,
                "effect_high95": None if mean is None else mean + half,
            })  # fmt: skip
        return found
