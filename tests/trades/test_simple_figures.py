"""Simple figures as data: what a measure counts, and what is told of one that cannot be counted."""

import pandas as pd
import pytest

from pipeline.base.calendar import Month
from pipeline.base.errors import SettingsError
from pipeline.base.month_rows import MonthRows
from pipeline.contract.facts import Facts
from pipeline.contract.settings import settings_from
from pipeline.figures.catalogue import all_figures
from pipeline.figures.simple import Measure, check_own_figures
from pipeline.workbooks.all_sheets import check_sheets
from schemas.form import all_forms

JUNE = Month(2024, 6)
TOBACCO = settings_from({}).profile
CALLS = {"zh": "来电", "en": "Calls", "unit": "次", "better": "lower", "definition": "特殊访问。"}
COUNTED = {"numerator": {"form": "visits", "count": "rows", "where": {"visit_kind": "special"}}}


def rows(form: str, *given: dict[str, object]) -> pd.DataFrame:
    declared = all_forms()[form]
    columns = {column.name: [one.get(column.name) for one in given] for column in declared.columns}
    sender = {"manager_id": [str(one["manager_id"]) for one in given], "region_id": ["R1"] * len(given)}
    return pd.DataFrame(columns).astype(declared.dtypes).assign(**sender)


def facts(**forms: pd.DataFrame) -> Facts:
    masters = {
        "customers": pd.DataFrame(
            {
                "customer_id": ["C1", "C2", "C3"],
                "manager_id": ["M1", "M1", "M2"],
                "status": ["active", "paused", "active"],
                "joined_on": pd.to_datetime(["2020-01-01"] * 3),
                "left_on": pd.to_datetime([None] * 3),
            }
        ),
        "managers": pd.DataFrame({"manager_id": ["M1", "M2"], "region_id": ["R1", "R1"]}),
    }
    return Facts(MonthRows(JUNE, forms, masters, frozenset()), {}, TOBACCO)


VISITS = rows(
    "visits",
    {"manager_id": "M1", "customer_id": "C1", "visit_kind": "special", "display_ok": True, "stock_qty": 5},
    {"manager_id": "M1", "customer_id": "C1", "visit_kind": "planned", "display_ok": None, "stock_qty": 7},
    {"manager_id": "M1", "customer_id": "C2", "visit_kind": "special", "display_ok": False, "stock_qty": None},
    {"manager_id": "M2", "customer_id": "C3", "visit_kind": "planned", "display_ok": None, "stock_qty": None},
)


@pytest.mark.parametrize(
    ("measure", "wanted"),
    [
        (Measure("visits", "rows"), {"M1": 3, "M2": 1}),
        (Measure("visits", "rows", where=(("visit_kind", ("special",)),)), {"M1": 2}),
        (Measure("visits", "rows", where=(("visit_kind", ("special", "planned")),)), {"M1": 3, "M2": 1}),
        (Measure("visits", "rows", where=(("display_ok", (True,)),)), {"M1": 1}),
        (Measure("visits", "rows", filled=("display_ok",)), {"M1": 2}),
        (Measure("visits", "customers"), {"M1": 2, "M2": 1}),
        (Measure("visits", "active"), {"M1": 1, "M2": 1}),  # C2 is paused
        (Measure("customers", "active"), {"M1": 1, "M2": 1}),
        (Measure("visits", sum="stock_qty"), {"M1": 12, "M2": 0}),  # a manager with rows but no stock: 0
        (Measure("visits", sum="stock_qty", where=(("visit_kind", ("special",)),)), {"M1": 5, "M2": 0}),
    ],
)
def test_a_measure_counts_rows_customers_or_sums_a_column(measure: Measure, wanted) -> None:
    assert measure(facts(visits=VISITS)).groupby(level=0).sum().to_dict() == wanted


def test_a_case_belongs_to_the_month_by_the_day_that_is_named() -> None:
    """N1 came in May and was closed in June, N2 came in June and is open."""
    cases = rows(
        "complaints",
        {
            "manager_id": "M1", "customer_id": "C1", "complaint_no": "N1",
            "received_on": pd.Timestamp(2024, 5, 30), "resolved_on": pd.Timestamp(2024, 6, 3), "rating": 4,
        },
        {"manager_id": "M1", "customer_id": "C1", "complaint_no": "N2", "received_on": pd.Timestamp(2024, 6, 5)},
    )  # fmt: skip
    seen = facts(complaints=cases)
    assert Measure("complaints", "rows", in_month="received_on")(seen).to_dict() == {"M1": 1}
    assert Measure("complaints", sum="rating", in_month="resolved_on")(seen).to_dict() == {"M1": 4}


