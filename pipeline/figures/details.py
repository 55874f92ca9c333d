"""Further frames of a month, beside the metrics: who or what stands behind a figure.

`details_of_month` makes each frame once for everybody, by manager; `details_of` cuts out what one region,
manager or the organisation may see and adds it up. Codes stand as they are stored; the sheets find their labels.

Frames made here (key columns | measures):

- sales_by_category: category | volume, amount_yuan, each with `_previous` and `_last_year`
- sales_by_brand: brand | the same
- sales_by_product: product_id, product_name, brand, category | the same, and short (cartons ordered and not
  supplied) and buyers (customers with a net volume above 0; coverage 上柜率 is these ÷ active customers)
- complaints_by_category: category | received, received_previous, received_last_year, open
- complaints_by_product: product_id | the same (cases about a product)
- complaint_cases: one row per case open at the month's end or received in the month: complaint_no, manager_id,
  region_id, customer_id, category, product_id, description, department, handler, escalation, received_on,
  due_on, resolved_on, state (open, overdue, closed), days_overdue (working days at the month's end),
  source_file, source_sheet, source_row; overdue first, longest first
- satisfaction_by_dimension: dimension | score (1–10), answers, and score_previous, score_last_year
- repeated_cases: the same for repeats of the month, without state and days_overdue
- visit_offences: region_id, manager_id, customer_id, offence (price, law), visit_date, observed_price,
  source_file, source_sheet, source_row; missed_visits: region_id, manager_id, customer_id, customer_name,
  grade, due_on
- customers_by_movement: see `customers.movements`; stock_health: see `customers.stock_health`; pareto: see
  `customers.pareto`
- customer_evaluation, promotion_list, downgrade_proposals: see `evaluation`
- growth_effects: compared_with (previous, last_year) | amount_base, volume_effect, mix_effect, price_effect,
  change, amount (yuan); growth_by_customers: compared_with, kind | customers, change (yuan): see `growth`
- satisfaction_trend, satisfaction_change: see `trend`; january_and_february: see `metrics` (from February on)

Volumes are cartons, amounts yuan, counts cases. A month that is not known leaves its columns missing; a code
that was not sold in a known month has 0. Scores are the mean over answers that give the dimension.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from pipeline.calendar import Month
from pipeline.figures.cases import cases_of, known_cases, open_cases, repeated_cases, working_days_to
from pipeline.figures.count import MonthCounts
from pipeline.figures.customers import movements, pareto, stock_health
from pipeline.figures.declare import Figure, Level
from pipeline.figures.evaluation import downgrade_proposals, evaluation, promotion_list
from pipeline.figures.exact import TEN_THOUSANDTHS
from pipeline.figures.facts import Facts
from pipeline.figures.grain import add_up, regions_by_manager, sales_by_product, sales_with_product
from pipeline.figures.growth import (
    customer_sums,
    growth_by_customers,
    growth_effects,
    product_sums,
)
from pipeline.figures.metrics import january_and_february
from pipeline.figures.plan import planned_visits
from pipeline.figures.trend import satisfaction_change, satisfaction_trend
from schemas.satisfaction import DIMENSIONS

COMPARED = ("previous", "last_year")
_EFFECTS = ["compared_with", "amount_base", "volume_effect", "mix_effect", "price_effect", "change", "amount"]
_KINDS = ["compared_with", "kind", "customers", "change"]
_OFFENCES = [
    "region_id", "manager_id", "customer_id", "offence", "visit_date", "observed_price", "source_file",
    "source_sheet", "source_row",
]  # fmt: skip
_MISSED = ["region_id", "manager_id", "customer_id", "customer_name", "grade", "due_on"]
_ENTITY = ["region_id", "manager_id"]
_CASE_COLUMNS = [
    "complaint_no", "manager_id", "region_id", "customer_id", "category", "product_id", "description",
    "department", "handler", "escalation", "received_on", "due_on", "resolved_on", "state", "days_overdue",
    "source_file", "source_sheet", "source_row",
]  # fmt: skip


@dataclass(frozen=True)
class Compared:
    """A month's facts with those it is compared with; None where a month is not known."""

    now: Facts
    previous: Facts | None = None
    last_year: Facts | None = None


Count = Callable[[Facts], pd.DataFrame]


