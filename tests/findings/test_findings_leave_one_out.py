"""A manager who has not reported leaves a hole, and nothing is read into it: what is said of the region is what would
be said of the others alone, but for the line that says who is missing."""

from pathlib import Path

import pandas as pd
import pytest
from made_up import JUNE, SENT, made_up
from month_builder import MonthBuilder, two_customers_each
from seeds import SEEDS
from small_ledger import opened

from pipeline.base.calendar import Month
from pipeline.figures.details import cut_details
from pipeline.findings.evidence import Evidence
from pipeline.findings.find import find_all
from pipeline.findings.missing_rules import REPORT_MISSING
from pipeline.findings.sentences import missing, opinions_part, overview, problems_part, sales_part
from pipeline.findings.story import Story
from pipeline.findings.text import findings_frame
from pipeline.month.opening import Months
from pipeline.words import load_words

pytestmark = pytest.mark.slow

MONTHS = [JUNE + -back for back in (12, 3, 2, 1, 0)]
OF_FILES = "档案完整率"  # customers' files are the office's
PARTS = (overview, sales_part, problems_part, opinions_part)


def without_report(one: MonthBuilder, manager: str) -> MonthBuilder:
    """The month as it is when a manager has sent nothing."""
    for form in SENT:
        one.rows[form] = [row for row in one.rows.get(form, []) if row["manager_id"] != manager]
    one.sent = frozenset(pair for pair in one.sent if pair[0] != manager)
    return one


def alone(one: MonthBuilder, manager: str) -> MonthBuilder:
    """The month as it were if there had never been that manager."""
    without_report(one, manager)
    for form in ("customers", "managers"):
        one.rows[form] = [row for row in one.rows[form] if row["manager_id"] != manager]
    one.managers = {name: region for name, region in one.managers.items() if name != manager}
    return one


def told(home: Months) -> tuple[list[list[str]], pd.DataFrame, list[str]]:
    """What is said of R1, part by part, and its findings, without what says who is missing; and that."""
    regions = ("R1",)
    metrics, figures = home.graph.of("ranked", JUNE), home.graph.of("figures")
    details = home.graph.of("details", JUNE, regions)
    names = pd.DataFrame({"level": "manager", "entity_id": ["M1", "M2", "M3"], "name": ["甲", "乙", "丙"]})
    profile, words = home.settings.profile, load_words("zh")
    own = metrics[(metrics["level"] == "region") & (metrics["entity_id"] == "R1")]
    evidence = Evidence(JUNE, own, figures, profile, details, names, None, ("region",))
    findings = findings_frame(find_all(evidence), JUNE, figures, profile, words)
    cut = cut_details(details, ("region", "manager")).of("region", "R1")
    story = Story(JUNE, "region", "R1", "城东", metrics, findings, cut, figures, profile, words)
    lines = missing(story)
    parts = [[text for text in part(story) if text not in lines and OF_FILES not in text] for part in PARTS]
    # Customers' files are the office's, and known whoever reports.
    of_office = findings["rule"].isin([REPORT_MISSING, "files_incomplete"])
    return parts, findings[~of_office].reset_index(drop=True), lines


@pytest.mark.parametrize("manager", ["M1", "M2"])
@pytest.mark.parametrize("seed", SEEDS)
def test_nothing_is_read_into_the_hole_that_a_missing_report_leaves(
    tmp_path: Path, seed: int, manager: str
) -> None:
    months = [made_up(month, seed) for month in MONTHS]
    months[-1] = without_report(months[-1], manager)
    with_hole = told(opened(tmp_path / "hole", months))
    others = told(opened(tmp_path / "others", [alone(made_up(month, seed), manager) for month in MONTHS]))
    for part, alone_part in zip(with_hole[0], others[0], strict=True):
        assert part == alone_part
    # which row of a file it stands in is the builder's own counting
    pd.testing.assert_frame_equal(with_hole[1].drop(columns="row"), others[1].drop(columns="row"))
    assert len(with_hole[2]) == 1 and not others[2]
    assert {"M1": "甲", "M2": "乙"}[manager] + "未报" in with_hole[2][0]


def test_who_is_missing_is_finding_number_one(tmp_path: Path) -> None:
    months = [made_up(month, 1) for month in MONTHS]
    months[-1] = without_report(months[-1], "M2")
    home = opened(tmp_path, months)
    regions = ("R1",)
    evidence = Evidence(
        JUNE, home.graph.of("metrics", JUNE, regions), home.graph.of("figures"), home.settings.profile,
        home.graph.of("details", JUNE, regions),
        pd.DataFrame({"level": "manager", "entity_id": ["M2"], "name": ["乙"]}), None, ("region", "manager"),
    )  # fmt: skip
    found = find_all(evidence)
    first = {(one.level, one.entity_id): one.rule for one in reversed(found)}
    assert first["region", "R1"] == REPORT_MISSING
    assert first["manager", "M2"] == REPORT_MISSING
    assert first.get(("manager", "M1")) != REPORT_MISSING


def test_in_february_who_has_not_reported_has_not_fallen_by_what_january_fell(tmp_path: Path) -> None:
    """January and February are held against last year's together; of M2, who sent nothing in February, January alone
    is known, and that is no finding of February."""
    regions = {"M1": "R1", "M2": "R1"}
    cartons = {Month(2023, 1): 100, Month(2023, 2): 100, Month(2024, 1): 20, Month(2024, 2): 20}
    months = [
        two_customers_each(
            month, dict.fromkeys(regions, count), regions, ["M2"] if month == Month(2024, 2) else []
        )
        for month, count in cartons.items()
    ]
    found = opened(tmp_path, months).graph.of("all_findings", Month(2024, 2))
    fallen = found[found["rule"] == "amount_fall"]
    assert set(fallen["entity_id"]) == {"ALL", "R1", "M1"}
    assert fallen["evidence"].str.contains("下降80.0%").all()
