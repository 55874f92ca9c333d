"""The ledger's months as a forecast: every part adds up, unknown months are not zero, the past is judged fairly."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from pipeline.base.calendar import Month, months_between
from pipeline.contract.report import ORGANISATION_ID
from pipeline.contract.trade import default_trade, load_profile
from pipeline.figures.parts import stocks_of
from pipeline.forecast.choice import USUAL
from pipeline.month.forecast import FORECAST_COLUMNS, customers_by_region, forecast_month, with_outlooks
from pipeline.month.forecasting import foreseen
from pipeline.month.sales_totals import Organisation, SalesTotals, organisation_of
from pipeline.month.track import issued_by_managers, issued_by_model, track_of, whole_outlooks

MONTHS = months_between(Month(2022, 7), Month(2024, 6))
MANAGER_OF = {"C1": "M1", "C2": "M1", "C3": "M2", "C4": "M3"}
REGION_OF = {"M1": "R1", "M2": "R1", "M3": "R2"}


def totals_of(month: Month, senders=("M1", "M2", "M3")) -> SalesTotals:
    """A month in which customer Cn buys about 100 × n cartons at 10 yuan, half of each of two categories."""
    number = month - MONTHS[0]
    customers = [(MANAGER_OF[c], c, 100.0 * int(c[1]) + 5 * np.sin(number + int(c[1]))) for c in MANAGER_OF]
    rows = [(m, c, round(v)) for m, c, v in customers if m in senders]
    by_customer = pd.DataFrame(rows, columns=["manager_id", "customer_id", "volume"])
    by_customer["amount"] = by_customer["volume"] * 10.0
    halves = [(m, k, b, v / 2, v * 5.0) for m, _, v in rows for k, b in (("class1", "云栖"), ("class2", "和岳"))]
    by_group = pd.DataFrame(halves, columns=["manager_id", "category", "brand", "volume", "amount"])
    by_group = by_group.groupby(["manager_id", "category", "brand"], as_index=False).sum()
    return SalesTotals(month, by_customer, by_group, frozenset(senders))


@pytest.fixture(scope="module")
def organisation() -> Organisation:
    return Organisation(pd.Series(MANAGER_OF), pd.Series(REGION_OF))


@pytest.fixture(scope="module")
def forecast(organisation) -> pd.DataFrame:
    return forecast_month([totals_of(month) for month in MONTHS], organisation, USUAL)


def value(forecast: pd.DataFrame, level: str, entity: str, measure: str = "volume") -> float:
    row = forecast[
        (forecast["level"] == level) & (forecast["entity_id"] == entity) & (forecast["measure"] == measure)
    ]
    assert len(row) == 1
    return float(row["forecast"].iloc[0])


def test_the_forecast_has_the_columns_of_the_contract_and_is_of_the_next_month(forecast):
    assert tuple(forecast.columns) == FORECAST_COLUMNS
    assert set(forecast["month"]) == {"2024-07"}


@pytest.mark.parametrize("measure", ["volume", "amount"])
def test_customers_managers_regions_and_categories_add_up(forecast, measure):
    for manager, region in REGION_OF.items():
        own = [value(forecast, "customer", c, measure) for c, m in MANAGER_OF.items() if m == manager]
        assert value(forecast, "manager", manager, measure) == pytest.approx(sum(own), abs=0.02)
        assert region in set(REGION_OF.values())
    for region in ("R1", "R2"):
        managers = [value(forecast, "manager", m, measure) for m, r in REGION_OF.items() if r == region]
        categories = [value(forecast, "category", f"{region}|{k}", measure) for k in ("class1", "class2")]
        assert value(forecast, "region", region, measure) == pytest.approx(sum(managers), abs=0.02)
        assert value(forecast, "region", region, measure) == pytest.approx(sum(categories), abs=0.02)
    whole = value(forecast, "organisation", "ALL", measure)
    assert whole == pytest.approx(sum(value(forecast, "region", r, measure) for r in ("R1", "R2")), abs=0.02)
    assert whole == pytest.approx(
        sum(value(forecast, "category", k, measure) for k in ("class1", "class2")), abs=0.02
    )


def test_volumes_are_whole_cartons_that_still_add_up(forecast):
    volumes = forecast.loc[forecast["measure"] == "volume", "forecast"]
    assert (volumes == volumes.round()).all()
    assert value(forecast, "manager", "M1") == value(forecast, "customer", "C1") + value(
        forecast, "customer", "C2"
    )


def test_a_steady_customer_is_expected_to_go_on(forecast):
    assert value(forecast, "customer", "C4") == pytest.approx(400, rel=0.05)


def test_a_month_without_a_managers_form_is_unknown_not_zero(organisation):
    months = [totals_of(month) for month in MONTHS[:-1]]
    silent = totals_of(MONTHS[-1], senders=("M1", "M2"))
    told = forecast_month([*months, silent], organisation, USUAL)
    assert value(told, "manager", "M3") == pytest.approx(400, rel=0.05)


def test_who_left_is_expected_to_buy_nothing_and_all_sums_agree():
    told_of = pd.DataFrame({"status": ["left"], "customer_name": ["滨河路福源烟酒店"]}, index=["C2"])
    known = Organisation(pd.Series(MANAGER_OF), pd.Series(REGION_OF), told_of)
    told = forecast_month([totals_of(month) for month in MONTHS], known, USUAL)
    for measure in ("volume", "amount"):
        assert value(told, "customer", "C2", measure) == 0
        assert value(told, "manager", "M1", measure) == value(told, "customer", "C1", measure)
        regions = [value(told, "region", region, measure) for region in ("R1", "R2")]
        assert sum(regions) == pytest.approx(value(told, "organisation", ORGANISATION_ID, measure), abs=1e-6)
    row = told[(told["entity_id"] == "C2") & (told["measure"] == "volume")].iloc[0]
    assert (row["method"], row["high95"]) == ("left", 0)
    assert value(told, "manager", "M1") == pytest.approx(100, rel=0.1)


def test_who_only_ever_sent_back_is_not_said_never_to_have_had_anything(organisation):
    def fed_in(one: SalesTotals) -> SalesTotals:
        """With C4, the only customer of M3, below 0, as of a roof that feeds in."""
        sign = one.by_customer["customer_id"].map({"C4": -1.0}).fillna(1.0)
        numbers = one.by_customer[["volume", "amount"]].mul(sign, axis=0)
        return replace(one, by_customer=one.by_customer.assign(**numbers))

    told = forecast_month([fed_in(totals_of(month)) for month in MONTHS], organisation, USUAL, ("volume",))
    row = told[told["entity_id"] == "C4"].iloc[0]
    assert (row["forecast"], row["method"]) == (0, "below_zero")
    assert row["this_month"] < 0


def test_names_of_customers_come_from_the_master_data():
    told_of = pd.DataFrame({"status": ["active"], "customer_name": ["滨河路福源烟酒店"]}, index=["C2"])
    known = Organisation(pd.Series(MANAGER_OF), pd.Series(REGION_OF), told_of)
    told = forecast_month([totals_of(month) for month in MONTHS[-3:]], known, USUAL)
    rows = customers_by_region(told, known)["R1"].set_index("entity_id")
    assert set(rows.loc["C2", "customer_name"]) == {"滨河路福源烟酒店"}


def test_categories_and_brands_stand_beside_what_the_month_brought(forecast):
    # R1 has C1 to C3: about 600 cartons, half of each category; over both regions 1,000.
    rows = forecast[forecast["measure"] == "volume"].set_index(["level", "entity_id"])["this_month"]
    june = totals_of(MONTHS[-1]).by_group.set_index(["manager_id", "category"])["volume"]
    in_r1 = june["M1", "class1"] + june["M2", "class1"]
    assert rows["category", "R1|class1"] == pytest.approx(in_r1, abs=0.51)
    assert rows["brand", "R1|class1|云栖"] == pytest.approx(in_r1, abs=0.51)
    assert rows["category", "class1"] == pytest.approx(june.xs("class1", level="category").sum(), abs=0.51)


@pytest.mark.parametrize("column", ["forecast", "this_month"])
def test_a_brand_of_several_categories_is_forecast_over_all_regions_and_categories(organisation, column):
    """云栖 is sold in both categories of every region: what is told of it whole is the sum of the four parts."""
    months = [totals_of(month) for month in MONTHS]
    both = [replace(one, by_group=one.by_group.assign(brand="云栖")) for one in months]
    told = forecast_month(both, organisation, USUAL, measures=("volume",)).set_index(["level", "entity_id"])[
        column
    ]
    parts = [f"{region}|{category}|云栖" for region in ("R1", "R2") for category in ("class1", "class2")]
    # The made-up months have half cartons, which are told rounded.
    assert told["brand", "云栖"] == pytest.approx(sum(told["brand", one] for one in parts), abs=2)
    assert told["brand", "云栖"] == pytest.approx(told["category", "class1"] + told["category", "class2"], abs=1)


def test_where_a_manager_is_missing_its_regions_categories_have_no_month(organisation):
    months = [*(totals_of(month) for month in MONTHS[:-1]), totals_of(MONTHS[-1], senders=("M1", "M2"))]
    told = forecast_month(months, organisation, USUAL)
    rows = told[told["measure"] == "volume"].set_index(["level", "entity_id"])["this_month"]
    assert np.isnan(rows["category", "R2|class1"]) and np.isnan(rows["category", "class1"])
    assert rows["category", "R1|class1"] > 0


def test_what_managers_expect_themselves_stands_beside_the_forecast(forecast):
    outlook = pd.DataFrame({"manager_id": ["M3"], "volume": pd.array([450], dtype="Int64")})
    given = issued_by_managers(Month(2024, 6), outlook, pd.Series(REGION_OF))
    told = with_outlooks(forecast, given)
    own = told[told["outlook"].notna()].set_index(["level", "entity_id", "measure"])["outlook"]
    assert own.to_dict() == {("manager", "M3", "volume"): 450.0, ("region", "R2", "volume"): 450.0}


def test_a_customer_that_the_master_data_lack_stays_with_who_sold_to_it_last():
    known = pd.DataFrame({"customer_id": ["C1", "C2", "C3"], "manager_id": ["M1", "M1", "M2"]})
    found = organisation_of([totals_of(month) for month in MONTHS[-2:]], known, pd.Series(REGION_OF))
    assert found.manager_of.to_dict() == MANAGER_OF


def test_a_customer_that_moved_to_another_region_brings_its_history_along():
    moved = Organisation(pd.Series({**MANAGER_OF, "C3": "M3"}), pd.Series(REGION_OF))
    told = forecast_month([totals_of(month) for month in MONTHS], moved, USUAL)
    assert value(told, "region", "R2") == pytest.approx(700, rel=0.05)  # C3 and C4
    categories = [value(told, "category", f"R2|{category}") for category in ("class1", "class2")]
    assert sum(categories) == value(told, "region", "R2")


def test_a_customer_that_a_new_manager_took_over_brings_its_history_along():
    named = pd.DataFrame(index=pd.Index(list(MANAGER_OF)))
    owners = pd.Series({**MANAGER_OF, "C3": "M9"})  # who is new, and has sent nothing before
    taken = Organisation(owners, pd.Series({**REGION_OF, "M9": "R1"}), named)
    told = forecast_month([totals_of(month) for month in MONTHS], taken, USUAL).set_index(["entity_id", "measure"])
    assert told.loc[("M9", "volume"), "forecast"] == pytest.approx(300, rel=0.05)
    assert told.loc[("M9", "volume"), "months_of_history"] == len(MONTHS)


def test_what_a_customer_bought_of_a_manager_who_had_not_reported_is_unknown_to_who_has_it_now():
    named = pd.DataFrame(index=pd.Index(list(MANAGER_OF)))
    taken = Organisation(pd.Series({**MANAGER_OF, "C3": "M3"}), pd.Series(REGION_OF), named)
    without = replace(totals_of(MONTHS[-1], senders=("M1", "M3")), untold=frozenset({"C3"}))
    told = forecast_month([*(totals_of(month) for month in MONTHS[:-1]), without], taken, USUAL)
    own = told[told["measure"] == "volume"].set_index("entity_id")
    assert own.loc["C3", "forecast"] == pytest.approx(300, rel=0.05)  # and no month of 0
    assert np.isnan(own.loc["C3", "this_month"])


def test_a_manager_who_never_sent_anything_hides_nothing_of_the_others():
    with_new = Organisation(pd.Series({**MANAGER_OF, "C9": "M9"}), pd.Series({**REGION_OF, "M9": "R1"}))
    told = forecast_month([totals_of(month) for month in MONTHS[-1:]], with_new, USUAL)
    assert value(told, "region", "R1") == pytest.approx(600, rel=0.05)


def test_a_region_has_an_outlook_only_where_each_manager_gave_one():
    outlook = pd.DataFrame({"manager_id": ["M1", "M1", "M3"], "volume": pd.array([100, 20, 300], dtype="Int64")})
    told = issued_by_managers(Month(2024, 6), outlook, pd.Series(REGION_OF))
    issued = told.set_index(["level", "entity_id"])["forecast"]
    assert issued.to_dict() == {("manager", "M1"): 120.0, ("manager", "M3"): 300.0, ("region", "R2"): 300.0}


def test_an_outlook_of_a_part_is_no_outlook_of_the_whole():
    sold = pd.DataFrame(
        [("M1", "class1", 60.0), ("M1", "class2", 40.0), ("M2", "class1", 96.0), ("M2", "class2", 4.0),
         ("M3", "class1", 50.0), ("M3", "class2", 50.0), ("M4", "class1", 10.0)],
        columns=["manager_id", "category", "volume"],
    )  # fmt: skip
    products = pd.DataFrame({"product_id": ["P1", "P2"], "category": ["class1", "class2"]})
    rows = [("M1", "class1", None, 70), ("M2", "class1", None, 90), ("M3", "class1", None, 50),
            ("M3", None, "P2", 40), ("M5", "class1", None, 5)]  # fmt: skip
    outlook = pd.DataFrame(rows, columns=["manager_id", "category", "product_id", "volume"])
    # M1 names 60 of 100, M2 96 of 100, M3 all of it, M5 sold nothing that is known.
    assert whole_outlooks(outlook, sold, products)["manager_id"].tolist() == ["M2", "M3", "M3", "M5"]
    plain = outlook[["manager_id", "volume"]]  # of a trade that asks for one number
    assert whole_outlooks(plain, sold, products) is plain


def came(values: dict[str, float], source: str = "came", moved: bool = False) -> pd.DataFrame:
    """What months brought region R1, or the year before did; `moved` where somebody moved since the forecast."""
    own = {"level": "region", "entity_id": "R1", "figure": "volume", "source": source, "moved": moved}
    return pd.DataFrame([{"month": month, "value": value, **own} for month, value in values.items()])


def issued(month: str, forecast: float) -> pd.DataFrame:
    row = {"month": month, "level": "region", "entity_id": "R1", "measure": "volume", "forecast": forecast}
    bounds = {"low80": forecast - 10, "high80": forecast + 10, "low95": forecast - 20, "high95": forecast + 20}
    return issued_by_model(pd.DataFrame([{**row, **bounds}]), Month.parse(month) + -1, 1, backfilled=False)


def test_the_track_record_divides_the_errors_by_what_came():
    actual = {"2024-04": 100.0, "2024-05": 110.0, "2024-06": 120.0}
    track = track_of(
        Month(2024, 6),
        [issued("2024-04", 90.0), issued("2024-05", 125.0), issued("2024-06", 120.0)],
        came(actual),
    )
    model = track[track["source"] == "model"].iloc[0]
    # |90−100| + |125−110| + |120−120| = 25 of 330; −10 + 15 + 0 = 5 of 330
    assert model["wape"] == pytest.approx(100 * 25 / 330, abs=1e-6)
    assert model["bias"] == pytest.approx(100 * 5 / 330, abs=1e-6)
    assert model["hit80"] == pytest.approx(100 * 2 / 3, abs=1e-6)
    assert model["hit95"] == 100
    assert (model["last_forecast"], model["last_actual"]) == (120.0, 120.0)


def test_what_came_is_not_judged_where_it_is_not_known():
    brought = pd.concat([came({"2024-05": 100.0}), came({"2024-06": np.nan}, moved=True)])
    track = track_of(Month(2024, 6), [issued("2024-05", 100.0), issued("2024-06", 120.0)], brought)
    assert track.loc[track["source"] == "model", "forecasts"].tolist() == [1]
    assert track.loc[track["source"] == "model", "wape"].tolist() == [0.0]
    assert track["last_forecast"].tolist() == [120.0]
    assert track["last_actual"].isna().all()
    assert track["last_moved"].tolist() == [True]  # whatever came, it is of others


def test_last_years_month_is_judged_beside_the_forecast_and_who_moved_is_said():
    told = [issued(f"2024-0{month}", 100.0) for month in (4, 5, 6)]
    brought = {"2024-04": 110.0, "2024-05": 90.0}
    both = pd.concat([
        came(brought), came({"2024-06": 100.0}, moved=True), came({"2024-04": 80.0, "2024-05": 80.0}, "last_year"),
        came({"2024-06": 130.0}, "last_year", moved=True),
    ])  # fmt: skip
    track = track_of(Month(2024, 6), told, both).set_index("source")
    assert track["forecasts"].to_dict() == {"model": 3, "last_year": 3}
    # |100 − 110| + |100 − 90| + 0 = 20 and |80 − 110| + |80 − 90| + |130 − 100| = 70, of 300
    assert track["wape"].to_dict() == pytest.approx(
        {"model": 100 * 20 / 300, "last_year": 100 * 70 / 300}, abs=1e-6
    )
    assert track["last_actual"].tolist() == [100.0, 100.0]
    assert track["last_moved"].tolist() == [True, True]


def test_an_outlook_for_a_month_that_is_not_known_takes_nothing_from_the_record():
    # The region's managers said what they expect of March to June; of June it is not known what came.
    months = [f"2024-0{number}" for number in range(1, 7)]
    outlook = pd.concat([issued(month, 100.0).assign(source="outlook") for month in months[2:]])
    track = track_of(
        Month(2024, 6),
        [*(issued(month, 100.0) for month in months), outlook],
        came(dict.fromkeys(months[:5], 100.0)),
    ).set_index("source")
    assert track["forecasts"].to_dict() == {"model": 3, "outlook": 3}  # March to May
    assert track.loc["model", "last_forecast"] == 100.0
    assert np.isnan(track.loc["model", "last_actual"])


def test_of_a_month_that_nobody_reported_nothing_is_forecast_as_the_next(organisation):
    profile = load_profile(default_trade())
    months = [totals_of(month) for month in MONTHS[-12:-1]]
    july = foreseen(MONTHS[-1], "volume", [*months, totals_of(MONTHS[-1])], organisation, [], profile)
    assert set(july["month"]) == {"2024-07"}
    assert foreseen(
        MONTHS[-1], "volume", [*months, totals_of(MONTHS[-1], senders=())], organisation, [], profile
    ).empty


def test_who_left_this_month_still_stands_beside_what_it_brought():
    """C2 bought about 200 in June and left on the 20th: June is what it was, July is 0; R1's categories, too."""
    told_of = pd.DataFrame({"status": ["left"], "customer_name": ["滨河路福源烟酒店"]}, index=["C2"])
    known = Organisation(pd.Series(MANAGER_OF), pd.Series(REGION_OF), told_of)
    months = [totals_of(month) for month in MONTHS]
    told = forecast_month(months, known, USUAL).query("measure == 'volume'").set_index(["level", "entity_id"])
    june = months[-1].by_customer.set_index("customer_id")["volume"]
    assert told.loc[("customer", "C2"), "this_month"] == june["C2"]
    assert told.loc[("category", "R1|class1"), "this_month"] == pytest.approx(
        june[["C1", "C2", "C3"]].sum() / 2, abs=1
    )
    assert told.loc[("category", "class1"), "this_month"] == pytest.approx(june.sum() / 2, abs=1)


