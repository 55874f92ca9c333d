"""Hard cases of longer periods, by hand: Spring Festival, moves between regions, who is missing, the scorecard."""

from dataclasses import replace

import pandas as pd
import pytest
from month_builder import MonthBuilder, facts_of, tobacco

from pipeline.base.calendar import Month
from pipeline.base.period import Period
from pipeline.contract.few import is_guarded
from pipeline.figures.best import best_managers
from pipeline.figures.catalogue import all_figures
from pipeline.figures.comparable import Sides
from pipeline.figures.count import MonthCounts, count_month
from pipeline.figures.known import MonthKnown
from pipeline.figures.over_period import compared_over, months_beside, values_over
from pipeline.figures.over_sums import sums_over
from pipeline.figures.parts import month_sums
from pipeline.figures.period_metrics import PeriodTold, metrics_over
from pipeline.figures.scorecard import scorecard_of_month
from pipeline.figures.whose_rows import Moved
from pipeline.month.periods import sums_of_period
from schemas.profile import Indicator, Scorecard

PROFILE = tobacco()
FIGURES = [
    one for one in all_figures(PROFILE) if one.key in ("volume", "amount", "ordering_customers", "complaints")
]
Q1, Q2 = Period.parse("2024-Q1"), Period.parse("2024-Q2")
APRIL, MAY, JUNE = Q2.months


def sold(month: Month, region: str = "R1", **cartons: int) -> MonthBuilder:
    """M1 in a region, its customers by name with the cartons of P1 that each bought, at 10 yuan."""
    made = MonthBuilder(month, {"M1": region}).add(
        "products", product_id="P1", product_name="金叶", category="class1"
    )
    for customer, number in cartons.items():
        made.customer(customer, "M1", joined_on="2020-01-01")
        made.sale("M1", customer, "P1", number, 10.0 * number)
    return made


def counts(builder: MonthBuilder) -> MonthCounts:
    return count_month(facts_of(builder, profile=PROFILE), FIGURES)


def volume(values: pd.DataFrame, entity: str) -> float | None:
    found = values[(values["figure"] == "volume") & (values["entity_id"] == entity)]["value"].tolist()
    return found[0] if found else None


# ---- Spring Festival


def test_a_festival_that_moves_from_february_to_january_is_no_growth_of_the_quarter() -> None:
    """10, 30, 20 cartons last year, 30, 10, 20 this year."""
    now = {Month(2024, one): counts(sold(Month(2024, one), C1=sum_)) for one, sum_ in ((1, 30), (2, 10), (3, 20))}
    then = {Month(2023, one): counts(sold(Month(2023, one), C1=sum_)) for one, sum_ in ((1, 10), (2, 30), (3, 20))}
    pairs = months_beside(Q1, Q1.year_ago, {*now, *then})
    sides = {one: Sides(now[one], then[other]) for one, other in pairs.items()}
    rows = compared_over(Q1, Q1.year_ago, sides, FIGURES).rows
    assert rows[rows["figure"] == "volume"]["change"].tolist() == [0, 0, 0]


@pytest.mark.parametrize("gone", [Month(2023, 1), Month(2023, 2), Month(2024, 1), Month(2024, 2)])
def test_january_and_february_are_held_against_last_year_together_or_not_at_all(gone: Month) -> None:
    known = {*Q1, *Q1.year_ago} - {gone}
    assert list(months_beside(Q1, Q1.year_ago, known)) == [Month(2024, 3)]


def test_the_period_before_has_no_festival_in_the_same_place() -> None:
    before = Q1.before
    known = {*Q1, *before} - {Month(2023, 11)}  # of October to December; February stands beside November
    assert list(months_beside(Q1, before, known)) == [Month(2024, 1), Month(2024, 3)]


# ---- a manager of two regions


def test_what_a_manager_sold_in_each_of_two_regions_stays_there_and_adds_up() -> None:
    """10 in R1 in April, 20 and 30 in R2 after that."""
    months = {
        APRIL: counts(sold(APRIL, "R1", C1=10)),
        MAY: counts(sold(MAY, "R2", C1=20)),
        JUNE: counts(sold(JUNE, "R2", C1=30)),
    }
    values = values_over(Q2, months, FIGURES).values
    assert [volume(values, one) for one in ("M1", "R1", "R2", "ALL")] == [60, 10, 50, 60]
    once = values[values["figure"] == "ordering_customers"].set_index("entity_id")["value"]
    assert once.to_dict() == {"ALL": 1, "R1": 1, "R2": 1, "M1": 1}


def test_a_half_year_over_which_a_customer_went_to_another_manager_counts_it_once_above() -> None:
    def of(month: Month, manager: str) -> MonthCounts:
        made = MonthBuilder(month, {"M1": "R1", "M2": "R1"}).add("products", product_id="P1", category="class1")
        made.customer("C1", manager, joined_on="2020-01-01").sale(manager, "C1", "P1", 5, 50.0)
        return counts(made)

    half = Period.parse("2024-H1")
    values = values_over(half, {one: of(one, "M1" if one < APRIL else "M2") for one in half}, FIGURES).values
    assert [volume(values, one) for one in ("M1", "M2", "R1")] == [15, 15, 30]
    once = values[values["figure"] == "ordering_customers"].set_index("entity_id")["value"]
    assert once.to_dict() == {"ALL": 1, "R1": 1, "M1": 1, "M2": 1}


