"""A trade says which forms are in use, with which columns, in which words (design.md, "A trade as a value")."""

import io

import openpyxl
import pandas as pd
import pytest

from pipeline.base.calendar import Month
from pipeline.base.errors import SettingsError
from pipeline.base.month_rows import MonthRows
from pipeline.contract.facts import Facts
from pipeline.contract.form_layout import heading, shown_headings
from pipeline.contract.settings import Settings, settings_from
from pipeline.contract.subjects import subject_of, subjects_in_use
from pipeline.contract.trade import load_profile, profile_names
from pipeline.figures.catalogue import all_figures
from pipeline.subjects.complaints.lists import SUMS
from pipeline.templates.blank import forms_of
from pipeline.templates.write import write_template
from pipeline.trades.dictionary import data_dictionary
from pipeline.words import load_words
from schemas.form import Context, all_forms
from schemas.in_use import has_column

DAYS = (pd.Timestamp(2024, 6, 1), pd.Timestamp(2024, 6, 30))
LIST = {"key": "fees", "zh": "缴费", "en": "Fees"}
NARROWED = {
    "master_forms": ["regions", "managers", "customers"],
    "monthly_forms": ["visits", "complaints"],
    "other_forms": [],
    "lists": {"subjects": [LIST, {"key": "repair", "zh": "报修", "en": "Repair"}], "departments": [LIST]},
    "own_forms": {
        "visits": {
            "zh": "客户回访",
            "en": "Calls",
            "without": ["display_ok", "price_ok", "observed_price", "price_tags_replaced", "stock_qty"],
            "columns": {"note": {"zh": "说明", "en": "Remark", "required": True}},
        },
        "complaints": {
            "without": ["product_id", "quantity"],
            "columns": {"category": {"zh": "工单类别", "en": "Kind of order", "list": "subjects"}},
        },
    },
}


def settings(**changes: object) -> Settings:
    return settings_from({"profile": {**NARROWED, **changes}})


def test_only_the_forms_that_a_trade_names_are_in_use_master_data_first() -> None:
    assert list(settings().profile.forms) == ["regions", "managers", "customers", "visits", "complaints"]


def test_columns_that_a_trade_is_without_are_neither_columns_nor_stored_nor_read_by_a_rule() -> None:
    visits = settings().profile.forms["visits"]
    assert "display_ok" not in visits.dtypes and "display_ok" not in visits.empty()
    assert [rule.key for rule in visits.rules] == [
        "filled_special_reason",
        "order_arrived_at_left_at",
        "order_happened_on_visit_date",
    ]
    assert {rule.key for rule in settings().profile.forms["complaints"].all_rules}.isdisjoint(
        ["filled_product_id", "known_product_id"]
    )


def test_a_column_has_the_words_and_list_of_the_trade() -> None:
    profile = settings().profile
    category = profile.forms["complaints"].column("category")
    assert heading(category, "zh") == "工单类别" and heading(category, "en") == "Kind of order"
    assert [one.zh for one in profile.choices(category.list_name)] == ["缴费", "报修"] and not category.choices
    assert all_forms()["complaints"].column("category").zh == "类别"


def test_a_column_may_be_asked_for_in_one_trade_and_not_in_another() -> None:
    profile = settings().profile
    context = Context(*DAYS, {}, profile)
    assert not profile.forms["visits"].schema(context).columns["note"].nullable
    assert all_forms()["visits"].schema(context).columns["note"].nullable
    assert "display_ok" not in profile.forms["visits"].schema(context).columns


def test_the_template_and_the_dictionary_have_what_is_in_use_and_nothing_else(tmp_path) -> None:
    profile, words = settings().profile, load_words("zh")
    path = tmp_path / "a.xlsx"
    write_template(path, forms_of("monthly", profile), words, profile)
    book = openpyxl.load_workbook(io.BytesIO(path.read_bytes()))
    assert book.sheetnames[1:3] == ["客户回访", "商品及服务质量信息反馈单"]
    headings = [cell.value for cell in book["客户回访"][3]]
    assert "说明" in headings and "陈列达标" not in headings and "库存量(条)" not in headings
    text = data_dictionary(words, profile)
    assert "客户回访" in text and "工单类别" in text
    of_forms, _, of_reports = text.partition("## 指标")
    assert not [word for word in ("品规", "陈列", "销售", "价签") if word in of_forms]
    assert "| `products` |" not in of_reports and "`display_low`" not in of_reports


