"""The sentences on customers attracted, and on those retained."""

from pipeline.findings.story import Story, clause, sentence


def attracted(story: Story, full: bool = False) -> str:
    """New target customers, key customers' share in number and in income, market shares."""
    clauses = [
        clause(story, "key_customers.new_target_customers", "new_target_customers", most=1),
        clause(story, "key_customers.key_share", "key_share", most=0),
        clause(story, "key_customers.key_income_share", "key_income_share", most=0),
        clause(story, "key_customers.deposit_share", "market_share.deposit", most=1),
        clause(story, "key_customers.loan_share", "market_share.loan", most=1),
    ]
    return sentence(story, clauses)


def retained(story: Story, full: bool = False) -> str:
    """Key customers lost, in the month and since the year began; contacts; customers found, upgraded, downgraded."""
    to_date = story.shown("key_loss_rate", "ytd")
    clauses = [
        clause(story, "key_customers.key_customers", "key_customers", most=1),
        clause(story, "key_customers.key_loss_rate", "key_loss_rate", most=0),
        "" if to_date is None else story.words("sentences.key_customers.lost_to_date", value=to_date),
        clause(story, "key_customers.found_rate", "found_rate", most=0),
        clause(story, "key_customers.contacts", "contacts", most=1),
    ]
    return sentence(story, clauses)


SENTENCES = {"attracted": attracted, "retained": retained}