@dataclass(frozen=True)
class Detail:
    """A frame of sums: its key columns, and how a month's rows (manager_id, keys, measures) are counted."""

    keys: tuple[str, ...]
    measures: tuple[str, ...]
    count: Count


def _sales_by(facts: Facts, key: str) -> pd.DataFrame:
    sums = add_up(facts.once(sales_with_product), ["manager_id", key])
    return sums.assign(amount_yuan=sums["amount"])


def _sales_by_category(facts: Facts) -> pd.DataFrame:
    return _sales_by(facts, "category")


def _sales_by_brand(facts: Facts) -> pd.DataFrame:
    return _sales_by(facts, "brand")


def _sales_by_product(facts: Facts) -> pd.DataFrame:
    """With the cartons ordered and not supplied, and the customers that bought the product."""
    sales = facts.once(sales_by_product)
    bought = sales.assign(buyers=(sales["volume"] > 0).astype("int64"))
    sums = bought.groupby(["manager_id", "product_id"], observed=True)[["short", "buyers"]].sum()
    more = sums.reset_index().astype({"manager_id": "str", "product_id": "str"})
    return _sales_by(facts, "product_id").merge(more, on=["manager_id", "product_id"])


def _cases_by(facts: Facts, key: str) -> pd.DataFrame:
    received = cases_of(facts, "received_on").assign(received=1, open=0)
    still_open = facts.once(open_cases).assign(received=0, open=1)
    both = pd.concat([received, still_open], ignore_index=True).dropna(subset=[key])
    return both.groupby(["manager_id", key])[["received", "open"]].sum().reset_index()


def _cases_by_category(facts: Facts) -> pd.DataFrame:
    return _cases_by(facts, "category")


def _cases_by_product(facts: Facts) -> pd.DataFrame:
    return _cases_by(facts, "product_id")


def _scores(facts: Facts) -> pd.DataFrame:
    answers = facts.frame("satisfaction")
    known = [name for name in DIMENSIONS if name in answers]
    long = answers.melt(["manager_id"], known, "dimension", "points").dropna(subset=["points"])
    return long.groupby(["manager_id", "dimension"])["points"].agg(points="sum", answers="count").reset_index()


SUMS: dict[str, Detail] = {
    "sales_by_category": Detail(("category",), ("volume", "amount_yuan"), _sales_by_category),
    "sales_by_brand": Detail(("brand",), ("volume", "amount_yuan"), _sales_by_brand),
    "sales_by_product": Detail(("product_id",), ("volume", "amount_yuan", "short", "buyers"), _sales_by_product),
    "complaints_by_category": Detail(("category",), ("received", "open"), _cases_by_category),
    "complaints_by_product": Detail(("product_id",), ("received", "open"), _cases_by_product),
    "satisfaction_by_dimension": Detail(("dimension",), ("points", "answers"), _scores),
}


@dataclass(frozen=True)
class MonthDetails:
    """All that reports are cut from: `sums` by name and month ("now", "previous", "last_year"), a frame by
    region_id, manager_id and keys with whole measures; None for a month that is not known. `lists` by name:
    one row per case or customer, with region_id and manager_id. `products` is the month's master data."""

    sums: Mapping[str, Mapping[str, pd.DataFrame | None]]
    lists: Mapping[str, pd.DataFrame]
    products: pd.DataFrame
    growth: "Growth"
    month: Month
    counts: Mapping[Month, MonthCounts]
    by_entity: Mapping[str, pd.DataFrame]


@dataclass(frozen=True)
class Growth:
    """What growth is explained from: sums by manager and product, and by manager and customer, of each known
    month ("now", "previous", "last_year"), when customers joined, and when the months began."""

    products: Mapping[str, pd.DataFrame]
    customers: Mapping[str, pd.DataFrame]
    joined_on: pd.Series
    starts: Mapping[str, pd.Timestamp]


def details_of_month(
    months: Compared, counts: Mapping[Month, MonthCounts] | None = None, figures: Sequence[Figure] = ()
) -> MonthDetails:
    """Every frame of a month, for everybody.

    Args:
        months: the month's facts and those it is compared with.
        counts: those of this month and of as many before as are known; without them there is no trend of
            satisfaction and no sum of January and February.
        figures: those that the sum of January and February is made for.
    """
    month, known_counts = months.now.month, counts or {}
    by_entity = {"january_and_february": january_and_february(month, known_counts, figures)}
    if month in known_counts:
        by_entity["satisfaction_change"] = satisfaction_change(month, known_counts)
    known = {"now": months.now, "previous": months.previous, "last_year": months.last_year}
    sums = {
        name: {when: None if facts is None else _with_region(detail, facts) for when, facts in known.items()}
        for name, detail in SUMS.items()
    }
    products = months.now.master("products")[["product_id", "product_name", "brand", "category"]]
    lists = {name: months.now.once(rows) for name, rows in LISTS.items()}
    return MonthDetails(sums, lists, products, _growth(known), month, known_counts, by_entity)


