"""The pay file of a small bank: recounted from what was sent; and nothing of it anywhere else."""

import base64
import csv
import email
import json
import re
import shutil
import stat
import sys
import zipfile
from decimal import ROUND_HALF_UP, Decimal
from email import policy
from functools import cache
from io import BytesIO
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from bank_pay_small import MAIL, SETTINGS, small_tables
from case_home import make_home, write_masters

from pipeline.base.calendar import Month
from pipeline.base.period import Period
from pipeline.commands.monthly import Asked, run_monthly
from pipeline.commands.period import run_period
from pipeline.contract.settings import load_settings

pytestmark = [
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore:.*extension is not supported:UserWarning"),
]
MONTHS, QUARTER = ("2024-04", "2024-05", "2024-06"), "2024-Q2"
CENT = Decimal("0.01")
NUMBER = re.compile(r"\d+\.\d+")
NAMES = ("薪酬", "递延", "扣回", "兑付", "丙午贷款", "KH-01", "津贴")  # of sheets, columns and what stands in them


@pytest.fixture(scope="module")
def home(tmp_path_factory) -> Path:
    home = tmp_path_factory.mktemp("bank") / "home"
    settings = make_home(home, SETTINGS.format(language="zh", more=MAIL), small_tables(), Month(2024, 4))
    run_monthly(home, settings, Asked(workers=1))
    run_period(home, settings, Period.parse(QUARTER), workers=1)
    return home


def pay_file(home: Path, month: str) -> Path:
    return home / "output" / month / "pay" / f"pay_{month}.xlsx"


@cache
def cells_of(path: Path) -> dict[str, list[list[object]]]:
    """The rows of each sheet of a workbook."""
    book = openpyxl.load_workbook(path)
    return {one.title: [list(row) for row in one.iter_rows(values_only=True)] for one in book.worksheets}


def table(home: Path, month: str, sheet: str) -> list[dict[str, object]]:
    """The rows of a sheet's table by its headings, without the sums below."""
    cells = cells_of(pay_file(home, month))[sheet]
    first = next(number for number, row in enumerate(cells) if "姓名" in row)
    heads = [str(one).replace("\n", "") for one in cells[first]]
    rows = []
    for row in cells[first + 1 :]:
        if row[0] in (None, "合计") or ("编码" in heads and not row[heads.index("编码")]):
            break
        rows.append({key: None if value == "—" else value for key, value in zip(heads, row, strict=True)})
    return rows


@cache
def by_code(home: Path, month: str, sheet: str) -> dict[str, dict[str, object]]:
    return {str(row["编码"]): row for row in table(home, month, sheet)}


# ---- recounted, in plain Python, from the tables sent and the scores told


def rounded(number: Decimal) -> Decimal:
    return number.quantize(CENT, ROUND_HALF_UP)


@cache
def score_of(home: Path, month: str, manager: str) -> Decimal | None:
    with (home / "output" / month / "data" / "scorecard.csv").open(encoding="utf-8-sig") as file:
        for row in csv.DictReader(file):
            if row["level"] == "manager" and row["entity_id"] == manager and row["score"]:
                return Decimal(row["score"]) if float(row["weight_known"]) >= 50 else None
    return None


UNITS = {"零售": Decimal(40), "信贷": Decimal("51.37"), "产品经理": Decimal(45), "风险经理": Decimal(45)}
DAYS = {"2024-04": 30, "2024-05": 31, "2024-06": 30}
IN_OFFICE = {("B4", "2024-04"): 15, ("B6", "2024-05"): 20, ("B6", "2024-06"): 0}
ALLOWANCES = {"1": Decimal("1501.13"), "2": Decimal("1102.29")}


