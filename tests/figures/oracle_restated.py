"""Every figure like with like, recalculated in plain Python: managers missing, late, moving, coming and leaving.

Follows domain.md section 4 and nothing of the pipeline. What a manager did with a customer in a month is told of the
manager who has the customer in the reported month, and left out where who had it has not sent one of the two months.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from oracle import Months, Oracle, Row
from oracle_answers import Answer, to_date, together
from oracle_figures import BY_FORM, LOOKS_BACK

Of = tuple[int, int]  # year, month
Entity = tuple[str, str]  # level, entity_id
Counts = Callable[[str, str], bool]  # whether what a manager did with a customer is asked about
Answers = dict[str, Answer | None]
LOOKED_BACK_ON = 3


@dataclass(frozen=True)
class Then:
    """A month as it was: its accepted rows and master data by form, who sent which form, the region of each manager,
    and who was in office."""

    rows: Mapping[str, list[Row]]
    sent: frozenset[tuple[str, str]]
    region: Mapping[str, str]
    office: frozenset[str]

    def missing(self, form: str) -> set[str]:
        """Who was in office and has not sent a form."""
        return {one for one in self.office if (one, form) not in self.sent} if form in FORMS_OWED else set()

    @cached_property
    def pairs(self) -> frozenset[tuple[str, str]]:
        return frozenset((row["manager_id"], row["customer_id"]) for row in self.rows["customers"])

    @cached_property
    def owner(self) -> Mapping[str, str]:
        return {row["customer_id"]: row["manager_id"] for row in self.rows["customers"]}

    def whose(self, manager: str, customer: str) -> str:
        """Who has a manager's customer in this month."""
        return manager if (manager, customer) in self.pairs else self.owner.get(customer, manager)


FORMS_OWED = ("sales", "visits", "complaints", "satisfaction")


class PairOracle(Oracle):
    """Answers for one month about what some managers did with some customers."""

    asked: Counts
    thens: list[Then]  # the month itself, then those before, newest first

    def counts(self, manager: str, customer: str) -> bool:
        return self.asked(manager, customer)

    def missing_then(self, back: int) -> set[str]:
        return self.thens[back].missing("sales")

    def untold(self, customer: Row) -> bool:
        return self.untold_then(customer, 0)

    def untold_then(self, customer: Row, back: int) -> bool:
        """Whether nobody knows what it bought in a month: who had it then has not sent the sales."""
        number = customer["customer_id"]
        owner = self.thens[back].owner.get(number)
        return owner in self.missing_then(back) and self.net(back).get(number, 0) <= 0

    def score(self, customer: Row) -> float:
        key = ("score", customer["customer_id"], customer["manager_id"])
        if key not in self.kept:
            self.kept[key] = super().score(customer)
        found: float = self.kept[key]
        return found

    def unknown(self) -> set[str]:
        """Customers of whom this month, or one of the three before, is not known."""
        if "unknown" not in self.kept:
            backs = range(min(LOOKED_BACK_ON + 1, len(self.thens)))
            self.kept["unknown"] = {
                customer
                for back in backs
                for customer, owner in self.thens[back].owner.items()
                if owner in self.missing_then(back)
            }
        found: set[str] = self.kept["unknown"]
        return found

    def new(self) -> list[str]:
        return [one for one in super().new() if one not in self.unknown()]

    def lost(self) -> list[str]:
        return [one for one in super().lost() if one not in self.unknown()]

    def orderers(self, back: int) -> set[str]:
        return super().orderers(back) - self.unknown()

    def brands_ordered(self, back: int) -> set[tuple[str, str]]:
        return {pair for pair in super().brands_ordered(back) if pair[0] not in self.unknown()}


