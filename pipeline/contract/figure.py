"""What a figure is: the one declaration from which CSV, sheets, scorecards, findings and glossary follow."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from schemas.entities import BACKBONE, ORGANISATION, REGION

if TYPE_CHECKING:
    import pandas as pd

    from pipeline.contract.facts import Facts

    Count = Callable[[Facts], pd.Series]

# A unit is its Chinese word; the catalogue of texts has the common ones, a trade's `units` its own. A rate is in %.
Unit = str
# How a figure's value comes about: a sum or ratio; or a statistic of single values, exact for any entity.
Statistic = Literal["ratio", "median", "p90", "mean", "low95", "high95", "low95_open", "high95_open"]
Subject = str  # what a figure is of; sheets name those that they show
Level = str
Better = Literal["higher", "lower", "neither"]
Joins = Literal["flow", "stock", "start", "kept", "values"]
_JOINS: dict[str, Joins] = {"sum": "flow", "distinct": "values", "last": "stock", "year": "kept"}
LEVELS: tuple[Level, ...] = (
    BACKBONE  # of every trade, by which reports are cut; its own stand in `Profile.entities`
)


@dataclass(frozen=True)
class LargeUnit:
    """The unit in which much of another is told: its word (`en` in English), and by language how many of the other make
    one of it, and the decimals with which it is told."""

    unit: Unit
    en: str
    in_zh: tuple[int, int]
    in_en: tuple[int, int]


MONEY = LargeUnit("万元", "k yuan", (10_000, 2), (1_000, 1))


@dataclass(frozen=True)
class Figure:
    """One figure.

    `numerator` and `denominator` take the facts of a month and give a series indexed by (manager_id,) or by
    (manager_id, customer_id): a manager or customer without data is absent, not zero. A figure without a
    denominator is a plain amount: its value is the numerator's sum. Otherwise the value is
    `scale` × Σ numerator ÷ Σ denominator, and there is no value where the denominator is absent or zero.

    `better` tells which direction is good ("neither" for plain facts). `over_time` tells how months are
    joined for the year to date: "sum" adds numerators and denominators of the months; "distinct" counts
    customers that were counted in any of the months (numerator must be per customer, 0 or 1), and counts each
    customer once in every entity too, whoever of its managers had it; "last" takes the last month (stocks, not
    flows); "year" takes what the last month says of the whole year, as `since` counts it.

    `since` gives what is counted above and below the line from the first day of some months (their number, the facts'
    own included) to the last: it is asked for wherever months cannot be added up, as of what is kept.

    `from_new_year` gives what stands below the line from 1 January to the month's end, where months of which nothing is
    known ask for something all the same (days that are gone): the year to date begins with it in its first known month.

    `joins` tells how the months of a quarter or a longer period are joined: "flow" adds
    numerators and denominators; "stock" shows the last month's, "start" the first month's; "kept" is counted from the
    period's first day to its last (`since`); "values" puts the values, or the customers, of all months together. It
    follows from `over_time` and `statistic` unless a figure says otherwise in `over_period`.

    `once_denominator` names the figure (counted "distinct") whose customers the denominator counts, so that it too
    counts each customer once in every entity and over all months together.

    `forms` are what it is counted from, `columns` ("visits.arrived_at") those columns of theirs without which a trade
    has no such figure. `known_by` is the form that a manager must have sent to count, the first that is no master data
    of the trade; of a unit that only the trade knows, `unit_en` is its English word, and `is_count` tells whether it
    counts things one by one; `own_large` is the unit in which much of it is told, where the trade has one. The list of
    figures fills these four in.

    `looks_back` is how many months before must be known: where one is not, the figure has no value.

    `only_counted` says that a manager whom the numerator does not name has no value, rather than 0 for having sent the
    form: what must be known of each customer is known of none. `judged` tells what is held against the target, the
    month or the year to date.

    `of_products` tells which products (of the master data) the numerator's goods are of, where it is a sum over
    some of them: a month compared with is told of the products as the reported month has them.

    `levels` are those of the trade's own levels of entities (beside the backbone) of which it is told; the list of
    figures fills them in.

    `among_all` gives what each customer got where the figure is the mean of scores that hold a customer against its
    peers: one row a customer, with region_id, manager_id, customer_id and score. Customers that moved are then counted
    with what they got among all.

    `of_regions` says that what stands below the line is of a region as a whole, so that it is told of regions and the
    organisation alone, and compared only where everybody of the region is known.

    A `statistic` other than "ratio" is taken over single values, never over averages: `numerator` then gives
    one value a row (minutes of a visit, points of an answer) with `manager_id` as index, and whatever is above
    a manager puts the values together. Its numerator in `metrics.csv` is the sum of the values, its
    denominator their number. "median" and "p90" interpolate like Excel's PERCENTILE.INC; "low95" and "high95"
    are the ends of the 95 % interval of the mean (Student's t), kept within 0 and 100 points; "low95_open" and
    "high95_open" are those of values that know no such bounds. Figures over the same values share them by naming the
    same `numerator`. A statistic of fewer than `least` values has no value.
    """

    key: str
    zh: str
    en: str
    unit: Unit
    subject: Subject
    definition_zh: str
    definition_en: str
    forms: tuple[str, ...]
    numerator: "Count"
    denominator: "Count | None" = None
    scale: float = 1.0
    better: Better = "higher"
    over_time: Literal["sum", "distinct", "last", "year"] = "sum"
    decimals: int = 0
    source: str = ""
    statistic: Statistic = "ratio"
    looks_back: int = 0
    columns: tuple[str, ...] = ()
    unit_en: str = ""
    is_count: bool = False
    own_large: LargeUnit | None = None
    known_by: str | None = None
    once_denominator: str = ""
    over_period: Joins | None = None
    since: "Callable[[int], tuple[Count, Count]] | None" = None
    from_new_year: "Count | None" = None
    of_products: "Callable[[pd.DataFrame], pd.Series] | None" = None
    only_counted: bool = False
    judged: Literal["month", "to_date"] = "month"
    levels: frozenset[Level] = frozenset()
    among_all: "Callable[[Facts], pd.DataFrame] | None" = None
    least: int = 0
    of_regions: bool = False

    def __post_init__(self) -> None:
        if self.joins == "kept" and self.since is None:
            raise ValueError(f"{self.key}: since")

    def told_at(self, level: "Level") -> bool:
        """Whether it may be told of the entities of a level."""
        return not self.of_regions or level in (ORGANISATION, REGION)

    @property
    def large(self) -> LargeUnit | None:
        """The unit in which much of it is told; None where that is its own."""
        return MONEY if self.unit == "元" else self.own_large

    @property
    def must_know(self) -> str:
        """The form of which a manager must be known to be counted; "" where nobody need have sent any."""
        return next(iter(self.forms), "") if self.known_by is None else self.known_by

    @property
    def year_key(self) -> str:
        """Under what its counts of the whole year stand beside those of the month."""
        return f"{self.key}@year"

    @property
    def joins(self) -> Joins:
        """How the months of a period are joined."""
        return self.over_period or ("values" if self.of_values else _JOINS[self.over_time])

    @property
    def of_values(self) -> bool:
        """A statistic of single values rather than a sum or a ratio of sums."""
        return self.statistic != "ratio"

    @property
    def change_unit(self) -> Literal["百分点", "分", "%"]:
        """In what `change`, `yoy` and `ytd_yoy` are given: shares in percentage points, points in points,
        everything else as growth in %."""
        if self.is_rate:
            return "百分点"
        return "分" if self.unit == "分" else "%"

    @property
    def is_rate(self) -> bool:
        """A share in %: its change is a difference in percentage points, not a growth in %."""
        return self.unit == "%"
