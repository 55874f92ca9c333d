"""The matters on which heads of regions may decide: cases that files brought, and what follows from master data."""

from collections.abc import Iterable, Sequence
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq

from pipeline.base.calendar import Month
from pipeline.intake.reading import shown
from pipeline.intake.table import Table
from pipeline.intake.text_forms import plain
from schemas.decisions import Reference, read_reference
from schemas.form import CUSTOMER, Context, Form, region_forms

COLUMNS = ("reference", "name", "region_id", "region_before", "since")


def references_of(files: Sequence[str], table: Table, context: Context, month: Month) -> pd.DataFrame:
    """One row a matter: reference, name (what is said beside its code: nothing), region_id, region_before (of a case
    whose customer belongs to another region by now: whose it was), since (from which day on it can be decided).

    Args:
        files: Parquet files of accepted cases.
        table: what was decided; matters that are no cases are looked up only where they are named.
        context: the month's master data.
        month: of the workbook that came back: nothing of later months waits there.
    """
    cases = pd.concat([_cases(files, one, context) for one in _case_forms(context)] or [_of([])])
    typed = (plain(shown(cell)) for cell in table.cells.get("reference", ()) if cell is not None)
    named = dict.fromkeys(written for one in typed for written in (one, one.upper()))
    others = _of(_others(filter(None, map(read_reference, named)), context, month))
    return pd.concat([cases, others], ignore_index=True).drop_duplicates("reference", keep="last")


def _of(rows: Iterable[tuple[str, str, str]]) -> pd.DataFrame:
    """Matters from their reference, region, and first day (ISO)."""
    frame = pd.DataFrame(
        [(reference, "", region, region, day) for reference, region, day in rows], columns=list(COLUMNS)
    )
    texts = dict.fromkeys(COLUMNS[:-1], "str")
    return frame.astype({**texts, "since": "datetime64[ns]"})


def _case_forms(context: Context) -> list[Form]:
    forms = context.profile.forms
    wanted = dict.fromkeys(key for one in region_forms(forms) for key in (one.traits.decides.of))  # type: ignore[union-attr]
    return [forms[key] for key in wanted if key in forms]


def _cases(files: Sequence[str], form: Form, context: Context) -> pd.DataFrame:
    """Each case of a form once, by its newest row."""
    case = form.traits.case
    if case is None:
        return _of([])
    names = [case.number, case.opened_on, CUSTOMER, "region_id"]
    held = [pq.read_table(path, columns=names).to_pandas() for path in files if _is_of(Path(path), names)]
    if not held:
        return _of([])
    rows = pd.concat(held, ignore_index=True).drop_duplicates(case.number, keep="last")
    before = rows["region_id"].astype("str")
    now = _regions_of(rows[CUSTOMER], context)
    found = {"reference": rows[case.number], "name": "", "region_id": now.fillna(before), "region_before": before}
    return pd.DataFrame({**found, "since": rows[case.opened_on]}).astype(dict.fromkeys(COLUMNS[:-1], "str"))


def _is_of(path: Path, names: Sequence[str]) -> bool:
    """Whether a file holds cases of the form: it has the columns that make them."""
    return set(names) <= set(pq.read_schema(path).names)


def _regions_of(customers: pd.Series, context: Context) -> pd.Series:
    """The region of each customer's manager by the month's master data; missing where it is not known."""
    if "customers" not in context.masters or "managers" not in context.masters:
        return pd.Series(pd.NA, index=customers.index, dtype="str")
    managers = context.lookup("customers").values(customers, "manager_id")
    return context.lookup("managers").values(managers, "region_id").astype("str")


def _others(named: Iterable[Reference], context: Context, month: Month) -> Iterable[tuple[str, str, str]]:
    """Of the matters named that are no cases those that there may be, with their region."""
    for one in named:
        about = Month.parse(one.month)
        region = _region_of(one, context)
        if region and about <= month:
            yield str(one), region, about.first_day.isoformat()


def _region_of(one: Reference, context: Context) -> str:
    code = pd.Series([one.code], dtype="str")
    if one.matter == "recommended":
        return one.code if "regions" in context.masters and context.lookup("regions").has(one.code) else ""
    if one.matter == "report":
        found = context.lookup("managers").values(code, "region_id") if "managers" in context.masters else code[:0]
    else:
        found = _regions_of(code, context)
    return str(found.iloc[0]) if len(found) and pd.notna(found.iloc[0]) else ""