def held(balances: dict[str, list[float]], senders=("M1", "M2", "M3")) -> list[SalesTotals]:
    """Months to June 2024 in which customers hold balances (yuan) at the month's end; each brings 1 % of it a month."""
    months = months_between(Month(2024, 6) + -(len(next(iter(balances.values()))) - 1), Month(2024, 6))
    found = []
    for place, month in enumerate(months):
        rows = [(MANAGER_OF[one], one, values[place], values[place] / 100) for one, values in balances.items()]
        by_customer = pd.DataFrame(rows, columns=["manager_id", "customer_id", "volume", "amount"])
        found.append(
            SalesTotals(month, by_customer, by_customer[["manager_id", "volume", "amount"]], frozenset(senders))
        )
    return found


STEADY = [800.0, 810, 790, 805, 800, 795, 790, 800, 805, 810, 795, 800]


def july_of(
    balances: dict[str, list[float]], told_of: pd.DataFrame | None = None, stocks=("volume",)
) -> pd.DataFrame:
    known = Organisation(
        pd.Series(MANAGER_OF), pd.Series(REGION_OF), told_of if told_of is not None else pd.DataFrame()
    )
    return forecast_month(held(balances), known, USUAL, stocks=stocks).set_index(["measure", "level", "entity_id"])


def test_an_account_that_was_emptied_is_expected_to_stay_empty_and_to_bring_nothing():
    told = july_of({"C1": STEADY, "C2": [*STEADY[:-1], 0.0]})
    for measure in ("volume", "amount"):
        row = told.loc[(measure, "customer", "C2")]
        assert (row["forecast"], row["high95"], row["method"]) == (0, 0, "none_left")
        assert (
            told.loc[(measure, "manager", "M1"), "forecast"] == told.loc[(measure, "customer", "C1"), "forecast"]
        )


