"""Energy is filled in in kWh and told in 万千瓦时, in English in MWh; what a code beside the matter may cost a row."""

import pytest

from pipeline.contract.show import shown_unit_text, unit_text, value_text
from pipeline.contract.trade import load_profile, words_of
from pipeline.figures.catalogue import all_figures
from pipeline.intake.heading_units import other_unit
from pipeline.intake.number_forms import number_reader
from schemas.rules import implied_rules

POWER = load_profile("power")
FIGURES = {one.key: one for one in all_figures(POWER)}


@pytest.mark.parametrize(
    ("language", "kwh", "told"),
    [
        ("zh", 350_000, "35.00万千瓦时"),
        ("zh", -12_345, "-1.23万千瓦时"),
        ("zh", 9_999, "9,999千瓦时"),
        ("en", 350_000, "350.0 MWh"),
        ("en", 9_999, "9,999 kWh"),
    ],
)
def test_much_energy_is_told_in_the_large_unit(language, kwh, told) -> None:
    assert value_text(kwh, FIGURES["energy"], words_of(language, POWER)) == told


@pytest.mark.parametrize(("language", "own", "shown"), [("zh", "千瓦时", "万千瓦时"), ("en", "kWh", "MWh")])
def test_sheets_show_the_large_unit_and_the_glossary_the_forms_own(language, own, shown) -> None:
    words, figure = words_of(language, POWER), FIGURES["energy_of_class.1"]
    assert (unit_text(figure, words), shown_unit_text(figure, words)) == (own, shown)


def test_a_price_per_kwh_stays_as_it_is() -> None:
    assert value_text(0.6614, FIGURES["price_per_kwh"], words_of("zh", POWER)) == "0.6614元/千瓦时"


@pytest.mark.parametrize(
    ("form", "rule", "effect"),
    [
        ("complaints", "known_engineer_id", "note"),  # a complaint is one, whoever was sent
        ("managers", "known_station_id", "note"),  # a manager is one, wherever the desk stands
        ("complaints", "known_customer_id", "row left out"),
        ("samples", "known_engineer_id", "row left out"),  # it is the engineer's mark
    ],
)
def test_a_code_that_is_not_in_the_master_data_costs_a_row_only_where_the_row_is_about_it(
    form: str, rule: str, effect: str
) -> None:
    found = {one.key: one.effect for one in implied_rules(POWER.forms[form])}
    assert found[rule] == effect


def test_a_trade_speaks_of_the_steps_that_its_own_form_has() -> None:
    """Orders of the power trade are not inspected or decided on: the desk sends them, and an engineer closes them."""
    texts = [rule.zh for rule in POWER.forms["complaints"].rules]
    assert not [one for one in texts if "查看" in one or "审批" in one]


def test_a_kilowatt_hour_is_called_du_too() -> None:
    read = number_reader("千瓦时", whole=False)
    texts = {"1200度": 1200, "1200 kWh": 1200, "1.2万千瓦时": 12_000, "1.2万度": 12_000}
    assert {text: read(text).value for text in texts} == texts
    assert read("12 MWh").rule == "unit_other"


@pytest.mark.parametrize(
    ("heading", "unit"),
    [("用电量(千瓦时)", ""), ("用电量(度)", ""), ("用电量（万千瓦时）", "万千瓦时"), ("Energy (MWh)", "MWh")],
)
def test_a_heading_in_the_unit_of_the_reports_is_not_taken_for_kwh(heading: str, unit: str) -> None:
    assert other_unit(heading, POWER.forms["sales"].column("sold_qty"), []) == unit
