"""Prospects: what the form asks, which stay open, and the figures, on a few rows worked out by hand."""

import pandas as pd
import pytest

from pipeline.base.calendar import Month
from pipeline.base.month_rows import MonthRows
from pipeline.contract.facts import Facts
from pipeline.contract.problem import Problem, expected_text
from pipeline.contract.settings import settings_from
from pipeline.ledger.cases import case_of, cases_as_of
from pipeline.subjects.prospects.figures import signed, still_open, surveyed
from pipeline.subjects.prospects.lists import LISTS, SUMS
from pipeline.words import load_words
from schemas.form import Context, all_forms
from schemas.profile import Profile

FORM = all_forms()["prospects"]
APRIL, MAY, JUNE, JULY = (Month(2024, number) for number in (4, 5, 6, 7))
PLACE = {"name": "茶楼", "kind": "restaurant", "address": "南街1号", "state": "filed"}


@pytest.fixture(scope="module")
def profile() -> Profile:
    given = {
        "master_forms": ["regions", "managers", "customers"],
        "monthly_forms": ["prospects"],
        "other_forms": [],
    }
    return settings_from({"profile": {**given, "subjects": ["prospects"], "scorecard": {}}}).profile


def rows(*given: dict[str, object]) -> pd.DataFrame:
    """Rows as the ledger has them; what is not given is as in PLACE."""
    filled = [{**PLACE, **one} for one in given]
    columns = {column.name: [one.get(column.name) for one in filled] for column in FORM.columns}
    frame = pd.DataFrame(columns).astype(FORM.dtypes)
    return frame.assign(
        manager_id=[str(one.get("manager_id", "M1")) for one in given],
        region_id="R1",
        source_file="f.xlsx",
        source_sheet="摸排",
        source_row=range(5, 5 + len(given)),
    )


def prospect(number: str, day: str, state: str = "filed", signed_on: str | None = None, **more: object):
    return {"prospect_no": number, "surveyed_on": pd.Timestamp(day), "state": state,
            "signed_on": pd.Timestamp(signed_on) if signed_on else pd.NaT, **more}  # fmt: skip


def broken(profile: Profile, one: dict[str, object]) -> set[str]:
    context = Context(pd.Timestamp(2024, 6, 1), pd.Timestamp(2024, 6, 30), {}, profile)
    return {rule.key for rule, _ in FORM.broken_rules(rows(one), context)}


@pytest.mark.parametrize(
    ("one", "rules"),
    [
        (prospect("P1", "2024-06-03"), set()),
        (prospect("P1", "2024-03-03"), set()),  # surveyed long ago and still open
        (prospect("P1", "2024-06-03", "signed", "2024-06-20"), set()),
        (prospect("P1", "2024-06-03", "signed"), {"filled_signed_on"}),
        (prospect("P1", "2024-06-03", "interested", "2024-06-20"), {"signed_state"}),
        (prospect("P1", "2024-06-03", "signed", "2024-06-01"), {"order_surveyed_on_signed_on"}),
        (prospect("P1", "2024-06-03", "signed", "2024-07-01"), {"signed_by_month_end"}),
        (prospect("P1", "2024-07-03"), {"surveyed_by_month_end"}),
    ],
)
def test_what_the_form_asks_of_a_row(profile: Profile, one, rules) -> None:
    assert broken(profile, one) == rules


MAY_ROWS = rows(
    prospect("P1", "2024-05-02", "signed", "2024-05-16"),
    prospect("P2", "2024-05-08", "surveyed"),
    prospect("P3", "2024-05-10", "given_up"),
    prospect("P4", "2024-05-21", "interested"),
)
JUNE_ROWS = rows(
    prospect("P2", "2024-05-08", "given_up"),
    prospect("P4", "2024-05-21", "signed", "2024-06-18"),
    prospect("P5", "2024-06-03"),
)


def numbers(month: Month) -> list[str]:
    held = [(MAY, MAY_ROWS), (JUNE, JUNE_ROWS)]
    return sorted(cases_as_of(FORM, month, held).rows_by_case["prospect_no"])


def test_a_prospect_stays_until_the_month_in_which_it_signed_or_was_given_up() -> None:
    """P3 was given up in May and P1 signed in it; P2 was given up in June, on a day that the form does not tell."""
    assert numbers(MAY) == ["P1", "P2", "P3", "P4"]
    assert numbers(JUNE) == ["P2", "P4", "P5"]
    assert numbers(JULY) == ["P5"]


