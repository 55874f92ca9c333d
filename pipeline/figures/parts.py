"""A month's sums, of one region or of several: regions are summed apart and put together."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from pipeline.base.calendar import Month
from pipeline.base.exact import stacked, whole, whole_numbers
from pipeline.contract.behind import all_sums, sums_in_use
from pipeline.contract.facts import Facts
from pipeline.figures.catalogue import all_figures
from pipeline.figures.detail_sums import sums_of
from pipeline.figures.grain import MANAGER_CUSTOMER, sales_by_customer, sales_with_product, with_region
from pipeline.figures.simple import rows_of
from schemas.profile import FORECAST_AS, Profile

UNNAMED = "other"  # the groups of products that the master data lack
_NO_GROUPS = frozenset({"region_id", "manager_id", *FORECAST_AS})
FIGURE = ":"  # between a form and the figure that is forecast


@dataclass(frozen=True)
class MonthSums:
    """A month's sums by manager; volumes in the unit sold, amounts in ten-thousandths of a yuan.

    `details` by name: see `behind.sums_in_use`. `by_customer`: one row per region_id, manager_id and customer_id:
    volume, amount. `by_group`: one row per region_id, manager_id and the groups of products that the trade
    names, the widest first: the same.
    """

    month: Month
    details: Mapping[str, pd.DataFrame]
    by_customer: pd.DataFrame
    by_group: pd.DataFrame

    @property
    def groups(self) -> list[str]:
        """The groups of products, the widest first."""
        return groups_in(self.by_group)

    def where(self, column: str, values: Collection[str]) -> "MonthSums":
        """What of the sums stands under some values of a column."""

        def own(rows: pd.DataFrame) -> pd.DataFrame:
            return rows[rows[column].isin(list(values))].reset_index(drop=True)

        details = {name: own(rows) for name, rows in self.details.items()}
        return MonthSums(self.month, details, own(self.by_customer), own(self.by_group))


def groups_in(rows: pd.DataFrame) -> list[str]:
    """The groups of products by which rows with volume and amount stand, the widest first."""
    return [str(name) for name in rows.columns if name not in _NO_GROUPS]


def month_sums(facts: Facts) -> MonthSums:
    """The sums of one month."""
    return with_details(facts, {name: sums_of(one, facts) for name, one in sums_in_use(facts.profile).items()})


def with_details(facts: Facts, details: Mapping[str, pd.DataFrame]) -> MonthSums:
    """The sums of one month whose details are there, or are made when they are first asked for."""
    return MonthSums(
        facts.month,
        details,
        with_region(facts.once(measured_by_customer), facts),
        with_region(_by_group(facts), facts),
    )


def measured_by_customer(facts: Facts) -> pd.DataFrame:
    """What is forecast, by customer: manager_id, customer_id (str), volume, amount (ten-thousandths of a yuan); what is
    sold, or what the trade says instead."""
    told = tuple(facts.profile.forecast.values())
    if not told:
        return facts.once(sales_by_customer)
    sums = [_column_by_customer(one, facts, is_count=number == 0) for number, one in enumerate(told)]
    both = pd.DataFrame(dict(zip(FORECAST_AS, sums, strict=False))).fillna(0).astype("int64")
    rows: pd.DataFrame = both.rename_axis(MANAGER_CUSTOMER).reset_index()
    return rows.astype(dict.fromkeys(MANAGER_CUSTOMER, "str"))


def _column_by_customer(name: str, facts: Facts, *, is_count: bool) -> pd.Series:
    """A column's sum of the month, or the number of rows where none is named; or what a figure sums."""
    if FIGURE in name:
        return _figure_by_customer(name.partition(FIGURE)[2], facts, is_count=is_count)
    form, _, column = name.partition(".")
    told = _of_month(form, facts)
    if not column:
        column, told = "_rows", told.assign(_rows=1)
    rows = told.dropna(subset=[*MANAGER_CUSTOMER, column])[[*MANAGER_CUSTOMER, column]]
    if facts.profile.forms[form].traits.stock is not None:
        rows = stacked([rows, _with_nothing_left(form, facts).assign(**{column: 0})])
    values = pd.Series(whole_numbers(rows[column]) if is_count else whole(rows[column]), index=rows.index)
    return values.groupby([rows[key].astype("str") for key in MANAGER_CUSTOMER]).sum()


