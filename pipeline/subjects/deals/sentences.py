"""The sentence on deals."""

from pipeline.findings.story import Story, clause, sentence


def deals(story: Story, full: bool = False) -> str:
    """Deals opened, won and lost, what is in talks and what is expected of it, small accounts."""
    clauses = [
        clause(story, "deals.deals_opened", "deals_opened", most=0),
        clause(story, "deals.deals_won", "deals_won", most=0),
        clause(story, "deals.win_rate", "win_rate", most=1),
        clause(story, "deals.deals_open", "deals_open", most=0),
        clause(story, "deals.pipeline", "pipeline", most=1),
        clause(story, "deals.weighted_pipeline", "weighted_pipeline", most=0),
        clause(story, "deals.small_in_talks", "small_in_talks", most=0),
    ]
    return sentence(story, clauses)


SENTENCES = {"deals": deals}
