"""The appraisals of a quarter of the demo, the best of each bureau and the committee's list recounted in plain Python
from the rows of the inbox: no pandas, no code of the pipeline counts here."""

import datetime as dt
import math
import re
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import cable_oracle
import pytest
from demo_books import books, opened
from test_power_outputs import OF_OTHERS

from pipeline.base.calendar import Month
from pipeline.base.period import Period
from pipeline.contract.settings import load_settings
from pipeline.demo.make import make_demo
from pipeline.ledger.manifest import read_manifest
from pipeline.month.opening import Months
from pipeline.month.period_result import result_of_period
from pipeline.month.report import tables_told
from pipeline.month.writing import PLANS, books_tasks, reports_of
from pipeline.taking.receive import receive
from pipeline.taking.received import unheard
from pipeline.work.executors import file_readers
from pipeline.workbooks.blocks import Note, SentenceBlock, Table, WorkbookPlan

pytestmark = pytest.mark.slow
Row = dict[str, Any]
MONTHS = ("2024-04", "2024-05", "2024-06")
FIRST, LAST = dt.date(2024, 4, 1), dt.date(2024, 6, 30)
LIMITS = {"投诉": 5, "举报": 10, "意见": 10, "建议": 10, "业务咨询": 2, "故障报修": 1, "服务申请": 5}
WEIGHTS = {"供电质量": 30, "客户经理服务": 25, "抢修和停电通知": 15, "工单处理": 20, "电价电费": 10}
# April to July 2024, as the State Council announced: days off, and weekends worked.
OFF = {dt.date(2024, *day) for day in ((4, 4), (4, 5), (5, 1), (5, 2), (5, 3), (6, 10))}
WORKED = {dt.date(2024, *day) for day in ((4, 7), (4, 28), (5, 11))}
MANAGERS, ENGINEERS = (0.3, 0.2, 0.5), (0.4, 0.4, 0.2)
REPEAT = dt.timedelta(days=90)


class Inbox(cable_oracle.Inbox):
    """What a power bureau's inbox says, month by month."""

    sheets = ("县区局", "客户经理", "抽查", "客服工程师")


@pytest.fixture(scope="module")
def sent(tmp_path_factory: pytest.TempPathFactory) -> tuple[Months, Inbox]:
    folder = tmp_path_factory.mktemp("recount") / "home"
    make_demo(
        folder, managers=4, customers=16, months=3, end=Month(2024, 6), seed=11, profile="power", faults=False
    )  # fmt: skip
    inbox, settings = Inbox(folder / "inbox"), load_settings(folder)
    with file_readers(folder, settings, 1, None) as readers:
        receive(folder, read_manifest(folder), settings, readers, unheard)
    return opened(folder)[0], inbox


def inside(day: dt.date | None) -> bool:
    return day is not None and FIRST <= day <= LAST


def due(order: Row) -> dt.date:
    day, left = order["受理日期"], LIMITS[order["工单类别"]]
    while left:
        day += dt.timedelta(days=1)
        left -= day in WORKED or (day.weekday() < 5 and day not in OFF)
    return day


def orders(inbox: Inbox) -> list[Row]:
    """Every order as its newest row tells it."""
    known: dict[str, Row] = {}
    for month in MONTHS:
        for who, forms in sorted(inbox.forms[month].items()):
            for row in forms.get("服务工单", []):
                known[row["工单编号"]] = {**row, "who": who}
    return list(known.values())


def samples(inbox: Inbox) -> list[Row]:
    return [row for month in MONTHS for row in inbox.masters[month]["抽查"] if str(row["抽查日期"])[:7] == month]


def index(answer: Row) -> float:
    given = {name: weight for name, weight in WEIGHTS.items() if answer[name] is not None}
    return 10 * sum(weight * answer[name] for name, weight in given.items()) / sum(given.values())


def parts_of_managers(inbox: Inbox) -> dict[str, list[list[float]]]:
    """By manager the values of each part: sampled orders, sampled files, answers."""
    found: dict[str, list[list[float]]] = {
        row["客户经理编码"]: [[], [], []] for row in inbox.masters[MONTHS[-1]]["客户经理"]
    }
    for row in samples(inbox):
        if row["抽查内容"] in ("工单", "档案"):
            found[row["客户经理编码"]][("工单", "档案").index(row["抽查内容"])].append(row["得分"])
    for month in MONTHS:
        for who, forms in inbox.forms[month].items():
            found[who][2] += [index(one) for one in forms.get("客户满意度测评", [])]
    return found


