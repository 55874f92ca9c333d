"""The sentence on money."""

from pipeline.findings.story import Story, clause, sentence


def receipts(story: Story, full: bool = False) -> str:
    """Money received, the rate over the year against its target, what is outstanding and past due; why it is not
    known."""
    unknown = story.number("outstanding") is None and story.number("receipts") is not None
    clauses = [
        clause(story, "receipts.receipts", "receipts", most=1),
        clause(story, "receipts.receipt_rate", "receipt_rate", most=0),
        clause(story, "receipts.outstanding", "outstanding", most=1),
        clause(story, "receipts.past_due", "past_due", most=0) if story.number("outstanding") else "",
        clause(story, "receipts.past_due_share", "past_due_share", most=0),
        story.words("sentences.receipts.unknown") if unknown else "",
    ]
    return sentence(story, clauses)


SENTENCES = {"receipts": receipts}
