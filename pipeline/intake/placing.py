"""What the rows of an export need from the master data of their month: whose they are where they name no manager, and
factors that stand there (prices)."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

import pandas as pd

from pipeline.base.calendar import Month
from pipeline.contract.exports import REGION, Export
from pipeline.contract.mappings_of_layout import looked_up
from pipeline.contract.master_data import managers_in_office
from pipeline.contract.problem import Problem, quoted
from pipeline.intake.cell_problems import MOST_CELLS, cell_at, more_cells
from pipeline.intake.codes import codes_of
from pipeline.intake.nearest import Details, nearest_of
from pipeline.intake.settled import Settled
from schemas.entities import MANAGER_ID
from schemas.form import CUSTOMER, Context, Form

MOST_CANDIDATES = 8  # managers that a problem names


@dataclass(frozen=True)
class WhoseRows:
    """Where a row's manager is told: in `column`, by `rule` if by none; `hint` says what may be meant by a text that
    leads to nobody."""

    column: str = MANAGER_ID
    rule: str = "unknown_manager"
    hint: Callable[[str], Details] = field(default=lambda text: ())


def with_managers(settled: Settled, export: Export, context: Context, month: Month) -> tuple[Settled, WhoseRows]:
    """The rows with the managers found as the mapping says (`manager_from`), and how a row is told of which none is."""
    if export.manager_from == "customers" and "customers" in context.masters:
        customers = context.lookup("customers")
        found = customers.values(settled.rows[CUSTOMER], MANAGER_ID)
        whose = WhoseRows(CUSTOMER, "manager_of_customer", nearest_of(codes_of(customers)).hint)
        return _with(settled, MANAGER_ID, found), whose
    if export.manager_from == "region":
        in_office = managers_in_office(context.masters["managers"], month)
        by_region = in_office.groupby(REGION)[MANAGER_ID].agg(list).to_dict()
        only = {region: one[0] for region, one in by_region.items() if len(one) == 1}
        names = dict(zip(in_office[MANAGER_ID], in_office["manager_name"], strict=True))
        found = settled.rows[REGION].map(only).astype("str").where(settled.rows[REGION].isin(list(only)))

        def candidates(region: str) -> Details:
            several = [f"{one} {names[one]}" for one in by_region.get(region, [])]
            return (("candidates", "、".join(several[:MOST_CANDIDATES]) or "—"),)

        return _with(settled, MANAGER_ID, found), WhoseRows(REGION, "manager_of_region", candidates)
    return settled, WhoseRows(hint=nearest_of(codes_of(context.lookup("managers"))).hint)


def _with(settled: Settled, column: str, values: pd.Series) -> Settled:
    dtype = settled.rows[column].dtype
    return replace(settled, rows=settled.rows.assign(**{column: values.astype(dtype)}))


def with_factors(settled: Settled, export: Export, context: Context) -> Settled:
    """The rows with numbers multiplied by what master data say of their codes; a row of which they say nothing is left
    out."""
    form = settled.table.form
    for name, factors in export.multiply.items():
        for factor in factors:
            found = looked_up(factor, context.profile.forms)
            if found is not None:
                settled = _multiplied(settled, form, name, found[0].key, found[1].name, context)
    return settled


def _multiplied(settled: Settled, form: Form, name: str, master: str, column: str, context: Context) -> Settled:
    code = next(one.name for one in form.columns if one.refers_to == master)
    rows = settled.rows
    factors = pd.Series(float("nan"), index=rows.index)
    if master in context.masters:
        factors = context.lookup(master).values(rows[code], column).astype("float64")
    product = (rows[name].astype("float64") * factors).round(4)
    missing = rows.index[factors.isna() & rows[name].notna() & rows[code].notna()]
    details = (("factor", f"{master}.{column}"),)
    problems = [
        Problem("no_factor", "row left out", form=form.key, sheet=settled.table.sheet_of(row),
                cell=cell_at(settled.table, code, row), column=code, found=quoted(rows.at[row, code]), details=details)
        for row in missing[:MOST_CELLS]
    ]  # fmt: skip
    rest = len(missing) - len(problems)
    more = [more_cells(settled.table, "no_factor", rest, details)] if rest else []
    whole = form.column(name).kind == "whole"
    values = (product.where(product % 1 == 0) if whole else product).astype(rows[name].dtype)
    return replace(
        settled,
        rows=rows.assign(**{name: values}),
        problems=(*settled.problems, *problems),
        remarks=(*settled.remarks, *more),
        unusable={
            **settled.unusable,
            name: settled.unusable.get(name, frozenset()) | frozenset(map(int, missing)),
        },
        bad_rows=settled.bad_rows | frozenset(map(int, missing)),
    )


def with_total_day(settled: Settled, export: Export) -> Settled:
    """The rows with the day that a month's total is dated, where the mapping says that each row is one."""
    day = settled.table.form.month_column
    if not export.total_day or day is None:
        return settled
    months = settled.rows[day].dt.to_period("M")
    dated = months.dt.to_timestamp(how="start" if export.total_day == "first" else "end").dt.normalize()
    return replace(settled, rows=settled.rows.assign(**{day: dated.astype(settled.rows[day].dtype)}))