def _figure_by_customer(key: str, facts: Facts, *, is_count: bool) -> pd.Series:
    """What a figure sums of each customer in the month."""
    figure = next(one for one in all_figures(facts.profile) if one.key == key)
    sums = facts.once(figure.numerator)
    values = np.rint(sums.to_numpy(dtype="float64")).astype("int64") if is_count else whole(sums)
    return pd.Series(values, index=sums.index).groupby(level=MANAGER_CUSTOMER).sum()


def _of_month(form: str, facts: Facts) -> pd.DataFrame:
    """The rows of a form that the month itself tells; of cases those that were opened in it."""
    rows, case = rows_of(form, facts), facts.profile.forms[form].traits.case
    if case is None:
        return rows
    return rows[
        rows[case.opened_on].between(pd.Timestamp(facts.month.first_day), pd.Timestamp(facts.month.last_day))
    ]


def _with_nothing_left(form: str, facts: Facts) -> pd.DataFrame:
    """The customers without a row that left in the month: of them it is known that nothing is there."""
    first, last = pd.Timestamp(facts.month.first_day), pd.Timestamp(facts.month.last_day)
    customers = facts.master("customers")
    gone = customers[customers["left_on"].between(first, last)][MANAGER_CUSTOMER].drop_duplicates("customer_id")
    return gone[~gone["customer_id"].isin(rows_of(form, facts)["customer_id"])]


def is_of_stock(profile: Profile) -> bool:
    """Whether what is forecast is how customers stand: without a row nothing is known of one."""
    form = profile.forms.get(profile.forecast_form)
    return form is not None and form.traits.stock is not None


def stocks_of(profile: Profile) -> tuple[str, ...] | None:
    """Of what is forecast that which is how customers stand at the month's end, as it is named in sums; None where no
    form tells what customers hold."""
    form = profile.forms.get(profile.forecast_form)
    if form is None or not (form.traits.stock is not None or form.traits.holding):
        return None
    last = {one.key for one in all_figures(profile) if one.over_time == "last"}
    named = zip(FORECAST_AS, profile.forecast_figures, strict=False)
    return tuple(name for name, figure in named if figure in last)


def _by_group(facts: Facts) -> pd.DataFrame:
    sales = facts.once(sales_with_product)
    groups = facts.profile.product_groups
    keys = ["manager_id", *groups]
    named = sales[[*keys, "volume", "amount"]].astype(dict.fromkeys(keys, "str"))
    named = named.assign(**{group: named[group].fillna(UNNAMED) for group in groups})
    return named.groupby(keys, as_index=False)[["volume", "amount"]].sum()


def sums_of_region(sums: MonthSums, region: str) -> MonthSums:
    """What of a month's sums is one region's; no rows where it has none."""
    return sums.where("region_id", [region])


def sums_together(parts: Sequence[MonthSums]) -> MonthSums:
    """Several regions' sums of one month as one."""
    return MonthSums(
        parts[0].month,
        {
            name: _ordered([one.details[name] for one in parts], ["manager_id", all_sums()[name].key])
            for name in parts[0].details
        },
        _ordered([one.by_customer for one in parts], ["manager_id", "customer_id"]),
        _ordered([one.by_group for one in parts], ["manager_id", *parts[0].groups]),
    )


def _ordered(frames: Sequence[pd.DataFrame], keys: list[str]) -> pd.DataFrame:
    if len(frames) == 1:  # in order already
        return frames[0]
    return stacked(frames).sort_values(keys, kind="stable", ignore_index=True)