@cache
def recounted(home: Path) -> dict[tuple[str, str], dict[str, Decimal | None]]:
    """By manager and month what the file must show."""
    tables, found = small_tables(), {}
    terms = tables["pay_terms"].set_index("manager_id")
    roles = tables["managers"].set_index("manager_id")["role"]
    prices = tables["products"].set_index("product_id")["pay_per_unit"]
    claws = {("B2", "2024-05"): Decimal("317.23"), ("B6", "2024-06"): Decimal("219.61")}
    for manager in terms.index:
        dues: dict[int, Decimal] = {}
        lots = []
        if pd.notna(terms.loc[manager, "deferred_opening"]):
            lots.append(
                (-1, Decimal(terms.loc[manager, "deferred_opening"]), int(terms.loc[manager, "deferred_months"]))
            )
        for number, month in enumerate(MONTHS):
            days, whole = IN_OFFICE.get((manager, month), DAYS[month]), DAYS[month]
            base, allowance = (
                rounded(amount * days / whole)
                for amount in (Decimal(terms.loc[manager, "base"]), ALLOWANCES[terms.loc[manager, "pay_grade"]])
            )
            score = score_of(home, month, manager) if days else None
            performance = None if score is None else rounded(UNITS[roles[manager]] * score)
            deferred = (
                rounded(performance * Decimal("0.37")) if roles[manager] == "信贷" and performance else Decimal(0)
            )
            for earned, amount, parts in [one for one in lots if one is not None]:
                part = (amount / parts).quantize(CENT, "ROUND_DOWN")
                for step in range(1, parts + 1):
                    last = amount - part * (parts - 1)
                    dues[earned + step] = dues.get(earned + step, Decimal(0)) + (last if step == parts else part)
            lots = []
            released = dues.pop(number, Decimal(0))
            lots_held = sum(dues.values(), Decimal(0))
            claw = min(claws.get((manager, month), Decimal(0)), lots_held + deferred)
            if deferred:
                lots.append((number, deferred, 36))
            sold = tables["sales"]
            own = sold[(sold["manager_id"] == manager) & (sold["month"] == month)]
            products = sum(
                (
                    Decimal(qty) * Decimal(prices[product])
                    for qty, product in zip(own["sold_qty"], own["product_id"], strict=True)
                ),
                Decimal(0),
            )
            found[manager, month] = {
                "base": base, "allowance": allowance, "performance": performance, "products": products,
                "deferred": deferred, "released": released, "claw": claw, "days": Decimal(days),
            }  # fmt: skip
            _claw(dues, lots, claw)
    return found


def _claw(dues: dict[int, Decimal], lots: list[tuple[int, Decimal, int]], claw: Decimal) -> None:
    """Takes from the last parts; those of a lot of this month lie beyond all others here, and hold more than enough."""
    if not claw:
        return
    if lots:
        earned, amount, parts = lots.pop()
        part = (amount / parts).quantize(CENT, "ROUND_DOWN")
        own = {earned + step: part for step in range(1, parts)}
        own[earned + parts] = amount - part * (parts - 1)
        _take(own, claw)
        for due, cents in own.items():
            dues[due] = dues.get(due, Decimal(0)) + cents
    else:
        _take(dues, claw)


def _take(dues: dict[int, Decimal], claw: Decimal) -> None:
    for due in sorted(dues, reverse=True):
        taken = min(claw, dues[due])
        dues[due] -= taken
        claw -= taken


def money(value: object) -> Decimal | None:
    return None if value is None else Decimal(str(value)).quantize(CENT)


@pytest.mark.parametrize("month", MONTHS)
def test_the_file_is_recounted_from_what_was_sent(home: Path, month: str) -> None:
    rows, expected = by_code(home, month, "薪酬"), recounted(home)
    in_office = {manager for (manager, when), one in expected.items() if when == month and one["days"]}
    assert in_office <= set(rows)
    for manager in in_office:
        row, one = rows[manager], expected[manager, month]
        assert money(row["基本薪酬"]) == one["base"], manager
        assert money(row["等级津贴"]) == one["allowance"], manager
        assert money(row["绩效（按得分）"]) == one["performance"], manager
        assert money(row["绩效（计发）"]) == one["performance"], manager
        assert money(row["其中递延"]) == (
            one["deferred"] if one["performance"] is not None else money(row["其中递延"])
        )
        assert money(row["兑付"]) == one["released"], manager


@pytest.mark.parametrize("month", MONTHS)
def test_accounts_tie_from_month_to_month(home: Path, month: str) -> None:
    rows, expected = by_code(home, month, "递延账户"), recounted(home)
    for manager, row in rows.items():
        opening, added, released, clawed, closing = (
            money(row[name]) or Decimal(0) for name in ("期初", "新增", "兑付", "扣回", "期末")
        )
        assert opening + added - released - clawed == closing
        one = expected[manager, month]
        assert (released, clawed) == (one["released"], one["claw"]), manager
        if month != MONTHS[0]:
            before = by_code(home, MONTHS[MONTHS.index(month) - 1], "递延账户")
            assert manager not in before or money(before[manager]["期末"]) == opening


