import pandas as pd
from entity_frames import made_details
from month_builder import MonthBuilder, facts_of

from pipeline.base.calendar import Month
from pipeline.figures.details import EntityDetails, cut_details

JUNE, MAY = Month(2024, 6), Month(2024, 5)


def month(one: Month) -> MonthBuilder:
    builder = MonthBuilder(one)
    builder.add("products", product_id="P1", category="class1", brand="A", product_name="甲")
    return builder.add("products", product_id="P2", category="class2", brand="B", product_name="乙")


def frames(now: MonthBuilder, previous: MonthBuilder | None, level: str, entity: str) -> dict[str, pd.DataFrame]:
    before = None if previous is None else facts_of(previous)
    return cut_details(made_details(facts_of(now), before)).of(level, entity)  # type: ignore[arg-type]


def test_an_entity_sees_its_own_sales_beside_the_month_before() -> None:
    now = (
        month(JUNE).sale("M1", "C1", "P1", 10, 100.1).sale("M2", "C2", "P1", 1, 0.2).sale("M3", "C3", "P2", 5, 9.0)
    )
    before = month(MAY).sale("M1", "C1", "P2", 7, 70.0)
    got = frames(now, before, "region", "R1")["sales_by_category"].set_index("category")
    assert got.loc["class1", ["volume", "amount_yuan", "volume_previous"]].tolist() == [11, 100.3, 0]
    assert got.loc["class2", ["volume", "volume_previous"]].tolist() == [0, 7]
    assert got["volume_last_year"].isna().all()


def test_products_come_with_names_best_first() -> None:
    now = month(JUNE).sale("M1", "C1", "P1", 1, 1.0).sale("M1", "C1", "P2", 5, 5.0)
    got = frames(now, None, "organisation", "ALL")["sales_by_product"]
    assert got["product_name"].tolist() == ["乙", "甲"]


def test_open_cases_are_listed_longest_overdue_first() -> None:
    now = MonthBuilder(JUNE).case(
        "T1", "M1", "C1", "2024-06-20", source_row=9
    )  # due 27 June, Friday 28 June: 1 day
    now.case("T2", "M1", "C1", "2024-06-03").case("T3", "M1", "C1", "2024-06-27")
    now.case("T4", "M1", "C1", "2024-06-03", resolved_on="2024-06-04").case("T5", "M3", "C9", "2024-06-03")
    got = frames(now, None, "region", "R1")["complaint_cases"]
    assert got[["complaint_no", "state"]].to_numpy().tolist() == [
        ["T2", "overdue"],
        ["T1", "overdue"],
        ["T4", "closed"],
        ["T3", "open"],
    ]
    assert got["days_overdue"].tolist()[:2] == [13, 1]  # T2 was due on 11 June
    assert got.loc[1, "source_row"] == 9


def test_scores_are_means_over_the_answers_that_give_the_dimension() -> None:
    now = MonthBuilder(JUNE).answer("M1", supply=8, profit=4).answer("M2", supply=9).answer("M3", supply=1)
    got = frames(now, None, "region", "R1")["satisfaction_by_dimension"].set_index("dimension")
    assert got.loc["supply", "score"] == 8.5
    assert got.loc["profit", ["score", "answers"]].tolist() == [4, 1]


def test_details_of_some_entities_keep_their_columns_where_there_are_no_rows() -> None:
    changes = pd.DataFrame({"level": ["region"], "entity_id": ["R1"], "answers": [3]})
    every = EntityDetails({"satisfaction_change": changes})
    assert every.of([("region", "R1")]).by_entity["satisfaction_change"]["answers"].tolist() == [3]
    nobody = every.of([("region", "R2")]).of([("region", "R2")]).by_entity["satisfaction_change"]
    assert list(nobody.columns) == list(changes.columns) and nobody.empty
