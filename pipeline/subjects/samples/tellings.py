"""What departments gave their engineers in a month, for headquarters."""

import pandas as pd

from pipeline.base.exact import TEN_THOUSANDTHS, whole
from pipeline.contract.report import ORGANISATION_ID
from pipeline.contract.tellings import Known, Telling
from pipeline.subjects.samples.marks import FORM, of_engineers, samples_in

ENGINEERS = "engineers"
_COLUMNS = ["level", "entity_id", "engineer_id", "name", "department", "marks", "points"]


def marks_by_engineer(known: Known) -> pd.DataFrame:
    """One row per engineer whose department gave marks (部门考核) in the period: engineer_id, name, department, marks
    (how many), points (their mean, of all); at headquarters."""
    rows = [samples_in(known.master(FORM, one), one) for one in known.months]
    told = pd.concat([of_engineers(one) for one in rows if len(one)] or [pd.DataFrame()], ignore_index=True)
    if told.empty:
        return pd.DataFrame({name: pd.Series(dtype="str") for name in _COLUMNS}).astype(
            {"marks": "int64", "points": "float64"}
        )
    whole_scores = pd.Series(whole(told["score"]), index=told.index, dtype="int64")
    sums = whole_scores.groupby(told["engineer_id"]).agg(["sum", "count"])
    points = (sums["sum"] / sums["count"] / TEN_THOUSANDTHS).round(6)
    table = pd.DataFrame({"engineer_id": sums.index.astype("str"), "marks": sums["count"].to_numpy()})
    table = table.assign(points=points.to_numpy(), level="organisation", entity_id=ORGANISATION_ID)
    return with_names(table, known).reindex(columns=_COLUMNS)


def with_names(table: pd.DataFrame, known: Known) -> pd.DataFrame:
    """With the name and department of engineers, as far as the office told them."""
    master = known.master(ENGINEERS)
    if master.empty:
        return table.assign(name=table["engineer_id"], department=None)
    by_code = master.drop_duplicates("engineer_id").set_index("engineer_id")
    name = table["engineer_id"].map(by_code["name"])
    department = table["engineer_id"].map(by_code["department"]) if "department" in by_code else None
    return table.assign(name=name.where(name.notna(), table["engineer_id"]), department=department)


TELLINGS = {"department_marks": Telling(marks_by_engineer, ("month",), (FORM, ENGINEERS))}
