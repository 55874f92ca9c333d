"""The figures of a power bureau recounted in plain Python from the workbooks of an inbox: no pandas, no code of the
pipeline. Slow and literal on purpose; what people read and type (投诉, 大工业) is what is compared here too.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Any

import cable_oracle

Row = dict[str, Any]
Found = dict[str, dict[str, list[float]]]  # by figure and manager: above and below the line, or single values
TARIFFS = {
    "大工业": "large_industry",
    "一般工商业": "commerce",
    "居民": "residential",
    "农业": "farming",
    "其他": "other",
}
CLASSES = {"一类": "1", "二类": "2", "三类": "3"}
KINDS = {"大客户": "large", "重点": "key", "重点关注": "watched", "农村": "rural", "社区居民": "community"}
ORDERS = {"举报": "report", "意见": "opinion", "建议": "suggestion", "业务咨询": "question", "故障报修": "fault",
          "服务申请": "application"}  # fmt: skip
LIMITS = {
    "投诉": 5,
    "举报": 10,
    "意见": 10,
    "建议": 10,
    "业务咨询": 2,
    "故障报修": 1,
    "服务申请": 5,
}  # working days
STEPS = ("提出日期", "组长审核日期", "上报日期", "发布日期", "部门接收日期", "完成日期")
KEYS = ("reviewed", "reported", "published", "received", "done")
REPEAT_DAYS = 90
# March to July 2024, as the State Council announced: days off, and weekends worked.
OFF = {dt.date(2024, *day) for day in ((4, 4), (4, 5), (5, 1), (5, 2), (5, 3), (6, 10))}
WORKED = {dt.date(2024, *day) for day in ((4, 7), (4, 28), (5, 11))}
# What an empty cell of a newer row leaves as it was.
LATER = {
    "服务工单": (
        "原因", "客服工程师编码", "派单日期", "责任部门", "升级级别", "升级日期", "初步处理情况", "督办意见",
        "办结日期", "回访日期", "是否满意", "部门评价",
    ),
    "客户需求": (*STEPS[1:], "退回日期", "办理部门", "预防措施"),
}  # fmt: skip
NUMBER = {"服务工单": "工单编号", "客户需求": "需求编号"}
STOCKS = {"orders_open", "overdue_orders", "escalated_open", "needs_open"}


def is_worked(day: dt.date) -> bool:
    return day in WORKED or (day.weekday() < 5 and day not in OFF)


def days_between(start: dt.date, end: dt.date) -> int:
    """Working days after the one up to and with the other."""
    return sum(is_worked(start + dt.timedelta(days=one)) for one in range(1, (end - start).days + 1))


def due(order: Row) -> dt.date:
    """The last day on which an order would be closed in time."""
    day: dt.date = order["受理日期"]
    left = LIMITS[order["工单类别"]]
    while left:
        day += dt.timedelta(days=1)
        left -= is_worked(day)
    return day


class Inbox(cable_oracle.Inbox):
    """What a power bureau's inbox says, month by month."""

    sheets = ("县区局", "客户经理", "用电客户档案", "客服工程师")


