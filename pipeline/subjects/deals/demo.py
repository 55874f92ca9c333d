"""Made-up deals: each month's view of those at hand."""

import pandas as pd

from pipeline.base.calendar import Month
from pipeline.demo.chance import in_language
from pipeline.demo.people import as_form
from pipeline.demo.sample import Sample
from pipeline.subjects.deals.demo_course import Business, books, stage_at, with_manager
from schemas.deals import CLOSED


def rows_of(sample: Sample, month: Month) -> pd.DataFrame:
    """The rows of the form deals: those opened by the month's end that were open when it began, as they then stood."""
    organisation = sample.organisation
    story: Business = organisation.trade.material["deals"]
    deals = sample.once(books).deals
    start, end = pd.Timestamp(month.first_day), pd.Timestamp(month.last_day)
    view = deals[(deals["opened_on"] <= end) & (deals["closed_on"] >= start)].reset_index(drop=True)
    stage = stage_at(view, end)
    closed = stage.isin(CLOSED)
    steps = [
        None
        if one in CLOSED
        else in_language(story.next_steps[one][step % len(story.next_steps[one])], organisation.language)
        for one, step in zip(stage, view["step"], strict=True)
    ]
    view = view.assign(
        stage=stage,
        closed_on=view["closed_on"].where(closed),
        expected_amount=view["expected_amount"].where(stage != "contact"),
        expected_on=view["expected_on"].where(~stage.isin(("contact", *CLOSED))),
        next_step=pd.Series(steps, index=view.index, dtype="object"),
    )
    view = with_manager(organisation, view, month).sort_values(["manager_id", "opened_on", "deal_no"])
    return as_form("deals", view).assign(manager_id=view["manager_id"].to_numpy())
