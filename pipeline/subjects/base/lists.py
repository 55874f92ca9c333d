"""Customers lost and moved, behind the figures of the base."""

from pipeline.contract.listing import AddedUp, Listing
from pipeline.contract.shown_frames import ListFrame
from pipeline.subjects.base.figures import losses, lost_by_competitor

LISTS = {"lost_by_competitor": Listing(lost_by_competitor, ("manager_id", "lost_to"))}
ADDED_UP = {
    "losses": AddedUp(
        "lost_by_competitor", losses, ListFrame(("lost_to", "customers", "share"), needs=("enrolments.lost_to",))
    )
}
SHOWN = {"customers_moved": ListFrame(("compared_with", "kind", "customers"))}
