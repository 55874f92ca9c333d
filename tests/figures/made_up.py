"""Made-up months of a dozen customers, with something of everything that forms allow; drawn by a seed."""

import datetime as dt
import random

from month_builder import MonthBuilder

from pipeline.base.calendar import Month

JUNE = Month(2024, 6)
REGIONS = {"M1": "R1", "M2": "R1", "M3": "R2"}
SENT = ("sales", "visits", "complaints", "satisfaction", "enrolments")


def made_up(month: Month, seed: int) -> MonthBuilder:
    """A month of 12 customers with something of everything that forms allow."""
    draw = random.Random(f"{seed} {month}")
    one = MonthBuilder(month, REGIONS, sent=frozenset((manager, form) for manager in REGIONS for form in SENT))
    for number in range(6):
        one.add("products", product_id=f"P{number}", brand="ABC"[number % 3], category=f"class{number % 3 + 1}",
                is_key=number % 2 == 0, retail_price=100.0 + number)  # fmt: skip
    for manager, region in REGIONS.items():
        one.add("managers", manager_id=manager, manager_name=manager, region_id=region)
    customers = {f"C{number:02d}": f"M{number % 3 + 1}" for number in range(12)}
    for number, (customer, manager) in enumerate(customers.items()):
        joined = dt.date(2024, 5, 14) if number == 1 else dt.date(2024, 6, 12) if number == 2 else None
        left = dt.date(2024, 6, 13) if number == 3 and month == JUNE else None
        pauses = number == 4 or (number == 5 and month == JUNE) or (number == 6 and month < JUNE)
        status = "paused" if pauses else "left" if left else "active"
        one.customer(customer, manager, customer_name=f"店{number}", grade=str(number % 5 + 1),
                     channel="grocery" if number % 4 else "other", status=status, left_on=left,
                     joined_on=joined or dt.date(2020, 1, 1), visit_weekday=str(number % 6 + 1))  # fmt: skip
    for customer, manager in customers.items():
        if draw.random() < 0.35:
            continue
        for _ in range(draw.randint(1, 6)):
            ordered = draw.choice([None, draw.randint(1, 40)])
            sold = draw.randint(-3, 30) if ordered is None else draw.choice([0, ordered, ordered // 2])
            stock = draw.choice([None, draw.randint(0, 50)])
            one.sale(manager, customer, f"P{draw.randint(0, 5)}", sold, round(sold * draw.uniform(40, 400), 2),
                     ordered_qty=ordered, closing_stock=stock, order_date=one.day(draw.randint(1, 28)))  # fmt: skip
        for _ in range(draw.randint(1, 5)):
            arrived, day = draw.randint(500, 900), min(draw.randint(1, 30), month.last_day.day)
            event = one.day(day) - dt.timedelta(days=(day * 7 + arrived) % 6)
            one.visit(manager, customer, day, arrived_at=arrived, left_at=arrived + draw.randint(5, 60),
                      visit_kind=draw.choice(["planned", "special"]), happened_on=event if arrived % 5 else None,
                      observed_price=draw.choice([None, 88.5, 120.0]), **_ticks(draw))  # fmt: skip
        scores = ("manager_service", "delivery", "complaint_handling", "market_order", "profit")
        one.answer(manager, customer, supply=draw.randint(1, 10),
                   **{name: draw.choice([None, draw.randint(1, 10)]) for name in scores})  # fmt: skip
        for number in range(draw.randint(0, 2)):
            received = one.day(draw.randint(1, 28))
            resolved = draw.choice([None, received + dt.timedelta(days=draw.randint(0, 12))])
            category = draw.choice(["request", "service_quality", "suggestion", "product_quality"])
            product = f"P{draw.randint(0, 5)}" if category == "product_quality" else None
            one.case(f"T{month}{customer}{number}", manager, customer, received, category=category,
                     product_id=product, department=draw.choice([None, "law", "service"]),
                     resolved_on=resolved, replied_on=resolved if draw.random() < 0.6 else None,
                     escalation=draw.choice(["0", "1", "2"]), customer_confirmed=draw.choice([None, True, False]),
                     rating=draw.choice([None, 3, 5]))  # fmt: skip
        if draw.random() < 0.6:
            one.add("enrolments", manager_id=manager, customer_id=customer, kind=draw.choice(["join", "leave"]),
                    lost_to=draw.choice([None, "甲", "乙"]), effective_on=one.day(3))  # fmt: skip
    _field_work(one, random.Random(f"field {seed} {month}"))
    _files(one, random.Random(f"files {seed} {month}"))
    _promoted(one, customers, random.Random(f"promotions {seed} {month}"))
    return one


def _files(one: MonthBuilder, draw: random.Random) -> None:
    """What stands in the customers' files."""
    for row in one.rows["customers"]:
        row["area"] = draw.choice(["city", "city", "town", None])
        row["phone"] = draw.choice([None, "0571", "0572"])
        row["contact"], row["address"] = draw.choice([None, "赵"]), "文一路"
        months = draw.choice([None, 3, 11, 13, 20])
        if months is not None:
            row["file_checked_on"] = dt.date((one.month + -months).year, (one.month + -months).month, 20)


def _promoted(one: MonthBuilder, customers: dict[str, str], draw: random.Random) -> None:
    """Two campaigns, customers settled for them, and receipts of some of these and of others."""
    for customer, manager in customers.items():
        for campaign, product in (("X1", "P1"), (f"X{one.month}", "P2")):
            if draw.random() < 0.3:
                one.add("promotion_customers", campaign_no=campaign, product_id=product, customer_id=customer,
                        confirmed_on=one.day(2))  # fmt: skip
            if draw.random() < 0.25:
                one.add("promotions", manager_id=manager, customer_id=customer, product_id=product, item="伞",
                        campaign_no=draw.choice([campaign, None]), issued_on=one.day(draw.randint(3, 28)),
                        quantity=draw.randint(1, 5), customer_signed=draw.random() < 0.7)  # fmt: skip


def _field_work(one: MonthBuilder, draw: random.Random) -> None:
    """Leads, one of them of two months ago told of anew, and courses."""
    first = one.day(1)
    for number, manager in enumerate([*REGIONS, *REGIONS]):
        seen = one.day(draw.randint(1, 28))
        steps = [seen + dt.timedelta(days=days) for days in sorted(draw.choices(range(25), k=4))]
        told = draw.randint(0, 4)
        days = dict(zip(("reported_on", "passed_on", "closed_on", "told_on"), steps[:told], strict=False))
        one.add("leads", lead_no=f"L{one.month}{number}", manager_id=manager, seen_on=seen, address=f"{number}号",
                description="摊", **days)  # fmt: skip
        if draw.random() < 0.7:
            one.add("training", manager_id=manager, held_on=one.day(9), course=f"课{number}", kind="online",
                    credits=draw.choice([1.0, 2.5]), passed=draw.choice([None, True, False]))  # fmt: skip
    before = one.month + -2
    closed = first + dt.timedelta(days=draw.randint(0, 40))
    one.add("leads", lead_no=f"L{before}0", manager_id="M1", seen_on=dt.date(before.year, before.month, 3),
            address="0号", description="摊", closed_on=closed)  # fmt: skip


def _ticks(draw: random.Random) -> dict[str, bool | None]:
    columns = ("price_ok", "display_ok", "lawful", "customer_signed", "stock_checked")
    return {column: draw.choice([True, True, False, None]) for column in columns}
