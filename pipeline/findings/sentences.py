"""Sentences that a manager would have written, made from figures and findings only.

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
from pipeline.contract.show import (
    COMPARABLE,
    change_text,
    count_change_text,
    number_text,
    percent_text,
    value_text,
)
from pipeline.findings.missing_rules import MOST_NAMED, REPORT_MISSING, form_name
from pipeline.findings.text import title_text
from pipeline.words import Words
from schemas.complaints import CATEGORIES
from schemas.profile import Profile

Texts = list[str]
NUMBERED_FINDINGS = 6
_EFFECTS = ("volume_effect", "mix_effect", "price_effect")


@dataclass(frozen=True)
class Story:
    """What is told of: one entity and month.

    `metrics` has METRIC_COLUMNS, `findings` FINDING_COLUMNS (in the language of `words`), `details` are the
    entity's frames (`pipeline.figures.details`). Rows of other entities may be there and are passed over. `reported`
    says of each form how many managers handed it in, and how many did not.
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

    def manager(self, code: str) -> str:
        """A manager's name, or the code where there is none."""
        return self.managers.get(code, code)

    @cached_property
    def by_figure(self) -> dict[str, dict[str, Any]]:
        """The entity's metrics, a figure's row each, by the figure's key."""
        rows = _of_entity(self.metrics, self)
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


def _of_entity(frame: pd.DataFrame, story: Story) -> pd.DataFrame:
    return frame[(frame["level"] == story.level) & (frame["entity_id"] == story.entity_id)]


def overview(story: Story) -> Texts:
    """Three to six sentences for the first page: sales, customers, visits, complaints, satisfaction, and what
    comes first. What nothing is known of is left out, but for sales."""
    parts = [*missing(story), sales_total(story), customers_and_mix(story), visits(story), complaints(story)]
    parts += [satisfaction(story), first_finding(story)]
    return [text for text in parts if text]


def sales_part(story: Story) -> Texts:
    """(一) the month's sales as a whole."""
    return [
        text for text in (*missing(story), sales_total(story), customers_and_mix(story), visits(story)) if text
    ]


def missing(story: Story) -> Texts:
    """Who has not reported, before anything else is said; who had not in a month compared with."""
    told = [str(row["evidence"]) for row in _findings(story, of_missing=True)]
    before = story.details.get("missing_before")
    named = [] if before is None else records(_of_entity(before, story))
    return [*told, *(_missing_before(story, row) for row in named), *_changed_flags(story)]


def _changed_flags(story: Story) -> Texts:
    """Products that have become key brands, or are none any more, or have another category, since a month compared
    with."""
    flags = story.details.get("changed_flags")
    if flags is None or flags.empty:
        return []
    own = _of_entity(flags, story)
    names = [str(one) for one in own.drop_duplicates("product_id")["product_name"]]
    if not names:
        return []
    shown = story.words("sentences.list_joint").join(names[:MOST_NAMED])
    key = "changed_flags" if len(names) <= MOST_NAMED else "changed_flags_many"
    return [story.words(f"sentences.missing.{key}", products=shown, count=len(names))]


def _missing_before(story: Story, row: Mapping[str, Any]) -> str:
    managers = story.words("sentences.list_joint").join(
        story.manager(one) for one in str(row["managers"]).split(",")
    )
    forms = story.words("sentences.list_joint").join(
        form_name(one, story.words.language) for one in str(row["forms"]).split(",")
    )
    return story.words(f"sentences.missing.{row['when']}", managers=managers, forms=forms)


def _findings(story: Story, *, of_missing: bool = False) -> list[dict[str, Any]]:
    """The entity's findings: those of missing reports, or all others."""
    own = _of_entity(story.findings, story)
    return records(own[(own["rule"] == REPORT_MISSING) == of_missing])


def problems_part(story: Story) -> Texts:
    """(二) problems, causes, countermeasures: a numbered sentence for each of the first kinds."""
    words = story.words
    of_rule: dict[str, dict[str, Any]] = {}
    for row in _findings(story):
        of_rule.setdefault(str(row["rule"]), row)
    rows = list(of_rule.values())[:NUMBERED_FINDINGS]
    first = missing(story)
    if not rows:
        return [*first, words("sentences.findings.none")]
    return [*first, *_numbered(rows, words)]


def _numbered(rows: Iterable[Mapping[str, Any]], words: Words) -> Texts:
    return [
        words(
            "sentences.findings.numbered",
            place=place,
            title=title_text(str(row["rule"]), words),
            **{name: row[name] for name in ("evidence", "cause", "countermeasure")},
        ).replace("  ", " ")
        for place, row in enumerate(rows, start=1)
    ]


