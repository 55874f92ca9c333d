"""Regions are counted apart: put together they must say what all of them say at once, whoever moved where."""

import random
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from month_builder import MonthBuilder
from seeds import SEEDS

from pipeline.base.calendar import Month
from pipeline.base.exact import stacked
from pipeline.contract.facts import Facts
from pipeline.contract.report import METRIC_COLUMNS, ORGANISATION_ID
from pipeline.contract.settings import settings_from
from pipeline.figures.count import count_month, counts_together
from pipeline.figures.detail_lists import lists_of, lists_of_region, lists_together
from pipeline.figures.details import cut_details
from pipeline.figures.entities import history
from pipeline.figures.metrics import metrics_of_month, ranked
from pipeline.figures.parts import MonthSums, month_sums, sums_of_region, sums_together
from pipeline.ledger.commit import part_name, store_frame
from pipeline.ledger.manifest import Manifest, MasterPart, Submission, write_manifest
from pipeline.ledger.read import Ledger
from pipeline.month.opening import Months, open_months
from pipeline.regions.scopes import RegionScope
from schemas.form import all_forms

pytestmark = pytest.mark.slow

JUNE = Month(2024, 6)
MONTHS = tuple(JUNE + -back for back in (3, 2, 1, 0))
SENT = ("sales", "visits", "complaints", "satisfaction", "enrolments")
CUSTOMERS = tuple(f"C{number:02d}" for number in range(18))


def regions_in(month: Month) -> dict[str, str]:
    """M3 moves from R1 to R2 in May; in June M6 comes, and M7 with a region of its own."""
    regions = {"M1": "R1", "M2": "R1", "M3": "R1" if month < Month(2024, 5) else "R2", "M4": "R2", "M5": "R3"}
    return {**regions, "M6": "R3", "M7": "R4"} if month == JUNE else regions


def owner_of(number: int, month: Month) -> str:
    """Every fifth customer changes its manager, and often its region, each month."""
    managers = sorted(regions_in(month))
    step = MONTHS.index(month) if number % 5 == 0 else 0
    return managers[(number + step) % len(managers)]


def made_up(month: Month, seed: int) -> MonthBuilder:
    draw = random.Random(f"{seed} {month}")
    regions = regions_in(month)
    one = MonthBuilder(month, regions, sent=frozenset((manager, form) for manager in regions for form in SENT))
    for number in range(4):
        one.add("products", product_id=f"P{number}", brand="AB"[number % 2], category=f"class{number % 3 + 1}")
    for number, customer in enumerate(CUSTOMERS):
        if number == 7 and month == JUNE:
            continue  # the master data of June lack it
        status = "paused" if draw.random() < 0.1 else "active"
        one.customer(
            customer, owner_of(number, month), grade=str(number % 3 + 1), status=status, visit_weekday="2"
        )
    for number, customer in enumerate(CUSTOMERS):
        sellers = {owner_of(number, month), draw.choice(sorted(regions))}
        for manager in sorted(sellers):
            if draw.random() < 0.7:
                stock = draw.choice([None, 0, 4, 30])
                one.sale(
                    manager, customer, f"P{draw.randrange(4)}", draw.randrange(-2, 20), 100.0, closing_stock=stock
                )
            if draw.random() < 0.7:
                one.visit(manager, customer, draw.randrange(1, 28), price_ok=draw.random() < 0.8, lawful=True)
            if draw.random() < 0.3:
                one.answer(manager, customer, supply=draw.randrange(1, 11), delivery=5, profit=7)
            if draw.random() < 0.4:
                case = f"T{month}{customer}{manager}"
                one.case(case, manager, customer, f"{month}-{draw.randrange(1, 28):02d}", category="request")
    return one