def score(parts: list[list[float]], weights: tuple[float, ...], least: tuple[int, ...]) -> float | None:
    if any(len(values) < few for values, few in zip(parts, least, strict=True)):
        return None
    return sum(weight * sum(values) / len(values) for values, weight in zip(parts, weights, strict=True))


def same(got: float, wanted: float | None) -> bool:
    return math.isnan(got) if wanted is None else math.isclose(got, wanted, abs_tol=2e-3)


def scores_told(months: Months, table: str, level: str) -> dict[str, float]:
    rows = tables_told(months, Period.parse("2024-Q2"))[table]
    own = rows[rows["level"] == level].drop_duplicates("appraised_id")
    return dict(zip(own["appraised_id"], own["score"], strict=True))


def test_every_managers_score_is_that_of_the_rows_of_the_quarter(sent) -> None:
    months, inbox = sent
    told, parts = scores_told(months, "appraisals", "manager"), parts_of_managers(inbox)
    wanted = {code: score(one, MANAGERS, (5, 5, 10)) for code, one in parts.items()}
    assert told.keys() == wanted.keys()
    assert not [code for code in wanted if not same(told[code], wanted[code])], (told, wanted)
    assert None in wanted.values() and any(wanted.values())  # one is sampled too little


def test_every_engineers_score_is_that_of_its_orders(sent) -> None:
    months, inbox = sent
    parts: dict[str, list[list[float]]] = defaultdict(lambda: [[], [], []])
    for order in orders(inbox):
        code, closed, asked = order["客服工程师编码"], order["办结日期"], order["回访日期"]
        if code and inside(due(order)):
            parts[code][0].append(100.0 if closed and closed <= due(order) else 0.0)
        if code and inside(asked) and order["是否满意"] is not None:
            parts[code][1].append(100.0 if order["是否满意"] == "是" else 0.0)
        if code and inside(closed) and order["部门评价"] is not None:
            parts[code][2].append(order["部门评价"] / 5 * 100)
    told = scores_told(months, "engineer_appraisals", "organisation")
    wanted = {code: score(parts[code], ENGINEERS, (10, 10, 10)) for code in told}
    assert parts.keys() <= told.keys()
    assert not [code for code in wanted if not same(told[code], wanted[code])], (told, wanted)
    assert any(wanted.values())


def test_what_the_own_department_gave_is_the_mean_of_its_marks(sent) -> None:
    months, inbox = sent
    given: dict[str, list[float]] = defaultdict(list)
    for row in samples(inbox):
        if row["抽查内容"] == "部门考核":
            given[row["客服工程师编码"]].append(row["得分"])
    rows = tables_told(months, Period.parse("2024-Q2"))["engineer_appraisals"]
    own = rows[rows["level"] == "organisation"].drop_duplicates("appraised_id").set_index("appraised_id")
    assert {code: own.loc[code, "marks"] for code in given} == {code: len(marks) for code, marks in given.items()}
    assert all(same(own.loc[code, "department_points"], sum(marks) / len(marks)) for code, marks in given.items())


def test_the_best_are_those_of_no_more_than_one_better_in_their_bureau(sent) -> None:
    months, inbox = sent
    bureau = {row["客户经理编码"]: row["县区局编码"] for row in inbox.masters[MONTHS[-1]]["客户经理"]}
    scores = {code: score(one, MANAGERS, (5, 5, 10)) for code, one in parts_of_managers(inbox).items()}
    wanted = {
        code
        for code, own in scores.items()
        if own is not None
        and sum(1 for one, other in scores.items() if bureau[one] == bureau[code] and (other or 0) > own + 1e-3)
        < 2
    }
    rows = tables_told(months, Period.parse("2024-Q2"))["best_appraised"]
    assert set(rows["entity_id"]) == wanted


def repeats(order: Row, other: Row) -> bool:
    """Whether an order came within 90 days of the close of another of the same customer and kind."""
    same_matter = all(order[name] == other[name] for name in ("客户编码", "工单类别"))
    closed = other["办结日期"]
    is_other = order["工单编号"] != other["工单编号"]
    return is_other and same_matter and closed is not None and closed <= order["受理日期"] <= closed + REPEAT


