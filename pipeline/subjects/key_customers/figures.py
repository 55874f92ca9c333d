"""Figures of customers attracted, retained and developed (trades.md section 4)."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

import pandas as pd

from pipeline.base.exact import TEN_THOUSANDTHS
from pipeline.contract.facts import Facts
from pipeline.contract.figure import Figure
from pipeline.figures.catalogue import declares
from pipeline.figures.grain import MANAGER_CUSTOMER, ones, senders
from pipeline.subjects.files.state import files
from pipeline.subjects.holdings.figures import FORMS, KEY, Amount, customers, of_all
from pipeline.subjects.holdings.lines import FORM, lines
from pipeline.subjects.holdings.standing import LOWEST, BothEnds, StandingAt, counted, measured, standing
from pipeline.subjects.key_customers.ends import LOST_SHARE, GradeTable, LossTable
from schemas.form import CUSTOMER
from schemas.in_use import has_column
from schemas.profile import Profile

CONTACTS, SURVEYS = ("maintain", "follow_up"), ("needs",)  # purposes of the trade's list
CORPORATE, PERSONAL, SMALL = "corporate", "personal", "small"  # kinds of customers
# Years since a customer opened its account, from and up to, by band.
AGES = (("under_1", 0, 1), ("from_1", 1, 3), ("from_3", 3, 5), ("from_5", 5, 1000))
MOST_YEARS = 1000
MOST_CATEGORIES = 4  # as many, or more
Test = Callable[[pd.DataFrame], pd.Series]


def new_targets(facts: Facts) -> pd.Series:
    """1 for each target customer that joined in the month."""
    rows = facts.master("customers")
    first, after = pd.Timestamp(facts.month.first_day), pd.Timestamp((facts.month + 1).first_day)
    joined = (rows["joined_on"] >= first) & (rows["joined_on"] < after)
    told = rows["manager_id"].isin(list(senders(facts, FORM)))
    return ones(rows[joined & told & rows["target"].fillna(False).astype(bool)])


def key_income(facts: Facts) -> pd.Series:
    """The month's income from customers that are key at its end, yuan by manager and customer."""
    rows, keys = facts.once(lines), facts.once(key_codes)
    own = rows[rows[CUSTOMER].isin(keys)]
    return own.groupby(MANAGER_CUSTOMER)["income"].sum() / TEN_THOUSANDTHS


def key_codes(facts: Facts) -> pd.Index:
    """The customers that are key at the month's end."""
    rows = facts.once(standing)
    return rows.index[rows["is_key"]]


@dataclass(frozen=True)
class NetGrowth:
    """Customers of which a test holds at the month's end less those of which it held at its start: 1, 0 or -1 for each
    customer of which both ends are known."""

    name: str
    test: Test = field(compare=False)

    def __call__(self, facts: Facts) -> pd.Series:
        rows = facts.once(BothEnds())
        then = rows[["kind_then", "is_key_then", "active_then", "has_loan_then"]]
        before = self.test(then.rename(columns=lambda name: name.removesuffix("_then"))).astype("int64")
        return measured(rows, self.test(rows).astype("int64") - before)


def _key_of(kind: str) -> Test:
    return lambda rows: rows["is_key"] & rows["kind"].eq(kind).fillna(False).astype(bool)


def _small_with_loan(rows: pd.DataFrame) -> pd.Series:
    return rows["active"] & rows["has_loan"] & rows["kind"].eq(SMALL).fillna(False).astype(bool)


@dataclass(frozen=True)
class Lost:
    """1 for each customer lost since the start (`lost`), or that might have been; of key customers where they are of
    `keys`, else of all, or of those that held so many categories at the start."""

    lost: bool
    back: int = 1
    keys: bool = True
    categories: int | None = None

    def __call__(self, facts: Facts) -> pd.Series:
        rows = facts.once(LossTable(self.back, keys=self.keys))
        if self.categories is not None:
            rows = rows[rows["categories"].clip(upper=MOST_CATEGORIES) == self.categories]
        return counted(rows, rows["lost"] if self.lost else rows["lost"].notna())


