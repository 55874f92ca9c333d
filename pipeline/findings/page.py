"""What page one is decided from: the story of an entity, its months before, and how numbers are said."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pandas as pd

from pipeline.base.calendar import Month
from pipeline.base.frames import records
from pipeline.contract.few import is_guarded
from pipeline.contract.figure import Figure, Level
from pipeline.contract.page_one import Fact
from pipeline.contract.show import (
    COMPARABLE,
    number_text,
    of_one,
    scale_of,
    told_large,
    value_text,
    within_sentence,
)
from pipeline.findings.due import Haste, due_day
from pipeline.findings.story import Story, of_entity
from pipeline.findings.usual import is_end_known, is_usual_change, months_in_a_row
from pipeline.words import Words

MONTHS_BACK = 13
# Whom an entity is made of: those whom its page names.
UNIT_LEVEL: Mapping[Level, Level] = {"organisation": "region", "region": "manager"}


@dataclass(frozen=True)
class Page:
    """An entity's month as page one looks at it.

    `history` is one row per month, level, entity_id and figure (value), up to 25 months back; `forecast` has the
    columns of `forecast.csv`; `units` are the names of those below (regions of the organisation, managers of a
    region, and of an organisation with a single one; none of a manager), by code, and `managers` of all managers;
    `unit_level` is what level those below have.
    """

    story: Story
    history: pd.DataFrame
    forecast: pd.DataFrame
    units: Mapping[str, str]
    managers: Mapping[str, str]
    unit_level: Level

    @property
    def words(self) -> Words:
        """The texts."""
        return self.story.words

    def say(self, key: str, **values: object) -> str:
        """A text of page one."""
        return self.words(f"page_one.{key}", **values)

    @property
    def joint(self) -> str:
        """What stands between the items of a list."""
        return self.words("sentences.list_joint")

    # ---- numbers

    @cached_property
    def _by_unit(self) -> dict[tuple[str, str], Mapping[Any, Any]]:
        rows = records(self.story.metrics)
        return {
            (f"{row['level']}/{row['entity_id']}", str(row["figure"])): row
            for row in rows
            if row["level"] in ("manager", "region")
        }

    def of(self, level: str, code: str, figure: str, column: str = "value") -> float | None:
        """A number of the metrics of one below; None where it is not known."""
        value = self._by_unit.get((f"{level}/{code}", figure), {}).get(column)
        return None if value is None or pd.isna(value) else float(value)

    @cached_property
    def _course(self) -> dict[tuple[str, str], float]:
        own = self.history[
            (self.history["level"] == self.story.level) & (self.history["entity_id"] == self.story.entity_id)
        ]
        known = own[own["value"].notna()]
        keys = zip(known["month"].astype("str"), known["figure"].astype("str"), strict=True)
        return dict(zip(keys, known["value"].astype("float64"), strict=True))

    @cached_property
    def _incomplete(self) -> frozenset[tuple[str, str]]:
        """The months, each with a form that somebody of the entity had not handed in."""
        frame = self.frame("missing_months")
        if frame.empty:
            return frozenset()
        own = of_entity(frame, self.story)
        return frozenset(zip(own["month"].astype("str"), own["form"].astype("str"), strict=True))

    def in_month(self, figure: str, month: Month) -> float | None:
        """A figure of a month; the reported one is known from the metrics. Of a sum or count of an earlier month in
        which somebody is missing nothing is known to compare with."""
        if month == self.story.month:
            return self.story.number(figure)
        declared = self.story.declared.get(figure)
        if (
            declared is not None
            and not is_guarded(declared)
            and (str(month), declared.must_know) in self._incomplete
        ):
            return None
        return self._course.get((str(month), figure))

    def difference(self, figure: str, change: str) -> float | None:
        """By how much a figure differs from the month of a change ("change", "yoy"), over those known in both."""
        now, then = (self.story.number(figure, name) for name in COMPARABLE[change])
        return None if now is None or then is None else now - then

    def course(self, figure: str) -> list[float | None]:
        """A figure in the thirteen months up to the reported one, oldest first."""
        return [self.in_month(figure, self.story.month + step) for step in range(1 - MONTHS_BACK, 1)]

    def is_usual(self, figure: str) -> bool:
        """Whether what a figure did since last month is what it does from month to month."""
        return is_usual_change(self.difference(figure, "change"), self.course(figure)[:-1])

    def frame(self, name: str) -> pd.DataFrame:
        """A frame of the entity's details; without rows where there is none."""
        frame = self.story.details.get(name)
        return pd.DataFrame() if frame is None else frame

    def below_limit(self, key: str) -> tuple[str, float, float] | None:
        """A rate under the limit of the profile, on no few: its key, the limit, its value."""
        value = self.story.number(key)
        limit = self.story.profile.thresholds.get(f"{key.removesuffix('_rate')}_low")
        behind = self.story.number(key, "denominator") or 0.0
        if value is None or limit is None or behind < self.story.profile.least_count or value >= limit:
            return None
        return key, limit, value

    def since_below(self, figure: str, limit: float) -> str:
        """For how long a figure has been under a limit."""
        return self.since(self.course(figure), lambda value: value < limit)

    def since(self, values: Sequence[float | None], holds: Callable[[float], bool]) -> str:
        """For how long something has held, in words: since this month, or for months in a row; for so many or more
        where the month before them is not known."""
        months = months_in_a_row(values, holds)
        is_known = is_end_known(values, months)
        if months <= 1:
            return self.say("since.first") if months and is_known else ""
        return self.say("since.months" if is_known else "since.more", months=months)

    # ---- as they are said

    def figure(self, key: str) -> Figure:
        """A figure's declaration."""
        return self.story.declared[key]

    def label(self, key: str) -> str:
        """What a figure is called, within a sentence."""
        figure = self.figure(key)
        return self.words.pick(figure.zh, within_sentence(figure.en))

    def fact(self, label: str, value: float, key: str) -> Fact:
        """A number in the unit of a figure, as that figure is shown."""
        figure = self.figure(key)
        text = value_text(value, figure, self.words)
        large = told_large(value, figure)
        if large is not None:
            scale, decimals = scale_of(large, self.words)
            return Fact(label, value / scale, large.unit, decimals, text)
        return Fact(label, value, figure.unit, figure.decimals, text)

    def shown(self, key: str) -> Fact:
        """A figure of the entity itself."""
        return self.fact(self.label(key), float(self.story.number(key) or 0.0), key)

    def count(self, label: str, value: float, unit: str) -> Fact:
        """A number of customers, cases, visits."""
        text = self.words(f"figures.unit.{unit}", number=number_text(value, 0))
        return Fact(label, value, unit, 0, of_one(text, self.words) if value == 1 else text)

    def percent(self, label: str, value: float) -> Fact:
        """A share or completion."""
        return Fact(label, value, "%", 1, self.words("figures.unit.%", number=number_text(value, 1)))

    def say_unit(self, key: str) -> str:
        """In what the denominator of a rate counts: visits, or customers."""
        return {"plan_completion": "次"}.get(key, self.story.profile.customer_unit)

    # ---- who and until when

    def due(self, haste: Haste) -> Any:
        """The day until which to act."""
        return due_day(self.story.month, haste)

    def unit_name(self, code: str) -> str:
        """The name of one below; the code where no name is known."""
        return self.units.get(code) or code

    def manager(self, code: str) -> str:
        """A manager's name; the code where no name is known."""
        return self.managers.get(code) or code

    def unit_owner(self, code: str) -> str:
        """Who answers for one below: a manager itself; of a region its regional manager."""
        if self.unit_level == "manager":
            return self.unit_name(code)
        return self.say("owner.region", name=self.unit_name(code))

    @property
    def own_owner(self) -> str:
        """Who answers for the entity as a whole: a manager itself."""
        if self.story.level == "manager":
            return self.story.name
        return self.say(f"owner.own_{self.story.level}")

    def department(self, key: str) -> str:
        """A department by its code; who answers for the entity where the organisation has none of that code."""
        for entry in self.story.profile.lists.get("departments", ()):
            if entry.key == key:
                return self.words.pick(entry.zh, entry.en)
        return self.own_owner

    @property
    def planner(self) -> str:
        """Who sees to what is ordered: a manager for its own customers, else the department of supply."""
        return self.own_owner if self.story.level == "manager" else self.supplier

    @property
    def supplier(self) -> str:
        """The department that sees to supply: the first of the organisation's list."""
        departments = self.story.profile.lists.get("departments", ())
        return self.words.pick(departments[0].zh, departments[0].en) if departments else self.own_owner


def page_of(story: Story, history: pd.DataFrame, forecast: pd.DataFrame, names: pd.DataFrame) -> Page:
    """An entity's page.

    Args:
        story: of a manager, who is made of nobody else, a region or the organisation.
        history, forecast: of the entity; rows of others may be there and are passed over.
        names: one row per level and entity_id: name, of those whom the entity may see.
    """

    def of_level(level: str) -> dict[str, str]:
        rows = names[names["level"] == level].sort_values("entity_id")
        named = rows["name"].where(rows["name"].notna(), rows["entity_id"])
        return dict(zip(rows["entity_id"].astype("str"), named.astype("str"), strict=True))

    managers = of_level("manager")
    if story.level == "manager":
        return Page(story, history, forecast, {}, managers, "manager")
    below = of_level(UNIT_LEVEL[story.level])
    if len(below) < 2:
        return Page(story, history, forecast, managers, managers, "manager")
    return Page(story, history, forecast, below, managers, UNIT_LEVEL[story.level])