# ---- who is missing


def told(known: dict[Month, dict[str, float]], targets: dict[Month, dict[str, float]]) -> PeriodTold:
    """Managers of R1 with the cartons of the months in which they reported, and every month's targets of all."""
    made = {}
    for month, cartons in known.items():
        one = MonthBuilder(month, dict.fromkeys(cartons, "R1")).add("products", product_id="P1", category="class1")
        for manager, number in cartons.items():
            one.customer(f"C{manager}", manager).sale(manager, f"C{manager}", "P1", int(number), 10.0 * number)
        made[month] = counts(one)
    metrics = {}
    asked = {}
    for month, its in targets.items():
        rows = [("manager", who, "volume", target) for who, target in its.items()]
        asked[month] = pd.DataFrame(rows, columns=["level", "entity_id", "figure", "target"])
        own = values_over(Period.of(month), {month: made[month]}, FIGURES).values
        metrics[month] = own.merge(
            asked[month].rename(columns={"target": "target_comparable"}),
            on=["level", "entity_id", "figure"],
            how="left",
        ).assign(ytd=float("nan"), ytd_yoy=float("nan"))
    return PeriodTold(made, metrics, targets=asked)


def test_a_month_in_which_a_manager_did_not_report_asks_nothing_of_it() -> None:
    """M1: 10, 10, 10 of 10 a month. M2: 10 and 10, nothing known of May: its 20 stand against 20, not 30."""
    known = {APRIL: {"M1": 10.0, "M2": 10.0}, MAY: {"M1": 10.0}, JUNE: {"M1": 10.0, "M2": 10.0}}
    targets = {month: {"M1": 10.0, "M2": 10.0} for month in known}
    rows = metrics_over(Q2, told(known, targets), FIGURES, ("manager",))
    own = rows[rows["figure"] == "volume"].set_index("entity_id")
    assert own["target"].to_dict() == {"M1": 30, "M2": 30}
    assert own["target_comparable"].to_dict() == {"M1": 30, "M2": 20}
    assert own["completion"].to_dict() == {"M1": 100, "M2": 100}
    assert own["months_known"].to_dict() == {"M1": 3, "M2": 2}


def test_who_came_in_may_is_asked_for_two_months() -> None:
    known = {APRIL: {"M1": 10.0}, MAY: {"M1": 10.0, "M2": 5.0}, JUNE: {"M1": 10.0, "M2": 5.0}}
    targets = {APRIL: {"M1": 10.0}, MAY: {"M1": 10.0, "M2": 10.0}, JUNE: {"M1": 10.0, "M2": 10.0}}
    rows = metrics_over(Q2, told(known, targets), FIGURES, ("manager",))
    own = rows[rows["figure"] == "volume"].set_index("entity_id")
    assert own.loc["M2", ["target", "target_comparable", "completion"]].tolist() == [20, 20, 50]


# ---- a year, before which is the year before


def year_and_the_one_before() -> dict[tuple[int, str], MonthBuilder]:
    """March of both years: C1 bought 10 cartons then and 12 now, C2 4 then."""
    return {
        (2023, "03"): sold(Month(2023, 3), C1=10, C2=4),
        (2024, "03"): sold(Month(2024, 3), C1=12, C2=0),
    }


def test_a_year_stands_beside_the_year_before_under_both_names() -> None:
    then, now = (counts(one) for one in year_and_the_one_before().values())
    beside = PeriodTold({now.month: now, then.month: then}, {}, sides={(now.month, then.month): Sides(now, then)})
    rows = metrics_over(Period.parse("2024"), beside, FIGURES, ("manager",))
    (own,) = rows[rows["figure"] == "volume"].to_dict("records")
    names = {
        "change": "yoy", "comparable": "comparable_last_year", "previous_comparable": "last_year_comparable",
        "previous": "last_year", "previous_n": "last_year_n",
    }  # fmt: skip
    assert (own["change"], own["comparable"], own["previous_comparable"]) == (pytest.approx(-100 / 7), 12, 14)
    for name, same in names.items():
        assert own[name] == own[same] or (pd.isna(own[name]) and pd.isna(own[same]))