def test_who_has_been_at_nothing_before_and_came_back_may_come_back_again():
    borrowed = [1000.0, 0, 0] * 4  # a loan taken for a month each quarter
    told = july_of({"C1": STEADY, "C2": borrowed})
    assert told.loc[("volume", "customer", "C2"), "forecast"] == pytest.approx(1000, rel=0.05)


def test_a_month_without_an_order_does_not_end_a_customer_of_what_is_sold():
    told = july_of({"C1": STEADY, "C2": [*STEADY[:-1], 0.0]}, stocks=None)
    assert told.loc[("volume", "customer", "C2"), "forecast"] > 0


def test_a_customer_closed_for_now_keeps_what_it_holds_but_buys_nothing():
    closed = pd.DataFrame({"status": ["paused"], "customer_name": ["某户"]}, index=["C2"])
    both = {"C1": STEADY, "C2": STEADY}
    assert july_of(both, closed).loc[("volume", "customer", "C2"), "forecast"] == pytest.approx(800, rel=0.03)
    assert july_of(both, closed, stocks=None).loc[("volume", "customer", "C2"), "forecast"] == 0


def test_what_is_a_balance_is_known_by_the_trade():
    named = {trade: stocks_of(load_profile(trade)) for trade in ("tobacco", "power", "agency", "bank", "cable")}
    assert named == {
        "tobacco": None, "power": None, "agency": None,
        "bank": ("volume", "amount"),  # AUM and loans; the third, income, is what comes of them
        "cable": ("volume",),  # households; fees are what comes of them
    }  # fmt: skip


