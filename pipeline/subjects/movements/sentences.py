"""The sentences on movements: what came, what went, what is kept."""

from pipeline.contract.show import percent_text
from pipeline.findings.story import Story, clause, sentence


def movements(story: Story, full: bool = False) -> str:
    """New households, those come back, those lost and to whom, the net change."""
    clauses = [
        clause(story, "movements.new_households", "new_households", most=1),
        clause(story, "movements.reactivated", "reactivated", most=1) if story.number("reactivated") else "",
        clause(story, "movements.lost_households", "lost_households", most=1),
        _lost_to(story),
        clause(story, "movements.net_change", "net_change", most=0),
    ]
    return sentence(story, clauses)


def _lost_to(story: Story) -> str:
    """The competitors that took most, with their households."""
    keys = [key for key in story.declared if key.startswith("lost_to.") and story.number(key)]
    most = sorted(keys, key=lambda key: (-(story.number(key) or 0), key))[:3]
    if not most:
        return ""
    words, choices = story.words, _competitors(story)
    items = [
        words("sentences.movements.to", name=choices[key.removeprefix("lost_to.")], value=story.shown(key))
        for key in most
    ]
    return words("sentences.movements.of_which", list=words("sentences.list_joint").join(items))


def _competitors(story: Story) -> dict[str, str]:
    column = story.profile.forms["movements"].column("lost_to")
    choices = column.choices or story.profile.choices(column.list_name)
    return {one.key: story.words.pick(one.zh, one.en) for one in choices}


def kept(story: Story, full: bool = False) -> str:
    """What is kept of the month's start, and over the year against the target; why there is nothing to tell of."""
    if story.number("household_retention") is None:
        return "" if story.number("households") is None else story.words("sentences.movements.no_start")
    words, to_date = story.words, story.number("household_retention", "ytd")
    completion = story.number("household_retention", "completion")
    clauses = [clause(story, "movements.household_retention", "household_retention", most=0)]
    if to_date is not None:
        clauses.append(words("sentences.movements.kept_to_date", value=percent_text(to_date, words)))
    if completion is not None:
        clauses.append(words("sentences.movements.kept_target", value=percent_text(completion, words)))
    clauses.append(clause(story, "movements.customer_retention", "customer_retention", most=0))
    if to_date is None:
        clauses.append(words("sentences.movements.no_year_start"))
    return sentence(story, clauses)


SENTENCES = {"movements": movements, "kept": kept}
