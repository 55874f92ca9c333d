"""The findings of a period's months: which rule was found in which months."""

from collections.abc import Mapping

import pandas as pd

from pipeline.base.calendar import Month
from pipeline.base.exact import stacked

RULE_COLUMNS = ("level", "entity_id", "rule", "severity", "findings")
_KEYS = ["level", "entity_id", "rule"]


def rules_found(month: Month, findings: pd.DataFrame) -> pd.DataFrame:
    """One row per level, entity and rule found in a month, with RULE_COLUMNS: its gravest severity, and how many
    findings there are of it."""
    counted = findings.groupby(_KEYS, sort=True)["severity"].agg(severity="max", findings="size").reset_index()
    types = {**dict.fromkeys(_KEYS, "str"), "severity": "int64", "findings": "int64"}
    return counted.reindex(columns=list(RULE_COLUMNS)).astype(types)


def rules_over(months: Mapping[Month, pd.DataFrame]) -> pd.DataFrame:
    """The rules of all months of a period, with the column month (YYYY-MM) behind: those of most months first, then
    the gravest."""
    frames = [months[one].assign(month=str(one)) for one in sorted(months)]
    if not frames:
        return pd.DataFrame(columns=[*RULE_COLUMNS, "month"])
    every = stacked(frames)
    many = every.groupby(_KEYS)["month"].transform("nunique")
    grave = every.groupby(_KEYS)["severity"].transform("max")
    ordered = every.assign(_many=-many, _grave=-grave)
    return ordered.sort_values(["level", "entity_id", "_many", "_grave", "rule", "month"], ignore_index=True).drop(
        columns=["_many", "_grave"]
    )


def rules_of_period(month: Month, name: str, months: Mapping[Month, pd.DataFrame]) -> pd.DataFrame:
    """`rules_over` the known months of a period."""
    return rules_over(months)