def ledger_of(home: Path, seed: int) -> Ledger:
    """The made-up months as a ledger holds them."""
    parts: dict[str, str] = {}
    submissions: list[Submission] = []
    masters: list[MasterPart] = []
    for month in MONTHS:
        rows, regions = made_up(month, seed).build(), regions_in(month)
        for form, frame in rows.rows.items():
            for region, own in frame.groupby("region_id"):
                name = part_name(form, str(month), str(region))
                parts[name] = store_frame(home, name, own.reset_index(drop=True))
        for form, frame in rows.masters.items():
            masters.append(
                MasterPart(form, str(month), "0", len(frame), 0, store_frame(home, f"masters/{form}", frame))
            )
        for manager, region in regions.items():
            submissions += [
                Submission(str(month), manager, form, "accepted", "0", region, 1, 0, 0.0, 0.0) for form in SENT
            ]
    return Ledger(home, Manifest(1, (), tuple(submissions), tuple(masters), parts), all_forms())


def opened(folder: Path, seed: int) -> Months:
    ledger = ledger_of(folder, seed)
    write_manifest(folder, ledger.manifest)
    return open_months(ledger, settings_from({}))


def scopes_in(home: Months) -> list[RegionScope]:
    return [home.graph.of("scope", JUNE, region) for region in home.shape.names(JUNE)]


def facts_of(home: Months, regions: tuple[str, ...]) -> Facts:
    facts: Facts = home.graph.of("facts", JUNE, regions)
    return facts


@pytest.mark.parametrize("seed", SEEDS)
def test_regions_counted_apart_say_what_all_say_at_once(tmp_path: Path, seed: int) -> None:
    made_up_home = opened(tmp_path, seed)
    figures, scopes = made_up_home.graph.of("figures"), scopes_in(made_up_home)
    assert [one.regions for one in scopes] == [("R1",), ("R2",), ("R3",), ("R4",)]
    assert any(one.strays for one in scopes)
    whole = made_up_home.graph.of("all_facts", JUNE)
    names = ("R1", "R2", "R3", "R4")
    for groups in ([(one,) for one in names], [names[:2], names[2:]], [names]):
        apart = [facts_of(made_up_home, group) for group in groups]
        counts, all_counts = (
            counts_together([count_month(one, figures) for one in apart]),
            count_month(whole, figures),
        )
        for name in ("by_manager", "customers", "values"):
            pd.testing.assert_frame_equal(getattr(counts, name), getattr(all_counts, name))
        assert_same_sums(sums_together([month_sums(one) for one in apart]), month_sums(whole))
        lists = lists_together([lists_of(one) for one in apart])
        for name, rows in lists_of(whole).items():
            pd.testing.assert_frame_equal(lists[name], rows, obj=name)


def assert_same_sums(some: MonthSums, others: MonthSums) -> None:
    for name, sums in others.details.items():
        pd.testing.assert_frame_equal(some.details[name], sums, obj=name)
    pd.testing.assert_frame_equal(some.by_customer, others.by_customer)
    pd.testing.assert_frame_equal(some.by_group, others.by_group)


def test_what_several_regions_are_counted_to_is_kept_region_by_region(tmp_path: Path) -> None:
    """Sums and lists cut out of all are those that the region is counted to by itself."""
    home = opened(tmp_path, 1)
    whole = home.graph.of("all_facts", JUNE)
    for region in home.shape.names(JUNE):
        alone = facts_of(home, (region,))
        assert_same_sums(sums_of_region(month_sums(whole), region), month_sums(alone))
        lists = lists_of_region(lists_of(whole), region)
        for name, rows in lists_of(alone).items():
            pd.testing.assert_frame_equal(lists[name], rows, obj=name)


def test_a_region_reads_of_others_only_rows_of_its_own_customers(tmp_path: Path) -> None:
    home = opened(tmp_path, 1)
    for scope in scopes_in(home):
        managers = {manager for manager, region in regions_in(JUNE).items() if region in scope.regions}
        facts = facts_of(home, scope.regions)
        for rows in (facts.frame("sales"), facts.frame("visits"), facts.frame("complaints")):
            others = rows[~rows["manager_id"].isin(list(managers))]
            assert set(others["customer_id"]) <= scope.customers


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Months:
    """In which M3 moves from R1 to R2 in May."""
    return opened(tmp_path_factory.mktemp("home"), 1)


MAY = Month(2024, 5)