def opinions_part(story: Story) -> Texts:
    """(三) customers' main opinions on goods and service."""
    words = story.words
    asked = satisfaction(story, full=True) or words("sentences.satisfaction.none")
    return [text for text in (complaints(story, full=True), asked) if text]


def sales_total(story: Story) -> str:
    """Volume and amount with change and target."""
    words = story.words
    month = words.pick(f"{story.month.year}年{story.month.month}月", str(story.month))
    if story.number("volume") is None:
        return words("sentences.sales.nothing", month=month, name=story.name)
    clauses = [
        words(
            "sentences.sales.volume",
            month=month,
            name=story.name,
            value=story.shown("volume"),
            changes=_changes(story, "volume"),
        ),
        _clause(story, "sales.amount", "amount"),
        _effect(story),
    ]
    return _sentence(story, clauses)


def _effect(story: Story) -> str:
    """Which effect moved the amount most since last month, where it moved the way the amount did."""
    effects = records(story.details.get("growth_effects", pd.DataFrame(columns=["compared_with"])))
    rows = [row for row in effects if row["compared_with"] == "previous"]
    if not rows or not rows[0]["change"]:
        return ""
    direction = 1 if rows[0]["change"] > 0 else -1
    most = max(_EFFECTS, key=lambda effect: direction * float(rows[0][effect]))
    return story.words(f"sentences.sales.effect_{most}")


def customers_and_mix(story: Story) -> str:
    """Ordering customers and rate, the category whose share moved most, key brands, fill rate."""
    ordering = story.shown("ordering_customers")
    if ordering is None:
        return ""

    clauses = [
        story.words("sentences.sales.ordering", value=ordering.removesuffix("户").removesuffix(" customers")),
        _clause(story, "sales.ordering_rate", "ordering_rate"),
        *(_share(story, key) for key in (_moved_category(story), "key_brand_share") if key),
        _clause(story, "sales.fill_rate", "fill_rate"),
    ]
    return _sentence(story, clauses)


def _moved_category(story: Story) -> str | None:
    """The category share that moved most since last month."""
    keys = [key for key in story.declared if key.startswith("category_share.")]
    changes = {key: abs(story.number(key, "change") or 0) for key in keys if story.number(key) is not None}
    return max(changes, key=lambda key: changes[key]) if changes else None


def _share(story: Story, key: str) -> str:
    if story.number(key) is None:
        return ""
    figure = story.declared[key]
    zh, en = (
        figure.zh.removesuffix("占比"),
        figure.en.removeprefix("Share of ").replace("Key-brand share", "key brands"),
    )
    label = story.words.pick(zh, en)
    return story.words(
        "sentences.sales.share", label=label, value=story.shown(key), changes=_changes(story, key, 1)
    )


def visits(story: Story) -> str:
    """Visits, plan completion, coverage."""
    clauses = [
        _clause(story, "visits.visits", "visits", changes=0),
        _clause(story, "visits.plan_completion", "plan_completion", changes=1),
        _clause(story, "visits.coverage", "coverage"),
    ]
    return _sentence(story, clauses)


def complaints(story: Story, *, full: bool = False) -> str:
    """Cases received, resolved on time, open; with `full` also by category and the repeat rate."""
    words = story.words
    received = story.number("complaints")
    if received is None:
        return ""
    still_open = story.number("open_cases") or 0
    if not received:
        sent, missing = story.reported.get("complaints", (0, 0))
        if missing:  # nothing is known of those: never that there was nothing
            return words(
                f"sentences.complaints.{'none_of_some' if sent else 'not_sent'}", sent=sent, missing=missing
            )
        if not still_open:
            return words("sentences.complaints.none")
        return words("sentences.complaints.none_open", open=story.shown("open_cases"))
    clauses = [
        _received(story),
        _categories(story) if full else "",
        _on_time(story),
    ]
    clauses += [_open_cases(story)]
    if full and story.number("repeat_rate"):
        clauses.append(_clause(story, "complaints.repeat", "repeat_rate"))
    return _sentence(story, clauses)


def _on_time(story: Story) -> str:
    """The rate; where few cases were due, the cases themselves."""
    due, done = story.number("on_time_rate", "denominator"), story.number("on_time_rate", "numerator")
    if not due or done is None or due >= story.profile.least_count:
        return _clause(story, "complaints.on_time", "on_time_rate")
    cases = story.declared["complaints"]
    return story.words(
        "sentences.complaints.on_time_few",
        due=value_text(due, cases, story.words),
        done=value_text(done, cases, story.words),
    )


