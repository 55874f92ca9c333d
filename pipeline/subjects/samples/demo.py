"""Made-up samples: every month some orders and files of each manager and a follow-up are looked at and scored, and each
department gives its engineers a mark; of one manager fewer than an appraisal needs."""

import numpy as np
import pandas as pd

from pipeline.base.calendar import Month
from pipeline.demo.chance import in_language, stream
from pipeline.demo.people import as_form
from pipeline.demo.sample import Sample
from pipeline.demo.trade import Pair
from pipeline.subjects.orders.demo_desk import Desk
from pipeline.subjects.samples.marks import FORM

EACH = {"order": 2, "file": 2, "follow_up": 1}  # samples of a manager a month
FEWER = 1  # of the orders of the manager that is sampled too little
MEAN, SPREAD, LEAST = 89.0, 6.0, 60.0
FIRST_DAY, DAYS = 8, 18
REFERENCES: dict[str, Pair] = {
    "order": ("工单{month}-{number}", "Order {month}-{number}"),
    "file": ("档案{month}-{number}", "File {month}-{number}"),
    "follow_up": ("回访{month}-{number}", "Follow-up {month}-{number}"),
    "department": ("{month}部门考核", "Mark of {month}"),
}


def masters_of(sample: Sample, month: Month) -> dict[str, pd.DataFrame]:
    """The month's samples, as the office sends them."""
    if FORM not in sample.profile.forms:
        return {}
    chance = stream(sample.organisation.seed, FORM, month)
    managers = [str(one) for one in sample.organisation.managers["manager_id"]]
    rows = [row for place, code in enumerate(managers) for row in _of_manager(sample, month, chance, place, code)]
    rows += [_of_engineer(sample, month, chance, code) for code in _engineers(sample)]
    return {FORM: as_form(FORM, pd.DataFrame(rows).sort_values(["sampled_on", "kind", "reference"]))}


def _of_manager(
    sample: Sample, month: Month, chance: np.random.Generator, place: int, code: str
) -> list[dict[str, object]]:
    """The samples of one manager; the second of all is looked at too little."""
    level = MEAN + 4 * np.sin(1.7 * place)  # some do better than others, every month
    rows: list[dict[str, object]] = []
    for kind, many in EACH.items():
        count = FEWER if place == 1 and kind == "order" else many
        for number in range(count):
            told = _reference(sample, month, kind, f"{code}{number + 1}")
            rows.append({**_scored(month, chance, kind, level), "manager_id": code, "reference": told})
    return rows


def _engineers(sample: Sample) -> list[str]:
    desk: Desk = sample.organisation.trade.material["orders"]
    return [f"E{number:02d}" for number, _ in enumerate(desk.engineers, 1)]  # as orders name them


def _of_engineer(sample: Sample, month: Month, chance: np.random.Generator, code: str) -> dict[str, object]:
    told = _reference(sample, month, "department", "")
    return {**_scored(month, chance, "department", MEAN), "engineer_id": code, "reference": told}


def _scored(month: Month, chance: np.random.Generator, kind: str, level: float) -> dict[str, object]:
    day = FIRST_DAY - 1 + int(chance.integers(0, DAYS))
    score = float(np.clip(np.round(chance.normal(level, SPREAD)), LEAST, 100))
    return {"sampled_on": pd.Timestamp(month.first_day) + pd.Timedelta(days=day), "kind": kind, "score": score}


def _reference(sample: Sample, month: Month, kind: str, number: str) -> str:
    told = in_language(REFERENCES[kind], sample.organisation.language)
    return told.format(month=month, number=number)
