"""What every customer of the demo holds at each month's end, and how its grade goes: what all forms are cut from, so
that they agree to the cent."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from pipeline.base.calendar import Month
from pipeline.demo.chance import stream
from pipeline.demo.people import Organisation
from pipeline.subjects.holdings.demo_story import Bank

GROWTH, NOISE = 0.004, 0.05  # of a balance, a month
ADDED, DROPPED = 0.012, 0.006  # of the products that a customer may have, a month
ADDED_BY_SELLER, DROPPED_BY_SELLER, MOVES_AWAY_FROM_SELLER = 0.045, 0.03, 0.05
MOVES_AWAY, MOVES_AWAY_ATTACKED, LEFT_BEHIND = 0.004, 0.12, 0.2
UPGRADED, UPGRADED_IF_POTENTIAL, DOWNGRADED, DOWNGRADED_AFTER = 0.003, 0.03, 0.004, 0.25
POTENTIAL, TARGET_NEW, TARGET_OLD = 0.12, 0.55, 0.05
PERSONAL, BEST = "personal", 0


@dataclass(frozen=True)
class Books:
    """All months, each by its number: `balances` (customers × products, yuan), `held`, `added` (held now and not the
    month before) as arrays, `grades` (customers, 0 is the best). `target` and `potential` of each customer."""

    balances: list[np.ndarray]
    held: list[np.ndarray]
    added: list[np.ndarray]
    grades: list[np.ndarray]
    target: np.ndarray
    potential: np.ndarray


def books(organisation: Organisation) -> Books:
    """What the forms of all months are cut from."""
    story: Bank = organisation.trade.material["holdings"]
    chance, customers = stream(organisation.seed, "holdings"), organisation.customers
    grade_keys = list(story.grade_sizes)
    grades = customers["grade"].map({key: place for place, key in enumerate(grade_keys)}).to_numpy(dtype="int64")
    likely = _likely(story, customers)
    held, usual = _at_first(chance, story, customers, likely)
    times = np.array(list(story.grade_sizes.values()))
    balances = usual * times[grades][:, None]
    new = customers["joined_on"].to_numpy() >= np.datetime64(organisation.months[0].first_day)
    target = chance.random(len(customers)) < np.where(new, TARGET_NEW, TARGET_OLD)
    potential = (chance.random(len(customers)) < POTENTIAL) & (grades > BEST)
    told = Books([], [], [], [], target, potential)
    for number, month in enumerate(organisation.months):
        draw, before = stream(organisation.seed, "holdings", month), held
        if number:
            fresh = usual * times[grades][:, None]
            held, balances, away = _moved(draw, organisation, number, held, (balances, fresh), likely)
            grades = _graded(draw, grades, potential, away, len(grade_keys))
        told.balances.append(np.round(balances * held, 2))
        told.held.append(held)
        told.added.append(held & ~before)
        told.grades.append(grades)
    return told


def _at_first(
    chance: np.random.Generator, story: Bank, customers: pd.DataFrame, likely: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """What is held at first, everybody something, and the usual balance of each product (customers × products)."""
    held = chance.random(likely.shape) < likely
    held[:, 0] |= ~held.any(axis=1)
    sizes = customers["channel"].map(dict(story.sizes)).to_numpy(dtype="float64")
    own = sizes * chance.lognormal(0, 0.5, len(customers))
    takes = np.array([one.size for one in story.products])
    return held, own[:, None] * takes[None, :] * chance.lognormal(-0.1, 0.4, likely.shape)


def _likely(story: Bank, customers: pd.DataFrame) -> np.ndarray:
    """Customers × products: how likely each is held."""
    kinds = customers["channel"]
    return np.column_stack(
        [kinds.map(dict(one.held)).fillna(0.0).to_numpy(dtype="float64") for one in story.products]
    )


def sellers_customers(organisation: Organisation, month: Month) -> np.ndarray:
    """Which customers are those of the manager who sells much and keeps few."""
    story: Bank = organisation.trade.material["holdings"]
    managers = organisation.managers["manager_id"]
    seller = managers.iloc[min(story.sells, len(managers) - 1)]
    own: np.ndarray = (organisation.customers["manager_id"] == seller).to_numpy(dtype=bool)
    return own


def attacked_customers(organisation: Organisation, number: int) -> np.ndarray:
    """Which customers another bank goes for in a month: the best personal ones of a branch, in the last months."""
    story: Bank = organisation.trade.material["holdings"]
    regions = organisation.regions["region_id"].tolist()
    here = regions[min(story.attacked, len(regions) - 1)]
    of_late = number >= len(organisation.months) - story.attacked_months
    customers = organisation.customers
    there = customers["manager_id"].map(organisation.region_of) == here
    attacked: np.ndarray = (there & (customers["channel"] == PERSONAL) & of_late).to_numpy(dtype=bool)
    return attacked


def _moved(
    chance: np.random.Generator,
    organisation: Organisation,
    number: int,
    held: np.ndarray,
    balances: tuple[np.ndarray, np.ndarray],
    likely: np.ndarray,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The month after: what is held, at which balances, and whose money went to another bank."""
    seller = sellers_customers(organisation, organisation.months[number])[:, None]
    adds = chance.random(held.shape) < np.where(seller, ADDED_BY_SELLER, ADDED) * (likely > 0)
    drops = chance.random(held.shape) < np.where(seller, DROPPED_BY_SELLER, DROPPED)
    drops[:, 0] = False  # whoever stays keeps the first product
    now = (held | adds) & ~(drops & held)
    attacked = attacked_customers(organisation, number)
    away = chance.random(len(held)) < np.select(
        [attacked, seller[:, 0]], [MOVES_AWAY_ATTACKED, MOVES_AWAY_FROM_SELLER], MOVES_AWAY
    )
    stood, fresh = balances
    grown = stood * (1 + GROWTH) * chance.lognormal(0, NOISE, held.shape)
    grown = np.where(now & ~held, fresh, grown)
    return now, np.where(away[:, None], grown * LEFT_BEHIND, grown), away


def _graded(
    chance: np.random.Generator, grades: np.ndarray, potential: np.ndarray, away: np.ndarray, count: int
) -> np.ndarray:
    rises = chance.random(len(grades)) < np.where(potential, UPGRADED_IF_POTENTIAL, UPGRADED)
    falls = chance.random(len(grades)) < np.where(away, DOWNGRADED_AFTER, DOWNGRADED)
    changed: np.ndarray = np.clip(grades + falls.astype("int64") - (rises & ~falls), BEST, count - 1)
    return changed
