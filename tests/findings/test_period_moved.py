"""What moved most in a quarter, told with the values that were compared where they are not those of all of it."""

from dataclasses import replace

from page_builder import page

from pipeline.findings.period_texts import moved_texts
from pipeline.findings.story import Story
from pipeline.words import Language, load_words


def of_quarter(language: Language = "zh", **numbers: float) -> Story:
    """A region's coverage, of twenty customers on both sides."""
    row = {"denominator": 20.0, "n": 20.0, "previous_n": 20.0, **numbers}
    story = page({("R1", "coverage"): row}, language=language).story
    return replace(story, words=load_words(language).told_of("period"))


def test_of_a_quarter_of_which_one_month_can_be_compared_both_values_of_it_are_told() -> None:
    """Nobody was visited in March, everybody in June; of April and May there is nothing to compare with."""
    numbers = {"value": 27.3, "change": 100.0, "comparable": 100.0, "previous_comparable": 0.0}
    told = moved_texts(of_quarter(**numbers), better=True)
    assert told == ["访问覆盖率27.3%，环比提高100.0个百分点（同口径由0.0%到100.0%）"]
    (english,) = moved_texts(of_quarter("en", **numbers), better=True)
    assert english.endswith("(like with like from 0.0% to 100.0%)")


def test_where_all_of_it_is_compared_the_value_stands_alone() -> None:
    numbers = {"value": 80.0, "change": -10.0, "comparable": 80.0, "previous_comparable": 90.0}
    assert moved_texts(of_quarter(**numbers), better=False) == ["访问覆盖率80.0%，环比降低10.0个百分点"]
