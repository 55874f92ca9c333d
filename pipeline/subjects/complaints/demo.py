"""Made-up complaints: every case of the whole time at once, then each month's view of the cases at hand."""

import numpy as np
import pandas as pd

from pipeline.base.calendar import Month
from pipeline.demo.chance import draw, in_language, stream
from pipeline.demo.names import SURNAMES
from pipeline.demo.people import NEVER, Organisation, as_form, customers_in
from pipeline.demo.sample import Sample
from pipeline.demo.trade import Pair, Trade
from pipeline.words import load_words
from schemas.in_use import has_column

CASES_A_CUSTOMER = 0.035  # a month
RUN_MONTHS, RUN_CASES = 3, 5  # the typical problem: so many cases in each of the last months
SLOW_CASES = 0.15
VALID = 0.6  # share of the cases that are found to be right
OFFICE_PEOPLE = 6
_NO_PROBLEM: tuple[int, Pair, Pair] = (0, ("", ""), ("", ""))
STAGES = ("inspected_on", "decided_on", "resolved_on", "replied_on")
SIGNED_ON = "customer_signed_on"


def rows_of(sample: Sample, month: Month) -> pd.DataFrame:
    """The rows of the form complaints."""
    cases = sample.once(make_cases)
    rows = complaints_of(cases, month)
    if not has_column("complaints.valid", sample.profile.forms):
        return rows
    chance = stream(sample.organisation.seed, "validity")
    valid = pd.Series(chance.random(len(cases)) < VALID, index=cases["complaint_no"])
    decided = rows["decision"].isin(["approved", "refused"])
    return rows.assign(valid=rows["complaint_no"].map(valid).astype("boolean").where(decided))


def complaints_of(cases: pd.DataFrame, month: Month) -> pd.DataFrame:
    """The complaints form of every manager: the cases received in the month, and older ones not closed before.

    Each row shows the case as it stood at the month's end; with `manager_id`.
    """
    start, end = pd.Timestamp(month.first_day), pd.Timestamp(month.last_day)
    at_hand = (cases["received_on"] <= end) & (cases["closed_on"] >= start)
    view = cases[at_hand].reset_index(drop=True)
    for stage in STAGES:
        view[stage] = view[stage].where(view[stage] <= end)
    view = _with_signature(view, end)
    decided, resolved, replied = (view[stage].notna() for stage in STAGES[1:])
    view["decision"] = view["decision"].where(decided, "pending")
    view["action"] = view["action"].where(resolved)
    view["cause"] = view["cause"].where(view["inspected_on"].notna())
    view["customer_confirmed"] = view["customer_confirmed"].astype("boolean").where(replied)
    view["rating"] = view["rating"].astype("Int64").where(replied)
    return as_form("complaints", view).assign(manager_id=view["manager_id"])


def _with_signature(view: pd.DataFrame, end: pd.Timestamp) -> pd.DataFrame:
    """The customer signs on the day of the decision at the latest, where the goods or the service are at fault; bad
    goods are brought back with the form."""
    days = view["inspected_on"] + (view["decided_on"].fillna(end) - view["inspected_on"]) // 2
    signed = days.dt.normalize().where(view["category"].isin(["product_quality", "service_quality"]))
    return view.assign(
        **{SIGNED_ON: signed}, returned_qty=view["quantity"].where(signed.notna() & view["product_id"].notna())
    )


def make_cases(organisation: Organisation) -> pd.DataFrame:
    """All cases: the columns of the form as they end up, `manager_id`, and `closed_on`, the last day on which
    anything happened."""
    months = [_cases_of(organisation, month) for month in organisation.months]
    return pd.concat(months, ignore_index=True)


def _cases_of(organisation: Organisation, month: Month) -> pd.DataFrame:
    """The cases received in a month, numbered by day."""
    chance = stream(organisation.seed, "complaints", month)
    customers = _steady(organisation, month)
    usual = int(chance.poisson(len(customers) * CASES_A_CUSTOMER))
    of_late = organisation.number(month) >= len(organisation.months) - RUN_MONTHS
    is_run = of_late and organisation.trade.typical_problem is not None
    count = usual + (RUN_CASES if is_run else 0)
    chosen = customers.iloc[chance.integers(0, max(1, len(customers)), count)] if len(customers) else customers
    cases = pd.DataFrame(
        {
            "received_on": pd.Timestamp(month.first_day)
            + pd.to_timedelta(np.sort(chance.integers(0, month.last_day.day, len(chosen))), unit="D"),
            "customer_id": chosen["customer_id"].to_numpy(),
            "manager_id": chosen["manager_id"].to_numpy(),
        }
    )
    cases = cases.pipe(_with_matter, chance, organisation, usual).pipe(_with_course, chance, organisation)
    numbers = [f"TS{month.year}{month.month:02d}{number:03d}" for number in range(1, len(cases) + 1)]
    return cases.assign(complaint_no=numbers)


