"""The business of the demo over all months: deals that go from stage to stage, the drafts that go round for them, the
contracts that come of it and what is paid for them. What all four forms are cut from, so that they agree."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from pipeline.base.calendar import Month
from pipeline.demo.chance import in_language, stream
from pipeline.demo.names import SHOP_NAMES
from pipeline.demo.people import Organisation, customers_in
from pipeline.demo.trade import Pair
from schemas.deals import LOST, OPEN_STAGES, WON

NEVER = pd.Timestamp.max.normalize()
STEPS = {"needs": (4, 14), "quote": (6, 18), "negotiation": (5, 16), "closed": (4, 20)}  # days from stage to stage
LOST_EARLY = 0.35  # of the deals that are lost, before a quotation
MISJUDGED = (-12, 16)  # days by which a deal closes after the day expected
PROSPECTS_A_MONTH = 0.5  # deals of a manager with somebody who is no customer
ACCEPTED, GIVEN_UP = 0.55, 0.06  # of the drafts shown
PAID_AT_ONCE, PART_AT_ONCE = 0.5, 0.3
NO_DAY = 0.05
MONTHS_BETWEEN = 2  # of the sure deals of the customer that pays late


@dataclass(frozen=True)
class Pitch:
    """A pitch that is won: by which manager (counted from 0), how many months before the last it opens, its amount."""

    manager: int
    months_ago: int
    amount_yuan: float
    title: Pair


@dataclass(frozen=True)
class Business:
    """What business is like: by grade, how many deals a customer opens in a month and the yuan of a contract; by
    calendar month how busy it is (1 where it does not say); the share of deals won.

    `goes_round` is the manager (counted from 0) whose drafts are not accepted before round `rounds`; a large customer
    of the manager `pays_late` opens a deal every other month and pays so many days after everybody.
    `titles` are by kind of draft.
    """

    deals_a_month: Mapping[str, float]
    amount_yuan: Mapping[str, tuple[float, float]]
    busy: Mapping[int, float]
    won: float
    goes_round: int
    rounds: int
    pays_late: int
    days_late: int
    pitch: Pitch
    titles: Mapping[str, Sequence[Pair]]
    feedback: Sequence[Pair]
    next_steps: Mapping[str, Sequence[Pair]]


@dataclass(frozen=True)
class Books:
    """All rows of the four forms: deals with the day of each stage (`needs_on` … NEVER where it does not come) and
    `outcome`; rounds of drafts with the day of everything; contracts; receipts. Each with `customer_id` and, where that
    is missing, `owner`."""

    deals: pd.DataFrame
    rounds: pd.DataFrame
    contracts: pd.DataFrame
    receipts: pd.DataFrame


def books(organisation: Organisation) -> Books:
    """What the forms of all months are cut from."""
    story: Business = organisation.trade.material["deals"]
    deals = _numbered(list(_all_deals(organisation, story)), "QT", "opened_on", "deal_no")
    chance = stream(organisation.seed, "drafts")
    contracts = _numbered(
        [_contract(chance, one) for one in deals if one["outcome"] == WON], "HT", "signed_on", "contract_no"
    )
    drafts = [_draft(organisation, story, chance, one) for one in deals if one["customer_id"] is not None]
    rounds = [
        row
        for one in _numbered([one for one in drafts if one], "WG", "made_on", "draft_no")
        for row in _rounds(one)
    ]
    late = _late_payer(organisation, story)
    receipts = [row for one in contracts for row in _receipts(chance, story, one, late)]
    frames = (pd.DataFrame(one) for one in (deals, rounds, contracts, receipts))
    return Books(*frames)


def with_manager(organisation: Organisation, rows: pd.DataFrame, month: Month) -> pd.DataFrame:
    """Rows with the manager who has their customer in a month, else their owner, by manager."""
    managers = customers_in(organisation, month).set_index("customer_id")["manager_id"]
    whose = rows["customer_id"].map(managers)
    return rows.assign(manager_id=whose.where(whose.notna(), rows["owner"]).astype("str"))


def _steady(organisation: Organisation, month: Month) -> list[Any]:
    """The customers that may open a deal in a month: there when it begins, and never to leave."""
    rows: Any = customers_in(organisation, month)
    stays = organisation.customers.loc[rows.index, "left_on"].isna()
    return list(rows[stays & (rows["joined_on"] < pd.Timestamp(month.first_day))].itertuples())


def _all_deals(organisation: Organisation, story: Business) -> Iterator[dict[str, Any]]:
    for month in organisation.months:
        chance = stream(organisation.seed, "deals", month)
        busy, late = story.busy.get(month.month, 1.0), _late_payer(organisation, story)
        for one in _steady(organisation, month):
            sure = str(one.customer_id) == late and organisation.number(month) % MONTHS_BETWEEN == 0
            if sure or chance.random() < busy * story.deals_a_month[str(one.grade)]:
                amounts = story.amount_yuan[str(one.grade)]
                yield _deal(chance, story, month, str(one.customer_id), str(one.manager_id), amounts, sure=sure)
        for owner in organisation.managers["manager_id"]:
            if chance.random() < PROSPECTS_A_MONTH:
                name = in_language(SHOP_NAMES[int(chance.integers(0, len(SHOP_NAMES)))], organisation.language)
                deal = _deal(chance, story, month, None, str(owner), story.amount_yuan["medium"])
                yield {**deal, "prospect": f"{name}{month.month}", "outcome": LOST}
        yield from _pitched(organisation, story, month)


def _deal(
    chance: np.random.Generator, story: Business, month: Month, customer: str | None, owner: str,
    amounts: tuple[float, float], *, sure: bool = False,
) -> dict[str, Any]:  # fmt: skip
    days = {
        "opened_on": pd.Timestamp(month.first_day) + pd.Timedelta(days=int(chance.integers(0, month.last_day.day)))
    }
    day = days["opened_on"]
    for step, (least, most) in STEPS.items():
        day = days[f"{step}_on"] = day + pd.Timedelta(days=int(chance.integers(least, most)))
    won = bool(chance.random() < story.won) or sure
    if not won and chance.random() < LOST_EARLY:
        days |= {"quote_on": NEVER, "negotiation_on": NEVER, "closed_on": days["quote_on"]}
    expected_on = days["closed_on"] - pd.Timedelta(days=int(chance.integers(*MISJUDGED)))
    amount = round(float(np.exp(chance.uniform(*np.log(amounts)))), -2)
    return {
        "customer_id": customer, "owner": owner, "prospect": None, **days, "outcome": WON if won else LOST,
        "expected_amount": amount, "expected_on": max(expected_on, days["needs_on"]), "pitch": False,
        "step": int(chance.integers(0, 1000)),
    }  # fmt: skip


def _pitched(organisation: Organisation, story: Business, month: Month) -> Iterator[dict[str, Any]]:
    """The pitch that is won, in its month."""
    pitch, months = story.pitch, organisation.months
    if len(months) - 1 - organisation.number(month) != min(pitch.months_ago, len(months) - 1):
        return
    owner = organisation.managers["manager_id"].iloc[min(pitch.manager, len(organisation.managers) - 1)]
    own = [one for one in _steady(organisation, month) if one.manager_id == owner and one.grade != "small"]
    first = pd.Timestamp(month.first_day)
    end = pd.Timestamp(months[-1].last_day)
    for one in own[:1]:
        days = {name: first + (end - first) * share for name, share in _PITCH_DAYS.items()}
        yield {
            "customer_id": str(one.customer_id), "owner": str(owner), "prospect": None,
            **{name: day.normalize() for name, day in days.items()}, "outcome": WON,
            "expected_amount": pitch.amount_yuan, "expected_on": days["closed_on"].normalize(), "pitch": True,
            "step": 0,
        }  # fmt: skip


_PITCH_DAYS = {"opened_on": 0.05, "needs_on": 0.15, "quote_on": 0.35, "negotiation_on": 0.65, "closed_on": 0.85}


def _numbered(rows: Sequence[dict[str, Any]], letters: str, day: str, name: str) -> list[dict[str, Any]]:
    """Rows by day, each with a number of its month."""
    counts: dict[str, int] = {}
    found = []
    for row in sorted(rows, key=lambda one: (one[day], str(one["customer_id"]), str(one["owner"]))):
        month = f"{row[day]:%Y%m}"
        counts[month] = counts.get(month, 0) + 1
        found.append({name: f"{letters}{month}{counts[month]:03d}", **row})
    return found


def _contract(chance: np.random.Generator, deal: Mapping[str, Any]) -> dict[str, Any]:
    days = int(chance.choice([15, 30, 30, 45]))
    due = pd.NaT if chance.random() < NO_DAY and not deal["pitch"] else deal["closed_on"] + pd.Timedelta(days=days)
    return {
        "customer_id": deal["customer_id"], "owner": deal["owner"], "signed_on": deal["closed_on"],
        "amount": deal["expected_amount"], "due_on": due,
    }  # fmt: skip


def _late_payer(organisation: Organisation, story: Business) -> str:
    """The customer that pays late: of its manager's the first large one that stays, else the first."""
    manager = organisation.managers["manager_id"].iloc[min(story.pays_late, len(organisation.managers) - 1)]
    own = organisation.customers[(organisation.customers["manager_id"] == manager)]
    stays = own["left_on"].isna() & (own["joined_on"] < pd.Timestamp(organisation.months[0].first_day))
    own = own[stays] if stays.any() else own
    order = own.assign(_place=(own["grade"] != "large").astype(int)).sort_values("_place", kind="stable")
    return str(order["customer_id"].iloc[0])