@dataclass(frozen=True)
class LostSince:
    """What the figure of these counts above and below the line over some months."""

    keys: bool = True
    categories: int | None = None

    def __call__(self, months: int) -> tuple[Lost, Lost]:
        above, below = (Lost(one, months, self.keys, self.categories) for one in (True, False))
        return above, below


@dataclass(frozen=True)
class Found:
    """1 for each customer with potential at the start; of them those that are key now, where they are `found`."""

    found: bool
    back: int = 1

    def __call__(self, facts: Facts) -> pd.Series:
        rows = facts.once(BothEnds(self.back))
        rows = rows[rows["potential_then"]]
        return counted(rows, rows["is_key"] if self.found else rows["is_key"].notna())


def found_since(months: int) -> tuple[Found, Found]:
    """What customers found counts above and below the line over some months."""
    return Found(True, months), Found(False, months)


@dataclass(frozen=True)
class Regraded:
    """1 for each customer at the start whose grade could rise (`up`) or fall; of them those whose grade did, where they
    are `changed`."""

    up: bool
    changed: bool

    def __call__(self, facts: Facts) -> pd.Series:
        rows = facts.once(GradeTable())
        lowest = len(facts.profile.lists.get("grades", ())) - 1
        known = rows[(rows["place_then"] != LOWEST) & (rows["place"] != LOWEST)]
        might = known[known["place_then"] > 0 if self.up else known["place_then"] < lowest]
        did = might["here"] & (
            might["place"] < might["place_then"] if self.up else might["place"] > might["place_then"]
        )
        return counted(might, did if self.changed else did.notna())


@dataclass(frozen=True)
class Contacts:
    """Contacts of some purposes, by manager and customer; those with key customers alone, where they are of `keys`."""

    purposes: tuple[str, ...]
    keys: bool = False

    def __call__(self, facts: Facts) -> pd.Series:
        rows = facts.frame("visits")
        rows = rows[rows["purpose"].isin(self.purposes).fillna(False).astype(bool)]
        if self.keys:
            rows = rows[rows[CUSTOMER].isin(facts.once(key_codes))]
        return rows.groupby(MANAGER_CUSTOMER).size()


@dataclass(frozen=True)
class OfAge:
    """1 for each key customer at the month's end that has had its account for so many years."""

    least: int
    below: int

    def __call__(self, facts: Facts) -> pd.Series:
        rows = facts.once(StandingAt(0))
        opened = facts.master("customers").drop_duplicates(CUSTOMER).set_index(CUSTOMER)["joined_on"]
        days, last = opened.reindex(rows.index), pd.Timestamp(facts.month.last_day)
        since, until = (last - pd.DateOffset(years=one) for one in (self.least, min(self.below, 200)))
        return counted(rows, rows["is_key"] & (days <= since) & (days > until))


def key_files_complete(facts: Facts) -> pd.Series:
    """1 for each key customer at the month's end whose file lacks no required field."""
    rows, told = facts.once(StandingAt(0)), facts.once(files)
    whole = told.loc[told["filled"] == told["required"], CUSTOMER]
    return counted(rows, rows["is_key"] & rows.index.isin(whole))


@declares
def key_customer_figures(profile: Profile) -> Iterable[Figure]:
    """The figures of customers attracted, retained and developed."""
    yield from _attract(profile)
    yield from _retain(profile)
    yield from _ages(profile)
    yield from _develop(profile)