def signed(*months: int, of: int) -> list[float]:
    """One contract of 100 in each of these of so many months."""
    return [100.0 * (one in months) for one in range(of)]


@pytest.mark.parametrize(
    ("contracts", "is_over"),
    [
        (signed(0, 5, 9, 14, 19, of=24), False),  # one each four or five months, the last four months ago
        (signed(0, 5, 9, 12, of=24), True),  # as seldom, but for eleven months none
        (signed(*range(10), *range(13, 20), of=24), True),  # every month, but for three once; and now four without
    ],
)
def test_who_signs_seldom_is_not_silent_within_the_time_that_it_usually_takes(contracts, is_over):
    told = july_of({"C1": [300.0] * 24, "C2": contracts}, stocks=None).loc[("volume", "customer", "C2")]
    assert (told["method"] == "silent") == is_over
    assert (told["forecast"] == 0) == is_over


def test_a_large_deposit_of_last_month_is_a_level_and_no_freak_but_of_what_is_sold_it_is_one():
    both = {"C1": STEADY, "C2": [*STEADY[:-1], 20_000.0]}
    told = july_of(both)
    for measure, times in (("volume", 1), ("amount", 0.01)):  # the income follows the balance
        row = told.loc[(measure, "customer", "C2")]
        assert row["forecast"] == pytest.approx(20_000 * times, rel=0.03)
        assert row["low95"] <= 820 * times < row["low80"]
        assert told.loc[(measure, "manager", "M1"), "forecast"] == pytest.approx(20_800 * times, rel=0.03)
    assert july_of(both, stocks=None).loc[("volume", "customer", "C2"), "forecast"] == pytest.approx(800, rel=0.05)


def test_a_fee_that_came_once_is_not_carried_on_by_a_balance_that_stayed():
    fees = held({"C1": STEADY, "C2": STEADY})
    fees[-1].by_customer.loc[fees[-1].by_customer["customer_id"] == "C2", "amount"] = 500.0
    known = Organisation(pd.Series(MANAGER_OF), pd.Series(REGION_OF))
    told = forecast_month(fees, known, USUAL, stocks=("volume",)).set_index(["measure", "level", "entity_id"])
    assert told.loc[("amount", "customer", "C2"), "forecast"] == pytest.approx(8, rel=0.05)
