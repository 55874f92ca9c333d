"""The figures of a cable operator recounted in plain Python from the workbooks of an inbox: no pandas, no code of the
pipeline. Slow and literal on purpose; what people read and type (流失, 罚停) is what is compared here too.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import openpyxl

Row = dict[str, Any]
Ratio = tuple[float, float]  # what stands above and below; a plain sum has 1 below
STATES = {"在册户数": "households", "正常户数": "active", "罚停户数": "penalty_stopped", "报停户数": "paused"}
IN_STATE = {"正常": "正常户数", "罚停": "罚停户数", "报停": "报停户数"}
LEADS_TO = {"新装": "正常", "罚停": "罚停", "报停": "报停", "复通": "正常", "回流": "正常", "流失": "已流失"}
KINDS = {
    "新装": "installed",
    "罚停": "penalty_stop",
    "报停": "pause",
    "复通": "resume",
    "回流": "return",
    "流失": "loss",
}
COMPETITORS = {
    "电信IPTV": "telecom_iptv",
    "联通IPTV": "unicom_iptv",
    "云电视": "cloud_tv",
    "移动": "mobile",
    "其他": "other",
}
REASONS = {
    "价格": "price",
    "搬迁": "moved",
    "停业": "closed",
    "服务": "service",
    "需要电话": "phone",
    "其他": "other",
}
PURPOSES = {
    "缴费": "collect", "回访": "follow_up", "营销": "selling", "挽留": "retain", "摸排": "survey",
    "新业务宣传": "new_service", "改造协调": "rebuilding",
}  # fmt: skip
# By what each account changes.
LINES = {
    "households": ("installed", "return", "loss"),
    "active": ("installed", "resume", "return", "penalty_stop", "pause", "loss"),
    "penalty_stopped": ("penalty_stop", "pause", "resume", "return", "loss"),
    "paused": ("pause", "penalty_stop", "resume", "return", "loss"),
}
DAYS_AHEAD = 60
CREDITS_A_YEAR = 24
CATEGORIES = {
    "故障报修": "fault",
    "服务质量": "service",
    "收费争议": "billing",
    "诉求": "request",
    "建议": "suggestion",
}
LIMITS = {"故障报修": 2, "服务质量": 3, "收费争议": 5, "诉求": 5, "建议": 10}  # working days
REPEAT_DAYS, LOW = 90, 60
WEIGHTS = {"节目内容": 25, "客户经理服务": 20, "安装维修": 25, "投诉处理": 15, "资费": 15}
DIMENSIONS = {
    "节目内容": "supply", "客户经理服务": "manager_service", "安装维修": "delivery", "投诉处理": "complaint_handling",
    "资费": "market_order",
}  # fmt: skip
# December 2023 to May 2024, as the State Council announced: days off, and weekends worked.
HOLIDAYS = ((1, 1, 1), (2, 10, 17), (4, 4, 6), (5, 1, 5))  # month, first and last day
OFF = {dt.date(2024, month, day) for month, first, last in HOLIDAYS for day in range(first, last + 1)}
WORKED = {dt.date(2024, *day) for day in ((2, 4), (2, 18), (4, 7), (4, 28), (5, 11))}
SUMS_OF_KINDS = {
    "new_households": "新装", "reactivated": "回流", "resumed": "复通", "penalty_stops": "罚停", "pauses": "报停",
    "lost_households": "流失",
}  # fmt: skip


def due(case: Row) -> dt.date:
    """The last day on which a case would be closed in time."""
    day, left = case["受理日期"], LIMITS[case["类别"]]
    while left:
        day += dt.timedelta(days=1)
        left -= day in WORKED or (day.weekday() < 5 and day not in OFF)
    return day


def rows_of(path: Path) -> dict[str, list[Row]]:
    """The typed rows of every sheet, by heading without its unit."""
    book = openpyxl.load_workbook(path, data_only=True)
    return {sheet.title: list(_rows(sheet)) for sheet in book.worksheets[1:]}


def _rows(sheet: Any) -> Iterator[Row]:
    headings = [str(cell.value).split("(")[0] for cell in sheet[3]]
    for row in sheet.iter_rows(min_row=5, values_only=True):
        if isinstance(row[0], int) and any(one is not None for one in row[1:]):
            yield {name: _plain(one) for name, one in zip(headings[1:], row[1:], strict=False)}


def _plain(value: Any) -> Any:
    return value.date() if isinstance(value, dt.datetime) else value


class Inbox:
    """What an inbox says, month by month; `sheets` are those of master data that matter."""

    sheets = ("区域", "客户经理", "集团客户档案")

    def __init__(self, folder: Path) -> None:
        self.forms: dict[str, dict[str, dict[str, list[Row]]]] = {}  # month, manager, sheet
        masters: dict[str, dict[str, list[Row]]] = {}
        for path in sorted(folder.glob("*.xlsx")):
            kind, month, *rest = path.stem.split("_")
            if kind == "主数据":
                masters[month] = rows_of(path)
            else:
                self.forms.setdefault(month, {})[rest[0]] = rows_of(path)
        self.months = sorted(self.forms)
        self.masters = {month: self._valid(masters, month) for month in self.months}

    def _valid(self, masters: Mapping[str, dict[str, list[Row]]], month: str) -> dict[str, list[Row]]:
        found: dict[str, list[Row]] = {}
        for since in sorted(masters):
            if since <= month:
                found |= {sheet: rows for sheet, rows in masters[since].items() if sheet in self.sheets}
        return found


class Month:
    """One month of an inbox, asked about some managers."""

    def __init__(self, inbox: Inbox, month: str) -> None:
        self.inbox, self.month = inbox, month
        year, number = int(month[:4]), int(month[5:])
        self.first = dt.date(year, number, 1)
        self.last = dt.date(year + number // 12, number % 12 + 1, 1) - dt.timedelta(days=1)
        self.sent = set(inbox.forms[month])
        self.customers = {row["客户编码"]: row for row in inbox.masters[month]["集团客户档案"]}
        self.owner = {code: row["客户经理编码"] for code, row in self.customers.items()}
        self.managers = {row["客户经理编码"]: row["区域编码"] for row in inbox.masters[month]["客户经理"]}

    def before(self, back: int = 1) -> "Month | None":
        """An earlier month; None where the inbox does not have it."""
        number = int(self.month[:4]) * 12 + int(self.month[5:]) - 1 - back
        name = f"{number // 12}-{number % 12 + 1:02d}"
        return Month(self.inbox, name) if name in self.inbox.forms else None

    def rows(self, sheet: str, manager: str) -> list[Row]:
        """What one manager sent."""
        return self.inbox.forms[self.month].get(manager, {}).get(sheet, [])

    def all_rows(self, sheet: str) -> list[Row]:
        """What all sent."""
        return [row for manager in sorted(self.sent) for row in self.rows(sheet, manager)]

    # ---- states

    def standing(self, told: "Month") -> dict[str, dict[str, int]]:
        """How this month's customers stood at the end of the month that told, as far as it is known."""
        rows = {row["客户编码"]: row for row in told.all_rows("用户状态月报")}
        found = {}
        for code, customer in self.customers.items():
            joined, left = customer["入网日期"], customer["退网日期"]
            if code in rows:
                found[code] = {name: int(rows[code][name]) for name in STATES}
            elif (joined and joined > told.last) or (left and left <= told.last):
                found[code] = dict.fromkeys(STATES, 0)
        return found

    def end(self) -> dict[str, dict[str, int]]:
        """At this month's end."""
        return self.standing(self)

    def start(self, back: int = 1) -> dict[str, dict[str, int]]:
        """At the end of an earlier month; nobody where that is not known."""
        earlier = self.before(back)
        return {} if earlier is None else self.standing(earlier)

    def counted_once(self, manager: str) -> dict[str, set[str]]:
        """The customers of figures that count each of them once, whatever happens to it how often."""
        days = {
            code: (self.customers[code]["入网日期"], self.customers[code]["退网日期"])
            for code in self.own(manager)
        }
        rows = self.rows("用户变动", manager)
        return {
            "customers_joined": {code for code, (joined, _) in days.items() if self._now(joined)},
            "customers_left": {code for code, (_, left) in days.items() if self._now(left)},
            "new_customers": {row["客户编码"] for row in rows if row["变动类型"] == "新装"},
            "lost_customers": {row["客户编码"] for row in rows if row["变动类型"] == "流失"},
        }

    def moves_told(self, code: str) -> bool:
        """Whether it is known what moved at a customer."""
        return self.owner.get(code) is None or self.owner[code] in self.sent

    def own(self, manager: str) -> list[str]:
        """A manager's customers."""
        return [code for code, owner in self.owner.items() if owner == manager]

    def lost(self) -> dict[str, int]:
        """Households lost in the month, by customer."""
        found: dict[str, int] = defaultdict(int)
        for row in self.all_rows("用户变动"):
            if row["变动类型"] == "流失":
                found[row["客户编码"]] += row["户数"]
        return found

    # ---- figures of one manager: what stands above and below; None where nothing is known

    def figures(self, manager: str) -> dict[str, Ratio | None]:
        """All figures of a manager; a figure that is not there has no row at all."""
        found = self._there(manager)
        if manager not in self.sent:
            return found
        parts = (self._states, self._moved, self._fees, self._dates, self._kept, self._places, self._seen)
        for part in (*parts, self._cases, self._answers):
            found |= part(manager)
        return found | self._bridge(manager)

    def _states(self, manager: str) -> dict[str, Ratio | None]:
        rows = self.rows("用户状态月报", manager)
        sums = {name: sum(row[name] for row in rows) for name in (*STATES, "付费节目户数")}
        whole, active = sums["在册户数"], sums["正常户数"]
        return {
            "group_customers": (sum(row["在册户数"] > 0 for row in rows), 1),
            **{key: (sums[name], 1) for name, key in STATES.items()},
            "paid_programmes": (sums["付费节目户数"], 1),
            "active_rate": (active, whole),
            "penalty_rate": (sums["罚停户数"], whole),
            "pause_rate": (sums["报停户数"], whole),
            "paid_programme_rate": (sums["付费节目户数"], active),
        }

    def _fees(self, manager: str) -> dict[str, Ratio | None]:
        rows = self.rows("用户状态月报", manager)
        due, paid = (sum(row[name] for row in rows) for name in ("应收", "实收"))
        start, end = self.start(), self.end()
        active = sum(
            (end[code]["正常户数"] + start.get(code, end[code])["正常户数"]) / 2
            for code in self.own(manager)
            if code in end
        )
        return {"fee_due": (due, 1), "fee_paid": (paid, 1), "collection_rate": (paid, due), "arpu": (due, active)}

    def _moved(self, manager: str) -> dict[str, Ratio | None]:
        rows = self.rows("用户变动", manager)

        def total(kind: str, **asked: str) -> int:
            return sum(
                row["户数"]
                for row in rows
                if row["变动类型"] == kind and all(row[name] == value for name, value in asked.items())
            )

        new, staff = total("新装"), total("新装", 发展人="全员营销")
        return {
            **{key: (total(kind), 1) for key, kind in SUMS_OF_KINDS.items()},
            **{f"lost_to.{key}": (total("流失", 流向=name), 1) for name, key in COMPETITORS.items()},
            **{f"lost_for.{key}": (total("流失", 原因=name), 1) for name, key in REASONS.items()},
            "new_by_all_staff": (staff, 1),
            "new_by_all_staff_share": (staff, new),
            "net_change": (new + total("回流", 原状态="已流失") - total("流失"), 1),
            "new_customers": (len({row["客户编码"] for row in rows if row["变动类型"] == "新装"}), 1),
            "lost_customers": (len({row["客户编码"] for row in rows if row["变动类型"] == "流失"}), 1),
        }

    def _dates(self, manager: str) -> dict[str, Ratio | None]:
        earlier = self.before()
        told = [] if earlier is None else earlier.all_rows("用户状态月报")
        dated = {row["客户编码"]: row["到费日期"] for row in told if row["到费日期"] is not None}
        mine = [code for code in self.own(manager) if code in dated]
        soon = [code for code in mine if 0 <= (dated[code] - self.first).days <= DAYS_AHEAD]
        seen = {row["客户编码"] for row in self.all_rows("客户访问记录")}
        end = self.end()
        fallen = [code for code in mine if self.first <= dated[code] <= self.last and code in end]
        now = {row["客户编码"]: row["到费日期"] for row in self.all_rows("用户状态月报")}
        later = [code for code in fallen if now.get(code) is not None and now[code] > dated[code]]
        known = earlier is not None and manager in earlier.sent
        return {
            "expiring_customers": (len(soon), 1) if known else None,
            "expiring_visited": (sum(code in seen for code in soon), len(soon)),
            "renewal_rate": (len(later), len(fallen)),
        }

    def _kept(self, manager: str) -> dict[str, Ratio | None]:
        start, end, lost = self.start(), self.end(), self.lost()
        mine = [
            code
            for code in self.own(manager)
            if start.get(code, {}).get("在册户数") and code in end and self.moves_told(code)
        ]
        had = {code: start[code]["在册户数"] for code in mine}
        return {
            "household_retention": (
                sum(max(0, had[code] - lost.get(code, 0)) for code in mine),
                sum(had.values()),
            ),
            "customer_retention": (sum(end[code]["在册户数"] > 0 for code in mine), len(mine)),
        }

    def kept_this_year(self, manager: str) -> dict[str, Ratio]:
        """What is left of those who were there when the year began."""
        return self.kept_over(manager, int(self.month[5:]))

    def kept_over(self, manager: str, back: int) -> dict[str, Ratio]:
        """What is left of those who were there some months ago, when the first of them began."""
        months = [self, *(self.before(step) for step in range(1, back))]
        start, end = self.start(back), self.end()
        if any(one is None for one in months):
            return {}
        known = [one for one in months if one is not None]
        losses = [one.lost() for one in known]
        mine = [
            code
            for code in self.own(manager)
            if start.get(code, {}).get("在册户数") and code in end and all(one.moves_told(code) for one in known)
        ]
        had = {code: start[code]["在册户数"] for code in mine}
        left = {code: max(0, had[code] - sum(one.get(code, 0) for one in losses)) for code in mine}
        return {
            "household_retention": (sum(left.values()), sum(had.values())),
            "customer_retention": (sum(end[code]["在册户数"] > 0 for code in mine), len(mine)),
        }

    def _bridge(self, manager: str) -> dict[str, Ratio | None]:
        earlier = self.before()
        if earlier is None or manager not in earlier.sent:
            return {}
        start, end = self.start(), self.end()
        mine = [code for code in self.own(manager) if code in start and code in end and self.moves_told(code)]
        moves = [row for row in self.all_rows("用户变动") if row["客户编码"] in mine]
        found: dict[str, Ratio | None] = {}
        for name, key in STATES.items():
            lines: dict[str, int] = dict.fromkeys(LINES[key], 0) | {
                "start": sum(start[code][name] for code in mine)
            }
            for row in moves:
                out, into = IN_STATE.get(row["原状态"]), IN_STATE.get(LEADS_TO[row["变动类型"]])
                sign = (name in (into, "在册户数" if into else "")) - (name in (out, "在册户数" if out else ""))
                if sign:
                    line = KINDS[row["变动类型"]]
                    lines[line] = lines.get(line, 0) + sign * row["户数"]
            reported = sum(end[code][name] for code in mine)
            found[f"bridge.{key}.unexplained"] = (reported - sum(lines.values()), 1)
            found |= {f"bridge.{key}.{line}": (count, 1) for line, count in lines.items()}
            found[f"bridge.{key}.end"] = (reported, 1)
        change = found["bridge.households.end"][0] - found["bridge.households.start"][0]  # type: ignore[index]
        return found | {"households_change": (change, 1)}

    # ---- prospects, visits, training

    def newest(self, sheet: str, opened: str) -> list[Row]:
        """Every case of a form, as it stands at this month's end, with its manager; those of whom nobody told in the
        form of the month in which they were opened are not believed."""
        found: dict[str, Row] = {}
        for name in self.inbox.months:
            if name > self.month:
                break
            told = Month(self.inbox, name)
            for manager in sorted(told.sent):
                for row in told.rows(sheet, manager):
                    new = row[opened] >= told.first or name == self.inbox.months[0]
                    if new or row["编号"] in found:
                        found[row["编号"]] = {**row, "manager": manager}
        return list(found.values())

    def _places(self, manager: str) -> dict[str, Ratio | None]:
        mine = [row for row in self.newest("商业门店摸排", "摸排日期") if row["manager"] == manager]
        two_back = self.first.replace(day=1)
        for _ in range(2):
            two_back = (two_back - dt.timedelta(days=1)).replace(day=1)
        now = [row for row in mine if self.first <= row["摸排日期"] <= self.last]
        of_late = [row for row in mine if two_back <= row["摸排日期"] <= self.last]
        signed = [row for row in mine if row["签约日期"]]
        filed = sum(row["状态"] in ("建档", "意向", "签约") for row in now)
        return {
            "prospects": (len(now), 1),
            "filing_rate": (filed, len(now)),
            "prospects_signed": (sum(self.first <= row["签约日期"] <= self.last for row in signed), 1),
            "conversion_rate": (sum(row["签约日期"] is not None for row in of_late), len(of_late)),
            "prospects_open": (sum(row["状态"] not in ("签约", "放弃") for row in mine), 1),
        }

    def _seen(self, manager: str) -> dict[str, Ratio | None]:
        visits = self.rows("客户访问记录", manager)
        courses = self.rows("培训", manager)
        days = (self.last - self.first).days + 1
        year = 366 if self.first.year % 4 == 0 else 365
        credits = sum(row["学分"] for row in courses if row["考核通过"] != "否")
        here = self.active(manager)
        return {
            "visits": (len(visits), 1),
            **{
                f"visits.{key}": (sum(row["访问目的"] == name for row in visits), 1)
                for name, key in PURPOSES.items()
            },
            "coverage": (len(here & {row["客户编码"] for row in visits}), len(here)),
            "signature_rate": (
                sum(row["客户签字"] == "是" for row in visits),
                sum(row["客户签字"] is not None for row in visits),
            ),
            "training_sessions": (len(courses), 1),
            "training_credits": (credits, 1),
            "training_progress": (credits, CREDITS_A_YEAR * days / year),
        }

    # ---- cases, answers, customers

    def active(self, manager: str) -> set[str]:
        """A manager's customers that were there on a day of the month."""
        return {
            code
            for code in self.own(manager)
            if not (self.customers[code]["入网日期"] and self.customers[code]["入网日期"] > self.last)
            and not (self.customers[code]["退网日期"] and self.customers[code]["退网日期"] < self.first)
        }

    def _cases(self, manager: str) -> dict[str, Ratio | None]:
        mine = [row for row in self.newest("投诉与报修", "受理日期") if row["manager"] == manager]
        received = [row for row in mine if self._now(row["受理日期"])]
        closed = [row for row in mine if self._now(row["办结日期"])]
        still = [row for row in mine if row["办结日期"] is None or row["办结日期"] > self.last]
        fell = [row for row in mine if self._now(due(row))]
        rated = [row["处理评价"] for row in closed if row["处理评价"] is not None]
        return {
            "complaints": (len(received), 1),
            "complaints_per_100": (len(received), len(self.active(manager))),
            **{
                f"complaints.{key}": (sum(row["类别"] == name for row in received), 1)
                for name, key in CATEGORIES.items()
            },
            "open_cases": (len(still), 1),
            "overdue_cases": (sum(due(row) <= self.last for row in still), 1),
            "on_time_rate": (
                sum(bool(row["办结日期"] and row["办结日期"] <= due(row)) for row in fell),
                len(fell),
            ),
            "confirmed_rate": (sum(row["客户确认"] == "是" for row in closed), len(closed)),
            "replied_rate": (
                sum(bool(row["反馈客户日期"] and row["反馈客户日期"] <= self.last) for row in closed),
                len(closed),
            ),
            "escalated": (sum(str(row["提级"]) in ("1", "2") for row in received), 1),
            "handling_rating": (sum(rated), len(rated)),
            "repeat_rate": (sum(self._is_repeat(row, mine) for row in received), len(received)),
        }

    def _now(self, day: dt.date | None) -> bool:
        return day is not None and self.first <= day <= self.last

    @staticmethod
    def _is_repeat(case: Row, cases: list[Row]) -> bool:
        """Whether its customer had one of the same kind not long before."""
        return any(
            (other["受理日期"], other["编号"]) < (case["受理日期"], case["编号"])
            and (case["受理日期"] - other["受理日期"]).days <= REPEAT_DAYS
            and (other["客户编码"], other["类别"]) == (case["客户编码"], case["类别"])
            for other in cases
        )

    def _answers(self, manager: str) -> dict[str, Ratio | None]:
        rows = self.rows("客户满意度测评", manager)
        given = [{name: row[name] for name in WEIGHTS if row[name] is not None} for row in rows]
        index = [
            10 * sum(WEIGHTS[name] * score for name, score in one.items()) / sum(WEIGHTS[name] for name in one)
            for one in given
        ]
        here = self.active(manager)
        return {
            "satisfaction": (sum(index), len(index)),
            "answers": (len(index), 1),
            "low_answers": (sum(one < LOW for one in index), len(index)),
            "response_rate": (len(here & {row["客户编码"] for row in rows}), len(here)),
            **{
                f"satisfaction.{key}": (sum(one.get(name, 0) for one in given), sum(name in one for one in given))
                for name, key in DIMENSIONS.items()
            },
        }

    def _there(self, manager: str) -> dict[str, Ratio | None]:
        """What master data alone tell."""
        own = [self.customers[code] for code in self.own(manager)]
        since, until = dt.date.min, dt.date.max
        days = [(row["入网日期"] or since, row["退网日期"] or until) for row in own]
        return {
            "customers_start": (sum(joined < self.first <= left for joined, left in days), 1),
            "customers_end": (sum(joined <= self.last < left for joined, left in days), 1),
            "customers_joined": (sum(self._now(joined) for joined, _ in days), 1),
            "customers_left": (sum(self._now(left) for _, left in days), 1),
        }
