"""Figures of movements that look at more than one sum: customers, the net change, what is kept, both bridges
(trades.md sections 0 and 2)."""

from collections.abc import Iterable
from typing import Literal, TypedDict

import pandas as pd

from pipeline.contract.facts import Facts
from pipeline.contract.figure import Figure, Joins
from pipeline.figures import bridge
from pipeline.figures.catalogue import declares
from pipeline.figures.grain import MANAGER_CUSTOMER, ones
from pipeline.figures.kept import Kept, KeptSince
from schemas.form import Flow, Stock
from schemas.movements import GONE
from schemas.profile import Profile

FORM, STOCK = "movements", "subscriptions"
_FORMS = (FORM, STOCK)


def rows_of_kind(facts: Facts, kind: str) -> pd.DataFrame:
    """The month's movements of one kind."""
    rows = facts.frame(FORM)
    return rows[(rows["kind"] == kind).fillna(False).to_numpy(dtype=bool)]


def customers_with_new(facts: Facts) -> pd.Series:
    """1 for each customer with new households in the month."""
    return ones(rows_of_kind(facts, "installed"))


def customers_with_losses(facts: Facts) -> pd.Series:
    """1 for each customer that lost households in the month."""
    return ones(rows_of_kind(facts, "loss"))


def net_change(facts: Facts) -> pd.Series:
    """New households, and those come back that had been lost, less those lost, by customer."""
    rows = facts.frame(FORM)
    back = (rows["kind"] == "return") & (rows["from_state"] == GONE)
    sign = ((rows["kind"] == "installed") | back).astype("int64") - (rows["kind"] == "loss").astype("int64")
    return (rows["households"].astype("int64") * sign).groupby([rows[name] for name in MANAGER_CUSTOMER]).sum()


def households_change(facts: Facts) -> pd.Series:
    """Households at the month's end less those at its start, by customer of which both are known."""
    start, end = (facts.once(bridge.BridgeLine(FORM, "households", line)) for line in (bridge.START, bridge.END))
    return end - start


@declares
def movement_figures(profile: Profile) -> Iterable[Figure]:
    """The figures of movements: customers won and lost, the net change, what is kept, both bridges."""
    zh, en, unit = profile.customer_word_zh, profile.customer_word_en, profile.customer_unit
    yield Figure(
        "new_customers", f"新发展{zh}数", f"{en.capitalize()}s with new households", unit, "movements",
        f"当月有新装用户的{zh}数。", f"{en.capitalize()}s with households newly connected in the month.",
        (FORM,), customers_with_new, over_time="distinct",
    )  # fmt: skip
    yield Figure(
        "lost_customers", f"有流失的{zh}数", f"{en.capitalize()}s with losses", unit, "movements",
        f"当月有用户流失的{zh}数。", f"{en.capitalize()}s that lost households in the month.",
        (FORM,), customers_with_losses, better="lower", over_time="distinct",
    )  # fmt: skip
    yield Figure(
        "net_change", "净增户数", "Net change", "户", "movements",
        "新装＋由已流失回流－流失。", "New households + those come back that had been lost − those lost.",
        (FORM,), net_change,
    )  # fmt: skip
    yield Figure(
        "households_change", "在册户数增减", "Change of households", "户", "movements",
        "月末在册户数－月初在册户数（本月负责的客户；首月或上月未报的没有）。",
        "Households at the month's end − at its start, of the customers assigned this month; none in the first month, "
        "nor where the month before was not reported.",
        _FORMS, households_change, only_counted=True, looks_back=1,
    )  # fmt: skip
    yield from _kept(profile)
    yield from _bridges(profile)


def _kept(profile: Profile) -> Iterable[Figure]:
    zh, en = profile.customer_word_zh, profile.customer_word_en
    start_zh = "月初为上月末、本月负责的客户；未报的客户上下都不计；累计从1月1日的原客户起算，按累计考核。"
    start_en = (
        "The start is the end of the month before, of the customers assigned this month; customers not reported "
        "count neither above nor below; the year to date, by which it is judged, starts with those of 1 January."
    )
    yield Figure(
        "household_retention", "保有率", "Retention", "%", "movements",
        f"Σ max(0, 月初户数－流失户数)÷月初户数。{start_zh}",
        f"Σ max(0, households at the start − lost) ÷ households at the start. {start_en}",
        _FORMS, Kept(FORM, "kept"), Kept(FORM, "start"), scale=100, decimals=2, over_time="year", judged="to_date",
        since=KeptSince(FORM, "kept", "start"),
    )  # fmt: skip
    yield Figure(
        "customer_retention", f"{zh}保有率", f"Retention of {en}s", "%", "movements",
        f"月初有在册用户的{zh}中，月末仍有的÷全部。{start_zh}",
        f"Of the {en}s with households at the start, those with any left at the end ÷ all. {start_en}",
        _FORMS, Kept(FORM, "still"), Kept(FORM, "first"), scale=100, decimals=2, over_time="year", judged="to_date",
        since=KeptSince(FORM, "still", "first"),
    )  # fmt: skip


