"""What the managers of the demo send beside their month's forms in its last three months: measures and what became of
them, what they expect of the next month, and who joined or left."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

import pandas as pd

from pipeline.demo.trade import Beside, Pair

MONTHS_TOLD = 3
EXPECTED_GROWTH = (1.08, 0.97, 1.03)  # managers see more, less or a little more than the month brought
_SHORT: tuple[Pair, ...] = (
    ("供货", "Supply"),
    ("云栖谷供货不足，部分店断货", "Yunqi Valley is short, some shops are out of stock"),
    ("到货晚，配额按上季度分", "It arrives late, and its quota is last quarter's"),
    ("按级别重分配额，先保一二级店", "Share its quota out anew by grade, the best first"),
)
_MISSED: tuple[Pair, ...] = (
    ("走访", "Visits"),
    ("计划内客户漏访", "Customers on the plan were not visited"),
    ("片区客户分散，周五集中开会", "Customers are far apart, and Fridays go to meetings"),
    ("漏访客户排到下周二、周三", "Visit them on Tuesday and Wednesday of the week after"),
)
_MOULD: tuple[Pair, ...] = (
    ("质量", "Quality"),
    ("顾客反映烟支受潮", "Customers say that cigarettes are damp"),
    ("门店库房潮湿", "The shops' storerooms are damp"),
    ("逐户查看库房，受潮的换货", "Look at each storeroom; exchange what is damp"),
)


def beside(told: Beside) -> Mapping[str, pd.DataFrame]:
    """The rows of the forms 问题与对策, 次月预测 and 入网退网 of one manager and month; none before the last ones."""
    if told.months_ago >= MONTHS_TOLD:
        return {}
    made = {"actions": _actions(told), "outlook": _outlook(told), "enrolments": _enrolments(told)}
    return {form: _typed(told.forms[form].dtypes, rows) for form, rows in made.items() if rows}


def _typed(dtypes: Mapping[str, Any], rows: list[dict[str, Any]]) -> pd.DataFrame:
    return pd.DataFrame({name: [row.get(name) for row in rows] for name in dtypes}).astype(dtypes)


def _action(
    told: Beside, texts: tuple[Pair, ...], due: dt.date, status: str, done: dt.date | None
) -> dict[str, Any]:
    topic, problem, cause, countermeasure = (told.pick(*one) for one in texts)
    return {
        "topic": topic, "problem": problem, "cause": cause, "countermeasure": countermeasure,
        "owner": told.manager_name, "due_on": pd.Timestamp(due), "status": status,
        "done_on": pd.NaT if done is None else pd.Timestamp(done),
    }  # fmt: skip


def _actions(told: Beside) -> list[dict[str, Any]]:
    """Short supply is seen to within a month; missed visits drag on, and every second manager says nothing of them."""
    month, second = told.month, told.position % 2 == 1
    if told.months_ago == 2:
        return [
            _action(told, _SHORT, (month + 1).first_day.replace(day=20), "in_progress", None),
            _action(told, _MISSED, (month + 1).last_day, "not_started", None),
        ]
    if told.months_ago == 1:
        done = month.first_day.replace(day=18)
        return [_action(told, _SHORT, month.first_day.replace(day=20), "done", done)]
    dragging = [] if second else [_action(told, _MISSED, (month + -1).last_day, "in_progress", None)]
    return [*dragging, _action(told, _MOULD, (month + 1).first_day.replace(day=25), "not_started", None)]


def _outlook(told: Beside) -> list[dict[str, Any]]:
    """By category, so much of this month's volume as the manager expects."""
    sales = told.rows["sales"].assign(
        sold=pd.to_numeric(told.rows["sales"]["sold_qty"], errors="coerce")
    )  # "约12"
    sold = sales.merge(told.masters["products"][["product_id", "category"]], on="product_id")
    growth = EXPECTED_GROWTH[told.position % len(EXPECTED_GROWTH)]
    return [
        {
            "category": category,
            "volume": max(round(float(volume) * growth), 0),
            "market_state": "tight" if growth > 1.05 else "level" if growth > 1 else "loose",
            "reason": told.pick("按本月走访和订货情况估计", "From this month's visits and orders"),
        }
        for category, volume in sold.groupby("category", sort=True)["sold"].sum().items()
    ]


def _enrolments(told: Beside) -> list[dict[str, Any]]:
    """The customers of the manager that joined or left in the month, as the master data have them."""
    customers, found = told.masters["customers"], []
    own = customers[customers["manager_id"] == told.manager_id]
    for column, kind, reason in (
        ("joined_on", "join", ("新店开业", "New shop")),
        ("left_on", "leave", ("门店转让", "The shop was sold")),
    ):
        inside = own[pd.to_datetime(own[column]).dt.strftime("%Y-%m") == str(told.month)]
        found += [
            {
                "effective_on": row[column],
                "customer_id": row["customer_id"],
                "kind": kind,
                "reason": told.pick(*reason),
            }
            for _, row in inside.iterrows()
        ]
    return found