def _attract(profile: Profile) -> Iterable[Figure]:
    unit = profile.customer_unit
    yield Figure(
        "new_target_customers", "新增目标客户", "New target customers", unit, "attract",
        "当月开户的目标客户数。", "Target customers that opened an account in the month.",
        (FORM, "customers"), new_targets, over_time="distinct", columns=("customers.target",),
    )  # fmt: skip
    yield Figure(
        "key_share", "重点客户占比", "Key customers' share", "%", "attract",
        "月末重点客户÷客户数。", "Key customers ÷ customers, at the month's end.",
        FORMS, KEY, customers, scale=100, decimals=2, over_time="last",
    )  # fmt: skip
    yield Figure(
        "key_income_share", "重点客户收入占比", "Key customers' share of income", "%", "attract",
        "月末重点客户的收入÷全部客户收入，不分成。",
        "Income from key customers at the month's end ÷ income, without shares.",
        FORMS, key_income, Amount(of_all, ("income",)), scale=100, decimals=2,
    )  # fmt: skip
    start_zh = "月初为上月末、本月负责的客户；首月或上月未报的没有。"
    start_en = (
        "The start is the end of the month before, of the customers assigned this month; none in the first month, nor "
        "where the month before was not reported."
    )
    for key, test, zh, en in (
        ("key_growth.corporate", _key_of(CORPORATE), "重点对公客户", "key corporate customers"),
        ("key_growth.personal", _key_of(PERSONAL), "重点个人客户", "key personal customers"),
        ("key_growth.small", _small_with_loan, "有贷小微客户", "small businesses with a loan"),
    ):
        yield Figure(
            key, f"{zh}净增", f"Net growth of {en}", unit, "attract",
            f"月末{zh}数－月初{zh}数。{start_zh}", f"At the month's end − at its start. {start_en}",
            FORMS, NetGrowth(key, test), looks_back=1,
        )  # fmt: skip


def _retain(profile: Profile) -> Iterable[Figure]:
    share = profile.thresholds.get(LOST_SHARE, 50)
    rule_zh = (
        f"流失：已销户，或月日均低于此前三个月（有几个月算几个月）平均的{share:g}%；流失后不再计入月初，直到恢复"
        f"（月日均达到流失前平均的{share:g}%），从有数据的首月起逐月判定。月日均为客户计入AUM产品的月日均合计。累计从年初起算。"
    )
    rule_en = (
        f"Lost: left, or the monthly average under {share:g} % of its mean of the three months before (as many as "
        f"there are); then out of the start until it is back at {share:g} % of what it was lost from, month by month "
        "from the first one known on. The average is of the customer's products that count in AUM. The year to date is "
        "since the year began."
    )
    yield Figure(
        "key_loss_rate", "重点客户流失率", "Key customers lost", "%", "retain",
        f"月初重点客户中流失的÷月初重点客户。{rule_zh}",
        f"Of the key customers at the start, those lost ÷ all. {rule_en}",
        FORMS, Lost(True), Lost(False), scale=100, decimals=2, better="lower", over_time="year", since=LostSince(),
        looks_back=1,
    )  # fmt: skip
    yield Figure(
        "found_rate", "优质客户挖掘率", "Good customers found", "%", "retain",
        "月初潜力客户中月末成为重点客户的÷月初潜力客户；累计从年初起算。",
        "Of the customers with potential at the start, those key at the end ÷ all; over the year from its start.",
        FORMS, Found(True), Found(False), scale=100, decimals=1, over_time="year", since=found_since, looks_back=1,
        columns=("customers.potential",),
    )  # fmt: skip
    for key, count, zh, en, about_zh, about_en in (
        ("contacts", Contacts(CONTACTS), "客户维护次数", "Contacts", "目的为维护、回访的次数。",
         "Contacts for maintenance or follow-up."),
        ("key_contacts", Contacts(CONTACTS, keys=True), "其中重点客户维护次数", "Contacts with key customers",
         "其中与月末重点客户的次数。", "Those with customers that are key at the month's end."),
        ("surveys", Contacts(SURVEYS), "需求调研次数", "Surveys of needs", "目的为需求调研的次数。",
         "Contacts to learn what customers need."),
    ):  # fmt: skip
        yield Figure(
            key, zh, en, "次", "retain", about_zh, about_en, ("visits",), count, columns=("visits.purpose",)
        )  # fmt: skip
    fields = [one for one in profile.file_fields if has_column(f"customers.{one}", profile.forms)]
    if fields:
        yield Figure(
            "key_file_rate", "重点客户建档率", "Key customers with a complete file", "%", "retain",
            "月末重点客户中档案必填项填全的÷月末重点客户。",
            "Key customers whose file lacks no required field ÷ key customers, at the month's end.",
            FORMS, key_files_complete, KEY, scale=100, decimals=1, over_time="last",
        )  # fmt: skip


