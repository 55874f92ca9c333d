"""The sentences on AUM, on loans and profit, on how many products customers hold."""

from pipeline.findings.story import Story, clause, sentence


def aum(story: Story, full: bool = False) -> str:
    """Customers, AUM with its change, its growth since the year began; why there is no growth."""
    growth = story.shown("aum_growth", "ytd")
    unknown = story.number("aum") is not None and story.number("aum_growth") is None
    clauses = [
        clause(story, "holdings.customers", "customers", most=0),
        clause(story, "holdings.aum", "aum", most=2),
        "" if growth is None else story.words("sentences.holdings.since_year", value=growth),
        story.words("sentences.holdings.no_start") if unknown else "",
    ]
    return sentence(story, clauses)


def earnings(story: Story, full: bool = False) -> str:
    """Loans and their yield, income and profit."""
    clauses = [
        clause(story, "holdings.loans", "loans", most=1),
        clause(story, "holdings.loan_yield", "loan_yield", most=0),
        clause(story, "holdings.income", "income", most=1),
        clause(story, "holdings.profit", "profit", most=1),
    ]
    return sentence(story, clauses)


def held(story: Story, full: bool = False) -> str:
    """How many products customers hold."""
    clauses = [
        clause(story, "holdings.cross_sell_rate", "cross_sell_rate", most=1),
        clause(story, "holdings.product_coverage", "product_coverage", most=0),
        clause(story, "holdings.wealth_penetration", "wealth_penetration", most=1),
    ]
    return sentence(story, clauses)


SENTENCES = {"aum": aum, "earnings": earnings, "held": held}
