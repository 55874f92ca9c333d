"""The figures once more, in plain Python over the rows that were sent: no pandas, no code of the pipeline.

Slow and literal on purpose: it follows the definitions of the business, one figure a function. Each figure is
given as numerator and denominator of a set of managers (None where it has no denominator) or as a value.
"""

import datetime as dt
import statistics
from collections import defaultdict
from collections.abc import Callable
from typing import Any

Row = dict[str, Any]
Months = list[dict[str, list[Row]]]  # the month itself first, then the months before, newest first

# Mainland China, March to June 2024: week days off, and weekends worked.
OFF = {dt.date(2024, 4, 4), dt.date(2024, 4, 5), dt.date(2024, 6, 10)} | {dt.date(2024, 5, d) for d in range(1, 6)}
WORKED = {dt.date(2024, 4, 7), dt.date(2024, 4, 28), dt.date(2024, 5, 11)}
LIMITS = {"product_quality": 5, "service_quality": 3, "request": 5, "suggestion": 10}
WEIGHTS = {
    "supply": 20, "manager_service": 20, "delivery": 15, "complaint_handling": 15, "market_order": 15, "profit": 15,
}  # fmt: skip
VISITS_A_MONTH = {"1": 4, "2": 4, "3": 2, "4": 2, "5": 1}


def works(day: dt.date) -> bool:
    return day in WORKED or (day.weekday() < 5 and day not in OFF)


def due(case: Row) -> dt.date:
    day, left = case["received_on"], LIMITS[case["category"]]
    while left:
        day += dt.timedelta(days=1)
        left -= works(day)
    return day


def working_days(start: dt.date, end: dt.date) -> int:
    return sum(works(start + dt.timedelta(days=n)) for n in range(1, (end - start).days + 1))


