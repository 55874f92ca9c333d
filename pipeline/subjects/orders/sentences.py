"""The sentence on orders."""

from pipeline.findings.story import Story, clause, sentence


def orders(story: Story, full: bool = False) -> str:
    """Orders received and how many are complaints, closed in time, open and overdue; with `full` also escalated and
    repeated ones, followed up, satisfied."""
    if story.number("orders") is None:
        sent, missing = story.reported.get("complaints", (0, 0))
        return story.words("sentences.orders.not_sent") if missing and not sent else ""
    clauses = [
        clause(story, "orders.orders", "orders", most=1),
        clause(story, "orders.complaints", "complaints", most=0),
        clause(story, "orders.complaint_rate", "complaint_rate", most=1),
        clause(story, "orders.on_time", "on_time_rate", most=1),
        _open(story),
    ]
    if full:
        clauses += [
            clause(story, "orders.escalated", "escalated", most=0) if story.number("escalated") else "",
            clause(story, "orders.repeated", "repeat_orders", most=0) if story.number("repeat_orders") else "",
            clause(story, "orders.follow_up", "follow_up_rate", most=0),
            clause(story, "orders.satisfied", "satisfied_rate", most=0),
        ]
    return sentence(story, clauses)


def _open(story: Story) -> str:
    if story.number("orders_open") is None:
        return ""
    if not story.number("orders_open"):
        return story.words("sentences.orders.all_closed")
    key = "open" if story.number("overdue_orders") else "open_in_time"
    return story.words(
        f"sentences.orders.{key}", open=story.shown("orders_open"), overdue=story.shown("overdue_orders")
    )


SENTENCES = {"orders": orders}
