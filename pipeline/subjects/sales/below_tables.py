"""The sales behind what was found of entities below the report's own: how a manager's amount changed and with which
products, and its brands beside their categories; so that what a finding says of a manager stands on a sheet too."""

from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

from pipeline.base.frames import records
from pipeline.subjects.sales.brand_tables import brands_in_categories
from pipeline.workbooks.blocks import Column, Shown, Table
from pipeline.workbooks.details import COMPARED, choice_words, detail_table, header
from pipeline.workbooks.view import View, number, settled, text

OF_AMOUNTS = ("amount_fall", "target_missed", "volume_target_missed", "fill_rate_low")
OF_BRANDS = ("brand_behind",)
MOST_FALLEN = 3  # products of an entity that are listed: those that lost most
Row = Mapping[Any, Any]


def sales_below_tables(view: View, found: Iterable[Row]) -> list[Table]:
    """The tables for those of these findings that are about others than the report's own entity; those with rows.

    From the detail frame `sales_below`: `sales_by_product` of the entities below, with level and entity_id.
    """
    frame = view.detail("sales_below")
    if "entity_id" not in frame or frame.empty:
        return []
    below = [row for row in found if text(row["level"]) != view.report.level]
    tables = _amounts(view, frame, below), _brands(view, frame, below)
    return [table for table in tables if table.rows]


def _of(frame: pd.DataFrame, found: Iterable[Row], rules: tuple[str, ...]) -> dict[tuple[str, str], pd.DataFrame]:
    """The products of each entity that one of the rules found something of, in the order of the findings."""
    entities = dict.fromkeys((text(row["level"]), text(row["entity_id"])) for row in found if row["rule"] in rules)
    return {
        (level, one): frame[(frame["level"] == level) & (frame["entity_id"] == one)] for level, one in entities
    }


def _base(products: pd.DataFrame, measure: str) -> str:
    """The month that an entity's sales are compared with: last year's where it had sales then, else the one before."""
    known = [
        when for when in COMPARED if f"{measure}_{when}" in products and products[f"{measure}_{when}"].sum() > 0
    ]
    return known[-1] if known else ""


def _amounts(view: View, frame: pd.DataFrame, found: list[Row]) -> Table:
    """One row an entity's whole, and one each of the products that lost most, and of the one most of which was not
    supplied: cartons short, now, before (yuan), difference, growth."""
    columns = [
        Column("who", view.word("detail.sales_below.who")),
        Column("product_name", header(view, "products", "product_name")),
        Column("against", view.word("detail.sales_below.against")),
        Column("short", view.word("detail.short"), "number0"),
        Column("now", view.word("detail.sales_below.now"), "number2"),
        Column("base", view.word("detail.sales_below.base"), "number2"),
        Column("difference", view.word("detail.sales_below.difference"), "change_count"),
        Column("growth", view.word("detail.sales_below.growth"), "change_percent"),
    ]
    rows = []
    for (level, entity), products in _of(frame, found, OF_AMOUNTS).items():
        when = _base(products, "amount_yuan")
        for name, short, now, base in _changed(products, when) if when else ():
            fell = settled(now - base)
            grown = settled(100 * (now - base) / base) if base > 0 else None
            rows.append([
                view.name(level, entity), name or view.word("detail.sales_below.all"),
                view.word(f"detail.sales_below.{when}"), short, now, base,
                Shown(fell, "", view.tone_of("higher", fell)), Shown(grown, "", view.tone_of("higher", grown)),
            ])  # fmt: skip
    return detail_table(view, "sales_below", columns, [*zip(*rows, strict=True)])


def _changed(products: pd.DataFrame, when: str) -> list[tuple[str, float, float, float]]:
    """The whole ("") and the products told: name, cartons not supplied, amount now (like with like), amount before."""
    like = f"amount_yuan_like_{when}"
    told = products.assign(now=products[like if like in products else "amount_yuan"])
    told = told.assign(base=told[f"amount_yuan_{when}"]).fillna({"now": 0.0, "base": 0.0, "short": 0.0})
    fallen = told.assign(fell=told["base"] - told["now"]).sort_values("fell", ascending=False, kind="stable")
    first = fallen[fallen["fell"] > 0].head(MOST_FALLEN).index
    shortest = told[told["short"] > 0].nlargest(1, "short").index
    numbers = ["short", "now", "base"]
    lines = [
        (text(row["product_name"]), *(float(row[name]) for name in numbers))
        for row in records(told.loc[first.union(shortest, sort=False)])
    ]
    return [("", *(float(told[name].sum()) for name in numbers)), *lines]  # type: ignore[list-item]


def _brands(view: View, frame: pd.DataFrame, found: list[Row]) -> Table:
    """One row an entity, brand and category, of the brands that were found behind: as `brand_in_category`."""
    columns = [
        Column("who", view.word("detail.sales_below.who")),
        Column("brand", header(view, "products", "brand")),
        Column("category", header(view, "products", "category")),
        Column("against", view.word("detail.sales_below.against")),
        Column("growth", view.word("detail.brand_in_category.growth"), "change_percent"),
        Column("category_growth", view.word("detail.brand_in_category.category_growth"), "change_percent"),
        Column("ahead", view.word("detail.brand_in_category.ahead"), "change_points"),
    ]
    words = choice_words(view, "products", "category")
    rows = []
    for (level, entity), products in _of(frame, found, OF_BRANDS).items():
        named = {text(row["subject"]) for row in found if text(row["entity_id"]) == entity}
        when = _base(products, "volume")
        table = brands_in_categories(products, when) if when else pd.DataFrame(columns=["brand"])
        for row in records(table[table["brand"].isin(named)]):
            growth, whole = number(row["growth"]), number(row["category_growth"])
            ahead = None if growth is None or whole is None else settled(growth - whole)
            numbers = [Shown(one, "", view.tone_of("higher", one)) for one in (growth, whole, ahead)]
            labels = text(row["brand"]), words.get(text(row["category"]), text(row["category"]))
            rows.append([view.name(level, entity), *labels, view.word(f"detail.sales_below.{when}"), *numbers])
    return detail_table(view, "brands_below", columns, [*zip(*rows, strict=True)])
