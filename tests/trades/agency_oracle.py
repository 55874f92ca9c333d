"""The figures of an agency recounted in plain Python from the workbooks of an inbox: no pandas, no code of the
pipeline. Slow and literal on purpose; what people read and type (退改, 签约) is what is compared here too.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Any

import cable_oracle

Row = dict[str, Any]
Found = dict[str, dict[str, list[float]]]  # by figure and manager: above and below the line, or single values
STATES = {
    "拟写": "drafting",
    "已呈主管": "with_superior",
    "已向客户介绍": "with_customer",
    "通过": "accepted",
    "退改": "revise",
    "放弃": "given_up",
}
STAGES = {
    "接触": ("contact", 0.10),
    "需求": ("needs", 0.25),
    "报价": ("quote", 0.40),
    "谈判": ("negotiation", 0.70),
}
# By sheet: the columns of its number, and the day on which a row begins.
CASES = {
    "文稿与初稿": (("文稿编号", "轮次"), "拟写日期"),
    "业务洽谈": (("洽谈编号",), "开始日期"),
    "合同": (("合同编号",), "签订日期"),
}


class Inbox(cable_oracle.Inbox):
    """What an agency's inbox says, month by month."""

    sheets = ("部门", "客户经理", "客户档案")

    def owner(self, month: str) -> dict[str, str]:
        """Who has each customer in a month."""
        return {row["客户编码"]: row["客户经理编码"] for row in self.masters[month]["客户档案"]}

    def managers(self, month: str) -> dict[str, str]:
        """The team of each manager."""
        return {row["客户经理编码"]: row["区域编码"] for row in self.masters[month]["客户经理"]}


