"""The sentence on satisfaction."""

import pandas as pd

from pipeline.contract.show import number_text
from pipeline.findings.story import Story, clause, sentence


def satisfaction(story: Story, full: bool = False) -> str:
    """The index with its change and whether that is significant; with `full` also the lowest dimension."""
    answers = story.number("satisfaction", "denominator")
    words = story.words
    if story.number("satisfaction") is None or answers is None:
        return words("sentences.satisfaction.none") if full and "satisfaction" in story.profile.forms else ""
    clauses = [clause(story, "satisfaction.index", "satisfaction", most=2), _significance(story)]
    if answers < story.profile.least_count:
        clauses[1:] = [words("sentences.satisfaction.few", answers=story.shown("answers"))]
    if full:
        clauses += [_lowest_dimension(story)]
        clauses += (
            [clause(story, "satisfaction.low_answers", "low_answers")] if story.number("low_answers") else []
        )
    return sentence(story, clauses)


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


SENTENCES = {"satisfaction": satisfaction}
