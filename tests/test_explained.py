"""Every rule that can be broken is explained: what it expects, why it is there, what is right and what is wrong."""

import json

import pytest
from click.testing import CliRunner

from pipeline.cli import main
from pipeline.words import LANGUAGES, Language, load_words
from pipeline.words.explained import FAMILIES, OF_A_FORM, all_rules, explain, family_of, why_of
from schemas.form import all_forms


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_rule_says_what_why_right_and_wrong(language: Language):
    words = load_words(language)
    rules = all_rules(all_forms(), words)
    assert {
        "known_customer_id",
        "sold_within_ordered",
        "unreadable_pdf",
        "remark_hidden_rows",
        "month_two",
    } <= set(rules)
    for rule in rules:
        one = explain(rule, all_forms(), words)
        assert one is not None
        assert all((one.expected, one.why, one.right, one.wrong)), rule
        assert one.right != one.wrong


def test_every_rule_of_cells_and_files_has_an_explanation_of_its_kind():
    """A new key under problems.expected belongs into one of FAMILIES."""
    of_cells = [key.rpartition(".")[2] for key in load_words("zh").texts if key.startswith("problems.expected.")]
    assert [rule for rule in of_cells if family_of(rule) == OF_A_FORM] == []


def test_only_rules_over_several_cells_of_a_form_share_the_general_explanation():
    known = {rule for rules in FAMILIES.values() for rule in rules}
    general = {rule for rule in all_rules(all_forms(), load_words("zh")) if family_of(rule) == OF_A_FORM}
    assert not general & known
    assert all(any(form.rule(rule) for form in all_forms().values()) for rule in general)


def test_a_reason_fits_into_what_excel_shows_of_a_link():
    for language in LANGUAGES:
        words = load_words(language)
        assert max(len(why_of(rule, words)) for rule in all_rules(all_forms(), words)) <= 255


def test_the_command_explains_one_rule_in_both_languages_and_as_json(tmp_path):
    run = CliRunner().invoke(main, ["explain", "known_customer_id", "--home", str(tmp_path)])
    assert run.exit_code == 0
    assert (
        "规则：known_customer_id" in run.output and "须是主数据中已有的编码" in run.output and "销售" in run.output
    )
    run = CliRunner().invoke(main, ["explain", "month_two", "--lang", "en", "--json", "--home", str(tmp_path)])
    told = json.loads(run.output)
    assert (told["rule"], told["forms"]) == ("month_two", [])
    assert "January or October" in told["expected"]


def test_the_command_lists_all_rules_where_none_is_named(tmp_path):
    run = CliRunner().invoke(main, ["explain", "--home", str(tmp_path)])
    assert run.exit_code == 0
    assert {"required", "own_customer", "unreadable_pdf"} <= {line.split()[0] for line in run.output.splitlines()}


def test_a_rule_that_is_not_there_is_said_and_near_ones_are_named(tmp_path):
    run = CliRunner().invoke(main, ["explain", "known_custmer_id", "--home", str(tmp_path)])
    assert run.exit_code == 1
    assert "known_customer_id" in run.output
