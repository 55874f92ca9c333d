"""Made-up promotions: a campaign every third month, its customers settled by the brand manager, things issued and
signed for; one customer of too low a grade is given something, and some are not reached."""

import numpy as np
import pandas as pd

from pipeline.base.calendar import Month
from pipeline.demo.chance import draw, in_language, stream
from pipeline.demo.people import Organisation, as_form, trading_in
from pipeline.demo.sample import Sample
from pipeline.demo.trade import Pair

EVERY = 3  # months, the last one of the story among them
CHOSEN = 0.3  # of the customers of a grade that promotions are for
REACHED, SIGNED = 0.92, 0.96
SETTLED_DAY, FIRST_DAY, DAYS = 3, 5, 16
ITEMS: tuple[tuple[Pair, str], ...] = (
    (("打火机", "Lighter"), "goods"),
    (("雨伞", "Umbrella"), "goods"),
    (("宣传单", "Leaflet"), "material"),
)
PRODUCT = 11  # the number of the product promoted


def rows_of(sample: Sample, month: Month) -> pd.DataFrame:
    """The rows of the form promotions."""
    organisation = sample.organisation
    if not _is_campaign(organisation, month):
        return as_form("promotions", pd.DataFrame()).assign(manager_id=pd.Series(dtype="str"))
    chance, settled = stream(organisation.seed, "promotions", month), _settled(sample, month)
    given = settled[chance.random(len(settled)) < REACHED]
    given = pd.concat([given, _one_too_many(sample, month)], ignore_index=True)
    count = len(given)
    item = draw(chance, {str(number): 1.0 for number in range(len(ITEMS))}, count).astype("int64")
    day = FIRST_DAY - 1 + chance.integers(0, DAYS, count)
    issued = given.assign(
        issued_on=pd.Timestamp(month.first_day) + pd.to_timedelta(day, unit="D"),
        item=[in_language(ITEMS[one][0], organisation.language) for one in item],
        kind=[ITEMS[one][1] for one in item],
        quantity=chance.integers(2, 11, count),
        customer_signed=chance.random(count) < SIGNED,
    ).sort_values(["manager_id", "issued_on", "customer_id"], ignore_index=True)
    return as_form("promotions", issued).assign(manager_id=issued["manager_id"])


def masters_of(sample: Sample, month: Month) -> dict[str, pd.DataFrame]:
    """The customers settled for the newest campaign, in the columns of their form; none before the first."""
    newest = [one for one in sample.organisation.months if one <= month and _is_campaign(sample.organisation, one)]
    if not newest:
        return {}
    return {"promotion_customers": as_form("promotion_customers", _settled(sample, newest[-1]))}


def _is_campaign(organisation: Organisation, month: Month) -> bool:
    """The first comes when there are three months before it to compare with."""
    return organisation.number(month) >= EVERY and (organisation.months[-1] - month) % EVERY == 0


def _settled(sample: Sample, month: Month) -> pd.DataFrame:
    customers = trading_in(sample.organisation, month)
    admitted = customers[customers["grade"].isin(sample.profile.promotion_grades)]
    here = admitted[admitted["left_on"].isna() & (admitted["joined_on"] < pd.Timestamp(month.first_day))]
    chance = stream(sample.organisation.seed, "promotion_customers", month)
    chosen = here[chance.random(len(here)) < CHOSEN]
    return _of_campaign(chosen, sample.organisation, month)


def _one_too_many(sample: Sample, month: Month) -> pd.DataFrame:
    """The first customer of a grade that promotions are not for."""
    customers = trading_in(sample.organisation, month)
    low = customers[~customers["grade"].isin(sample.profile.promotion_grades) & customers["left_on"].isna()]
    low = low[low["joined_on"] < pd.Timestamp(month.first_day)]
    return _of_campaign(low.head(1), sample.organisation, month)


def _of_campaign(customers: pd.DataFrame, organisation: Organisation, month: Month) -> pd.DataFrame:
    product = str(organisation.products["product_id"].iloc[np.minimum(PRODUCT, len(organisation.products) - 1)])
    return pd.DataFrame(
        {
            "campaign_no": f"CX{month.year % 100:02d}{month.month:02d}",
            "product_id": product,
            "customer_id": customers["customer_id"].to_numpy(),
            "manager_id": customers["manager_id"].to_numpy(),
            "confirmed_on": pd.Timestamp(month.first_day) + pd.Timedelta(days=SETTLED_DAY - 1),
        }
    )
