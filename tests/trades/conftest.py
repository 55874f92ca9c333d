"""The small homes of the trades with all their months reported in Chinese, made once for all tests that read them; the
workbooks of the months that are read, and of the last."""

from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import agency_small
import bank_small
import cable_small
import power_small
import pytest
from properties import reported

from pipeline.base.calendar import Month

MadeOnce = Callable[[str, Callable[[Path], object]], Path]  # see the conftest above


def _plain(made_once: MadeOnce, trade: str, small: ModuleType, first: Month) -> Path:
    def make(folder: Path) -> None:
        reported(folder / "home", small.SETTINGS, small.small_tables(), first, books=small.BOOKS)

    return made_once(f"{trade}_plain", make) / "home"


@pytest.fixture(scope="session")
def agency_plain(made_once: MadeOnce) -> Path:
    """The agency of `agency_small`, January to May; not to be changed."""
    return _plain(made_once, "agency", agency_small, Month(2024, 1))


@pytest.fixture(scope="session")
def bank_plain(made_once: MadeOnce) -> Path:
    """The bank of `bank_small`, December to May; not to be changed."""
    return _plain(made_once, "bank", bank_small, Month(2023, 12))


@pytest.fixture(scope="session")
def cable_plain(made_once: MadeOnce) -> Path:
    """The cable operator of `cable_small`, December to March; not to be changed."""
    return _plain(made_once, "cable", cable_small, Month(2023, 12))


@pytest.fixture(scope="session")
def power_plain(made_once: MadeOnce) -> Path:
    """The power bureau of `power_small`, January to May; not to be changed."""
    return _plain(made_once, "power", power_small, Month(2024, 1))
