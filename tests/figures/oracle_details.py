"""Every further frame of a month recalculated in plain Python: sums by key, lists of cases and visits."""

from collections import defaultdict
from collections.abc import Callable, Mapping

from oracle import Row, due, working_days
from oracle_course import CourseOracle
from oracle_customers import CustomerOracle
from oracle_field import FieldOracle

COMPARED = ("previous", "last_year")
DIMENSIONS = ("supply", "manager_service", "delivery", "complaint_handling", "market_order", "profit")
CASE = ("complaint_no", "manager_id", "customer_id", "category", "product_id", "description", "department", "handler",
        "escalation", "received_on", "resolved_on")  # fmt: skip
Counts = dict[str, dict[str, float]]  # by key, by measure


class DetailOracle(CustomerOracle):
    """Answers for one month and a set of managers, as lists of rows."""

    def sales_by(self, key: Callable[[Row], str | None]) -> Counts:
        """Cartons, yuan, cartons short and buyers by a key of the product."""
        sums: Counts = defaultdict(lambda: {"volume": 0, "cents": 0, "short": 0})
        bought: dict[tuple[str, str, str], int] = defaultdict(int)
        for row in self.rows("sales"):
            code = key(row)
            if code is None:
                continue
            sums[code]["volume"] += row["sold_qty"]
            sums[code]["cents"] += round(row["amount"] * 100)
            if row.get("ordered_qty") is not None:
                sums[code]["short"] += row["ordered_qty"] - row["sold_qty"]
            bought[code, row["manager_id"], row["customer_id"]] += row["sold_qty"]
        return {
            code: {"volume": one["volume"], "amount_yuan": one["cents"] / 100, "short": one["short"],
                   "buyers": sum(volume > 0 for (its, *_), volume in bought.items() if its == code)}
            for code, one in sums.items()
        }  # fmt: skip

    def of_product(self, name: str) -> Callable[[Row], str | None]:
        return lambda row: self.products.get(row["product_id"], {}).get(name)

    def by_category(self) -> Counts:
        return self.sales_by(self.of_product("category"))

    def by_brand(self) -> Counts:
        return self.sales_by(self.of_product("brand"))

    def by_product(self) -> Counts:
        return self.sales_by(lambda row: row["product_id"])

    def brand_activity(self) -> list[Row]:
        """Of each brand: who ordered it now, and in the three months before; nothing unless all are known."""
        if len(self.months) < 4:
            return []
        now, before = self._brand_buyers(0), set().union(*(self._brand_buyers(back) for back in (1, 2, 3)))
        counts = {
            brand: (sum(one == brand for _, one in now), sum(one == brand for _, one in before))
            for brand in {brand for _, brand in now | before}
        }
        return [
            {"brand": brand, "customers": buyers, "customers_before": earlier,
             "activity": 100 * buyers / earlier if earlier else None}
            for brand, (buyers, earlier) in sorted(counts.items(), key=lambda one: (-one[1][1], one[0]))
        ]  # fmt: skip

    def losses(self) -> list[Row]:
        """Customers lost to each competitor."""
        leavers = [row for row in self.rows("enrolments") if row["kind"] == "leave" and row.get("lost_to")]
        lost = {(row["customer_id"], row["lost_to"]) for row in leavers}
        counts = {rival: sum(one == rival for _, one in lost) for rival in {rival for _, rival in lost}}
        return [
            {"lost_to": rival, "customers": number, "share": 100 * number / len(lost)}
            for rival, number in sorted(counts.items(), key=lambda one: (-one[1], one[0]))
        ]

    def _brand_buyers(self, back: int) -> set[tuple[str, str]]:
        """Customers (of these managers, who sent their sales) with the brands that they ordered in a month."""
        told = self.managers if self.told is None else self.managers & self.told
        return {key for key in self.brands_ordered(back) if self.owner[key[0]] in told}

    def cases_by(self, key: str) -> Counts:
        found: Counts = defaultdict(lambda: {"received": 0, "open": 0})
        for measure, cases in (("received", self.received()), ("open", self.open())):
            for case in cases:
                if case.get(key) is not None:
                    found[case[key]][measure] += 1
        return found

    def by_case_category(self) -> Counts:
        return self.cases_by("category")

    def by_case_product(self) -> Counts:
        return self.cases_by("product_id")

    def by_dimension(self) -> Counts:
        given = {name: self.points(name) for name in DIMENSIONS}
        return {name: {"points": sum(points), "answers": len(points)} for name, points in given.items() if points}

    def complaint_cases(self) -> list[Row]:
        """Cases open at the month's end or received in it; overdue first, longest first."""
        still_open = [case["complaint_no"] for case in self.open()]
        chosen = [
            case for case in self.cases() if case["complaint_no"] in still_open or self.inside(case["received_on"])
        ]
        listed = [self._case(case, case["complaint_no"] in still_open) for case in chosen]
        return sorted(listed, key=lambda row: (-(row["days_overdue"] if row["days_overdue"] is not None else -1),
                                               row["received_on"], row["complaint_no"]))  # fmt: skip

    def _case(self, case: Row, is_open: bool) -> Row:
        late = is_open and due(case) <= self.last
        return {
            **{name: case.get(name) for name in CASE},
            "region_id": self.region[case["manager_id"]],
            "due_on": due(case),
            "state": "overdue" if late else "open" if is_open else "closed",
            "days_overdue": max(working_days(due(case), self.last), 1) if late else None,
        }

    def repeated_cases(self) -> list[Row]:
        """Cases of the month whose customer had one of the same category in the 90 days before."""
        found = [case for case in self.received() if self._is_repeat(case)]
        ordered = sorted(found, key=lambda case: (case["received_on"], case["complaint_no"]))
        regions = [{"region_id": self.region[case["manager_id"]], "due_on": due(case)} for case in ordered]
        return [
            {name: case.get(name) for name in CASE} | more for case, more in zip(ordered, regions, strict=True)
        ]

    def _is_repeat(self, case: Row) -> bool:
        """Among all known cases of the region, whoever took them."""
        mine = self.region[case["manager_id"]]
        colleagues = {manager for manager, region in self.region.items() if region == mine}
        region = type(self)(self.first.year, self.first.month, self.months, colleagues)
        return any(
            (one["customer_id"], one["category"]) == (case["customer_id"], case["category"])
            and (one["received_on"], one["complaint_no"]) < (case["received_on"], case["complaint_no"])
            and (case["received_on"] - one["received_on"]).days <= 90
            for one in region.cases()
        )

    def missed_visits(self) -> list[Row]:
        """Days on which a customer was due and in whose week its manager did not come, unless for a special visit."""
        seen = {
            (row["manager_id"], row["customer_id"], row["visit_date"].isocalendar()[:2])
            for row in self.rows("visits")
            if row["visit_kind"] != "special"
        }
        found = []
        for row in self.active():
            for day in self.due_days(row):
                if (row["manager_id"], row["customer_id"], day.isocalendar()[:2]) not in seen:
                    named = {
                        name: row.get(name) for name in ("manager_id", "customer_id", "customer_name", "grade")
                    }
                    found.append({**named, "region_id": self.region_of(row), "due_on": day})
        return sorted(found, key=lambda one: (one["manager_id"], one["customer_id"], one["due_on"]))

    def visit_offences(self) -> list[Row]:
        """Visits that saw a price not kept or unlawful trading; two rows where both."""
        found = [
            {"region_id": self.region[row["manager_id"]], "manager_id": row["manager_id"], "offence": offence,
             "customer_id": row["customer_id"], "visit_date": row["visit_date"],
             "observed_price": row.get("observed_price")}
            for offence, rows in (
                ("price", self.price_offences()),
                ("law", [row for row in self.rows("visits") if row.get("lawful") is False]),
            )
            for row in rows
        ]  # fmt: skip
        return sorted(
            found, key=lambda row: (row["manager_id"], row["visit_date"], row["customer_id"], row["offence"])
        )

    def special_visits_made(self) -> list[Row]:
        """The special visits, each with what the form tells and whether it was in time."""
        names = {row["customer_id"]: row["customer_name"] for row in self.months[0]["customers"]}
        told = ("manager_id", "customer_id", "visit_date", "special_reason", "happened_on", "handling")
        found = [
            {
                **{name: row.get(name) for name in told},
                "region_id": self.region[row["manager_id"]],
                "customer_name": names.get(row["customer_id"]),
                "in_time": {True: "yes", False: "no", None: "unknown"}[in_time],
            }
            for row, in_time in self.special()
        ]
        return sorted(found, key=lambda row: (row["manager_id"], row["visit_date"], row["customer_id"]))


