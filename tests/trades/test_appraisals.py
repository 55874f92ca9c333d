"""The appraisal of people over a period (trades.md section 3): from all that was counted, by dated weights; each number
by hand."""

import pandas as pd
import pytest
from pydantic import ValidationError

from pipeline.base.calendar import Month
from pipeline.subjects.appraisals.weigh import appraised, weights_in, weights_since
from schemas.appraisals import Appraisal

JUNE = Month(2024, 6)
MANAGERS = Appraisal.model_validate(
    {
        "best": 2,
        "parts": {
            "orders": {"figure": "sample_score.order", "weight": 0.3, "least": 5},
            "files": {"figure": "sample_score.file", "weight": 0.2, "least": 5},
            "satisfaction": {"figure": "satisfaction", "weight": 0.5, "least": 10},
        },
    }
)
ENGINEERS = Appraisal.model_validate(
    {
        "parts": {
            "on_time": {"figure": "on_time_rate", "weight": 0.4, "least": 10},
            "satisfied": {"figure": "satisfied_rate", "weight": 0.4, "least": 10},
            "rating": {"figure": "department_rating", "weight": 0.2, "least": 10, "full": 5},
        }
    }
)


def metrics(*rows: tuple[str, str, float, float]) -> pd.DataFrame:
    """Rows of a period: entity, figure, value, how many stand behind it."""
    told = pd.DataFrame(rows, columns=["entity_id", "figure", "value", "denominator"])
    return told.assign(numerator=told["value"] * told["denominator"])


def of_manager(
    code: str, orders: float, files: float, answers: float
) -> tuple[tuple[str, str, float, float], ...]:
    """Values 90, 85, 88, with so many behind each."""
    return (
        (code, "sample_score.order", 90.0, orders),
        (code, "sample_score.file", 85.0, files),
        (code, "satisfaction", 88.0, answers),
    )


def test_a_managers_score_is_the_weighted_mean_of_its_parts():
    rows = appraised(MANAGERS, JUNE, metrics(*of_manager("M1", 5, 5, 10)), ["M1"])
    assert rows["score"].tolist() == pytest.approx([88.0] * 3)  # 0.3 × 90 + 0.2 × 85 + 0.5 × 88 = 27 + 17 + 44


def test_a_part_under_its_least_count_leaves_the_manager_without_score_and_says_how_many_of_how_many():
    rows = appraised(MANAGERS, JUNE, metrics(*of_manager("M3", 4, 5, 10)), ["M3"]).set_index("part")
    assert rows["score"].isna().all()
    assert rows["is_enough"].to_dict() == {"orders": False, "files": True, "satisfaction": True}
    assert (rows.loc["orders", "n"], rows.loc["orders", "least"]) == (4, 5)


def test_a_part_of_which_nothing_is_known_is_none_of_its_least_count():
    rows = appraised(MANAGERS, JUNE, metrics(*of_manager("M1", 5, 5, 10)[:2]), ["M1"]).set_index("part")
    assert (rows.loc["satisfaction", "n"], rows.loc["satisfaction", "is_enough"]) == (0, False)
    assert rows["score"].isna().all()


def test_an_engineers_mean_rating_counts_out_of_five():
    rows = appraised(
        ENGINEERS,
        JUNE,
        metrics(("E1", "on_time_rate", 90.0, 20.0), ("E1", "satisfied_rate", 75.0, 12.0),
                ("E1", "department_rating", 4.0, 10.0)),
        ["E1"],
    )  # fmt: skip
    assert rows["score"].iloc[0] == pytest.approx(82.0)  # 0.4 × 90 + 0.4 × 75 + 0.2 × (4 ÷ 5 × 100) = 36 + 30 + 16


def test_a_period_uses_the_weights_that_are_valid_in_it():
    dated = Appraisal.model_validate(
        {
            "parts": {
                "a": {
                    "figure": "a",
                    "weight": {"2024-01": 1.0, "2025-01": 0.5},
                    "least": {"2024-01": 3, "2025-01": 6},
                },
                "b": {"figure": "b", "weight": {"2025-01": 0.5}},
            }
        }
    )
    rows = metrics(("M1", "a", 80.0, 5.0), ("M1", "b", 60.0, 5.0))
    assert appraised(dated, Month(2024, 12), rows, ["M1"])["score"].tolist() == [80.0]
    assert appraised(dated, Month(2025, 3), rows, ["M1"])["score"].isna().all()  # a now needs six
    assert weights_in(dated, Month(2025, 1)) == {"a": (0.5, 6.0), "b": (0.5, 1.0)}
    assert weights_since(dated, Month(2025, 3)) == "2025-01"
    assert weights_since(MANAGERS, JUNE) == ""


def test_weights_that_do_not_sum_to_one_from_some_month_on_are_refused_with_that_month():
    with pytest.raises(ValidationError, match=r"2025-01 Σ weight = 0.9"):
        Appraisal.model_validate(
            {
                "parts": {
                    "a": {"figure": "a", "weight": {"2024-01": 0.5, "2025-01": 0.4}},
                    "b": {"figure": "b", "weight": {"2024-01": 0.5}},
                }
            }
        )


@pytest.mark.parametrize("wrong", [{"2024-13": 1.0}, {"2024": 1.0}, True, -1, "x"])
def test_a_weight_that_is_none_is_refused(wrong):
    with pytest.raises(ValidationError):
        Appraisal.model_validate({"parts": {"a": {"figure": "a", "weight": wrong}}})


def test_the_order_of_rows_and_the_codes_do_not_matter():
    rows = metrics(*of_manager("M1", 5, 5, 10), *of_manager("M2", 9, 9, 20))
    turned = rows.iloc[::-1].assign(entity_id=rows["entity_id"].map({"M1": "X9", "M2": "X1"}))
    before = appraised(MANAGERS, JUNE, rows, ["M1", "M2"])
    after = appraised(MANAGERS, JUNE, turned, ["X9", "X1"])
    assert before.drop(columns="appraised_id").equals(after.drop(columns="appraised_id"))
