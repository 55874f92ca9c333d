"""The sentence on drafts."""

from pipeline.findings.story import Story, clause, sentence


def drafts(story: Story, full: bool = False) -> str:
    """Rounds written and shown, what is accepted at first showing, rounds and days to acceptance, what is in hand."""
    clauses = [
        clause(story, "drafts.drafts_written", "drafts_written", most=1),
        clause(story, "drafts.drafts_shown_superior", "drafts_shown_superior", most=0),
        clause(story, "drafts.drafts_shown_customers", "drafts_shown_customers", most=0),
        clause(story, "drafts.first_acceptance", "first_acceptance", most=1),
        clause(story, "drafts.rounds_to_acceptance", "rounds_to_acceptance", most=0),
        clause(story, "drafts.days_to_acceptance", "days_to_acceptance", most=0),
        clause(story, "drafts.drafts_open", "drafts_open", most=0),
    ]
    return sentence(story, clauses)


SENTENCES = {"drafts": drafts}
