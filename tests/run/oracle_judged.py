"""What is judged by a month's figures, recalculated in plain Python from `metrics.csv`: the scorecard, and of which
entities a rule over one figure finds something.

Weights, targets and limits are those of the tobacco profile, written out here.
"""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

Row = Mapping[str, str]
Key = tuple[str, str]  # level and entity_id
FEW = 10
CAP = 120.0
# figure: group, weight (%), the profile's own target, whether a target holds for each manager (a sum)
INDICATORS: dict[str, tuple[str, float, float, bool]] = {
    "ordering_rate": ("acquire", 10, 95, False),
    "retention_rate": ("retain", 10, 99, False),
    "satisfaction": ("retain", 15, 80, False),
    "volume": ("develop", 20, math.nan, True),
    "amount": ("develop", 15, math.nan, True),
    "key_brand_share": ("product", 10, 32, False),
    "plan_completion": ("process", 10, 90, False),
    "price_rate": ("process", 5, 95, False),
    "complaints_per_100": ("process", 5, 6, False),
}
LOWER = ("complaints_per_100",)
GRADES = (("A", 100.0), ("B", 90.0), ("C", 80.0), ("D", 0.0))
# rule: figure, column, limit, +1 where above the limit is found and -1 where below
LIMITS: dict[str, tuple[str, str, float, int]] = {
    "target_missed": ("amount", "completion", 95, -1),
    "volume_target_missed": ("volume", "completion", 95, -1),
    "fill_rate_low": ("fill_rate", "value", 90, -1),
    "plan_completion_low": ("plan_completion", "value", 90, -1),
    "coverage_low": ("coverage", "value", 90, -1),
    "on_time_low": ("on_time_rate", "value", 90, -1),
    "low_answers_high": ("low_answers", "value", 10, 1),
    "retention_low": ("retention_rate", "value", 95, -1),
    "stock_high": ("stock_to_sales", "value", 3.5, 1),
    "display_low": ("display_rate", "value", 85, -1),
    "signature_low": ("signature_rate", "value", 90, -1),
    "frequency_low": ("frequency_rate", "value", 80, -1),
}
SUMS = ("amount", "volume")


@dataclass(frozen=True)
class Judged:
    """A month's rows of `metrics.csv`, and the region of each manager."""

    metrics: list[Row]
    regions: Mapping[str, str]

    def number(self, key: Key, figure: str, column: str) -> float:
        told = self._rows.get((*key, figure), {}).get(column)
        return float(told) if told else math.nan

    @cached_property
    def _rows(self) -> dict[tuple[str, str, str], Row]:
        return {(row["level"], row["entity_id"], row["figure"]): row for row in self.metrics}

    def entities(self) -> list[Key]:
        return list(dict.fromkeys((row["level"], row["entity_id"]) for row in self.metrics))

    def _few(self, key: Key, figure: str) -> bool:
        return figure not in SUMS and self.number(key, figure, "denominator") < FEW

    def completion(self, key: Key, figure: str) -> float:
        """In %, from nothing to the cap; not a number where there is no value, no target, or few behind it."""
        value, target = self.number(key, figure, "value"), self.target(key, figure)
        if self._few(key, figure) or not target > 0 or math.isnan(value):
            return math.nan
        reached = 2 - value / target if figure in LOWER else value / target
        return min(max(100 * reached, 0.0), CAP)

    def target(self, key: Key, figure: str) -> float:
        given = self.number(key, figure, "target_comparable")
        return INDICATORS[figure][2] if math.isnan(given) else given

    def score(self, key: Key, group: str = "") -> float:
        """The mean of the completions that there are, by weight, of one group or of all."""
        told = [
            (weight, self.completion(key, figure))
            for figure, (of, weight, *_) in INDICATORS.items()
            if group in ("", of) and not math.isnan(self.completion(key, figure))
        ]
        whole = sum(weight for weight, _ in told)
        return sum(weight * reached for weight, reached in told) / whole if whole else math.nan

    def known(self, key: Key) -> float:
        """For how much of the weights there are data, in %."""
        reached = {figure: self.completion(key, figure) for figure in INDICATORS}
        return sum(INDICATORS[figure][1] for figure, one in reached.items() if not math.isnan(one))

    def judged(self, key: Key) -> float:
        return self.score(key) if self.known(key) >= 50 else math.nan

    def grade(self, key: Key) -> str:
        return next((grade for grade, least in GRADES if self.judged(key) >= least), "")

    def place(self, key: Key, among: list[Key]) -> tuple[float, float]:
        """The rank of a score among those of others, and among how many."""
        mine, all_of_them = self.judged(key), [self.judged(one) for one in among]
        if math.isnan(mine):
            return math.nan, math.nan
        return 1 + sum(one > mine for one in all_of_them), sum(not math.isnan(one) for one in all_of_them)

    def card(self) -> Iterator[tuple[Key, str, dict[str, float | str]]]:
        """Every entity with every indicator, and the numbers of its row."""
        for key in self.entities():
            everybody = [one for one in self.entities() if one[0] == key[0] != "organisation"]
            beside = [one for one in everybody if one[0] == "manager" and self._region(one) == self._region(key)]
            inside = self.place(key, beside) if key in beside else (math.nan, math.nan)
            outside = self.place(key, everybody) if everybody else (math.nan, math.nan)
            for figure, (group, weight, *_) in INDICATORS.items():
                reached = self.completion(key, figure)
                used = math.nan if math.isnan(reached) else 100 * weight / self.known(key)
                yield key, figure, {
                    "value": self.number(key, figure, "value"),
                    "target": self.target(key, figure),
                    "completion": reached,
                    "weight": weight,
                    "weight_used": used,
                    "points": used * reached / 100,
                    "group_score": self.score(key, group),
                    "score": self.score(key),
                    "weight_known": self.known(key),
                    "grade": self.grade(key),
                    "rank_in_region": inside[0],
                    "ranked_in_region": inside[1],
                    "rank_in_organisation": outside[0],
                    "ranked_in_organisation": outside[1],
                    "state": self._state(key, figure),
                }  # fmt: skip

    def _region(self, key: Key) -> str:
        return self.regions.get(key[1], "")

    def _state(self, key: Key, figure: str) -> str:
        if not math.isnan(self.completion(key, figure)):
            return "counted"
        if math.isnan(self.number(key, figure, "value")):
            return "no_value"
        return "few" if self._few(key, figure) else "no_target"

    def found(self, rule: str) -> set[Key]:
        """The entities of which a rule over one figure finds something."""
        figure, column, limit, side = LIMITS[rule]
        return {
            key
            for key in self.entities()
            if side * (self.number(key, figure, column) - limit) > 1e-9 and not self._few(key, figure)
        }
