"""Made-up visits of a month: on each customer's weekday, as often as its grade asks, with slips."""

import numpy as np
import pandas as pd

from pipeline.base.calendar import Month
from pipeline.demo.chance import draw, draw_texts, in_language, sometimes, stream
from pipeline.demo.people import Organisation, as_form, trading_in
from pipeline.demo.sample import Sample
from pipeline.demo.season import open_days
from pipeline.subjects.visits.demo_purposes import visits_for_a_purpose
from schemas.profile import Profile

DONE, DONE_BY_SLACK = 0.92, 0.55
SLACK_MONTHS = 5  # the slack manager was like the others before
SPECIAL_VISITS = 0.05
FIRST_MINUTE, LAST_MINUTE = 8 * 60 + 40, 17 * 60 + 20
LONGEST_TURN = 34  # minutes from one arrival to the next
# How often each question is answered with yes.
YES = {
    "informed": 0.97,
    "stock_checked": 0.94,
    "display_ok": 0.88,
    "price_ok": 0.96,
    "lawful": 0.985,
    "customer_signed": 0.97,
}
UNDERSOLD = (0.96, 0.94, 0.90)  # of the lowest guide price
EVENT_TOLD = 0.9
DAYS_SINCE = {"0": 0.45, "1": 0.35, "3": 0.1, "5": 0.1}  # from the event to a special visit


def rows_of(sample: Sample, month: Month) -> pd.DataFrame:
    """The rows of the form visits."""
    purposes = sample.organisation.trade.material.get("visits")
    if purposes is None:
        return visits_of(sample.organisation, month, sample.profile)
    visits = visits_for_a_purpose(sample, month, purposes)
    return visits.assign(**_times(stream(sample.organisation.seed, "times", month), visits), note=None)


def visits_of(organisation: Organisation, month: Month, profile: Profile) -> pd.DataFrame:
    """The visits form of every manager: one row per visit, with `manager_id`."""
    chance = stream(organisation.seed, "visits", month)
    customers = trading_in(organisation, month)
    days = open_days(customers, month)
    planned = _planned(chance, organisation, month, customers, profile, days)
    special = _special(chance, days & ~planned)
    who, day = np.nonzero(planned | special)
    visits = pd.DataFrame(
        {
            "manager_id": customers["manager_id"].to_numpy()[who],
            "visit_date": pd.Timestamp(month.first_day) + pd.to_timedelta(day, unit="D"),
            "customer_id": customers["customer_id"].to_numpy()[who],
            "visit_kind": np.where(special[who, day], "special", "planned"),
        }
    ).sort_values(["manager_id", "visit_date", "customer_id"], ignore_index=True)
    visits = visits.assign(**_times(chance, visits))
    for question, share in YES.items():
        visits[question] = chance.random(len(visits)) < share
    visits = visits.pipe(_with_remarks, chance, organisation).pipe(_with_events, organisation, month)
    return as_form("visits", visits).assign(manager_id=visits["manager_id"])


def _planned(
    chance: np.random.Generator,
    organisation: Organisation,
    month: Month,
    customers: pd.DataFrame,
    profile: Profile,
    days: np.ndarray,
) -> np.ndarray:
    """Customers × days: scheduled visits that took place."""
    weekday = np.array([day.isoweekday() for day in month.days()])
    possible = days & (customers["visit_weekday"].astype(int).to_numpy()[:, None] == weekday[None, :])
    rank = np.cumsum(possible, axis=1) - 1
    asked = customers["grade"].map(dict(profile.visits_per_month)).to_numpy()
    apart = np.maximum(1, 4 // np.maximum(asked, 1))
    due = possible & (rank % apart[:, None] == 0) & (rank < (apart * asked)[:, None])
    is_slack = (customers["manager_id"] == organisation.slack_manager).to_numpy()
    slack_now = organisation.number(month) >= len(organisation.months) - SLACK_MONTHS
    share = np.where(is_slack & slack_now, DONE_BY_SLACK, DONE)
    return due & (chance.random(due.shape) < share[:, None])  # type: ignore[no-any-return]


def _special(chance: np.random.Generator, days: np.ndarray) -> np.ndarray:
    """Customers × days: at most one special visit a customer."""
    score = np.where(days, chance.random(days.shape), -1.0)
    chosen = np.arange(days.shape[1])[None, :] == score.argmax(axis=1)[:, None]
    goes = chance.random(len(days)) < SPECIAL_VISITS
    return chosen & days & goes[:, None]  # type: ignore[no-any-return]


def _times(chance: np.random.Generator, visits: pd.DataFrame) -> dict[str, np.ndarray]:
    """Arrival and leaving in minutes after midnight; a manager makes the day's visits one after another."""
    of_day = visits.groupby(["manager_id", "visit_date"])["customer_id"]
    turn, count = of_day.cumcount().to_numpy(), of_day.transform("size").to_numpy()
    spacing = np.minimum(LONGEST_TURN, (LAST_MINUTE - FIRST_MINUTE) // np.maximum(count, 1))
    arrived = FIRST_MINUTE + turn * spacing
    stay = np.maximum(1, np.rint(spacing * chance.uniform(0.4, 0.85, len(visits)))).astype(np.int64)
    return {"arrived_at": arrived, "left_at": arrived + stay}


def _with_remarks(visits: pd.DataFrame, chance: np.random.Generator, organisation: Organisation) -> pd.DataFrame:
    trade, language, count = organisation.trade, organisation.language, len(visits)
    reasons = draw_texts(chance, trade.special_reasons, language, count)
    chance.integers(0, len(organisation.products), count)  # drawn once for prices of single products
    lowest = organisation.products["retail_price"].min()
    seen = np.round(lowest * chance.choice(np.array(UNDERSOLD), count), 2)
    stock = chance.integers(5, 120, count)
    return visits.assign(
        special_reason=pd.Series(reasons).where(visits["visit_kind"] == "special"),
        market_info=sometimes(chance, draw_texts(chance, trade.market_info, language, count), 0.15),
        stock_qty=pd.Series(stock).astype("Int64").where(visits["stock_checked"]),
        order_advice=sometimes(chance, draw_texts(chance, trade.order_advice, language, count), 0.12),
        price_tags_replaced=pd.Series(chance.poisson(0.6, count)).astype("Int64"),
        observed_price=pd.Series(seen).where(~visits["price_ok"]),
    )


def _with_events(visits: pd.DataFrame, organisation: Organisation, month: Month) -> pd.DataFrame:
    """When what called for each special visit happened, and what was done about it; of some nobody tells."""
    chance, trade, language = stream(organisation.seed, "events", month), organisation.trade, organisation.language
    is_special = visits["visit_kind"] == "special"
    days = draw(chance, DAYS_SINCE, len(visits)).astype("int64")
    told = is_special & (chance.random(len(visits)) < EVENT_TOLD)
    done = {
        in_language(reason, language): in_language(handling, language)
        for reason, handling in zip(trade.special_reasons, trade.special_handling, strict=True)
    }
    return visits.assign(
        happened_on=(visits["visit_date"] - pd.to_timedelta(days, unit="D")).where(told),
        handling=visits["special_reason"].map(done).where(told),
    )
