"""Lists behind the figures of sales: customers that move, stocks; growth explained. Its sums stand beside."""

from pipeline.contract.listing import AddedUp, Listing
from pipeline.contract.shown_frames import ListFrame
from pipeline.subjects.sales.customers import movements, pareto, stock_health
from pipeline.subjects.sales.sums import SUMS

__all__ = ["ADDED_UP", "LISTS", "SHOWN", "SUMS"]

LISTS = {
    "customers_by_movement": Listing(
        movements,
        ("customer_id",),
        shown=ListFrame(
            (
                "movement", "customer_id", "customer_name", "manager_id", "grade", "channel", "volume",
                "volume_previous", "ratio", "relative", "silent_months",
            ),
            ("movement", ("lost", "silent", "down", "up", "new", "returning")),
            needs=("sales",),
        ),
        rules=("lost_customer", "silent_customer", "slow_customer"),
    ),
    "stock_health": Listing(
        stock_health,
        ("customer_id", "manager_id"),
        shown=ListFrame(
            ("state", "customer_id", "manager_id", "stock", "volume", "stock_to_sales"),
            ("state", ("high", "empty")),
            needs=("sales.closing_stock",),
        ),
    ),
}  # fmt: skip
ADDED_UP = {
    "pareto": AddedUp(
        "customers_by_movement",
        pareto,
        ListFrame(("tenth", "customers", "amount_yuan", "cumulative_share"), needs=("sales",)),
    )
}
SHOWN = {
    "growth_effects": ListFrame(
        ("compared_with", "amount_base", "volume_effect", "mix_effect", "price_effect", "change", "amount"),
        needs=("sales", "products"),
    ),
    "growth_by_customers": ListFrame(
        ("compared_with", "kind", "customers", "change"), needs=("sales",), of_forecast="sales"
    ),
}
