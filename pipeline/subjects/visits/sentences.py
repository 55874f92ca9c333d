"""The sentence on visits."""

from pipeline.findings.story import Story, clause, sentence


def visits(story: Story, full: bool = False) -> str:
    """Visits, plan completion, coverage."""
    clauses = [
        clause(story, "visits.visits", "visits", most=0),
        clause(story, "visits.plan_completion", "plan_completion", most=1),
        clause(story, "visits.coverage", "coverage"),
    ]
    return sentence(story, clauses)


SENTENCES = {"visits": visits}
