"""What the ledger hands to the stages that figure: the accepted rows and master data of one month."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import pandas as pd

from pipeline.base.calendar import Month

# Columns that every accepted row carries beside its form's own: who it counts for and where it stands.
SENDER_COLUMNS = ("manager_id", "region_id")
SOURCE_COLUMNS = ("source_file", "source_hash", "source_sheet", "source_row")
# Beside them, in rows of a file with ticks for what went as usual: the columns that a tick stood for, by name.
AS_USUAL = "as_usual"
# In rows of an office's export that stand beside what managers send of their cases: that they do.
BESIDE = "beside"


@dataclass(frozen=True)
class MonthRows:
    """One month as accepted.

    `rows` holds a frame for every monthly form (its columns, then `SENDER_COLUMNS`, then `SOURCE_COLUMNS`;
    empty, with the right types, where nobody sent any). `complaints` holds each case once, as it stood at the
    month's end: newest row, cases of earlier months that were still open or closed in this month included.
    `masters` holds a frame for every master form, as valid in this month. `sent` names who handed in which
    monthly form as (manager_id, form), nil returns included: it is what makes "none" out of "nothing known".
    `exempt` are managers who owe none.
    `plans` is one row per visit of the month in a plan that was issued (columns: `contract.schedule.PLAN_COLUMNS`);
    without columns where none was.
    """

    month: Month
    rows: Mapping[str, pd.DataFrame]
    masters: Mapping[str, pd.DataFrame]
    sent: frozenset[tuple[str, str]] = frozenset()
    plans: pd.DataFrame = field(default_factory=pd.DataFrame)
    exempt: frozenset[str] = frozenset()
