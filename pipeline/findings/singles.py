"""Single shops and cases: counted in one line, each with the sheet that lists them."""

from collections.abc import Iterator

import pandas as pd

from pipeline.contract.page_one import Fact
from pipeline.findings.page import Page

_CUSTOMERS, _CASES, _GOODS = "户", "件", "个"


def singles(page: Page, told: frozenset[str]) -> tuple[str, tuple[Fact, ...]]:
    """All of them in one sentence, with the numbers in it; empty where there are none.

    Args:
        told: themes that are findings of their own: what they count is not counted again.
    """
    counted = [one for one in _counted(page, told) if one[1].value]
    if not counted:
        return "", ()
    clauses = [
        page.say("singles.one", what=fact.label, count=fact.text, sheet=page.words(f"workbooks.sheet.{sheet}"))
        for sheet, fact in counted
    ]
    joined = page.words("sentences.clause_joint").join(clauses)
    return page.say("singles.all", told=joined), tuple(fact for _, fact in counted)


def _counted(page: Page, told: frozenset[str]) -> Iterator[tuple[str, Fact]]:
    """Each kind with the sheet on which it is listed."""
    for offence in ("law", "price"):
        yield "offences", _fact(page, f"{offence}_offence", _customers(page, offence), _CUSTOMERS)
    if "complaints" not in told:
        yield "cases", _fact(page, "overdue_case", _overdue(page), _CASES)
    yield "complaints", _fact(page, "repeat_complaint", len(_frame(page, "repeated_cases")), _CASES)
    yield "complaints", _fact(page, "typical_problem", _typical(page), _GOODS)
    if "customers" not in told:
        yield "customers", _fact(page, "lost_customer", _moved(page, "lost"), _CUSTOMERS)
    yield "customers", _fact(page, "silent_customer", _silent(page), _CUSTOMERS)


def _fact(page: Page, rule: str, count: int, unit: str) -> Fact:
    return page.count(page.say(f"singles.{rule}"), count, unit)


def _frame(page: Page, name: str) -> pd.DataFrame:
    frame = page.story.details.get(name)
    return pd.DataFrame() if frame is None else frame


def _customers(page: Page, offence: str) -> int:
    visits = _frame(page, "visit_offences")
    return 0 if visits.empty else int(visits.loc[visits["offence"] == offence, "customer_id"].nunique())


def _overdue(page: Page) -> int:
    cases = _frame(page, "complaint_cases")
    return 0 if cases.empty else int((cases["state"] == "overdue").sum())


def _typical(page: Page) -> int:
    """Products with so many cases in the month that the fault is the product's."""
    products, least = (
        _frame(page, "complaints_by_product"),
        page.story.profile.thresholds.get("typical_problem_cases"),
    )
    return 0 if products.empty or least is None else int((products["received"] >= least).sum())


def _moved(page: Page, movement: str) -> int:
    moved = _frame(page, "customers_by_movement")
    return 0 if moved.empty else int((moved["movement"] == movement).sum())


def _silent(page: Page) -> int:
    moved, least = _frame(page, "customers_by_movement"), page.story.profile.thresholds.get("silent_months")
    return 0 if moved.empty or least is None else int((moved["silent_months"] >= least).sum())
