"""The best managers (评优) of a period: those who were there all the time, by their score."""

from collections.abc import Collection

import pandas as pd

BEST_COLUMNS = ("level", "entity_id", "region_id", "place", "place_in_organisation", "score", "grade")


def best_managers(scorecard: pd.DataFrame, throughout: Collection[str], most: int) -> pd.DataFrame:
    """One row per manager who is among the best `most` of its region, with BEST_COLUMNS, best first.

    Only those are looked at who have a grade and are among `throughout`: in office in every month of the period, with
    all forms handed in. Equals share a place, so that all who share the last one are named.

    Args:
        scorecard: the period's, in the columns of `scorecard.csv`.
        most: how many places of each region are named.
    """
    rows = scorecard[(scorecard["level"] == "manager") & scorecard["grade"].notna()]
    rows = rows[rows["entity_id"].isin(list(throughout))].drop_duplicates("entity_id")
    scores = rows["score"].astype("float64")
    places = scores.groupby(rows["region_id"]).rank(method="min", ascending=False)
    told = rows.assign(
        place=places.astype("Int64"),
        place_in_organisation=scores.rank(method="min", ascending=False).astype("Int64"),
    )
    chosen = told[told["place"] <= most].sort_values(["place_in_organisation", "entity_id"], ignore_index=True)
    return chosen.reindex(columns=list(BEST_COLUMNS))
