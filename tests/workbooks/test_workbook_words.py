"""Both languages are complete: every text that a sheet may ask for is there, in both."""

import re
from pathlib import Path

import pytest
from helpers_workbooks import written
from report_builder import (
    actions_frame,
    changes_frame,
    details_frames,
    findings_frame,
    forecast_frame,
    headquarters_report,
    manager_report,
    region_report,
)

from pipeline.contract.trade import load_profile
from pipeline.figures.catalogue import all_figures
from pipeline.ledger.board import STATES
from pipeline.words import load_words
from pipeline.workbooks import details, lists
from pipeline.workbooks.headquarters import plan_headquarters
from pipeline.workbooks.manager import plan_manager
from pipeline.workbooks.region import plan_region

UNITS = {figure.unit for figure in all_figures(load_profile("tobacco"))}
SOURCES = sorted(Path(details.__file__).parent.glob("*.py"))
ASKED = re.compile(r'\bword\(\s*"([a-z0-9_.]+)"')


def keys_asked(sources=SOURCES):
    """The catalogue keys that the program names outright."""
    return sorted({key for source in sources for key in ASKED.findall(source.read_text(encoding="utf-8"))})


def texts_of(language):
    return {key for key in load_words(language).texts if key.startswith("workbooks.")}


def test_both_languages_have_the_same_texts():
    assert texts_of("zh") == texts_of("en")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_text_that_is_asked_for_is_there(language):
    """Of a month; what only workbooks of longer periods ask for stands in their own words."""
    of_periods = [one for one in SOURCES if one.name.startswith("period_")]
    of_months = [one for one in SOURCES if one not in of_periods]
    known, longer = load_words(language), load_words(language).told_of("period")
    assert [key for key in keys_asked(of_months) if not known.has(f"workbooks.{key}")] == []
    assert [key for key in keys_asked(of_periods) if not longer.has(f"workbooks.{key}")] == []


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_unit_and_state_has_its_word(language):
    units = {f"workbooks.unit.{unit}" for unit in (*UNITS, "万元")}
    states = {f"workbooks.state.{state.replace(' ', '_')}" for state in STATES}
    assert (units | states) - texts_of(language) == set()


def test_placeholders_are_the_same_in_both_languages():
    def placeholders(text):
        return sorted(set(re.findall(r"\{(\w+)", text)))

    zh, en = load_words("zh").texts, load_words("en").texts
    differing = [key for key in texts_of("zh") if placeholders(zh[key]) != placeholders(en[key])]
    assert differing == []


def test_no_english_text_holds_chinese():
    english = {key: text for key, text in load_words("en").texts.items() if key.startswith("workbooks.")}
    assert {key for key, text in english.items() if re.search(r"[\u3000-\u9fff\uff00-\uffef]", text)} == set()


def test_every_detail_has_a_title_and_every_column_a_header():
    names = {
        *details.sum_frames(),
        *lists.list_frames(),
        "complaint_cases",
        "satisfaction_by_dimension",
        "open_actions",
    }
    assert {f"workbooks.detail_table.{name}" for name in names} - texts_of("zh") == set()


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_kind_of_workbook_can_be_made_whole_in_both_languages(language):
    everything = {
        "edition": 2,
        "changes": changes_frame(),
        "findings": findings_frame("region", "R01"),
        "forecast": forecast_frame("region", "R01"),
        "details": {**details_frames(), "open_actions": actions_frame()},
    }
    for plan in (
        plan_region(region_report(language, **everything)),
        plan_manager(manager_report(language, edition=2, changes=changes_frame())),
        plan_headquarters(headquarters_report(language, edition=2, changes=changes_frame())),
    ):
        assert plan.sheets[0].key == "changes"
        assert len(written(plan)) > 20_000
