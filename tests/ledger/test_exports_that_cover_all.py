"""An office's complete export (`covers = "all managers"`): who has no line in it had nothing, and is not missing."""

from pathlib import Path

import pytest
from ledger_home import JUNE, MAY, LedgerHome, sale

from pipeline.base.calendar import Month
from pipeline.figures.known import known_in
from pipeline.ledger.read import Ledger
from schemas.form import all_forms

COVERS = 'covers = "all managers"'
ONE_ORDER = ("M001", "06-03", "C001a", 10)


@pytest.fixture
def home(tmp_path: Path) -> LedgerHome:
    """Three managers; nobody has sent anything."""
    made = LedgerHome(tmp_path / "home")
    made.settings(COVERS)
    made.masters()
    made.run()
    return made


def missing(home: LedgerHome, month: Month = JUNE) -> set[str]:
    """The managers whose sales of a month are not known."""
    ledger = Ledger(home.home, home.manifest, all_forms())
    known = known_in(month, ledger.masters(month)["managers"], ledger.sent(month), ["sales"])
    return set(known.missing.get("sales", ()))


def is_replayed_the_same(home: LedgerHome, folder: Path) -> bool:
    return home.replayed(folder).submissions == home.manifest.submissions


def test_without_a_line_in_a_complete_export_a_manager_is_known_with_zero(home, tmp_path):
    home.orders("订单.csv", ONE_ORDER)
    home.run()
    assert [home.state(one) for one in ("M001", "M002", "M003")] == ["on time", "nil", "nil"]
    assert (missing(home), home.cartons("M001"), home.cartons("M002")) == (set(), 10, 0)
    assert is_replayed_the_same(home, tmp_path / "again")


def test_without_the_setting_such_a_manager_is_unknown(home):
    home.settings()
    home.orders("订单.csv", ONE_ORDER)
    home.run()
    assert (home.state("M002"), missing(home)) == ("missing", {"M002", "M003"})


def test_only_the_forms_and_months_of_the_export_are_covered(home):
    home.orders("订单.csv", ONE_ORDER)
    home.run()
    assert home.state("M002", "visits") == "missing"
    assert {one.month for one in home.manifest.submissions} == {"2024-06"}


def test_a_complete_export_of_a_day_takes_nothing_away_from_whom_it_does_not_name(home, tmp_path):
    home.orders("订单1.csv", ONE_ORDER, ("M002", "06-03", "C002a", 5))
    home.run()
    home.orders("订单2.csv", ("M001", "06-04", "C001a", 20))
    home.run()
    assert (home.cartons("M001"), home.cartons("M002")) == (30, 5)
    assert [home.state(one) for one in ("M001", "M002", "M003")] == ["on time", "on time", "nil"]
    assert is_replayed_the_same(home, tmp_path / "again")


def test_a_complete_export_of_the_month_without_a_managers_former_lines_is_asked_about(home):
    home.settings(f'replaces = "month"\n{COVERS}')
    home.orders("订单1.csv", ONE_ORDER, ("M002", "06-03", "C002a", 5))
    home.run()
    home.orders("订单2.csv", ONE_ORDER, saved="2024-07-03T09:00")
    home.run()
    assert (home.state("M002"), home.cartons("M002")) == ("held", 5)
    assert home.told("asked_nil_over_rows") == [("订单2.csv", "asked_nil_over_rows")]


def test_a_file_that_names_its_month_covers_no_other(home):
    home.settings(f'valid_from = "name"\nreplaces = "month"\n{COVERS}')
    home.orders("订单_2024-06.csv", ONE_ORDER, ("M001", "05-31", "C001a", 7))
    home.run()
    assert (missing(home), missing(home, MAY)) == (set(), {"M002", "M003"})


def test_a_line_of_nobody_known_leaves_unknown_who_has_no_line(home):
    home.orders("订单.csv", ONE_ORDER, ("M0O2", "06-03", "C002a", 5))
    home.run()
    assert missing(home) == {"M002", "M003"}
    assert home.told("covers_in_doubt") == [("订单.csv", "covers_in_doubt")]


def test_a_line_without_a_usable_day_is_no_zero_of_its_manager(home):
    home.orders("订单.csv", ONE_ORDER, ("M002", "06-99", "C002a", 5))
    home.run()
    assert missing(home) == {"M002"}


def test_a_manager_whose_lines_are_all_refused_is_not_known_with_zero(home):
    home.orders("订单.csv", ONE_ORDER, ("M002", "06-03", "C999x", 5))
    home.run()
    assert (home.state("M002"), missing(home)) == ("refused", {"M002"})


def test_a_late_form_of_the_manager_counts_over_the_exports_zero(home):
    home.orders("订单.csv", ONE_ORDER)
    home.run()
    home.sends("M002", sale("C002a", 8), name="王芳.xlsx", saved="2024-07-05T09:00")
    home.run()
    assert (home.cartons("M002"), missing(home)) == (8, set())
