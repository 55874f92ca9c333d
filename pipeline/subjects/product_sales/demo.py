"""Made-up product sales: what customers have newly come to hold, and what they add to it; the targets."""

import numpy as np
import pandas as pd

from pipeline.base.calendar import Month
from pipeline.demo.chance import stream
from pipeline.demo.people import trading_in
from pipeline.demo.sample import Sample
from pipeline.subjects.holdings.demo_course import books, sellers_customers
from pipeline.subjects.holdings.demo_story import Bank

TOPPED_UP, TOPPED_UP_BY_SELLER = 0.02, 0.07
GIVEN_BACK = 0.01
ROUND_TO = 100.0


def rows_of(sample: Sample, month: Month) -> pd.DataFrame:
    """The rows of the form of product sales, with `manager_id`."""
    organisation, made = sample.organisation, sample.once(books)
    story: Bank = organisation.trade.material["holdings"]
    number, chance = organisation.number(month), stream(organisation.seed, "product_sales", month)
    customers = trading_in(organisation, month)
    customers = customers[customers["left_on"].isna()]
    places = customers.index.to_numpy()
    seller = sellers_customers(organisation, month)[places][:, None]
    sold_kinds = np.array([one.pay_per_unit > 0 for one in story.products])[None, :]
    more = chance.random((len(places), len(story.products))) < np.where(seller, TOPPED_UP_BY_SELLER, TOPPED_UP)
    sold = (made.added[number][places] | (more & made.held[number][places])) & sold_kinds
    who, product = np.nonzero(sold)
    first, last = _days(customers, month)
    day = first[who] + np.floor(chance.random(len(who)) * (last - first + 1)[who]).astype("int64")
    amount = np.maximum(np.round(made.balances[number][places[who], product] * 0.3 / ROUND_TO) * ROUND_TO, 0)
    back = chance.random(len(who)) < GIVEN_BACK
    sign = np.where(back, -1, 1)
    rows = pd.DataFrame(
        {
            "manager_id": customers["manager_id"].to_numpy()[who],
            "order_date": pd.Timestamp(month.first_day) + pd.to_timedelta(day, unit="D"),
            "customer_id": customers["customer_id"].to_numpy()[who],
            "product_id": np.array([one.code for one in story.products])[product],
            "sold_qty": sign * 1,
            "amount": sign * amount,
        }
    )
    return rows.sort_values(["manager_id", "order_date", "customer_id", "product_id"], ignore_index=True)


def _days(customers: pd.DataFrame, month: Month) -> tuple[np.ndarray, np.ndarray]:
    """The first and last day of the month, from 0, on which each customer is there."""
    first = pd.Timestamp(month.first_day)
    joined = (customers["joined_on"] - first).dt.days.clip(lower=0).to_numpy()
    return joined, np.full(len(customers), month.last_day.day - 1)


AMBITION = 1.04
METRICS = (("AUM", "AUM"), ("新增目标客户", "New target customers"))


def targets_of(sample: Sample) -> pd.DataFrame:
    """The targets for all months and the rest of the last one's year: AUM of managers, regions and the whole, a little
    above what they had at the end of the year before."""
    organisation = sample.organisation
    made, story = sample.once(books), organisation.trade.material["holdings"]
    owners = organisation.customers["manager_id"]
    own = [place for place, one in enumerate(story.products) if one.in_aum]
    personal = (organisation.customers["channel"] == "personal").to_numpy()
    last = organisation.months[-1]
    frames = []
    for month in (*organisation.months, *(last + number for number in range(1, 13 - last.month))):
        base = Month(month.year, 1) + -1
        number = min(max(base - organisation.months[0], 0), len(organisation.months) - 1)
        there = (
            organisation.customers["joined_on"] <= pd.Timestamp(organisation.months[number].last_day)
        ).to_numpy()
        aum = (
            pd.Series(made.balances[number][:, own].sum(axis=1) * personal * there)
            .groupby(owners.to_numpy())
            .sum()
        )
        raised = (aum * (1 + (AMBITION - 1) * month.month / 12 * 2) / 1000).round() * 1000
        by_region = raised.groupby(raised.index.map(organisation.region_of)).sum()
        levels = {"manager": raised, "region": by_region, "organisation": pd.Series([raised.sum()], index=[None])}
        for level, values in levels.items():
            frames.append(
                pd.DataFrame(
                    {
                        "month": str(month),
                        "level": level,
                        "entity_id": values.index,
                        "metric": METRICS[0][organisation.language != "zh"],
                        "target": values.to_numpy(),
                    }
                )
            )
    rows = pd.concat(frames, ignore_index=True)
    types = sample.profile.forms["targets"].dtypes
    return rows[list(types)].astype(types)
