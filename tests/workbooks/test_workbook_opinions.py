"""Part three of the manager's report: what customers said, in their words, and what was answered."""

from dataclasses import replace

import pandas as pd
from report_builder import manager_report

from pipeline.subjects.complaints.opinion_table import opinion_counts, opinion_quotes
from pipeline.subjects.complaints.opinions import OPINION_COLUMNS
from pipeline.subjects.complaints.sheets import opinions_part
from pipeline.workbooks.blocks import Table
from pipeline.workbooks.view import View


def opinions() -> pd.DataFrame:
    """Two complaints of one cause, one answered; a remark; something heard on a visit."""
    day = pd.Timestamp
    who = {"region_id": "R01", "manager_id": "M003", "customer_name": "幸福商店", "customer_id": "330102100001"}
    complaint = {**who, "kind": "complaint", "category": "quality", "said": "烟支空松", "cause": "仓储受潮"}
    rows = [
        {**complaint, "said_on": day(2024, 6, 5), "action": "exchange", "replied_on": day(2024, 6, 12)},
        {**complaint, "said_on": day(2024, 6, 7)},
        {**who, "kind": "comment", "said_on": day(2024, 6, 18), "said": "送货再早一点"},
        {**who, "kind": "market_info", "said_on": day(2024, 6, 20), "said": "邻街新开超市"},
    ]
    return pd.DataFrame(rows).reindex(columns=OPINION_COLUMNS).astype("object")


def view(frame: pd.DataFrame) -> View:
    report = manager_report()
    return View(replace(report, details={**report.details, "customer_opinions": frame}))


def test_opinions_are_counted_by_cause_remark_and_what_visits_heard() -> None:
    table = opinion_counts(view(opinions()))
    assert table is not None
    assert table.rows == (
        ("投诉诉求", "仓储受潮", 2),
        ("测评意见", "送货再早一点", 1),
        ("走访收集信息", "邻街新开超市", 1),
    )


def test_a_quoted_line_has_customer_day_cause_and_what_was_answered() -> None:
    table = opinion_quotes(view(opinions()))
    assert table is not None
    day = pd.Timestamp
    assert table.rows[0] == (
        "投诉诉求", day(2024, 6, 7).date(), "幸福商店", "烟支空松", "仓储受潮", "尚未答复",
    )  # fmt: skip
    assert table.rows[1][-1] == "换货，2024-06-12答复"
    assert table.rows[2][2:] == ("幸福商店", "送货再早一点", None, None)
    assert len(table.rows) == 4


def test_part_three_shows_what_was_said_and_without_any_says_nothing() -> None:
    names = {one.name for one in opinions_part(view(opinions())).blocks if isinstance(one, Table)}
    assert {"opinion_counts", "opinion_quotes"} <= names
    assert opinion_quotes(view(opinions().iloc[:0])) is None