def test_product_pay_stands_beside_the_score_and_is_open_where_sales_are_not_known(home: Path) -> None:
    june = by_code(home, "2024-06", "薪酬")
    assert money(june["B1"]["绩效（按产品计价）"]) == Decimal("218.19")  # 7 × 31.17
    assert money(june["B2"]["绩效（按产品计价）"]) == Decimal("309.93")  # 3 × 103.31
    may = by_code(home, "2024-05", "薪酬")
    assert money(may["B1"]["绩效（按产品计价）"]) == Decimal("31.17")  # one was given back


def test_who_has_left_stands_below_with_what_is_released(home: Path) -> None:
    row = by_code(home, "2024-06", "薪酬")["B6"]
    assert row["说明"] == "已离岗，按原定日期兑付" and row["基本薪酬"] is None
    assert money(row["兑付"]) == money(row["当月实发"]) == recounted(home)["B6", "2024-06"]["released"]


def test_a_risk_manager_has_base_and_allowance_and_no_score(home: Path) -> None:
    row = by_code(home, "2024-06", "薪酬")["B5"]
    assert (money(row["基本薪酬"]), money(row["等级津贴"])) == (Decimal("3593.71"), Decimal("1501.13"))
    assert row["绩效（计发）"] is None and row["说明"] == "没有得分，待定" and row["当月实发"] is None


def test_a_quarters_file_is_the_sum_of_its_months_recounted_from_what_was_sent(home: Path) -> None:
    rows, expected = by_code(home, QUARTER, "薪酬"), recounted(home)
    for manager, row in rows.items():
        own = [expected[manager, month] for month in MONTHS if expected[manager, month]["days"]]
        assert money(row["基本薪酬"]) == sum(one["base"] or 0 for one in own), manager
        assert money(row["等级津贴"]) == sum(one["allowance"] or 0 for one in own), manager
        performance = [one["performance"] for one in own]
        assert money(row["绩效（计发）"]) == (None if None in performance else sum(performance)), manager
        assert money(row["兑付"]) == sum(expected[manager, month]["released"] or 0 for month in MONTHS), manager
    assert rows["B5"]["说明"] == "有待定月份" and rows["B5"]["待定月份"] == "2024-04、2024-05、2024-06"


def test_a_quarters_accounts_run_from_aprils_opening_to_junes_closing(home: Path) -> None:
    first, last = (by_code(home, month, "递延账户") for month in (MONTHS[0], MONTHS[-1]))
    rows = by_code(home, QUARTER, "递延账户")
    assert set(rows) == set(last)
    for manager, row in rows.items():
        assert money(row["期末"]) == money(last[manager]["期末"])
        assert manager not in first or money(row["期初"]) == money(first[manager]["期初"])
        opening, added, released, clawed = (money(row[name]) for name in ("期初", "新增", "兑付", "扣回"))
        assert opening + added - released - clawed == money(row["期末"])
        months = [by_code(home, month, "递延账户").get(manager, {}) for month in MONTHS]
        assert released == sum(money(one.get("兑付", 0)) for one in months)


# ---- nothing of it anywhere else


def other_files(home: Path) -> list[Path]:
    return [one for one in sorted((home / "output").rglob("*")) if one.is_file() and one.parent.name != "pay"]


def texts_of(name: str, content: bytes) -> list[str]:
    """All text of a file: of a workbook its parts, of a letter its parts and attachments."""
    if name.endswith(".xlsx"):
        with zipfile.ZipFile(BytesIO(content)) as parts:
            return [parts.read(one).decode("utf-8", "replace") for one in parts.namelist()]
    if name.endswith(".eml"):
        letter = email.message_from_bytes(content, policy=policy.default)
        found = [content.decode("utf-8", "replace")]
        for part in letter.walk():
            if not part.is_multipart():
                inner = part.get_payload(decode=True)
                found += texts_of(part.get_filename() or "", inner if isinstance(inner, bytes) else b"")
        return found
    return [content.decode("utf-8", "replace")]


