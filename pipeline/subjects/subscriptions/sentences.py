"""The sentences on households and fees."""

from pipeline.contract.show import percent_text
from pipeline.findings.story import Story, clause, sentence


def households(story: Story, full: bool = False) -> str:
    """Customers and households with their change, the share that is active, the shares that are stopped and paused."""
    clauses = [
        clause(story, "subscriptions.group_customers", "group_customers", most=0),
        clause(story, "subscriptions.households", "households"),
        clause(story, "subscriptions.active_rate", "active_rate", most=1),
        clause(story, "subscriptions.penalty_rate", "penalty_rate", most=1),
        clause(story, "subscriptions.pause_rate", "pause_rate", most=0),
        clause(story, "subscriptions.paid_programme_rate", "paid_programme_rate", most=0),
    ]
    return sentence(story, clauses)


def fees(story: Story, full: bool = False) -> str:
    """Fees due and paid, what is collected over the year, whose time runs out."""
    to_date = story.number("collection_rate", "ytd")
    clauses = [
        clause(story, "subscriptions.fee_due", "fee_due", most=1),
        clause(story, "subscriptions.collection_rate", "collection_rate", most=0),
        "" if to_date is None else story.words(
            "sentences.subscriptions.collection_to_date", value=percent_text(to_date, story.words)
        ),
        clause(story, "subscriptions.renewal_rate", "renewal_rate", most=0),
        _expiring(story),
    ]  # fmt: skip
    return sentence(story, clauses)


def _expiring(story: Story) -> str:
    """How many customers run out soon, and how many of them were visited."""
    if not story.number("expiring_customers"):
        return ""
    visited = story.shown("expiring_visited")
    key = "expiring" if visited is None else "expiring_visited"
    return story.words(f"sentences.subscriptions.{key}", value=story.shown("expiring_customers"), visited=visited)


SENTENCES = {"households": households, "fees": fees}
