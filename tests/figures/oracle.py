"""What was sent, seen in plain Python: no pandas, no code of the pipeline.

Slow and literal on purpose: it follows the definitions of the business. `oracle_figures` makes the figures from it.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar

Row = dict[str, Any]
Months = list[dict[str, list[Row]]]  # the month itself first, then the months before, newest first


Given = ParamSpec("Given")
Found = TypeVar("Found")


def of_month(ask: Callable[Concatenate[Any, Given], Found]) -> Callable[Concatenate[Any, Given], Found]:
    """What a month says whoever is asked about: worked out once for all that share `kept`."""

    @wraps(ask)
    def asked(self: Any, *given: Given.args, **named: Given.kwargs) -> Found:
        key = (ask.__name__, *given)
        if key not in self.kept:
            self.kept[key] = ask(self, *given, **named)
        found: Found = self.kept[key]
        return found

    return asked


def _days(first: str, last: str) -> set[dt.date]:
    start, end = dt.date.fromisoformat(first), dt.date.fromisoformat(last)
    return {start + dt.timedelta(days=number) for number in range((end - start).days + 1)}


# Mainland China, February 2022 to June 2024, as the State Council announced: days off, and weekends worked.
OFF = (
    _days("2022-02-01", "2022-02-06") | _days("2022-04-03", "2022-04-05") | _days("2022-05-01", "2022-05-04")
    | _days("2022-06-03", "2022-06-05") | _days("2022-09-10", "2022-09-12")
    | _days("2022-10-01", "2022-10-07") | _days("2022-12-31", "2022-12-31")
    | _days("2023-01-01", "2023-01-02") | _days("2023-01-21", "2023-01-27") | _days("2023-04-05", "2023-04-05")
    | _days("2023-04-29", "2023-05-03") | _days("2023-06-22", "2023-06-24") | _days("2023-09-29", "2023-10-06")
    | _days("2024-01-01", "2024-01-01") | _days("2024-02-10", "2024-02-17") | _days("2024-04-04", "2024-04-06")
    | _days("2024-05-01", "2024-05-05") | _days("2024-06-10", "2024-06-10")
)  # fmt: skip
WORKED = {
    dt.date.fromisoformat(day)
    for day in (
        "2022-04-02", "2022-05-07", "2022-10-08", "2022-10-09",
        "2023-01-28", "2023-01-29", "2023-04-23", "2023-05-06", "2023-06-25", "2023-10-07", "2023-10-08",
        "2024-02-04", "2024-02-18", "2024-04-07", "2024-04-28", "2024-05-11",
    )
}  # fmt: skip
ON_WEEKENDS = {  # holidays by name that fall on a weekend
    dt.date.fromisoformat(day)
    for day in (
        "2022-02-05", "2022-05-01", "2022-09-10", "2022-10-01", "2022-10-02", "2023-01-01", "2023-01-22", "2023-10-01",
        "2024-02-10", "2024-02-11",
    )
}  # fmt: skip
LIMITS = {"product_quality": 5, "service_quality": 3, "request": 5, "suggestion": 10}
WEIGHTS = {
    "supply": 20, "manager_service": 20, "delivery": 15, "complaint_handling": 15, "market_order": 15, "profit": 15,
}  # fmt: skip
EVALUATION_WEIGHTS = {"rank": 25, "regular": 15, "price_ok": 20, "display_ok": 10, "lawful": 15, "stock": 10}
VISITS_A_MONTH = {"1": 4, "2": 4, "3": 2, "4": 2, "5": 1}


def works(day: dt.date) -> bool:
    return day in WORKED or (day.weekday() < 5 and day not in OFF)


def day_to_go(day: dt.date) -> dt.date | None:
    """A public holiday moves to the nearest working day of its week, the earlier of two."""
    if not (day in ON_WEEKENDS or (day.weekday() < 5 and day in OFF)):
        return day
    near = [day + dt.timedelta(days=step * way) for step in range(1, 7) for way in (-1, 1)]
    return next((one for one in near if works(one) and one.isocalendar()[:2] == day.isocalendar()[:2]), None)


def due(case: Row) -> dt.date:
    day, left = case["received_on"], LIMITS[case["category"]]
    while left:
        day += dt.timedelta(days=1)
        left -= works(day)
    return day


def next_working_day(day: dt.date) -> dt.date:
    day += dt.timedelta(days=1)
    while not works(day):
        day += dt.timedelta(days=1)
    return day


def working_days(start: dt.date, end: dt.date) -> int:
    return sum(works(start + dt.timedelta(days=n)) for n in range(1, (end - start).days + 1))


class Oracle:
    """Answers for one month (year, number) and a set of managers."""

    told: set[str] | None = None  # who sent this month's sales; None: everybody

    def __init__(
        self, year: int, number: int, months: Months, managers: set[str], kept: dict[Any, Any] | None = None
    ) -> None:
        self.kept = {} if kept is None else kept
        self.first = dt.date(year, number, 1)
        self.last = dt.date(year + number // 12, number % 12 + 1, 1) - dt.timedelta(days=1)
        self.months, self.managers = months, managers
        self.products = {row["product_id"]: row for row in months[0]["products"]}
        self.owner = {row["customer_id"]: row["manager_id"] for row in months[0]["customers"]}
        self.region = {row["manager_id"]: row["region_id"] for row in months[0]["managers"]}

    def counts(self, manager: str, customer: str) -> bool:
        """Whether what a manager did with a customer is asked about."""
        return manager in self.managers

    def rows(self, form: str) -> list[Row]:
        return [row for row in self.months[0].get(form, []) if self.counts(row["manager_id"], row["customer_id"])]

    def all_active(self) -> list[Row]:
        def here(row: Row) -> bool:
            left, joined = row.get("left_on"), row.get("joined_on")
            gone = left < self.first if left else row["status"] == "left"
            return row["status"] != "paused" and not gone and not (joined and joined > self.last)

        return [row for row in self.months[0]["customers"] if here(row)]

    def active(self) -> list[Row]:
        return [row for row in self.all_active() if self.counts(row["manager_id"], row["customer_id"])]

    def active_among(self, form: str) -> int:
        """Active customers that their manager names in a form."""
        named = {(row["manager_id"], row["customer_id"]) for row in self.rows(form)}
        return sum((row["manager_id"], row["customer_id"]) in named for row in self.active())

    def net(self, back: int = 0, key: Callable[[Row], Any] | None = None) -> dict[Any, int]:
        return self._net_of_customers(back) if key is None else self._net(back, key)

    @of_month
    def _net_of_customers(self, back: int) -> dict[Any, int]:
        return self._net(back, lambda row: row["customer_id"])

    def _net(self, back: int, key: Callable[[Row], Any]) -> dict[Any, int]:
        sums: dict[Any, int] = defaultdict(int)
        for row in self.months[back].get("sales", []):
            sums[key(row)] += row["sold_qty"]
        return sums

    @of_month
    def bought(self, back: int) -> dict[str, str]:
        """The manager with whom each customer bought."""
        pairs = self.net(back, lambda row: (row["customer_id"], row["manager_id"]))
        return {customer: manager for (customer, manager), volume in sorted(pairs.items()) if volume > 0}

    def cases(self) -> list[Row]:
        return [row for row in self.all_cases() if self.counts(row["manager_id"], row["customer_id"])]

    @of_month
    def all_cases(self) -> list[Row]:
        newest: dict[str, Row] = {}
        for month in reversed(self.months):
            newest |= {row["complaint_no"]: row for row in month.get("complaints", [])}
        return list(map(self.handed_on, newest.values()))

    def handed_on(self, case: Row) -> Row:
        """A case of an earlier month stands with the manager who has its customer now, where that has moved."""
        now = self.owner.get(case["customer_id"])
        pair = (case["customer_id"], case["manager_id"])
        had = pair in self.had_before()
        if now is None or now == case["manager_id"] or not had or case["received_on"] >= self.first:
            return case
        return {**case, "manager_id": now}

    @of_month
    def had_before(self) -> set[tuple[str, str]]:
        """Which customers which managers had in one of the months before."""
        return {(row["customer_id"], row["manager_id"]) for month in self.months[1:] for row in month["customers"]}

    def inside(self, day: dt.date | None) -> bool:
        return day is not None and self.first <= day <= self.last

    def volume(self) -> int:
        return sum(row["sold_qty"] for row in self.rows("sales"))

    def cents(self) -> int:
        return sum(round(row["amount"] * 100) for row in self.rows("sales"))

    def yuan(self) -> float:
        return self.cents() / 100

    def ordering(self) -> frozenset[str]:
        pairs = self.net(0, lambda row: (row["manager_id"], row["customer_id"]))
        return frozenset(
            customer for (manager, customer), sold in pairs.items() if sold > 0 and self.counts(manager, customer)
        )

    def active_ordering(self) -> int:
        """Active customers that bought, whoever sold to them."""
        return sum(row["customer_id"] in self.bought(0) for row in self.active())

    def of_products(self, wanted: Callable[[Row], bool]) -> int:
        return sum(row["sold_qty"] for row in self.rows("sales") if wanted(self.products[row["product_id"]]))

    def fill_rate(self) -> tuple[float, float]:
        both = [row for row in self.rows("sales") if row.get("ordered_qty") is not None]
        return sum(row["sold_qty"] for row in both), sum(row["ordered_qty"] for row in both)

    @of_month
    def stock(self, back: int) -> dict[tuple[str, str], int]:
        latest: dict[tuple[str, str], tuple[dt.date, int]] = {}
        for row in self.months[back].get("sales", []):
            if row.get("closing_stock") is not None:
                key = (row["customer_id"], row["product_id"])
                latest[key] = max(latest.get(key, (dt.date.min, 0)), (row["order_date"], row["closing_stock"]))
        return {key: stock for key, (_, stock) in latest.items()}

    def mine(self, customer: str) -> bool:
        return customer in self.owner and self.counts(self.owner[customer], customer)

    def stock_to_sales(self) -> tuple[float, float]:
        stocked = {c: 0 for c, _ in self.stock(0) if self.mine(c)}
        total = sum(value for (customer, _), value in self.stock(0).items() if customer in stocked)
        return total, sum(volume for customer, volume in self.net().items() if customer in stocked)

    def sell_through(self) -> tuple[float, float]:
        now, before = self.stock(0), self.stock(1)
        volumes = self.net(0, lambda row: (row["customer_id"], row["product_id"]))
        both = [key for key in now if key in before and self.mine(key[0])]
        available = sum(before[key] + volumes[key] for key in both)
        return available - sum(now[key] for key in both), available

    @of_month
    def before(self) -> set[str]:
        return {customer for back in (1, 2, 3) for customer in self.bought(back)}

    def new(self) -> list[str]:
        return [c for c, m in self.bought(0).items() if self.counts(m, c) and c not in self.before()]

    def returning(self) -> list[str]:
        joined = {row["customer_id"]: row.get("joined_on") for row in self.months[0]["customers"]}
        month = self.first.year * 12 + self.first.month - 1 - 3
        start = dt.date(month // 12, month % 12 + 1, 1)
        return [c for c in self.new() if joined[c] is not None and joined[c] < start]

    def lost(self) -> list[str]:
        return [c for c in self.before() if c not in self.bought(0) and self.mine(c)]

    @of_month
    def orderers(self, back: int) -> set[str]:
        ordered = {r["customer_id"] for r in self.months[back].get("sales", []) if (r.get("ordered_qty") or 0) > 0}
        return ordered | set(self.bought(back))

    def demand_rate(self) -> tuple[float, float]:
        earlier = set().union(*(self.orderers(back) for back in (1, 2, 3)))
        return sum(map(self.mine, self.orderers(0))), sum(map(self.mine, earlier))

    @of_month
    def brands_ordered(self, back: int) -> set[tuple[str, str]]:
        """Customers with the brands that they ordered in a month, supplied or not."""

        def brand(row: Row) -> tuple[str, str]:
            return row["customer_id"], self.products[row["product_id"]]["brand"]

        ordered = {brand(row) for row in self.months[back].get("sales", []) if (row.get("ordered_qty") or 0) > 0}
        return ordered | {key for key, volume in self.net(back, brand).items() if volume > 0}

    def brand_activity(self) -> tuple[float, float]:
        def buyers(back: int) -> set[tuple[str, str]]:
            return {key for key in self.brands_ordered(back) if self.mine(key[0])}

        return len(buyers(0)), len(buyers(1) | buyers(2) | buyers(3))

    def stock_out(self) -> tuple[float, float]:
        orders = [row for row in self.rows("sales") if (row.get("ordered_qty") or 0) > 0]
        return sum(row["sold_qty"] <= 0 for row in orders), len(orders)

    def plan(self) -> tuple[float, float]:
        seen = {
            (row["manager_id"], row["customer_id"], row["visit_date"].isocalendar()[:2])
            for row in self.rows("visits")
            if row["visit_kind"] != "special"
        }
        planned = done = 0
        for row in self.active():
            for day in self.due_days(row):
                planned += 1
                done += (row["manager_id"], row["customer_id"], day.isocalendar()[:2]) in seen
        return done, planned

    def due_days(self, row: Row) -> list[dt.date]:
        """The days of the month on which a customer is due, those of weeks that reach over its ends among them."""
        asked, found = VISITS_A_MONTH[row["grade"]], []
        weekday = row.get("visit_weekday") or self.light_weekdays()[row["manager_id"], row["customer_id"]]
        for first in (self.first - dt.timedelta(days=1), self.first, self.last + dt.timedelta(days=1)):
            days = [first.replace(day=1) + dt.timedelta(days=step) for step in range(31)]
            days = [day for day in days if day.month == first.month and str(day.isoweekday()) == weekday]
            found += days if asked >= 4 else [days[0], days[2]] if asked == 2 else days[:1]
        moved = [day for day in map(day_to_go, found) if day is not None and self.first <= day <= self.last]
        joined, left = row.get("joined_on") or dt.date.min, row.get("left_on") or dt.date.max
        return [day for day in moved if joined <= day <= left]

    def light_weekdays(self) -> dict[tuple[str, str], str]:
        """The weekday of each customer that has none: one after another on its manager's lightest."""
        loads: dict[str, dict[str, int]] = defaultdict(lambda: dict.fromkeys("12345", 0))
        for row in self.all_active():
            if row.get("visit_weekday") in loads[row["manager_id"]]:
                loads[row["manager_id"]][row["visit_weekday"]] += VISITS_A_MONTH[row["grade"]]
        placed = {}
        for row in sorted(self.all_active(), key=lambda one: one["customer_id"]):
            if not row.get("visit_weekday"):
                load = loads[row["manager_id"]]
                day = min("12345", key=lambda one: (load[one], one))
                placed[row["manager_id"], row["customer_id"]] = day
                load[day] += VISITS_A_MONTH[row["grade"]]
        return placed

    def frequency(self) -> tuple[float, float]:
        active = self.active()
        made = [(row["manager_id"], row["customer_id"]) for row in self.rows("visits")]
        often = [
            row for row in active
            if made.count((row["manager_id"], row["customer_id"])) >= VISITS_A_MONTH[row["grade"]]
        ]  # fmt: skip
        return len(often), len(active)

    def ticked(self, column: str) -> tuple[float, float]:
        """Visits on which something is ticked yes, and those on which it is ticked yes or no."""
        given = [row[column] for row in self.rows("visits") if row.get(column) is not None]
        return sum(given), len(given)

    def lowest_guide_price(self) -> float | None:
        return min(
            (row["retail_price"] for row in self.products.values() if row.get("retail_price")), default=None
        )

    def price_offences(self) -> list[Row]:
        """Visits that say the guide price was not kept; not those with a price seen at or above the lowest of all."""
        lowest = self.lowest_guide_price()
        return [
            row
            for row in self.rows("visits")
            if row.get("price_ok") is False
            and not (lowest is not None and (row.get("observed_price") or 0) >= lowest)
        ]

    def special(self) -> list[tuple[Row, bool | None]]:
        """Special visits, and whether each was within one working day of the event; None where nobody tells that."""
        found = []
        for row in self.rows("visits"):
            if row["visit_kind"] == "special":
                happened = row.get("happened_on")
                found.append((row, None if happened is None else row["visit_date"] <= next_working_day(happened)))
        return found

    def minutes(self) -> list[int]:
        both = [row for row in self.rows("visits") if None not in (row.get("arrived_at"), row.get("left_at"))]
        return [row["left_at"] - row["arrived_at"] for row in both]

    def on_time(self) -> tuple[float, float]:
        falling_due = [case for case in self.cases() if self.inside(due(case))]
        in_time = [c for c in falling_due if c.get("resolved_on") and c["resolved_on"] <= due(c)]
        return len(in_time), len(falling_due)

    def open(self) -> list[Row]:
        return [c for c in self.cases() if not c.get("resolved_on") or c["resolved_on"] > self.last]

    def repeats(self) -> int:
        """Cases of the month whose customer had one of the same category in the 90 days before, whoever took it."""

        def again(case: Row) -> bool:
            return any(
                (one["customer_id"], one["category"]) == (case["customer_id"], case["category"])
                and (one["received_on"], one["complaint_no"]) < (case["received_on"], case["complaint_no"])
                and (case["received_on"] - one["received_on"]).days <= 90
                for one in self.all_cases()
            )

        return sum(again(case) for case in self.cases() if self.inside(case["received_on"]))

    def days_to_close(self) -> list[int]:
        closed = [case for case in self.cases() if self.inside(case.get("resolved_on"))]
        return [working_days(case["received_on"], case["resolved_on"]) for case in closed]

    def received(self) -> list[Row]:
        return [case for case in self.cases() if self.inside(case["received_on"])]

    def closed(self) -> list[Row]:
        return [case for case in self.cases() if self.inside(case.get("resolved_on"))]

    def overdue(self) -> list[Row]:
        return [case for case in self.open() if due(case) <= self.last]

    def replied(self) -> list[Row]:
        return [case for case in self.closed() if case.get("replied_on") and case["replied_on"] <= self.last]

    def ratings(self) -> list[int]:
        return [case["rating"] for case in self.closed() if case.get("rating") is not None]

    def indices(self, dimensions: Iterable[str] = tuple(WEIGHTS)) -> list[float]:
        """The index of each answer over some dimensions, where it gives one of them."""
        found = []
        for row in self.rows("satisfaction"):
            given = {name: row[name] for name in dimensions if row.get(name) is not None}
            weight = sum(WEIGHTS[name] for name in given)
            if weight:
                found.append(round(10 * sum(WEIGHTS[name] * points for name, points in given.items()) / weight, 4))
        return found

    def points(self, dimension: str) -> list[int]:
        return [row[dimension] for row in self.rows("satisfaction") if row.get(dimension) is not None]

    def at_start(self) -> set[str]:
        return {row["customer_id"] for row in self.rows("customers") if _there(row, self.first)}

    def at_end(self) -> set[str]:
        after = self.last + dt.timedelta(days=1)
        return {row["customer_id"] for row in self.rows("customers") if _there(row, after)}

    def kept_since_new_year(self) -> tuple[int, int]:
        """Customers of the year's start that are there at the month's end, and all of the year's start."""
        start = {row["customer_id"] for row in self.rows("customers") if _there(row, self.first.replace(month=1))}
        return len(start & self.at_end()), len(start)

    def moved(self, column: str) -> frozenset[str]:
        """Customers that joined, or left, in the month."""
        return frozenset(row["customer_id"] for row in self.rows("customers") if self.inside(row.get(column)))

    def with_status(self, now: str) -> int:
        return sum(row["status"] == now for row in self.rows("customers"))

    def turned(self, now: str, *, was_paused: bool) -> frozenset[str]:
        """Customers in a status that were known a month before, paused then or not."""
        then = {row["customer_id"]: row["status"] == "paused" for row in self.months[1]["customers"]}
        mine = [row["customer_id"] for row in self.rows("customers") if row["status"] == now]
        return frozenset(customer for customer in mine if then.get(customer) is was_paused)

    def to_competitors(self) -> frozenset[str]:
        leavers = [row for row in self.rows("enrolments") if row["kind"] == "leave" and row.get("lost_to")]
        return frozenset(row["customer_id"] for row in leavers)

    def region_of(self, customer: Row) -> str | None:
        return self.region.get(customer["manager_id"])

    def peers(self, customer: Row, *alike: str) -> list[Row]:
        """Whom a customer is held against: active customers of its own region that are like it, itself included."""
        return [
            row
            for row in self.all_active()
            if self.region_of(row) == self.region_of(customer)
            and all(row.get(name) == customer.get(name) for name in alike)
        ]

    def untold(self, customer: Row) -> bool:
        """Whether nobody knows what the customer bought: its manager has not sent this month's sales."""
        quiet = self.told is not None and customer["manager_id"] not in self.told
        return quiet and self.net().get(customer["customer_id"], 0) <= 0

    def untold_then(self, customer: Row, back: int) -> bool:
        """The same of a month before."""
        return back == 0 and self.untold(customer)

    def scores(self) -> list[float]:
        """The evaluation of each active customer of these managers; see `peers` for whom it is held against."""
        return [self.score(row) for row in self.active()]

    def score(self, customer: Row) -> float:
        parts = dict(self.parts(customer))
        weight = sum(EVALUATION_WEIGHTS[name] for name in parts)
        return round(sum(EVALUATION_WEIGHTS[name] * part for name, part in parts.items()) / weight, 4)

    def parts(self, customer: Row) -> Iterator[tuple[str, float]]:
        number, volumes = customer["customer_id"], self.net()
        peers = [row["customer_id"] for row in self.peers(customer, "grade") if not self.untold(row)]
        better = sum(volumes.get(peer, 0) > volumes.get(number, 0) for peer in peers)
        if not self.untold(customer):
            yield "rank", 100 * (1 - better / (len(peers) - 1)) if len(peers) > 1 else 100
        months = [back for back in range(min(4, len(self.months))) if not self.untold_then(customer, back)]
        if months:
            yield "regular", 100 * sum(self.net(back).get(number, 0) > 0 for back in months) / len(months)
        for tick in ("price_ok", "display_ok", "lawful"):
            visits = [row for row in self.months[0].get("visits", []) if row["customer_id"] == number]
            given = [row[tick] for row in visits if row.get(tick) is not None]
            if given:
                yield tick, 100 * sum(given) / len(given)
        stocks = [held for (one, _), held in self.stock(0).items() if one == number]
        if stocks and volumes.get(number, 0) > 0:
            yield "stock", min(100, max(0, 100 * (2 - sum(stocks) / volumes[number] / 3.5)))
        elif sum(stocks) > 0:
            yield "stock", 0


def _there(row: Row, day: dt.date) -> bool:
    """Whether a customer had joined and not left when a day began."""
    joined, left = row.get("joined_on"), row.get("left_on")
    stays = left >= day if left else row["status"] != "left"
    return (joined is None or joined < day) and stays