def _ages(profile: Profile) -> Iterable[Figure]:
    names = {"under_1": ("1年以内", "under 1 year"), "from_1": ("1—3年", "1 to under 3 years"),
             "from_3": ("3—5年", "3 to under 5 years"), "from_5": ("5年以上", "5 years and more")}  # fmt: skip
    for band, least, below in AGES:
        zh, en = names[band]
        yield Figure(
            f"key_age.{band}", f"重点客户：开户{zh}", f"Key customers: {en}", profile.customer_unit, "retain",
            f"月末重点客户中，开户到月末满{least}年、不满{below}年的。" if least and below < MOST_YEARS else
            (f"月末重点客户中，开户到月末满{least}年的。" if least else f"月末重点客户中，开户到月末不满{below}年的。"),
            f"Key customers at the month's end whose account was opened {en} before it.",
            FORMS, OfAge(least, below), over_time="last", better="neither",
        )  # fmt: skip


def _develop(profile: Profile) -> Iterable[Figure]:
    yield Figure(
        "upgraded_rate", "升级率", "Upgraded", "%", "develop",
        "本月级别高于上月的÷月初级别低于最高级的客户（月初正常的客户，按两个月的客户档案）。",
        "Customers with a better grade than last month ÷ those below the best at the start (both months' master data).",
        FORMS, Regraded(True, True), Regraded(True, False), scale=100, decimals=2, looks_back=1,
    )  # fmt: skip
    yield Figure(
        "downgraded_rate", "降级率", "Downgraded", "%", "develop",
        "本月级别低于上月的÷月初级别高于最低级的客户。",
        "Customers with a lower grade than last month ÷ those above the lowest at the start.",
        FORMS, Regraded(False, True), Regraded(False, False), scale=100, decimals=2, better="lower", looks_back=1,
    )  # fmt: skip
    yield from _losses()


def _losses() -> Iterable[Figure]:
    """Of all customers at the start those lost, and of those that held so many categories."""
    bands = [(f"{one}", f"持有{one}类", f"{one}", one) for one in range(MOST_CATEGORIES)]
    bands.append(
        (f"{MOST_CATEGORIES}", f"持有{MOST_CATEGORIES}类及以上", f"{MOST_CATEGORIES} or more", MOST_CATEGORIES)
    )
    yield _loss("all", "全部客户", "of all customers", "月初全部客户", "customers at the start", None)
    for key, zh, en, count in bands:
        yield _loss(
            key, zh, f"of those holding {en}", f"月初{zh}产品的客户",
            f"customers that held {en} categories at the start", count,
        )  # fmt: skip


def _loss(key: str, zh: str, en: str, whose_zh: str, whose_en: str, count: int | None) -> Figure:
    return Figure(
        f"loss_by_categories.{key}", f"流失率：{zh}", f"Lost, {en}", "%", "loss_by_categories",
        f"{whose_zh}中流失的÷全部；流失的定义与重点客户相同。",
        f"Of the {whose_en}, those lost ÷ all; lost as of key customers.",
        FORMS, Lost(True, 1, False, count), Lost(False, 1, False, count), scale=100, decimals=2, better="lower",
        over_time="year", since=LostSince(False, count), looks_back=1,
    )  # fmt: skip
