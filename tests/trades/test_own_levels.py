"""A trade's own levels of entities, declared in its settings: a station inside the tree, an engineer beside it."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from small_trade import make_home
from without_workbooks import without_workbooks

from pipeline.base.calendar import Month
from pipeline.base.errors import SettingsError
from pipeline.base.period import Period
from pipeline.commands.monthly import Asked, run_monthly
from pipeline.commands.period import run_period
from pipeline.commands.trace import trace_figure
from pipeline.contract.settings import Settings, load_settings, settings_from
from pipeline.figures.catalogue import all_figures

APRIL, MAY = Month(2024, 4), Month(2024, 5)
LEVELS = """
[profile.entities.station]
zh = "班组"
en = "Crew"
parent = "region"
ids = "managers.role"

[profile.entities.engineer]
zh = "维修工"
en = "Fitter"
ids = "complaints.handler"
"""
GLOSSARY = "附：口径与数据"


@pytest.fixture(scope="module")
def homes(tmp_path_factory) -> tuple[Path, Path]:
    """The small trade as it is, and with both levels. In each month every manager has two orders: M1 and M2 one of
    赵工 and one of 钱工, M3 both of 赵工. Of the stations, field is M1 alone and senior M2, both in R1."""
    folder = tmp_path_factory.mktemp("levels")
    for name, more in (("plain", ""), ("levels", LEVELS)):
        settings = make_home(folder / name, (APRIL, MAY), more=more)
        with without_workbooks(but=[MAY] if more else []):
            run_monthly(folder / name, settings, Asked(workers=1))
    return folder / "plain", folder / "levels"


def data(home: Path, name: str, month: Month = MAY) -> pd.DataFrame:
    path = home / "output" / str(month) / "data" / f"{name}.csv"
    return pd.read_csv(path, encoding="utf-8-sig", dtype={"entity_id": "str"})


@pytest.mark.slow
def test_figures_of_a_level_beside_the_tree_are_added_up_over_all_regions(homes) -> None:
    """赵工: one order of M1 and one of M2 (both R1), two of M3 (R2). 钱工: one each of M1 and M2. Fewer is better."""
    rows = data(homes[1], "metrics").set_index(["level", "entity_id", "figure"])
    zhao, qian = (rows.loc[("engineer", one, "complaints")] for one in ("赵工", "钱工"))
    assert (zhao["value"], zhao["previous"], zhao["ytd"], zhao["change"], zhao["rank"]) == (4, 4, 8, 0, 2)
    assert (qian["value"], qian["previous"], qian["ytd"], qian["change"], qian["rank"]) == (2, 2, 4, 0, 1)
    assert rows.loc[("engineer", "赵工", "complaints.power"), "value"] == 1


@pytest.mark.slow
def test_figures_of_a_level_inside_the_tree_are_those_of_its_managers(homes) -> None:
    rows = data(homes[1], "metrics")
    same = ["figure", "value", "numerator", "denominator", "previous", "change", "ytd", "completion", "n", "rank"]
    for station, manager in (("field", "M1"), ("senior", "M2")):
        own, its = (rows.loc[rows["entity_id"] == one, same].reset_index(drop=True) for one in (station, manager))
        pd.testing.assert_frame_equal(own, its)


@pytest.mark.slow
def test_a_figure_is_told_beside_the_tree_only_if_all_its_forms_say_whom_they_are_about(homes) -> None:
    rows = data(homes[1], "metrics")
    engineer = set(rows.loc[rows["level"] == "engineer", "figure"])
    assert {"complaints", "on_time_rate"} <= engineer
    assert not engineer & {"visits", "coverage", "customers_end", "complaints_per_100"}  # these need other forms
    order = list(dict.fromkeys(rows["level"]))
    assert order == ["organisation", "region", "manager", "station", "engineer"]


@pytest.mark.slow
def test_they_stand_in_no_other_table_and_change_nothing_of_the_backbone(homes) -> None:
    plain, levels = homes
    for path in sorted((plain / "output").rglob("data/*.csv")):
        other = levels / path.relative_to(plain)
        if path.name == "submissions.csv":  # one home was run after the other
            told = [data(home, "submissions").drop(columns="received_at") for home in homes]
            pd.testing.assert_frame_equal(*told)
        elif path.name != "metrics.csv":
            assert path.read_bytes() == other.read_bytes(), path.name
    rows = data(levels, "metrics")
    own = rows[~rows["level"].isin(["station", "engineer"])].reset_index(drop=True)
    pd.testing.assert_frame_equal(own, data(plain, "metrics"))


def sheets(home: Path) -> Iterator[tuple[str, str, list[str]]]:
    for path in sorted((home / "output" / str(MAY)).rglob("*.xlsx")):
        for sheet in openpyxl.load_workbook(path):
            yield path.name, sheet.title, [str(one) for row in sheet.values for one in row if one is not None]


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::UserWarning")
def test_of_workbooks_only_the_glossary_names_them(homes) -> None:
    named = {
        title for _, title, texts in sheets(homes[1]) if any("班组" in one or "维修工" in one for one in texts)
    }
    assert named == {GLOSSARY}
    told = [one for _, title, texts in sheets(homes[1]) if title == GLOSSARY for one in texts]
    assert any(one.endswith("另按班组、维修工统计。") for one in told)
    assert any(one.endswith("另按班组统计。") for one in told)


@pytest.mark.slow
def test_a_figure_of_an_engineer_is_traced_to_the_rows_that_name_it(homes) -> None:
    home = homes[1]
    found = trace_figure(home, load_settings(home), "complaints", "赵工", MAY)
    assert (found.value, found.grains) == (4, (("numerator", "rows"),))
    assert [(one.manager_id, one.customer_id) for one in found.items] == [
        ("M1", "M1-0"), ("M2", "M2-0"), ("M3", "M3-0"), ("M3", "M3-1"),
    ]  # fmt: skip
    assert all(one.file and one.row and dict(one.values)["handler"] == "赵工" for one in found.items)
    assert all(dict(one.values)["manager_id"] == one.manager_id for one in found.items)


@pytest.mark.slow
def test_a_figure_of_a_station_is_traced_to_the_rows_of_its_managers(homes) -> None:
    home = homes[1]
    found = trace_figure(home, load_settings(home), "visits", "field", MAY)
    assert (found.value, {one.manager_id for one in found.items}, len(found.items)) == (12, {"M1"}, 12)


@pytest.mark.slow
def test_a_quarter_tells_them_as_a_month_does(homes) -> None:
    """April and May are known of the second quarter: twice a month's orders and calls."""
    home = homes[1]
    with without_workbooks():
        done = run_period(home, load_settings(home), Period.parse("2024-Q2"), workers=1)
    assert [str(one) for one in done.missing] == ["2024-06"]
    path = home / "output" / "2024-Q2" / "data" / "metrics.csv"
    rows = (
        pd.read_csv(path, encoding="utf-8-sig", dtype={"entity_id": "str"})
        .set_index(["level", "entity_id", "figure"])["value"]
        .to_dict()
    )
    assert rows["engineer", "赵工", "complaints"] == 8
    assert rows["engineer", "钱工", "complaints"] == 4
    assert (rows["station", "field", "visits"], rows["manager", "M1", "visits"]) == (24, 24)
    shutil.rmtree(home / "output" / "2024-Q2")


