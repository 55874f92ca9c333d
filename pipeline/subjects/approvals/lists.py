"""What heads of regions decided."""

from pipeline.contract.listing import Listing
from pipeline.contract.shown_frames import ListFrame
from pipeline.subjects.approvals.decided import decisions_now

LISTS = {
    "decisions": Listing(
        decisions_now,
        ("decided_on", "reference"),
        shown=ListFrame(
            (
                "reference",
                "matter",
                "manager_id",
                "about",
                "decision",
                "decided_on",
                "remark",
                "earlier",
                "source_file",
            ),
            long=("remark",),
            needs=("decisions",),
            form="decisions",
            styles=(("decided_on", "day"), ("earlier", "number0")),
            row_key="reference",
        ),
        of_regions=True,
    ),
}
