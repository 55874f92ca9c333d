"""A customer counts once in every entity, whoever of its managers had it, and once in several months."""

import pandas as pd
import pytest

from pipeline.contract.figure import Level
from pipeline.figures.customers_once import CustomersOnce

ORDERING, NEW = "ordering_customers", "new_customers"


def counted(*rows: tuple[str, str, str, str]) -> CustomersOnce:
    """Of a quarter, a row a month: region, manager, figure, customer."""
    names = ["region_id", "manager_id", "figure", "customer_id"]
    return CustomersOnce(pd.DataFrame(list(rows), columns=names, dtype="str"))


# C1 went from M1 to M2 of the same region; C2 stayed with M1; C3 is of another region.
QUARTER = counted(
    ("R1", "M1", ORDERING, "C1"),
    ("R1", "M2", ORDERING, "C1"),
    ("R1", "M2", ORDERING, "C1"),
    ("R1", "M1", ORDERING, "C2"),
    ("R2", "M3", ORDERING, "C3"),
    ("R2", "M3", NEW, "C3"),
)


@pytest.mark.parametrize(
    ("level", "entity", "once"),
    [
        ("manager", "M1", 2),
        ("manager", "M2", 1),
        ("region", "R1", 2),
        ("region", "R2", 1),
        ("organisation", "ALL", 3),
    ],
)
def test_a_customer_of_two_managers_and_three_months_counts_once(level: Level, entity: str, once: int) -> None:
    entities, figures = pd.Index([entity], dtype="str"), pd.Index([ORDERING], dtype="str")
    assert QUARTER.counted(level, entities, figures).tolist() == [once]


def test_each_entity_is_told_of_the_figure_beside_it_and_of_nothing_0() -> None:
    entities = pd.Index(["R2", "R1", "R1", "R2", "R9"], dtype="str")
    figures = pd.Index([NEW, NEW, ORDERING, "lost_customers", ORDERING], dtype="str")
    assert QUARTER.counted("region", entities, figures).tolist() == [1, 0, 2, 0, 0]


def test_where_no_customer_is_counted_everybody_has_0() -> None:
    entities, figures = pd.Index(["M1"], dtype="str"), pd.Index([ORDERING], dtype="str")
    assert counted().counted("manager", entities, figures).tolist() == [0]
