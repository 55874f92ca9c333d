"""What rules over lists have in common: where a row is found, and how often rows of an entity say the same."""

import pandas as pd

from pipeline.contract.figure import Level
from pipeline.findings.evidence import Row
from pipeline.findings.rule import Number


def source_of(row: Row) -> dict[str, Number]:
    """Where the row of a list can be looked up, as a finding says it: file, sheet, row."""
    return {"file": str(row["source_file"]), "sheet": str(row["source_sheet"]), "row": int(row["source_row"])}


def day_of(value: object) -> str:
    """A day as findings hold it: YYYY-MM-DD."""
    return pd.Timestamp(str(value)).strftime("%Y-%m-%d")


def entity_key(level: Level) -> list[str]:
    """The column that tells entities of a level apart; none for the organisation."""
    return [] if level == "organisation" else [f"{level}_id"]


def times(rows: pd.DataFrame, level: Level, keys: list[str]) -> pd.Series:
    """How many rows of the same entity have the same keys."""
    return rows.groupby([*entity_key(level), *keys])[keys[0]].transform("size").astype("float64")