_LEAD_IN = (
    (bridge.PREVIOUS, "上月末", "last month's end", "上月末上报的在册户数", "households as reported last month"),
    (bridge.MOVED_IN, "划入", "moved in", "由其他客户经理转来的客户", "customers taken over from other managers"),
    (bridge.MOVED_OUT, "划出", "moved out", "转给其他客户经理的客户（负数）", "customers handed on (negative)"),
    (
        bridge.LEFT_OUT, "未报", "not reported", "变动或月末状态未知的客户（负数）",
        "customers of which the movements or the end are not known (negative)",
    ),
)  # fmt: skip
_SAME_LINES = {
    bridge.START: ("月初", "start"),
    bridge.UNEXPLAINED: ("未说明", "unexplained"),
    bridge.END: ("月末", "end"),
}
_ABOUT_ZH = {
    bridge.START: "月初数：上月末、本月负责的客户。",
    bridge.UNEXPLAINED: "月末上报数减按变动推算的数：变动与状态不符的部分。",
    bridge.END: "月末上报数。",
}
_ABOUT_EN = {
    bridge.START: "At the start: the end of last month, of the customers assigned this month.",
    bridge.UNEXPLAINED: "What is reported at the end less what the movements make of the start.",
    bridge.END: "As reported at the end.",
}


def _bridges(profile: Profile) -> Iterable[Figure]:
    flow, stock = profile.forms[FORM].traits.flow, profile.forms[STOCK].traits.stock
    assert flow is not None and stock is not None
    for line, zh, en, about_zh, about_en in _LEAD_IN:
        yield Figure(
            f"bridge.{stock.total}.{line}", f"在册：{zh}", f"On the books: {en}", "户", "bridge",
            f"{about_zh}；在客户经理之间转的，全公司相加为0。",
            f"{about_en}; over all managers what moved adds up to 0.",
            _FORMS, bridge.LeadIn(FORM, line), better="neither", looks_back=1,
            only_counted=True, **_joined(line),
        )  # fmt: skip
    for account in bridge.accounts(stock):
        yield from _account(account, flow, stock, profile)


def _account(account: str, flow: Flow, stock: Stock, profile: Profile) -> Iterable[Figure]:
    column = profile.forms[STOCK].column(account)
    name_zh = "在册" if account == stock.total else column.zh.removesuffix("户数")
    name_en = "On the books" if account == stock.total else column.en
    kinds = {one.key: one for one in profile.forms[FORM].column(flow.kind).choices}
    inside = bridge.lines(account, flow, stock)
    for line in (bridge.START, *inside, bridge.UNEXPLAINED, bridge.END):
        zh, en = _SAME_LINES.get(line) or (kinds[line].zh, kinds[line].en.lower())
        about_zh, about_en = _ABOUT_ZH.get(line), _ABOUT_EN.get(line)
        if about_zh is None or about_en is None:
            is_in = inside[line][0][2] > 0
            about_zh = f"因{zh}{'增加' if is_in else '减少（负数）'}的户数。"
            about_en = f"Households that this {'adds' if is_in else 'takes away (negative)'}."
        yield Figure(
            f"bridge.{account}.{line}", f"{name_zh}：{zh}", f"{name_en}: {en}", "户", "bridge", about_zh, about_en,
            _FORMS, bridge.BridgeLine(FORM, account, line), better="neither",
            looks_back=1, only_counted=True, **_joined(line),
        )  # fmt: skip


class _Joins(TypedDict):
    over_time: Literal["last", "sum"]
    over_period: Joins | None


def _joined(line: str) -> _Joins:
    """How months are joined: a bridge begins where its first month does and ends where the last one does."""
    if line in (bridge.START, bridge.PREVIOUS):
        return {"over_time": "last", "over_period": "start"}
    return {"over_time": "last" if line == bridge.END else "sum", "over_period": None}
