"""The sentence on contracts."""

from pipeline.findings.story import Story, clause, sentence


def contracts(story: Story, full: bool = False) -> str:
    """Contracts signed and their amount, beside the months before and the target."""
    clauses = [
        clause(story, "contracts.contracts", "contracts", most=0),
        clause(story, "contracts.contract_amount", "contract_amount"),
    ]
    return sentence(story, clauses)


SENTENCES = {"contracts": contracts}
