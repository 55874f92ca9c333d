"""Figures of a cable operator, worked out by hand from rows filled into the real templates: kept and lost, both
bridges, what runs out. `cable_small` says what happens there; the numbers beside each rule are its rows."""

from pathlib import Path

import pandas as pd
import pytest

from pipeline.base.calendar import Month
from pipeline.base.period import Period
from pipeline.contract.settings import load_settings
from pipeline.figures.count import count_since
from pipeline.figures.over_period import values_over
from pipeline.ledger.manifest import read_manifest
from pipeline.ledger.read import Ledger
from pipeline.month.opening import open_months

MONTHS = ("2023-12", "2024-01", "2024-02", "2024-03")
pytestmark = pytest.mark.slow
Figures = dict[tuple[str, str, str], dict[str, float]]


@pytest.fixture(scope="module")
def home(cable_plain: Path) -> Path:
    return cable_plain


@pytest.fixture(scope="module")
def figures(home: Path) -> Figures:
    """Each row of `metrics.csv` by month, entity and figure."""
    frames = [
        pd.read_csv(home / "output" / month / "data" / "metrics.csv", encoding="utf-8-sig") for month in MONTHS
    ]
    rows = pd.concat(frames, ignore_index=True).to_dict("records")
    return {(one["month"], one["entity_id"], one["figure"]): one for one in rows}


def ratio(figures: Figures, month: str, entity: str, figure: str, numbers: tuple[str, str]) -> tuple[float, float]:
    row = figures[month, entity, figure]
    return (row[numbers[0]], row[numbers[1]])


def kept(figures: Figures, month: str, entity: str, figure: str = "household_retention") -> tuple[float, float]:
    return ratio(figures, month, entity, figure, ("numerator", "denominator"))


def value(figures: Figures, month: str, entity: str, figure: str) -> float | None:
    """The value; None where there is none, or no such row."""
    found = figures.get((month, entity, figure), {}).get("value")
    return None if found is None or pd.isna(found) else found


def lines(figures: Figures, month: str, entity: str, account: str = "households") -> dict[str, float]:
    """The lines of a bridge that are not 0."""
    start = f"bridge.{account}."
    return {
        key[2].removeprefix(start): row["value"]
        for key, row in figures.items()
        if key[:2] == (month, entity) and key[2].startswith(start) and pd.notna(row["value"]) and row["value"]
    }


def test_stocks_are_those_of_the_months_end_each_customer_once(figures) -> None:
    """H2 is K2's in January and both report it: 38 + 5, 10 + 20 + 29."""
    assert value(figures, "2024-01", "K1", "households") == 43
    assert value(figures, "2024-01", "K2", "households") == 59
    assert value(figures, "2024-01", "ALL", "households") == 102
    assert value(figures, "2024-01", "ALL", "group_customers") == 5
    assert figures["2024-01", "ALL", "penalty_rate"]["numerator"] == 8
    assert figures["2024-01", "ALL", "active_rate"]["ytd"] == pytest.approx(100 * 83 / 102)


def test_what_is_kept_is_of_the_customers_assigned_this_month(figures) -> None:
    """40 + 10 + 20 + 30 at the end of December, 2 of H1 lost; H2's 10 are in K2's start."""
    assert kept(figures, "2024-01", "ALL") == (98, 100)
    assert kept(figures, "2024-01", "K1") == (38, 40)
    assert kept(figures, "2024-01", "K2") == (60, 60)
    assert kept(figures, "2024-01", "A") == (38, 40)


def test_in_the_first_month_nothing_is_known_of_the_start(figures) -> None:
    for figure in ("household_retention", "customer_retention", "households_change", "renewal_rate"):
        assert value(figures, "2023-12", "ALL", figure) is None
    assert lines(figures, "2023-12", "ALL") == {}


def test_customers_not_reported_count_neither_above_nor_below_the_line(figures) -> None:
    """February: H5 has no row, K2 sent nothing; H1 lost 8 of 38."""
    assert kept(figures, "2024-02", "ALL") == (30, 38)
    assert value(figures, "2024-02", "K2", "household_retention") is None


def test_a_month_after_one_not_reported_has_no_start(figures) -> None:
    """March: H1 alone had a row in February; the 4 that came back are no gain, nor does the older state of K2 count."""
    assert kept(figures, "2024-03", "ALL") == (30, 30)
    assert value(figures, "2024-03", "K2", "household_retention") is None
    assert lines(figures, "2024-03", "K2") == {}


def test_over_the_year_what_is_kept_counts_from_its_first_day_and_is_never_summed(figures) -> None:
    """H1: 40 in December, 2 and 8 lost; K2's February is unknown, so its customers are out from then on."""
    to_date = {month: figures[month, "ALL", "household_retention"]["ytd"] for month in MONTHS[1:]}
    assert to_date == {"2024-01": 98, "2024-02": 75, "2024-03": 75}
    assert ("2024-03", "K2", "household_retention") not in figures


def test_what_is_kept_is_held_against_the_target_over_the_year(figures) -> None:
    row = figures["2024-02", "ALL", "household_retention"]
    assert (row["target"], row["completion"]) == (90, pytest.approx(100 * 75 / 90))


def test_customers_are_kept_that_have_a_household_left(figures) -> None:
    assert kept(figures, "2024-01", "ALL", "customer_retention") == (4, 4)
    assert kept(figures, "2024-01", "K2", "customer_retention") == (3, 3)


