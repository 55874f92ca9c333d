"""What heads of regions decided, as figures and lists of a month see it: the last decision on each matter."""

import pandas as pd

from pipeline.contract.facts import Facts
from pipeline.figures.grain import names_by_customer, regions_by_manager
from pipeline.figures.known_cases import known_cases_of
from schemas.decisions import APPROVED, FORM, REFUSED, RETURNED, Reference, read_reference
from schemas.form import region_forms

MONTHS_SHOWN = 3  # decisions of the workbooks of this month and the two before stand in the list
DECIDED = (APPROVED, REFUSED)
COLUMNS = (
    "region_id", "manager_id", "reference", "matter", "about_id", "about", "decision", "decided_on", "remark",
    "earlier", "form_month", "source_file", "source_sheet", "source_row",
)  # fmt: skip
_CASE = "case"


def standing_decisions(facts: Facts) -> pd.DataFrame:
    """One row a matter that was decided by the month's end, however long ago, by its last decision: the columns of the
    form, its source, form_month (of the workbook), and `earlier`, how many decisions it took the place of."""
    rows = facts.frame(FORM)
    if "stands" not in rows or FORM not in facts.profile.forms:
        nothing = facts.frame(FORM).iloc[:0]
        return nothing.assign(form_month=pd.Series(dtype="str"), earlier=pd.Series(dtype="int64"))
    earlier = rows.groupby("reference")["reference"].transform("size") - 1
    return rows.assign(earlier=earlier.astype("int64"))[rows["stands"]].reset_index(drop=True)


def decided_cases(facts: Facts, cases: pd.DataFrame, number: str) -> pd.DataFrame:
    """Cases as their heads of regions decided them: what a manager's form says of a decision gives way to it.

    A case that was returned waits for its manager in the month of the workbook that says so, and for the head of the
    region again from the next month on.

    Returns:
        The cases with decision and decided_on as decided, and decided_by_region (whether it was so), decision_remark,
        is_returned (whether it waits for its manager).
    """
    decided = facts.once(standing_decisions).set_index("reference")
    found = decided.reindex(cases[number].astype("str"))
    by_region = found["decision"].notna().to_numpy()
    told = cases.assign(
        decided_by_region=by_region,
        decision_remark=pd.Series(found["remark"].to_numpy(), index=cases.index, dtype="str"),
        is_returned=(found["decision"] == RETURNED).fillna(False).to_numpy(dtype=bool)
        & (found["form_month"] == str(facts.month)).fillna(False).to_numpy(dtype=bool),
    )
    for name in ("decision", "decided_on"):
        if name in cases:
            said = pd.Series(found[name].to_numpy(), index=cases.index, dtype=cases[name].dtype)
            told[name] = cases[name].where(~told["decided_by_region"], said)
    return told


def decisions(facts: Facts) -> pd.DataFrame:
    """One row a matter decided by a workbook of this month or the two before, in COLUMNS: `matter` is case, downgrade,
    recommended or report; `about_id` the customer or whom else it is about, `about` its name; manager_id is missing
    where it is no single manager's."""
    rows = facts.once(standing_decisions)
    known = [str(facts.month + -back) for back in range(MONTHS_SHOWN)]
    rows = rows[rows["form_month"].isin(known)].reset_index(drop=True)
    whose = pd.DataFrame([_whose(facts, str(one)) for one in rows["reference"]], columns=["matter", *_WHOSE])
    names = facts.once(names_by_customer)
    told = rows.assign(
        **{name: pd.Series(whose[name].to_numpy(), index=rows.index, dtype="str") for name in ("matter", *_WHOSE)},
    )
    told = told.assign(about=told["about_id"].map(names).astype("str"))
    return told.reindex(columns=list(COLUMNS))


_WHOSE = ("manager_id", "about_id")


def _whose(facts: Facts, reference: str) -> tuple[str, str | None, str | None]:
    """The matter, whose it is, and the customer whom it is about."""
    read = read_reference(reference)
    if read is not None:
        return read.matter, *_of_reference(facts, read)
    for form in region_forms(facts.profile.forms):
        for key in form.traits.decides.of if form.traits.decides else ():
            if (own := _of_case(facts, key, reference)) is not None:
                return _CASE, *own
    return _CASE, None, None


def _of_reference(facts: Facts, read: Reference) -> tuple[str | None, str | None]:
    if read.matter == "report":
        return read.code, None
    if read.matter == "recommended":
        return None, None
    customers = facts.master("customers")
    own = customers.loc[customers["customer_id"] == read.code, "manager_id"].dropna()
    return (str(own.iloc[0]) if len(own) else None), read.code


def _of_case(facts: Facts, form: str, number: str) -> tuple[str | None, str | None] | None:
    declared = facts.profile.forms.get(form)
    if declared is None or declared.traits.case is None:
        return None
    cases = known_cases_of(facts, form)
    own = cases[cases[declared.traits.case.number] == number]
    if own.empty:
        return None
    return str(own["manager_id"].iloc[-1]), str(own["customer_id"].iloc[-1])


def in_regions_now(facts: Facts, rows: pd.DataFrame) -> pd.DataFrame:
    """The rows with the region of their manager now; of those without a manager, the one that decided."""
    now = rows["manager_id"].map(facts.once(regions_by_manager))
    return rows.assign(region_id=now.fillna(rows["region_id"]).astype("str"))


def decisions_now(facts: Facts) -> pd.DataFrame:
    """`decisions`, each with the region that its manager belongs to now."""
    return in_regions_now(facts, decisions(facts)).reset_index(drop=True)
