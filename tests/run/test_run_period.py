"""A quarter beside the months that it rests on: what verify says of it when they change, and what a rebuild leaves."""

import pytest
from small_home import SmallHome, call

from pipeline.base.csv_cells import read_csv

pytestmark = pytest.mark.slow


def volume(home: SmallHome) -> str:
    rows = read_csv(home.home / "output" / "2024-Q2" / "data" / "metrics.csv")
    return str(rows[(rows["figure"] == "volume") & (rows["entity_id"] == "ALL")]["value"].iloc[0])


def test_a_quarter_whose_months_have_changed_is_told_and_made_again(june_of_four_days: SmallHome) -> None:
    home = june_of_four_days
    at = ("--home", str(home.home))
    assert call("period", "2024-Q2", *at).exit_code == 0
    assert (volume(home), call("verify", *at).exit_code) == ("40.0", 0)
    home.sends("M001", *((day, "C001a", 9) for day in (3, 4, 5, 6)), name="二.xlsx", saved="2024-07-04T09:00")
    home.run()
    told = call("verify", *at)
    assert (told.exit_code, "再次运行 yuebao period 即重新编制：output/2024-Q2" in told.output) == (1, True)
    assert call("period", "2024-Q2", *at).exit_code == 0
    assert (volume(home), call("verify", *at).exit_code) == ("36.0", 0)
    assert call("rebuild", *at, "--workers", "1", "--quiet").exit_code == 0
    assert (volume(home), call("verify", *at).exit_code) == ("36.0", 0)
