"""Made-up drafts: each month's view of the rounds at hand."""

import pandas as pd

from pipeline.base.calendar import Month
from pipeline.demo.people import as_form
from pipeline.demo.sample import Sample
from pipeline.subjects.deals.demo_course import books, with_manager

_STATES = {"shown_superior_on": "with_superior", "shown_customer_on": "with_customer"}


def rows_of(sample: Sample, month: Month) -> pd.DataFrame:
    """The rows of the form drafts: rounds written by the month's end that were not decided when it began."""
    rounds = sample.once(books).rounds
    start, end = pd.Timestamp(month.first_day), pd.Timestamp(month.last_day)
    view = rounds[(rounds["made_on"] <= end) & (rounds["decided_on"] >= start)].reset_index(drop=True)
    state = pd.Series("drafting", index=view.index)
    for day, name in _STATES.items():
        state = state.mask(view[day] <= end, name)
    ended = view["decided_on"] <= end
    state = state.mask(ended, view["ended"])
    shown = {day: view[day].where(view[day] <= end) for day in _STATES}
    decided = view["decided_on"].where(ended & (view["ended"] != "given_up"))
    view = view.assign(state=state, **shown, decided_on=decided, feedback=view["feedback"].where(ended))
    view = with_manager(sample.organisation, view, month).sort_values(
        ["manager_id", "made_on", "draft_no", "round"]
    )
    return as_form("drafts", view).assign(manager_id=view["manager_id"].to_numpy())
