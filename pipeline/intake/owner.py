"""Whose form a manager's workbook is: the code on the cover may be a colleague's."""

from collections.abc import Mapping, Sequence

import pandas as pd

from pipeline.intake.match import Cover
from pipeline.intake.reading import shown
from pipeline.intake.table import Table


def others_form(
    cover: Cover, tables: Sequence[Table], masters: Mapping[str, pd.DataFrame]
) -> dict[str, str] | None:
    """Whose it is, where both the name on the cover and the customers say that it is not the form of the manager whose
    code stands there: then nobody can know which is right.

    A name is wrong when it is not the one in the master data; where none is written, all the customers must be
    one colleague's.

    Returns:
        The code's manager and the other one, with how many of the customers are whose; None where all is well.
    """
    managers = masters["managers"].set_index("manager_id")["manager_name"].astype("str")
    name = str(managers.get(cover.manager_id, ""))
    if cover.manager_name == name or "customers" not in masters:
        return None
    owners = _owners(tables, masters["customers"])
    counts = owners.value_counts()
    if not len(counts) or counts.index[0] == cover.manager_id:
        return None
    most, other = int(counts.iloc[0]), str(counts.index[0])
    if 2 * most <= len(owners) or (not cover.manager_name and most < len(owners)):
        return None
    return {
        "code": cover.manager_id,
        "name": name,
        "other": other,
        "other_name": str(managers.get(other, "")),
        "customers": str(most),
        "of_customers": str(len(owners)),
    }


def _owners(tables: Sequence[Table], customers: pd.DataFrame) -> pd.Series:
    """The manager of each customer that the forms name and the master data know."""
    named = {
        shown(cell).strip() for table in tables for cell in table.cells.get("customer_id", ()) if cell is not None
    }
    known = customers.drop_duplicates("customer_id").set_index("customer_id")["manager_id"]
    return known[known.index.isin(sorted(named))].dropna()
