"""Every figure of a bank's customers and what they hold recounted from the inbox in plain Python, for everybody and
every month of a demo in which a manager's file is missing; and for its quarter."""

import math
import shutil
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from bank_oracle import Inbox, Month, Ratio
from bank_pay_oracle import accounts, cents, paid, score_faults, shown
from without_workbooks import without_workbooks

from pipeline.base.calendar import Month as ReportMonth
from pipeline.base.period import Period
from pipeline.commands.monthly import Asked, run_monthly
from pipeline.commands.period import run_period
from pipeline.contract.settings import load_settings
from pipeline.demo.make import make_demo

MONTHS = ("2023-12", "2024-01", "2024-02", "2024-03", "2024-04")
COUNTED = MONTHS[1:]
NOT_SENT = ("2024-02", "M002")
WRITTEN = (MONTHS[-1], "2024-Q1")  # with workbooks
OF_REGIONS = ("market_share.deposit", "market_share.loan")
KEPT = ("key_loss_rate", "found_rate", "aum_growth", *(f"loss_by_categories.{one}" for one in ("all", *range(5))))
LAST = ("customers", "valuable_customers", "key_customers", "key_age.", "cross_sell_rate", "product_coverage", "aum",
        "wealth_penetration", "key_share", "key_file_rate", "aum_average", "deposits", "loans", "aum_per_card",
        "market_share.")  # fmt: skip
NO_SCALE = ("product_coverage", "aum_per_card")
ONCE = ("customers_sold_to",)
pytestmark = pytest.mark.slow
MadeOnce = Callable[[str, Callable[[Path], object]], Path]  # see conftest


@pytest.fixture(scope="module")
def sent(made_once: MadeOnce) -> tuple[Path, Inbox]:
    """The home, and what its inbox said: files are put away when they have been taken in. Not to be changed."""
    made = made_once("bank_recounted", _reported)
    return made / "home", Inbox(made / "sent")


def _reported(made: Path) -> None:
    folder = made / "home"
    make_demo(
        folder, managers=4, customers=16, months=len(MONTHS), end=ReportMonth(2024, 4), seed=23, profile="bank",
        faults=False,
    )  # fmt: skip
    for path in sorted((folder / "inbox").glob("月报_*.xlsx")):
        _, month, manager, _ = path.stem.split("_")
        if (month, manager) == NOT_SENT:
            path.unlink()
    shutil.copytree(folder / "inbox", made / "sent")
    settings = load_settings(folder)
    with without_workbooks(but=WRITTEN):
        run_monthly(folder, settings, Asked(workers=1))
        run_period(folder, settings, Period.parse("2024-Q1"), workers=1)


def test_a_demo_without_slips_runs_through_a_quarter_too_and_has_no_problems(sent: tuple[Path, Inbox]) -> None:
    home = sent[0]
    assert load_settings(home).profile.key == "bank"
    paths = (home / "output" / month / "data" / "problems.csv" for month in MONTHS)
    problems = pd.concat([pd.read_csv(path, encoding="utf-8-sig", dtype="str") for path in paths])
    month, manager = NOT_SENT
    goes_on = (problems["manager_id"] == manager) & (problems["month"] > month)  # of cases of the file not sent
    assert problems[~(goes_on & (problems["rule"] == "unknown_case"))].empty
    for one in WRITTEN:
        assert (home / "output" / one / "headquarters.xlsx").is_file()


def metrics(home: Path, name: str) -> dict[tuple[str, str, str], dict[str, float]]:
    rows = pd.read_csv(home / "output" / name / "data" / "metrics.csv", encoding="utf-8-sig").to_dict("records")
    return {(one["level"], one["entity_id"], one["figure"]): one for one in rows}


def entities(month: Month) -> list[tuple[str, str, list[str]]]:
    everybody = sorted(month.managers)
    branches = sorted(set(month.managers.values()))
    return [
        ("organisation", "ALL", everybody),
        *(("region", one, [who for who in everybody if month.managers[who] == one]) for one in branches),
        *(("manager", one, [one]) for one in everybody),
    ]


def together(by_manager: dict[str, Ratio], managers: list[str]) -> Ratio | None:
    parts = [by_manager[one] for one in managers if one in by_manager]
    if not parts:
        return None
    below = [part[1] for part in parts]
    return sum(part[0] for part in parts), None if below[0] is None else sum(float(one or 0) for one in below)