def _receipts(
    chance: np.random.Generator, story: Business, contract: Mapping[str, Any], late: str
) -> Iterator[dict[str, Any]]:
    """What comes in for a contract: some at once, the rest about the day it is due."""
    due = contract["signed_on"] + pd.Timedelta(days=30) if pd.isna(contract["due_on"]) else contract["due_on"]
    is_late = contract["customer_id"] == late
    rest = contract["amount"]
    if chance.random() < PAID_AT_ONCE and not is_late:
        part = round(PART_AT_ONCE * rest, -2)
        rest -= part
        day = contract["signed_on"] + pd.Timedelta(days=int(chance.integers(0, 6)))
        yield {**_paid(contract), "received_on": day, "amount": part}
    days = int(chance.integers(-12, 14)) + (story.days_late if is_late else 0)
    yield {
        **_paid(contract),
        "received_on": max(due + pd.Timedelta(days=days), contract["signed_on"]),
        "amount": rest,
    }


def _paid(contract: Mapping[str, Any]) -> dict[str, Any]:
    return {name: contract[name] for name in ("contract_no", "customer_id", "owner")}


def _draft(
    organisation: Organisation, story: Business, chance: np.random.Generator, deal: Mapping[str, Any]
) -> dict[str, Any] | None:
    """The draft of a deal that came to a quotation, with the course of its rounds; None for one that did not."""
    kind = str(chance.choice(["paper", "advertisement", "quotation", "plan"], p=[0.1, 0.5, 0.2, 0.2]))
    titles = story.titles[kind]
    title = titles[int(chance.integers(0, len(titles)))]
    managers = organisation.managers["manager_id"].tolist()
    slow = deal["owner"] == managers[min(story.goes_round, len(managers) - 1)]
    course = list(_course(chance, story, deal["needs_on"], slow=slow))
    said = [story.feedback[int(chance.integers(0, len(story.feedback)))] for _ in course]
    if deal["quote_on"] == NEVER:
        return None
    if deal["pitch"]:
        kind, title = "plan", story.pitch.title
    return {
        "customer_id": deal["customer_id"], "owner": deal["owner"], "kind": kind,
        "title": in_language(title, organisation.language), "made_on": course[0]["made_on"], "course": course,
        "said": [in_language(one, organisation.language) for one in said],
    }  # fmt: skip


