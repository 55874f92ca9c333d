"""What is forecast of a stock: households on the books stand until somebody changes them, reported or not."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
import pytest

from pipeline.base.calendar import Month, months_between
from pipeline.contract.report import ORGANISATION_ID
from pipeline.month.forecast import forecast_month
from pipeline.month.sales_totals import Measure, Organisation, SalesTotals
from pipeline.month.stock_history import entities_with_unreported, last_rows

N = None  # not reported
FEE = 20.0
MONTHS = months_between(Month(2022, 7), Month(2024, 6))
STEADY = {f"S{number}": [50 + number] * len(MONTHS) for number in range(6)}


def told_of(
    households: Mapping[str, list[int | None]],
    fees: Mapping[str, list[float | None]] | None = None,
    *,
    status: Mapping[str, str] | None = None,
    silent: Mapping[str, set[int]] | None = None,
    measure: Measure = "volume",
) -> pd.DataFrame:
    """The forecast after so many months of households by customer, all of one manager M1 but those named Z….

    `fees` by customer, else 20 yuan a household; `silent`: the months, from the last (0), without a manager's forms.
    """
    count = len(next(iter(households.values())))
    manager_of = {one: "M2" if one.startswith("Z") else "M1" for one in households}
    totals = [_month(place, count, manager_of, households, fees or {}, silent or {}) for place in range(count)]
    named = pd.DataFrame(
        {"status": [(status or {}).get(one, "active") for one in households], "customer_name": list(households)},
        index=list(households),
    )
    region_of = pd.Series(dict.fromkeys(manager_of.values(), "R1"))
    organisation = Organisation(pd.Series(manager_of), region_of, named)
    told = forecast_month(totals, organisation, measures=(measure,), stocks=("volume",))
    return told.set_index(["level", "entity_id"])


def _month(place, count, manager_of, households, fees, silent) -> SalesTotals:
    out = {manager for manager, months in silent.items() if count - 1 - place in months}
    rows = [
        (manager_of[one], one, float(values[place]), fees[one][place] if one in fees else FEE * values[place])
        for one, values in households.items()
        if values[place] is not None and manager_of[one] not in out
    ]
    by_customer = pd.DataFrame(rows, columns=["manager_id", "customer_id", "volume", "amount"])
    by_group = by_customer.groupby("manager_id", as_index=False)[["volume", "amount"]].sum()
    senders = frozenset(set(manager_of.values()) - out)
    return SalesTotals(MONTHS[-1] + (place + 1 - count), by_customer, by_group, senders, only_rows=True)


def last(values: list[int | None], *, steady: int = 50) -> list[int | None]:
    """So many months of `steady` households, the last as given."""
    return [*[steady] * (len(MONTHS) - len(values)), *values]


def test_a_customer_that_left_long_ago_leaves_the_history_of_the_whole_known():
    told = told_of({**STEADY, "gone": [40, 40, 0, *[N] * 21]}, status={"gone": "left"})
    whole = told.loc[("organisation", ORGANISATION_ID)]
    assert (whole["months_of_history"], whole["forecast"]) == (24, 315)
    assert (told.loc[("customer", "gone"), ["forecast", "method"]] == [0, "left"]).all()


def test_customers_not_reported_now_and_then_leave_the_history_of_the_whole_known():
    """In each month but the last another customer lacks its row."""
    patchy = {one: list(values) for one, values in STEADY.items()}
    for place in range(1, len(MONTHS) - 1):
        patchy[f"S{place % 6}"][place] = N
    whole = told_of(patchy).loc[("organisation", ORGANISATION_ID)]
    assert (whole["months_of_history"], whole["forecast"]) == (24, 315)


@pytest.mark.parametrize("unreported", [1, 2])
def test_a_customer_not_reported_lately_stands_as_it_stood_last_and_has_no_month(unreported):
    row = told_of({**STEADY, "late": last([N] * unreported)}).loc[("customer", "late")]
    assert row["forecast"] == 50
    assert np.isnan(row["this_month"])


def test_a_customer_not_reported_for_three_months_is_expected_to_have_nothing():
    told = told_of({**STEADY, "lost": last([N, N, N])})
    assert (told.loc[("customer", "lost"), ["forecast", "method"]] == [0, "silent"]).all()
    assert told.loc[("organisation", ORGANISATION_ID), "forecast"] == 315


def test_the_customers_of_a_manager_who_sends_nothing_for_months_are_not_lost():
    told = told_of({**STEADY, "Z1": last([]), "Z2": last([])}, silent={"M2": {0, 1, 2, 3}})
    assert told.loc[("manager", "M2"), "forecast"] == 100
    assert told.loc[("organisation", ORGANISATION_ID), "forecast"] == 415


@pytest.mark.parametrize("months_at_0", [1, 2])
@pytest.mark.parametrize("measure", ["volume", "amount"])
def test_households_that_fell_to_0_stay_there_and_so_do_their_fees(months_at_0, measure):
    told = told_of({**STEADY, "lost": last([0] * months_at_0)}, measure=measure)
    assert (told.loc[("customer", "lost"), ["forecast", "high95", "method"]] == [0, 0, "none_left"]).all()


def test_a_month_without_a_fee_is_not_the_end_of_a_customer_with_households():
    fees = {"free": [1000.0] * 23 + [0.0]}
    assert told_of({**STEADY, "free": last([])}, fees, measure="amount").loc[("customer", "free"), "forecast"] > 0


def test_a_camp_that_opens_again_each_summer_is_not_at_its_end():
    camp = [0 if month.month in (11, 12, 1, 2, 3, 4) else 200 for month in MONTHS]
    told = told_of({**{one: values[:-2] for one, values in STEADY.items()}, "camp": camp[:-2]})
    assert told.loc[("customer", "camp"), "method"] != "none_left"


def test_a_paused_customer_keeps_its_households_and_pays_nothing():
    """A hotel that closes has its households paused: they stay on the books, nothing is due for them."""
    hotel = {"hotel": [1000.0] * 23 + [0.0]}
    for measure, expected in (("volume", 50), ("amount", 0)):
        told = told_of({**STEADY, "hotel": last([])}, hotel, status={"hotel": "paused"}, measure=measure)
        assert told.loc[("customer", "hotel"), "forecast"] == expected


def test_a_customer_called_paused_that_is_billed_goes_on_paying():
    told = told_of({**STEADY, "hotel": last([])}, status={"hotel": "paused"}, measure="amount")
    assert told.loc[("customer", "hotel"), "forecast"] == pytest.approx(1000, abs=1)


def test_how_much_of_a_forecast_is_of_customers_not_reported_stands_beside_it():
    told = told_of({**STEADY, "late": last([N]), "Z1": last([]), "Z2": last([])}, silent={"M2": {0}})
    assert told.loc[("customer", "late"), "method"].endswith("+not_reported")
    for place in (("manager", "M1"), ("region", "R1"), ("organisation", ORGANISATION_ID)):
        assert told.loc[place, "unreported"] == 50  # those of M2, who sent nothing, are told of by manager
    assert np.isnan(told.loc[("manager", "M2"), "unreported"])
    assert not told.loc[("customer", "Z1"), "method"].endswith("+not_reported")


def two_months(before: dict[str, int], now: dict[str, int], senders: str = "M1 M2") -> list[SalesTotals]:
    """May and June of customers named by their manager and a letter, as in M1a."""
    totals = []
    for month, households in ((MONTHS[-2], before), (MONTHS[-1], now)):
        rows = [(one[:2], one, float(count), 0.0) for one, count in households.items()]
        by_customer = pd.DataFrame(rows, columns=["manager_id", "customer_id", "volume", "amount"])
        totals.append(
            SalesTotals(month, by_customer, by_customer.iloc[:0], frozenset(senders.split()), only_rows=True)
        )
    return totals


def lacking(totals: list[SalesTotals], **manager_now: str) -> set[tuple[str, str]]:
    """Whose month is not to be compared with; a customer stays with its manager but for those given."""
    rows = last_rows(totals)
    whose = zip(rows["customer_id"], rows["manager_id"], strict=True)
    own = pd.Series([manager_now.get(customer, manager) for customer, manager in whose], index=rows.index)
    placed = rows.assign(manager_now=own, region_now=own.map({"M1": "R1", "M2": "R2"}))
    return set(entities_with_unreported(placed).itertuples(index=False, name=None))


def test_a_month_in_which_a_customer_was_not_reported_is_not_compared_with():
    # M1b's 10 of 110 households were not reported: 9 % of M1, 0.9 % of the company.
    before = {"M1a": 100, "M1b": 10, "M2a": 1000}
    now = two_months(before, {"M1a": 100, "M2a": 1000})
    assert lacking(now) == {("manager", "M1"), ("region", "R1")}
    # Told as in a month in which M2 has it: 10 of 1,010 households lack there.
    assert lacking(two_months({**before, "M1b": 20}, {"M1a": 100, "M2a": 1000}), M1b="M2") >= {
        ("manager", "M2"), ("region", "R2")
    }  # fmt: skip
    # Reported with nothing left, or of a manager who sent nothing, who is told of by itself: nothing is lacking.
    assert lacking(two_months(before, {**before, "M1b": 0})) == set()
    assert lacking(two_months(before, {"M2a": 1000}, senders="M2")) == set()


def test_a_manager_whose_customers_all_stopped_has_their_reason_and_not_that_there_never_was_any():
    told = told_of({**STEADY, "Z1": last([0]), "Z2": last([0, 0])})
    assert (told.loc[("manager", "M2"), ["forecast", "method"]] == [0, "none_left"]).all()
    never = told_of({**STEADY, "Z1": [0] * len(MONTHS)})
    assert never.loc[("manager", "M2"), "method"] == "no_orders"