def test_a_code_of_master_data_that_the_trade_does_not_have_is_a_plain_code() -> None:
    forms = settings(own_forms={}).profile.forms
    assert forms["complaints"].column("product_id").refers_to == ""
    assert shown_headings(forms["complaints"]) == {"客户名称", "Customer name"}
    assert shown_headings(load_profile("tobacco").forms["complaints"]) >= {"客户名称", "品规名称"}


@pytest.mark.parametrize(
    ("changes", "key"),
    [
        ({"monthly_forms": ["visits", "weather"]}, "profile.monthly_forms: 'weather'"),
        ({"master_forms": ["managers", "visits"]}, "profile.master_forms: 'visits'"),
        ({"other_forms": ["visits"]}, "profile.other_forms: 'visits'"),
        ({"own_forms": {"sales": {"zh": "销量"}}}, "profile.own_forms.sales"),
        ({"own_forms": {"visits": {"without": ["colour"]}}}, "profile.own_forms.visits.without: 'colour'"),
        ({"own_forms": {"visits": {"columns": {"colour": {}}}}}, "profile.own_forms.visits.columns: 'colour'"),
        (
            {"own_forms": {"visits": {"columns": {"visit_kind": {"list": "no"}}}}},
            "profile.own_forms.visits.columns.visit_kind.list: 'no'",
        ),
    ],
)
def test_what_a_trade_names_and_is_not_there_is_told_by_its_key(changes, key) -> None:
    with pytest.raises(SettingsError, match=key.replace(".", r"\.")):
        settings(**changes)


@pytest.mark.parametrize("name", profile_names())
def test_every_trade_has_forms_that_are_there(name) -> None:
    assert load_profile(name).forms


class _Recorded(pd.DataFrame):
    """Rows that remember which columns were asked for."""

    def __getitem__(self, key):
        asked = self.__dict__.setdefault("asked", set())
        asked.update(key if isinstance(key, list) else [key])
        return super().__getitem__(key)


@pytest.mark.parametrize("form", all_forms().values(), ids=lambda form: form.key)
def test_a_rule_reads_no_column_but_those_that_it_names(form) -> None:
    masters = {key: one.empty() for key, one in all_forms().items() if one.kind == "master"}
    context = Context(*DAYS, masters, load_profile("tobacco"))
    for rule in form.rules:
        rows = _Recorded(form.empty())
        rule.ok(rows, context)
        named = {rule.column, *rule.reads}
        assert rows.__dict__.get("asked", set()) <= named or rule.key == "enough_dimensions"
        assert all(has_column(name, all_forms()) for name in rule.reads if "." in name)


def test_a_column_that_must_be_named_is_there_only_for_a_trade_that_names_it() -> None:
    """The purpose of a visit, from the trade's own list; it stands where the form has it."""
    purpose = {"required": True, "list": "subjects"}
    own = {"visits": {"columns": {"purpose": purpose}}, "complaints": NARROWED["own_forms"]["complaints"]}
    assert "purpose" not in load_profile("tobacco").forms["visits"].dtypes
    assert "purpose" not in settings().profile.forms["visits"].dtypes
    visits = settings(own_forms=own).profile.forms["visits"]
    assert [one.name for one in visits.columns[2:4]] == ["visit_kind", "purpose"]
    assert (visits.column("purpose").list_name, visits.column("purpose").required) == ("subjects", True)


def test_visits_are_counted_by_the_purposes_of_the_trade() -> None:
    own = {"visits": {"columns": {"purpose": {"list": "subjects"}}}}
    figures = {one.key: one for one in all_figures(settings(own_forms=own, subjects=["visits"]).profile)}
    assert {"visits.fees", "visits.repair"} <= set(figures)
    assert figures["visits.fees"].zh == "缴费访问次数"
    rows = pd.DataFrame({"manager_id": ["M1", "M1", "M2"], "purpose": ["fees", "repair", "fees"]})
    facts = Facts(
        MonthRows(Month(2024, 6), {"visits": rows}, {}, frozenset()), {}, settings(own_forms=own).profile
    )
    assert figures["visits.fees"].numerator(facts).to_dict() == {"M1": 1, "M2": 1}