class Month:
    """One month of an inbox."""

    def __init__(self, inbox: Inbox, month: str) -> None:
        self.inbox, self.month = inbox, month
        self.until = [one for one in inbox.months if one <= month]
        self.first = dt.date(int(month[:4]), int(month[5:]), 1)
        self.last = dt.date(self.first.year + self.first.month // 12, self.first.month % 12 + 1, 1) - dt.timedelta(
            1
        )
        masters = inbox.masters[month]
        self.customers = {row["客户编码"]: row for row in masters["用电客户档案"]}
        self.managers = {row["客户经理编码"]: row["县区局编码"] for row in masters["客户经理"]}
        self.gone = set(self.managers) - set(inbox.forms[month])
        self.found: Found = defaultdict(lambda: defaultdict(lambda: [0.0, 0.0]))
        self.values: Found = defaultdict(lambda: defaultdict(list))

    def here(self, day: dt.date | None) -> bool:
        """Whether a day lies in the month."""
        return day is not None and self.first <= day <= self.last

    def cases(self, sheet: str) -> list[Row]:
        """Each case by its newest row, its later steps as they were filled in last; nobody's where it is a stranger."""
        known: dict[str, Row] = {}
        for month in self.until:
            begins = dt.date(int(month[:4]), int(month[5:]), 1)
            opened = "受理日期" if sheet == "服务工单" else "提出日期"
            for who, sent in sorted(self.inbox.forms[month].items()):
                for row in sent.get(sheet, []):
                    number = row[NUMBER[sheet]]
                    before = known.get(number)
                    if before is None and row[opened] < begins and month != self.until[0]:
                        continue
                    kept = {} if before is None else {one: before[one] for one in LATER[sheet] if row[one] is None}
                    known[number] = {**row, **kept, "who": who}
        return list(known.values())

    def counted(self) -> tuple[Found, Found]:
        """What stands above and below the line by figure and manager; and the single values of medians."""
        self._energy()
        self._orders()
        self._needs()
        for table in (self.found, self.values):
            for by_manager in table.values():
                for who in list(by_manager):
                    if who in self.gone or who not in self.managers:
                        del by_manager[who]
        return self.found, self.values

    def _plain(self, figure: str, rows: Iterable[Row], amount: Callable[[Row], float] = lambda row: 1) -> None:
        for who in self.managers:
            self.found[figure][who][0] += 0
        for row in rows:
            self.found[figure][row["who"]][0] += amount(row)

    def _rate(self, figure: str, above: Iterable[Row], below: Iterable[Row]) -> None:
        for place, rows in enumerate((above, below)):
            for row in rows:
                self.found[figure][row["who"]][place] += 1

    def _per(self, figure: str, rows: Iterable[Row], below: Callable[[Row], float]) -> None:
        """Rows for so many customers or users."""
        for customer in self.customers.values():
            if (customer["销户日期"] is None or customer["销户日期"] > self.last) and customer["状态"] != "销户":
                self.found[figure][customer["客户经理编码"]][1] += below(customer)
        for row in rows:
            self.found[figure][row["who"]][0] += 1

    def _energy(self) -> None:
        rows = [
            {**row, "who": who}
            for who, sent in self.inbox.forms[self.month].items()
            for row in sent.get("用电量", [])
        ]
        self._plain("energy", rows, lambda row: row["用电量"])
        self._plain("revenue", rows, lambda row: row["电费"])
        for row in rows:
            self.found["price_per_kwh"][row["who"]][0] += row["电费"]
            self.found["price_per_kwh"][row["who"]][1] += row["用电量"]
        for words, column, figure in (
            (TARIFFS, "用电类别", "energy"),
            (CLASSES, "客户类别", "energy_of_class"),
            (KINDS, "客户种类", "energy_of_kind"),
        ):
            for word, key in words.items():
                of = [row for row in rows if {**self.customers[row["客户编码"]], **row}[column] == word]
                self._plain(f"{figure}.{key}", of, lambda row: row["用电量"])

    def _orders(self) -> None:
        orders = self.cases("服务工单")
        received = [row for row in orders if self.here(row["受理日期"])]
        complaints = [row for row in received if row["工单类别"] == "投诉"]
        self._plain("orders", received)
        self._plain("complaints", complaints)
        self._per("complaint_rate", complaints, lambda customer: customer["用电户数"] or 1)
        for word, key in ORDERS.items():
            self._plain(f"orders.{key}", [row for row in received if row["工单类别"] == word])
        now = [row for row in orders if self.here(due(row))]
        self._rate("on_time_rate", [row for row in now if row["办结日期"] and row["办结日期"] <= due(row)], now)
        still = [row for row in orders if row["办结日期"] is None or row["办结日期"] > self.last]
        self._plain("orders_open", still)
        self._plain("overdue_orders", [row for row in still if due(row) <= self.last])
        raised = [row for row in orders if str(row["升级级别"] or 0) != "0"]
        self._plain("escalated", [row for row in raised if self.here(row["升级日期"])])
        self._plain("escalated_open", [row for row in raised if row in still])
        again = [row for row in received if any(self._repeats(row, other) for other in orders)]
        self._plain("repeat_orders", again)
        self._rate("repeat_rate", again, received)
        closed = [row for row in orders if self.here(row["办结日期"])]
        self._rate(
            "follow_up_rate", [row for row in closed if row["回访日期"] and row["回访日期"] <= self.last], closed
        )
        answers = [row for row in orders if self.here(row["回访日期"]) and row["是否满意"] is not None]
        self._rate("satisfied_rate", [row for row in answers if row["是否满意"] == "是"], answers)
        for row in closed:
            self.values["days_to_close"][row["who"]].append(days_between(row["受理日期"], row["办结日期"]))
            if row["部门评价"] is not None:
                self.found["department_rating"][row["who"]][0] += row["部门评价"]
                self.found["department_rating"][row["who"]][1] += 1

    def _repeats(self, row: Row, other: Row) -> bool:
        same = row["客户编码"] == other["客户编码"] and row["工单类别"] == other["工单类别"] and row is not other
        closed = other["办结日期"]
        earlier = (other["受理日期"], other["工单编号"]) < (row["受理日期"], row["工单编号"])
        return (
            same and earlier and closed is not None and closed <= row["受理日期"]
            and (row["受理日期"] - closed).days <= REPEAT_DAYS
        )  # fmt: skip

    def _needs(self) -> None:
        needs = self.cases("客户需求")
        for row in needs:
            row["关闭"] = row["完成日期"] or row["退回日期"]
        raised = [row for row in needs if self.here(row["提出日期"])]
        self._plain("needs_raised", raised)
        self._per("needs_per_100", raised, lambda customer: 1)
        self._per("needs_per_1000_users", raised, lambda customer: customer["用电户数"] or 1)
        for figure, day in (
            ("reviewed", "组长审核日期"),
            ("reported", "上报日期"),
            ("published", "发布日期"),
            ("closed", "关闭"),
            ("refused", "退回日期"),
        ):
            self._plain(f"needs_{figure}", [row for row in needs if self.here(row[day])])
        self._plain("needs_open", [row for row in needs if row["关闭"] is None or row["关闭"] > self.last])
        pairs = [*zip(KEYS, STEPS[:-1], STEPS[1:], strict=True), ("closed", "提出日期", "关闭")]
        for key, start, end in pairs:
            for row in needs:
                if self.here(row[end]) and row[start] is not None:
                    self.values[f"need_days.{key}"][row["who"]].append(days_between(row[start], row[end]))