def secrets(home: Path) -> list[str]:
    """Figures of the pay files that are odd enough to be nothing else: as they stand in cells."""
    found = set()
    for month in (*MONTHS, QUARTER):
        for rows in cells_of(pay_file(home, month)).values():
            for row in rows:
                found |= {
                    repr(one) for one in row if isinstance(one, float) and one > 99 and round(one * 10) != one * 10
                }
    return sorted(found)


def test_there_are_figures_to_look_for(home: Path) -> None:
    known = secrets(home)
    assert len(known) > 40 and {"3157.77", "5171.83", "317.23", "1501.13"} <= set(known)


def test_no_other_file_holds_a_figure_of_it(home: Path) -> None:
    known = set(secrets(home)) - _scores(home)
    for path in other_files(home):
        found = {one for text in texts_of(path.name, path.read_bytes()) for one in NUMBER.findall(text)}
        assert found & known == set(), path


def _scores(home: Path) -> set[str]:
    """Scores stand in the scorecard, where they belong."""
    return {repr(float(score)) for month in MONTHS for one in ("B1", "B2", "B3", "B4", "B5", "B6")
            if (score := score_of(home, month, one)) is not None}  # fmt: skip


def test_no_other_file_speaks_of_it(home: Path) -> None:
    for path in other_files(home):
        if path.name in ("run.json",):  # names the file and its fingerprint
            assert [one for one in NAMES if one in path.read_text(encoding="utf-8")] == []
            continue
        whole = "\n".join(texts_of(path.name, path.read_bytes()))
        assert [one for one in NAMES if one in whole] == [], path


def test_letters_bring_workbooks_of_regions_managers_and_headquarters_and_no_pay(home: Path) -> None:
    letters = list((home / "output").rglob("*.eml"))
    assert len(letters) >= 9
    for path in letters:
        content = path.read_bytes()
        letter = email.message_from_bytes(content, policy=policy.default)
        for part in letter.iter_attachments():
            name = part.get_filename() or ""
            assert "pay" not in name.lower()
        for month in (*MONTHS, QUARTER):
            pay = base64.b64encode(pay_file(home, month).read_bytes()).decode()[:60]
            assert pay not in content.decode("utf-8", "replace").replace("\r\n", "")


@pytest.mark.skipif(sys.platform == "win32", reason="no such permissions there")
def test_the_file_and_its_folder_are_closed_to_others(home: Path) -> None:
    for month in (*MONTHS, QUARTER):
        file = pay_file(home, month)
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700


# ---- what else this bank shows


def sheets_of(home: Path, place: str, month: str = "2024-06") -> list[str]:
    found = sorted((home / "output" / month).glob(place))
    return openpyxl.load_workbook(found[0], read_only=True).sheetnames


def test_staffing_and_the_contrast_stand_in_headquarters_and_the_branchs_workbook_alone(home: Path) -> None:
    for name in ("人员配备", "产品与客户对照"):
        assert any(name in one for one in sheets_of(home, "headquarters.xlsx"))
        assert any(name in one for one in sheets_of(home, "regions/*R1*.xlsx"))
        assert not any(name in one for one in sheets_of(home, "managers/*B1*.xlsx"))


def test_a_quarters_workbooks_have_them_too_and_a_managers_summary_has_not(home: Path) -> None:
    for name in ("人员配备", "产品与客户对照"):
        assert any(name in one for one in sheets_of(home, "headquarters.xlsx", QUARTER))
        assert any(name in one for one in sheets_of(home, "regions/*R1*.xlsx", QUARTER))
        assert not any(name in one for one in sheets_of(home, "managers/*B1*.xlsx", QUARTER))


def test_a_quarters_staffing_is_that_of_its_last_months_end(home: Path) -> None:
    quarter = next((home / "output" / QUARTER).glob("regions/*R2*.xlsx"))
    june = next((home / "output" / "2024-06").glob("regions/*R2*.xlsx"))
    told = ["\n".join(str(one) for row in filled(one, "人员配备") for one in row) for one in (quarter, june)]
    assert "实配按本期最后一个有数据的月的月末在岗人员计" in told[0]
    assert "城西营业部：缺信贷2名，大堂1名。" in told[0]  # B6 has left in May
    assert "城西营业部：缺信贷2名，大堂1名。" in told[1]


def filled(path: Path, sheet: str) -> list[list[object]]:
    """The rows of a sheet without empty cells, and without empty rows."""
    rows = ([one for one in row if one is not None] for row in cells_of(path)[sheet])
    return [row for row in rows if row]


