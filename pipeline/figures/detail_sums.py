"""Sums behind the figures, as the subjects of the trade declare them, beside those of the months compared with.

Amounts are yuan in tables, ten-thousandths of a yuan in a month's sums. A month that is not known leaves its columns
missing; a key that a known month does not have has 0.
"""

from collections.abc import Mapping, Sequence

import pandas as pd

from pipeline.base.exact import TEN_THOUSANDTHS
from pipeline.contract.behind import all_sums
from pipeline.contract.facts import Facts
from pipeline.contract.figure import Level
from pipeline.contract.listing import Sums
from pipeline.figures.grain import with_region
from pipeline.figures.side_by_side import ending, summed_by_level

COMPARED = ("previous", "last_year")
# By "now", "previous", "last_year" (None: not known), and "like_previous", "like_last_year" where not all are known.
ComparedSums = Mapping[str, pd.DataFrame | None]


def sums_of(detail: Sums, facts: Facts) -> pd.DataFrame:
    """A month's sums with region_id and manager_id, of the managers that count; amounts in ten-thousandths of a
    yuan."""
    keyed = with_region(facts.once(detail.count), facts)
    return keyed[["region_id", "manager_id", detail.key, *detail.measures]]


def tables_by_level(
    name: str, months: ComparedSums, products: pd.DataFrame, levels: Sequence[Level]
) -> dict[Level, pd.DataFrame]:
    """The sums of every entity of each level, this month beside those it is compared with, with entity_id."""
    detail = all_sums()[name]
    tables = {
        level: _table(detail, months, sums)
        for level, sums in summed_by_level(months, detail.key, detail.measures, levels).items()
    }
    if detail.finish is None:
        return tables
    return {level: detail.finish(table, products) for level, table in tables.items()}


def _table(detail: Sums, months: ComparedSums, sums: pd.DataFrame) -> pd.DataFrame:
    columns = [f"{measure}{ending(when)}" for measure in detail.measures for when in months]
    numbers = sums.reindex(columns=columns).astype("float64")
    yuan = [column for column in columns if column.startswith("amount_yuan")]
    numbers[yuan] = numbers[yuan] / TEN_THOUSANDTHS
    return pd.concat([sums[["entity_id", detail.key]], numbers], axis=1)
