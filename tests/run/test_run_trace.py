"""What a figure is traced to adds up to its numerator and denominator, whatever the figure."""

import json
import shutil
from functools import partial
from pathlib import Path

import pytest
from small_home import call

from pipeline.base.calendar import Month
from pipeline.commands.trace import trace_parts
from pipeline.contract.settings import load_settings
from pipeline.figures.entities import values_of_month
from pipeline.ledger.manifest import read_manifest
from pipeline.ledger.read import Ledger
from pipeline.month.opening import Months, open_months
from schemas.form import all_forms

pytestmark = pytest.mark.slow

JUNE = Month(2024, 6)
ROWS = ("volume", "amount", "visits", "signature_rate", "complaints", "satisfaction", "visit_minutes", "fill_rate")


@pytest.fixture(scope="module")
def home(three_months: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy, as what is worked out is kept in it."""
    return Path(shutil.copytree(three_months, tmp_path_factory.mktemp("trace") / "home"))


@pytest.fixture(scope="module")
def opened(home: Path) -> Months:
    return open_months(Ledger(home, read_manifest(home), all_forms()), load_settings(home))


def test_what_stands_behind_every_figure_adds_up_to_it(opened: Months) -> None:
    counts = opened.graph.of("some_counts", JUNE, opened.shape.names(JUNE))
    values = values_of_month(counts, opened.graph.of("figures")).set_index(["entity_id", "figure"])
    traced = 0
    for figure in opened.graph.of("figures"):
        if ("ALL", figure.key) not in values.index:
            continue
        table = counts.values if figure.of_values else counts.by_manager
        managers = frozenset(table[table["figure"] == figure.key]["manager_id"].astype("str"))
        row = values.loc[("ALL", figure.key)]
        for part, _, items in trace_parts(figure, opened.graph.of("all_facts", JUNE), managers):
            total = sum(item.contribution for item in items)
            assert total == pytest.approx(row[part], abs=1e-6), (figure.key, part)
            traced += 1
    assert traced > 80


@pytest.mark.parametrize("key", ROWS)
def test_figures_of_single_rows_are_traced_to_their_file_sheet_and_row(opened: Months, key: str) -> None:
    figure = next(one for one in opened.graph.of("figures") if one.key == key)
    managers = frozenset(
        opened.graph.of("some_counts", JUNE, opened.shape.names(JUNE)).by_manager["manager_id"].astype("str")
    )
    for _, grain, items in trace_parts(figure, opened.graph.of("all_facts", JUNE), managers):
        assert grain == "rows"
        assert items
        assert all(item.file.endswith(".xlsx") and item.sheet and item.row > 4 for item in items)


def test_a_trace_is_given_as_json_for_a_manager_by_the_figures_name(home: Path, opened: Months) -> None:
    at = ("--home", str(home), "--json")
    manager = sorted(opened.shape.regions(JUNE).index)[0]
    result = call("trace", "销量", manager, "2024-06", *at)
    found = json.loads(result.output)
    assert found["grains"] == {"numerator": "rows"}
    assert {one["manager_id"] for one in found["items"]} == {manager}
    assert sum(one["contribution"] for one in found["items"]) == found["numerator"] == found["value"]


def test_a_figure_or_entity_that_nobody_knows_is_said_in_one_sentence(home: Path) -> None:
    ask = partial(call, "trace")
    at = ("2024-06", "--home", str(home))
    unknown = ask("no-such", "ALL", *at)
    assert unknown.exit_code == 1
    assert "no-such" in unknown.output
    nobody = ask("volume", "M999", *at)
    assert nobody.exit_code == 1
    assert "M999" in nobody.output