def differences(told, found, month: Month) -> list[tuple[object, ...]]:
    """Where what is told and what was recounted are not the same."""
    wrong: list[tuple[object, ...]] = []
    for level, entity, managers in entities(month):
        for figure, by_manager in found.items():
            if (figure in OF_REGIONS and level == "manager") or (figure in ONCE and level != "manager"):
                continue
            wanted = together(by_manager, managers)
            value = told.get((level, entity, figure), {}).get("value", math.nan)
            if wanted is None or wanted[1] == 0:
                wrong += [] if math.isnan(value) else [(level, entity, figure, None, value)]
                continue
            scale = 1 if wanted[1] is None or figure in NO_SCALE else 100
            expected = wanted[0] if wanted[1] is None else scale * wanted[0] / wanted[1]
            if math.isnan(value) or not math.isclose(value, expected, rel_tol=1e-6, abs_tol=1e-3):
                wrong.append((level, entity, figure, expected, value))
    return wrong


@pytest.mark.parametrize("month", COUNTED)
def test_every_figure_is_that_of_the_rows_in_the_inbox(sent, month: str) -> None:
    asked = Month(sent[1], month)
    found = asked.figures()
    assert len(found) >= 55
    assert differences(metrics(sent[0], month), found, asked) == []


def test_over_the_year_what_is_kept_is_counted_from_its_first_day(sent) -> None:
    asked = Month(sent[1], "2024-04")
    told = {key: {"value": one["ytd"]} for key, one in metrics(sent[0], "2024-04").items()}
    assert differences(told, asked.kept_over(4), asked) == []


def test_every_figure_of_a_quarter_is_that_of_the_rows_in_the_inbox(sent) -> None:
    """Flows add up, states are March's, what is kept is counted from 1 January; M002's February is unknown."""
    months = [Month(sent[1], one) for one in ("2024-01", "2024-02", "2024-03")]
    last = months[-1]
    found = {key: by for key, by in last.figures().items() if key.startswith(LAST) and "bridge" not in key}
    found |= last.kept_over(3)
    flows = {key for one in months for key in one.figures()} - set(found) - set(KEPT)
    for key in (one for one in flows if "bridge" not in one):
        sums: dict[str, Ratio] = {}
        for one in months:
            for who, part in one.figures().get(key, {}).items():
                was = sums.get(who, (0.0, None if part[1] is None else 0.0))
                sums[who] = was[0] + part[0], None if part[1] is None else float(was[1] or 0) + float(part[1])
        found[key] = sums
    assert (
        differences(metrics(sent[0], "2024-Q1"), {key: by for key, by in found.items() if key not in ONCE}, last)
        == []
    )


# ---- scores and pay


@pytest.mark.parametrize("month", COUNTED)
def test_every_score_is_what_its_figures_targets_and_the_shares_of_its_year_make(sent, month: str) -> None:
    assert score_faults(sent[0] / "output" / month, month, lambda who: 1) == []


def test_the_score_of_a_quarter_is_made_by_the_shares_of_its_year(sent) -> None:
    months = {NOT_SENT[1]: 2}  # of the three of the quarter
    assert score_faults(sent[0] / "output" / "2024-Q1", "2024-Q1", lambda who: months.get(who, 3)) == []


def test_pay_is_recounted_from_scores_terms_and_what_was_sold(sent) -> None:
    home, inbox = sent
    told = {}
    for month in MONTHS:
        sold = {who: inbox.forms[month][who].get("产品销售", []) for who in inbox.forms[month]}
        told[month] = paid(month, home / "output" / month, inbox.masters[month], sold)
    openings = {
        row["客户经理编码"]: (cents(row["期初递延余额"]), int(row["剩余兑付月数"]))
        for row in inbox.masters[MONTHS[0]]["薪酬标准"]
        if row["期初递延余额"]
    }
    claws = {
        (row["月份"], row["客户经理编码"]): cents(row["扣回金额"])
        for row in inbox.masters[MONTHS[-1]].get("扣回", [])
    }
    held = accounts(list(MONTHS), told, openings, claws)
    for month in MONTHS:
        file = home / "output" / month / "pay" / f"pay_{month}.xlsx"
        rows, own = shown(file, "薪酬"), shown(file, "递延账户")
        assert set(rows) == set(told[month])
        for who, one in told[month].items():
            names = {"base": "基本薪酬", "allowance": "等级津贴", "by_score": "绩效（按得分）",
                     "by_products": "绩效（按产品计价）", "deferred": "其中递延"}  # fmt: skip
            found = {
                key: None if rows[who][name] is None else cents(rows[who][name]) for key, name in names.items()
            }
            assert found == {key: one[key] for key in names}, (month, who)
            account = (
                tuple(cents(own[who][name]) for name in ("期初", "兑付", "扣回", "期末"))
                if who in own
                else (0,) * 4
            )
            assert account == held[month, who], (month, who)
