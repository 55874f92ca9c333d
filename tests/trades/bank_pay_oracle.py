"""Scores and pay of a bank recounted in plain Python: scores from `metrics.csv` and the trade's file, pay from the
scores and the workbooks of the inbox. No pandas, no code of the pipeline; money is in cents."""

import csv
import datetime as dt
import tomllib
from collections.abc import Callable
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

import openpyxl

Row = dict[str, Any]
TRADE = tomllib.loads(
    (Path(__file__).parents[2] / "pipeline" / "trades" / "bank" / "trade.toml").read_text(encoding="utf-8")
)
SUMS = (
    "units_sold",
    "customers_sold_to",
    "new_target_customers",
    "contacts",
)  # a month's target, as often as months
LOWER = ("key_loss_rate", "complaints_per_100")
SHARES = {"acquire": "customer", "attract": "customer", "retain": "customer", "develop": "customer"}


def read_csv(path: Path) -> list[dict[str, str]]:
    """The rows of a tidy file."""
    with path.open(encoding="utf-8-sig") as file:
        return list(csv.DictReader(file))


# ---- scores


def weights(year: int) -> dict[str, float]:
    """What each indicator weighs in a year, in percent."""
    card = TRADE["scorecard"]
    shares = card["group_share"][str(year)]
    inside: dict[str, float] = {}
    for one in card["indicators"].values():
        group = SHARES.get(one["group"], one["group"])
        inside[group] = inside.get(group, 0.0) + one["weight"]
    return {
        key: 100 * shares[group] * one["weight"] / inside[group]
        for key, one in card["indicators"].items()
        for group in [SHARES.get(one["group"], one["group"])]
    }


def completion(key: str, value: float, target: float) -> float | None:
    """How far a target is reached, within floor and cap."""
    one = TRADE["scorecard"]["indicators"][key]
    if key in LOWER:
        reached = 100 * (2 - value / target) if target else 100.0 * (value <= 0)
    elif target <= 0:
        return None
    else:
        reached = 100 * value / target
    return min(max(reached, one.get("floor", 0)), one.get("cap", 120))


def score_faults(folder: Path, month: str, known_months: Callable[[str], int]) -> list[tuple[object, ...]]:
    """Where the scorecard of a month, or of a longer period, is not what its own values and targets make: level,
    entity, what. `known_months` are how many months are known of a manager."""
    metrics = {
        (one["level"], one["entity_id"], one["figure"]): one for one in read_csv(folder / "data" / "metrics.csv")
    }
    wrong: list[tuple[object, ...]] = []
    by_entity: dict[tuple[str, str], list[dict[str, str]]] = {}
    for row in read_csv(folder / "data" / "scorecard.csv"):
        by_entity.setdefault((row["level"], row["entity_id"]), []).append(row)
    wanted = weights(int(month[:4]))
    for entity, rows in by_entity.items():
        reached_by: dict[str, float] = {}
        for row in rows:
            key = row["figure"]
            told = metrics.get((*entity, key), {})
            if row["value"] and row["value"] not in (told.get("value"), told.get("ytd")):
                wrong.append((*entity, key, "value"))
            own = TRADE["scorecard"]["indicators"][key].get("target")
            often = known_months(entity[1]) if key in SUMS else 1
            if entity[0] == "manager" and row["target_from"] == "profile":
                wrong += [] if abs(float(row["target"]) - often * own) < 1e-6 else [(*entity, key, "target")]
            reached = None
            if row["value"] and row["target"] and row["state"] != "few":
                reached = completion(key, float(row["value"]), float(row["target"]))
            if (reached is None) != (row["completion"] == "") or (
                reached is not None and abs(reached - float(row["completion"])) > 1e-4
            ):
                wrong.append((*entity, key, "completion", reached, row["completion"]))
            if reached is not None:
                reached_by[key] = reached
        told_score, made = rows[0]["score"], score_of(reached_by, wanted)
        if (made is None) != (told_score == "") or (made is not None and abs(made - float(told_score)) > 1e-4):
            wrong.append((*entity, "score", made, told_score))
    return wrong


def score_of(reached: dict[str, float], wanted: dict[str, float]) -> float | None:
    """The mean of the shares that have data by their shares, each the mean of its indicators that have by theirs."""
    groups: dict[str, list[str]] = {}
    for key, one in TRADE["scorecard"]["indicators"].items():
        groups.setdefault(SHARES.get(one["group"], one["group"]), []).append(key)
    above = below = 0.0
    for keys in groups.values():
        known = [key for key in keys if key in reached]
        if known:
            share = sum(wanted[key] for key in keys)
            above += share * sum(wanted[key] * reached[key] for key in known) / sum(wanted[key] for key in known)
            below += share
    return above / below if below else None


# ---- pay


def cents(value: Any) -> int:
    """An amount in cents."""
    return 0 if value in (None, "") else int((Decimal(str(value)) * 100).quantize(Decimal(1), ROUND_HALF_UP))


def half_up(number: Decimal) -> int:
    """Whole cents."""
    return int(number.quantize(Decimal(1), ROUND_HALF_UP))


