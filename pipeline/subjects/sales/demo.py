"""Made-up orders of a month: who ordered what on which day, what was supplied, what is left in stock."""

import numpy as np
import pandas as pd

from pipeline.base.calendar import Month
from pipeline.demo.chance import in_language, stream
from pipeline.demo.people import Organisation, as_form, trading_in
from pipeline.demo.sample import Sample
from pipeline.demo.season import festival, open_days
from pipeline.subjects.sales.demo_targets import make_targets
from pipeline.subjects.sales.demo_usual import usual_units

ORDERS_KEPT = 0.95  # of the weekly order days, the share on which the customer does order
DAY_NOISE, LINE_NOISE = 0.22, 0.30
FAILING_MONTHS, FAILING_RATE = 9, 0.14
SHORT_EVERYWHERE, SHORT_WHEN_TIGHT = 0.015, 0.22
TIGHT_MONTHS = (12, 1, 2)
NOTHING_SUPPLIED = 0.35
RETURNS = 0.003
FESTIVE_PRICE_YUAN = 180.0  # products above this price gain most from the festival


def rows_of(sample: Sample, month: Month) -> pd.DataFrame:
    """The rows of the form sales; those that the trade's own material makes, where it has any."""
    own = sample.organisation.trade.material.get("sales")
    if own is not None:
        made: pd.DataFrame = own.rows_of(sample, month)
        return made
    return sales_of(sample.organisation, month, sample.lines_per_order)


def targets_of(sample: Sample) -> pd.DataFrame:
    """The targets for all months."""
    own = sample.organisation.trade.material.get("sales")
    made: pd.DataFrame = own.targets_of(sample) if own is not None else make_targets(sample.organisation)
    return made


def sales_of(organisation: Organisation, month: Month, lines_per_order: float) -> pd.DataFrame:
    """The sales form of every manager: one row per customer, product and order day, with `manager_id`.

    Customers order on their weekday, about once a week, `lines_per_order` products at a time.
    """
    chance = stream(organisation.seed, "sales", month)
    customers = trading_in(organisation, month)
    customers = customers[customers["silent_from"] > organisation.number(month)]
    who, day = _order_days(chance, customers, month)
    pull = organisation.tastes[customers.index] * _product_demand(organisation, month)
    event, product = _lines(chance, pull[who], lines_per_order)
    times = np.bincount(who, minlength=len(customers))
    a_time = _wanted(chance, organisation, month, customers) / np.maximum(times, 1)
    wanted = a_time[who] * chance.lognormal(0, DAY_NOISE, len(who))
    ordered = _quantities(chance, pull[who], event, product, wanted)
    sold = _supplied(chance, organisation, month, product, ordered)
    price = organisation.products["price_yuan"].to_numpy()[product]
    lines = pd.DataFrame(
        {
            "manager_id": customers["manager_id"].to_numpy()[who[event]],
            "order_date": pd.Timestamp(month.first_day) + pd.to_timedelta(day[event], unit="D"),
            "customer_id": customers["customer_id"].to_numpy()[who[event]],
            "product_id": organisation.products["product_id"].to_numpy()[product],
            "ordered_qty": pd.array(ordered, dtype="Int64"),
            "sold_qty": sold,
            "price_yuan": price,
        }
    )
    lines = lines.pipe(_with_returns, chance).sort_values(
        ["manager_id", "order_date", "customer_id", "product_id"], ignore_index=True
    )
    lines["amount"] = (lines["sold_qty"] * lines["price_yuan"]).round(2)
    lines["closing_stock"] = _closing_stock(chance, lines)
    return as_form("sales", lines).assign(manager_id=lines["manager_id"])


def _order_days(
    chance: np.random.Generator, customers: pd.DataFrame, month: Month
) -> tuple[np.ndarray, np.ndarray]:
    """Order events as positions of customers and of days within the month."""
    possible = open_days(customers, month) & _on_weekday(customers["order_weekday"], month)
    possible &= chance.random(possible.shape) < ORDERS_KEPT
    who, day = np.nonzero(possible)
    return who, day


def _on_weekday(weekdays: pd.Series, month: Month) -> np.ndarray:
    of_day = np.array([day.weekday() for day in month.days()])
    return weekdays.to_numpy()[:, None] == of_day[None, :]  # type: ignore[no-any-return]