@pytest.mark.parametrize("month", [MAY, JUNE])
def test_metrics_of_regions_and_of_the_organisation_are_those_of_all_counts_at_once(
    home: Months, month: Month
) -> None:
    counts = {one: home.graph.of("some_counts", one, home.shape.names(one)) for one in home.shape.months_of(month)}
    targets, profile = home.ledger.masters(month)["targets"], home.settings.profile
    as_counted = metrics_of_month(month, counts, targets, home.graph.of("figures"), profile)
    regions = home.shape.names(month)
    at_once = _ranked(home, month, [tuple(regions)])
    for groups in ([(one,) for one in regions], [tuple(regions[0::2]), tuple(regions[1::2])]):
        pd.testing.assert_frame_equal(_ranked(home, month, groups), at_once)
    as_reported = [name for name in METRIC_COLUMNS if name not in LIKE_WITH_LIKE]
    pd.testing.assert_frame_equal(at_once[as_reported], as_counted[as_reported])


# Columns that compare with what the managers and customers of today sold before, wherever they were then.
LIKE_WITH_LIKE = (
    "change", "yoy", "ytd_yoy", "previous_comparable", "last_year_comparable", "previous_n", "last_year_n",
)  # fmt: skip


def _ranked(home: Months, month: Month, groups: Sequence[tuple[str, ...]]) -> pd.DataFrame:
    parts = [home.graph.of("metrics", month, one) for one in (None, *groups)]
    return ranked(stacked(parts), home.graph.of("figures"), home.settings.profile, home.shape.regions(month))


def test_the_history_of_a_region_holds_the_months_of_a_manager_who_came_from_elsewhere(home: Months) -> None:
    counts = {one: home.graph.of("some_counts", one, home.shape.names(one)) for one in home.shape.months_of(MAY)}
    told = home.graph.of("history", MAY, ("R2",))
    for level, entity in (
        ("organisation", ORGANISATION_ID),
        ("region", "R2"),
        ("manager", "M3"),
        ("manager", "M4"),
    ):
        own, all_of_it = (
            rows[(rows["level"] == level) & (rows["entity_id"] == entity)].reset_index(drop=True)
            for rows in (told, history(counts, home.graph.of("figures")))
        )
        assert own["month"].nunique() == 3
        pd.testing.assert_frame_equal(own, all_of_it)


def test_what_a_manager_sold_before_moving_to_another_region_is_compared_with(home: Months) -> None:
    regions = ("R2",)
    of_region = home.graph.of("details", MAY, regions)
    of_all = replace(home.graph.of("details", MAY, None), entities=of_region.entities)
    own, at_once = (cut_details(one).of("manager", "M3") for one in (of_region, of_all))
    assert own["sales_by_product"]["amount_yuan_previous"].sum() > 0
    for name in ("sales_by_product", "sales_by_brand", "complaints_by_category", "growth_effects"):
        pd.testing.assert_frame_equal(own[name], at_once[name], obj=name)
    changes = own["satisfaction_change"]
    assert changes["entity_id"].eq("M3").all() if "entity_id" in changes else len(changes) == 1


def test_a_region_that_is_new_is_compared_with_what_its_customers_bought_where_they_were(home: Months) -> None:
    told, regions = home.graph.of("history", JUNE, ("R4",)), ("R4",)
    assert set(told.loc[told["entity_id"].isin(["R4", "M7"]), "month"]) == {"2024-06"}  # nothing was there before
    own = cut_details(home.graph.of("details", JUNE, regions)).of("region", "R4")
    assert own["sales_by_product"]["amount_yuan"].sum() > 0
    customers = home.ledger.customers(JUNE, "manager_id", "customer_id")
    mine = set(customers.loc[customers["manager_id"] == "M7", "customer_id"])
    then = home.ledger.customers(MAY, "manager_id", "customer_id")
    had = {pair for pair in then.itertuples(index=False, name=None) if pair[1] in mine}
    sales = home.ledger.rows(all_forms()["sales"], MAY)
    sold = [row["amount"] for row in sales.to_dict("records") if (row["manager_id"], row["customer_id"]) in had]
    assert sold
    assert own["sales_by_product"]["amount_yuan_previous"].sum() == pytest.approx(sum(sold))
    lines = own["growth_by_customers"].set_index(["compared_with", "kind"])["change"]
    assert lines["previous", "moved_in"] == pytest.approx(sum(sold))
