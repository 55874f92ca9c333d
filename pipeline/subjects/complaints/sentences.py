"""The sentence on complaints."""

from pipeline.contract.show import value_text
from pipeline.findings.story import Story, clause, sentence
from schemas.complaints import CATEGORIES


def complaints(story: Story, full: bool = False) -> str:
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
        clauses.append(clause(story, "complaints.repeat", "repeat_rate"))
    return sentence(story, clauses)


def _on_time(story: Story) -> str:
    """The rate; where few cases were due, the cases themselves."""
    due, done = story.number("on_time_rate", "denominator"), story.number("on_time_rate", "numerator")
    if not due or done is None or due >= story.profile.least_count:
        return clause(story, "complaints.on_time", "on_time_rate")
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


SENTENCES = {"complaints": complaints}