def test_equal_measures_are_counted_once() -> None:
    seen = facts(visits=VISITS)
    assert seen.once(Measure("visits", "rows")) is seen.once(Measure("visits", "rows"))


def test_an_offices_own_figure_is_among_all_with_its_words_unit_and_definition() -> None:
    profile = settings_from({"figures": {"calls": {**CALLS, **COUNTED}}}).profile
    own = next(one for one in all_figures(profile) if one.key == "calls")
    assert (own.zh, own.en, own.unit, own.better, own.definition_zh, own.subject) == (
        "来电", "Calls", "次", "lower", "特殊访问。", "own",
    )  # fmt: skip
    assert own.forms == ("visits",) and own.must_know == "visits"
    assert "calls" not in {one.key for one in all_figures(TOBACCO)}


def test_braces_that_an_office_types_stay_as_they_are() -> None:
    profile = settings_from({"figures": {"calls": {**CALLS, **COUNTED, "definition": "{次数}"}}}).profile
    assert all_figures(profile)[-1].definition_zh == "{次数}"


@pytest.mark.parametrize(
    ("measure", "told"),
    [
        ({"form": "weather", "count": "rows"}, "figures.calls.numerator.form: 'weather'"),
        ({"form": "visits", "sum": "colour"}, "figures.calls.numerator: 'colour'"),
        ({"form": "visits", "sum": "market_info"}, "figures.calls.numerator.sum: 'market_info': text"),
        ({"form": "visits", "count": "rows", "in_month": "note"}, "figures.calls.numerator.in_month: 'note'"),
        ({"form": "actions", "count": "customers"}, "figures.calls.numerator.count: 'customers'"),
        ({"form": "products", "count": "rows"}, "figures.calls.numerator.form: 'products'"),
    ],
)
def test_a_measure_of_what_is_not_there_is_told_by_its_key(measure, told) -> None:
    with pytest.raises(SettingsError) as fault:
        profile = settings_from({"figures": {"calls": {**CALLS, "numerator": measure}}}).profile
        check_own_figures(profile.figures, profile)
    assert told in str(fault.value)


@pytest.mark.parametrize(
    "wrong",
    [{"numerator": {"form": "visits"}}, {"numerator": {"form": "visits", "count": "rows", "sum": "stock_qty"}}],
)
def test_a_measure_says_either_what_it_sums_or_what_it_counts(wrong) -> None:
    with pytest.raises(SettingsError, match=r"figures\.calls\.numerator"):
        settings_from({"figures": {"calls": {**CALLS, **wrong}}})


def test_a_unit_that_nobody_knows_is_told_unless_the_trade_declares_it() -> None:
    given = {"figures": {"calls": {**CALLS, **COUNTED, "unit": "通"}}}
    with pytest.raises(SettingsError, match="'通'"):
        all_figures(settings_from(given).profile)
    known = settings_from({**given, "profile": {"units": {"通": {"en": "calls", "is_count": True}}}}).profile
    own = all_figures(known)[-1]
    assert (own.unit, own.unit_en, own.is_count) == ("通", "calls", True)


def test_a_subject_a_group_or_a_sheet_that_is_not_there_is_told_by_its_key() -> None:
    with pytest.raises(SettingsError, match=r"subjects: 'weather'"):
        all_figures(settings_from({"profile": {"subjects": ["weather"]}}).profile)
    indicator = {"scorecard": {"indicators": {"volume": {"group": "luck", "weight": 0.2}}}}
    with pytest.raises(SettingsError, match=r"indicators\.volume\.group: 'luck'"):
        settings_from({"profile": indicator})
    with pytest.raises(SettingsError, match=r"workbooks\.region: 'weather'"):
        check_sheets(settings_from({"profile": {"workbooks": {"region": ["weather"]}}}).profile)


def test_figures_of_a_column_or_form_that_the_trade_is_without_are_not_there() -> None:
    without = {"own_forms": {"visits": {"without": ["display_ok"]}}}
    keys = {one.key for one in all_figures(settings_from({"profile": without}).profile)}
    assert "display_rate" not in keys and "price_rate" in keys
    forms = {"monthly_forms": ["sales", "visits", "complaints"], "other_forms": [], "scorecard": {}}
    keys = {one.key for one in all_figures(settings_from({"profile": forms}).profile)}
    assert not [one for one in keys if one.startswith("satisfaction")] and "response_rate" not in keys
    assert "lost_to_competitors" not in keys and "volume" in keys


def test_a_third_of_the_figures_of_the_first_trade_are_data() -> None:
    simple = [one for one in all_figures(TOBACCO) if isinstance(one.numerator, Measure)]
    assert len(simple) >= 29
