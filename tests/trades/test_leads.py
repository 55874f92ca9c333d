"""Leads to trading without a licence: what the form asks, when they are reported at once, which stay open."""

import pandas as pd
import pytest

from pipeline.base.calendar import Month
from pipeline.base.month_rows import MonthRows
from pipeline.contract.facts import Facts
from pipeline.contract.trade import load_profile
from pipeline.subjects.leads.figures import at_once, closed, due, passed, seen, still_open
from pipeline.subjects.leads.lists import leads_of_month, open_by_age
from schemas.form import Context, all_forms
from schemas.in_use import no_rows

FORM = all_forms()["leads"]
PROFILE = load_profile("tobacco")
MAY, JUNE, JULY = Month(2024, 5), Month(2024, 6), Month(2024, 7)
DAYS = ("seen_on", "reported_on", "passed_on", "closed_on", "told_on")


def lead(number: str, *days: str | None, manager: str = "M1") -> dict[str, object]:
    """A lead by its days: seen, reported, passed on, closed, told back."""
    told = dict(zip(DAYS, (pd.Timestamp(day) if day else pd.NaT for day in days), strict=False))
    return {"lead_no": number, "manager_id": manager, "address": "东街1号", "description": "摊", **told}


def rows(*given: dict[str, object]) -> pd.DataFrame:
    columns = {column.name: [one.get(column.name) for one in given] for column in FORM.columns}
    senders = {"manager_id": [str(one["manager_id"]) for one in given], "region_id": "R1"}
    source = {"source_file": "f.xlsx", "source_sheet": "线索", "source_row": range(5, 5 + len(given))}
    return pd.DataFrame(columns).astype(FORM.dtypes).assign(**senders, **source)


def facts(month: Month, leads: pd.DataFrame, *before: pd.DataFrame, silent: frozenset[str] = frozenset()) -> Facts:
    managers = no_rows("managers").reindex(range(2)).assign(manager_id=["M1", "M2"], region_id="R1")
    masters = {"managers": managers}
    sent = frozenset((one, form) for one in ("M1", "M2") for form in PROFILE.monthly_forms if one not in silent)
    earlier = {
        month + -back: MonthRows(month + -back, {"leads": one}, masters) for back, one in enumerate(before, 1)
    }
    return Facts(MonthRows(month, {"leads": leads}, masters, sent), earlier, PROFILE)


@pytest.mark.parametrize(
    ("days", "rules"),
    [
        (("2024-06-06", "2024-06-07", "2024-06-11", "2024-06-25", "2024-06-26"), set()),
        (("2024-06-06", None, "2024-06-11"), set()),  # not told when it was reported
        (("2024-03-06", "2024-03-07"), set()),  # seen long ago and still open
        (("2024-06-06", "2024-06-05"), {"order_seen_on_reported_on"}),
        (("2024-06-06", "2024-06-07", "2024-06-20", "2024-06-19"), {"order_passed_on_closed_on"}),
        (("2024-06-06", None, None, None, "2024-06-05"), {"order_seen_on_told_on"}),
        (("2024-07-01",), {"seen_by_month_end"}),
    ],
)
def test_what_the_form_asks_of_a_row(days, rules) -> None:
    context = Context(pd.Timestamp(2024, 6, 1), pd.Timestamp(2024, 6, 30), {}, PROFILE)
    assert {rule.key for rule, _ in FORM.broken_rules(rows(lead("L1", *days)), context)} == rules


def counts(one: Facts) -> dict[str, int]:
    asked = {"seen": seen, "due": due, "at_once": at_once, "passed": passed, "closed": closed, "open": still_open}
    return {name: int(count(one).sum()) for name, count in asked.items()}


def test_at_once_is_counted_in_the_month_in_which_the_limit_falls() -> None:
    """Seen on Friday 28 June the limit is Monday 1 July: due in July alone; 7 June before the holiday: the 11th."""
    leads = rows(
        lead("L1", "2024-06-06", "2024-06-07", "2024-06-11", "2024-06-25", "2024-06-26"),
        lead("L2", "2024-06-07", "2024-06-11", "2024-06-12", "2024-06-20", "2024-06-21"),
        lead("L3", "2024-06-12", "2024-06-14", "2024-06-17", manager="M2"),
        lead("L4", "2024-06-28", manager="M2"),
    )
    assert counts(facts(JUNE, leads)) == {"seen": 4, "due": 3, "at_once": 2, "passed": 3, "closed": 2, "open": 2}
    july = rows(lead("L4", "2024-06-28", "2024-07-01", manager="M2"))
    assert counts(facts(JULY, july, leads)) == {
        "seen": 0,
        "due": 1,
        "at_once": 1,
        "passed": 0,
        "closed": 0,
        "open": 2,
    }


def test_a_day_after_the_months_end_is_not_known_in_it() -> None:
    early = facts(MAY, rows(lead("L1", "2024-05-30", "2024-06-03", "2024-06-04", "2024-06-20")))
    assert counts(early) == {"seen": 1, "due": 1, "at_once": 0, "passed": 0, "closed": 0, "open": 1}


def test_nothing_due_is_a_dash() -> None:
    assert due(facts(JUNE, rows(lead("L4", "2024-06-28")))).empty


def test_what_became_of_a_silent_managers_leads_nobody_knows() -> None:
    before = rows(lead("L1", "2024-05-06", "2024-05-07"), lead("L2", "2024-05-06", "2024-05-07", manager="M2"))
    june = facts(JUNE, rows(lead("L3", "2024-06-12", manager="M2")), before, silent=frozenset({"M2"}))
    assert sorted(leads_of_month(june)["lead_no"]) == ["L1", "L3"]  # L2 may be closed; L3 was told of all the same


def test_the_list_says_how_far_each_is_and_how_old_the_open_ones_are() -> None:
    leads = rows(
        lead("L1", "2024-06-25", "2024-06-25"),
        lead("L2", "2024-06-03"),
        lead("L3", "2024-05-30", "2024-05-30", "2024-05-31"),
        lead("L4", "2024-03-29", "2024-04-01", "2024-04-02"),
        lead("L5", "2024-05-02", "2024-05-06", "2024-05-07", "2024-05-20", "2024-05-21"),  # settled in May
    )
    listed = leads_of_month(facts(JUNE, leads))
    told = listed.set_index("lead_no")[["lead_state", "days_open", "at_once"]].T.to_dict("list")
    assert told == {
        "L1": ["reported", 5, "yes"], "L2": ["seen", 27, "no"], "L3": ["passed", 31, "yes"],
        "L4": ["passed", 93, "yes"],
    }  # fmt: skip
    ages = open_by_age(listed)
    assert dict(zip(ages["lead_age"], ages["leads"], strict=True)) == {"week": 1, "month": 2, "longer": 1}


def test_a_number_whose_limit_has_not_come_is_neither_at_once_nor_late() -> None:
    assert leads_of_month(facts(JUNE, rows(lead("L1", "2024-06-28"))))["at_once"].tolist() == ["open"]
