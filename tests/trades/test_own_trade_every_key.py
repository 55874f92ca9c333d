"""Whatever stands wrong under any key of a trade is told or does no harm: none ends in a fault of the program."""

import copy
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from pipeline.base.errors import SettingsError
from pipeline.commands.trade import new_trade
from pipeline.contract.fault_text import fault_text
from pipeline.contract.own_trade import own_trade_of
from pipeline.contract.settings import settings_from
from pipeline.trades.faults import check_trade
from pipeline.words import load_words

WRONG: tuple[Any, ...] = (123, "zzz", ["zzz"], {"zzz": 1}, True, -5)
SIGNS = ("∉", "∌", "≠", "Input should", "Value error")
TABLES = (
    "workbooks",
    "lists",
    "scorecard",
    "own_forms",
    "entities",
    "figures",
    "thresholds",
    "page_one",
    "sentences",
)


def places(value: Any, place: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Every key of a table of tables, and the first of each list."""
    if place:
        yield place
    inside = value.items() if isinstance(value, dict) else enumerate(value[:1]) if isinstance(value, list) else ()
    for key, one in inside:
        yield from places(one, (*place, key))


def changed(trade: Any, place: tuple[Any, ...], value: Any) -> Any:
    """The trade with another value at a place; with its key misspelt where the value is None."""
    whole = copy.deepcopy(trade)
    inside = whole
    for key in place[:-1]:
        inside = inside[key]
    if value is None:
        inside[f"{place[-1]}_x"] = inside.pop(place[-1])
    else:
        inside[place[-1]] = value
    return whole


def told(trade: Any) -> str:
    words = load_words("zh")
    try:
        check_trade(settings_from({}, "zh", trade).profile, "trade.toml", words)
    except SettingsError as error:
        return fault_text(error, words)
    return ""


@pytest.fixture(scope="module")
def trade(tmp_path_factory) -> Any:
    home: Path = tmp_path_factory.mktemp("office")
    new_trade(home, "medical", "医药商业", "Medical distributor", load_words("zh"))
    return own_trade_of(home)


@pytest.mark.slow
def test_a_wrong_value_under_any_key_is_told_in_words_or_does_no_harm(trade) -> None:
    for place in places(trade):
        for value in WRONG:
            line = told(changed(trade, place, value))
            assert not [sign for sign in SIGNS if sign in line], (place, value, line)
            assert not line or all(one.startswith("trade.toml: ") for one in line.splitlines()), line


@pytest.mark.slow
def test_a_misspelt_key_of_any_table_is_told(trade) -> None:
    own_words = {("lists",), ("figures",), ("scorecard", "grades")}  # under these an office names things itself
    for place in places(trade):
        if isinstance(place[-1], str) and place[0] in TABLES and place[:-1] not in own_words:
            assert told(changed(trade, place, None)), place
