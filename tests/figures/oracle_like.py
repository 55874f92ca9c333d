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
        then = self.months.get(month)
        if then is None:
            return None
        mine = {one for one in then.sent if _within(entity, one, then.region.get(one, ""))}
        return _told([row for row in then.sales if row["manager_id"] in mine]) if mine else None

    def like(self, month: Of, other: Of, entity: tuple[str, str]) -> Told | None:
        """What a month tells of an entity as it is now, of those known in the other month too."""
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
        return _told(rows) if rows else None

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


def growth(now: float, base: float) -> float:
    """In %; not a number without a positive base."""
    return 100 * (now - base) / base if base > 0 else math.nan