def test_the_committees_list_is_that_of_the_rows(sent) -> None:
    """Of June: open orders that are escalated or whose limit has ended; those received in it after one of the same
    customer and kind was closed within 90 days before."""
    months, inbox = sent
    every, june = orders(inbox), dt.date(2024, 6, 1)
    wanted: dict[str, set[str]] = defaultdict(set)
    for order in every:
        number = order["工单编号"]
        if not order["办结日期"] and order["升级级别"] not in (None, "0", 0):
            wanted[number].add("escalated")
        if not order["办结日期"] and due(order) <= LAST:
            wanted[number].add("overdue")
        if order["受理日期"] >= june and any(repeats(order, one) for one in every):
            wanted[number].add("repeated")
    rows = months.graph.of("some_rows", Month(2024, 6), None, "committee_agenda")
    told = {
        number: set(reasons.split(",")) - {"departments"}
        for number, reasons, item in zip(rows["number"], rows["reasons"], rows["item"], strict=True)
        if item == "order"
    }
    assert {number: reasons for number, reasons in told.items() if reasons} == wanted
    assert wanted


# ---- what is said

CHINESE = re.compile(r"[\u4e00-\u9fff]")
OWN_SHEETS = {"samples", "pilots", "committee", "typical_problems", "appraisals"}


def plans_of(months: Months, language: str) -> list[WorkbookPlan]:
    """The workbooks of the quarter in a language, in English those of June too: the month's are searched elsewhere."""
    known, settings = opened(months.ledger.home, language)
    result = result_of_period(known, Period.parse("2024-Q2"), 1, None)
    masters = known.ledger.masters(Month(2024, 6))
    tasks = books_tasks(known.place, result, settings, masters, known.ledger.home)
    quarter = [PLANS[kind](report) for task in tasks for kind, report in reports_of(task)]
    if language == "zh":
        return quarter
    return [*quarter, *(plan for _, _, plan in books(known, settings, Month(2024, 6)))]


def texts(plan: WorkbookPlan) -> Iterator[str]:
    """What the program itself says on the sheets of samples, pilots, the committee and appraisals: titles, headings,
    notes, sentences; not the cells, which hold what people typed."""
    for sheet in (one for one in plan.sheets if one.key in OWN_SHEETS):
        yield from (sheet.key, sheet.name, sheet.title, sheet.about)
        for block in sheet.blocks:
            if isinstance(block, Table):
                yield from (
                    block.title,
                    block.note,
                    block.legend,
                    block.empty,
                    *(one.header for one in block.columns),
                )
            if isinstance(block, Note):
                yield block.text
            if isinstance(block, SentenceBlock):
                yield from (block.title, *(one.text for one in block.sentences))


@pytest.fixture(scope="module", params=["zh", "en"])
def plans(request, sent) -> tuple[str, list[WorkbookPlan]]:
    return request.param, plans_of(sent[0], request.param)


@pytest.fixture(scope="module")
def said(plans) -> tuple[str, list[str]]:
    return plans[0], [text for plan in plans[1] for text in texts(plan)]


def test_a_rate_with_a_target_is_not_told_as_parts_that_add_up(plans) -> None:
    """The target of page one is that of the on-time rate: rates of bureaus do not sum to that of the whole."""
    names = {table.name for plan in plans[1] for sheet in plan.sheets for table in sheet.tables()}
    if plans[0] == "en":  # with June's, which have a month before
        assert {"why_region_previous", "why_manager_previous"} <= names
    assert not [one for one in names if one.startswith("why_") and one.endswith("_target")]


def test_the_sheets_are_there_but_for_pilots_that_have_not_begun(said) -> None:
    wanted = {"zh": {"appraisals"}, "en": {"appraisals", "samples", "committee"}}
    assert OWN_SHEETS & set(said[1]) == wanted[said[0]]


def test_nothing_of_another_trade_is_said_and_english_is_english(said) -> None:
    language, every = said
    assert not [one for one in every if any(forbidden.search(one) for forbidden in OF_OTHERS[language])]
    if language == "en":
        typed = re.compile(r" in every row\.$")  # what a column held in every row, as people wrote it
        assert not [one for one in every if CHINESE.search(one) and not typed.search(one)]