def _course(
    chance: np.random.Generator, story: Business, start: pd.Timestamp, *, slow: bool
) -> Iterator[dict[str, Any]]:
    """The days of each round: made, shown to the superior and to the customer, decided; how it ended."""
    made = start + pd.Timedelta(days=int(chance.integers(1, 6)))
    for number in range(1, 9):
        superior = made + pd.Timedelta(days=int(chance.integers(0, 3)))
        customer = superior + pd.Timedelta(days=int(chance.integers(1, 5)))
        decided = customer + pd.Timedelta(days=int(chance.integers(1, 14 if chance.random() < 0.12 else 5)))
        accepted = number >= story.rounds if slow else chance.random() < ACCEPTED
        given_up = chance.random() < GIVEN_UP and not slow
        yield {
            "made_on": made, "shown_superior_on": superior, "shown_customer_on": customer, "decided_on": decided,
            "ended": "given_up" if given_up else "accepted" if accepted else "revise",
        }  # fmt: skip
        if given_up or accepted:
            return
        made = decided + pd.Timedelta(days=int(chance.integers(1, 6)))


def _rounds(draft: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    kept = {name: draft[name] for name in ("draft_no", "customer_id", "owner", "kind", "title")}
    for number, (days, said) in enumerate(zip(draft["course"], draft["said"], strict=True), 1):
        yield {**kept, "round": number, **days, "feedback": said}


def stage_at(deals: pd.DataFrame, end: pd.Timestamp) -> pd.Series:
    """The stage of each deal at the end of a day."""
    stage = pd.Series(OPEN_STAGES[0], index=deals.index)
    for name in OPEN_STAGES[1:]:
        stage = stage.mask(deals[f"{name}_on"] <= end, name)
    return stage.mask(deals["closed_on"] <= end, deals["outcome"])
