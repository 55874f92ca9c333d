"""The month's samples one by one, the lowest score first."""

import pandas as pd

from pipeline.contract.facts import Facts
from pipeline.contract.listing import Listing
from pipeline.contract.shown_frames import ListFrame
from pipeline.figures.grain import regions_by_manager
from pipeline.subjects.samples.figures import samples_of
from pipeline.subjects.samples.marks import FORM

_COLUMNS = ["region_id", "manager_id", "sampled_on", "kind", "reference", "score", "remark"]


def samples_of_month(facts: Facts) -> pd.DataFrame:
    """One row per sample of a manager's work in the month: _COLUMNS."""
    rows = samples_of(facts)
    regions = rows["manager_id"].map(facts.once(regions_by_manager)).astype("str")
    return rows.assign(region_id=regions).reindex(columns=_COLUMNS)


LISTS = {
    "samples_of_month": Listing(
        samples_of_month,
        ("score", "manager_id", "sampled_on", "kind", "reference"),
        shown=ListFrame(
            ("score", "manager_id", "sampled_on", "kind", "reference", "remark"),
            needs=(FORM,),
            form=FORM,
            styles=(("score", "number1"), ("sampled_on", "day")),
            row_key="reference",
        ),
    ),
}
