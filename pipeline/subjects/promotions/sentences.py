"""The sentence on promotions."""

from pipeline.findings.story import Story, clause, sentence


def promotions(story: Story, full: bool = False) -> str:
    """Customers reached, of those confirmed, signed, and what came of it; nothing where nobody was reached."""
    if not story.number("promotion_customers_reached"):
        return ""
    clauses = [
        clause(story, "promotions.promotion_customers_reached", "promotion_customers_reached", most=0),
        clause(story, "promotions.promotion_reach_rate", "promotion_reach_rate", most=0),
        clause(story, "promotions.promotion_signed_rate", "promotion_signed_rate", most=0),
        clause(story, "promotions.promotion_effect", "promotion_effect", most=0),
    ]
    return sentence(story, clauses)


SENTENCES = {"promotions": promotions}
