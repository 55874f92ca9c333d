"""The made-up market of every branch: deposits and loans of all banks, of which the organisation has some percent."""

import numpy as np
import pandas as pd

from pipeline.base.calendar import Month
from pipeline.demo.chance import stream
from pipeline.demo.people import Organisation
from pipeline.demo.sample import Sample
from pipeline.subjects.holdings.demo_course import books
from pipeline.subjects.holdings.demo_story import Bank

CATEGORIES = ("deposit", "loan")
GROWTH = 0.006  # a month
ROUND_TO = 10_000.0


def masters_of(sample: Sample, month: Month) -> dict[str, pd.DataFrame]:
    """The month's market."""
    if "market" not in sample.profile.forms:
        return {}
    organisation = sample.organisation
    held = sample.once(_at_first)
    chance = stream(organisation.seed, "market", month)
    grown = (1 + GROWTH) ** organisation.number(month)
    rows = [
        {
            "month": str(month),
            "region_id": region,
            "category": category,
            "total": float(
                np.round(held[region, category] * grown * chance.normal(1, 0.005) / ROUND_TO) * ROUND_TO
            ),
        }
        for region in organisation.regions["region_id"]
        for category in CATEGORIES
    ]
    return {"market": pd.DataFrame(rows).astype(sample.profile.forms["market"].dtypes)}


def _at_first(organisation: Organisation) -> dict[tuple[str, str], float]:
    """The market of each region and category in the first month, yuan."""
    story: Bank = organisation.trade.material["holdings"]
    balances = books(organisation).balances[0]
    regions = organisation.customers["manager_id"].map(organisation.region_of)
    there = (organisation.customers["joined_on"] <= pd.Timestamp(organisation.months[0].last_day)).to_numpy()
    told = {}
    for region in organisation.regions["region_id"]:
        for category in CATEGORIES:
            columns = [place for place, one in enumerate(story.products) if one.category == category]
            own = balances[there & (regions == region).to_numpy()][:, columns].sum()
            told[region, category] = float(own) / story.market_share
    return told
