"""The courses behind the figures of training."""

import pandas as pd

from pipeline.contract.facts import Facts
from pipeline.contract.listing import Listing
from pipeline.subjects.training.figures import FORM

_COLUMNS = [
    "region_id", "manager_id", "held_on", "course", "subject", "kind", "credits", "passed", "source_file",
    "source_sheet", "source_row",
]  # fmt: skip


def courses_taken(facts: Facts) -> pd.DataFrame:
    """One row per course that a manager took in the month: _COLUMNS."""
    return facts.frame(FORM).reindex(columns=_COLUMNS).reset_index(drop=True)


LISTS = {"courses_taken": Listing(courses_taken, ("held_on", "course", "manager_id"))}
