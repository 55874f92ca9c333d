"""Made-up service orders: every order of the whole time at once, then each month's view of those at hand."""

import numpy as np
import pandas as pd

from pipeline.base.calendar import Month, working_days_after
from pipeline.demo.chance import draw, in_language, stream
from pipeline.demo.people import NEVER, Organisation, as_form, customers_in
from pipeline.demo.sample import Sample
from pipeline.subjects.orders.demo_desk import Desk, pilot_from, station_numbers

FORM = "complaints"
LIMITS = {
    "complaint": 5,
    "report": 10,
    "opinion": 10,
    "suggestion": 10,
    "question": 2,
    "fault": 1,
    "application": 5,
}
SHORT_OF_STAFF, PILOT, STORM = 0.82, 1.08, 0.8  # times as likely to be in time
FEWER_COMPLAINTS = 0.55
FOLLOWED_UP, ANSWERED, SATISFIED, SATISFIED_IF_LATE = 0.94, 0.92, 0.93, 0.6
PASSED_ON = 0.04
FEWER_AGAIN, SOON = 0.65, 100  # share of those left out that repeat another of so many days before
LEVELS = (6, 14, 25)  # days over the limit from which an order is escalated, level by level
LATER = ("dispatched_on", "resolved_on", "follow_up_on")


def rows_of(sample: Sample, month: Month) -> pd.DataFrame:
    """The rows of the form of orders: those of which something happened in the month or that were open in it, as they
    stood at its end."""
    orders = sample.once(all_orders)
    start, end = pd.Timestamp(month.first_day), pd.Timestamp(month.last_day)
    view = orders[(orders["received_on"] <= end) & (orders["last_on"] >= start)].reset_index(drop=True)
    for day in LATER:
        view[day] = view[day].where(view[day] <= end)
    open_until = view["resolved_on"].fillna(end)
    level, since = _escalation(view, open_until)
    escalated, closed, asked = level > 0, view["resolved_on"].notna(), view["follow_up_on"].notna()
    language = sample.organisation.language
    view = view.assign(
        escalation=level.astype("str"),
        escalated_on=since,
        first_handling=pd.Series(
            in_language(("已到现场核实", "Looked at on site"), language), index=view.index
        ).where(escalated),
        supervision=pd.Series(
            in_language(("限期办结，逐日报进展", "A day is set; tell daily how it stands"), language),
            index=view.index,
        ).where(escalated),
        satisfied=view["satisfied"].where(asked),
        department_rating=view["department_rating"].where(closed),
        cause=view["cause"].where(closed),
        engineer_id=view["engineer_id"].where(view["dispatched_on"].notna()),
        department=view["department"].where(view["dispatched_on"].notna()),
    )
    return as_form_with(view).assign(manager_id=view["manager_id"].to_numpy())


def as_form_with(view: pd.DataFrame) -> pd.DataFrame:
    """The columns of the form, and those of the desk that only this trade has."""
    own = ("engineer_id", "dispatched_on", "escalated_on", "first_handling", "supervision", "follow_up_on", "satisfied",
           "department_rating")  # fmt: skip
    return as_form(FORM, view).assign(**{name: view[name].to_numpy() for name in own})


def _escalation(view: pd.DataFrame, until: pd.Series) -> tuple[pd.Series, pd.Series]:
    """How far each order was escalated by a day, and when last."""
    level = pd.Series(0, index=view.index)
    since = pd.Series(pd.NaT, index=view.index, dtype="datetime64[ns]")
    for number, days in enumerate(LEVELS, 1):
        day = view["due_on"] + pd.Timedelta(days=days)
        reached = (day < until) & (view["category"] != "question")
        level, since = level.mask(reached, number), since.mask(reached, day)
    return level, since


def all_orders(organisation: Organisation) -> pd.DataFrame:
    """All orders: the columns of the form as they end up, `manager_id`, `due_on`, and `last_on`, the last day on which
    anything happened."""
    made = pd.concat([_orders_of(organisation, month) for month in organisation.months], ignore_index=True)
    since = made["received_on"] - made.groupby(["customer_id", "category"])["received_on"].shift()
    chance = stream(organisation.seed, "orders again").random(len(made))
    seldom = (since <= pd.Timedelta(days=SOON)) & (chance < FEWER_AGAIN)
    return made[~seldom].reset_index(drop=True)


def _orders_of(organisation: Organisation, month: Month) -> pd.DataFrame:
    desk: Desk = organisation.trade.material["orders"]
    chance = stream(organisation.seed, "orders", month)
    customers = _steady(organisation, month)
    rate = customers["channel"].map(dict(desk.orders_a_month)).to_numpy(dtype="float64")
    times = chance.poisson(rate)
    chosen = customers.loc[customers.index.repeat(times)].reset_index(drop=True)
    kind = draw(chance, desk.shares, len(chosen))
    is_storm = organisation.number(month) == len(organisation.months) - 1 - desk.storm
    if is_storm:
        more = customers.loc[
            customers.index.repeat(chance.poisson(rate * desk.shares["fault"] * desk.storm_orders))
        ]
        chosen = pd.concat([chosen, more], ignore_index=True)
        kind = np.concatenate([kind, np.where(chance.random(len(more)) < 0.9, "fault", "complaint")])
    orders = pd.DataFrame(
        {"customer_id": chosen["customer_id"], "manager_id": chosen["manager_id"], "category": kind}
    )
    orders = _without_spared(chance, organisation, month, orders)
    days = np.sort(chance.integers(0, month.last_day.day, len(orders)))
    orders["received_on"] = pd.Timestamp(month.first_day) + pd.to_timedelta(days, unit="D")
    orders = _with_matter(chance, organisation, orders).pipe(_with_course, chance, organisation, month, is_storm)
    return orders.assign(
        complaint_no=[f"GD{month.year}{month.month:02d}{one:04d}" for one in range(1, len(orders) + 1)]
    )


