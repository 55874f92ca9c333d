"""The figures of a bank recounted in plain Python from the workbooks of an inbox: no pandas, no code of the pipeline.
Slow and literal on purpose; what people read and type (存款, 退网) is what is compared here too. Money is in cents.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Any, ClassVar

import cable_oracle

Row = dict[str, Any]
Ratio = tuple[float, float | None]
GRADES = ("1", "2", "3")
KEY, VALUABLE = ("1",), ("1", "2")
BY_INCOME = ("结算", "代收代付", "第三方存管")
FILE = ("客户类型", "客户级别", "开户日期", "联系人", "电话", "地址")
CATEGORIES = {
    "存款": "deposit", "贷款": "loan", "理财": "wealth", "基金": "fund", "保险": "insurance", "国债": "bond",
    "第三方存管": "custody", "信用卡": "credit_card", "结算": "settlement", "代收代付": "collection",
}  # fmt: skip
HOLDINGS, CONTACTS, SALES, CASES = "客户持有", "客户维护", "产品销售", "投诉与建议"


def cents(value: Any) -> int:
    """An amount in cents."""
    return 0 if value is None else round(float(value) * 100)


def yes(value: Any) -> bool:
    """Whether a cell says yes."""
    return value in ("是", True)


class Inbox(cable_oracle.Inbox):
    """What a bank's inbox says, month by month."""

    sheets = ("支行", "客户经理", "客户档案", "产品", "市场总量", "团队客户", "薪酬标准", "扣回")


class Customer:
    """One customer at the end of a month."""

    def __init__(self, month: "Month", row: Row) -> None:
        self.owner = row["客户经理编码"]
        self.told = self.owner in month.sent
        joined, left = row["开户日期"], row["销户日期"]
        self.gone = bool(left and left <= month.last) or (row["状态"] == "退网" and not left)
        self.here = not (joined and joined > month.last) and not self.gone
        self.active = self.here and row["状态"] != "停业"
        self.grade, self.kind, self.opened = str(row["客户级别"]), row["客户类型"], joined
        self.key, self.valuable = self.active and self.grade in KEY, self.active and self.grade in VALUABLE
        self.potential = self.active and yes(row["潜力客户"])
        self.whole_file = all(row[one] not in (None, "") for one in FILE)
        self.aum = self.average = self.loans = self.cards = 0
        self.categories: set[str] = set()
        self.has_wealth = self.has_loan = False

    def holds(self, row: Row, product: Row) -> None:
        """Adds a row of the form."""
        balance = 0 if self.gone else cents(row["月末余额"])
        held = not self.gone and (balance > 0 or (product["产品类别"] in BY_INCOME and cents(row["收入"]) > 0))
        if yes(product["计入AUM"]):
            self.average += cents(row["月日均"])
            self.aum += balance if self.kind == "个人" else 0
        self.cards += row["卡数"] or 0
        if held:
            self.categories.add(product["产品类别"])
            self.has_wealth |= yes(product["理财类"])
            self.has_loan |= product["产品类别"] == "贷款"


