import math

import pandas as pd
import pytest
from entity_frames import frames_of, made_details
from made_up import REGIONS, SENT, made_up
from month_builder import MonthBuilder, facts_of, frame_of, tobacco
from oracle_figures import BY_FORM, recalculated

from pipeline.base.calendar import Month
from pipeline.contract.facts import Facts
from pipeline.figures.catalogue import all_figures
from pipeline.figures.count import MonthCounts, count_month
from pipeline.figures.entities import history, values_of_month
from pipeline.figures.metrics import metrics_of_month
from pipeline.figures.reduce import reduced
from pipeline.subjects.sales.customers import movements

JUNE = Month(2024, 6)


def counted(builders: list[MonthBuilder]) -> MonthCounts:
    profile = tobacco()
    earlier = {one.month: reduced(one.build()) for one in builders[1:]}
    return count_month(Facts(builders[0].build(), earlier, profile), all_figures(profile))


@pytest.mark.parametrize("seed", [1, 2])
def test_every_figure_equals_the_plain_recalculation(seed: int) -> None:
    builders = [made_up(JUNE + -back, seed) for back in range(4)]
    if seed == 2:
        _without(builders[0], "M3", "sales")
    values = values_of_month(counted(builders), all_figures(tobacco())).set_index(["entity_id", "figure"])["value"]
    known = _known(builders[0])
    entities = {"ALL": set(REGIONS), "R1": {"M1", "M2"}, "R2": {"M3"}, "M1": {"M1"}, "M2": {"M2"}, "M3": {"M3"}}
    for entity, managers in entities.items():
        for figure, answer in recalculated((2024, 6), [one.rows for one in builders], managers, known).items():
            got = values.get((entity, figure), math.nan)
            wanted = math.nan if answer is None else answer.value
            assert got == pytest.approx(wanted, rel=1e-9, nan_ok=True), f"{figure} of {entity}"


def test_every_declared_figure_is_recalculated() -> None:
    recalculated_figures = [figure for figures in BY_FORM.values() for figure in figures]
    assert sorted(recalculated_figures) == sorted(figure.key for figure in all_figures(tobacco()))


def _without(builder: MonthBuilder, manager: str, form: str) -> None:
    """Nobody knows of a manager's rows of a form: they were not sent."""
    builder.rows[form] = [row for row in builder.rows[form] if row["manager_id"] != manager]
    builder.sent -= {(manager, form)}


def _known(builder: MonthBuilder) -> dict[str, set[str]]:
    """By form, who sent it."""
    return {form: {manager for manager, sent in builder.sent if sent == form} for _, form in builder.sent}


def test_managers_add_up_to_regions_and_regions_to_the_whole() -> None:
    figures = all_figures(tobacco())
    values = values_of_month(counted([made_up(JUNE, 4)]), figures)
    sums = values.groupby(["figure", "level"])["numerator"].sum().unstack()
    assert sums["manager"].to_numpy() == pytest.approx(sums["organisation"].to_numpy(), abs=1e-6)
    assert sums["region"].to_numpy() == pytest.approx(sums["organisation"].to_numpy(), abs=1e-6)


@pytest.mark.slow
def test_history_is_what_each_month_said() -> None:
    figures = all_figures(tobacco())
    counts = {one.month: counted([one]) for one in (made_up(JUNE, 5), made_up(JUNE + -1, 5))}
    each = [values_of_month(counts[month], figures).assign(month=str(month)) for month in sorted(counts)]
    expected = pd.concat(each, ignore_index=True)[history(counts, figures).columns]
    pd.testing.assert_frame_equal(history(counts, figures), expected)


def test_a_customer_that_changed_manager_counts_where_it_was() -> None:
    may = MonthBuilder(Month(2024, 5)).customer("C1", "M1").sale("M1", "C1", "P1", 5, 50.0)
    june = MonthBuilder(JUNE).customer("C1", "M3").sale("M3", "C1", "P1", 7, 70.0)
    figures = [figure for figure in all_figures(tobacco()) if figure.key in ("volume", "new_customers")]
    before = values_of_month(count_month(facts_of(may), figures), figures).set_index(["entity_id", "figure"])
    now = values_of_month(count_month(facts_of(june, may), figures), figures).set_index(["entity_id", "figure"])
    assert before.loc[("R1", "volume"), "value"] == 5
    assert now.loc[("R2", "volume"), "value"] == 7
    assert ("R1", "volume") not in now.index


@pytest.mark.parametrize("stopped, share", [(357, 9.9), (263, 7.3), (357 + 263, 17.2)])
def test_the_cable_operators_printed_shares_of_stopped_households(stopped: int, share: float) -> None:
    """Of 3,608 households 357 stopped as a penalty are 9.9 %, 263 at own request 7.3 %."""
    one = MonthBuilder(JUNE, {"M1": "R1"})
    for number in range(3608):
        one.customer(f"H{number}", "M1", status="paused" if number < stopped else "active")
    figures = [figure for figure in all_figures(tobacco()) if figure.key in ("customers_end", "paused_share")]
    values = values_of_month(count_month(facts_of(one), figures), figures).set_index(["entity_id", "figure"])
    assert values.loc[("R1", "customers_end"), "value"] == 3608
    assert values.loc[("R1", "paused_share"), "numerator"] == stopped
    assert round(values.loc[("R1", "paused_share"), "value"], 1) == share