def days(month: str, manager: Row) -> tuple[int, int]:
    """Calendar days in office, and of the month."""
    first = dt.date(int(month[:4]), int(month[5:]), 1)
    last = (first + dt.timedelta(31)).replace(day=1) - dt.timedelta(1)
    start, end = (as_day(manager.get(name)) for name in ("上岗日期", "离岗日期"))
    since, until = max(first, start or first), min(last, end or last)
    return max(0, (until - since).days + 1), last.day


def as_day(value: Any) -> dt.date | None:
    """A day as a cell has it."""
    if isinstance(value, dt.datetime):
        return value.date()
    return value if isinstance(value, dt.date) else dt.date.fromisoformat(value) if value else None


def of_list(name: str, zh: str) -> str:
    """The key of an entry of the trade's lists."""
    return str(next(one["key"] for one in TRADE["lists"][name] if one["zh"] == zh))


def scores(folder: Path) -> dict[str, str]:
    """The score of each manager whose score counts."""
    least = 100 * TRADE["scorecard"]["least_weight"]
    return {
        row["entity_id"]: row["score"]
        for row in read_csv(folder / "data" / "scorecard.csv")
        if row["level"] == "manager" and row["score"] and float(row["weight_known"]) >= least
    }


def paid(month: str, folder: Path, masters: dict[str, list[Row]], sold: dict[str, list[Row]]) -> dict[str, Row]:
    """By manager in office what the month says by itself: base, allowance, by_score, by_products, deferred (cents).

    Args:
        sold: the rows of product sales of each manager whose sales are known.
    """
    terms = {row["客户经理编码"]: row for row in masters["薪酬标准"]}
    prices = {row["产品编码"]: cents(row["计价标准"]) for row in masters["产品"]}
    known, found = scores(folder), {}
    for manager in masters["客户经理"]:
        key = manager["客户经理编码"]
        here, whole = days(month, manager)
        if not here:
            continue
        role = TRADE["pay"]["roles"][of_list("roles", manager["岗位类别"])]
        grade = cents(TRADE["pay_grades"][of_list("pay_grades", terms[key]["薪酬等级"])])
        by_score = half_up(Decimal(str(role["unit"])) * Decimal(known[key]) * 100) if key in known else None
        share = Decimal(str(role.get("deferred_share", 0)))
        found[key] = {
            "base": half_up(Decimal(cents(terms[key]["基本薪酬"]) * here) / whole),
            "allowance": half_up(Decimal(grade * here) / whole),
            "by_score": by_score,
            "by_products": sum(prices[row["产品编码"]] * row["件数"] for row in sold[key])
            if key in sold
            else None,
            "deferred": 0 if not share else None if by_score is None else half_up(by_score * share),
            "parts": role.get("deferred_months", 36),
        }
    return found


def accounts(
    months: list[str],
    told: dict[str, dict[str, Row]],
    openings: dict[str, tuple[int, int]],
    claws: dict[tuple[str, str], int],
) -> dict[tuple[str, str], tuple[int, int, int, int]]:
    """By month and manager what is released, clawed back, held at the end and was held at the start, in cents.

    Args:
        openings: by manager what was held at first, and over how many months it is released.
        claws: by month and manager.
    """
    found = {}
    for key in sorted({one for its in told.values() for one in its} | set(openings)):
        due: dict[int, int] = {}
        spread(due, -1, *openings.get(key, (0, 1)))
        for number, month in enumerate(months):
            opening = sum(due.values())
            released = due.pop(number, 0)
            own = told[month].get(key)
            if own and own["deferred"]:
                spread(due, number, own["deferred"], own["parts"])
            left = claws.get((month, key), 0)
            for when in sorted(due, reverse=True):
                taken = min(left, due[when])
                due[when] -= taken
                left -= taken
            clawed = claws.get((month, key), 0) - left
            found[month, key] = (opening, released, clawed, sum(due.values()))
    return found


def spread(due: dict[int, int], earned: int, amount: int, parts: int) -> None:
    """Equal parts from the month after, odd cents with the last."""
    part = int((Decimal(amount) / parts).to_integral_value(ROUND_DOWN))
    for step in range(1, parts + 1):
        due[earned + step] = due.get(earned + step, 0) + (part if step < parts else amount - part * (parts - 1))


# ---- what the file says


def shown(path: Path, sheet: str) -> dict[str, Row]:
    """The rows of a sheet of a pay file, by the manager's code and its headings; money in cents."""
    cells = [list(one) for one in openpyxl.load_workbook(path)[sheet].iter_rows(values_only=True)]
    first = next((number for number, row in enumerate(cells) if "姓名" in row), None)
    if first is None:  # nobody has an account
        return {}
    heads = [str(one).replace("\n", "") for one in cells[first]]
    place, found = heads.index("编码"), {}
    for row in cells[first + 1 :]:
        if not row[place] or row[0] == "合计":
            break
        found[str(row[place])] = dict(zip(heads, (None if one == "—" else one for one in row), strict=True))
    return found