def _steady(organisation: Organisation, month: Month) -> pd.DataFrame:
    """Customers who can have an order open for long: they keep their manager and do not leave."""
    customers = customers_in(organisation, month)
    stays = organisation.customers.loc[customers.index, "left_on"].isna()
    here = customers["joined_on"] < pd.Timestamp(month.first_day)
    steady: pd.DataFrame = customers.loc[
        stays & here & (customers["moves_in"] == NEVER) & (customers["paused_from"] == NEVER)
    ]
    return steady


def _without_spared(
    chance: np.random.Generator, organisation: Organisation, month: Month, orders: pd.DataFrame
) -> pd.DataFrame:
    """Without the complaints that a pilot has prevented."""
    pilot = _in_pilot(organisation, month, orders["manager_id"])
    spared = pilot & (orders["category"] == "complaint") & (chance.random(len(orders)) > FEWER_COMPLAINTS)
    return orders[~spared].reset_index(drop=True)


def _in_pilot(organisation: Organisation, month: Month, managers: pd.Series) -> pd.Series:
    stations = station_numbers(organisation)
    since = {number: pilot_from(organisation, number) for number in set(stations)}
    running = {number for number, first in since.items() if first is not None and first <= month}
    return managers.map(stations).isin(running)


def _with_matter(chance: np.random.Generator, organisation: Organisation, orders: pd.DataFrame) -> pd.DataFrame:
    """What the orders are about, who does them."""
    desk: Desk = organisation.trade.material["orders"]
    texts = organisation.trade.complaint_texts
    said = [texts[one][int(chance.integers(0, len(texts[one])))] for one in orders["category"]]
    department = [desk.departments[one] for one in orders["category"]]
    team = {
        one: [f"E{number:02d}" for number, (_, own) in enumerate(desk.engineers, 1) if own == one]
        for one in set(desk.departments.values())
    }
    engineer = [team[one][int(chance.integers(0, len(team[one])))] for one in department]
    passed = chance.random(len(orders)) < PASSED_ON
    other = [next(name for name in team if name != one) for one in department]
    language = organisation.language
    return orders.assign(
        description=[in_language(pair[0], language) for pair in said],
        cause=[in_language(pair[1], language) for pair in said],
        given_to=department,
        department=pd.Series(other, index=orders.index).where(passed),
        engineer_id=engineer,
    )


def _with_course(
    orders: pd.DataFrame, chance: np.random.Generator, organisation: Organisation, month: Month, is_storm: bool
) -> pd.DataFrame:
    """How the orders went: dispatched, closed in time or not, followed up."""
    desk: Desk = organisation.trade.material["orders"]
    count = len(orders)
    likely = orders["given_to"].map(dict(desk.on_time)).to_numpy(dtype="float64")
    regions = {code: number for number, code in enumerate(organisation.regions["region_id"])}
    region = orders["manager_id"].map(organisation.region_of).map(regions)
    likely = likely * np.where(region == desk.short, SHORT_OF_STAFF, 1.0) * (STORM if is_storm else 1.0)
    likely = likely * np.where(_in_pilot(organisation, month, orders["manager_id"]), PILOT, 1.0)
    in_time = chance.random(count) < likely
    limits = orders["category"].map(LIMITS).to_numpy()
    due = [_after(day, int(limit)) for day, limit in zip(orders["received_on"], limits, strict=True)]
    within = [
        _after(day, int(n)) for day, n in zip(orders["received_on"], chance.integers(0, limits + 1), strict=True)
    ]
    due_on = pd.Series(pd.to_datetime(due), index=orders.index)
    late = due_on + pd.to_timedelta(1 + chance.geometric(0.13, count), unit="D")
    resolved = pd.Series(pd.to_datetime(within), index=orders.index).where(in_time, late)
    dispatched = orders["received_on"] + pd.to_timedelta(chance.integers(0, 2, count), unit="D")
    follow_up = resolved + pd.to_timedelta(chance.integers(1, 6, count), unit="D")
    follow_up = follow_up.where(chance.random(count) < FOLLOWED_UP)
    happy = chance.random(count) < np.where(in_time, SATISFIED, SATISFIED_IF_LATE)
    answered = chance.random(count) < ANSWERED
    rating = np.where(in_time, chance.integers(4, 6, count), chance.integers(2, 4, count))
    return orders.assign(
        due_on=due_on,
        dispatched_on=dispatched.where(dispatched <= resolved, orders["received_on"]),
        resolved_on=resolved,
        follow_up_on=follow_up,
        last_on=follow_up.fillna(resolved),
        satisfied=pd.Series(happy, index=orders.index).astype("boolean").where(follow_up.notna() & answered),
        department_rating=pd.Series(rating, index=orders.index).astype("Int64"),
    )


def _after(day: pd.Timestamp, working_days: int) -> pd.Timestamp:
    """A day so many working days later; the same day for none."""
    return day if working_days == 0 else pd.Timestamp(working_days_after(day.date(), int(working_days)))