class Month:
    """One month of an inbox."""

    def __init__(self, inbox: Inbox, month: str) -> None:
        self.inbox, self.month = inbox, month
        self.until = [one for one in inbox.months if one <= month]
        self.first = dt.date(int(month[:4]), int(month[5:]), 1)
        self.last = dt.date(self.first.year + self.first.month // 12, self.first.month % 12 + 1, 1) - dt.timedelta(
            1
        )
        self.owner, self.managers = inbox.owner(month), inbox.managers(month)
        self.missing = {one: set(inbox.managers(one)) - set(inbox.forms[one]) for one in self.until}
        self.found: Found = defaultdict(lambda: defaultdict(lambda: [0.0, 0.0]))
        self.values: Found = defaultdict(lambda: defaultdict(list))
        self.grade = {row["客户编码"]: row["客户级别"] for row in inbox.masters[month]["客户档案"]}

    def here(self, day: dt.date | None) -> bool:
        """Whether a day lies in the month."""
        return day is not None and self.first <= day <= self.last

    def cases(self, sheet: str) -> dict[tuple[Any, ...], Row]:
        """The newest row of each number, with its month and manager; rows nobody can place are left out."""
        key, day = CASES[sheet]
        known: dict[tuple[Any, ...], Row] = {}
        started = False
        for month in self.until:
            rows = [
                (who, row) for who, sent in sorted(self.inbox.forms[month].items()) for row in sent.get(sheet, [])
            ]
            begins = dt.date(int(month[:4]), int(month[5:]), 1)
            for who, row in rows:
                number = tuple(row[one] for one in key)
                if number in known or row[day] >= begins or not started:
                    known[number] = {**row, "who": who, "month": month}
            started = started or bool(rows)
        return {number: {**row, "who": self._now(row, day)} for number, row in known.items()}

    def _now(self, row: Row, day: str) -> str:
        """Of a case of an earlier month whoever has its customer now."""
        owner = self.owner.get(row.get("客户编码"))
        had = any(self.inbox.owner(one).get(row.get("客户编码")) == row["who"] for one in self.until[:-1])
        return owner if owner and had and row[day] < self.first else row["who"]

    def counted(self) -> tuple[Found, Found]:
        """What stands above and below the line by figure and manager; and the single values of medians and means."""
        self._drafts()
        self._deals()
        self._money()
        gone = self.missing[self.month]
        for table in (self.found, self.values):
            for by_manager in table.values():
                for who in list(by_manager):
                    if who in gone or who not in self.managers:
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

    def _drafts(self) -> None:
        rounds = self.cases("文稿与初稿")
        rows = list(rounds.values())
        for figure, day in (
            ("written", "拟写日期"),
            ("shown_superior", "呈主管日期"),
            ("shown_customers", "向客户介绍日期"),
        ):
            self._plain(f"drafts_{figure}", [row for row in rows if self.here(row[day])])
        decided = [row for row in rows if self.here(row["决定日期"]) and row["状态"] in ("通过", "退改")]
        accepted = [row for row in decided if row["状态"] == "通过"]
        self._plain("drafts_accepted", accepted)
        first = [row for row in decided if row["轮次"] == 1]
        self._rate("first_acceptance", [row for row in first if row["状态"] == "通过"], first)
        newest: dict[str, Row] = {}
        for (number, _), row in sorted(rounds.items()):
            newest[number] = row
        for number, row in newest.items():
            if row in accepted:
                self.values["rounds_to_acceptance"][row["who"]].append(row["轮次"])
                if (number, 1) in rounds:
                    days = (row["决定日期"] - rounds[number, 1]["拟写日期"]).days
                    self.values["days_to_acceptance"][row["who"]].append(days)
        is_open = [row for row in newest.values() if row["状态"] not in ("通过", "放弃")]
        self._plain("drafts_open", is_open)
        shown = [row for row in newest.values() if row in is_open or self._touched(row)]
        for state, key in STATES.items():
            self._plain(f"drafts_at.{key}", [row for row in shown if row["状态"] == state])

    def _touched(self, row: Row) -> bool:
        given_up = row["状态"] == "放弃" and row["month"] == self.month
        return given_up or self.here(row["决定日期"]) or self.here(row["拟写日期"])

    def _deals(self) -> None:
        rows = list(self.cases("业务洽谈").values())
        self._plain("deals_opened", [row for row in rows if self.here(row["开始日期"])])
        closed = {
            stage: [row for row in rows if row["阶段"] == stage and self.here(row["结束日期"])]
            for stage in ("签约", "失败")
        }
        self._plain("deals_won", closed["签约"])
        self._plain("deals_lost", closed["失败"])
        self._rate("win_rate", closed["签约"], closed["签约"] + closed["失败"])
        talks = [row for row in rows if row["阶段"] in STAGES]
        self._plain("deals_open", talks)
        self._plain("small_in_talks", [row for row in talks if self.grade.get(row["客户编码"]) == "小"])
        self._plain("prospects_in_talks", [row for row in talks if row["客户编码"] is None])
        self._plain("pipeline", talks, lambda row: row["预计金额"] or 0)
        self._plain("weighted_pipeline", talks, lambda row: (row["预计金额"] or 0) * STAGES[row["阶段"]][1])
        for stage, (key, _) in STAGES.items():
            self._plain(
                f"pipeline_at.{key}",
                [row for row in talks if row["阶段"] == stage],
                lambda row: row["预计金额"] or 0,
            )

    def _money(self) -> None:
        contracts = self.cases("合同")
        signed = [row for row in contracts.values() if self.here(row["签订日期"])]
        self._plain("contract_amount", signed, lambda row: row["合同金额"])
        self._plain("contracts", signed)
        for row in signed:
            self.found["contract_size"][row["who"]][0] += row["合同金额"]
            self.found["contract_size"][row["who"]][1] += 1
        receipts = [
            {**row, "who": who}
            for month in self.until
            for who, sent in self.inbox.forms[month].items()
            for row in sent.get("回款", [])
        ]
        came = [row for row in receipts if self.here(row["到账日期"])]
        self._plain("receipts", came, lambda row: row["回款金额"])
        self._month_rate(came, signed)
        self._accounts(contracts, receipts)

    def _month_rate(self, came: list[Row], signed: list[Row]) -> None:
        for row in came:
            self.found["receipt_rate_of_month"][row["who"]][0] += row["回款金额"]
        for row in signed:
            self.found["receipt_rate_of_month"][row["who"]][1] += row["合同金额"]

    def _accounts(self, contracts: dict[tuple[Any, ...], Row], receipts: list[Row]) -> None:
        silent = set().union(*self.missing.values())
        untold = {
            code
            for month in self.until
            for code, who in self.inbox.owner(month).items()
            if who in self.missing[month]
        }
        for figure in ("outstanding", "past_due"):
            for who in set(self.managers) - silent:
                self.found[figure][who][0] += 0
        paid: dict[str, float] = defaultdict(float)
        for row in receipts:
            contract = contracts.get((row["合同编号"],))
            if contract is not None:
                paid[row["合同编号"]] += row["回款金额"]
                code = contract["客户编码"]
                if code not in untold and row["到账日期"].year == self.last.year:
                    self.found["receipt_rate"][self.owner.get(code, row["who"])][0] += row["回款金额"]
            elif row["who"] not in silent:
                self.found["outstanding"][row["who"]][0] -= row["回款金额"]
                self.found["receipt_rate"][row["who"]][0] += row["回款金额"]
        for (number,), row in contracts.items():
            code = row["客户编码"]
            if code in untold:
                continue
            who, rest = self.owner.get(code, row["who"]), row["合同金额"] - paid[number]
            self.found["outstanding"][who][0] += rest
            if rest > 0 and row["应收日期"] is not None and row["应收日期"] < self.last:
                self.found["past_due"][who][0] += rest
            if row["签订日期"].year == self.last.year:
                self.found["receipt_rate"][who][1] += row["合同金额"]
