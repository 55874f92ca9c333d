"""What is wrong in an office's own trade.toml is told with its key, with what may stand there, and stops every command
before a file is touched."""

import json
import re
import tomllib
from pathlib import Path

import pytest
from click.testing import CliRunner

from pipeline.cli import main
from pipeline.contract.settings import load_settings
from pipeline.contract.trade import load_profile, profile_names, words_of
from pipeline.figures.catalogue import all_figures
from pipeline.trades.faults import unknown_names
from pipeline.words import LANGUAGES
from schemas.terms import Term, Terms


def said(*arguments: str, code: int = 0) -> str:
    done = CliRunner().invoke(main, list(arguments))
    assert done.exit_code == code, done.output
    return done.output


@pytest.fixture
def office(tmp_path) -> Path:
    said("trade", "new", "repairs", "--zh", "上门维修", "--home", str(tmp_path))
    return tmp_path


def change(office: Path, old: str, new: str) -> None:
    file = office / "trade.toml"
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('key = "repairs"', 'key = "repairs"\nky = 1', "trade.toml: ky: 没有这个设置项"),
        ('zh = "上门维修"', "", "trade.toml: zh: 缺少这一项"),
        ("least_count = 10", 'least_count = "十"', "trade.toml: least_count: 写的是“十”，这里要写整数"),
        ('zh = "上门维修"', 'zh = "上门维修', "trade.toml: 第 "),
        ('unit = { zh = "盒"', 'unit = { cn = "盒"', "trade.toml: terms.unit."),
        ('"sales", "visits"', '"sells", "visits"', "trade.toml: monthly_forms: 没有“sells”。可用："),
        ('subjects = ["sales"', 'subjects = ["sale"', "subjects: 没有“sale”。可用：actions、"),
        ('"trend",\n]', '"trends",\n]', "workbooks.region: 没有“trends”。可用："),
        ("letter_figures = [", 'letter_figures = ["volumes", ', "是不是：volume"),
        ('target_figure = "volume"', 'target_figure = "sold"', "workbooks.target_figure: 没有“sold”"),
        ('master_forms = ["regions", ', "master_forms = [", "master_forms: 缺少“regions”"),
        ("least_count = 10", "least_count = 0", "least_count: 写的是“0”，只能写 ≥ 1 的数"),
        ("a = 4\n", "a = -4\n", "visits_per_month.a: 写的是“-4”，只能写 ≥ 0 的数"),
        ("a = 4\n", "a = true\n", "visits_per_month.a: "),
        ("product_groups = [", 'product_groups = "category" #', "product_groups: 写的是“category”，这里要写清单"),
        ('unit = "次"', 'unit = "趟次"', "figures.advised_visits.unit: 没有“趟次”。可用："),
        ('group = "acquire"', 'group = "win"', "indicators.ordering_rate.group: 没有“win”。可用：acquire"),
        (
            "least_count = 10",
            'least_count = 10\nforecast = { ordering_customers = "sales", amount = "sales.amount" }',
            "forecast: “ordering_customers”不是合计数",
        ),
        ("charts = [", 'charts = [["amout"], ', "workbooks.charts: 没有“amout”"),
        ('"report_missing"', '"reports_missing"', "rules: 没有“reports_missing”"),
        ('opinions = ["complaints"', 'opinions = ["complaint"', "sentences.opinions: 没有“complaint”"),
        ("[sentences]", "[sentences]\nsumary = []", "sentences: 没有“sumary”。可用：overview、sales、opinions"),
        ('"target", "growth"', '"targets", "growth"', "page_one.themes: 没有“targets”"),
        ('singles = ["overdue_case"', 'singles = ["late_case"', "page_one.singles: 没有“late_case”"),
        ('["satisfaction", "satisfaction"]', '["satisfaction", "smiles"]', "page_one.praised: 没有“smiles”"),
        ("amount_fall = 10", "amount_drop = 10", "thresholds: 没有“amount_drop”"),
        ("a = 4\n", "x = 4\n", "visits_per_month: 没有“x”。可用：a、b、c"),
        ("request = 5", "requests = 5", "complaint_working_days: 没有“requests”。可用：product_quality"),
        ("delivery = 0.25", "deliveries = 0.25", "satisfaction_weights: 没有“deliveries”"),
        ('["category", "brand"]', '["category", "make"]', "product_groups: 没有“make”"),
        ('{ key = "b", zh = "B级"', '{ key = "a", zh = "B级"', "lists.grades: “a”写了两次"),
        ("weight = 0.20 }", "weight = 0.30 }", "scorecard.indicators: 不能使用（权重合计为 1.1，须为 1"),
        ("volume = { group", "volumn = { group", "scorecard.indicators.volumn: 没有“volumn”。可用：volume"),
        (
            'filled = "order_advice"',
            'filled = "advice"',
            "figures.advised_visits.numerator: 没有“advice”。可用：visit_date",
        ),
        (
            'without = ["retail_price"]',
            'without = ["list"]',
            "own_forms.products.without: 没有“list”。可用：product_id",
        ),
    ],
)
def test_each_key_is_checked_in_words_that_say_what_is_allowed(office, old, new, told) -> None:
    change(office, old, new)
    assert told in said("trade", "show", "--home", str(office), code=1)


