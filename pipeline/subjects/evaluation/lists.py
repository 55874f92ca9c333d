"""Customers evaluated, and what the evaluation leads to."""

from pipeline.contract.listing import Listing
from pipeline.contract.shown_frames import ListFrame
from pipeline.subjects.evaluation.figures import downgrade_proposals, evaluation, promotion_list

_BY_SCORE = (("score", "customer_id"), frozenset({"score"}))
LISTS = {
    "customer_evaluation": Listing(evaluation, *_BY_SCORE),
    "promotion_list": Listing(
        promotion_list,
        *_BY_SCORE,
        shown=ListFrame(
            ("place", "customer_id", "customer_name", "manager_id", "grade", "score", "reasons"),
            long=("reasons",),
            needs=("sales", "visits"),
        ),
    ),
    "downgrade_proposals": Listing(
        downgrade_proposals,
        ("region_id", "manager_id", "customer_id", "visit_date", "source_row"),
        shown=ListFrame(
            (
                "customer_id", "customer_name", "manager_id", "grade", "proposed_grade", "visit_date",
                "observed_price", "source_file", "source_row",
            ),
            needs=("visits.price_ok",),
        ),
    ),
}  # fmt: skip
