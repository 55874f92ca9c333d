"""Who and what made a difference: parts that add up to the whole exactly, in whole ten-thousandths."""

from collections.abc import Iterable, Mapping

import pandas as pd

from pipeline.base.exact import TEN_THOUSANDTHS
from pipeline.base.frames import records
from pipeline.contract.few import is_guarded
from pipeline.contract.figure import Figure
from pipeline.contract.page_one import Against, Contributions, Part, PartKind
from pipeline.findings.main_part import stands_out
from pipeline.findings.page import Page

MONEY, VOLUME = "amount", "volume"
PRODUCT, CUSTOMER = "product", "customer"
_SIDES: Mapping[Against, tuple[str, str]] = {
    "target": ("value", "target_comparable"),
    "last_year": ("comparable_last_year", "last_year_comparable"),
    "previous": ("comparable", "previous_comparable"),
}
_MEASURES = {MONEY: "amount_yuan", VOLUME: "volume"}
SHORT_MONTHS = 2  # Spring Festival moves between January and February: neither is held against last year alone


def whole_of(value: float) -> int:
    """A value in whole ten-thousandths."""
    return round(value * TEN_THOUSANDTHS)


def growth_base(page: Page, figure: str = MONEY) -> Against:
    """What a month's change is told against: the same month last year where it is known, else the month before."""
    known = page.story.number(figure, "last_year_comparable") is not None
    return "last_year" if known and page.story.month.month > SHORT_MONTHS else "previous"


def target_figure(page: Page) -> str:
    """The figure whose target page one holds the month against: money, else volume; empty where neither has one."""
    for key in (MONEY, VOLUME):
        if key in page.story.declared and _both(page, key, "target") is not None:
            return key
    return ""


def held_figure(page: Page) -> str:
    """The sum that page one holds against a target: money, else volume, else that by which the trade holds managers
    side by side; empty where none has a target."""
    own = page.story.profile.workbooks.target_figure
    known = (
        own in page.story.declared and not is_guarded(page.figure(own)) and _both(page, own, "target") is not None
    )
    return target_figure(page) or (own if known else "")


def measures(page: Page) -> list[str]:
    """The sums whose growth is explained: money, else volume, else those that are forecast."""
    sold = [key for key in (MONEY, VOLUME) if key in page.story.declared]
    keys = sold or [key for key in page.story.profile.forecast_figures if key in page.story.declared]
    known = [key for key in keys if page.story.number(key) is not None and not is_guarded(page.figure(key))]
    return known[:1] if sold else known


def finest_group(page: Page) -> PartKind:
    """The finest group of products that the trade names; empty where it names none."""
    return next(reversed(page.story.profile.product_groups), "")


def _frame_of(kind: PartKind) -> tuple[str, str, str]:
    """The frame of sums by products, a group of them or customers, its key and the column with its name."""
    if kind == PRODUCT:
        return "sales_by_product", "product_id", "product_name"
    if kind == CUSTOMER:
        return "customers_by_movement", "customer_id", "customer_name"
    return f"sales_by_{kind}", kind, kind


def by_unit(page: Page, figure: str, against: Against) -> Contributions | None:
    """The difference by those below (managers, regions), and what they leave of it; None where it is not known, or
    where parts do not add up to a whole: of rates, statistics, customers that count once."""
    whole = _both(page, figure, against)
    if whole is None or not _adds_up(page.figure(figure)):
        return None
    now_column, base_column = _SIDES[against]
    parts = []
    for code in page.units:
        pair = tuple(page.of(page.unit_level, code, figure, one) for one in (now_column, base_column))
        if pair[0] is not None and pair[1] is not None:
            parts.append(Part(code, page.unit_name(code), whole_of(pair[0]), whole_of(pair[1])))
    return _together(page, "manager" if page.unit_level == "manager" else "region", against, figure, parts, whole)


def _adds_up(figure: Figure) -> bool:
    return not is_guarded(figure) and figure.over_time != "distinct"


def by_goods(page: Page, kind: PartKind, figure: str, against: Against) -> Contributions | None:
    """The difference by products, groups of them or customers, like with like; None where the month compared with is
    unknown. Customers of whom one of both months is not known are among what the others leave."""
    frame_name, key, name = _frame_of(kind)
    frame, measure = page.story.details.get(frame_name), _MEASURES[figure]
    whole = _both(page, figure, against)
    if frame is None or whole is None or f"{measure}_{against}" not in frame:
        return None
    like = f"{measure}_like_{against}"
    if kind == CUSTOMER:
        frame = frame.dropna(subset=[measure, f"{measure}_{against}"])
    now = frame[like if like in frame else measure]
    sums = frame.assign(_now=now, _base=frame[f"{measure}_{against}"]).fillna({"_now": 0.0, "_base": 0.0})
    parts = [
        Part(str(row[key]), _named(row, name, key), whole_of(row["_now"]), whole_of(row["_base"]))
        for row in records(sums)
        if row["_now"] or row["_base"]
    ]
    return _together(page, kind, against, figure, parts, whole)


def _named(row: Mapping[str, object], name: str, key: str) -> str:
    known = row.get(name)
    return str(row[key]) if known is None or pd.isna(known) else str(known)  # type: ignore[call-overload]


def _both(page: Page, figure: str, against: Against) -> tuple[int, int] | None:
    """The whole and what it is held against."""
    now, base = (page.story.number(figure, column) for column in _SIDES[against])
    return None if now is None or base is None else (whole_of(now), whole_of(base))


def _together(
    page: Page, kind: PartKind, against: Against, figure: str, parts: Iterable[Part], whole: tuple[int, int]
) -> Contributions:
    """The parts, the greatest loss first, and what they leave of the whole."""
    ordered = sorted(parts, key=lambda part: (part.change, part.key))
    now, base = whole[0] - sum(one.now for one in ordered), whole[1] - sum(one.base for one in ordered)
    rest = [Part("", page.say(f"rest.{kind}"), now, base)] if now or base else []
    return Contributions(kind, against, figure, (*ordered, *rest))


def losses(told: Contributions) -> list[Part]:
    """The parts that lost, the greatest first; what the others leave is none of them."""
    return [part for part in told.parts if part.key and part.change < 0]


def gains(told: Contributions) -> list[Part]:
    """The parts that gained, the greatest first."""
    return [part for part in reversed(told.parts) if part.key and part.change > 0]


def loss_share(told: Contributions, part: Part) -> float:
    """What part of all losses is one's, in %: never above 100, as gains elsewhere are not set off."""
    total = sum(one.change for one in losses(told))
    return 100 * part.change / total if total else 0.0


def base_share(told: Contributions, part: Part) -> float:
    """What part of the base is one's, in %."""
    return 100 * part.base / told.base if told.base > 0 else 0.0


def main_loser(told: Contributions) -> Part | None:
    """The part whose share of the losses is most above its share of the base, where it stands out by it: else none."""
    lost = losses(told)
    if not lost or len(told.parts) < 2:
        return None
    most = max(lost, key=lambda part: (loss_share(told, part) - base_share(told, part), part.key))
    return most if stands_out(loss_share(told, most), base_share(told, most)) else None
