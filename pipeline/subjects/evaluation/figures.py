"""The evaluation of a customer (综合测评), 0–100, with its parts; what it leads to.

Parts, each 0–100, missing where nothing is known:

- volume_rank: place by volume among the active customers of its grade in its region: 100 for the first, 0 for the last
- order_regularity: share of this and the known months before (up to three) in which it bought
- price_compliance, display, lawful: share of the month's visits that found them kept
- stock_health: 100 up to the profile's greatest stock-to-sales ratio, falling to 0 at twice it
- payment: no form gives it, so it is always missing

Score = Σ weight × part ÷ Σ weight, over the parts that are known; weights are the profile's.
"""

from collections.abc import Iterable
from itertools import pairwise

import numpy as np
import pandas as pd

from pipeline.base.frames import records
from pipeline.contract.facts import LOOK_BACK_MONTHS, Facts
from pipeline.contract.figure import Figure
from pipeline.figures.catalogue import declares
from pipeline.figures.grain import MANAGER_CUSTOMER, active_customers
from pipeline.figures.known import customers_untold_now
from pipeline.figures.members import among
from pipeline.subjects.sales.customers import bought_in, movements, stock_health
from pipeline.subjects.visits.lists import prices_kept, visit_offences
from schemas.profile import Profile

EVALUATION = "evaluation"
PARTS = (
    "volume_rank", "order_regularity", "price_compliance", "display", "lawful", "stock_health", "payment",
)  # fmt: skip
_TICKS = {"price_compliance": "price_ok", "display": "display_ok", "lawful": "lawful"}
GOOD_PART = 90.0
LIST_LENGTH = 20


def evaluation(facts: Facts) -> pd.DataFrame:
    """One row per active customer: region_id, manager_id, customer_id, customer_name, grade, channel, PARTS,
    score. Best score first."""
    active = facts.once(active_customers)["customer_id"]
    table = facts.once(movements)
    table = table[among(table["customer_id"], active)].set_index("customer_id")
    parts = pd.DataFrame(
        {
            "volume_rank": _volume_rank(table),
            "order_regularity": _regularity(facts, table.index),
            **{part: _ticked(facts, column, table.index) for part, column in _TICKS.items()},
            "stock_health": _stock_part(facts, table.index),
            "payment": np.nan,
        },
        index=table.index,
    )
    weights = pd.Series({part: facts.profile.evaluation_weights.get(part, 0.0) for part in PARTS})
    given = parts[list(PARTS)].notna() * weights
    total = given.sum(axis=1)
    score = (parts[list(PARTS)].fillna(0) * weights).sum(axis=1) / total.where(total > 0)
    described = table[["region_id", "manager_id", "customer_name", "grade", "channel"]].join(parts)
    scored = described.assign(score=score.round(4)).reset_index()
    return scored.sort_values(["score", "customer_id"], ascending=[False, True], ignore_index=True)


def _volume_rank(table: pd.DataFrame) -> pd.Series:
    by_grade = table.groupby([table["region_id"], table["grade"].fillna("")])["volume"]
    places = by_grade.rank(method="min", ascending=False)
    last = by_grade.transform("count") - 1
    ranked = 100 * (1 - (places - 1) / last.where(last > 0))
    return ranked.fillna(100.0).where(table["volume"].notna())


def _regularity(facts: Facts, customers: pd.Index) -> pd.Series:
    months = [facts, *(facts.before(back) for back in range(1, LOOK_BACK_MONTHS + 1))]
    bought = pd.DataFrame({number: _bought_if_known(one, customers) for number, one in enumerate(months) if one})
    return bought.mean(axis=1) * 100


def _bought_if_known(facts: Facts, customers: pd.Index) -> pd.Series:
    """1 for each customer that bought in a month, 0 for one that did not, missing where nobody reported that."""
    bought = bought_in(facts, customers).astype("float64")
    return bought.where((bought > 0) | ~among(customers, facts.once(customers_untold_now)))


def _ticked(facts: Facts, column: str, customers: pd.Index) -> pd.Series:
    visits = facts.frame("visits")
    shares = visits[column].astype("float64").groupby(visits["customer_id"]).mean()
    return shares.reindex(customers) * 100