def _received(story: Story) -> str:
    previous = story.shown("complaints", "previous_comparable")
    key = "received_first" if previous is None else "received"
    return story.words(f"sentences.complaints.{key}", value=story.shown("complaints"), previous=previous)


def _categories(story: Story) -> str:
    words = story.words
    given = [category for category in CATEGORIES if story.number(f"complaints.{category.key}")]
    if len(given) < 2:
        return ""
    items = [
        words(
            "sentences.complaints.category",
            label=words.pick(category.zh, category.en.lower()),
            value=story.shown(f"complaints.{category.key}"),
        )
        for category in given
    ]
    return words("sentences.complaints.of_which", list=words("sentences.list_joint").join(items))


def _open_cases(story: Story) -> str:
    still_open, overdue = story.number("open_cases"), story.number("overdue_cases")
    if still_open is None:
        return ""
    if not still_open:
        return story.words("sentences.complaints.all_closed")
    key = "open" if overdue else "open_in_time"
    return story.words(
        f"sentences.complaints.{key}", open=story.shown("open_cases"), overdue=story.shown("overdue_cases")
    )


def satisfaction(story: Story, *, full: bool = False) -> str:
    """The index with its change and whether that is significant; with `full` also the lowest dimension."""
    answers = story.number("satisfaction", "denominator")
    if story.number("satisfaction") is None or answers is None:
        return ""
    words = story.words
    clauses = [_clause(story, "satisfaction.index", "satisfaction", changes=2), _significance(story)]
    if answers < story.profile.least_count:
        clauses[1:] = [words("sentences.satisfaction.few", answers=story.shown("answers"))]
    if full:
        clauses += [_lowest_dimension(story)]
        clauses += (
            [_clause(story, "satisfaction.low_answers", "low_answers")] if story.number("low_answers") else []
        )
    return _sentence(story, clauses)


def _significance(story: Story) -> str:
    """Whether what the index did is no accident: against last month, last year, and over twelve months; empty where
    nothing is known to compare with."""
    rows = story.details.get("satisfaction_change")
    if rows is None or rows.empty:
        return ""
    row = rows.iloc[0]
    texts = [
        story.words(f"sentences.satisfaction.{name}_{'significant' if row[flag] else 'not_significant'}")
        for name, points, flag in _JUDGED
        if pd.notna(row[points])
    ]
    if bool(row["slope_significant"]):
        number = number_text(abs(float(row["slope"])), 1)
        texts.append(
            story.words(f"sentences.satisfaction.slope_{'up' if row['slope'] > 0 else 'down'}", points=number)
        )
    return story.words("sentences.list_joint").join(texts)


_JUDGED = (("previous", "difference", "significant"), ("last_year", "yoy_difference", "yoy_significant"))


def _lowest_dimension(story: Story) -> str:
    keys = [f"satisfaction.{name}" for name in story.profile.satisfaction_weights]
    scores = {key: score for key in keys if (score := story.number(key)) is not None}
    if len(scores) < 2:
        return ""
    lowest = min(scores, key=lambda key: scores[key])
    figure = story.declared[lowest]
    label = story.words.pick(figure.zh.split("：")[-1], figure.en.split(": ")[-1])
    return story.words("sentences.satisfaction.lowest", label=label, value=story.shown(lowest))


def first_finding(story: Story) -> str:
    """The gravest finding, or that there is none."""
    rows = _findings(story)[:1]
    if not rows:
        return story.words("sentences.findings.none")
    title = title_text(str(rows[0]["rule"]), story.words)
    return story.words("sentences.findings.first", title=title, evidence=rows[0]["evidence"])


def _clause(story: Story, text: str, figure: str, changes: int = 2) -> str:
    """A clause on one figure; empty where nothing is known."""
    value = story.shown(figure)
    if value is None:
        return ""
    return story.words(f"sentences.{text}", value=value, changes=_changes(story, figure, changes))


def _changes(story: Story, figure: str, most: int = 2) -> str:
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


def _sentence(story: Story, clauses: Iterable[str]) -> str:
    """Clauses as one sentence; empty without any."""
    given = [clause for clause in clauses if clause]
    if not given:
        return ""
    text = story.words("sentences.clause_joint").join(given)
    return text[0].upper() + text[1:] + story.words("sentences.stop")