def _growth(known: Mapping[str, Facts | None]) -> Growth:
    facts = {when: one for when, one in known.items() if one is not None}
    customers = facts["now"].master("customers").drop_duplicates("customer_id").set_index("customer_id")
    return Growth(
        {when: one.once(product_sums) for when, one in facts.items()},
        {when: one.once(customer_sums) for when, one in facts.items()},
        customers["joined_on"],
        {when: pd.Timestamp(one.month.first_day) for when, one in facts.items()},
    )


def details_of(details: MonthDetails, level: Level, entity_id: str) -> dict[str, pd.DataFrame]:
    """The frames of one entity, each by its name, nothing of others in them."""
    frames = {name: _joined(name, details, level, entity_id) for name in SUMS}
    frames["sales_by_product"] = _named(frames["sales_by_product"], details.products)
    frames["satisfaction_by_dimension"] = _mean_scores(frames["satisfaction_by_dimension"])
    lists = {name: own_rows(frame, level, entity_id) for name, frame in details.lists.items()}
    lists["pareto"] = pareto(lists["customers_by_movement"])
    shown = {name: _of_entity(frame, level, entity_id) for name, frame in details.by_entity.items()}
    shown["satisfaction_trend"] = satisfaction_trend(details.month, details.counts, level, entity_id)
    return {**frames, **lists, **shown, **growth_of(details.growth, level, entity_id)}


def _of_entity(frame: pd.DataFrame, level: Level, entity_id: str) -> pd.DataFrame:
    return frame[(frame["level"] == level) & (frame["entity_id"] == entity_id)].reset_index(drop=True)


def growth_of(growth: Growth, level: Level, entity_id: str) -> dict[str, pd.DataFrame]:
    """`growth_effects` and `growth_by_customers` of one entity."""
    months = [when for when in COMPARED if when in growth.products]
    products = {when: own_rows(rows, level, entity_id) for when, rows in growth.products.items()}
    customers = {when: own_rows(rows, level, entity_id) for when, rows in growth.customers.items()}
    effects = [growth_effects(products["now"], products[when], when) for when in months]
    kinds = [
        growth_by_customers(customers["now"], customers[when], growth.joined_on, growth.starts[when], when)
        for when in months
    ]
    return {
        "growth_effects": pd.concat(effects, ignore_index=True) if effects else pd.DataFrame(columns=_EFFECTS),
        "growth_by_customers": pd.concat(kinds, ignore_index=True) if kinds else pd.DataFrame(columns=_KINDS),
    }


def own_rows(frame: pd.DataFrame, level: Level, entity_id: str) -> pd.DataFrame:
    """The rows of one region or manager; all rows for the organisation."""
    if level == "organisation":
        return frame.reset_index(drop=True)
    return frame[frame[f"{level}_id"] == entity_id].reset_index(drop=True)


def complaint_cases(facts: Facts) -> pd.DataFrame:
    """The cases that are open at the month's end or were received in the month; see the module."""
    end = pd.Timestamp(facts.month.last_day)
    cases = facts.once(known_cases)
    is_open = cases.index.isin(facts.once(open_cases).index)
    chosen = cases[is_open | cases.index.isin(cases_of(facts, "received_on").index)]
    state = pd.Series("closed", index=chosen.index).where(~chosen.index.isin(facts.once(open_cases).index), "open")
    overdue = (state == "open") & (chosen["due_on"] < end)
    late = working_days_to(chosen["due_on"], pd.Series(end, index=chosen.index)).where(overdue)
    listed = chosen.assign(
        region_id=chosen["manager_id"].map(facts.once(regions_by_manager)).fillna(chosen["region_id"]),
        state=state.mask(overdue, "overdue"),
        days_overdue=late,
    )
    listed = listed.sort_values(["days_overdue", "received_on", "complaint_no"], ascending=[False, True, True])
    return listed.reindex(columns=_CASE_COLUMNS).reset_index(drop=True)