def _stock_part(facts: Facts, customers: pd.Index) -> pd.Series:
    stocks = facts.once(stock_health).groupby("customer_id")[["stock", "volume"]].sum()
    high = facts.profile.thresholds.get("stock_to_sales_high", 3.5)
    ratio = stocks["stock"] / stocks["volume"].where(stocks["volume"] > 0)
    part = (100 * (2 - ratio / high)).clip(0, 100)
    unsold = ratio.isna() & (stocks["stock"] > 0)
    return part.mask(unsold, 0.0).reindex(customers)


def promotion_list(facts: Facts) -> pd.DataFrame:
    """The customers recommended for promotions (推荐名单), best first.

    Only grades that the profile admits, without a price or law offence (`visit_offences`) seen in the month, up to
    LIST_LENGTH a region (the profile's `promotion_list`). Columns of `evaluation`, and place (within the
    region) and reasons: the parts at GOOD_PART or better, joined with `,`.
    """
    table = facts.once(evaluation)
    clean = ~table["customer_id"].isin(facts.once(visit_offences)["customer_id"])
    chosen = table[clean & table["grade"].isin(facts.profile.promotion_grades) & table["score"].notna()]
    place = chosen.groupby("region_id").cumcount() + 1
    limit = facts.profile.thresholds.get("promotion_list", LIST_LENGTH)
    listed = chosen.assign(place=place)[place <= limit]
    good = listed[list(PARTS)] >= GOOD_PART
    reasons = [",".join(part for part in PARTS if row[part]) for row in records(good)]
    return listed.assign(reasons=pd.Series(reasons, index=listed.index, dtype="str")).reset_index(drop=True)


def downgrade_proposals(facts: Facts) -> pd.DataFrame:
    """Customers to be put one grade down (降级), each with the visits that found a price below the guide price.

    One row per visit: region_id, manager_id (who made it), customer_id, customer_name, grade, proposed_grade
    (the next of the profile's list; missing for the last or an unknown grade), visit_date, observed_price,
    note, source_file, source_sheet, source_row.
    """
    visits = facts.frame("visits")
    offences = visits[~facts.once(prices_kept)]
    customers = facts.master("customers").drop_duplicates("customer_id")
    grades = [entry.key for entry in facts.profile.lists.get("grades", ())]
    lower = dict(pairwise(grades))
    named = offences.merge(customers[["customer_id", "customer_name", "grade"]], on="customer_id", how="left")
    named = named.assign(proposed_grade=named["grade"].map(lower))
    columns = [
        "region_id", "manager_id", "customer_id", "customer_name", "grade", "proposed_grade", "visit_date",
        "observed_price", "note", "source_file", "source_sheet", "source_row",
    ]  # fmt: skip
    order = ["region_id", "manager_id", "customer_id", "visit_date", "source_row"]
    return named.sort_values(order, ignore_index=True).reindex(columns=columns)


def scores_by_customer(facts: Facts) -> pd.DataFrame:
    """What each active customer of the month got: region_id, manager_id, customer_id, score; none without one."""
    table = facts.once(evaluation).dropna(subset=["score"])
    return table[["region_id", *MANAGER_CUSTOMER, "score"]].reset_index(drop=True)


def _scores(facts: Facts) -> pd.Series:
    return facts.once(scores_by_customer).set_index(MANAGER_CUSTOMER)["score"]


def _scored(facts: Facts) -> pd.Series:
    """1 for each customer that has a score."""
    return (facts.once(_scores) >= 0).astype("int64")


@declares
def evaluation_figures(profile: Profile) -> Iterable[Figure]:
    """The figure of the evaluation of customers (客户综合测评)."""
    yield Figure(
        EVALUATION, "客户综合测评均分", "Mean customer evaluation", "分", "customers",
        "在网户综合测评得分（0–100分）的平均。得分=各项得分按权重加权，未知的项目权重由其余各项分摊；"
        "货款结算没有报表提供，不计分，其权重始终由其余各项分摊。",
        "Mean evaluation (0–100) of active customers; a score weighs its parts, and the weight of unknown parts is "
        "spread over the rest. No form gives payment: it is not scored, and its weight is always spread.",
        ("sales", "visits", "customers"), _scores, _scored, decimals=1, among_all=scores_by_customer,
    )  # fmt: skip