def test_the_cable_operators_printed_losses_by_competitor() -> None:
    """80 + 50 + 12 + 50 = 192, taken by two managers."""
    one = MonthBuilder(JUNE, {"M1": "R1", "M2": "R1"})
    for rival, lost in (("甲", 80), ("乙", 50), ("丙", 12), ("丁", 50)):
        for number in range(lost):
            one.add("enrolments", manager_id="M1" if number % 3 else "M2", customer_id=f"L{rival}{number}",
                    kind="leave", lost_to=rival, effective_on=one.day(9))  # fmt: skip
    one.add("enrolments", manager_id="M1", customer_id="L甲1", kind="leave", lost_to="甲", effective_on=one.day(9))
    one.add("enrolments", manager_id="M1", customer_id="X", kind="leave", effective_on=one.day(9))  # moved away
    one.add("enrolments", manager_id="M1", customer_id="Y", kind="pause", lost_to="甲", effective_on=one.day(9))
    facts = facts_of(one)
    table = frames_of(made_details(facts), "region", "R1")["losses"]
    assert table["lost_to"].tolist() == ["甲", "丁", "乙", "丙"]
    assert table["customers"].tolist() == [80, 50, 50, 12]
    assert table["share"].tolist() == pytest.approx([80 / 1.92, 50 / 1.92, 50 / 1.92, 12 / 1.92])
    figures = [figure for figure in all_figures(tobacco()) if figure.key == "lost_to_competitors"]
    values = values_of_month(count_month(facts, figures), figures).set_index("entity_id")["value"]
    assert table["customers"].sum() == values["R1"] == 192


def test_a_figure_that_could_look_back_in_one_year_only_is_not_compared_with_the_year_before() -> None:
    """January 2023 is the first month known: nobody can tell who paused in it, but of January 2024 one can."""
    months = [Month(2023, 1), Month(2023, 2), Month(2023, 12), Month(2024, 1), Month(2024, 2)]
    paused_in = {Month(2023, 2): {"C1"}, Month(2024, 1): {"C2", "C3"}}
    rows = {}
    for month in months:
        one = MonthBuilder(month, {"M1": "R1"})
        for customer in ("C1", "C2", "C3"):
            one.customer(customer, "M1", status="paused" if customer in paused_in.get(month, ()) else "active")
        rows[month] = one.build()
    figures = [figure for figure in all_figures(tobacco()) if figure.key in ("customers_paused", "customers_end")]
    counts = {
        month: count_month(
            Facts(rows[month], {one: rows[one] for one in months if one < month}, tobacco()), figures
        )
        for month in months
    }
    metrics = metrics_of_month(months[-1], counts, frame_of("targets", []), figures, tobacco())
    told = metrics.set_index(["entity_id", "figure"])
    assert told.loc[("ALL", "customers_paused"), "ytd"] == 2
    assert math.isnan(told.loc[("ALL", "customers_paused"), "ytd_yoy"])
    assert told.loc[("ALL", "customers_end"), "ytd_yoy"] == 0


def test_a_manager_who_sent_no_sales_has_lost_nobody() -> None:
    may = MonthBuilder(Month(2024, 5)).customer("C1", "M1").customer("C2", "M2")
    may.sale("M1", "C1", "P1", 5, 50.0).sale("M2", "C2", "P1", 5, 50.0)
    june = MonthBuilder(JUNE, sent=frozenset({("M2", "sales")})).customer("C1", "M1").customer("C2", "M2")
    moved = movements(facts_of(june, may)).set_index("customer_id")
    assert moved.loc["C1", ["movement", "silent_months"]].tolist() == ["idle", 0]
    assert moved.loc["C2", ["movement", "silent_months"]].tolist() == ["lost", 1]


@pytest.mark.slow
def test_splitting_a_file_changes_no_figure() -> None:
    whole = [made_up(JUNE + -back, 6) for back in range(4)]
    split = [made_up(JUNE + -back, 6) for back in range(4)]
    for one in split:
        for form in SENT:
            for place, row in enumerate(one.rows.get(form, [])):
                row |= {"source_file": f"{row['manager_id']}-{place % 2}.xlsx", "source_hash": str(place % 2)}
            one.rows[form] = sorted(one.rows.get(form, []), key=lambda row: row["source_file"])
    first, second = counted(whole), counted(split)
    assert set(second.by_manager["manager_id"]) == set(REGIONS)
    pd.testing.assert_frame_equal(first.by_manager, second.by_manager)
    pd.testing.assert_frame_equal(first.customers, second.customers)
    pd.testing.assert_frame_equal(first.values, second.values)