class Month:
    """One month of an inbox."""

    made: ClassVar[dict[tuple[int, str], "Month"]] = {}

    def __init__(self, inbox: Inbox, month: str) -> None:
        self.inbox, self.month = inbox, month
        self.first = dt.date(int(month[:4]), int(month[5:]), 1)
        self.last = (self.first + dt.timedelta(31)).replace(day=1) - dt.timedelta(1)
        self.sent = set(inbox.forms[month])
        masters = inbox.masters[month]
        self.master = {row["客户编码"]: row for row in masters["客户档案"]}
        self.products = {row["产品编码"]: row for row in masters["产品"]}
        self.managers = {row["客户经理编码"]: row["区域编码"] for row in masters["客户经理"]}
        self.rows = self._once_each()
        self.customers = {code: Customer(self, row) for code, row in self.master.items()}
        for _, row in self.rows:
            if row["客户编码"] in self.customers:
                self.customers[row["客户编码"]].holds(row, self.products[row["产品编码"]])

    def _once_each(self) -> list[tuple[str, Row]]:
        found: dict[tuple[str, str], tuple[str, Row]] = {}
        for manager in sorted(self.sent):
            for row in self.form(HOLDINGS, manager):
                key = row["客户编码"], row["产品编码"]
                if key not in found or self.master[key[0]]["客户经理编码"] == manager:
                    found[key] = manager, row
        return list(found.values())

    def form(self, sheet: str, manager: str) -> list[Row]:
        """What one manager sent."""
        return self.inbox.forms[self.month].get(manager, {}).get(sheet, [])

    def before(self, back: int = 1) -> "Month | None":
        """An earlier month; None where the inbox does not have it."""
        number = int(self.month[:4]) * 12 + int(self.month[5:]) - 1 - back
        name = f"{number // 12}-{number % 12 + 1:02d}"
        if name not in self.inbox.forms:
            return None
        return self.made.setdefault((id(self.inbox), name), Month(self.inbox, name))

    # ---- team customers

    def shared(self, amounts: Iterable[tuple[str, str, int]], back: int = 0) -> dict[str, int]:
        """Cents (manager, customer, amount) by manager, those of team customers by share; of amounts since an earlier
        month without the shares of who had not sent then."""
        then = self.before(back) if back else None
        missing = set(then.managers) - then.sent if then else set()
        team: dict[str, list[Row]] = defaultdict(list)
        for row in self.inbox.masters[self.month].get("团队客户", []):
            team[row["客户编码"]].append(row)
        own: dict[tuple[str, str], int] = defaultdict(int)
        for manager, customer, amount in amounts:
            own[manager, customer] += amount
        found: dict[str, int] = defaultdict(int)
        for (manager, customer), amount in own.items():
            rest = amount
            for row in team[customer] if abs(sum(one["分成比例"] for one in team[customer]) - 1) < 0.001 else ():
                member = row["客户经理编码"]
                if member != manager and member in self.sent - missing:
                    part = int(abs(amount) * row["分成比例"] + 0.5 + 1e-9) * (1 if amount > 0 else -1)
                    found[member] += part
                    rest -= part
            found[manager] += rest
        return found

    # ---- from start to end

    def ends(self, back: int = 1) -> list[tuple[str, str, Customer, Customer | None]]:
        """This month's customers of which both ends are known: code, manager, now, then (None where not there yet)."""
        earlier = self.before(back)
        found: list[tuple[str, str, Customer, Customer | None]] = []
        for code, now in self.customers.items() if earlier else ():
            assert earlier is not None
            then = earlier.customers.get(code)
            if not now.told:
                continue
            if then is not None and then.told:
                found.append((code, now.owner, now, then))
            elif now.opened and now.opened > earlier.last and now.owner in earlier.sent:
                found.append((code, now.owner, now, None))
        return found

    def mean_before(self, code: str, back: int) -> float | None:
        """The mean of a customer's averages over up to three months up to that one."""
        months = [one for step in range(3) if (one := self.before(back + step)) is not None]
        known = [one.customers[code] for one in months if code in one.customers]
        values = [one.average for one in known if one.told and one.here]
        return sum(values) / len(values) if values else None

    def out(self, back: int, keys: bool) -> dict[str, float]:
        """Who was lost by the end of that month and had not come back, with what each was lost from."""
        reach = 1 + max(step for step in range(60) if step == 0 or self.before(step) is not None)
        lost: dict[str, float] = {}
        for step in range(reach, back - 1, -1):
            now, start = self.before(step), self.before(step + 1) if step < reach else None
            if now is None:
                continue
            known = {code: one for code, one in now.customers.items() if one.told and one.here}
            at_start = set(lost)
            lost = {code: was for code, was in lost.items() if code not in known or known[code].average < was / 2}
            for code, then in start.customers.items() if start else ():
                mean = self.mean_before(code, step + 1)
                if code in at_start or code not in known or not then.told or mean is None:
                    continue
                if (then.key if keys else then.active) and known[code].average < mean / 2:
                    lost[code] = mean
        return lost

    def losses(self, back: int, keys: bool) -> list[tuple[str, bool, int]]:
        """Manager, whether lost, categories at the start, of those who might be lost."""
        out = self.out(back, keys)
        found = []
        for code, manager, now, then in self.ends(back):
            if then is None or code in out or not (then.key if keys else then.active):
                continue
            mean = self.mean_before(code, back)
            fell = mean is not None and now.average < mean / 2
            found.append((manager, not now.here or fell, min(len(then.categories), 4)))
        return found

    def kept_over(self, back: int) -> dict[str, dict[str, Ratio]]:
        """Figures from the start of a longer time to its end, by manager."""
        found: dict[str, dict[str, list[float]]] = defaultdict(lambda: defaultdict(lambda: [0.0, 0.0]))

        def count(key: str, manager: str, above: float, below: float) -> None:
            found[key][manager][0] += above
            found[key][manager][1] += below

        for manager, lost, _ in self.losses(back, keys=True):
            count("key_loss_rate", manager, lost, 1)
        for manager, lost, held in self.losses(back, keys=False):
            count(f"loss_by_categories.{held}", manager, lost, 1)
            count("loss_by_categories.all", manager, lost, 1)
        then_aum, change = [], []
        for code, manager, now, then in self.ends(back):
            if then is not None and then.potential:
                count("found_rate", manager, now.key, 1)
            was = then.aum if then else 0
            then_aum.append((manager, code, was))
            change.append((manager, code, now.aum - was))
        for place, amounts in enumerate((change, then_aum)):
            for manager, amount in self.shared(amounts, back).items():
                found["aum_growth"][manager][place] += amount / 100
        return {key: {who: (one[0], one[1]) for who, one in by.items()} for key, by in found.items()}

    # ---- all figures: by figure and manager, what stands above and below

    def figures(self) -> dict[str, dict[str, Ratio]]:
        """All figures of the month, of the managers who are known."""
        found: dict[str, dict[str, Ratio]] = {}
        for part in (self._states, self._amounts, self._counted, self._moved, self._market):
            found |= part()
        if self.before() is not None:
            found |= self.kept_over(1)
        return found

    def _by(self, test: Callable[[Customer], float]) -> dict[str, float]:
        sums = dict.fromkeys(self.sent, 0.0)
        for one in self.customers.values():
            if one.told:
                sums[one.owner] += float(test(one))
        return sums

    def _states(self) -> dict[str, dict[str, Ratio]]:
        counts = {
            "customers": lambda one: one.active, "valuable_customers": lambda one: one.valuable,
            "key_customers": lambda one: one.key,
            **{f"key_age.{band}": (lambda one, low=low, high=high: one.key and low <= self._years(one) < high)
               for band, low, high in (("under_1", 0, 1), ("from_1", 1, 3), ("from_3", 3, 5), ("from_5", 5, 999))},
        }  # fmt: skip
        every, keys = self._by(counts["customers"]), self._by(counts["key_customers"])
        rates = {
            "cross_sell_rate": (self._by(lambda one: one.active and len(one.categories) > 1), every),
            "product_coverage": (self._by(lambda one: len(one.categories) if one.active else 0), every),
            "wealth_penetration": (self._by(lambda one: one.active and one.has_wealth), every),
            "key_share": (keys, every),
            "key_file_rate": (self._by(lambda one: one.key and one.whole_file), keys),
        }
        found: dict[str, dict[str, Ratio]] = {
            key: {who: (value, None) for who, value in self._by(test).items()} for key, test in counts.items()
        }
        return found | {
            key: {who: (above[who], below[who]) for who in self.sent} for key, (above, below) in rates.items()
        }

    def _years(self, one: Customer) -> int:
        opened = one.opened
        return self.last.year - opened.year - ((self.last.month, self.last.day) < (opened.month, opened.day))

    def _amounts(self) -> dict[str, dict[str, Ratio]]:
        def amounts(test: Callable[[Row, Row, Customer], int]) -> list[tuple[str, str, int]]:
            return [
                (who, row["客户编码"], test(row, self.products[row["产品编码"]], self.customers[row["客户编码"]]))
                for who, row in self.rows
            ]

        def plain(test: Callable[[Row, Row, Customer], int]) -> dict[str, float]:
            sums = dict.fromkeys(self.sent, 0.0)
            for who, _, amount in amounts(test):
                sums[who] += amount / 100
            return sums

        def in_aum(product: Row, one: Customer) -> bool:
            return yes(product["计入AUM"]) and one.kind == "个人"

        def end(row: Row, one: Customer) -> int:
            return 0 if one.gone else cents(row["月末余额"])

        shared = {
            "aum": lambda row, product, one: end(row, one) * in_aum(product, one),
            "aum_average": lambda row, product, one: cents(row["月日均"]) * in_aum(product, one),
            "income": lambda row, product, one: cents(row["收入"]),
            "profit": lambda row, product, one: cents(row["收入"]) - cents(row["成本"]),
        }
        found: dict[str, dict[str, Ratio]] = {}
        for key, test in shared.items():
            sums = self.shared(amounts(test))
            found[key] = {who: (sums.get(who, 0) / 100, None) for who in self.sent}
        of = {
            name: lambda row, product, one, name=name: end(row, one) * (product["产品类别"] == name)
            for name in CATEGORIES
        }
        deposits, loans = plain(of["存款"]), plain(of["贷款"])
        found |= {
            key: {who: (one[who], None) for who in self.sent}
            for key, one in (("deposits", deposits), ("loans", loans))
        }
        interest = plain(lambda row, product, one: 12 * cents(row["收入"]) * (product["产品类别"] == "贷款"))
        average = plain(lambda row, product, one: cents(row["月日均"]) * (product["产品类别"] == "贷款"))
        income, own = plain(shared["income"]), plain(lambda row, product, one: cents(row["收入"]) * one.key)
        aum = plain(shared["aum"])
        cards = plain(lambda row, product, one: 100 * (row["卡数"] or 0) * (one.kind == "个人"))
        rates = {
            "loan_yield": (interest, average),
            "key_income_share": (own, income),
            "aum_per_card": (aum, cards),
        }
        return found | {
            key: {who: (above[who], below[who]) for who in self.sent} for key, (above, below) in rates.items()
        }

    def _counted(self) -> dict[str, dict[str, Ratio]]:
        found: dict[str, dict[str, float]] = defaultdict(lambda: dict.fromkeys(self.sent, 0.0))
        keys = ("new_target_customers", "contacts", "key_contacts", "surveys", "units_sold", "sales_amount",
                "customers_sold_to", *(f"units_of.{one}" for one in CATEGORIES.values()))  # fmt: skip
        found |= {key: dict.fromkeys(self.sent, 0.0) for key in keys}  # who has none is not unknown
        for row in self.master.values():
            joined = row["开户日期"]
            if (
                yes(row["目标客户"])
                and joined
                and self.first <= joined <= self.last
                and row["客户经理编码"] in self.sent
            ):
                found["new_target_customers"][row["客户经理编码"]] += 1
        for who in self.sent:
            for row in self.form(CONTACTS, who):
                found["surveys"][who] += row["目的"] == "需求调研"
                if row["目的"] in ("维护", "回访"):
                    found["contacts"][who] += 1
                    found["key_contacts"][who] += self.customers[row["客户编码"]].key
            net: dict[str, int] = defaultdict(int)
            for row in self.form(SALES, who):
                product = self.products[row["产品编码"]]
                net[row["客户编码"]] += row["件数"]
                found["units_sold"][who] += row["件数"]
                found["sales_amount"][who] += row["销售金额"]
                found[f"units_of.{CATEGORIES[product['产品类别']]}"][who] += row["件数"]
            found["customers_sold_to"][who] = sum(one > 0 for one in net.values())
        return {key: {who: (value, None) for who, value in by.items()} for key, by in found.items()}

    def _moved(self) -> dict[str, dict[str, Ratio]]:
        earlier = self.before()
        if earlier is None:
            return {}
        both = self.sent & earlier.sent
        tests: dict[str, Callable[[Customer], bool]] = {
            "key_growth.corporate": lambda one: one.key and one.kind == "对公",
            "key_growth.personal": lambda one: one.key and one.kind == "个人",
            "key_growth.small": lambda one: one.active and one.has_loan and one.kind == "小微",
        }
        found: dict[str, dict[str, Ratio]] = {}
        ends = self.ends()
        for key, test in tests.items():
            sums = dict.fromkeys(both, 0)
            for _, manager, now, then in ends:
                if manager in both:
                    sums[manager] += test(now) - (test(then) if then else False)
            found[key] = {who: (value, None) for who, value in sums.items()}
        for key, better in (("upgraded_rate", -1), ("downgraded_rate", 1)):
            above, below = dict.fromkeys(both, 0), dict.fromkeys(both, 0)
            for _, manager, now, then in ends:
                limit = GRADES[0] if better < 0 else GRADES[-1]
                if then is None or not then.active or then.grade == limit or manager not in both:
                    continue
                step = GRADES.index(now.grade) - GRADES.index(then.grade)
                below[manager] += 1
                above[manager] += now.here and step * better > 0
            found[key] = {who: (above[who], below[who]) for who in both}
        return found | self._bridge(earlier, both)

    def _bridge(self, earlier: "Month", both: set[str]) -> dict[str, dict[str, Ratio]]:
        lines: dict[str, dict[str, int]] = defaultdict(lambda: dict.fromkeys(self.managers, 0))
        known = {code for code, *_ in self.ends()}
        for code, then in earlier.customers.items():
            if not then.told:
                continue
            now = self.customers.get(code)
            lines["previous"][then.owner] += then.aum
            if now is not None and now.owner != then.owner:
                lines["moved_out"][then.owner] -= then.aum
                lines["moved_in"][now.owner] += then.aum
            if code not in known:
                lines["not_reported"][now.owner if now else then.owner] -= then.aum
        for _, manager, now, then in self.ends():
            was = then.aum if then else 0
            there = bool(then and then.here)
            name = (
                "joined" if not there and now.here else "left" if there and not now.here
                else "grown" if now.aum > was else "shrunk"
            )  # fmt: skip
            lines["start"][manager] += was
            lines[name][manager] += now.aum - was
        every = ("previous", "moved_in", "moved_out", "not_reported", "start", "joined", "left", "grown", "shrunk")
        return {f"aum_bridge.{one}": {who: (lines[one][who] / 100, None) for who in both} for one in every}

    def _market(self) -> dict[str, dict[str, Ratio]]:
        """Of each region its balances and its market, with the first of its managers who has sent the form."""
        totals = {
            (row["区域编码"], row["产品类别"]): row["市场总量"]
            for row in self.inbox.masters[self.month]["市场总量"]
            if str(row["月份"])[:7] == self.month
        }
        own = self._amounts()
        found: dict[str, dict[str, Ratio]] = {}
        for name, key, figure in (("存款", "deposit", "deposits"), ("贷款", "loan", "loans")):
            by: dict[str, Ratio] = {}
            for region in set(self.managers.values()):
                team = sorted(who for who in self.sent if self.managers[who] == region)
                if team and (region, name) in totals:
                    by[team[0]] = (sum(own[figure][who][0] for who in team), float(totals[region, name]))
            found[f"market_share.{key}"] = by
        return found
