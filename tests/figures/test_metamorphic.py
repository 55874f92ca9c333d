"""What must not matter does not, and what must scale scales: other codes, a region twice, tenfold amounts, years on."""

import datetime as dt
import random
import re
from functools import cache
from typing import Any

import pandas as pd
import pytest
from made_up import JUNE, SENT, made_up
from month_builder import MonthBuilder, frame_of, tobacco

from pipeline.base.calendar import Month
from pipeline.contract.facts import Facts
from pipeline.figures.catalogue import all_figures
from pipeline.figures.count import count_month
from pipeline.figures.metrics import metrics_of_month

Built = list[MonthBuilder]
BACK = (0, 1, 2, 3, 12)  # the month with those that it looks back on and is compared with
COMPARED = (0, 1, 12)  # those of them whose figures are seen beside it
NUMBERS = ["value", "numerator", "denominator", "previous", "change", "last_year", "yoy", "ytd", "n"]
CODE = re.compile(r"(?<![A-Za-z0-9])([MCR])(\d+)(?![0-9])")
KEYS = ["level", "entity_id", "figure"]
MONEY = {"amount", "amount_per_case", "amount_per_carton"}


def months() -> Built:
    return [made_up(JUNE + -back, 11) for back in BACK]


def metrics(built: Built) -> pd.DataFrame:
    """The metrics of the first month, by level, entity_id and figure."""
    profile = tobacco()
    figures = all_figures(profile)
    rows = {one.month: one.build() for one in built}
    counts = {
        month: count_month(
            Facts(rows[month], {one: its for one, its in rows.items() if one < month}, profile), figures
        )
        for month in (built[0].month + -back for back in COMPARED)
    }
    made = metrics_of_month(built[0].month, counts, frame_of("targets", []), figures, profile)
    return made.set_index(KEYS).sort_index()


@cache
def plain() -> pd.DataFrame:
    return metrics(months())


def changed(built: Built, change: Any) -> Built:
    """Months with every row of them changed."""
    for one in built:
        one.rows = {form: [change(form, dict(row)) for row in rows] for form, rows in one.rows.items()}
    return built


@pytest.mark.slow
def test_the_order_of_rows_is_of_no_account() -> None:
    draw = random.Random(3)
    built = months()
    for one in built:
        one.rows = {form: draw.sample(rows, len(rows)) for form, rows in one.rows.items()}
    got = metrics(built)
    assert any(one.rows != other.rows for one, other in zip(built, months(), strict=True))
    pd.testing.assert_frame_equal(got[[*NUMBERS, "rank"]], plain()[[*NUMBERS, "rank"]], rtol=1e-9)


@pytest.mark.slow
def test_an_order_line_split_in_two_is_the_same_order() -> None:
    """Every line of sales as two of the same day, with what was ordered, sold and paid divided between them."""
    built = months()
    for one in built:
        one.rows["sales"] = [part for row in one.rows["sales"] for part in halves(row)]
    assert len(built[0].rows["sales"]) == 2 * len(months()[0].rows["sales"])
    got, expected = metrics(built), plain()
    counted = (
        expected.index.get_level_values("figure") != "stock_out_rate"
    )  # counts lines, and of two one may lack
    names = [*NUMBERS, "rank"]
    pd.testing.assert_frame_equal(got.loc[counted, names], expected.loc[counted, names], rtol=1e-9)