def _with_region(detail: Detail, facts: Facts) -> pd.DataFrame:
    frame = facts.once(detail.count)
    regions = facts.once(regions_by_manager)
    keyed = frame.assign(region_id=frame["manager_id"].map(regions))
    return keyed[[*_ENTITY, *detail.keys, *detail.measures]]


def _joined(name: str, details: MonthDetails, level: Level, entity_id: str) -> pd.DataFrame:
    """The sums of one entity, this month beside the months it is compared with, in the order of keys."""
    detail = SUMS[name]
    keys, measures = list(detail.keys), list(detail.measures)
    parts = {
        when: None if rows is None else own_rows(rows, level, entity_id).groupby(keys)[measures].sum()
        for when, rows in details.sums[name].items()
    }
    codes = {str(code) for part in parts.values() if part is not None for code in part.index}
    index = pd.Index(sorted(codes), dtype="str", name=keys[0])
    columns = {
        measure if when == "now" else f"{measure}_{when}": _column(part, measure, index)
        for measure in measures
        for when, part in parts.items()
    }
    return pd.DataFrame(columns, index=index).reset_index()


def _column(part: pd.DataFrame | None, measure: str, index: pd.Index) -> pd.Series:
    if part is None:
        return pd.Series(float("nan"), index=index)
    whole = part[measure].reindex(index, fill_value=0).astype("float64")
    return whole / TEN_THOUSANDTHS if measure == "amount_yuan" else whole


def _named(frame: pd.DataFrame, products: pd.DataFrame) -> pd.DataFrame:
    named = products.merge(frame, on="product_id", how="right")
    return named.sort_values(["volume", "product_id"], ascending=[False, True], ignore_index=True)


def _mean_scores(frame: pd.DataFrame) -> pd.DataFrame:
    """Mean scores in the order of the form's dimensions."""
    means = {
        f"score{end}": frame[f"points{end}"] / frame[f"answers{end}"].where(frame[f"answers{end}"] > 0)
        for end in ("", *(f"_{when}" for when in COMPARED))
    }
    order = frame["dimension"].map({name: number for number, name in enumerate(DIMENSIONS)})
    scored = frame[["dimension", "answers"]].assign(**means)
    return scored.iloc[order.argsort()].reset_index(drop=True)


def visit_offences(facts: Facts) -> pd.DataFrame:
    """Visits that found the guide price not kept or unlawful trading, one row each (two where both); see the module."""
    visits = facts.frame("visits")
    found = {"price": "price_ok", "law": "lawful"}
    kinds = [
        visits[~visits[column].fillna(True).astype(bool)].assign(offence=kind) for kind, column in found.items()
    ]
    both = pd.concat(kinds, ignore_index=True)
    return both.sort_values(["manager_id", "visit_date", "customer_id", "offence"], ignore_index=True)[_OFFENCES]


def missed_visits(facts: Facts) -> pd.DataFrame:
    """Planned visits not made in their week, one row each; see the module."""
    plan = facts.once(planned_visits)
    missed = plan[~plan["done"]]
    customers = facts.master("customers").drop_duplicates("customer_id")[["customer_id", "customer_name", "grade"]]
    named = missed.merge(customers, on="customer_id", how="left")
    return named.assign(region_id=named["manager_id"].map(facts.once(regions_by_manager)))[_MISSED]


def repeated(facts: Facts) -> pd.DataFrame:
    """The month's repeated complaints, with the columns of `complaint_cases` but for state and days_overdue."""
    cases = repeated_cases(facts)
    regions = cases["manager_id"].map(facts.once(regions_by_manager)).fillna(cases["region_id"])
    columns = [name for name in _CASE_COLUMNS if name not in ("state", "days_overdue")]
    return cases.assign(region_id=regions).reindex(columns=columns).reset_index(drop=True)


LISTS: dict[str, Callable[[Facts], pd.DataFrame]] = {
    "complaint_cases": complaint_cases,
    "repeated_cases": repeated,
    "visit_offences": visit_offences,
    "missed_visits": missed_visits,
    "customers_by_movement": movements,
    "stock_health": stock_health,
    "customer_evaluation": evaluation,
    "promotion_list": promotion_list,
    "downgrade_proposals": downgrade_proposals,
}
