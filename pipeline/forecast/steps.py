"""A new level is neither a season nor a trend: what a series sold before a step is moved onto the level after it.

A customer that sold 300 a month and sells 100 since a year did not have a low season: the fall of last November is not
to be expected again. What counts as a step: all months of the year after it (four at least) lie beyond all months of
the year before it, with room between them; so it is no season, which would have been there a year before or after.
Where the season is strong, the same of the changes on the year before: none, and then all alike.
"""

from __future__ import annotations

import numpy as np

from pipeline.forecast.history import SEASON, Floats, Ints

FEWEST_AFTER = 4
FEWEST_BEFORE = 6
FEWEST_CHANGES = 6  # on the year before, after a step
LEAST_STEP = float(np.log(1.5))  # half as much again
ROOM = 0.4  # of the step: so far the nearest months on both sides must lie apart
ROOM_OF_YOUNG = 0.75  # where no year is known on either side, so that it might be a season
STEPS = 2  # of one series
SAME = 1e-9  # in logarithms: a difference of rounding, which the unit of the values decides


def moved_to_last_level(logs: Floats, months: Ints) -> Floats:
    """What is to be added to each month of each series (series × month), 0 where there is no step.

    Args:
        logs: series × month in logarithms, NaN where unknown and after each series' end.
        months: months of each series.
    """
    added = np.zeros_like(logs)
    for length in np.unique(months[months >= FEWEST_BEFORE + FEWEST_AFTER]):
        rows = np.flatnonzero(months == length)
        for _ in range(STEPS):
            size, month = _greatest_step(logs[rows, :length] + added[rows, :length])
            stepped = np.flatnonzero(size != 0)
            if not len(stepped):
                break
            rows, size, month = rows[stepped], size[stepped], month[stepped]
            added[rows, :length] += np.where(np.arange(length)[None, :] < month[:, None], size[:, None], 0.0)
    return added


def _greatest_step(values: Floats) -> tuple[Floats, Ints]:
    """The clearest step of each series and the first month after it; 0 where there is none."""
    length = values.shape[1]
    clearest, size = np.zeros(len(values)), np.zeros(len(values))
    month = np.zeros(len(values), dtype=np.int64)
    rooms = _rooms(values) + SAME
    for start in np.flatnonzero((rooms >= ROOM * LEAST_STEP).any(axis=0)):
        room = rooms[:, start]
        rows = np.flatnonzero((room >= ROOM * LEAST_STEP) & (room > clearest + SAME))
        if not len(rows):
            continue
        step = _height(values[rows], int(start))
        year_known = start >= SEASON or length - start >= SEASON
        wanted = np.maximum(np.abs(step), LEAST_STEP) * (ROOM if year_known else ROOM_OF_YOUNG)
        better = (np.abs(step) >= LEAST_STEP - SAME) & (room[rows] >= wanted - SAME)
        rows, step = rows[better], step[better]
        clearest[rows], size[rows], month[rows] = room[rows], step, start
    return size, month


def _rooms(values: Floats) -> Floats:
    """How far the year from each month on (its start) lies beyond the year before it, or its changes on that year.

    −inf where too little is known.
    """
    length = values.shape[1]
    room = np.full(values.shape, -np.inf)
    first, end = FEWEST_BEFORE, length - FEWEST_AFTER + 1
    room[:, first:end] = _beyond(values)[:, first:end]
    first, end = 2 * SEASON, length - FEWEST_CHANGES + 1
    if end > first:
        changes = _beyond(values[:, SEASON:] - values[:, :-SEASON])
        room[:, first:end] = np.maximum(room[:, first:end], changes[:, first - SEASON : end - SEASON])
    return room


def _beyond(values: Floats) -> Floats:
    """How far the year from each month on lies above or below all of the year before it."""
    known = np.isfinite(values)
    least = _least_of_years(np.where(known, values, np.inf))
    greatest = -_least_of_years(np.where(known, -values, np.inf))
    before, after = slice(0, values.shape[1]), slice(SEASON, SEASON + values.shape[1])
    room = np.maximum(least[:, after] - greatest[:, before], least[:, before] - greatest[:, after])
    return np.where(np.isfinite(room), room, -np.inf)


def _least_of_years(values: Floats) -> Floats:
    """The least of the twelve months before each place (series × places), also of places up to a year after the end."""
    padding = np.full((len(values), SEASON), np.inf)
    wide = np.concatenate([padding, values, padding], axis=1)
    two = np.minimum(wide[:, :-1], wide[:, 1:])
    four = np.minimum(two[:, :-2], two[:, 2:])
    eight = np.minimum(four[:, :-4], four[:, 4:])
    return np.asarray(np.minimum(eight[:, :-4], four[:, 8:]))


def _height(values: Floats, start: int) -> Floats:
    """How far the months after a step lie above those before it: the same months of a year, where they are known."""
    end, first = min(start + SEASON, values.shape[1]), max(start, SEASON)
    middle = _middle(values[:, start:end]) - _middle(values[:, max(0, start - SEASON) : start])
    if end - first < FEWEST_AFTER:
        return middle
    same = values[:, first:end] - values[:, first - SEASON : end - SEASON]
    return np.where(np.isfinite(same).sum(axis=1) >= FEWEST_AFTER, _middle(same), middle)


def _middle(values: Floats) -> Floats:
    """Median of the known months of each series; 0 where there is none."""
    known = np.asarray(np.isfinite(values).any(axis=1))
    return np.where(known, np.nanmedian(np.where(known[:, None], values, 0.0), axis=1), 0.0)
