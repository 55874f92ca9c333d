"""The sentence on needs."""

from pipeline.findings.story import Story, clause, sentence


def needs(story: Story, full: bool = False) -> str:
    """Needs raised, published and closed, how long the department took, what is open."""
    clauses = [
        clause(story, "needs.needs_raised", "needs_raised", most=1),
        clause(story, "needs.needs_published", "needs_published", most=0),
        clause(story, "needs.needs_closed", "needs_closed", most=0),
        clause(story, "needs.need_days", "need_days.done", most=0),
        clause(story, "needs.needs_open", "needs_open", most=0),
    ]
    return sentence(story, clauses)


SENTENCES = {"needs": needs}
