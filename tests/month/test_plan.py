"""What a change makes to be worked out again: a module, a file, a setting; on two little months."""

from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path

import pytest
from month_builder import MonthBuilder
from small_ledger import opened

from pipeline.base.calendar import Month
from pipeline.contract.settings import Settings, settings_from
from pipeline.month.opening import Months, open_months
from pipeline.month.plan.wanted import moves_of, report_nodes
from pipeline.words import Language, load_words
from pipeline.work.code import Code, code_behind
from pipeline.work.keys import Keys

MAY, JUNE = Month(2024, 5), Month(2024, 6)


def month_of(month: Month) -> MonthBuilder:
    one = MonthBuilder(month, {"M1": "R1", "M2": "R2"}, sent=frozenset({("M1", "sales"), ("M2", "sales")}))
    for manager in ("M1", "M2"):
        one.customer(f"{manager}C", manager, joined_on="2020-01-01")
        one.sale(manager, f"{manager}C", "P1", 10, 100.0)
    return one.add("products", product_id="P1", product_name="烟", brand="烟", category="class1")


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Months:
    return opened(tmp_path_factory.mktemp("home"), [month_of(MAY), month_of(JUNE)])


def keys_of(home: Months, code: Code = code_behind, settings: Settings | None = None) -> dict[str, str]:
    """The key of every stored node of June's report, by its name; nothing is made."""
    months = open_months(home.ledger, settings or home.settings, code=code)
    found: dict[str, str] = {}
    waiting = list(report_nodes(months.shape, JUNE))
    while waiting:
        one = waiting.pop()
        if str(one) not in found:
            found[str(one)] = months.graph.keys.key(one)
            for need in months.graph.needs(one).values():
                waiting += [need] if isinstance(need, tuple) and hasattr(need, "step") else _several(need)
    stored = {one.name for one in months.graph.steps.values() if one.is_stored}
    return {name: key for name, key in found.items() if name.split(" ")[0] in stored}


def _several(need: object) -> list[object]:
    return list(need.values()) if isinstance(need, Mapping) else list(need)  # type: ignore[call-overload]


def steps_made_again(home: Months, code: Code = code_behind, settings: Settings | None = None) -> set[str]:
    before, after = keys_of(home), keys_of(home, code, settings)
    assert before.keys() == after.keys()
    return {name.split(" ")[0] for name in before if before[name] != after[name]}


def changed(*modules: str) -> Code:
    """The code as it is, but for these modules, which there must be."""
    assert all(find_spec(one) for one in modules)

    def code(module: str) -> Mapping[str, str]:
        behind = code_behind(module)
        return {name: f"{sign} changed" if name in modules else sign for name, sign in behind.items()}

    return code


OF_FINDINGS = {"findings", "rules_found"}  # the second is kept for longer periods
EVERY_FIGURE = {"counts", "whole_counts", "values", "metrics", "ranked", "own_metrics", "findings"}


def test_an_update_of_the_forecast_makes_forecasts_again_and_counts_nothing(home: Months) -> None:
    made = steps_made_again(home, changed("pipeline.forecast.theta"))
    assert {"measure_forecast", "customers_forecast", "track"} <= made
    assert made.isdisjoint({"cases", "seen", "small_rows", "sums", "list", "answers", *EVERY_FIGURE})


@pytest.mark.parametrize(
    "module",
    [
        "pipeline.findings.missing_rules",
        "pipeline.subjects.visits.rules",
        "pipeline.subjects.sales.customer_rules",
    ],
)
def test_an_update_of_a_rule_makes_findings_again_and_nothing_else(home: Months, module: str) -> None:
    assert steps_made_again(home, changed(module)) == OF_FINDINGS


def test_an_update_of_a_figure_makes_again_what_is_counted_and_neither_cases_nor_small_sales(home: Months) -> None:
    made = steps_made_again(home, changed("pipeline.figures.student"))
    assert made.isdisjoint({"cases", "seen", "small_rows"})


@pytest.mark.parametrize(
    "module",
    ["pipeline.workbooks.view", "pipeline.outbox.letters", "pipeline.intake.table", "pipeline.screen.board"],
)
def test_an_update_of_what_shows_or_takes_in_makes_nothing_again(home: Months, module: str) -> None:
    assert steps_made_again(home, changed(module)) == set()


def test_another_name_of_the_organisation_makes_findings_again_and_nothing_else(home: Months) -> None:
    assert steps_made_again(home, settings=settings_from({"organisation": "新名"})) == OF_FINDINGS


def test_keys_are_the_same_in_every_process_that_opens_the_months(home: Months, tmp_path: Path) -> None:
    assert keys_of(home) == keys_of(home)
    assert isinstance(home.graph.keys, Keys)


@pytest.mark.slow
def test_what_a_month_needs_goes_round_in_no_circle(home: Months) -> None:
    missing = home.graph.missing(report_nodes(home.shape, JUNE))
    assert {one.step for one in missing.nodes} >= EVERY_FIGURE
    home.graph.ready(report_nodes(home.shape, JUNE))
    assert not list(home.graph.missing(report_nodes(home.shape, JUNE)).nodes)


def test_all_pairs_of_months_that_a_report_compares_are_looked_at_beforehand(tmp_path: Path) -> None:
    """Whether anybody moved decides what is needed: it is known before tasks are put together."""
    months = [month_of(one) for one in (JUNE + -13, JUNE + -12, MAY, JUNE)]
    for number, one in enumerate(months):  # other master data each month
        one.customer(f"new{number}", "M1", joined_on="2024-01-01")
    home = opened(tmp_path, months)
    wanted = {str(one) for one in moves_of(home.shape, JUNE)}
    report = home.graph.missing(report_nodes(home.shape, JUNE))
    looked_at = {str(one) for one in report.seen if one.step == "moved_pairs"}
    kept = {path.name.split(".")[0] for path in home.graph.store.files() if path.name.startswith("moved_pairs")}
    assert looked_at <= wanted
    assert {f"moved_pairs-{one.split(' ', 2)[2].replace(' ', '-')}" for one in wanted} >= kept != set()


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_step_that_why_may_name_has_a_text(home: Months, language: Language) -> None:
    words, steps = load_words(language), home.graph.steps.values()
    named = [f"why.source.{one.name}" for one in steps if one.reads is not None]
    named += [f"why.step.{one.name}" for one in steps if one.is_stored]
    assert [name for name in named if not words.has(name)] == []


def test_an_update_of_how_periods_are_told_makes_nothing_of_a_month_again(home: Months) -> None:
    assert steps_made_again(home, changed("pipeline.month.periods", "pipeline.figures.period_metrics")) == set()
