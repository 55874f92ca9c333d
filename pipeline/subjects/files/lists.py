"""Customers' files behind the figures: those that lack something, those not looked over, what changed, differences."""

import pandas as pd

from pipeline.contract.facts import Facts
from pipeline.contract.listing import Listing
from pipeline.contract.shown_frames import ListFrame
from pipeline.subjects.files.differences import FORM as ENROLMENTS
from pipeline.subjects.files.differences import enrolment_differences
from pipeline.subjects.files.state import CHECKED, FORM, file_changes, files, looked_over, named

_WHO = ("manager_id", "customer_id", "customer_name")


def files_incomplete(facts: Facts) -> pd.DataFrame:
    """One row per file that lacks a required field: region, manager, customer, grade, `lacks` (how many), `reasons`
    (which, as `file_` and the column's name, joined by commas)."""
    rows = facts.once(files)
    rows = rows[rows["filled"] < rows["required"]]
    names = rows["lacking"].map(lambda one: ",".join(f"file_{name}" for name in str(one).split(",")))
    told = named(rows.assign(reasons=names.astype("str"), lacks=rows["required"] - rows["filled"]), facts)
    return told[["region_id", *_WHO, "grade", "lacks", "reasons"]].reset_index(drop=True)


def files_not_checked(facts: Facts) -> pd.DataFrame:
    """One row per file not looked over for long: region, manager, customer, grade, `looked_on` (missing where nothing
    is known)."""
    rows = facts.once(looked_over)
    told = named(rows[rows["is_old"].astype(bool)], facts)
    return told[["region_id", *_WHO, "grade", "looked_on"]].reset_index(drop=True)


LISTS = {
    "files_incomplete": Listing(
        files_incomplete, ("lacks", "manager_id", "customer_id"), frozenset({"lacks"}),
        ListFrame((*_WHO, "grade", "lacks", "reasons"), needs=(FORM,), styles=(("lacks", "number0"),)),
    ),
    "files_not_checked": Listing(
        files_not_checked, ("looked_on", "manager_id", "customer_id"),
        shown=ListFrame((*_WHO, "grade", "looked_on"), needs=(f"{FORM}.{CHECKED}",), styles=(("looked_on", "day"),)),
    ),
    "file_changes": Listing(file_changes, ("manager_id", "customer_id", "field")),
    "enrolment_differences": Listing(
        enrolment_differences, ("manager_id", "customer_id", "kind"),
        shown=ListFrame(
            (*_WHO, "kind", "by_master", "by_form", "difference"), needs=(ENROLMENTS,), form=ENROLMENTS,
            styles=(("by_master", "day"), ("by_form", "day")),
        ),
    ),
}  # fmt: skip