def with_entities(**entities: object) -> Settings:
    return settings_from({"profile": {"entities": entities}})


@pytest.mark.parametrize(
    ("declared", "told"),
    [
        (
            {"zh": "站", "en": "Station", "parent": "regio", "ids": "managers.role"},
            "entities.station.parent: 'regio'",
        ),
        (
            {"zh": "站", "en": "Station", "parent": "organisation", "ids": "managers.role"},
            "'region' ∉ organisation",
        ),
        ({"zh": "站", "en": "Station", "parent": "station", "ids": "managers.role"}, "entities.station.parent"),
        ({"zh": "站", "en": "Station", "parent": "region"}, "entities.station.ids"),
        (
            {"zh": "站", "en": "Station", "parent": "region", "ids": "managers.rolle"},
            "'managers.rolle' ∉ manager_id",
        ),
        ({"zh": "站", "en": "Station", "parent": "region", "ids": "visits.note"}, "'visits.note' ∉ regions"),
        ({"zh": "站", "en": "Station", "ids": "managers.role"}, "'managers.role' ∉ sales"),
    ],
)
def test_a_level_that_cannot_be_is_told_by_its_key(declared, told) -> None:
    with pytest.raises(SettingsError) as error:
        with_entities(station=declared)
    assert told in str(error.value)


def test_a_level_whose_form_the_office_does_not_use_has_nobody() -> None:
    given = {"zh": "工程师", "en": "Engineer", "ids": ["complaints.handler", "outlook.reason"]}
    changes = {"monthly_forms": ["sales", "visits"], "other_forms": [], "entities": {"engineer": given}}
    figures = all_figures(settings_from({"profile": changes}).profile)
    assert figures and not [one.key for one in figures if one.levels]


def test_targets_may_be_given_for_a_trades_own_levels() -> None:
    given = {"zh": "供电所", "en": "Station", "parent": "region", "ids": "managers.role"}
    choices = with_entities(station=given).profile.forms["targets"].column("level").choices
    assert [one.zh for one in choices] == ["全公司", "区域", "客户经理", "供电所"]