def test_the_bridge_leads_from_last_months_end_to_this_ones(figures) -> None:
    """100 + 5 − 2 = 103, reported 102: one of H4's is not explained."""
    assert lines(figures, "2024-01", "ALL") == {
        "previous": 100, "moved_in": 10, "moved_out": -10, "start": 100, "installed": 5, "loss": -2,
        "unexplained": -1, "end": 102,
    }  # fmt: skip
    assert lines(figures, "2024-01", "K1") == {
        "previous": 50, "moved_out": -10, "start": 40, "installed": 5, "loss": -2, "end": 43,
    }  # fmt: skip
    assert lines(figures, "2024-01", "B") == {
        "previous": 50, "moved_in": 10, "start": 60, "unexplained": -1, "end": 59,
    }  # fmt: skip


def test_the_bridge_by_state_adds_up_to_that_on_the_books(figures) -> None:
    """Active: 84 + 5 − 3 paused − 2 lost = 84, reported 83."""
    assert lines(figures, "2024-01", "ALL", "active") == {
        "start": 84, "installed": 5, "pause": -3, "loss": -2, "unexplained": -1, "end": 83,
    }  # fmt: skip
    assert lines(figures, "2024-01", "ALL", "paused") == {"start": 8, "pause": 3, "end": 11}
    for month in MONTHS[1:]:
        for line in ("start", "end", "unexplained"):
            parts = [
                lines(figures, month, "ALL", one).get(line, 0) for one in ("active", "penalty_stopped", "paused")
            ]
            assert sum(parts) == lines(figures, month, "ALL").get(line, 0)


def test_customers_not_reported_leave_the_bridge_by_a_line_of_their_own(figures) -> None:
    """K1 in February: 43 reported, H5's 5 not any more, 8 lost."""
    assert lines(figures, "2024-02", "K1") == {
        "previous": 43, "not_reported": -5, "start": 38, "loss": -8, "end": 30,
    }  # fmt: skip


def test_what_comes_back_from_the_lost_is_on_the_books_what_was_stopped_is_not(figures) -> None:
    assert lines(figures, "2024-03", "K1") == {"previous": 30, "start": 30, "return": 4, "end": 34}
    assert value(figures, "2024-03", "K1", "net_change") == 4
    assert value(figures, "2024-03", "K2", "net_change") == -10


def test_losses_are_told_by_competitor_and_reason(figures) -> None:
    found = {
        key[2]: row["value"] for key, row in figures.items() if key[:2] == ("2024-02", "ALL") and row["value"]
    }
    assert {key: number for key, number in found.items() if key.startswith("lost_")} == {
        "lost_households": 8, "lost_customers": 1, "lost_to.telecom_iptv": 2, "lost_to.cloud_tv": 6,
        "lost_for.price": 2, "lost_for.service": 6,
    }  # fmt: skip


def test_arpu_is_over_the_mean_of_active_households_at_both_ends(figures) -> None:
    """January: 28 + 10 + 17 + 23 + 5 households at 20 yuan; means 29, 10, 18.5, 23.5 and 2.5 of the new one."""
    row = figures["2024-01", "ALL", "arpu"]
    assert (row["numerator"], row["denominator"]) == (1660, 83.5)
    first = figures["2023-12", "ALL", "arpu"]
    assert (first["numerator"], first["denominator"]) == (1680, 84)


def test_fees_are_held_against_what_is_due_over_the_year(figures) -> None:
    """January 2,140 of 1,660; February 520 of 520; H2 counts once."""
    row = figures["2024-02", "ALL", "collection_rate"]
    assert row["value"] == 100
    assert figures["2024-01", "ALL", "collection_rate"]["value"] == pytest.approx(100 * 2140 / 1660)
    assert row["ytd"] == pytest.approx(100 * 2660 / 2180)


def test_customers_whose_date_fell_in_the_month_are_renewed_where_it_is_later_now(figures) -> None:
    assert ratio(figures, "2024-01", "ALL", "renewal_rate", ("numerator", "denominator")) == (0, 1)  # H3
    assert ratio(figures, "2024-02", "K1", "renewal_rate", ("numerator", "denominator")) == (1, 1)  # H1


def test_expiring_customers_are_those_of_the_next_sixty_days_by_last_months_form(figures) -> None:
    """On 1 January: H1 (20 February), visited, and H3 (31 January), not."""
    assert kept(figures, "2024-01", "ALL", "expiring_visited") == (1, 2)
    assert kept(figures, "2024-01", "K2", "expiring_visited") == (0, 1)


def test_targets_are_each_managers_and_add_up(figures) -> None:
    row = figures["2024-01", "ALL", "new_households"]
    assert (row["value"], row["target"], row["completion"]) == (5, 40, 12.5)
    alone = figures["2024-02", "ALL", "reactivated"]  # K2 has not reported: its share of the target is nobody's
    assert (alone["target"], alone["target_comparable"], alone["completion"]) == (50, 25, 0)


def test_over_a_quarter_households_kept_are_those_of_its_first_day_less_all_losses_since(home) -> None:
    """H1: 40 at the end of December, lost 2 in January, 6 and 2 in February. H5 was not there; of K2's customers
    February is not known. H1 is still a customer. Months added up would be 38 + 30 + … of 40 + 38 + …"""
    settings = load_settings(home)
    months = open_months(Ledger(home, read_manifest(home), settings.profile.forms), settings)
    figures, march = months.graph.of("figures"), Month(2024, 3)
    kept = count_since(months.graph.of("all_facts", march), figures, 3)
    counts = {march: months.graph.of("whole_counts", march)}
    found = values_over(Period.parse("2024-Q1"), counts, figures, kept=kept)
    rows = found.values.set_index(["entity_id", "figure"])[["numerator", "denominator"]]
    assert rows.loc[("K1", "household_retention")].tolist() == [30, 40]
    assert rows.loc[("ALL", "household_retention")].tolist() == [30, 40]
    assert rows.loc[("K1", "customer_retention")].tolist() == [1, 1]
    assert found.missing == (Month(2024, 1), Month(2024, 2))