def halves(row: dict[str, Any]) -> list[dict[str, Any]]:
    """A line in two that add up to it; the stock at the end is what it is on both."""
    first = {**row, "sold_qty": row["sold_qty"] // 2, "amount": round(row["amount"] / 3, 2)}
    if row["ordered_qty"] is not None:
        first["ordered_qty"] = row["ordered_qty"] // 2
    rest = {name: row[name] - first[name] for name in ("sold_qty", "ordered_qty") if row[name] is not None}
    return [first, {**row, **rest, "amount": round(row["amount"] - first["amount"], 2)}]


def renamed(value: Any) -> Any:
    """M1 becomes Mx98 and so on: whatever had the first code has the last."""
    return (
        CODE.sub(lambda found: f"{found[1]}x{99 - int(found[2]):02d}", value) if isinstance(value, str) else value
    )


@pytest.mark.slow
def test_other_codes_give_the_same_figures() -> None:
    built = changed(months(), lambda form, row: {name: renamed(value) for name, value in row.items()})
    for one in built:
        one.managers = {renamed(manager): renamed(region) for manager, region in one.managers.items()}
        one.sent = frozenset((renamed(manager), form) for manager, form in one.sent)
    got = metrics(built)
    told = plain().reset_index()
    told["entity_id"] = told["entity_id"].map(renamed)
    expected = told.set_index(KEYS).sort_index()
    pd.testing.assert_frame_equal(got[[*NUMBERS, "rank"]], expected[[*NUMBERS, "rank"]], rtol=1e-9)


@pytest.mark.slow
def test_a_region_that_is_there_twice_doubles_the_organisation_and_changes_no_rate() -> None:
    """R1 again as R8, with managers and customers of its own: both regions tell the same, and both as R1 did."""
    built = months()
    for one in built:
        owner = {row["customer_id"]: row["manager_id"] for row in one.rows["customers"]}
        for form, rows in one.rows.items():
            whose = [row.get("manager_id") or owner.get(row.get("customer_id")) for row in rows]
            again = [row for row, manager in zip(rows, whose, strict=True) if manager in ("M1", "M2")]
            one.rows[form] = [*rows, *({name: twin(name, value) for name, value in row.items()} for row in again)]
        one.managers = {**one.managers, "M81": "R8", "M82": "R8"}
        one.sent |= {(f"M8{manager[1]}", form) for manager, form in one.sent if manager in ("M1", "M2")}
    got = metrics(built)
    first, second = (got.loc["region"].loc[region] for region in ("R1", "R8"))
    pd.testing.assert_frame_equal(first[NUMBERS], second[NUMBERS])
    pd.testing.assert_frame_equal(first[NUMBERS], plain().loc["region"].loc["R1"][NUMBERS])
    sums = ["volume", "amount", "ordering_customers", "complaints", "visits", "answers"]
    whole, r1, before = got.loc["organisation", "ALL"], first, plain().loc["organisation", "ALL"]
    assert whole.loc[sums, "value"].tolist() == pytest.approx((before["value"] + r1["value"])[sums].tolist())


def twin(name: str, value: Any) -> Any:
    if name in ("manager_id", "manager_name") and isinstance(value, str):
        return f"M8{value[1]}"
    if name == "region_id":
        return "R8"
    return f"{value}'" if name in ("customer_id", "complaint_no", "lead_no") else value


@pytest.mark.slow
def test_ten_times_the_money_is_ten_times_the_money_and_nothing_else() -> None:
    def dearer(form: str, row: dict[str, Any]) -> dict[str, Any]:
        return {**row, "amount": round(10 * row["amount"], 2)} if form == "sales" else row

    got, expected = metrics(changed(months(), dearer)), plain()
    money = got.index.get_level_values("figure").isin(MONEY)
    assert money.any()
    pd.testing.assert_frame_equal(got.loc[~money, NUMBERS], expected.loc[~money, NUMBERS])
    scale = ["value", "previous", "last_year", "ytd"]
    pd.testing.assert_frame_equal(got.loc[money, scale], 10 * expected.loc[money, scale], rtol=1e-6, atol=1e-5)
    same = ["change", "yoy"]
    pd.testing.assert_frame_equal(got.loc[money, same], expected.loc[money, same], rtol=1e-5, atol=1e-4)


@pytest.mark.slow
def test_another_year_gives_the_same_figures_but_for_working_days() -> None:
    """Three years on; what follows the calendar of working days (limits of cases, planned visits) is another matter."""

    def later(form: str, row: dict[str, Any]) -> dict[str, Any]:
        return {name: shifted(value) for name, value in row.items()}

    built = changed(months(), later)
    for one in built:
        one.month = Month(one.month.year + 3, one.month.month)
    by_the_calendar = r"overdue|on_time|at_once|training_progress|days_to_close|plan_completion|repeat"
    got, expected = metrics(built), plain()
    kept = ~expected.index.get_level_values("figure").str.contains(by_the_calendar)
    assert kept.sum() > 0.85 * len(expected)
    pd.testing.assert_frame_equal(got.loc[expected.index[kept], NUMBERS], expected.loc[kept, NUMBERS])


def shifted(value: Any) -> Any:
    return value.replace(year=value.year + 3) if isinstance(value, dt.date) else value


def test_the_months_tried_have_something_of_everything() -> None:
    assert all(len(months()[0].rows.get(form, [])) > 0 for form in SENT)