def test_all_that_is_wrong_is_told_at_once(office) -> None:
    change(office, '"report_missing"', '"reports_missing"')
    change(office, "amount_fall = 10", "amount_drop = 10")
    told = said("monthly", "--home", str(office), code=1).splitlines()
    assert [line.split(":")[1].strip() for line in told] == ["rules", "thresholds"]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('"workbooks.sheet.custmers" = "客户"', "没有这段文字可改。相近的：workbooks.sheet.customers"),
        (
            '"findings.lost_customer.evidence" = "{客户}本月未订"',
            "花括号里的“客户”原文没有；可用：customer、volume",
        ),
        ('"findings.lost_customer.evidence" = "{customer本月未订"', "花括号里的"),
    ],
)
def test_own_texts_are_checked_against_the_common_ones(office, text, told) -> None:
    with (office / "trade.toml").open("a", encoding="utf-8") as file:
        file.write(f"\n[words.zh]\n{text}\n")
    assert told in said("trade", "show", "--home", str(office), code=1)


def test_own_texts_stand_in_place_of_the_common_ones(office) -> None:
    with (office / "trade.toml").open("a", encoding="utf-8") as file:
        file.write('\n[words.zh]\n"workbooks.sheet.customers" = "<product>客户变化"\n')
    words = load_settings(office).words
    assert words("workbooks.sheet.customers") == "产品客户变化"
    assert words("workbooks.sheet.products") == "产品销售"


def test_the_homes_own_trade_wins_over_the_one_that_settings_name(office) -> None:
    (office / "yuebao.toml").write_text('profile = "tobacco"\norganisation = "安居"\n', encoding="utf-8")
    settings = load_settings(office)
    assert (settings.profile.key, settings.organisation) == ("repairs", "安居")
    assert "上门维修（repairs），取自 trade.toml" in said("trade", "show", "--home", str(office))


def test_settings_change_single_values_of_the_own_trade(office) -> None:
    (office / "yuebao.toml").write_text("[profile]\nleast_count = 5\n", encoding="utf-8")
    assert load_settings(office).profile.least_count == 5


def test_a_new_trade_never_overwrites_one(office) -> None:
    before = (office / "trade.toml").read_bytes()
    assert "没有覆盖" in said("trade", "new", "other", "--home", str(office), code=1)
    assert (office / "trade.toml").read_bytes() == before


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("Medical", "不能作行业代码"),
        ("医药", "不能作行业代码"),
        ("cable", "“cable”是已有的行业"),
        ("a/b", "不能作"),
    ],
)
def test_the_code_of_a_new_trade_is_a_plain_word_of_its_own(tmp_path, name, told) -> None:
    assert told in said("trade", "new", name, "--home", str(tmp_path), code=1)
    assert not (tmp_path / "trade.toml").exists()


def test_a_name_with_quotes_and_lines_stays_a_text(tmp_path) -> None:
    said("trade", "new", "odd", "--zh", '安"居\\\n维修', "--home", str(tmp_path))
    assert tomllib.loads((tmp_path / "trade.toml").read_text(encoding="utf-8"))["zh"] == '安"居\\ 维修'


@pytest.mark.parametrize("name", profile_names())
def test_shipped_trades_name_nothing_that_is_nowhere(name) -> None:
    assert [*unknown_names(load_profile(name))] == []


def test_the_trade_in_use_is_shown_for_other_programs_too(office) -> None:
    shown = json.loads(said("trade", "show", "--json", "--home", str(office)))
    profile = load_settings(office).profile
    assert [one["key"] for one in shown["forms"]] == list(profile.forms)
    sold = next(one for form in shown["forms"] for one in form["columns"] if one["name"] == "sold_qty")
    assert (sold["label"], sold["unit"], sold["required"]) == ("销量", "盒", True)
    own = next(one for one in shown["figures"] if one["key"] == "advised_visits")
    assert own["definition"] == "填写了订货建议的走访次数。"
    assert {"amount_fall": 10}.items() <= {one["key"]: one["limit"] for one in shown["rules"]}.items()
    assert "overview" in [one["name"] for one in shown["sheets"]["region"]]


def test_what_is_told_by_the_case_needs_a_word_for_it(office) -> None:
    keys = [one["key"] for one in json.loads(said("trade", "show", "--json", "--home", str(office)))["figures"]]
    assert "amount_per_carton" in keys
    assert "amount_per_case" not in keys


@pytest.mark.parametrize("name", profile_names())
def test_no_term_is_left_unsaid(name) -> None:
    """In forms, with the rules that follow from columns, in figures, and in all texts."""
    profile = load_profile(name)
    terms = re.compile(r"<(many |Many )?(" + "|".join(Terms.model_fields) + ")>", re.I)
    said = [text for language in LANGUAGES for text in words_of(language, profile).texts.values()]
    for form in profile.forms.values():
        said += [form.zh, form.en, form.help_zh, form.help_en]
        said += [text for one in form.all_rules for text in (one.zh, one.en)]
        said += [text for one in form.columns for text in (one.zh, one.en, one.unit, one.unit_en, one.help_zh)]
        said += [choice.zh for one in form.columns for choice in one.choices]
    for figure in all_figures(profile):
        said += [figure.zh, figure.en, figure.unit, figure.definition_zh, figure.definition_en]
    assert [text for text in said if terms.search(text)] == []


def test_a_term_stands_in_one_and_in_many_and_begins_a_sentence() -> None:
    terms = Terms(unit=Term(zh="盒", en="box", many="boxes"))
    assert terms.said("5 <many unit>, <unit> by <unit>: <Many unit> of <unknown>", "en") == (
        "5 boxes, box by box: Boxes of <unknown>"
    )
    assert terms.said("{number}<unit>，<product>", "zh") == "{number}盒，品规"
