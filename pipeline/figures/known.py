"""Whose work of a month is known: who has not reported is unknown, not zero (domain.md section 4, like with like).

Of a form that every manager owes, a manager in office who neither sent rows nor a nil return is missing: what its
customers did in that month nobody knows. Of a form that nobody owes, and where a month does not say who sent what,
nobody is missing.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

import pandas as pd

from pipeline.base.calendar import Month
from pipeline.contract.facts import Facts
from pipeline.contract.figure import Figure
from pipeline.contract.master_data import managers_in_office
from schemas.profile import Profile

NOBODY: frozenset[str] = frozenset()


def told_by(form: str, profile: Profile) -> str:
    """The form by which it is known what a manager did of a form: itself where it is owed; else the first that is, as
    who sends what is owed and not this one had nothing of it."""
    return form if form in profile.monthly_forms else next(iter(profile.monthly_forms), "")


@dataclass(frozen=True)
class MonthKnown:
    """Who was in office in a month, and who of them is missing, by form (only forms of which somebody is); the same of
    the months that its figures look back on, newest first (nothing of one that is not known). Who is `exempt` owes no
    form, as roles without customers of their own do not, and is never missing."""

    month: Month
    in_office: frozenset[str] = frozenset()
    missing: Mapping[str, frozenset[str]] = field(default_factory=dict)
    missing_before: tuple[Mapping[str, frozenset[str]], ...] = ()
    exempt: frozenset[str] = NOBODY

    def missing_of_form(self, form: str, looks_back: int = 0) -> frozenset[str]:
        """The managers of whom a form is missing, in the month or in one of some months before."""
        months = (self.missing, *self.missing_before[:looks_back])
        return NOBODY.union(*(one.get(form, NOBODY) for one in months))

    def missing_of(self, figure: Figure) -> frozenset[str]:
        """The managers of whom the figure's form is missing."""
        return self.missing_of_form(form_of(figure))

    @property
    def anybody(self) -> frozenset[str]:
        """Whoever is missing for some form."""
        return frozenset().union(*self.missing.values())

    @property
    def anybody_yet(self) -> frozenset[str]:
        """Whoever is missing for some form, or was in one of the months looked back on."""
        return self.anybody.union(*(who for one in self.missing_before for who in one.values()))


def known_in(
    month: Month,
    managers: pd.DataFrame,
    sent: Collection[tuple[str, str]],
    owed: Iterable[str],
    exempt: Collection[str] = (),
) -> MonthKnown:
    """Whose work of a month is known.

    Args:
        managers: master data of the month.
        sent: who handed in which form (manager_id, form), nil returns included; empty where that is not known.
        owed: the forms that every manager in office owes.
        exempt: the managers who owe none.
    """
    there = managers_in_office(managers, month)
    office = frozenset(str(one) for one in there["manager_id"])
    owing_none = office & frozenset(exempt)
    if not sent:
        return MonthKnown(month, office, exempt=owing_none)
    by_form: dict[str, set[str]] = {}
    for manager, form in sent:
        by_form.setdefault(form, set()).add(manager)
    missing = {form: office - owing_none - by_form.get(form, set()) for form in owed}
    return MonthKnown(month, office, {form: who for form, who in missing.items() if who}, exempt=owing_none)


def known_now(facts: Facts) -> MonthKnown:
    """Whose work of the facts' month is known."""
    profile = facts.profile
    managers, sent = facts.master("managers"), facts.rows.sent
    roles = list(profile.roles_without_forms)
    never = frozenset(managers["manager_id"][managers["role"].isin(roles)].astype("str")) if roles else NOBODY
    return known_in(facts.month, managers, sent, profile.monthly_forms, facts.rows.exempt | never)


def form_of(figure: Figure) -> str:
    """The monthly form that must be known for a figure: the first it names; "" where it needs none."""
    return figure.must_know


def missing_before(facts: Facts, form: str, months: int) -> frozenset[str]:
    """The managers of whom a form is missing in one of the months before."""
    earlier = [facts.before(back) for back in range(1, months + 1)]
    found = [one.once(known_now).missing.get(form, NOBODY) for one in earlier if one is not None]
    return NOBODY.union(*found)


def customers_untold(facts: Facts) -> frozenset[str]:
    """The customers of whom it is not known whether they bought in each month looked back on, or in this one: who had
    them then, by the master data of that month, has not sent its sales."""
    found: set[str] = set()
    for month in (facts, *(one for back in range(1, 4) if (one := facts.before(back)) is not None)):
        found |= month.once(customers_untold_now)
    return frozenset(found)


def customers_untold_now(facts: Facts) -> frozenset[str]:
    """The customers whose manager has not sent this month's sales."""
    missing = facts.once(known_now).missing.get("sales", NOBODY)
    if not missing:
        return NOBODY
    customers = facts.master("customers")
    return frozenset(customers.loc[customers["manager_id"].isin(missing), "customer_id"].astype("str"))
