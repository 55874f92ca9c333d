"""The matters on which heads of regions may decide: cases that files brought, what their rows propose about customers,
and what follows from master data."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq

from pipeline.base.calendar import Month
from pipeline.contract.master_data import managers_in_office
from pipeline.intake.reading import shown
from pipeline.intake.table import Table
from pipeline.intake.text_forms import plain
from schemas.decisions import Reference, read_reference
from schemas.form import CUSTOMER, Context, Decides, Form, region_forms

COLUMNS = ("reference", "name", "region_id", "region_before", "since")
ContextOf = Callable[[Month], Context]  # the master data of a month


@dataclass(frozen=True)
class Known:
    """What matters are looked up in: Parquet files of accepted rows, the master data of the month of the workbook that
    came back (`month`: nothing of later months waits there), and those of any month."""

    files: Sequence[str]
    month: Month
    context: Context
    context_of: ContextOf

    def forms(self, names: Callable[[Decides], Iterable[str]]) -> list[Form]:
        """Those of the trade's forms that the form of decisions names so."""
        forms = self.context.profile.forms
        deciding = (one.traits.decides for one in region_forms(forms))
        wanted = dict.fromkeys(key for one in deciding if one for key in names(one))
        return [forms[key] for key in wanted if key in forms]


def references_of(known: Known, table: Table) -> pd.DataFrame:
    """One row a matter: reference, name (what is said beside its code: nothing), region_id, region_before (whose it was
    when it came up, where its customer or manager belongs to another region by now), since (from which day on it can
    be decided).

    Matters that are no cases are looked up only where the table names them.
    """
    cases = pd.concat([*(_cases(known, one) for one in known.forms(lambda decides: decides.of)), _of([])])
    typed = (plain(shown(cell)) for cell in table.cells.get("reference", ()) if cell is not None)
    named = dict.fromkeys(written for one in typed for written in (one, one.upper()))
    others = _of(_others(list(filter(None, map(read_reference, named))), known))
    return pd.concat([cases, others], ignore_index=True).drop_duplicates("reference", keep="last")


def _of(rows: Iterable[tuple[str, str, str, pd.Timestamp]]) -> pd.DataFrame:
    """Matters from their reference, region now and when they came up, and first day."""
    frame = pd.DataFrame([(one[0], "", *one[1:]) for one in rows], columns=list(COLUMNS))
    texts = dict.fromkeys(COLUMNS[:-1], "str")
    return frame.astype({**texts, "since": "datetime64[ns]"})


def _cases(known: Known, form: Form) -> pd.DataFrame:
    """Each case of a form once, by its newest row."""
    case = form.traits.case
    if case is None:
        return _of([])
    names = [case.number, case.opened_on, CUSTOMER, "region_id"]
    held = [pq.read_table(path, columns=names).to_pandas() for path in known.files if _is_of(path, names)]
    if not held:
        return _of([])
    rows = pd.concat(held, ignore_index=True).drop_duplicates(case.number, keep="last")
    before = rows["region_id"].astype("str")
    now = _regions_of(rows[CUSTOMER], known.context)
    found = {"reference": rows[case.number], "name": "", "region_id": now.fillna(before), "region_before": before}
    return pd.DataFrame({**found, "since": rows[case.opened_on]}).astype(dict.fromkeys(COLUMNS[:-1], "str"))


def _is_of(path: str, names: Sequence[str]) -> bool:
    """Whether a file holds rows of a form: it has the columns that make them."""
    return set(names) <= set(pq.read_schema(Path(path)).names)


def _regions_of(customers: pd.Series, context: Context) -> pd.Series:
    """The region of each customer's manager by the month's master data; missing where it is not known."""
    if "customers" not in context.masters or "managers" not in context.masters:
        return pd.Series(pd.NA, index=customers.index, dtype="str")
    managers = context.lookup("customers").values(customers, "manager_id")
    return context.lookup("managers").values(managers, "region_id").astype("str")


def _others(named: Sequence[Reference], known: Known) -> Iterator[tuple[str, str, str, pd.Timestamp]]:
    """Of the matters named that are no cases those that there may be."""
    due = [one for one in named if Month.parse(one.month) <= known.month]
    yield from _proposals([one for one in due if one.matter == "downgrade"], known)
    for one in due:
        about = Month.parse(one.month)
        then = _region_of(one, known.context_of(about), about)
        if then:
            now = _region_of(one, known.context, known.month) or then
            yield str(one), now, then, pd.Timestamp(about.first_day)


def _region_of(one: Reference, context: Context, month: Month) -> str:
    """The region whose list it is, or to which the manager belongs whose report it is; empty where there is none."""
    if one.matter == "recommended":
        return one.code if "regions" in context.masters and context.lookup("regions").has(one.code) else ""
    if one.matter != "report" or "managers" not in context.masters:
        return ""
    office = managers_in_office(context.masters["managers"], month)
    found = office.loc[office["manager_id"] == one.code, "region_id"].dropna()
    return str(found.iloc[0]) if len(found) else ""


def _proposals(named: Sequence[Reference], known: Known) -> Iterator[tuple[str, str, str, pd.Timestamp]]:
    """Of the proposals named those that rows of their month make about the customer, from the day of the first on."""
    rows = _proposing(known, {one.code for one in named})
    rows = rows.assign(now=_regions_of(rows[CUSTOMER], known.context).fillna(rows["region_id"]))
    for one in named:
        own = rows[(rows[CUSTOMER] == one.code) & (rows["month"] == one.month)]
        if len(own):
            first = own.sort_values("day", kind="stable").iloc[0]
            yield str(one), str(first["now"]), str(first["region_id"]), first["day"]


def _proposing(known: Known, customers: set[str]) -> pd.DataFrame:
    """The rows of any month that propose something about some customers: customer_id, region_id, day, month."""
    nothing = pd.DataFrame({one: pd.Series(dtype="str") for one in (CUSTOMER, "region_id", "month")})
    found = [nothing.assign(day=pd.Series(dtype="datetime64[ns]"))]
    for form in known.forms(lambda decides: decides.proposed_by) if customers else ():
        proposes, day = form.traits.proposes, form.month_column
        if proposes is None or day is None:
            continue
        for path in (path for path in known.files if _is_of(path, [CUSTOMER, day, "region_id"])):
            rows = pq.read_table(path, filters=[(CUSTOMER, "in", sorted(customers))]).to_pandas()
            months = rows[day].dt.strftime("%Y-%m")
            for month, own in rows.groupby(months):
                chosen = own[proposes(own, known.context_of(Month.parse(str(month))))]
                found.append(chosen[[CUSTOMER, "region_id"]].assign(day=chosen[day], month=str(month)))
    return pd.concat(found, ignore_index=True)