def _field(name: str) -> Callable[[DetailOracle], list[Row]]:
    def ask(of: DetailOracle) -> list[Row]:
        rows: list[Row] = getattr(FieldOracle(of) if name in FIELD else CourseOracle(of), name)()
        return rows

    return ask


COURSE = (
    "promotion_course", "promotion_effects", "campaigns", "promotion_effect_by_product", "promotions_unconfirmed",
    "promotions_unsigned", "promotions_not_reached",
)  # fmt: skip
FIELD = (
    "leads_of_month", "leads_by_age", "courses_taken", "files_incomplete", "files_not_checked", "file_changes",
    "enrolment_differences",
)  # fmt: skip
# Frames of sums: key, measures, and how one month counts them.
SUMS: dict[str, tuple[str, tuple[str, ...], Callable[[DetailOracle], Counts]]] = {
    "sales_by_category": ("category", ("volume", "amount_yuan"), DetailOracle.by_category),
    "sales_by_brand": ("brand", ("volume", "amount_yuan"), DetailOracle.by_brand),
    "sales_by_product": ("product_id", ("volume", "amount_yuan", "short", "buyers"), DetailOracle.by_product),
    "complaints_by_category": ("category", ("received", "open"), DetailOracle.by_case_category),
    "complaints_by_product": ("product_id", ("received", "open"), DetailOracle.by_case_product),
    "satisfaction_by_dimension": ("dimension", ("points", "answers"), DetailOracle.by_dimension),
}
LISTS: dict[str, Callable[[DetailOracle], list[Row]]] = {
    name: getattr(DetailOracle, name)
    for name in (
        "complaint_cases", "repeated_cases", "missed_visits", "visit_offences", "special_visits_made",
        "customers_by_movement", "stock_health", "brand_activity", "losses", "pareto", "customer_evaluation",
        "promotion_list", "downgrade_proposals",
    )
} | {name: _field(name) for name in (*FIELD, *COURSE)}  # fmt: skip
GROWTH: dict[str, Callable[[DetailOracle, DetailOracle, str], list[Row]]] = {
    "growth_effects": DetailOracle.growth_effects,
    "growth_by_customers": DetailOracle.growth_by_customers,
}


