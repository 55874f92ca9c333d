"""Months that say nothing of what comes next: before the first order, pauses, goods sent back, and silence at the end.

A shop that was closed for three summer months did not sell little in summer: those months are unknown. What
counts as a pause: a run of months without orders between months with orders, in a series that otherwise
orders nearly always, that did not come in the same months of another year and that siblings did not share.
Series that order now and then (spare parts) keep all their zeros: there a month without an order is the rule.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from pipeline.forecast.history import SEASON, Flags, Floats, Ints, Panel, without_lead
from pipeline.forecast.made_up_for import ABOUT, made_up_for
from pipeline.forecast.siblings import of_everybody, taking_part
from pipeline.forecast.start_up import started_up

SILENT_MONTHS = 3  # so many months without an order at the end are silence, unless gaps as long came before
SELDOM = 0.35  # share of months without orders up to which a series orders nearly always
RETURNS_SELDOM = 0.2  # share of months below zero up to which they are goods sent back, not the rule
BY_CHANCE = 0.25  # likewise, up to which a month without an order a year before the next is chance
GAP_OF_ONE = 0.45  # the same share where all of them are one gap, before and after which the series ordered
FEWEST_AROUND_GAP = 4  # orders beside such a gap
NEXT_TO_NOTHING = 0.05  # of the usual month: a trial before the first order, or a shop that ran out of goods
HARDLY = 0.15  # of the usual month: as good as none, where it is the last of a series that nearly always orders
WAITING_MONTHS = SILENT_MONTHS - 1  # so many months without an order at the end may yet be chance
WAITING_SELDOM = 0.1  # share of other months without orders up to which an order is still expected
STILL_GOING = 0.5  # of the usual month: with less, the last order was one of a series that ends
STOCKED_UP = 2.0  # of the usual month: with more, the last order explains that none followed; or goes back
FEWEST_KNOWN = 6
SELDOM_BEFORE = 0.5  # share of months without orders from which a series did not order nearly always


@dataclass(frozen=True)
class Episodes:
    """A panel without the months that say nothing, and which series have fallen silent.

    Attributes:
        panel: the same series; they begin with their first order, months of pauses and returns are NaN.
        silent: no order for `SILENT_MONTHS` and longer than is usual for the series.
        waiting: months without an order at the end of a series that nearly always orders, too few for a silence;
            they are unknown in the panel.
        paused, sent_back: whether a pause, or goods sent back, were taken out of the last two years.
    """

    panel: Panel
    silent: Flags
    waiting: Ints
    paused: Flags
    sent_back: Flags


def without_episodes(panel: Panel, group: Ints) -> Episodes:
    """Take out of each series what says nothing of its next month.

    Args:
        group: number of the siblings of each series.
    """
    zero = panel.values == 0
    runs = _runs(zero)
    inside = _inside_runs(panel, zero, runs)
    usual = _usual_gap(panel, zero, inside, runs)
    known = np.isfinite(panel.values)
    last = panel.values.shape[1] - 1 - known[:, ::-1].argmax(axis=1)  # what is unknown since breaks no silence
    trailing = np.where(known.any(axis=1), np.take_along_axis(runs, last[:, None], axis=1)[:, 0], 0)
    has_orders = (np.nan_to_num(panel.values) != 0).any(axis=1)
    silent = has_orders & (trailing >= SILENT_MONTHS) & (trailing > usual)
    month = _usual_month(panel.values)
    going = taking_part(panel, zero, silent)
    returns, pauses = _returns(panel), _pauses(panel, zero, inside, going, group)
    evened = replace(panel, values=made_up_for(panel.values, pauses, runs, month))
    pauses = pauses & (evened.values == 0)
    told = without_months(without_months(_netted(evened), returns), pauses)
    begun = _from_first_order(told, zero, usual, month)
    waiting = np.where(silent, 0, _waiting(panel, zero, last, going, group, month))
    place = np.arange(begun.values.shape[1])[None, :]
    gone = (place >= (begun.months - waiting)[:, None]) & (place < begun.months[:, None])
    lately = (in_last_years(months, panel.months) for months in (pauses, returns))
    return Episodes(without_months(begun, gone), silent, waiting, *lately)


def in_last_years(flagged: Flags, months: Ints) -> Flags:
    """Whether a month of the last two years, or the one before, is among those flagged (series × month)."""
    recent = np.arange(flagged.shape[1])[None, :] >= (months - 2 * SEASON - 1)[:, None]
    return np.asarray((flagged & recent).any(axis=1))


def without_months(panel: Panel, unknown: Flags) -> Panel:
    """The panel with some months unknown."""
    values = np.where(unknown, np.nan, panel.values)
    return replace(panel, values=values, known=np.minimum(panel.known, np.isfinite(values).sum(axis=1)))


def _runs(zero: Flags) -> Ints:
    """For each month without orders how long its run is; 0 elsewhere."""
    width = zero.shape[1]
    column = np.arange(width)
    before = np.maximum.accumulate(np.where(zero, -1, column), axis=1)
    after = np.minimum.accumulate(np.where(zero, width, column)[:, ::-1], axis=1)[:, ::-1]
    return np.asarray(np.where(zero, after - before - 1, 0), dtype=np.int64)


def _inside_runs(panel: Panel, zero: Flags, runs: Ints) -> Flags:
    """Months without orders that lie between months with orders."""
    ordered = np.isfinite(panel.values) & ~zero
    begun = np.maximum.accumulate(ordered, axis=1)
    goes_on = np.maximum.accumulate(ordered[:, ::-1], axis=1)[:, ::-1]
    return np.asarray((runs > 0) & begun & goes_on)


def _usual_gap(panel: Panel, zero: Flags, inside: Flags, runs: Ints) -> Ints:
    """The longest gap between orders; of series that order now and then twice that and two, as gaps vary there."""
    longest = np.where(inside, runs, 0).max(axis=1, initial=0)
    ordered = (np.isfinite(panel.values) & ~zero).sum(axis=1)
    now_and_then = inside.sum(axis=1) > SELDOM * np.maximum(ordered + inside.sum(axis=1), 1)
    return np.asarray(np.where(now_and_then, usual_silence(longest), longest), dtype=np.int64)


def usual_silence(longest: Ints) -> Ints:
    """Months without orders that are yet usual for who orders now and then, by the longest gap between orders."""
    return 2 * longest + 2


def _pauses(panel: Panel, zero: Flags, inside: Flags, going: Flags, group: Ints) -> Flags:
    """Months of pauses."""
    active = np.maximum((np.isfinite(panel.values) & ~zero).sum(axis=1) + inside.sum(axis=1), 1)
    first = inside & ~np.concatenate([np.zeros((len(zero), 1), dtype=bool), inside[:, :-1]], axis=1)
    few = (inside.sum(axis=1) <= SELDOM * active) & (first.sum(axis=1) <= 1 + active / SEASON)
    one_gap = (first.sum(axis=1) == 1) & (active - inside.sum(axis=1) >= FEWEST_AROUND_GAP)
    few |= one_gap & (inside.sum(axis=1) <= GAP_OF_ONE * active)
    by_chance = (inside.sum(axis=1) <= BY_CHANCE * active)[:, None] & _a_year_before_the_next(panel)
    pause = inside & (few[:, None] | by_chance)
    if not pause.any():
        return np.asarray(pause)
    yearly = _every_year(zero)
    return np.asarray(pause & ~yearly & ~of_everybody(panel, zero, going, group, yearly))


def _a_year_before_the_next(panel: Panel) -> Flags:
    """The month of last year whose like is foretold: that a series which mostly orders had none in it was chance."""
    return np.asarray(np.arange(panel.values.shape[1])[None, :] == (panel.months - SEASON)[:, None])


def _every_year(zero: Flags) -> Flags:
    """Months without orders that have one without orders a year before or after."""
    again = np.zeros_like(zero)
    if zero.shape[1] > SEASON:
        both = zero[:, SEASON:] & zero[:, :-SEASON]
        again[:, SEASON:] |= both
        again[:, :-SEASON] |= both
    return again


def _returns(panel: Panel) -> Flags:
    """Months below zero of series that are nearly always above it; a single one beside an order is goods sent back."""
    below = panel.values < 0
    known = np.maximum(np.isfinite(panel.values).sum(axis=1), 1)
    above = (panel.values > 0).sum(axis=1)
    return np.asarray(
        below & ((below.sum(axis=1) <= np.maximum(RETURNS_SELDOM * known, 1)) & (above >= known / 2))[:, None]
    )


def _netted(panel: Panel) -> Panel:
    """Great orders that went back the month after, less what went back; an only order is great, too.

    Of one that went back altogether nothing is known, but where it was the only one: then nothing was bought.
    """
    values = panel.values
    back = np.zeros_like(values)
    back[:, :-1] = np.minimum(np.nan_to_num(values[:, 1:]), 0.0)
    if not back.any():
        return panel
    usual = _usual_of_others(values)
    great = (np.nan_to_num(values) > STOCKED_UP * usual) & (back < 0)
    left = np.where(great, np.maximum(np.nan_to_num(values) + back, 0.0), values)
    # What stays of it is about two usual months': those of the order and of what went back.
    of_both = great & (left <= 2 * usual * ABOUT) & (left >= 2 * usual / ABOUT)
    left = np.where(of_both, left / 2, left)
    return replace(panel, values=np.where(great & (left == 0) & (usual > 0), np.nan, left))


def _usual_of_others(values: Floats) -> Floats:
    """Usual month beside a great one (series × 1): the lower median of the months with orders, 0 of one alone."""
    ordered = np.sort(np.where(np.isfinite(values) & (values > 0), values, np.inf), axis=1)
    count = np.isfinite(ordered).sum(axis=1, keepdims=True)
    middle = np.take_along_axis(ordered, np.maximum(count - 1, 0) // 2, axis=1)
    return np.where(count > 1, middle, 0.0)


def _usual_month(values: Floats) -> Floats:
    """Median of each series' months with orders (series × 1); 0 where there is none."""
    ordered = np.sort(np.where(np.isfinite(values) & (values > 0), values, np.inf), axis=1)
    count = np.isfinite(ordered).sum(axis=1)
    middle = np.stack([np.maximum(count - 1, 0) // 2, count // 2], axis=1)
    pair = np.take_along_axis(ordered, np.minimum(middle, values.shape[1] - 1), axis=1)
    return np.where(count[:, None] > 0, np.where(np.isfinite(pair), pair, 0.0).mean(axis=1, keepdims=True), 0.0)


def _waiting(panel: Panel, zero: Flags, last: Ints, going: Flags, group: Ints, usual: Floats) -> Ints:
    """Months without an order (or with next to none) at the end of series that nearly always order.

    Not where last year's months were without one, too, siblings share them, or the last order tells why: it was
    small, as the series ends, or so great that it lasts.
    """
    nothing = zero | ((panel.values > 0) & (panel.values < HARDLY * usual))
    rows = np.arange(len(nothing))
    count = _runs(nothing)[rows, last]
    expected = (count > 0) & (count <= WAITING_MONTHS) & (last - count >= 0)
    order = np.nan_to_num(panel.values[rows, np.maximum(last - count, 0)])
    expected &= (order >= STILL_GOING * usual[:, 0]) & (order <= STOCKED_UP * usual[:, 0])
    known = np.isfinite(panel.values).sum(axis=1)
    begun = np.maximum.accumulate(np.isfinite(panel.values) & ~zero, axis=1)
    others = (nothing & begun).sum(axis=1) - count
    expected &= (known - count >= FEWEST_KNOWN) & (others <= WAITING_SELDOM * begun.sum(axis=1))
    if not expected.any():
        return np.zeros(len(nothing), dtype=np.int64)
    yearly = _every_year(nothing)
    again = yearly | of_everybody(panel, nothing, going, group, yearly)
    return np.where(expected & ~again[rows, last], count, 0)


def _from_first_order(panel: Panel, zero: Flags, usual: Ints, month: Floats) -> Panel:
    """Series begin with their first order where they were without one for longer than is usual after.

    A trial, next to nothing, before the first order is none.
    """
    ordered = np.isfinite(panel.values) & ~zero & ~(np.abs(panel.values) < NEXT_TO_NOTHING * month)
    first = np.where(ordered.any(axis=1), ordered.argmax(axis=1), 0)
    told = np.isfinite(panel.values)
    unknown = np.where(told.any(axis=1), told.argmax(axis=1), 0)  # goods sent back in the first month
    lead = np.where(first > usual, np.maximum(first, unknown), unknown)
    lead = np.maximum(lead, _steady_from(panel, zero))
    lead = lead + started_up(without_lead(panel.values, panel.months, lead), panel.months - lead)
    if not lead.any():
        return panel
    months = panel.months - lead
    shifted = without_lead(panel.values, panel.months, lead)
    known = np.where(lead > 0, np.isfinite(shifted).sum(axis=1), panel.known)
    return replace(panel, values=shifted, months=months, known=known)


def _steady_from(panel: Panel, zero: Flags) -> Ints:
    """From when series order every month that did so seldom before; 0 where it is not so."""
    column = np.arange(zero.shape[1])[None, :]
    last_zero = np.where(zero, column, -1).max(axis=1)
    known = np.isfinite(panel.values)
    since = (known & (column > last_zero[:, None])).sum(axis=1)
    before = (known & (column <= last_zero[:, None])).sum(axis=1)
    again = np.take_along_axis(_every_year(zero), np.maximum(last_zero, 0)[:, None], axis=1)[
        :, 0
    ]  # open in summer
    seldom = (zero.sum(axis=1) > SELDOM_BEFORE * before) & ~again
    return np.where((since >= FEWEST_KNOWN) & seldom & (before > 0), last_zero + 1, 0)
