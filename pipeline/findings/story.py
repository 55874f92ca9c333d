"""What is told of, one entity and month, and the clauses of which its sentences are made.

Every number in them is a figure of `metrics.csv` or stands in `findings.csv`, in the same rounding.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import pandas as pd

from pipeline.base.calendar import Month
from pipeline.base.frames import records
from pipeline.contract.few import change_is_few, is_count
from pipeline.contract.figure import Figure, Level
from pipeline.contract.show import COMPARABLE, change_text, count_change_text, percent_text, value_text
from pipeline.words import Words
from schemas.profile import Profile


@dataclass(frozen=True)
class Story:
    """What is told of: one entity and month.

    `metrics` has METRIC_COLUMNS, `findings` FINDING_COLUMNS (in the language of `words`), `details` are the
    entity's frames (`pipeline.figures.details`). Rows of other entities may be there and are passed over. `reported`
    says of each form how many managers handed it in, and how many did not. `when` is what sentences call a period that
    is longer than a month.
    """

    month: Month
    level: Level
    entity_id: str
    name: str
    metrics: pd.DataFrame
    findings: pd.DataFrame
    details: Mapping[str, pd.DataFrame]
    figures: tuple[Figure, ...]
    profile: Profile
    words: Words
    reported: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    managers: Mapping[str, str] = field(default_factory=dict)
    when: str = ""

    def manager(self, code: str) -> str:
        """A manager's name, or the code where there is none."""
        return self.managers.get(code, code)

    @cached_property
    def by_figure(self) -> dict[str, dict[str, Any]]:
        """The entity's metrics, a figure's row each, by the figure's key."""
        rows = of_entity(self.metrics, self)
        return {str(row["figure"]): {str(name): value for name, value in row.items()} for row in records(rows)}

    @cached_property
    def declared(self) -> dict[str, Figure]:
        """The declarations of the figures, by key."""
        return {figure.key: figure for figure in self.figures}

    def number(self, figure: str, column: str = "value") -> float | None:
        """A number of the metrics; None where nothing is known."""
        value = self.by_figure.get(figure, {}).get(column)
        return None if value is None or pd.isna(value) else float(value)

    def shown(self, figure: str, column: str = "value") -> str | None:
        """The same, as it is written."""
        value = self.number(figure, column)
        return None if value is None else value_text(value, self.declared[figure], self.words)


def of_entity(frame: pd.DataFrame, story: Story) -> pd.DataFrame:
    """The rows of the entity that is told of."""
    return frame[(frame["level"] == story.level) & (frame["entity_id"] == story.entity_id)]


def clause(story: Story, text: str, figure: str, most: int = 2) -> str:
    """A clause on one figure, with at most so many comparisons; empty where nothing is known."""
    value = story.shown(figure)
    if value is None:
        return ""
    return story.words(f"sentences.{text}", value=value, changes=changes(story, figure, most))


def changes(story: Story, figure: str, most: int = 2) -> str:
    """`,环比…,同比…,完成任务的…`, as far as they are known; `most` comparisons, no target where it is 0."""
    words = story.words
    declared = story.declared[figure]
    known = _comparisons(story.month, declared)[:most]
    texts = [text for name, column in known if (text := _change(story, declared, name, column))]
    completion = story.number(figure, "completion")
    if completion is not None and most:
        texts.append(words("sentences.target", completion=percent_text(completion, words)))
    return "".join(words.pick("，", ", ") + text for text in texts)


def _change(story: Story, figure: Figure, name: str, column: str) -> str:
    """One comparison; of small counts the difference in counts, empty where nothing is known."""
    change, row = story.number(figure.key, column), story.by_figure.get(figure.key, {})
    if change is not None and not change_is_few(figure, row, column, story.profile.least_count):
        return story.words(f"figures.change.{name}", change=change_text(change, figure, story.words))
    columns = COMPARABLE.get(column)
    if columns is None or not is_count(figure):
        return ""
    now, base = (story.number(figure.key, one) for one in columns)
    if now is None or base is None:
        return ""
    return story.words(f"figures.change.{name}", change=count_change_text(now - base, figure, story.words))


def _comparisons(month: Month, figure: Figure) -> list[tuple[str, str]]:
    """What a figure is compared with, as word and column. Spring Festival moves between January and February:
    growth against last year is told for the two together, in February."""
    if figure.change_unit != "%" or month.month > 2:
        return [("previous", "change"), ("last_year", "yoy")]
    festival = [("ytd_january_february", "ytd_yoy")] if month.month == 2 else []
    return [("previous", "change"), *festival]


def sentence(story: Story, clauses: Iterable[str]) -> str:
    """Clauses as one sentence; empty without any."""
    given = [clause for clause in clauses if clause]
    if not given:
        return ""
    text = story.words("sentences.clause_joint").join(given)
    return text[0].upper() + text[1:] + story.words("sentences.stop")
