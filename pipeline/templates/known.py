"""What is known when a month's templates are made, and what stood last time beside the entries of one."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import pandas as pd

from pipeline.base.calendar import Month
from pipeline.contract.facts import LOOK_BACK_MONTHS
from schemas.form import CUSTOMER, Form
from schemas.profile import Profile


@dataclass(frozen=True)
class Known:
    """The month whose templates are made: its master data, and the accepted rows of a form in an earlier month."""

    month: Month
    profile: Profile
    masters: Mapping[str, pd.DataFrame]
    rows_of: Callable[[Form, Month], pd.DataFrame]

    def earlier(self, form: Form) -> list[pd.DataFrame]:
        """A form's rows of the months that are looked back on, oldest first."""
        return [self.rows_of(form, self.month + -back) for back in range(LOOK_BACK_MONTHS, 0, -1)]


def last_values(known: Known, form: Form, rows: pd.DataFrame) -> pd.DataFrame:
    """What each row's customer was last said to have in the columns of which that is shown, in the months looked back
    on; missing where nobody said anything. One row a row of `rows`, in the same order."""
    wanted = [column.name for column in form.columns if column.last]
    if not wanted or not form.names_customers:
        return pd.DataFrame(index=rows.index)
    earlier = pd.concat([_in_order(form, one)[[CUSTOMER, *wanted]] for one in known.earlier(form)])
    last = earlier.groupby(CUSTOMER)[wanted].last()
    return last.reindex(rows[CUSTOMER]).astype({name: form.dtypes[name] for name in wanted}).set_index(rows.index)


def _in_order(form: Form, rows: pd.DataFrame) -> pd.DataFrame:
    return rows if form.month_column is None else rows.sort_values(form.month_column, kind="stable")
