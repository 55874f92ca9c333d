"""The deferred account 递延账户 of managers, in whole cents: opening + added − released − clawed back = closing.

What is deferred in a month is a lot: it is released in equal parts from the next month on, odd cents with the last.
What is clawed back 扣回 is taken from what would be released last, so that the parts to come first stay as they were
told; what the account does not hold cannot be taken and stays uncovered. Whoever leaves keeps the dates.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from pipeline.base.calendar import Month


@dataclass(frozen=True)
class Lot:
    """What was deferred in a month, in cents, and over how many months it is released."""

    earned: Month
    cents: int
    parts: int


@dataclass
class Held:
    """A lot as it stands: what each month to come releases of it, and what has gone."""

    lot: Lot
    due: dict[Month, int]
    released: int = 0
    clawed_back: int = 0
    is_start: bool = False  # what the account held before the first month known

    @property
    def left(self) -> int:
        """What is still held, in cents."""
        return sum(self.due.values())


@dataclass(frozen=True)
class AccountMonth:
    """A manager's account in a month, in cents; `uncovered` is what was to be clawed back and was not there."""

    month: Month
    opening: int
    added: int
    released: int
    clawed_back: int
    uncovered: int
    closing: int


@dataclass
class Account:
    """One manager's account, taken from month to month in order."""

    held: list[Held] = field(default_factory=list)

    @property
    def balance(self) -> int:
        """What is held, in cents."""
        return sum(one.left for one in self.held)

    def open_with(self, before: Month, cents: int, parts: int) -> None:
        """What it holds at the start, from before the first month known: released over the months that are left."""
        if cents:
            lot = Lot(before, cents, parts)
            self.held.append(Held(lot, parts_of(lot), is_start=True))

    def take(self, month: Month, added: Sequence[Lot] = (), clawed_back: int = 0) -> AccountMonth:
        """The next month: what is due is released, what was earned is added, and then is clawed back."""
        opening = self.balance
        released = sum(_release(one, month) for one in self.held)
        self.held += [Held(lot, parts_of(lot)) for lot in added if lot.cents]
        taken = self._claw_back(clawed_back)
        sums = sum(lot.cents for lot in added)
        return AccountMonth(month, opening, sums, released, taken, clawed_back - taken, self.balance)

    def _claw_back(self, cents: int) -> int:
        """Takes from the parts that come last, of those of one month from the newest lot. Gives what was taken."""
        left = cents
        parts = [(due, one.lot.earned, number, one) for number, one in enumerate(self.held) for due in one.due]
        for due, _, _, one in sorted(parts, key=lambda part: part[:3], reverse=True):
            taken = min(left, one.due[due])
            one.due[due] -= taken
            one.clawed_back += taken
            left -= taken
        return cents - left


def _release(held: Held, month: Month) -> int:
    """What a lot releases up to a month, in cents: parts of months that nobody reported are not lost."""
    gone = [due for due in held.due if due <= month]
    cents = sum(held.due.pop(due) for due in gone)
    held.released += cents
    return cents


def parts_of(lot: Lot) -> dict[Month, int]:
    """What each month releases of a lot, in cents: equal parts from the next month on, odd cents with the last."""
    part = lot.cents // lot.parts
    due = {lot.earned + step: part for step in range(1, lot.parts + 1)}
    due[lot.earned + lot.parts] += lot.cents - part * lot.parts
    return due


def course(first: Month, last: Month, account: Account, moves: "Iterable[Move]") -> list[AccountMonth]:
    """An account month by month, those in which nothing happened among them."""
    by_month = {one.month: one for one in moves}
    told = []
    for step in range(last - first + 1):
        move = by_month.get(first + step, Move(first + step))
        told.append(account.take(move.month, move.added, move.clawed_back))
    return told


@dataclass(frozen=True)
class Move:
    """What happened to an account in a month beside what is released by itself."""

    month: Month
    added: tuple[Lot, ...] = ()
    clawed_back: int = 0