class Oracle:
    """Answers for one month (year, number) and a set of managers."""

    def __init__(self, year: int, number: int, months: Months, managers: set[str]) -> None:
        self.first = dt.date(year, number, 1)
        self.last = dt.date(year + number // 12, number % 12 + 1, 1) - dt.timedelta(days=1)
        self.months, self.managers = months, managers
        self.products = {row["product_id"]: row for row in months[0]["products"]}
        self.owner = {row["customer_id"]: row["manager_id"] for row in months[0]["customers"]}

    def rows(self, form: str) -> list[Row]:
        return [row for row in self.months[0].get(form, []) if row["manager_id"] in self.managers]

    def active(self) -> list[Row]:
        def here(row: Row) -> bool:
            left, joined = row.get("left_on"), row.get("joined_on")
            gone = left < self.first if left else row["status"] == "left"
            return row["status"] != "paused" and not gone and not (joined and joined > self.last)

        return [row for row in self.rows("customers") if here(row)]

    def net(self, back: int = 0, key: Callable[[Row], Any] = lambda row: row["customer_id"]) -> dict[Any, int]:
        sums: dict[Any, int] = defaultdict(int)
        for row in self.months[back].get("sales", []):
            sums[key(row)] += row["sold_qty"]
        return sums

    def bought(self, back: int) -> dict[str, str]:
        """The manager with whom each customer bought."""
        pairs = self.net(back, lambda row: (row["customer_id"], row["manager_id"]))
        return {customer: manager for (customer, manager), volume in sorted(pairs.items()) if volume > 0}

    def cases(self) -> list[Row]:
        newest: dict[str, Row] = {}
        for month in reversed(self.months):
            newest |= {row["complaint_no"]: row for row in month.get("complaints", [])}
        return [row for row in newest.values() if row["manager_id"] in self.managers]

    def inside(self, day: dt.date | None) -> bool:
        return day is not None and self.first <= day <= self.last

    def volume(self) -> tuple[float, float | None]:
        return sum(row["sold_qty"] for row in self.rows("sales")), None

    def cents(self) -> int:
        return sum(round(row["amount"] * 100) for row in self.rows("sales"))

    def ordering(self) -> int:
        pairs = self.net(0, lambda row: (row["manager_id"], row["customer_id"]))
        return sum(volume > 0 for (manager, _), volume in pairs.items() if manager in self.managers)

    def of_products(self, wanted: Callable[[Row], bool]) -> int:
        return sum(row["sold_qty"] for row in self.rows("sales") if wanted(self.products[row["product_id"]]))

    def fill_rate(self) -> tuple[float, float]:
        both = [row for row in self.rows("sales") if row.get("ordered_qty") is not None]
        return 100 * sum(row["sold_qty"] for row in both), sum(row["ordered_qty"] for row in both)

    def stock(self, back: int) -> dict[tuple[str, str], int]:
        latest: dict[tuple[str, str], tuple[dt.date, int]] = {}
        for row in self.months[back].get("sales", []):
            if row.get("closing_stock") is not None:
                key = (row["customer_id"], row["product_id"])
                latest[key] = max(latest.get(key, (dt.date.min, 0)), (row["order_date"], row["closing_stock"]))
        return {key: stock for key, (_, stock) in latest.items()}

    def mine(self, customer: str) -> bool:
        return self.owner[customer] in self.managers

    def stock_to_sales(self) -> tuple[float, float]:
        stocked = {c: 0 for c, _ in self.stock(0) if self.mine(c)}
        total = sum(value for (customer, _), value in self.stock(0).items() if customer in stocked)
        return total, sum(volume for customer, volume in self.net().items() if customer in stocked)

    def sell_through(self) -> tuple[float, float]:
        now, before = self.stock(0), self.stock(1)
        volumes = self.net(0, lambda row: (row["customer_id"], row["product_id"]))
        both = [key for key in now if key in before and self.mine(key[0])]
        available = sum(before[key] + volumes[key] for key in both)
        return 100 * (available - sum(now[key] for key in both)), available

    def before(self) -> set[str]:
        return {customer for back in (1, 2, 3) for customer in self.bought(back)}

    def new(self) -> list[str]:
        return [c for c, m in self.bought(0).items() if m in self.managers and c not in self.before()]

    def returning(self) -> int:
        joined = {row["customer_id"]: row.get("joined_on") for row in self.months[0]["customers"]}
        month = self.first.year * 12 + self.first.month - 1 - 3
        start = dt.date(month // 12, month % 12 + 1, 1)
        return sum(joined[c] is not None and joined[c] < start for c in self.new())

    def lost(self) -> int:
        return sum(self.mine(c) for c in self.before() if c not in self.bought(0))

    def orderers(self, back: int) -> set[str]:
        ordered = {r["customer_id"] for r in self.months[back].get("sales", []) if (r.get("ordered_qty") or 0) > 0}
        return ordered | set(self.bought(back))

    def demand_rate(self) -> tuple[float, float]:
        earlier = set().union(*(self.orderers(back) for back in (1, 2, 3)))
        return 100 * sum(map(self.mine, self.orderers(0))), sum(map(self.mine, earlier))

    def brand_activity(self) -> tuple[float, float]:
        def buyers(back: int) -> set[tuple[str, str]]:
            sums = self.net(back, lambda row: (row["customer_id"], self.products[row["product_id"]]["brand"]))
            return {key for key, volume in sums.items() if volume > 0 and self.mine(key[0])}

        return 100 * len(buyers(0)), len(buyers(1) | buyers(2) | buyers(3))

    def stock_out(self) -> tuple[float, float]:
        orders = [row for row in self.rows("sales") if (row.get("ordered_qty") or 0) > 0]
        return 100 * sum(row["sold_qty"] <= 0 for row in orders), len(orders)

    def coverage(self) -> tuple[float, float]:
        seen = {(row["manager_id"], row["customer_id"]) for row in self.rows("visits")}
        active = self.active()
        return 100 * sum((row["manager_id"], row["customer_id"]) in seen for row in active), len(active)

    def plan(self) -> tuple[float, float]:
        seen = {(r["customer_id"], r["visit_date"].isocalendar()[:2]) for r in self.rows("visits")}
        planned = done = 0
        for row in self.active():
            days = [self.first + dt.timedelta(days=n) for n in range((self.last - self.first).days + 1)]
            days = [day for day in days if str(day.isoweekday()) == row.get("visit_weekday")]
            asked = VISITS_A_MONTH[row["grade"]]
            chosen = days if asked >= 4 else [days[0], days[2]] if asked == 2 and days else days[:1]
            for day in chosen:
                if not (row.get("joined_on") and day < row["joined_on"]) and not (
                    row.get("left_on") and day > row["left_on"]
                ):
                    planned += 1
                    done += (row["customer_id"], day.isocalendar()[:2]) in seen
        return 100 * done, planned

    def frequency(self) -> tuple[float, float]:
        active = self.active()
        made = [row["customer_id"] for row in self.rows("visits")]
        return 100 * sum(made.count(r["customer_id"]) >= VISITS_A_MONTH[r["grade"]] for r in active), len(active)

    def on_time(self) -> tuple[float, float]:
        falling_due = [case for case in self.cases() if self.inside(due(case))]
        in_time = [c for c in falling_due if c.get("resolved_on") and c["resolved_on"] <= due(c)]
        return 100 * len(in_time), len(falling_due)

    def open(self) -> list[Row]:
        return [c for c in self.cases() if not c.get("resolved_on") or c["resolved_on"] > self.last]

    def repeats(self) -> int:
        def again(case: Row) -> bool:
            return any(
                (one["customer_id"], one["category"]) == (case["customer_id"], case["category"])
                and (one["received_on"], one["complaint_no"]) < (case["received_on"], case["complaint_no"])
                and (case["received_on"] - one["received_on"]).days <= 90
                for one in self.cases()
            )

        return sum(again(case) for case in self.cases() if self.inside(case["received_on"]))

    def days_to_close(self) -> list[int]:
        closed = [case for case in self.cases() if self.inside(case.get("resolved_on"))]
        return [working_days(case["received_on"], case["resolved_on"]) for case in closed]

    def indices(self) -> list[float]:
        found = []
        for row in self.rows("satisfaction"):
            given = {name: row[name] for name in WEIGHTS if row.get(name) is not None}
            weight = sum(WEIGHTS[name] for name in given)
            found.append(round(10 * sum(WEIGHTS[name] * points for name, points in given.items()) / weight, 4))
        return found

    def answers(self) -> dict[str, tuple[float, float | None] | float]:
        """Every figure: (numerator × scale, denominator), or a value."""
        active, received = len(self.active()), [c for c in self.cases() if self.inside(c["received_on"])]
        closed = [case for case in self.cases() if self.inside(case.get("resolved_on"))]
        volume, visits, indices = self.volume()[0], self.rows("visits"), self.indices()
        days = self.days_to_close()
        figures: dict[str, tuple[float, float | None] | float] = {
            "volume": self.volume(),
            "amount": (self.cents() / 100, None),
            "amount_per_case": (self.cents() / 100 * 250, volume),
            "amount_per_carton": (self.cents() / 100, volume),
            "ordering_customers": (self.ordering(), None),
            "ordering_rate": (100 * self.ordering(), active),
            "volume_per_customer": (volume, self.ordering()),
            "fill_rate": self.fill_rate(),
            "stock_to_sales": self.stock_to_sales(),
            "key_brand_share": (100 * self.of_products(lambda product: product["is_key"]), volume),
            "category_share.class2": (100 * self.of_products(lambda p: p["category"] == "class2"), volume),
            "new_customers": (len(self.new()), None),
            "returning_customers": (self.returning(), None),
            "lost_customers": (self.lost(), None),
            "demand_rate": self.demand_rate(),
            "brand_activity": self.brand_activity(),
            "sell_through": self.sell_through(),
            "stock_out_rate": self.stock_out(),
            "visits": (len(visits), None),
            "coverage": self.coverage(),
            "plan_completion": self.plan(),
            "frequency_rate": self.frequency(),
            "price_rate": (100 * sum(row["price_ok"] for row in visits), len(visits)),
            "visit_minutes": float(statistics.median(r["left_at"] - r["arrived_at"] for r in visits)),
            "complaints": (len(received), None),
            "complaints_per_100": (100 * len(received), active),
            "complaints.request": (sum(case["category"] == "request" for case in received), None),
            "open_cases": (len(self.open()), None),
            "overdue_cases": (sum(due(case) < self.last for case in self.open()), None),
            "on_time_rate": self.on_time(),
            "repeat_rate": (100 * self.repeats(), len(received)),
            "escalated": (sum(case["escalation"] in ("1", "2") for case in received), None),
            "replied_rate": (100 * sum(bool(case.get("replied_on")) for case in closed), len(closed)),
            "satisfaction": (sum(indices), len(indices)),
            "answers": (len(indices), None),
            "low_answers": (100 * sum(index < 60 for index in indices), len(indices)),
        }
        if days:
            figures["days_to_close"] = float(statistics.median(days))
        if len(days) > 1:
            figures["days_to_close_p90"] = statistics.quantiles(days, n=10, method="inclusive")[-1]
        return figures
