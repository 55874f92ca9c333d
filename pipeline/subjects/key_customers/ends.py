"""Customers from the start of a month, or of a longer time, to its end: who was lost, who rose and fell.

A customer is lost where it has left, or where its average is under a share of what it was in the months before the
start (three at most; the profile's `key_lost_share`, in %). It is then out of the start until its average has come back
to that share of what it was lost from.
"""

from dataclasses import dataclass

import pandas as pd

from pipeline.contract.facts import LOOK_BACK_MONTHS, Facts
from pipeline.subjects.holdings.standing import BothEnds, standing
from schemas.form import CUSTOMER

LOST_SHARE = "key_lost_share"  # the profile's threshold, in %
HALF = 50.0
OUT = "key_customers_out"  # the name under which it is carried who is lost and not back


@dataclass(frozen=True)
class MeanBefore:
    """The mean of each customer's average over the end of the month `back` months before and the months before that,
    LOOK_BACK_MONTHS in all, of those months in which it was there and is known; by customer_id, ten-thousandths of a
    yuan (float)."""

    back: int

    def __call__(self, facts: Facts) -> pd.Series:
        months = [facts.before(self.back + step) for step in range(LOOK_BACK_MONTHS)]
        told = [one.once(standing) for one in months if one is not None]
        known = [one.loc[one["told"] & one["here"], "average"] for one in told]
        if not known:
            return pd.Series(dtype="float64")
        mean: pd.Series = pd.concat(known).groupby(level=0).mean()
        return mean


def _share(facts: Facts) -> float:
    return float(facts.profile.thresholds.get(LOST_SHARE, HALF)) / 100


@dataclass(frozen=True)
class OutAt:
    """The customers that were lost in some month up to the end of the month `back` months before, and had not come back
    by then: what their average was when they were lost, by customer_id. Of key customers alone, where it is of `keys`.

    What the months before carried tells it, from the first month known on; else it is looked back as far as the facts
    know.
    """

    back: int
    keys: bool

    def __call__(self, facts: Facts) -> pd.Series:
        share = _share(facts)
        carried = [one for one in facts.carried if one <= facts.month + -max(self.back, 1)]
        if carried:
            out = self._carried(facts.carried[max(carried)][OUT])
            return out if self.back else self._after(facts, 0, out, share)
        out = pd.Series(dtype="float64")
        steps = [facts.month - one for one in facts.earlier]
        for step in sorted((one for one in (*steps, 0) if one >= self.back), reverse=True):
            out = self._after(facts, step, out, share)
        return out

    def _carried(self, rows: pd.DataFrame) -> pd.Series:
        own = rows[rows["keys"] == self.keys]
        return pd.Series(own["average"].to_numpy(dtype="float64"), index=own[CUSTOMER])

    def _after(self, facts: Facts, step: int, out: pd.Series, share: float) -> pd.Series:
        """Who is out at the end of a month, of those who were out at its start."""
        now, start = facts.before(step) if step else facts, facts.before(step + 1)
        if now is None:
            return out
        told = now.once(standing)
        known = told[told["told"] & told["here"]]
        average = known["average"].astype("float64")
        still = out[~(average.reindex(out.index) >= share * out)]
        if start is None:
            return still
        then = start.once(standing)
        then = then[then["told"] & (then["is_key"] if self.keys else then["active"])]
        mean = facts.once(MeanBefore(step + 1)).reindex(then.index)
        fell = mean[average.reindex(mean.index) < share * mean]
        new = fell[~fell.index.isin(still.index) & ~fell.index.isin(out.index)]
        return pd.concat([still, new]) if len(still) else new


@dataclass(frozen=True)
class LossTable:
    """One row per customer that was active at the start, was not out, and of which it is known how it stands now: by
    customer_id, manager_id, lost (bool), categories (held at the start). Of key customers alone, where it is of
    `keys`."""

    back: int = 1
    keys: bool = True

    def __call__(self, facts: Facts) -> pd.DataFrame:
        rows = facts.once(BothEnds(self.back))
        rows = rows[rows["is_key_then"] if self.keys else rows["active_then"]]
        out = facts.once(OutAt(self.back, self.keys))
        rows = rows[~rows.index.isin(out.index)]
        mean = facts.once(MeanBefore(self.back)).reindex(rows.index)
        fell = (rows["average"].astype("float64") < _share(facts) * mean).fillna(False)
        return pd.DataFrame(
            {
                "manager_id": rows["manager_id"],
                "lost": ~rows["here"] | fell,
                "left": ~rows["here"],
                "average": rows["average"],
                "average_before": mean,
                "categories": rows["categories_then"],
            }
        )


@dataclass(frozen=True)
class GradeTable:
    """One row per customer that was there at the start and of which both ends are known: manager_id, place and
    place_then (0 is the best grade), key and potential then and now."""

    back: int = 1

    def __call__(self, facts: Facts) -> pd.DataFrame:
        rows = facts.once(BothEnds(self.back))
        return rows[rows["active_then"]]
