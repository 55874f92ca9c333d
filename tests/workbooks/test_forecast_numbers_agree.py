"""What is forecast of somebody is one number wherever it stands: sheets of every workbook, sentences, tidy data."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from demo_books import LAST, books, opened, take_in_demo

from pipeline.base.frames import records
from pipeline.contract.report import Report
from pipeline.contract.show import percent_text, value_text
from pipeline.workbooks.blocks import Shown, Table, WorkbookPlan
from pipeline.workbooks.forecast import entity_label
from pipeline.workbooks.view import View

pytestmark = pytest.mark.slow  # a demo of fourteen months
BOUNDS = ("forecast", "low80", "high80", "low95", "high95")
Key = tuple[str, str, str]  # level, entity_id, measure
Numbers = dict[Key, set[float]]


@pytest.fixture(scope="module", params=["zh", "en"])
def made(request: pytest.FixtureRequest, made_once: Any) -> list[tuple[str, Report, WorkbookPlan]]:
    options = ("--managers", "3", "--customers", "14", "--months", "14", "--seed", "5")
    home: Path = made_once("tobacco_3", lambda folder: take_in_demo(folder, *options))
    return list(books(*opened(home, request.param), LAST))


def number(cell: Any) -> float | None:
    value = cell.value if isinstance(cell, Shown) else cell
    return None if value is None else float(value)


def rows_of(table: Table) -> Iterator[Mapping[str, Any]]:
    keys = [column.key for column in table.columns]
    for row in table.rows:
        yield dict(zip(keys, row, strict=True))


def text(cell: Any) -> str:
    return str(cell.value if isinstance(cell, Shown) else cell)


def told(report: Report) -> dict[Key, Mapping[Any, Any]]:
    assert report.forecast is not None
    return {(one["level"], one["entity_id"], one["measure"]): one for one in records(report.forecast)}


def labels(view: View) -> dict[tuple[str, str], Key]:
    """Whom a row names, by what it is called and the heading of its measure."""
    return {
        (entity_label(view, level, entity), view.titled(view.figures[measure])): (level, entity, measure)
        for level, entity, measure in told(view.report)
        if level != "customer"
    }


def numbers_in(report: Report, plan: WorkbookPlan) -> Iterator[tuple[Key, str, float | None]]:
    """Every forecast on the sheets: of whom, which number, and the number as it is shown."""
    view, tables = View(report), plan.tables()
    own = (report.level, report.entity_id)
    for name in ("forecast_next", "forecast_parts"):
        for row in rows_of(tables[name]) if name in tables else ():
            key = labels(view)[text(row["entity"]), text(row["measure"])]
            yield from ((key, bound, number(row[bound])) for bound in BOUNDS)
    for row in rows_of(tables["forecast_customers"]) if "forecast_customers" in tables else ():
        yield from (
            (("customer", text(row["customer_id"]), "volume"), bound, number(row[bound])) for bound in BOUNDS
        )
    for name, measure in (("forecast_course", "volume"), ("why_course", "amount")):
        if name in tables:
            *_, last = rows_of(tables[name])
            yield from (((*own, measure), bound, number(last[bound])) for bound in BOUNDS[:3])


def test_every_number_on_the_sheets_is_that_of_the_forecast(made: list[tuple[str, Report, WorkbookPlan]]) -> None:
    seen: defaultdict[str, int] = defaultdict(int)
    for kind, report, plan in made:
        view, known = View(report), told(report)
        for key, bound, shown in numbers_in(report, plan):
            as_sent = key[0] == "customer"
            figure = view.figures[key[2]]
            expected = known[key][bound] if as_sent else view.scaled(figure, known[key][bound])
            assert shown == pytest.approx(expected), (kind, key, bound)
            seen[f"{kind} {key[0]}"] += 1
    assert set(seen) >= {
        "manager manager", "manager customer", "region region", "region manager", "region category",
        "headquarters organisation", "headquarters region", "headquarters manager", "headquarters brand",
    }  # fmt: skip


def test_every_workbook_has_the_same_forecast_of_somebody(made: list[tuple[str, Report, WorkbookPlan]]) -> None:
    found: defaultdict[tuple[Key, str], set[float]] = defaultdict(set)
    for _, report, _ in made:
        for key, row in told(report).items():
            for bound in (*BOUNDS, "outlook", "this_month"):
                if row.get(bound) == row.get(bound):
                    found[key, bound].add(row[bound])
        below = report.details.get("customers_forecast")
        for row in records(below) if below is not None else ():
            for bound in BOUNDS:
                found[(row["level"], row["entity_id"], row["measure"]), bound].add(row[bound])
    assert {key for key, values in found.items() if len(values) > 1} == set()


def test_this_month_and_the_change_are_those_of_the_figures(made: list[tuple[str, Report, WorkbookPlan]]) -> None:
    checked = 0
    for kind, report, plan in made:
        view, tables, known = View(report), plan.tables(), told(report)
        for row in rows_of(tables["forecast_next"]):
            level, entity, measure = labels(view)[text(row["entity"]), text(row["measure"])]
            now = view.raw(view.figures[measure], "value", level, entity) if level == report.level else None
            if now is None:
                continue
            assert number(row["now"]) == pytest.approx(view.scaled(view.figures[measure], now)), kind
            change = 100 * (known[level, entity, measure]["forecast"] / now - 1)
            assert number(row["change"]) == pytest.approx(change, abs=1e-6)
            said = "".join(report.sentences["forecast"])
            assert percent_text(abs(change), report.words) in said or abs(change) < 1
            checked += 1
    assert checked >= 10


def test_sentences_say_the_forecast_with_its_band(made: list[tuple[str, Report, WorkbookPlan]]) -> None:
    for kind, report, _ in made:
        said = "".join(report.sentences["forecast"])
        for measure in ("volume", "amount"):
            row, figure = told(report)[report.level, report.entity_id, measure], report_figure(report, measure)
            for bound in BOUNDS[:3]:
                assert value_text(row[bound], figure, report.words) in said, (kind, measure, bound)


def report_figure(report: Report, key: str) -> Any:
    return next(one for one in report.figures if one.key == key)
