"""Sales compared like with like, recalculated in plain Python: managers missing, moving, and leaving.

Follows domain.md section 4 and nothing of the pipeline: a month's rows are told by who sold to a customer, then by who
has the customer in the reported month; whoever has not sent one of two months counts on neither side.
"""

import math
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from oracle import Row

Of = tuple[int, int]  # year, month
Told = tuple[int, int, int]  # cartons, cents, customers with a net purchase


@dataclass(frozen=True)
class Then:
    """A month as it was: its rows of sales, who had which customers, the region of each manager, who sent sales."""

    sales: list[Row]
    owner: Mapping[str, str]
    region: Mapping[str, str]
    sent: frozenset[str]

    @property
    def missing(self) -> frozenset[str]:
        return frozenset(self.region) - self.sent


@dataclass(frozen=True)
class LikeOracle:
    """Months by (year, month); everything is told of the entities of one of them."""

    months: Mapping[Of, Then]
    reported: Of

    def entities(self) -> Iterator[tuple[str, str]]:
        regions = self.months[self.reported].region
        yield "organisation", "ALL"
        yield from (("region", one) for one in sorted(set(regions.values())))
        yield from (("manager", one) for one in sorted(regions))

    def reported_in(self, month: Of, entity: tuple[str, str]) -> Told | None:
        """What a month told of an entity as it was then; None where nobody of it had sent its sales."""
        rows = self._rows_then(month, entity)
        return None if rows is None else _told(rows)

    def _rows_then(self, month: Of, entity: tuple[str, str]) -> list[Row] | None:
        then = self.months.get(month)
        if then is None:
            return None
        mine = {one for one in then.sent if _within(entity, one, then.region.get(one, ""))}
        return [row for row in then.sales if row["manager_id"] in mine] if mine else None

    def like(self, month: Of, other: Of, entity: tuple[str, str]) -> Told | None:
        """What a month tells of an entity as it is now, of those known in the other month too."""
        rows = self._rows_like(month, other, entity)
        return _told(rows) if rows else None

    def _rows_like(self, month: Of, other: Of, entity: tuple[str, str]) -> list[Row] | None:
        if month not in self.months or other not in self.months:
            return None
        own, beside, now = self.months[month], self.months[other], self.months[self.reported]
        rows = []
        for row in own.sales:
            whose = self._owner(now, row)
            if row["manager_id"] in own.sent and self._owner(beside, row) not in beside.missing:
                region = now.region.get(whose, own.region.get(row["manager_id"], ""))
                if _within(entity, whose, region):
                    rows.append(row)
        return rows

    def to_date(self, entity: tuple[str, str]) -> Told:
        """What the months of the year so far told of an entity as each was then; customers once."""
        months = [(self.reported[0], number) for number in range(1, self.reported[1] + 1)]
        rows = [self._rows_then(month, entity) for month in months]
        return _over_months([one for one in rows if one is not None])

    def to_date_like(self, entity: tuple[str, str], years_back: int) -> Told:
        """The months of this year (0) or the last (1) to date, each like with like with the same month of the other."""
        told = []
        for number in range(1, self.reported[1] + 1):
            own, other = (self.reported[0] - years_back, number), (self.reported[0] - 1 + years_back, number)
            told.append(self._rows_like(own, other, entity) or [])
        return _over_months(told)

    def sold_anew(self, entity: tuple[str, str]) -> tuple[set[str], set[str]] | None:
        """Customers that bought now and in none of the three months before, and those that did before and not now.

        Only of those whose manager in each of the four months, as it was then, has sent its sales; None where nobody of
        the entity has sent all four.
        """
        months = [self._back(number) for number in range(4)]
        thens = [self.months[one] for one in months]
        untold = {customer for then in thens for customer, owner in then.owner.items() if owner in then.missing}
        now = self.months[self.reported]
        known = [one for one in now.region if all(one in then.sent for then in thens)]
        if not any(_within(entity, one, now.region[one]) for one in known):
            return None
        bought = [_buyers(then.sales) for then in thens]
        before = set().union(*bought[1:])
        mine = {
            customer
            for customer, owner in now.owner.items()
            if customer not in untold and _within(entity, owner, now.region[owner])
        }
        return (bought[0] - before) & mine, (before - bought[0]) & mine

    def _back(self, number: int) -> Of:
        months = self.reported[0] * 12 + self.reported[1] - 1 - number
        return months // 12, months % 12 + 1

    @staticmethod
    def _owner(then: Then, row: Row) -> str:
        """Who has a row's customer in a month: whoever the master data name, else the one who sold."""
        return then.owner.get(row["customer_id"], row["manager_id"])


def _within(entity: tuple[str, str], manager: str, region: str) -> bool:
    level, code = entity
    return level == "organisation" or code == (region if level == "region" else manager)


def _told(rows: list[Row]) -> Told:
    cartons: dict[str, int] = defaultdict(int)
    for row in rows:
        cartons[row["customer_id"]] += row["sold_qty"]
    cents = sum(round(100 * row["amount"]) for row in rows)
    return sum(cartons.values()), cents, sum(volume > 0 for volume in cartons.values())


def _buyers(rows: list[Row]) -> set[str]:
    cartons: dict[str, int] = defaultdict(int)
    for row in rows:
        cartons[row["customer_id"]] += row["sold_qty"]
    return {customer for customer, volume in cartons.items() if volume > 0}


def _over_months(months: list[list[Row]]) -> Told:
    """Cartons and cents of all the months, and the customers that bought in one of them."""
    told = [_told(rows) for rows in months]
    buyers = set().union(*(_buyers(rows) for rows in months))
    return sum(one[0] for one in told), sum(one[1] for one in told), len(buyers)


def growth(now: float, base: float) -> float:
    """In %; not a number without a positive base."""
    return 100 * (now - base) / base if base > 0 else math.nan
