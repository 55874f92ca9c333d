"""The facts of a month that figures count from."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

import pandas as pd

from pipeline.base.calendar import Month
from pipeline.base.month_rows import SENDER_COLUMNS, SOURCE_COLUMNS, MonthRows
from schemas.in_use import no_rows, whole_rows
from schemas.profile import Profile

LOOK_BACK_MONTHS = 3  # how many earlier months figures look back on (new and lost customers, repeats)

Result = TypeVar("Result")


@dataclass(frozen=True)
class Facts:
    """One month's accepted rows, with as many earlier months as a figure may look back on.

    `earlier` holds up to LOOK_BACK_MONTHS months, and of a trade with stocks those of the year and its eve (with what
    customers hold, the months before the eve too);
    `pipeline.figures.reduce.reduced` makes them small first.
    A month that is not there is unknown: figures that need it have no value.

    `carried` is what each month looked back on carried, by name (see `contract.carried`).

    `only_regions` names the regions whose managers count; rows of others are then only those that tell something
    about their customers. Empty for all.
    """

    rows: MonthRows
    earlier: Mapping[Month, MonthRows]
    profile: Profile
    only_regions: frozenset[str] = frozenset()
    carried: Mapping[Month, Mapping[str, pd.DataFrame]] = field(default_factory=dict, repr=False, compare=False)
    _known: dict[object, Any] = field(default_factory=dict, init=False, repr=False, compare=False)

    @property
    def month(self) -> Month:
        """The month that the facts are of."""
        return self.rows.month

    def once(self, work: "Callable[[Facts], Result]") -> Result:
        """What `work` makes of these facts, worked out at the first call only."""
        if work not in self._known:
            self._known[work] = work(self)
        result: Result = self._known[work]
        return result

    def before(self, months: int = 1) -> "Facts | None":
        """The facts of an earlier month, without anything before it; None where it is not known."""
        key = ("before", months)
        if key not in self._known:
            rows = self.earlier.get(self.month + -months)
            month = self.month + -months
            profile = self.profile.as_of(str(month))
            self._known[key] = None if rows is None else Facts(rows, {}, profile, self.only_regions)
        facts: Facts | None = self._known[key]
        return facts

    def look_back(self) -> "tuple[Facts, ...] | None":
        """The facts of the LOOK_BACK_MONTHS months before, newest first; None unless all are known."""
        months = [self.before(back) for back in range(1, LOOK_BACK_MONTHS + 1)]
        known = tuple(one for one in months if one is not None)
        return known if len(known) == LOOK_BACK_MONTHS else None

    def frame(self, form: str) -> pd.DataFrame:
        """The month's rows of a form; no rows, in the right types, where there are none, or the form is not in use."""
        return self.frame_of(self.rows, form)

    def frame_of(self, month: MonthRows, form: str) -> pd.DataFrame:
        """The same of one of the months looked back on."""
        rows = month.rows.get(form)
        return self._no_rows(form) if rows is None else self._whole(form, rows, month.month)

    def master(self, form: str) -> pd.DataFrame:
        """The master data of the month; no rows where nobody sent any."""
        rows = self.rows.masters.get(form)
        return no_rows(form) if rows is None else self._whole(form, rows, self.month)

    def _no_rows(self, form: str) -> pd.DataFrame:
        key = ("none", form)
        if key not in self._known:
            texts = {name: pd.Series(dtype="str") for name in (*SENDER_COLUMNS, *SOURCE_COLUMNS[:-1])}
            self._known[key] = no_rows(form).assign(**texts, source_row=pd.Series(dtype="int64"))
        nothing: pd.DataFrame = self._known[key]
        return nothing

    def _whole(self, form: str, rows: pd.DataFrame, month: Month) -> pd.DataFrame:
        """What a trade leaves out of a form is unknown to those who look at it all the same."""
        if form not in self.profile.own_forms:
            return rows
        key = ("whole", form, month)
        if key not in self._known:
            self._known[key] = whole_rows(form, rows)
        whole: pd.DataFrame = self._known[key]
        return whole
