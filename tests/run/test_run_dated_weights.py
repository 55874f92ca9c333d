"""Weights that change within a quarter: old months keep theirs, also in a rebuild; the quarter says how it is computed.

M001 sells 80 and then 100 cartons against targets of 100 each month; its customers pay 100 yuan a carton. The scorecard
judges volume and amount: by half each in May, by volume alone from June on.
"""

import json
import shutil
from pathlib import Path

import pytest
from decisions_home import read
from small_home import JUNE, SmallHome, call, kept_bytes

from pipeline.base.calendar import Month

pytestmark = pytest.mark.slow

MAY = Month(2024, 5)
SETTINGS = """
[profile]
name = "tobacco"

[profile.scorecard]
least_weight = 0.1

[profile.scorecard.indicators]
ordering_rate = { weight = 0 }
retention_rate = { weight = 0 }
satisfaction = { weight = 0 }
volume = { group = "develop", weight = 0.5, target = 100 }
amount = { group = "develop", weight = 0.5, target = 20000 }
key_brand_share = { weight = 0 }
plan_completion = { weight = 0 }
price_rate = { weight = 0 }
complaints_per_100 = { weight = 0 }
"""
FROM_JUNE = """
[profile.since."2024-06".scorecard.indicators]
volume = { weight = 1.0 }
amount = { weight = 0.0 }
"""


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> SmallHome:
    """The home of which May was reported before the weights changed, and June after."""
    home = SmallHome(tmp_path_factory.mktemp("dated") / "home")
    home.home.mkdir()
    (home.home / "yuebao.toml").write_text(SETTINGS, encoding="utf-8")
    home.masters(month=MAY, regions={"M001": "R01"})
    home.sends("M001", (3, "C001a", 80), month=MAY, name="五月.xlsx", saved="2024-06-03T09:00")
    assert home.run().exit_code == 0
    (home.home / "yuebao.toml").write_text(SETTINGS + FROM_JUNE, encoding="utf-8")
    home.sends("M001", (3, "C001a", 100), name="六月.xlsx")
    assert home.run().exit_code == 0
    return home


def scores(home: SmallHome, period: str) -> tuple[float, dict[str, float]]:
    """The score of M001, and the weight of each indicator (%)."""
    frame = home.csv("scorecard", period)  # type: ignore[arg-type]  # a name will do
    own = frame[frame["entity_id"] == "M001"]
    weights = dict(zip(own["figure"], own["weight"].astype(float), strict=True))
    return float(own["score"].iloc[0]), {key: weight for key, weight in weights.items() if weight}


def test_each_month_is_scored_by_its_own_weights(home: SmallHome) -> None:
    assert scores(home, str(MAY)) == (60.0, {"volume": 50.0, "amount": 50.0})  # 80 % and 8,000 ÷ 20,000 = 40 %
    assert scores(home, str(JUNE)) == (100.0, {"volume": 100.0})


def test_the_quarter_is_scored_by_the_weights_of_its_end_and_says_so(home: SmallHome) -> None:
    assert call("period", "--home", str(home.home), "--workers", "1", "--quiet", "2024-Q2").exit_code == 0
    assert scores(home, "2024-Q2") == (90.0, {"volume": 100.0})  # 180 of 200
    (path,) = (home.home / "output/2024-Q2/regions").glob("*.xlsx")
    texts = [
        str(cell) for sheet in read(path) for row in sheet.iter_rows(values_only=True) for cell in row if cell
    ]
    assert any(one.startswith("自2024-06起调整了绩效考核指标和权重：各月的指标按当月的权重") for one in texts)


def test_why_says_of_a_quarter_whether_it_stands(home: SmallHome, tmp_path: Path) -> None:
    again = SmallHome(Path(shutil.copytree(home.home, tmp_path / "home", copy_function=shutil.copy2)))

    def reasons(period: str) -> list[str]:
        said = call("why", "--home", str(again.home), "--json", period)
        assert said.exit_code == 0, said.output
        return list(json.loads(said.output)[0]["reasons"])

    assert reasons("2024-H1") == ["untold"]
    assert call("period", "--home", str(again.home), "--workers", "1", "--quiet", "2024-Q2").exit_code == 0
    assert reasons("2024-Q2") == []
    again.sends("M001", (3, "C001a", 90), name="六月改.xlsx", saved="2024-07-05T09:00")
    again.run()
    assert reasons("2024-Q2") == ["months"]
    told = call("why", "--home", str(again.home), "2024-Q2").output
    assert "2024-Q2：所含或所比的月份有了新的版本" in told
    assert call("why", "--home", str(again.home), "2023-Q2").exit_code == 1


def test_a_rebuild_keeps_the_weights_of_old_months(home: SmallHome, tmp_path: Path) -> None:
    again = SmallHome(Path(shutil.copytree(home.home, tmp_path / "home")))
    before = {name: data for name, data in kept_bytes(again.home).items() if "scorecard.csv" in name}
    assert again.does("rebuild").exit_code == 0
    after = {name: data for name, data in kept_bytes(again.home).items() if "scorecard.csv" in name}
    assert after == before and scores(again, str(MAY))[0] == 60.0


def test_the_month_of_the_change_says_so_and_the_month_before_does_not(home: SmallHome) -> None:
    told = {}
    for month in (MAY, JUNE):
        (path,) = (home.home / "output" / str(month) / "regions").glob("*.xlsx")
        cells = (cell for sheet in read(path) for row in sheet.iter_rows(values_only=True) for cell in row)
        told[month] = any(str(one).startswith("自2024-06起调整了") for one in cells)
    assert told == {MAY: False, JUNE: True}
