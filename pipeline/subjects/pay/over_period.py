"""Pay of a quarter, a half-year or a year: sums of its months, and the deferred accounts from its first month's opening
to its last one's closing.

A sum of which a month is not known is itself unknown, and its open months are named; months of which nothing is in the
ledger are in no sum of pay, but what they release is, as the accounts go through them.
"""

from collections.abc import Mapping

import pandas as pd

from pipeline.base.calendar import Month
from pipeline.base.frames import records
from pipeline.base.period import Period
from pipeline.contract.papers import Frames
from pipeline.subjects.pay.accounts import Accounts, accounts_up_to, told_by_months
from pipeline.subjects.pay.everybody import GONE, named, people_of, with_released
from pipeline.subjects.pay.of_month import COUNTED, PAID

OPEN, NO_MONTH = "open", "no_month"  # states: some month is not known; nothing of the month is in the ledger
SUMS = ("base", "allowance", "by_score", "by_products", "performance", "deferred", "released", "paid")
_DAYS = {"days": "days", "days_of_months": "days_of_month"}
_MOVES = ("added", "released", "clawed_back", "uncovered")


def over(period: Period, months: Mapping[Month, Frames]) -> Frames:
    """What a period's file shows, of the months of it up to the last known one: `pay` by manager, `months` by manager
    and month, the `accounts`, all of them month by month (`ledger`), the `lots` and `claw_backs` of the period; money
    in whole cents, everybody named. `missing` are the months of which nothing is in the ledger."""
    last, people = max(one for one in months if one in period), people_of(months)
    told = accounts_up_to(last, told_by_months(months), since=period.first)
    inside = [one for one in period if one <= last]
    ledger = told.accounts[told.accounts["month"].isin([str(one) for one in inside])].reset_index(drop=True)
    by_month = _by_month(inside, months, ledger, people)
    return {
        "pay": _summed(by_month, people),
        "months": by_month,
        "accounts": named(_chained(ledger), people),
        "ledger": named(ledger, people),
        "lots": named(told.lots, people),
        "claw_backs": named(_claw_backs_in(told, period), people),
        "missing": pd.DataFrame({"month": [str(one) for one in period if one not in months]}, dtype="str"),
    }


def _by_month(
    inside: list[Month], months: Mapping[Month, Frames], ledger: pd.DataFrame, people: pd.DataFrame
) -> pd.DataFrame:
    """One row per manager and month: what the file of each month shows of pay, with its `month`."""
    frames = []
    for month in inside:
        nobody = pd.DataFrame(columns=list(PAID)).astype(PAID)
        pay = months[month]["pay"] if month in months else nobody
        rows = with_released(pay, ledger[ledger["month"] == str(month)], people)
        state = rows["state"] if month in months else rows["state"].mask(rows["state"] == GONE, NO_MONTH)
        frames.append(rows.assign(month=str(month), state=state))
    return pd.concat([one for one in frames if len(one)] or frames[:1], ignore_index=True)


def _summed(by_month: pd.DataFrame, people: pd.DataFrame) -> pd.DataFrame:
    """One row per manager: SUMS over the months, unknown where that of a month is; days in office, and of the months in
    which it was; the roles and pay grades it had, in order, joined by commas; `open_months`, also joined."""
    rows = []
    for manager, own in by_month.sort_values("month", kind="stable").groupby("manager_id"):
        there = own[~own["state"].isin([GONE, NO_MONTH])]
        known = {name: _sum(own if name in ("released", "paid") else there, name) for name in SUMS}
        opened = own.loc[own["paid"].isna(), "month"]
        rows.append(
            {
                "manager_id": manager, "role": _in_order(there["role"]), "pay_grade": _in_order(there["pay_grade"]),
                **{name: int(there[one].sum()) if len(there) else None for name, one in _DAYS.items()}, **known,
                "open_months": ",".join(opened),
                "state": OPEN if len(opened) else COUNTED if len(there) else _state(own),
            }
        )  # fmt: skip
    columns = ["manager_id", "role", "pay_grade", *_DAYS, *SUMS, "open_months", "state"]
    frame = pd.DataFrame(rows, columns=columns).astype(dict.fromkeys((*_DAYS, *SUMS), "Int64"))
    return named(frame.astype(dict.fromkeys(("manager_id", "open_months", "state"), "str")), people)


def _sum(rows: pd.DataFrame, name: str) -> int | None:
    """The sum over some months; None where one is not known, or there is none."""
    total = rows[name].sum(skipna=False) if len(rows) else pd.NA
    return None if pd.isna(total) else int(total)


def _in_order(values: pd.Series) -> str:
    """What somebody was from month to month, each once where it follows itself, joined by commas."""
    told = [str(one) for one in values.dropna()]
    return ",".join(one for place, one in enumerate(told) if one and (not place or told[place - 1] != one))


def _state(own: pd.DataFrame) -> str:
    return GONE if (own["state"] == GONE).any() else NO_MONTH


def _chained(ledger: pd.DataFrame) -> pd.DataFrame:
    """One row per account: opening of its first month, the sums of what moved, closing of its last, and the months open
    until then."""
    rows = []
    for manager, own in ledger.sort_values("month", kind="stable").groupby("manager_id"):
        first, last = records(own)[0], records(own)[-1]
        moved = {name: int(own[name].sum()) for name in _MOVES}
        rows.append(
            {
                "manager_id": manager, "opening": int(first["opening"]), **moved, "closing": int(last["closing"]),
                "open_months": last["open_months"],
            }
        )  # fmt: skip
    columns = ["manager_id", "opening", *_MOVES, "closing", "open_months"]
    return pd.DataFrame(rows, columns=columns).astype({"manager_id": "str", "open_months": "str"})


def _claw_backs_in(told: Accounts, period: Period) -> pd.DataFrame:
    """The claw-backs that count in the period, the newest first."""
    rows = told.claw_backs
    rows = rows[(rows["counted_in"] >= str(period.first)) & (rows["counted_in"] <= str(period.last))]
    return rows.sort_values(["counted_in", "claw_back_no"], ascending=[False, True], ignore_index=True)
