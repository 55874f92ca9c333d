"""A customer counts once in every entity, whoever of its managers had it, and once in several months."""

import pandas as pd
import pytest

from pipeline.contract.figure import Level
from pipeline.figures.customers_once import CustomersOnce

ORDERING, NEW = "ordering_customers", "new_customers"


def counted(*rows: tuple[str, str, str, str, int]) -> CustomersOnce:
    """Of a quarter: region, manager, figure, customer, the month's place."""
    names = ["region_id", "manager_id", "figure", "customer_id", "month"]
    frame = pd.DataFrame(list(rows), columns=names).astype(dict.fromkeys(names[:-1], "str") | {"month": "int64"})
    return CustomersOnce(frame, 3)


# C1 went from M1 to M2 of the same region; C2 stayed with M1; C3 is of another region.
QUARTER = counted(
    ("R1", "M1", ORDERING, "C1", 0),
    ("R1", "M2", ORDERING, "C1", 1),
    ("R1", "M2", ORDERING, "C1", 2),
    ("R1", "M1", ORDERING, "C2", 0),
    ("R2", "M3", ORDERING, "C3", 2),
    ("R2", "M3", NEW, "C3", 2),
)


@pytest.mark.parametrize(
    ("level", "entity", "once", "once_a_month"),
    [
        ("manager", "M1", 2, 2),
        ("manager", "M2", 1, 2),
        ("region", "R1", 2, 4),
        ("region", "R2", 1, 1),
        ("organisation", "ALL", 3, 5),
    ],
)
def test_a_customer_of_two_managers_and_three_months_counts_once(
    level: Level, entity: str, once: int, once_a_month: int
) -> None:
    entities, figures = pd.Index([entity], dtype="str"), pd.Index([ORDERING], dtype="str")
    assert QUARTER.counted(level, entities, figures).tolist() == [once]
    assert QUARTER.counted(level, entities, figures, each_month=True).tolist() == [once_a_month]


def test_each_entity_is_told_of_the_figure_beside_it_and_of_nothing_0() -> None:
    entities = pd.Index(["R2", "R1", "R1", "R2", "R9"], dtype="str")
    figures = pd.Index([NEW, NEW, ORDERING, "lost_customers", ORDERING], dtype="str")
    assert QUARTER.counted("region", entities, figures).tolist() == [1, 0, 2, 0, 0]


@pytest.mark.parametrize("each_month", [False, True])
def test_where_no_customer_is_counted_everybody_has_0(each_month: bool) -> None:
    entities, figures = pd.Index(["M1"], dtype="str"), pd.Index([ORDERING], dtype="str")
    assert counted().counted("manager", entities, figures, each_month=each_month).tolist() == [0]
