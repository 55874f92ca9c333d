"""How each brand fares in its categories."""

import math
from collections.abc import Sequence

import pandas as pd

from pipeline.workbooks.blocks import Cell, Column, Shown, Table
from pipeline.workbooks.details import COMPARED, choice_words, detail_table, header, unique_keys
from pipeline.workbooks.view import View, number, settled, text


def brand_in_category_table(view: View) -> Table:
    """One row a brand and category: its volume, the growth of both, and by how many points the brand is ahead.

    From the detail frame `sales_by_product`, like with like against last year; against last month where the year
    before is not known.
    """
    return view.once("brand_in_category", lambda: _brand_in_category_table(view))


def _brand_in_category_table(view: View) -> Table:
    frame = view.detail("sales_by_product")
    when = next(
        (one for one in reversed(COMPARED) if f"volume_{one}" in frame and frame[f"volume_{one}"].any()), ""
    )
    columns = [
        Column("brand", header(view, "products", "brand")),
        Column("category", header(view, "products", "category")),
        Column("volume", view.word("detail.volume"), "number0"),
        *(
            Column(name, view.word(f"detail.brand_in_category.{name}{'_on_' + when if when else ''}"), style)
            for name, style in (("growth", "change_percent"), ("category_growth", "change_percent"))
        ),
        Column("ahead", view.word("detail.brand_in_category.ahead"), "change_points"),
    ]
    rows = brands_in_categories(frame, when) if when else pd.DataFrame()
    cells: list[Sequence[Cell]] = []
    if not rows.empty:
        words = choice_words(view, "products", "category")
        growth, whole = ([number(one) for one in rows[name].tolist()] for name in ("growth", "category_growth"))
        ahead = [None if None in pair else settled(pair[0] - pair[1]) for pair in zip(growth, whole, strict=True)]  # type: ignore[operator]
        cells = [
            [text(one) for one in rows["brand"].tolist()],
            [words.get(one, one) for one in map(text, rows["category"].tolist())],
            [number(one) for one in rows["volume"].tolist()],
            *([Shown(one, "", view.tone_of("higher", one)) for one in each] for each in (growth, whole, ahead)),
        ]
    keys = unique_keys(rows["brand"]) if cells else ()
    return detail_table(view, "brand_in_category", columns, cells, keys)


def brands_in_categories(products: pd.DataFrame, when: str) -> pd.DataFrame:
    """brand, category, volume, growth and category_growth (%); missing where there is no base. Greatest first.

    Added up row by row: there are some dozens of products, and every workbook asks.
    """
    like = f"volume_like_{when}"
    measures = ("volume", like if like in products else "volume", f"volume_{when}")
    numbers = [products[name].astype("float64").fillna(0.0).tolist() for name in measures]
    names = (products[name].astype("str").tolist() for name in ("brand", "category"))
    sums: dict[tuple[str, str], list[float]] = {}
    whole: dict[str, list[float]] = {}
    for brand, category, *row in zip(*names, *numbers, strict=True):
        if isinstance(brand, str) and isinstance(category, str):
            own, wider = sums.setdefault((brand, category), [0.0] * 3), whole.setdefault(category, [0.0] * 3)
            for place, value in enumerate(row):
                own[place] += value
                wider[place] += value
    rows = [
        (brand, category, own[0], _growth(own), _growth(whole[category]))
        for (brand, category), own in sums.items()
    ]
    ordered = sorted(rows, key=lambda row: (-row[2], row[0], row[1]))
    return pd.DataFrame(ordered, columns=["brand", "category", "volume", "growth", "category_growth"])


def _growth(sums: Sequence[float]) -> float:
    """Of volume like with like on its base, in %; missing without a base."""
    _, like, base = sums
    return 100 * (like / base - 1) if base > 0 else math.nan