def test_the_next_template_brings_those_neither_signed_nor_given_up() -> None:
    assert case_of(FORM).is_closed(MAY_ROWS).tolist() == [True, False, True, False]


def test_a_number_given_to_another_place_is_left_out() -> None:
    """The day is the same, the place is another."""
    other = rows(prospect("P2", "2024-05-08", name="酒楼"))
    cases = cases_as_of(FORM, JUNE, [(MAY, MAY_ROWS), (JUNE, other)])
    assert [one.rule for one in cases.problems] == ["case_number_taken"]


def facts(profile: Profile, month: Month, sent: frozenset[tuple[str, str]] = frozenset(), **months) -> Facts:
    """`months` are the prospects' rows by the month's name; the last one is the month itself."""
    masters = {"managers": pd.DataFrame({"manager_id": ["M1", "M2"], "region_id": ["R1", "R1"],
                                         "started_on": pd.NaT, "left_on": pd.NaT})}  # fmt: skip
    held = {Month(2024, int(name[1:])): frame for name, frame in months.items()}
    made = {one: MonthRows(one, {"prospects": frame}, masters, sent) for one, frame in held.items()}
    return Facts(made.pop(month), made, profile)


def test_conversion_is_of_those_surveyed_in_three_months_and_signed_by_the_end(profile: Profile) -> None:
    """April to June: P0 of April signed in June, P1 in May, P4 in June; P2 given up; P5 open: 3 of 6 with P3.
    P9 of March is too long ago, though it signed in June."""
    april = rows(prospect("P0", "2024-04-03"))
    march = rows(prospect("P9", "2024-03-03"))
    june = pd.concat(
        [JUNE_ROWS, rows(prospect("P0", "2024-04-03", "signed", "2024-06-09"),
                         prospect("P9", "2024-03-03", "signed", "2024-06-09"))], ignore_index=True
    )  # fmt: skip
    seen = facts(profile, JUNE, m3=march, m4=april, m5=MAY_ROWS, m6=june)
    assert (signed(seen).to_dict(), surveyed(seen).to_dict()) == ({"M1": 3}, {"M1": 6})
    assert still_open(seen).to_dict() == {"M1": 1}


def test_with_fewer_months_conversion_takes_those_there_are(profile: Profile) -> None:
    seen = facts(profile, MAY, m5=MAY_ROWS)
    assert (signed(seen).to_dict(), surveyed(seen).to_dict()) == ({"M1": 1}, {"M1": 4})


def test_what_became_of_a_silent_managers_prospects_is_not_known(profile: Profile) -> None:
    """M2 told of P7 in May and sends nothing for June: it is neither open nor counted; M1 did report."""
    may = pd.concat([MAY_ROWS, rows(prospect("P7", "2024-05-09", manager_id="M2"))], ignore_index=True)
    seen = facts(profile, JUNE, frozenset({("M1", "prospects")}), m5=may, m6=JUNE_ROWS)
    assert still_open(seen).to_dict() == {"M1": 1}
    assert surveyed(seen).to_dict() == {"M1": 5}
    assert "P7" not in set(LISTS["prospects_of_month"].rows(seen)["prospect_no"])


def test_the_list_has_those_in_hand_and_those_settled_in_the_month(profile: Profile) -> None:
    seen = facts(profile, JUNE, m5=MAY_ROWS, m6=JUNE_ROWS)
    listed = LISTS["prospects_of_month"].rows(seen).set_index("prospect_no")
    assert listed["state"].to_dict() == {"P2": "given_up", "P4": "signed", "P5": "filed"}
    assert listed["place"].to_dict() == {"P2": 4, "P4": 3, "P5": 1}


def test_by_kind_only_those_surveyed_in_the_month_count(profile: Profile) -> None:
    seen = facts(profile, MAY, m5=MAY_ROWS)
    counted = SUMS["prospects_by_kind"].count(seen)
    assert counted[["kind", "surveyed", "on_file"]].to_numpy().tolist() == [["restaurant", 4, 2]]


@pytest.mark.parametrize(
    ("rule", "told"),
    [("unknown_case", "摸排日期早于报告月份"), ("case_number_taken", "已用于另一商户")],
)
def test_what_is_wrong_with_a_number_is_told_in_the_words_of_prospects(
    profile: Profile, rule: str, told: str
) -> None:
    forms = {**all_forms(), **profile.forms}
    words = load_words("zh")
    assert told in expected_text(Problem(rule, "row left out", form="prospects"), forms, words)
    assert "受理日期" in expected_text(Problem(rule, "row left out", form="complaints"), forms, words)
