"""The sentence on product sales."""

from pipeline.findings.story import Story, clause, sentence


def product_sales(story: Story, full: bool = False) -> str:
    """Contracts and amount sold, to how many customers."""
    clauses = [
        clause(story, "product_sales.units_sold", "units_sold", most=1),
        clause(story, "product_sales.sales_amount", "sales_amount", most=1),
        clause(story, "product_sales.customers_sold_to", "customers_sold_to", most=0),
    ]
    return sentence(story, clauses)


SENTENCES = {"product_sales": product_sales}
