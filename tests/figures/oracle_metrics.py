"""The comparison columns of `metrics.csv`, recalculated in plain Python from the figures of each month."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

from oracle import Months
from oracle_answers import Answer, to_date
from oracle_figures import LOOKS_BACK, Known, recalculated

Entity = tuple[str, str]  # level and entity_id
Line = dict[str, float]
FLOATS = (
    "value", "numerator", "denominator", "previous", "change", "last_year", "yoy", "ytd", "ytd_yoy", "target",
    "completion", "rank",
)  # fmt: skip
LEAST_COUNT = 10
LOWER_IS_BETTER = {
    "stock_to_sales", "lost_customers", "stock_out_rate", "complaints", "complaints_per_100", "open_cases",
    "overdue_cases", "days_to_close", "days_to_close_p90", "repeat_rate", "escalated", "low_answers", "customers_left",
    "customers_paused", "paused_share", "lost_to_competitors", "complaints.product_quality",
    "complaints.service_quality", "complaints.request", "complaints.suggestion", "leads_open",
    "files_incomplete", "files_not_checked",
}  # fmt: skip
NOT_RANKED = {
    "special_visits", "visit_minutes", "satisfaction_low95", "satisfaction_high95", "answers", "response_rate",
    "customers_start", "leads", "promotion_items", "promotion_customers_confirmed",
    "promotion_effect_low95", "promotion_effect_high95", "promotion_without_effect",
    *(f"category_share.class{number}" for number in range(1, 6)),
}  # fmt: skip
SHARES = {
    "brand_activity", "sell_through", "coverage", "plan_completion", "low_answers", "training_progress",
    "file_completeness",
}  # fmt: skip
POINTS = {"handling_rating", "evaluation", "training_credits"}


def is_share(figure: str) -> bool:
    return figure in SHARES or figure.endswith(("_rate", "_share")) or figure.startswith("category_share")


def is_points(figure: str) -> bool:
    return figure in POINTS or figure.startswith("satisfaction")


@dataclass
class Year:
    """Months of an organisation, the newest last.

    `regions` is the region of each manager; `known` is by month (year, number) and form.
    """

    months: Mapping[tuple[int, int], dict[str, list[dict[str, object]]]]
    regions: Mapping[str, str]
    known: Mapping[tuple[int, int], Known]
    targets: Mapping[tuple[str, str, str], float] = field(default_factory=dict)
    _answers: dict[tuple[tuple[int, int], Entity], dict[str, Answer | None]] = field(default_factory=dict)

    def entities(self) -> dict[Entity, set[str]]:
        found: dict[Entity, set[str]] = {("organisation", "ALL"): set(self.regions)}
        for manager, region in self.regions.items():
            found.setdefault(("region", region), set()).add(manager)
            found["manager", manager] = {manager}
        return found

    def answers(self, month: tuple[int, int], entity: Entity) -> dict[str, Answer | None]:
        if month not in self.months:
            return {}
        if (month, entity) not in self._answers:
            until: Months = [self.months[one] for one in sorted(self.months, reverse=True) if one <= month]
            managers = self.entities()[entity]
            self._answers[month, entity] = recalculated(month, until, managers, self.known[month])
        return self._answers[month, entity]

    def to_date(self, month: tuple[int, int], entity: Entity, figure: str) -> Answer | None:
        months = [(month[0], number) for number in range(1, month[1] + 1) if (month[0], number) in self.months]
        return to_date([self.answers(one, entity)[figure] for one in months])

    def to_date_last_year(self, month: tuple[int, int], entity: Entity, figure: str) -> Answer | None:
        """None unless the same months are known of both years, with what the figure looks back on."""
        this_year = [number for number in range(1, month[1] + 1) if (month[0], number) in self.months]
        both = [(month[0] - years, number) for years in (0, 1) for number in this_year]
        if not all(one in self.months for one in both):
            return None
        counted = [[self._can(year_month, figure) for year_month in both[place:: len(this_year)]] for place in
                   range(len(this_year))]  # fmt: skip
        if any(pair[0] != pair[1] for pair in counted):
            return None
        return self.to_date((month[0] - 1, month[1]), entity, figure)

    def _can(self, month: tuple[int, int], figure: str) -> bool:
        return sum(one < month for one in self.months) >= LOOKS_BACK.get(figure, 0)

    def lines(self, month: tuple[int, int]) -> dict[tuple[str, str, str], Line]:
        """A line of numbers for each level, entity_id and figure; NaN where there is none."""
        lines = {
            (*entity, figure): self._line(month, entity, figure)
            for entity in self.entities()
            for figure in self.answers(month, entity)
        }
        for key, line in lines.items():
            line["rank"] = self._rank(key, lines)
        return lines

    def _line(self, month: tuple[int, int], entity: Entity, figure: str) -> Line:
        answer = self.answers(month, entity)[figure]
        before = (month[0], month[1] - 1) if month[1] > 1 else (month[0] - 1, 12)
        now, previous = value_of(answer), value_of(self.answers(before, entity).get(figure))
        last_year = value_of(self.answers((month[0] - 1, month[1]), entity).get(figure))
        ytd = value_of(self.to_date(month, entity, figure))
        target = self.targets.get((*entity, figure), math.nan)
        return {
            "value": now,
            "numerator": math.nan if answer is None else answer.numerator,
            "denominator": math.nan if answer is None or answer.denominator is None else answer.denominator,
            "previous": previous,
            "change": change(figure, now, previous),
            "last_year": last_year,
            "yoy": change(figure, now, last_year),
            "ytd": ytd,
            "ytd_yoy": change(figure, ytd, value_of(self.to_date_last_year(month, entity, figure))),
            "target": target,
            "completion": reached(figure, now, target),
        }

    def _rank(self, key: tuple[str, str, str], lines: Mapping[tuple[str, str, str], Line]) -> float:
        level, entity, figure = key
        if level == "organisation" or figure in NOT_RANKED or not counts(figure, lines[key]):
            return math.nan
        sign = 1 if figure in LOWER_IS_BETTER else -1
        rivals = [
            one for one in lines if one[0] == level and one[2] == figure and self._beside(level, one[1], entity)
        ]
        values = [sign * round(lines[one]["value"], 6) for one in rivals if counts(figure, lines[one])]
        return 1 + sum(value < sign * round(lines[key]["value"], 6) for value in values)

    def _beside(self, level: str, one: str, other: str) -> bool:
        return level == "region" or self.regions[one] == self.regions[other]


def counts(figure: str, line: Line) -> bool:
    """Whether a value is there, and stands on enough to be ranked."""
    return not math.isnan(line["value"]) and not line["denominator"] < LEAST_COUNT


def reached(figure: str, value: float, target: float) -> float:
    """Completion in %: of what is better low twice the target less the value, by the target."""
    if figure in LOWER_IS_BETTER:
        if target == 0:
            return 100.0 * (value <= 0)
        return 100 * (2 - value / target) if target > 0 else math.nan
    return 100 * value / target if target > 0 else math.nan


def change(figure: str, now: float, base: float) -> float:
    if is_share(figure) or is_points(figure):
        return now - base
    return 100 * (now - base) / base if base > 0 else math.nan


def value_of(answer: Answer | None) -> float:
    return math.nan if answer is None else answer.value
