"""All deferred accounts, from the first month known to one that is reported, out of what each month says by itself.

A month that is made known later, or again, moves all accounts after it: they are worked out anew each time.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from pipeline.base.calendar import Month
from pipeline.base.frames import records
from pipeline.contract.papers import Frames
from pipeline.subjects.pay.account import Account, AccountMonth, Lot
from pipeline.subjects.pay.money import cents_of, exact

ACCOUNTS = (
    "month", "manager_id", "opening", "added", "released", "clawed_back", "uncovered", "closing", "open_months",
)  # fmt: skip
LOTS = ("manager_id", "earned", "cents", "parts", "released", "clawed_back", "left", "ends")
TAKEN = ("claw_back_no", "month", "counted_in", "manager_id", "cents", "reason")
_START = "start"  # what stands for the month of a lot that is from before the first month known


@dataclass(frozen=True)
class MonthPay:
    """What a month says by itself: `pay` (see `of_month.PAID`), `openings`, and the office's `claw_backs` as it told
    them by that month."""

    pay: pd.DataFrame
    openings: pd.DataFrame
    claw_backs: pd.DataFrame


@dataclass(frozen=True)
class Accounts:
    """All accounts up to a month, money in whole cents.

    `accounts`: one row per manager and month, ACCOUNTS; `open_months` are those until then of which it is not known
    what they deferred, joined by commas. `lots`: one row per lot that the month (or an earlier one asked for) began
    with or that was added since, LOTS. `claw_backs`: one row each that counts by then, TAKEN.
    """

    accounts: pd.DataFrame
    lots: pd.DataFrame
    claw_backs: pd.DataFrame


def told_by_months(months: Mapping[Month, Frames]) -> dict[Month, MonthPay]:
    """What each month says by itself, out of the frames that are kept of it."""
    return {one: MonthPay(its["pay"], its["openings"], its["claw_backs"]) for one, its in months.items()}


def accounts_up_to(month: Month, months: Mapping[Month, MonthPay], since: Month | None = None) -> Accounts:
    """The accounts up to a month, from the known months not after it; with the lots that `since` (else the month) began
    with, or that were added from then on."""
    known = {one: months[one] for one in sorted(months) if one <= month}
    taken = counted_claw_backs({one: its.claw_backs for one, its in known.items()})
    told: list[tuple[str, AccountMonth, str]] = []
    lots: list[dict[str, object]] = []
    for manager in _managers(known, taken):
        own = taken[taken["manager_id"] == manager]
        account, course = _course(manager, month, known, own)
        told += [(manager, one, opened) for one, opened in course]
        lots += _lots(manager, since or month, account)
    rows = [
        (str(one.month), manager, one.opening, one.added, one.released, one.clawed_back, one.uncovered, one.closing,
         opened)
        for manager, one, opened in told
    ]  # fmt: skip
    return Accounts(pd.DataFrame(rows, columns=list(ACCOUNTS)), pd.DataFrame(lots, columns=list(LOTS)), taken)


def counted_claw_backs(told: Mapping[Month, pd.DataFrame]) -> pd.DataFrame:
    """Each claw-back with the month in which it counts, TAKEN: its own, or the first in which the office had told it.
    Those of months before the first known one are in the balance at the start."""
    rows: list[tuple[object, ...]] = []
    seen: set[str] = set()
    for month in sorted(told):
        for one in records(told[month]):
            number, own = str(one["claw_back_no"]), str(one["month"])
            if number in seen or own > str(month):
                continue
            seen.add(number)
            if own < str(min(told)):
                continue
            cents = cents_of(exact(float(one["amount"])))
            rows.append((number, own, str(month), str(one["manager_id"]), cents, one["reason"]))
    return pd.DataFrame(rows, columns=list(TAKEN))


def _managers(known: Mapping[Month, MonthPay], taken: pd.DataFrame) -> list[str]:
    """Whoever has an account."""
    frames = [frame for its in known.values() for frame in (its.pay, its.openings)]
    return sorted({*taken["manager_id"], *(str(one) for frame in frames for one in frame["manager_id"])})


def _course(
    manager: str, last: Month, known: Mapping[Month, MonthPay], taken: pd.DataFrame
) -> tuple[Account, list[tuple[AccountMonth, str]]]:
    """A manager's account from its first month on, with the months that are open until each."""
    account, told, opened = Account(), list[tuple[AccountMonth, str]](), list[str]()
    first = min(known)
    for month in (first + step for step in range(last - first + 1)):
        its, back = known.get(month), taken.loc[taken["counted_in"] == str(month), "cents"].sum()
        added = [] if its is None else _earned(manager, month, its, opened)
        begins = None if its is None else _opening(manager, its)
        if not told:
            if begins is None and not added and not back and not opened:
                continue
            account.open_with(month.before, *(begins or (0, 1)))
        told.append((account.take(month, added, int(back)), ",".join(opened)))
    return account, told


def _opening(manager: str, its: MonthPay) -> tuple[int, int] | None:
    own = records(its.openings[its.openings["manager_id"] == manager])
    return (int(own[0]["cents"]), int(own[0]["parts"])) if own else None


def _earned(manager: str, month: Month, its: MonthPay, opened: list[str]) -> list[Lot]:
    """What a manager's month defers; a month of which it is not known is entered among those that are open."""
    own = records(its.pay[its.pay["manager_id"] == manager])
    if not own:
        return []
    cents, parts = own[0]["deferred"], own[0]["parts"]
    if pd.isna(cents):
        opened.append(str(month))
        return []
    return [Lot(month, int(cents), int(parts))] if int(cents) else []


def _lots(manager: str, since: Month, account: Account) -> list[dict[str, object]]:
    """The lots of which a month began with something, or that were added since, as they stand now."""
    rows: list[dict[str, object]] = []
    for one in account.held:
        ends = one.lot.earned + one.lot.parts
        if ends < since:
            continue
        row = (
            manager, _START if one.is_start else str(one.lot.earned), one.lot.cents, one.lot.parts, one.released,
            one.clawed_back, one.left, str(ends),
        )  # fmt: skip
        rows.append(dict(zip(LOTS, row, strict=True)))
    return rows