@dataclass
class Restated:
    """An organisation over months; everything is told of the entities of `reported`."""

    months: Mapping[Of, Then]
    reported: Of
    kept: dict[Any, Any] = field(default_factory=dict)  # what months say whoever is asked about, for all of these

    def entities(self) -> Iterator[Entity]:
        regions = self.now.region
        yield "organisation", "ALL"
        yield from (("region", one) for one in sorted(set(regions.values())))
        yield from (("manager", one) for one in sorted(regions))

    @property
    def now(self) -> Then:
        return self.months[self.reported]

    def as_reported(self, month: Of, entity: Entity) -> Answers:
        """What a month tells of an entity as it was then; nothing of a month that is not known."""
        if month not in self.months:
            return {}
        then = self.months[month]

        def asked(manager: str, customer: str) -> bool:
            return _within(entity, manager, then.region.get(manager))

        return self._asked(("as reported", month, entity), month, asked, asked)

    def like(self, month: Of, other: Of, entity: Entity) -> Answers:
        """What a month tells of an entity as it is now, of those known in the other month too."""
        if month not in self.months or other not in self.months:
            return {}
        then, now = self.months[month], self.now

        def asked(manager: str, customer: str) -> bool:
            whose = now.whose(manager, customer) if (manager, customer) in then.pairs else manager
            return _within(entity, whose, now.region.get(whose, then.region.get(manager)))

        def there(manager: str, customer: str) -> bool:
            return _within(entity, manager, now.region.get(manager, then.region.get(manager)))

        return self._asked(("like", self.reported, month, other, entity), month, asked, there, other)

    def _asked(self, key: Any, month: Of, asked: Counts, there: Counts, other: Of | None = None) -> Answers:
        if key not in self.kept:
            found: Answers = {}
            for form, figures in BY_FORM.items():
                for looks_back in {LOOKS_BACK.get(figure, 0) for figure in figures}:
                    some = {name: ask for name, ask in figures.items() if LOOKS_BACK.get(name, 0) == looks_back}
                    found |= self._of_form(form, some, looks_back, month, asked, there, other)
            self.kept[key] = found
        answers: Answers = self.kept[key]
        return answers

    def _of_form(
        self, form: str, figures: Mapping[str, Any], looks_back: int, month: Of, asked: Counts, there: Counts,
        other: Of | None,
    ) -> Answers:  # fmt: skip
        then = self.months[month]
        looked_back_on = [self.back(month, step) for step in range(1, looks_back + 1)]
        if any(one not in self.months for one in looked_back_on):
            return dict.fromkeys(figures)
        out = set().union(*(self.months[one].missing(form) for one in (month, *looked_back_on)))
        told = {one for one in then.region if not form or (one, form) in then.sent} - out
        beside = None if other is None else self.months[other]
        out_beside: set[str] = set()
        if other is not None:
            both = [other, *(self.back(other, step) for step in range(1, looks_back + 1))]
            out_beside = set().union(*(self.months[one].missing(form) for one in both if one in self.months))

        def counts(manager: str, customer: str) -> bool:
            if manager not in told or not asked(manager, customer):
                return False
            own = (manager, customer) in then.pairs
            return (beside.whose(manager, customer) if beside and own else manager) not in out_beside

        nobody = not any(there(one, "") and one not in out_beside for one in told)
        nobody = nobody and not any(counts(*pair) for pair in then.pairs)
        if nobody:
            return dict.fromkeys(figures)
        oracle = self._oracle(month, counts, restated=other is not None)
        return {figure: ask(oracle) for figure, ask in figures.items()}

    def _oracle(self, month: Of, counts: Counts, *, restated: bool) -> PairOracle:
        before = sorted((one for one in self.months if one <= month), reverse=True)
        rows: Months = [dict(self.months[one].rows) for one in before]
        oracle = PairOracle(*month, rows, set(), self.kept.setdefault(("month", month), {}))
        oracle.asked, oracle.thens = counts, [self.months[one] for one in before]
        if restated:  # brands and categories are those of today
            oracle.products = {**oracle.products, **{row["product_id"]: row for row in self.now.rows["products"]}}
        return oracle

    @staticmethod
    def back(month: Of, number: int) -> Of:
        months = month[0] * 12 + month[1] - 1 - number
        return months // 12, months % 12 + 1

    def _year(self, years_back: int = 0) -> list[Of]:
        return [(self.reported[0] - years_back, number) for number in range(1, self.reported[1] + 1)]

    def to_date(self, entity: Entity, figure: str) -> Answer | None:
        months = [one for one in self._year() if one in self.months]
        return to_date([self.as_reported(one, entity).get(figure) for one in months])

    def to_date_like(self, entity: Entity, figure: str) -> tuple[Answer | None, Answer | None]:
        """This year's months and last year's, each like with like with the same month of the other; nothing unless
        last year's are known of all that are known of this year's."""
        pairs = [(one, (one[0] - 1, one[1])) for one in self._year() if one in self.months]
        if any(base not in self.months for _, base in pairs):
            return None, None
        return (
            together([self.like(now, base, entity).get(figure) for now, base in pairs]),
            together([self.like(base, now, entity).get(figure) for now, base in pairs]),
        )


def _within(entity: Entity, manager: str, region: str | None) -> bool:
    level, code = entity
    return level == "organisation" or code == (region if level == "region" else manager)
