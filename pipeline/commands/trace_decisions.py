"""What heads of regions decided, one decision after the other: `yuebao trace decisions ENTITY MONTH`."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from pipeline.base.calendar import Month
from pipeline.base.errors import YuebaoError
from pipeline.base.frames import records
from pipeline.base.period import AnyPeriod
from pipeline.contract.report import ORGANISATION_ID
from pipeline.contract.settings import Settings
from pipeline.ledger.decisions import STANDS
from pipeline.ledger.manifest import read_manifest
from pipeline.ledger.read import Ledger
from pipeline.month.opening import open_months
from schemas.decisions import read_reference
from schemas.form import Form, region_forms


@dataclass(frozen=True)
class Decision:
    """One decision on a matter, in the workbook of `month`; the last on its matter `stands`. `decided_on` is a day
    (ISO), empty where none is given."""

    reference: str
    region_id: str
    month: str
    decision: str
    decided_on: str
    remark: str
    stands: bool
    file: str
    sheet: str
    row: int


def decisions_form(settings: Settings, name: str) -> Form | None:
    """The form of decisions that a key or name means; None where it means none."""
    forms = region_forms(settings.profile.forms)
    return next((form for form in forms if name in (form.key, form.zh, form.en)), None)


def trace_decisions(
    home: Path, settings: Settings, form: Form, entity: str, period: AnyPeriod
) -> tuple[Decision, ...]:
    """All decisions up to the end of a month or longer period, in the order in which they were sent, matter by matter.

    Args:
        entity: the code of a region or manager, ALL, or the reference of a matter.

    Raises:
        YuebaoError: when nothing of the period is in the ledger, or nothing was decided of the entity.
    """
    months = open_months(Ledger(home, read_manifest(home), settings.profile.forms), settings)
    month = period if isinstance(period, Month) else period.last
    known = [one for one in months.shape.months if one <= month]
    if not known:
        raise YuebaoError(settings.words("run.unknown_month", month=period))
    rows: pd.DataFrame = months.graph.of("cases", max(known), form.key).rows_by_case
    cases = _managers_of_cases(months.graph.of("all_facts", max(known)), form)
    own = [one for one in records(rows) if _is_about(one, entity, cases)]
    if not own:
        raise YuebaoError(settings.words("run.trace.no_decisions", entity=entity, month=period))
    told = [_decision(one) for one in own]
    return tuple(sorted(told, key=lambda one: one.reference))


def _managers_of_cases(facts: Any, form: Form) -> Mapping[str, str]:
    """The manager of each case that may be decided, by its number."""
    found: dict[str, str] = {}
    for key in form.traits.decides.of if form.traits.decides else ():
        rows, declared = facts.frame(key), facts.profile.forms.get(key)
        if declared is not None and declared.traits.case is not None and len(rows):
            found |= dict(zip(rows[declared.traits.case.number], rows["manager_id"], strict=True))
    return found


def _is_about(one: Mapping[Any, Any], entity: str, cases: Mapping[str, str]) -> bool:
    reference = str(one["reference"])
    read = read_reference(reference)
    whose = read.code if read is not None else cases.get(reference, "")
    return entity in (ORGANISATION_ID, reference, str(one["region_id"]), whose)


def _decision(one: Mapping[Any, Any]) -> Decision:
    day = one["decided_on"]
    return Decision(
        str(one["reference"]),
        str(one["region_id"]),
        str(one["form_month"]),
        str(one["decision"]),
        "" if pd.isna(day) else str(pd.Timestamp(day).date()),
        "" if pd.isna(one["remark"]) else str(one["remark"]),
        bool(one[STANDS]),
        str(one["source_file"]),
        str(one["source_sheet"]),
        int(one["source_row"]),
    )