def test_the_sums_of_a_year_are_those_of_the_months_that_both_years_have_under_both_names() -> None:
    then, now = (month_sums(facts_of(one, profile=PROFILE)) for one in year_and_the_one_before().values())
    like = {(now.month, then.month): now, (then.month, now.month): then}
    nobody = dict.fromkeys(like, Moved(pd.Series({"M1": "R1"})))
    known = {one.month: MonthKnown(one.month) for one in (then, now)}
    compared = sums_of_period(Month(2024, 3), "2024", None, {now.month: now}, like, nobody, known)
    (previous, like_previous), (last_year, like_last_year) = (
        (compared.previous, compared.like_previous),
        (compared.last_year, compared.like_last_year),
    )
    assert previous is not None and previous is last_year
    assert like_previous is not None and like_previous is like_last_year
    volumes = [int(one.by_customer["volume"].sum()) for one in (compared.now, previous, like_previous)]
    assert volumes == [12, 14, 12]
    assert sums_of_period(Month(2024, 3), "2024", None, {now.month: now}, {}, {}, {}).previous is None


# ---- the scorecard


def scored(weights: dict[str, float], values: dict[str, dict[str, float]], months: int) -> dict[str, float]:
    """Scores by manager: volume against the profile's own 10 a month, complaints against 1 a month."""
    indicators = {
        "volume": Indicator(group="process", weight=weights["volume"], target=10, cap=200),
        "complaints": Indicator(group="process", weight=weights["complaints"], target=1, cap=200),
    }
    profile = PROFILE.model_copy(update={"scorecard": Scorecard(indicators=indicators)})
    rows = [
        {"level": "manager", "entity_id": who, "figure": figure, "value": value, "denominator": None,
         "target_comparable": float("nan"), "ytd": float("nan"), "months_known": months}
        for who, its in values.items()
        for figure, value in its.items()
    ]  # fmt: skip
    frame = pd.DataFrame(rows).astype({"denominator": "float64"})
    regions = pd.Series(dict.fromkeys(values, "R1"))
    card = scorecard_of_month(Q2, frame, FIGURES, profile, regions)
    return card.drop_duplicates("entity_id").set_index("entity_id")["score"].to_dict()


def test_the_profiles_own_target_of_a_sum_is_asked_for_each_month() -> None:
    """30 of 3 × 10 is 100 %, 3 complaints against 3 × 1 are 100 %."""
    assert not any(is_guarded(one) for one in FIGURES if one.key in ("volume", "complaints"))
    assert scored({"volume": 0.5, "complaints": 0.5}, {"M1": {"volume": 30, "complaints": 3}}, 3) == {"M1": 100}


def test_weights_that_changed_in_between_count_as_they_stand_now_over_the_whole_period() -> None:
    """Volume 150 %, complaints 100 %: by halves 125, by 0.8 and 0.2 140; never a mean of months' scores."""
    own = {"M1": {"volume": 45, "complaints": 3}}
    assert scored({"volume": 0.5, "complaints": 0.5}, own, 3)["M1"] == 125
    assert scored({"volume": 0.8, "complaints": 0.2}, own, 3)["M1"] == 140


def card(**scores: float) -> pd.DataFrame:
    rows = [("manager", who, "R1", score, "A") for who, score in scores.items()]
    return pd.DataFrame(rows, columns=["level", "entity_id", "region_id", "score", "grade"])


def test_all_who_share_the_second_place_are_among_the_best() -> None:
    best = best_managers(card(M1=99, M2=95, M3=95, M4=80), {"M1", "M2", "M3", "M4"}, 2)
    assert best[["entity_id", "place"]].to_numpy().tolist() == [["M1", 1], ["M2", 2], ["M3", 2]]


def test_only_those_are_best_who_were_there_throughout_and_have_a_grade() -> None:
    ungraded = card(M1=99, M2=95, M3=90)
    ungraded.loc[ungraded["entity_id"] == "M2", "grade"] = None
    best = best_managers(ungraded, {"M2", "M3"}, 2)  # M1 came in May
    assert best[["entity_id", "place", "place_in_organisation"]].to_numpy().tolist() == [["M3", 1, 1]]


# ---- sums


def test_sums_of_several_months_are_those_of_their_rows() -> None:
    months = [
        month_sums(facts_of(sold(one, C1=number, C2=1), profile=PROFILE)) for one, number in ((APRIL, 3), (MAY, 4))
    ]
    both = sums_over(months, APRIL)
    assert both.by_customer.set_index("customer_id")["volume"].to_dict() == {"C1": 7, "C2": 2}
    assert both.by_customer.set_index("customer_id")["amount"].to_dict() == {"C1": 700_000, "C2": 200_000}
    assert both.details["sales_by_product"]["volume"].sum() == sum(
        one.details["sales_by_product"]["volume"].sum() for one in months
    )


def test_a_period_is_the_same_whatever_the_order_of_its_months() -> None:
    months = {one: counts(sold(one, C1=number)) for number, one in enumerate(Q2, 1)}
    turned = dict(reversed(months.items()))
    pd.testing.assert_frame_equal(values_over(Q2, months, FIGURES).values, values_over(Q2, turned, FIGURES).values)


def test_a_figure_that_says_otherwise_is_joined_otherwise() -> None:
    states = [replace(one, over_period="stock") if one.key == "volume" else one for one in FIGURES]
    months = {one: counts(sold(one, C1=number)) for number, one in enumerate(Q2, 1)}
    assert volume(values_over(Q2, months, states).values, "M1") == 3
