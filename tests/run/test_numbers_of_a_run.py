"""A small organisation in which a manager has not reported and another has gone to the other region, run as people run
it: what its sentences say stands in the workbooks' cells, and its forecast adds up to the cent."""

import csv
import email
import email.policy
import math
from collections import defaultdict
from collections.abc import Callable, Iterable
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from oracle_judged import LIMITS, Judged
from small_home import call
from spoken_numbers import Shown, spoken_numbers
from without_workbooks import without_workbooks

from pipeline.base.calendar import Month
from pipeline.demo.job import Job
from pipeline.demo.make import make_demo
from pipeline.ledger.manifest import read_manifest
from pipeline.ledger.read import Ledger
from schemas.form import all_forms

pytestmark = pytest.mark.slow  # a run over four months, shared
JUNE = Month(2024, 6)
MONTHS = (JUNE + -12, JUNE + -2, JUNE + -1, JUNE)  # those that are told of; of the others nothing has come
MISSING, MOVED = "M002", "M005"


@pytest.fixture(scope="module")
def output(made_once: Callable[[str, Callable[[Path], object]], Path]) -> Path:
    """What a run leaves of June 2024."""
    return made_once("one_missing_one_moved", _run_with_one_missing_and_one_moved) / "output" / str(JUNE)


class OnlyWhatIsTold:
    """Writes of a demo's workbooks those that come: of other months nothing has, nor of who is missing."""

    def map(self, write: Callable[[Job], object], jobs: Iterable[Job]) -> list[object]:
        return [write(job) for job in jobs if self._comes(job.path.name)]

    def _comes(self, name: str) -> bool:
        told = any(f"_{month}_" in name for month in MONTHS) and f"{JUNE}_{MISSING}" not in name
        return told or not name.startswith("月报_")


def _run_with_one_missing_and_one_moved(home: Path) -> None:
    make_demo(home, managers=6, customers=3, months=13, end=JUNE, seed=7, executor=OnlyWhatIsTold())  # type: ignore[arg-type]
    _moves(home / "inbox", MOVED, "R01")
    with without_workbooks(but=[JUNE]):
        result = call("monthly", "--home", str(home), "--workers", "1", "--quiet", "--month", str(JUNE))
    assert result.exit_code == 0, result.output


def _moves(inbox: Path, manager: str, region: str) -> None:
    """The office sends the list of managers anew for June, one of them with another region."""
    first = min(inbox.glob("主数据_*.xlsx"))
    book = openpyxl.load_workbook(first)
    for title in set(book.sheetnames) - {"封面", "客户经理"}:
        del book[title]
    for row in (*book["封面"].iter_rows(), *book["客户经理"].iter_rows()):
        for cell in row:
            if cell.value == first.stem.removeprefix("主数据_"):
                cell.value = str(JUNE)
            elif cell.value == "R02" and manager in [one.value for one in row]:
                cell.value = region
    book.save(inbox / f"客户经理_{JUNE}.xlsx")


@pytest.mark.parametrize("kind", ["regions/*.xlsx", "managers/*.xlsx", "headquarters.xlsx"])
def test_every_number_of_a_sentence_stands_in_a_cell_of_the_same_workbook(output: Path, kind: str) -> None:
    paths = sorted(output.glob(kind))
    assert paths
    for path in paths:
        shown = Shown(path)
        assert shown.sentences
        assert shown.unfounded() == [], path.name


def test_every_number_of_a_letter_stands_in_the_workbook_that_goes_with_it(output: Path) -> None:
    letters = sorted((output / "outbox").glob("region_*.eml"))
    assert len(letters) == 2
    for letter in letters:
        message = email.message_from_bytes(letter.read_bytes(), policy=email.policy.default)
        body = message.get_body(("plain",))
        assert body is not None
        (book,) = (output / "regions").glob(f"{letter.stem.removeprefix('region_')}.xlsx")
        shown = Shown(book)
        lines = [line for line in body.get_content().splitlines() if line.startswith("· ")]
        assert any(list(spoken_numbers(line)) for line in lines)
        assert [(one.text, line) for line in lines for one in spoken_numbers(line) if not shown.has(one)] == []


def test_forecasts_agree_to_the_cent_between_all_levels(output: Path) -> None:
    rows = rows_of(output, "forecast")
    region, owner = _people(output)
    assert region[MOVED] == "R01" and set(region.values()) == {"R01", "R02"}
    for measure in ("volume", "amount"):
        told = {
            (row["level"], row["entity_id"]): Decimal(row["forecast"]) for row in rows if row["measure"] == measure
        }
        below: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
        for (level, entity), value in told.items():
            if level == "customer":
                below["manager", owner[entity]] += value
            if level == "manager":
                below["region", region[entity]] += value
            if level == "region":
                below["organisation", "ALL"] += value
        assert ("manager", MISSING) in below
        assert below == {key: told[key] for key in below}
        assert all(value == value.quantize(Decimal("0.01")) for value in told.values())


def test_the_scorecard_is_what_the_figures_say(output: Path, judged: Judged) -> None:
    told = {(row["level"], row["entity_id"], row["figure"]): row for row in rows_of(output, "scorecard")}
    wrong = []
    expected = list(judged.card())
    assert len(expected) == len(told)
    for key, figure, numbers in expected:
        for name, value in numbers.items():
            got = told[*key, figure][name]
            same = got == value if isinstance(value, str) else _same(got, value)
            wrong += [] if same else [f"{key} {figure} {name}: {got}, not {value}"]
    assert wrong == []


@pytest.mark.parametrize("rule", LIMITS)
def test_a_rule_over_one_figure_finds_those_beyond_its_limit_and_no_others(
    output: Path, judged: Judged, rule: str
) -> None:
    found = {(row["level"], row["entity_id"]) for row in rows_of(output, "findings") if row["rule"] == rule}
    assert found == judged.found(rule)


def rows_of(output: Path, name: str) -> list[dict[str, str]]:
    with (output / "data" / f"{name}.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def judged(output: Path) -> Judged:
    return Judged([*rows_of(output, "metrics")], _people(output)[0])


def _same(got: str, value: float) -> bool:
    return got == "" if math.isnan(value) else got != "" and float(got) == pytest.approx(value, abs=2e-6)


def _people(output: Path) -> tuple[dict[str, str], dict[str, str]]:
    """The region of each manager and the manager of each customer, by June's master data."""
    home = output.parents[1]
    ledger = Ledger(home, read_manifest(home), all_forms())
    pairs = (("managers", "manager_id", "region_id"), ("customers", "customer_id", "manager_id"))
    region, owner = (
        dict(zip(rows[key], rows[value], strict=True))
        for form, key, value in pairs
        for rows in [ledger.master(form, JUNE, [key, value])]
    )
    return region, owner
