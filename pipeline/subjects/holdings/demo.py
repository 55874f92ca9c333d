"""Made-up holdings of every customer at each month's end, and the master data that go with them."""

import numpy as np
import pandas as pd

from pipeline.base.calendar import Month
from pipeline.demo.chance import in_language, stream
from pipeline.demo.names import SURNAMES
from pipeline.demo.people import Organisation, customers_in
from pipeline.demo.sample import Sample
from pipeline.subjects.holdings.demo_course import PERSONAL, Books, books
from pipeline.subjects.holdings.demo_story import Bank

DEPOSIT, CARDS = "deposit", (1, 1, 1, 2)
INCOME_NOISE = 0.03
TITLES = (("先生", "Mr"), ("女士", "Ms"))


def rows_of(sample: Sample, month: Month) -> pd.DataFrame:
    """The rows of the form holdings: each product that a customer there at the month's end holds."""
    organisation, made = sample.organisation, sample.once(books)
    story: Bank = organisation.trade.material["holdings"]
    number, chance = organisation.number(month), stream(organisation.seed, "income", month)
    now = customers_in(organisation, month)
    here = now[now["left_on"].isna()]
    held = made.held[number]
    balances = made.balances[number]
    before = made.balances[max(number - 1, 0)]
    who, product = np.nonzero(held[here.index])
    place = here.index.to_numpy()[who]
    balance = balances[place, product]
    was = np.where(before[place, product] > 0, before[place, product], balance)
    average = np.round((balance + was) / 2, 2)
    rows = pd.DataFrame(
        {
            "customer_id": here["customer_id"].to_numpy()[who],
            "product_id": np.array([one.code for one in story.products])[product],
            "balance": balance,
            "average": average,
            "income": _of(story, "income", product, average, chance),
            "cost": _of(story, "cost", product, average, chance),
            "cards": _cards(story, organisation, place, product),
            "manager_id": here["manager_id"].to_numpy()[who],
        }
    )
    return rows.sort_values(["manager_id", "customer_id", "product_id"], ignore_index=True)


def _of(
    story: Bank, what: str, product: np.ndarray, average: np.ndarray, chance: np.random.Generator
) -> np.ndarray:
    """A month's income or cost, yuan: of the average balance, or by itself where there is none."""
    rates = np.array([getattr(one, what) for one in story.products])[product]
    has = np.array([one.has_balance for one in story.products])[product]
    noise = chance.lognormal(0, INCOME_NOISE, len(product))
    amount: np.ndarray = np.round(np.where(has, rates / 12 * average, rates) * noise, 2)
    return amount


def _cards(story: Bank, organisation: Organisation, place: np.ndarray, product: np.ndarray) -> pd.Series:
    """Debit cards of personal customers, on the row of their first product."""
    cards = np.array(CARDS)[
        stream(organisation.seed, "cards").integers(0, len(CARDS), len(organisation.customers))
    ]
    personal = (organisation.customers["channel"] == PERSONAL).to_numpy()
    first = np.array([one.category == DEPOSIT for one in story.products])[product] & (product == 0)
    return (
        pd.Series(np.where(first & personal[place], cards[place], -1)).astype("Int64").where(lambda one: one > 0)
    )


def masters_of(sample: Sample, month: Month) -> dict[str, pd.DataFrame]:
    """Products, customers with their grade of the month, roles, outlets, posts, teams."""
    organisation, made, types = sample.organisation, sample.once(books), sample.profile.forms
    frames = {
        "products": _products(organisation),
        "customers": _customers(organisation, made, month),
        "managers": _managers(organisation),
        "outlets": outlets(organisation),
        "posts": posts(organisation),
        "team": _team(organisation, month),
    }
    return {key: _typed(rows, types[key].dtypes) for key, rows in frames.items() if key in types}


def _typed(rows: pd.DataFrame, dtypes: dict[str, str]) -> pd.DataFrame:
    return rows.reindex(columns=list(dtypes)).astype(dtypes).reset_index(drop=True)


