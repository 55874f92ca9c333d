"""Sums behind the figures, by category, brand, product and dimension; see `details` for what each frame holds."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from pipeline.base.exact import TEN_THOUSANDTHS
from pipeline.contract.facts import Facts
from pipeline.contract.figure import Level
from pipeline.figures.cases import cases_of, open_cases
from pipeline.figures.grain import add_up, sales_by_product, sales_with_product, with_region
from pipeline.figures.side_by_side import ending, summed_by_level
from schemas.satisfaction import DIMENSIONS

COMPARED = ("previous", "last_year")
# By "now", "previous", "last_year" (None: not known), and "like_previous", "like_last_year" where not all are known.
ComparedSums = Mapping[str, pd.DataFrame | None]


@dataclass(frozen=True)
class Detail:
    """A frame of sums: its key column, and how a month's rows (manager_id, key, measures) are counted."""

    key: str
    measures: tuple[str, ...]
    count: Callable[[Facts], pd.DataFrame]


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
    bought = sales.assign(buyers=(sales["volume"] > 0).astype("int64"), amount_yuan=sales["amount"])
    keys = ["manager_id", "product_id"]
    sums = bought.groupby(keys, observed=True)[["volume", "amount_yuan", "short", "buyers"]].sum()
    return sums.reset_index().astype(dict.fromkeys(keys, "str"))


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
    "sales_by_category": Detail("category", ("volume", "amount_yuan"), _sales_by_category),
    "sales_by_brand": Detail("brand", ("volume", "amount_yuan"), _sales_by_brand),
    "sales_by_product": Detail("product_id", ("volume", "amount_yuan", "short", "buyers"), _sales_by_product),
    "complaints_by_category": Detail("category", ("received", "open"), _cases_by_category),
    "complaints_by_product": Detail("product_id", ("received", "open"), _cases_by_product),
    "satisfaction_by_dimension": Detail("dimension", ("points", "answers"), _scores),
}


def sums_of(detail: Detail, facts: Facts) -> pd.DataFrame:
    """A month's sums with region_id and manager_id, of the managers that count; amounts in ten-thousandths of a
    yuan."""
    keyed = with_region(facts.once(detail.count), facts)
    return keyed[["region_id", "manager_id", detail.key, *detail.measures]]


def tables_by_level(
    name: str, months: ComparedSums, products: pd.DataFrame, levels: Sequence[Level]
) -> dict[Level, pd.DataFrame]:
    """The sums of every entity of each level, this month beside those it is compared with, with entity_id."""
    detail = SUMS[name]
    tables = {
        level: _table(detail, months, sums)
        for level, sums in summed_by_level(months, detail.key, detail.measures, levels).items()
    }
    if name == "sales_by_product":
        return {level: _named(table, products) for level, table in tables.items()}
    if name == "satisfaction_by_dimension":
        return {level: _mean_scores(table) for level, table in tables.items()}
    return tables


def _table(detail: Detail, months: ComparedSums, sums: pd.DataFrame) -> pd.DataFrame:
    columns = [f"{measure}{ending(when)}" for measure in detail.measures for when in months]
    numbers = sums.reindex(columns=columns).astype("float64")
    yuan = [column for column in columns if column.startswith("amount_yuan")]
    numbers[yuan] = numbers[yuan] / TEN_THOUSANDTHS
    return pd.concat([sums[["entity_id", detail.key]], numbers], axis=1)


def _named(table: pd.DataFrame, products: pd.DataFrame) -> pd.DataFrame:
    named = products.merge(table, on="product_id", how="right")
    return named.sort_values(
        ["entity_id", "volume", "product_id"], ascending=[True, False, True], ignore_index=True
    )


def _mean_scores(table: pd.DataFrame) -> pd.DataFrame:
    """Mean scores in the order of the form's dimensions."""
    means = {
        f"score{end}": table[f"points{end}"] / table[f"answers{end}"].where(table[f"answers{end}"] > 0)
        for end in ("", *(f"_{when}" for when in (*COMPARED, "like_previous", "like_last_year")))
        if f"points{end}" in table
    }
    order = {name: number for number, name in enumerate(DIMENSIONS)}
    scored = table[["entity_id", "dimension", "answers"]].assign(**means, place=table["dimension"].map(order))
    return scored.sort_values(["entity_id", "place"], ignore_index=True).drop(columns="place")
