"""The sentence on leads."""

from pipeline.findings.story import Story, clause, sentence


def leads(story: Story, full: bool = False) -> str:
    """Leads seen, reported at once, still open."""
    clauses = [
        clause(story, "leads.leads", "leads", most=1),
        clause(story, "leads.leads_at_once_rate", "leads_at_once_rate", most=0),
        clause(story, "leads.leads_open", "leads_open", most=0),
    ]
    return sentence(story, clauses)


SENTENCES = {"leads": leads}
