"""The sentence on prospects."""

from pipeline.findings.story import Story, clause, sentence


def prospects(story: Story, full: bool = False) -> str:
    """Prospects surveyed, those put on file, those that sign."""
    clauses = [
        clause(story, "prospects.prospects", "prospects", most=1),
        clause(story, "prospects.filing_rate", "filing_rate", most=0),
        clause(story, "prospects.prospects_signed", "prospects_signed", most=0),
        clause(story, "prospects.conversion_rate", "conversion_rate", most=0),
    ]
    return sentence(story, clauses)


SENTENCES = {"prospects": prospects}
