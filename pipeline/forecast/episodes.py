"""Months that say nothing of what comes next: before the first order, pauses, goods sent back, and silence at the end.

A shop that was closed for three summer months did not sell little in summer: those months are unknown. What
counts as a pause: a run of months without orders between months with orders, in a series that otherwise
orders nearly always, that did not come in the same months of another year and that siblings did not share.
Series that order now and then (spare parts) keep all their zeros: there a month without an order is the rule.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from pipeline.forecast.history import SEASON, Flags, Floats, Ints, Panel

SILENT_MONTHS = 3  # so many months without an order at the end are silence, unless gaps as long came before
SELDOM = 0.35  # share of months without orders up to which a series orders nearly always
RETURNS_SELDOM = 0.2  # share of months below zero up to which they are goods sent back, not the rule
FEWEST_SIBLINGS = 5
SHARED = 0.4  # share of siblings without orders from which a month without orders is everybody's


@dataclass(frozen=True)
class Episodes:
    """A panel without the months that say nothing, and which series have fallen silent.

    Attributes:
        panel: the same series; they begin with their first order, months of pauses and returns are NaN.
        silent: no order for `SILENT_MONTHS` and longer than is usual for the series.
    """

    panel: Panel
    silent: Flags


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
    sold = _without(panel, _returns(panel))
    going = _without(sold, _pauses(panel, zero, inside, group))
    return Episodes(_from_first_order(going, zero, usual), silent)


def _without(panel: Panel, unknown: Flags) -> Panel:
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
    return np.asarray(np.where(now_and_then, 2 * longest + 2, longest), dtype=np.int64)


def _pauses(panel: Panel, zero: Flags, inside: Flags, group: Ints) -> Flags:
    """Months of pauses."""
    active = np.maximum((np.isfinite(panel.values) & ~zero).sum(axis=1) + inside.sum(axis=1), 1)
    first = inside & ~np.concatenate([np.zeros((len(zero), 1), dtype=bool), inside[:, :-1]], axis=1)
    few = (inside.sum(axis=1) <= SELDOM * active) & (first.sum(axis=1) <= 1 + active / SEASON)
    pause = inside & few[:, None]
    if not pause.any():
        return np.asarray(pause)
    return np.asarray(pause & ~_every_year(zero) & ~_of_everybody(panel, zero, group))


def _every_year(zero: Flags) -> Flags:
    """Months without orders that have one without orders a year before or after."""
    again = np.zeros_like(zero)
    if zero.shape[1] > SEASON:
        both = zero[:, SEASON:] & zero[:, :-SEASON]
        again[:, SEASON:] |= both
        again[:, :-SEASON] |= both
    return again


def _of_everybody(panel: Panel, zero: Flags, group: Ints) -> Flags:
    """Months in which many of a series' siblings had no orders either."""
    start = panel.last - panel.months + 1
    width = zero.shape[1]
    span = width + int(start.max(initial=0) - start.min(initial=0))
    place = group[:, None] * span + (start - start.min(initial=0))[:, None] + np.arange(width)[None, :]
    known = np.isfinite(panel.values)
    size = int(group.max(initial=0) + 1) * span
    without = np.bincount(place[known], weights=zero[known].astype(float), minlength=size)
    count = np.bincount(place[known], minlength=size)
    shared = (count >= FEWEST_SIBLINGS) & (without > SHARED * count)
    return np.asarray(shared[place])


def _returns(panel: Panel) -> Flags:
    """Months below zero of series that are nearly always above it."""
    below = panel.values < 0
    known = np.maximum(np.isfinite(panel.values).sum(axis=1), 1)
    above = (panel.values > 0).sum(axis=1)
    return np.asarray(below & ((below.sum(axis=1) <= RETURNS_SELDOM * known) & (above > known / 2))[:, None])


def _from_first_order(panel: Panel, zero: Flags, usual: Ints) -> Panel:
    """Series begin with their first order where they were without one for longer than is usual after."""
    ordered = np.isfinite(panel.values) & ~zero
    first = np.where(ordered.any(axis=1), ordered.argmax(axis=1), 0)
    told = np.isfinite(panel.values)
    unknown = np.where(told.any(axis=1), told.argmax(axis=1), 0)  # goods sent back in the first month
    lead = np.where(first > usual, np.maximum(first, unknown), unknown)
    if not lead.any():
        return panel
    column = np.minimum(np.arange(panel.values.shape[1])[None, :] + lead[:, None], panel.values.shape[1] - 1)
    months = panel.months - lead
    shifted: Floats = np.take_along_axis(panel.values, column, axis=1)
    shifted = np.where(np.arange(shifted.shape[1])[None, :] < months[:, None], shifted, np.nan)
    known = np.where(lead > 0, np.isfinite(shifted).sum(axis=1), panel.known)
    return replace(panel, values=shifted, months=months, known=known)