def test_a_branch_sees_its_own_outlets_and_nobody_elses(home: Path) -> None:
    path = next((home / "output" / "2024-06").glob("regions/*R1*.xlsx"))
    told = "\n".join(str(one) for row in filled(path, "人员配备") for one in row)
    assert "商城支行" in told and "城西营业部" not in told
    assert "商城支行：缺零售专职1名，对公1名，大堂1名，理财2名。" in told
    assert "黄三" in told  # a product manager with a year in post


def test_a_risk_manager_who_sends_nothing_is_missing_nowhere(home: Path) -> None:
    rows = pd.read_csv(home / "output" / "2024-06" / "data" / "submissions.csv", encoding="utf-8-sig")
    assert not {"B3", "B5"} & set(rows["manager_id"])  # nor is a product manager without customers
    assert set(rows.loc[rows["state"] == "missing", "manager_id"]) == set()


@pytest.mark.parametrize(
    ("place", "said"),
    [
        ("headquarters.xlsx", "名下没有客户、不报月报的：黄三（产品经理）、吴五（风险经理）。"),
        ("regions/*R1*.xlsx", "名下没有客户、不报月报的：黄三（产品经理）。"),
        ("regions/*R2*.xlsx", "名下没有客户、不报月报的：吴五（风险经理）。"),
    ],
)
def test_who_owes_no_forms_is_named_with_what_they_are(home: Path, place: str, said: str) -> None:
    path = next((home / "output" / "2024-06").glob(place))
    told = [one for rows in cells_of(path).values() for row in rows for one in row if isinstance(one, str)]
    assert [one for one in told if one.startswith("名下没有客户")] == [said]


def test_who_is_to_be_watched_and_since_when(home: Path) -> None:
    path = next((home / "output" / "2024-06").glob("managers/*B1*.xlsx"))
    rows = {str(row[0]): row for row in filled(path, "关注客户") if str(row[0]).startswith("K")}
    assert set(rows) == {"K1", "K2"}
    assert rows["K1"][-3:] == [2, "2024-05", "此前达到"]
    assert rows["K2"][-3:] == [3, "2024-04", "可能更早"]


def test_another_claw_back_makes_another_pay_file_and_no_other_edition(home: Path, tmp_path: Path) -> None:
    other = tmp_path / "home"
    shutil.copytree(home, other)
    claws = small_tables()["claw_backs"]
    more = {
        "valid_from": "2024-06",
        "claw_back_no": "KH-03",
        "month": "2024-06",
        "manager_id": "B2",
        "amount": "55.55",
    }
    bad = {**more, "claw_back_no": "KH-09", "amount": "-888.88"}
    rows = pd.concat([claws[claws["valid_from"] == "2024-06"], pd.DataFrame([more, bad])], ignore_index=True)
    settings = load_settings(other)
    write_masters(other, settings, {"claw_backs": rows}, Month(2024, 6), name="claws")
    run_monthly(other, settings, Asked(workers=1))
    before, after = (by_code(one, "2024-06", "递延账户")["B2"] for one in (home, other))
    assert money(after["扣回"]) == (money(before["扣回"]) or 0) + Decimal("55.55")
    assert money(before["期末"]) - money(after["期末"]) == Decimal("55.55")
    records = [
        json.loads((one / "output" / "2024-06" / "run.json").read_text(encoding="utf-8")) for one in (home, other)
    ]
    assert [one["edition"] for one in records] == [1, 1]
    for name, mark in records[0]["outputs"].items():
        if name.startswith("regions/") or name.startswith("managers/"):
            assert records[1]["outputs"][name] == mark, name
    told = pd.read_csv(other / "output" / "2024-06" / "data" / "problems.csv", encoding="utf-8-sig", dtype="str")
    assert (
        told.loc[told["form"] == "claw_backs", ["manager_id", "found"]].isna().all(axis=None)
    )  # told, not quoted
    for path in [*other_files(other), *other.glob("output/*/corrections/*")]:
        whole = "\n".join(texts_of(path.name, path.read_bytes()))
        assert "888.88" not in whole, path
        if path.parent.name in ("regions", "managers") or path.name.startswith(("region_", "manager_")):
            assert [one for one in NAMES if one in whole] == [], path
