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
    return one


def _ticks(draw: random.Random) -> dict[str, bool | None]:
    columns = ("price_ok", "display_ok", "lawful", "customer_signed", "stock_checked")
    return {column: draw.choice([True, True, False, None]) for column in columns}