def _products(organisation: Organisation) -> pd.DataFrame:
    story: Bank = organisation.trade.material["holdings"]
    return pd.DataFrame(
        [
            {
                "product_id": one.code,
                "product_name": in_language(one.name, organisation.language),
                "category": one.category,
                "aum": one.in_aum,
                "wealth": one.is_wealth,
                "pay_per_unit": one.pay_per_unit,
            }
            for one in story.products
        ]
    )


def _customers(organisation: Organisation, made: Books, month: Month) -> pd.DataFrame:
    known = customers_in(organisation, month)
    grades = np.array(list(organisation.trade.material["holdings"].grade_sizes))
    names = _names(organisation)[known.index]
    return known.assign(
        kind=known["channel"],
        customer_name=np.where(known["channel"] == PERSONAL, names, known["customer_name"]),
        grade=grades[made.grades[organisation.number(month)][known.index]],
        target=made.target[known.index],
        potential=made.potential[known.index],
    )


def _names(organisation: Organisation) -> np.ndarray:
    chance = stream(organisation.seed, "names")
    count = len(organisation.customers)
    surname = chance.integers(0, len(SURNAMES), count)
    title = chance.integers(0, len(TITLES), count)
    said = [(SURNAMES[one], TITLES[other]) for one, other in zip(surname, title, strict=True)]
    if organisation.language == "zh":
        return np.array([name[0] + word[0] for name, word in said], dtype=object)
    return np.array([f"{word[1]} {name[1]}" for name, word in said], dtype=object)


def _managers(organisation: Organisation) -> pd.DataFrame:
    story: Bank = organisation.trade.material["holdings"]
    managers = organisation.managers
    place = managers.groupby("region_id").cumcount()
    return managers.assign(role=[story.roles[one % len(story.roles)] for one in place])


def outlets(organisation: Organisation) -> pd.DataFrame:
    """The outlets of every branch."""
    story: Bank = organisation.trade.material["holdings"]
    chance = stream(organisation.seed, "outlets")
    rows = []
    for region in organisation.regions["region_id"]:
        for place, (kind, name) in enumerate(story.outlets):
            rows.append(
                {
                    "outlet_id": f"{region}W{place + 1}",
                    "region_id": region,
                    "name": in_language(name, organisation.language),
                    "kind": kind,
                    "near_market": chance.random() < 0.6,
                    "corporate_business": place == 0 or chance.random() < 0.4,
                    "credit": place == 0 or chance.random() < 0.6,
                    "area_m2": float(chance.integers(9, 40) * 10),
                    "prime_site": chance.random() < 0.5,
                    "busy": chance.random() < 0.5,
                    "large_customers": int(chance.integers(120, 950)),
                }
            )
    return pd.DataFrame(rows)


def posts(organisation: Organisation) -> pd.DataFrame:
    """Who works where: the managers of a branch, at its outlets in turn."""
    managers, story = _managers(organisation), organisation.trade.material["holdings"]
    place = managers.groupby("region_id").cumcount() % len(story.outlets)
    chance = stream(organisation.seed, "posts")
    return pd.DataFrame(
        {
            "manager_id": managers["manager_id"],
            "outlet_id": [f"{region}W{one + 1}" for region, one in zip(managers["region_id"], place, strict=True)],
            "role": managers["role"],
            "full_time": chance.random(len(managers)) < 0.8,
        }
    )


def _team(organisation: Organisation, month: Month) -> pd.DataFrame:
    """The first corporate customers of each branch, shared with the next manager there."""
    story: Bank = organisation.trade.material["holdings"]
    now = customers_in(organisation, month)
    now = now[(now["channel"] == "corporate") & now["left_on"].isna()]
    rows = []
    for _, team in organisation.managers.groupby("region_id"):
        ids = team["manager_id"].tolist()
        shared = now[now["manager_id"] == ids[-1]].head(story.shared)
        for code in shared["customer_id"] if len(ids) > 1 else ():
            rows += [(code, ids[-1], 0.7), (code, ids[0], 0.3)]
    return pd.DataFrame(rows, columns=["customer_id", "manager_id", "share"])
