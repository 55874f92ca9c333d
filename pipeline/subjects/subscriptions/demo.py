"""Made-up states of households at each month's end, with fees, and the day until which each customer has paid."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from pipeline.base.calendar import Month
from pipeline.demo.chance import stream
from pipeline.demo.people import Organisation, as_form, customers_in
from pipeline.demo.sample import Sample
from pipeline.subjects.subscriptions.demo_course import attacked_in, lines_and_moves
from pipeline.subjects.subscriptions.demo_story import STATES, Households

BY_YEAR = 0.12  # share of the customers that pay a year at once
PAID, PAID_BEFORE_COLLECTION, PAID_IN_COLLECTION, PAID_NOISE = 0.95, 0.88, 1.16, 0.03
RENEWED, RENEWED_LATER, RENEWED_UNDER_ATTACK = 0.86, 0.35, 0.6
PROGRAMMES = (6.0, 5.0)  # share of active households (beta distribution)
PROGRAMMES_RISE = 0.003  # a month
MONTHS_OF_A_YEAR = 12


def rows_of(sample: Sample, month: Month) -> pd.DataFrame:
    """The rows of the form subscriptions: every customer that is there at the month's end."""
    organisation = sample.organisation
    number = organisation.number(month)
    rows = sample.once(books).states
    rows = rows[rows["month"] == number]
    managers = customers_in(organisation, month).set_index("customer_id")["manager_id"]
    rows = rows.assign(manager_id=rows["customer_id"].map(managers)).sort_values(["manager_id", "customer_id"])
    return as_form("subscriptions", rows).assign(manager_id=rows["manager_id"].to_numpy())


@dataclass(frozen=True)
class Books:
    """All rows of both forms, of all months, with `month` (its number): states at its end, movements in it."""

    states: pd.DataFrame
    movements: pd.DataFrame


def books(organisation: Organisation) -> Books:
    """What the forms of all months are cut from."""
    lines, moves = lines_and_moves(organisation)
    return Books(_accounts(organisation, lines), moves)


def _accounts(organisation: Organisation, lines: pd.DataFrame) -> pd.DataFrame:
    """The lines with their fees and days."""
    chance = stream(organisation.seed, "accounts")
    story: Households = organisation.trade.material["subscriptions"]
    customers = organisation.customers.set_index("customer_id")
    habits = _habits(chance, organisation)
    lines = lines.assign(
        households=lines[list(STATES)].sum(axis=1), channel=lines["customer_id"].map(customers["channel"])
    )
    lines = lines.join(habits, on="customer_id")
    price = lines["channel"].map(dict(story.fee_yuan))
    share = (lines["programmes"] + PROGRAMMES_RISE * lines["month"]).clip(0, 1)
    rows = lines.assign(
        paid_programmes=(share * lines["active"]).round().astype("int64"),
        fee_due=(price * lines["active"]).round(2),
    )
    ends = _paid_until(chance, organisation, habits)
    rows = rows.merge(ends, on=["month", "customer_id"])
    return rows.assign(fee_paid=_paid(chance, organisation, story, rows))


def _habits(chance: np.random.Generator, organisation: Organisation) -> pd.DataFrame:
    """By customer: whether it pays by the year, what share of its households take paid programmes, and on which day of
    the year its contract ends."""
    count = len(organisation.customers)
    return pd.DataFrame(
        {
            "by_year": chance.random(count) < BY_YEAR,
            "programmes": chance.beta(*PROGRAMMES, count),
            "first_end": chance.integers(0, 365, count),
        },
        index=pd.Index(organisation.customers["customer_id"], name="customer_id"),
    )


def _paid_until(chance: np.random.Generator, organisation: Organisation, habits: pd.DataFrame) -> pd.DataFrame:
    """One row per month and customer: expires_on at the month's end, and whether it was renewed in the month."""
    first = pd.Timestamp(organisation.months[0].first_day)
    joined = organisation.customers["joined_on"]
    from_start = first + pd.to_timedelta(habits["first_end"].to_numpy(), unit="D")
    a_year_later = (joined + pd.Timedelta(days=364)).reset_index(drop=True)
    ends = pd.Series(from_start).where((joined < first).to_numpy(), a_year_later)
    found = []
    for number, month in enumerate(organisation.months):
        begin, end = pd.Timestamp(month.first_day), pd.Timestamp(month.last_day)
        at_once = np.where(attacked_in(organisation, month), RENEWED_UNDER_ATTACK, RENEWED)
        likely = np.where(ends < begin, RENEWED_LATER, at_once)
        renewed = (ends <= end) & (chance.random(len(ends)) < likely)
        ends = ends.where(~renewed, ends + pd.DateOffset(years=1))
        codes = organisation.customers["customer_id"].to_numpy()
        found.append(
            pd.DataFrame(
                {
                    "month": number,
                    "customer_id": codes,
                    "expires_on": ends.to_numpy(),
                    "renewed": renewed.to_numpy(),
                }
            )
        )
    return pd.concat(found, ignore_index=True)


def _paid(
    chance: np.random.Generator, organisation: Organisation, story: Households, rows: pd.DataFrame
) -> pd.Series:
    """What came in: a year at once where a contract by the year is renewed; else most of the month's fee, less before
    arrears are collected and more when they are."""
    usual = [_usually_paid(story, month) for month in organisation.months]
    share = np.array(usual)[rows["month"].to_numpy()] + chance.normal(0, PAID_NOISE, len(rows))
    by_year = np.where(rows["renewed"], MONTHS_OF_A_YEAR, 0) * rows["fee_due"]
    paid: pd.Series = (share * rows["fee_due"]).where(~rows["by_year"], by_year)
    return paid.round(2)


def _usually_paid(story: Households, month: Month) -> float:
    if month.month in story.collections:
        return PAID_IN_COLLECTION
    soon = {(month + 1).month, (month + 2).month} & set(story.collections)
    return PAID_BEFORE_COLLECTION if soon else PAID
