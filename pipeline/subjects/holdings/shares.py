"""Customers that several managers work for (团队客户): what they bring counts by share, to the cent.

A share of somebody who is not in office, or of whom the month (or the one that it is compared with) is not known,
counts for the manager whose customer it is, as does the cent that rounding leaves; so what all managers have together
is what there is. A team whose shares are not a whole counts as none.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from pipeline.contract.facts import Facts
from pipeline.contract.master_data import managers_in_office
from pipeline.figures.grain import MANAGER_CUSTOMER
from pipeline.figures.known import NOBODY, known_now
from pipeline.subjects.holdings.lines import FORM
from schemas.form import CUSTOMER
from schemas.team import shares_are_whole

CENT = 100  # ten-thousandths of a yuan
_SHARES = 10_000  # a share is counted in as many parts


@dataclass(frozen=True)
class MissingAt:
    """The managers who had not sent the form `back` months before."""

    back: int

    def __call__(self, facts: Facts) -> frozenset[str]:
        then = facts if self.back == 0 else facts.before(self.back)
        return NOBODY if then is None else then.once(known_now).missing.get(FORM, NOBODY)


def members(facts: Facts) -> pd.DataFrame:
    """One row per member of a team that counts: customer_id, manager_id, share (whole ten-thousandths)."""
    rows = facts.master("team")
    rows = rows.dropna(subset=[CUSTOMER, "manager_id", "share"]).drop_duplicates([CUSTOMER, "manager_id"])
    whole = rows[shares_are_whole(rows)] if len(rows) else rows
    missing = facts.once(MissingAt(0))
    office = managers_in_office(facts.master("managers"), facts.month)["manager_id"].astype("str")
    there = whole[whole["manager_id"].isin(office) & ~whole["manager_id"].isin(list(missing))]
    share = np.rint(there["share"].to_numpy(dtype="float64") * _SHARES).astype("int64")
    return pd.DataFrame(
        {CUSTOMER: there[CUSTOMER].astype("str"), "manager_id": there["manager_id"].astype("str"), "share": share}
    )


def by_share(amounts: pd.DataFrame, facts: Facts, back: int = 0) -> pd.Series:
    """Amounts (manager_id, customer_id, amount in ten-thousandths of a yuan) by manager and customer, those of team
    customers with whoever shares them; of amounts since the end of the month `back` months before, those alone share
    who are known then too."""
    own = amounts.groupby(MANAGER_CUSTOMER)["amount"].sum()
    team = facts.once(members)
    team = team[~team["manager_id"].isin(list(facts.once(MissingAt(back))))]
    if team.empty or not amounts[CUSTOMER].isin(team[CUSTOMER]).any():
        return own
    whose = own.rename("amount").reset_index().rename(columns={"manager_id": "holder"})
    parts = whose.merge(team, on=CUSTOMER)
    parts = parts[parts["holder"] != parts["manager_id"]]
    # Halves of a cent are rounded up, away from zero.
    product = parts["amount"].abs() * parts["share"]
    cents = (2 * product + _SHARES * CENT) // (2 * _SHARES * CENT) * CENT
    parts = parts.assign(amount=np.sign(parts["amount"]) * cents)
    given = parts.assign(manager_id=parts["holder"], amount=-parts["amount"])
    every = pd.concat(
        [own.rename("amount").reset_index(), *(one[[*MANAGER_CUSTOMER, "amount"]] for one in (given, parts))]
    )
    return every.groupby(MANAGER_CUSTOMER)["amount"].sum()
