"""A small organisation in which a manager has not reported (May 2023, April 2024), has gone to another region with its
customers (May 2024), and has taken over another's (June 2024): each month is compared like with like.

Who is compared is worked out by hand here; what they bought is added up from the workbooks in plain Python.
"""

import shutil
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import openpyxl
import pytest

from pipeline.base.calendar import Month
from pipeline.contract.settings import load_settings
from pipeline.ledger.manifest import read_manifest
from pipeline.ledger.read import Ledger
from pipeline.month.opening import Months, open_months
from pipeline.taking.receive import receive
from pipeline.work.executors import reading_sandbox
from schemas.form import all_forms

CASES = Path(__file__).parents[3] / "shared" / "cases" / "figures"
INBOX = CASES / "unreported_manager_moved_manager_lower_is_better__inbox"
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not INBOX.exists(), reason="the cases are not here"),
]
OF_B = {f"0B0{number}" for number in range(1, 6)}
OF_C = {f"0C0{number}" for number in range(1, 6)}


@cache
def opened() -> Months:
    home = Path(mkdtemp())
    shutil.copytree(INBOX, home / "inbox")
    settings = load_settings(home)
    with reading_sandbox(home, settings, 1) as sandbox:
        manifest = receive(home, read_manifest(home), settings, sandbox, lambda *step: None).manifest
    return open_months(Ledger(home, manifest, all_forms()), settings)


@cache
def sold(month: str) -> dict[str, int]:
    """Cartons by customer, as the workbooks have them."""
    sums: dict[str, int] = {}
    for path in sorted(INBOX.glob(f"月报_{month}_*.xlsx")):
        book = openpyxl.load_workbook(path, read_only=True)
        rows = list(book["销售"].iter_rows(values_only=True))
        book.close()
        heads = next(row for row in rows if "客户编码" in row)
        customer = heads.index("客户编码")
        cartons = next(place for place, name in enumerate(heads) if str(name).startswith("销量"))
        for row in rows[rows.index(heads) + 1 :]:
            if isinstance(row[0], int):
                sums[row[customer]] = sums.get(row[customer], 0) + int(row[cartons])
    return sums


def of(month: str, customers: set[str] | None = None, without: set[str] = frozenset()) -> int:  # type: ignore[assignment]
    return sum(
        cartons
        for customer, cartons in sold(month).items()
        if (customers is None or customer in customers) and customer not in without
    )


def row(month: str, entity: str, figure: str = "volume") -> dict[str, Any]:
    when = Month.parse(month)
    metrics = opened().graph.of("ranked", when)
    return dict(metrics[(metrics["entity_id"] == entity) & (metrics["figure"] == figure)].iloc[0])


def growth(now: int, base: int) -> Any:
    return pytest.approx(100 * (now - base) / base, abs=1e-6)


def test_may_2023_b_has_not_reported_and_the_region_is_compared_over_a_alone() -> None:
    a = set(sold("2023-04")) - OF_B - OF_C
    got = row("2023-05", "R1")
    assert (got["value"], got["missing"]) == (of("2023-05", a), 1)
    assert got["previous"] == of("2023-04", without=OF_C)
    assert got["change"] == growth(of("2023-05", a), of("2023-04", a))


def test_june_2023_does_not_rise_by_b_who_is_back() -> None:
    a = set(sold("2023-06")) - OF_B - OF_C
    got = row("2023-06", "R1")
    assert got["value"] == of("2023-06", without=OF_C)
    assert got["change"] == growth(of("2023-06", a), of("2023-05", a))
    assert row("2023-06", "R1", "lost_customers")["value"] == 0
    assert got["change"] < 5  # as reported it was +25 %


def test_april_2024_what_went_to_the_missing_manager_is_compared_on_neither_side() -> None:
    out = {*OF_B, "0X01"}  # 0X01 is B's from April on, and B has not reported
    for entity, others in (("R1", OF_C), ("ALL", set())):
        got = row("2024-04", entity)
        assert got["missing"] == 1
        assert got["change"] == growth(of("2024-04", without=others), of("2024-03", without=out | others))
        assert got["yoy"] == growth(of("2024-04", without=others), of("2023-04", without=out | others))


def test_may_2024_the_regions_are_compared_with_the_customers_that_they_have_now() -> None:
    to_r2 = OF_B | OF_C | {"0X01"}
    first = row("2024-05", "R1")
    assert first["change"] == growth(of("2024-05", without=to_r2), of("2024-04", without=to_r2))
    assert first["yoy"] == growth(of("2024-05", without=to_r2), of("2023-05", without=to_r2))
    assert first["last_year"] == of("2023-05", without=OF_C)  # as it was reported
    second = row("2024-05", "R2")
    assert second["change"] == growth(of("2024-05", OF_C), of("2024-04", OF_C))  # of B April is not known
    assert second["yoy"] == growth(of("2024-05", OF_C | {"0X01"}), of("2023-05", OF_C | {"0X01"}))
    assert row("2024-05", "R2", "new_customers")["value"] == 0


def test_june_2024_nobody_is_lost_who_only_moved() -> None:
    r2 = OF_B | OF_C | {"0X01", "0X02"}
    got = row("2024-06", "R2")
    assert got["change"] == growth(of("2024-06", r2), of("2024-05", r2))
    metrics = opened().graph.of("metrics", Month(2024, 6), opened().shape.names(Month(2024, 6)))
    told = metrics[(metrics["entity_id"] == "R2") & metrics["figure"].isin(["lost_customers", "new_customers"])]
    assert (
        told["value"].isna().all()
    )  # B had not reported April, on which both look back: a dash, not six and thirteen
    first = row("2024-06", "R1")
    assert first["change"] == growth(of("2024-06", without=r2), of("2024-05", without=r2))
    assert first["missing"] == 0


def test_june_2024_completion_of_what_is_better_low_is_one_formula() -> None:
    assert row("2024-06", "A", "complaints_per_100")["completion"] == 200  # nothing of a target of 10
    assert row("2024-06", "B", "complaints_per_100")["completion"] == 100  # nothing of a target of nothing
    stock = row("2024-06", "ALL", "stock_to_sales")
    assert stock["completion"] == pytest.approx(100 * (2 - stock["value"] / 1))
    assert row("2024-06", "R1")["completion"] == pytest.approx(100 * row("2024-06", "R1")["value"] / 500)


def test_june_2024_c_who_left_in_may_is_not_ranked() -> None:
    when = Month(2024, 6)
    metrics = opened().graph.of("ranked", when)
    assert metrics.loc[metrics["entity_id"] == "C", "rank"].isna().all()
    assert metrics.loc[metrics["entity_id"] == "B", "rank"].notna().any()


def test_key_brands_of_a_month_compared_with_are_those_of_today() -> None:
    got = row("2024-04", "R2", "key_brand_share")  # C alone, whose customers buy the same every month
    assert got["previous"] - got["value"] > 40  # as reported, when another product was the key brand
    assert got["change"] == pytest.approx(got["value"] - got["previous_comparable"])
    assert abs(got["change"]) < 5