def all_details(now: DetailOracle, others: Mapping[str, DetailOracle | None]) -> dict[str, list[Row]]:
    """Every frame of a month; `others` are the months compared with, None where one is not known."""
    found = {name: ask(now) for name, ask in LISTS.items()}
    for name, ask in GROWTH.items():
        found[name] = [row for when, one in others.items() if one is not None for row in ask(now, one, when)]
    for name in SUMS:
        found[name] = compared(name, now, others)
    return found


def compared(name: str, now: DetailOracle, others: Mapping[str, DetailOracle | None]) -> list[Row]:
    """A frame of sums beside the months that it is compared with: what was not sold then is 0, what is not known is
    missing."""
    key, measures, count = SUMS[name]
    counts = {"": count(now), **{f"_{when}": None if one is None else count(one) for when, one in others.items()}}
    codes = {code for one in counts.values() for code in one or ()}
    rows = []
    for code in sorted(codes):
        row: Row = {key: code}
        for end, one in counts.items():
            known = None if one is None else one.get(code, dict.fromkeys(measures, 0))
            row |= {f"{measure}{end}": None if known is None else known[measure] for measure in measures}
        rows.append(row)
    return [_scored(row) for row in rows] if name == "satisfaction_by_dimension" else rows


def _scored(row: Row) -> Row:
    """Means in place of points; of the answers only this month's are told."""
    found: Row = {"dimension": row["dimension"], "answers": row["answers"]}
    for end in ("", "_previous", "_last_year"):
        answers = row[f"answers{end}"]
        found[f"score{end}"] = row[f"points{end}"] / answers if answers else None
    return found