def _product_demand(organisation: Organisation, month: Month) -> np.ndarray:
    """How much each product is asked for this month, beside its usual pull."""
    products = organisation.products
    dear = (products["price_yuan"] >= FESTIVE_PRICE_YUAN).to_numpy()
    factor = 1 + 0.35 * festival(month) * dear
    since = max(0, organisation.number(month) - (len(organisation.months) - 1 - FAILING_MONTHS))
    names = {in_language(one.group, organisation.language): one.group[0] for one in organisation.trade.products}
    failing = (products["group"].map(names) == organisation.trade.failing_group).to_numpy()
    return factor * np.where(failing, np.exp(-FAILING_RATE * since), 1.0)


def _wanted(
    chance: np.random.Generator, organisation: Organisation, month: Month, customers: pd.DataFrame
) -> np.ndarray:
    """Units that each customer asks for this month."""
    return usual_units(organisation, month, customers) * chance.lognormal(0, 0.10, len(customers))


def _lines(chance: np.random.Generator, pull: np.ndarray, lines_per_order: float) -> tuple[np.ndarray, np.ndarray]:
    """Which products each order holds: positions of orders and of products.

    Products are drawn without replacement, by their pull (the largest of pull × Gumbel noise).
    """
    with np.errstate(divide="ignore"):
        keys = np.log(pull) + chance.gumbel(size=pull.shape)
    count = 1 + chance.poisson(max(0.0, lines_per_order - 1), len(pull))
    most = min(pull.shape[1], int(count.max(initial=1)))
    best = np.argsort(-keys, axis=1, kind="stable")[:, :most]
    taken = (np.arange(most)[None, :] < count[:, None]) & (np.take_along_axis(pull, best, axis=1) > 0)
    event, rank = np.nonzero(taken)
    return event, best[event, rank]


def _quantities(
    chance: np.random.Generator, pull: np.ndarray, event: np.ndarray, product: np.ndarray, wanted: np.ndarray
) -> np.ndarray:
    """Units ordered on each line: what the customer wants, split over the lines of the order."""
    weight = np.sqrt(pull[event, product]) * chance.lognormal(0, LINE_NOISE, len(event))
    total = np.bincount(event, weights=weight, minlength=len(wanted))
    units: np.ndarray = np.maximum(1, np.rint(wanted[event] * weight / total[event])).astype(np.int64)
    return units


def _supplied(
    chance: np.random.Generator,
    organisation: Organisation,
    month: Month,
    product: np.ndarray,
    ordered: np.ndarray,
) -> np.ndarray:
    """Units supplied on each line: all, but for stock-outs, which hit the sought-after products in winter."""
    is_tight = np.isin(product, organisation.trade.tight_products) & (month.month in TIGHT_MONTHS)
    is_short = chance.random(len(ordered)) < np.where(is_tight, SHORT_WHEN_TIGHT, SHORT_EVERYWHERE)
    nothing = chance.random(len(ordered)) < NOTHING_SUPPLIED
    part = np.where(nothing, 0, chance.uniform(0.2, 0.8, len(ordered)))
    return np.where(is_short, np.floor(ordered * part), ordered).astype(np.int64)


def _with_returns(lines: pd.DataFrame, chance: np.random.Generator) -> pd.DataFrame:
    """A few lines become returns: a negative quantity, and nothing ordered."""
    is_return = chance.random(len(lines)) < RETURNS
    returned = -chance.integers(1, 4, len(lines))
    return lines.assign(
        ordered_qty=lines["ordered_qty"].mask(is_return),
        sold_qty=np.where(is_return, returned, lines["sold_qty"]),
    )


def _closing_stock(chance: np.random.Generator, lines: pd.DataFrame) -> pd.Series:
    """Stock at the month's end, on each customer's last line of a product; absent on the others."""
    keys = [lines["customer_id"], lines["product_id"]]
    month_qty = lines["sold_qty"].groupby(keys).transform("sum")
    stock = (month_qty * chance.uniform(0.25, 0.95, len(lines))).clip(lower=0).round().astype("Int64")
    is_last = ~lines.duplicated(["customer_id", "product_id"], keep="last")
    return stock.where(is_last)