def test_without_a_weekday_or_grade_of_customers_nothing_is_planned_and_no_figure_says_so() -> None:
    own = {"customers": {"without": ["grade", "visit_weekday"]}}
    keys = {one.key for one in all_figures(settings(own_forms=own, subjects=["visits"]).profile)}
    assert "coverage" in keys and not keys & {"plan_completion", "frequency_rate"}


def test_cases_of_months_looked_back_on_have_all_columns_though_the_trade_leaves_some_out() -> None:
    """A case of May is the only one that June knows; the trade asks for no product."""
    profile = settings(subjects=["complaints"]).profile
    form = profile.forms["complaints"]
    case = {"complaint_no": "N1", "received_on": pd.Timestamp(2024, 5, 3), "customer_id": "C1", "category": "fees"}
    may = pd.DataFrame({name: [case.get(name)] for name in form.dtypes}).astype(form.dtypes)
    may = may.assign(manager_id="M1", region_id="R1", source_file="f.xlsx", source_sheet="s", source_row=5)
    masters = {
        "managers": pd.DataFrame(
            {"manager_id": ["M1"], "region_id": ["R1"], "left_on": pd.NaT, "started_on": pd.NaT}
        )
    }
    months = {Month(2024, 5): MonthRows(Month(2024, 5), {"complaints": may}, masters)}
    june = Facts(MonthRows(Month(2024, 6), {"complaints": form.empty()}, masters), months, profile)
    assert SUMS["complaints_by_product"].count(june).empty
    assert SUMS["complaints_by_category"].count(june)["open"].tolist() == [1]


def own_form(key: str, **own: object) -> Settings:
    return settings_from({"profile": {**NARROWED, "monthly_forms": [key], "own_forms": {key: own}}})


def test_a_column_of_codes_may_take_its_codes_from_a_list_of_the_trade() -> None:
    sales = own_form("sales", columns={"product_id": {"list": "subjects"}}).profile.forms["sales"]
    column = sales.column("product_id")
    assert (column.kind, column.list_name, column.refers_to) == ("choice", "subjects", "")
    assert sales.rule("known_product_id") is None  # nobody keeps master data of it


def test_a_trade_may_say_which_columns_no_two_rows_share_or_that_rows_may_be_alike() -> None:
    assert own_form("satisfaction").profile.forms["satisfaction"].same == ("surveyed_on", "customer_id", "method")
    assert own_form("satisfaction", same=[]).profile.forms["satisfaction"].same == ()
    with pytest.raises(SettingsError, match="same: 'colour'"):
        own_form("satisfaction", same=["colour"])


def test_a_trade_says_which_columns_of_its_cases_others_fill_in_later() -> None:
    case = own_form("complaints", filled_later=["resolved_on", "handler"]).profile.forms["complaints"].traits.case
    assert case is not None and case.filled_later == ("resolved_on", "handler")
    with pytest.raises(SettingsError, match="filled_later: 'received_on'"):  # it is what tells cases apart
        own_form("complaints", filled_later=["received_on"])
    with pytest.raises(SettingsError, match="filled_later: 'note'"):
        own_form("visits", filled_later=["note"])


def test_another_subject_than_the_one_of_its_name_may_tell_of_a_form() -> None:
    only = {**NARROWED, "monthly_forms": ["sales"], "subjects": ["base"]}
    plain, own = (
        settings_from({"profile": {**only, "own_forms": {"sales": given}}}).profile
        for given in ({}, {"subject": "energy"})
    )
    assert subject_of("sales", plain) == "sales" and "sales" in subjects_in_use(plain)
    assert subject_of("sales", own) == "energy"
    assert "energy" in subjects_in_use(own) and "sales" not in subjects_in_use(own)
