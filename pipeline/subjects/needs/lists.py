"""Needs behind the figures: where each stands, which wait, by topic and department; dates out of order."""

import itertools

import pandas as pd

from pipeline.base.calendar import Month
from pipeline.base.frames import records
from pipeline.contract.facts import Facts
from pipeline.contract.listing import Listing, Sums
from pipeline.contract.problem import Problem
from pipeline.contract.shown_frames import ListFrame, Measure, SumFrame
from pipeline.figures.named import named
from pipeline.subjects.complaints.cases import working_days_to
from pipeline.subjects.complaints.steps import note, order_notes, out_of_order
from pipeline.subjects.needs.cases import FORM, last_step, needs_known, needs_on, open_needs
from schemas.needs import REFUSED, STEPS

NUMBER = "need_no"
WAITS = "need_waits_days"  # the profile's working days after which a need has waited for long
_SOURCE = ["source_file", "source_sheet", "source_row"]
_COLUMNS = [
    "region_id", "manager_id", "customer_id", "customer_name", "grade", "channel", "need_no", "topic", "description",
    "department", "prevention", *STEPS, REFUSED, "closed_on", "stands_at", "since", "days",
]  # fmt: skip


def needs_of_month(facts: Facts) -> pd.DataFrame:
    """One row per need that is open at the month's end, or of which a step was made in the month: _COLUMNS, source
    columns. `stands_at` is the last step made (or refused_on), `since` its day, and `days` the working days from then
    to the month's end while the need is open."""
    known = facts.once(needs_known)
    is_open = known.index.isin(facts.once(open_needs).index)
    moved = pd.Series(False, index=known.index)
    for day in (*STEPS, REFUSED):
        moved |= known.index.isin(needs_on(facts, day).index)
    told = known[is_open | moved]
    step = last_step(told)
    since = told["raised_on"]
    for one in STEPS[1:]:
        since = told[one].where(step == one, since)
    refused = told[REFUSED].notna()
    end = pd.Series(pd.Timestamp(facts.month.last_day), index=told.index)
    told = told.assign(
        stands_at=step.mask(refused, REFUSED),
        since=since.where(~refused, told[REFUSED]),
        days=working_days_to(since, end).where(told["closed_on"].isna()),
    )
    return named(told, facts).reindex(columns=[*_COLUMNS, *_SOURCE])


def needs_waiting(facts: Facts) -> pd.DataFrame:
    """The open needs whose last step is more than the profile's working days ago: `needs_of_month`."""
    rows, limit = facts.once(needs_of_month), facts.profile.thresholds.get(WAITS)
    late = rows["days"] > limit if limit is not None else pd.Series(False, index=rows.index)
    return rows[late.fillna(False).astype(bool)]


def needs_out_of_order(facts: Facts) -> pd.DataFrame:
    """The needs whose steps, filled in by several, do not follow each other: a step before the one that it follows.
    `needs_of_month`, with `earlier` and `later`, the names of the two days."""
    pairs = [pair for pair in itertools.combinations((*STEPS, REFUSED), 2) if pair != (STEPS[-1], REFUSED)]
    return out_of_order(facts.once(needs_of_month), pairs, NUMBER)


def needs_with_gaps(facts: Facts) -> pd.DataFrame:
    """The needs with a step made though one before it is told by nobody: as several fill them in, one may be missing.
    `needs_of_month`, with `earlier` and `later`, the first step that is missing and the one made after it."""
    rows = facts.once(needs_of_month)
    frames = []
    for place, earlier in enumerate(STEPS):
        after = rows[list(STEPS[place + 1 :])].notna()
        gap = rows[earlier].isna() & after.any(axis=1)
        frames.append(rows[gap].assign(earlier=earlier, later=after[gap].idxmax(axis=1) if gap.any() else ""))
    told = pd.concat(frames, ignore_index=True)
    return told.drop_duplicates(NUMBER, ignore_index=True)


def with_gaps(month: Month, rows: pd.DataFrame) -> list[Problem]:
    """A note for each row of `needs_with_gaps`, at the need, with the day of the step that was made."""
    return [note("filled_step_before", (FORM, NUMBER, "earlier"), month, row, ("later",)) for row in records(rows)]


def order_of_steps(month: Month, rows: pd.DataFrame) -> list[Problem]:
    """A note for each row of `needs_out_of_order`."""
    return order_notes(FORM, NUMBER, month, records(rows))


def _by(facts: Facts, key: str) -> pd.DataFrame:
    raised = needs_on(facts, "raised_on").assign(needs_raised=1, needs_closed=0, needs_open=0)
    closed = needs_on(facts, "closed_on").assign(needs_raised=0, needs_closed=1, needs_open=0)
    waiting = facts.once(open_needs).assign(needs_raised=0, needs_closed=0, needs_open=1)
    both = pd.concat([raised, closed, waiting], ignore_index=True).dropna(subset=[key])
    return both.groupby(["manager_id", key])[["needs_raised", "needs_closed", "needs_open"]].sum().reset_index()


def _by_topic(facts: Facts) -> pd.DataFrame:
    return _by(facts, "topic")


def _by_department(facts: Facts) -> pd.DataFrame:
    return _by(facts, "department")


_STYLES = (
    *((one, "day") for one in (*STEPS, REFUSED, "since")),
    ("days", "number0"),
)
_MEASURES = (
    Measure("needs_raised", share=True),
    Measure("needs_closed", changes=False, better="higher"),
    Measure("needs_open", changes=False),
)
LISTS = {
    "needs_of_month": Listing(
        needs_of_month, ("days", "raised_on", "need_no"), frozenset({"days"}),
        ListFrame(
            ("need_no", "topic", "customer_name", "description", "manager_id", "department", "stands_at", "since",
             "days", "raised_on", "prevention"),
            needs=(FORM,), form=FORM, styles=_STYLES, long=("description", "prevention"), row_key="need_no",
        ),
    ),
    "needs_waiting": Listing(
        needs_waiting, ("days", "need_no"), frozenset({"days"}),
        ListFrame(
            ("need_no", "topic", "customer_name", "description", "manager_id", "department", "stands_at", "since",
             "days"),
            needs=(FORM,), form=FORM, styles=_STYLES, long=("description",), row_key="need_no",
        ),
        rules=("need_waits",),
    ),
    "needs_out_of_order": Listing(needs_out_of_order, (NUMBER,), problems=order_of_steps),
    "needs_with_gaps": Listing(needs_with_gaps, (NUMBER,), problems=with_gaps),
}  # fmt: skip
SUMS = {
    f"needs_by_{key}": Sums(
        key, ("needs_raised", "needs_closed", "needs_open"), count, FORM,
        shown=SumFrame(FORM, (key,), _MEASURES, needs=(f"{FORM}.{key}",)),
    )
    for key, count in (("topic", _by_topic), ("department", _by_department))
}  # fmt: skip