def _steady(organisation: Organisation, month: Month) -> pd.DataFrame:
    """Customers who can have a case open for long: they keep their manager, never pause and do not leave."""
    customers = customers_in(organisation, month)
    stays = organisation.customers.loc[customers.index, "left_on"].isna()
    keeps = (customers["moves_in"] == NEVER) & (customers["paused_from"] == NEVER)
    here = customers["joined_on"] < pd.Timestamp(month.first_day)
    steady: pd.DataFrame = customers.loc[stays & keeps & here]
    return steady


def _with_matter(
    cases: pd.DataFrame, chance: np.random.Generator, organisation: Organisation, usual: int
) -> pd.DataFrame:
    """What the cases are about; those after the `usual` ones, in a shuffled order, are the typical problem."""
    trade, count = organisation.trade, len(cases)
    product_number, trouble, reason = trade.typical_problem or _NO_PROBLEM
    is_typical = chance.permutation(count) >= usual
    category = np.where(is_typical, "product_quality", draw(chance, trade.complaint_shares, count))
    texts = [_text(chance, trade, key) for key in category]
    language = organisation.language
    product = np.where(is_typical, product_number, chance.integers(0, len(organisation.products) or 1, count))
    codes = organisation.products["product_id"].to_numpy() if trade.products else np.array([""])
    has_product = category == "product_quality"
    said = [trouble if typical else text[0] for typical, text in zip(is_typical, texts, strict=True)]
    why = [reason if typical else text[1] for typical, text in zip(is_typical, texts, strict=True)]
    return cases.assign(
        category=category,
        product_id=pd.Series(codes[product]).where(has_product),
        quantity=pd.Series(chance.integers(1, 6, count)).astype("Int64").where(has_product),
        description=[in_language(pair, language) for pair in said],
        cause=[in_language(pair, language) for pair in why],
        department=[trade.departments[key] for key in category],
    )


def _text(chance: np.random.Generator, trade: Trade, category: str) -> tuple[Pair, Pair]:
    texts = trade.complaint_texts[category]
    return texts[int(chance.integers(0, len(texts)))]


def _with_course(cases: pd.DataFrame, chance: np.random.Generator, organisation: Organisation) -> pd.DataFrame:
    """How the cases went: looked at, decided, settled, told to the customer; some take weeks."""
    count = len(cases)
    is_slow = chance.random(count) < SLOW_CASES
    gaps = {
        "inspected_on": chance.integers(0, 3, count),
        "decided_on": chance.integers(0, 3, count),
        "resolved_on": np.where(is_slow, chance.integers(15, 75, count), chance.integers(1, 5, count)),
        "replied_on": chance.integers(0, 3, count),
    }
    stages = {}
    day = cases["received_on"]
    for stage, gap in gaps.items():
        day = day + pd.to_timedelta(gap, unit="D")
        stages[stage] = day
    is_goods = (cases["category"] == "product_quality").to_numpy()
    goods_action = chance.choice(np.array(["exchange", "refund"]), count, p=[0.8, 0.2])
    other_action = chance.choice(np.array(["explain", "correct", "other"]), count, p=[0.5, 0.35, 0.15])
    return cases.assign(
        **stages,
        closed_on=stages["replied_on"],
        escalation=np.where(is_slow, chance.choice(np.array(["1", "2"]), count, p=[0.7, 0.3]), "0"),
        decision=np.where(chance.random(count) < 0.93, "approved", "refused"),
        action=np.where(is_goods, goods_action, other_action),
        handler=_handlers(chance, organisation, count),
        customer_confirmed=chance.random(count) < 0.92,
        rating=np.where(is_slow, chance.integers(1, 4, count), chance.integers(3, 6, count)),
    )


def _handlers(chance: np.random.Generator, organisation: Organisation, count: int) -> list[str]:
    """Who dealt with the cases: a few people of the office."""
    words = load_words(organisation.language)
    surnames = [in_language(surname, organisation.language) for surname in SURNAMES[:OFFICE_PEOPLE]]
    team = [words("demo.office.handler", surname=surname) for surname in surnames]
    return [team[number] for number in chance.integers(0, len(team), count)]
