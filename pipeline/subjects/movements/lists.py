"""What stands behind the figures of movements: losses one by one, by competitor and reason; customers whose movements
and states disagree."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from pipeline.base.calendar import Month
from pipeline.base.frames import records
from pipeline.contract.facts import Facts
from pipeline.contract.listing import Listing, Sums
from pipeline.contract.problem import Problem, quoted
from pipeline.contract.shown_frames import ListFrame, Measure, SumFrame
from pipeline.figures.bridge import BridgeTable
from pipeline.figures.grain import regions_by_manager
from pipeline.figures.stock import RowsAtEnd
from pipeline.subjects.movements.dormant import wrong_kinds
from pipeline.subjects.movements.figures import rows_of_kind

FORM, STOCK = "movements", "subscriptions"
_SOURCE = ["source_file", "source_sheet", "source_row"]
_ACCOUNTS = ("households", "active", "penalty_stopped", "paused")


def households_lost(facts: Facts) -> pd.DataFrame:
    """One row per loss: manager, region, customer, day, households, lost_to, reason, where it stands; the largest
    first."""
    rows = rows_of_kind(facts, "loss")
    known = facts.master("customers").drop_duplicates("customer_id").set_index("customer_id")
    regions = rows["manager_id"].astype("str").map(facts.once(regions_by_manager))
    named = rows.assign(
        region_id=regions,
        customer_name=rows["customer_id"].map(known["customer_name"]),
        channel=rows["customer_id"].map(known["channel"]),
    )[regions.notna()]
    columns = [
        "region_id", "manager_id", "customer_id", "customer_name", "channel", "happened_on", "households", "lost_to",
        "reason", *_SOURCE,
    ]  # fmt: skip
    return named[columns].reset_index(drop=True)


def states_disagree(facts: Facts) -> pd.DataFrame:
    """One row per customer and account of which the movements make something else of the month's start than is
    reported at its end: account, start, computed, reported, difference, where the state stands."""
    table = facts.once(BridgeTable(FORM))
    regions, rows = facts.once(regions_by_manager), facts.once(RowsAtEnd(STOCK)).set_index("customer_id")
    found = []
    for account in _ACCOUNTS:
        start, left, end = (table[f"{account}.{line}"] for line in ("start", "unexplained", "end"))
        one = pd.DataFrame(
            {"manager_id": table["manager_id"], "account": account, "start": start, "computed": end - left,
             "reported": end, "difference": left}
        )  # fmt: skip
        found.append(one[left != 0])
    told = pd.concat(found).rename_axis("customer_id").reset_index()
    known = facts.master("customers").drop_duplicates("customer_id").set_index("customer_id")["customer_name"]
    told = told.assign(
        region_id=told["manager_id"].map(regions),
        customer_name=told["customer_id"].map(known),
        **{name: told["customer_id"].map(rows[name]) for name in _SOURCE},
    )
    return told[told["region_id"].notna()].reset_index(drop=True)


def disagreements(month: Month, rows: pd.DataFrame) -> list[Problem]:
    """A note for each row of `states_disagree`, at the customer's state, with both numbers."""
    names = ("start", "computed", "reported", "difference")
    return [
        _note(row, row["account"], month, (STOCK, "A"), tuple((name, str(int(row[name]))) for name in names))
        for row in records(rows)
    ]


def told_wrongly(month: Month, rows: pd.DataFrame) -> list[Problem]:
    """A note for each movement of `wrong_kinds`."""
    return [
        _note(
            row,
            row["kind"],
            month,
            (FORM, "B"),
            (("since", f"{row['since']:%Y-%m-%d}"), ("months", str(row["months"]))),
        )
        for row in records(rows)
    ]


def _note(
    row: Mapping[Any, Any], what: str, month: Month, where: tuple[str, str], details: tuple[tuple[str, str], ...]
) -> Problem:
    """A note that forms disagree on `what`, at the customer's cell: of which form, in which column of the sheet."""
    form, letter = where
    return Problem(
        f"disagree_{what}",
        "note",
        file=text_of(row["source_file"]),
        manager_id=str(row["manager_id"]),
        month=str(month),
        form=form,
        sheet=text_of(row["source_sheet"]),
        cell="" if pd.isna(row["source_row"]) else f"{letter}{int(row['source_row'])}",
        column="customer_id",
        found=quoted(row["customer_id"]),
        details=details,
    )


def text_of(value: object) -> str:
    """A text, or nothing where none is known: a customer that has left has no row."""
    return "" if pd.isna(value) else str(value)  # type: ignore[call-overload]


def _by(facts: Facts, key: str) -> pd.DataFrame:
    rows = rows_of_kind(facts, "loss").dropna(subset=[key])
    counted = rows.assign(lost=rows["households"].astype("int64"))
    return counted.groupby(["manager_id", key])["lost"].sum().reset_index()


def _by_competitor(facts: Facts) -> pd.DataFrame:
    return _by(facts, "lost_to")


def _by_reason(facts: Facts) -> pd.DataFrame:
    return _by(facts, "reason")


LISTS = {
    "households_lost": Listing(
        households_lost, ("households", "customer_id", "happened_on"), frozenset({"households"}),
        ListFrame(
            ("customer_id", "customer_name", "channel", "manager_id", "happened_on", "households", "lost_to", "reason"),
            needs=(FORM,), form=FORM, styles=(("households", "number0"), ("happened_on", "day")),
        ),
        rules=("customer_lost",),
    ),
    "states_disagree": Listing(
        states_disagree, ("customer_id", "account"),
        shown=ListFrame(
            ("customer_id", "customer_name", "manager_id", "account", "start", "computed", "reported", "difference"),
            needs=(FORM, STOCK),
            styles=tuple((name, "number0") for name in ("start", "computed", "reported", "difference")),
        ),
        rules=("states_disagree",),
        problems=disagreements,
    ),
    "wrong_kinds": Listing(wrong_kinds, ("customer_id", "kind"), problems=told_wrongly),
}  # fmt: skip
SUMS = {
    f"households_lost_by_{name}": Sums(
        column, ("lost",), count, FORM,
        shown=SumFrame(FORM, (column,), (Measure("lost", share=True, better="lower"),), needs=(f"{FORM}.{column}",)),
    )
    for name, column, count in (("competitor", "lost_to", _by_competitor), ("reason", "reason", _by_reason))
}  # fmt: skip
