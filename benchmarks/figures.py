"""Time and memory of figures, findings and sentences for a city's month.

100 managers, 25,000 customers, 1,000,000 sales rows, 50,000 visits, 2,000 complaints, 5,000 answers; the three
months before reduced, the counts of 24 months before known. Reading the ledger is not measured.

    python benchmarks/figures.py [--managers 100]
"""

import argparse
import resource
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from pipeline.calendar import Month
from pipeline.figures.catalogue import all_figures
from pipeline.figures.count import MonthCounts, count_month
from pipeline.figures.detail_lists import lists_of
from pipeline.figures.details import Compared, cut_details, details_of_month
from pipeline.figures.entities import history
from pipeline.figures.facts import Facts
from pipeline.figures.metrics import history_of, metrics_of_month
from pipeline.figures.parts import month_sums
from pipeline.figures.reduce import reduced
from pipeline.findings.evidence import Evidence
from pipeline.findings.find import find_all
from pipeline.findings.sentences import Story, opinions_part, overview, problems_part, sales_part
from pipeline.findings.text import findings_frame
from pipeline.month_rows import MonthRows
from pipeline.words import load_words
from schemas.form import all_forms
from schemas.profile import load_profile

MONTH = Month(2024, 6)
CUSTOMERS_EACH, PRODUCTS, LINES_EACH = 250, 100, 10_000


def ids(prefix: str, numbers: np.ndarray) -> pd.Series:
    return pd.Series(prefix + pd.Series(numbers).astype(str).str.zfill(8), dtype="str")


def month_rows(month: Month, managers: int, lines_each: int) -> MonthRows:
    """A made-up month of a city, the same for the same arguments."""
    random = np.random.default_rng(month.year * 12 + month.month)
    masters = _masters(managers)
    sent = {form: _sent(form, month, managers, rows, random) for form, rows in _SIZES.items() if form != "sales"}
    sales = _sent("sales", month, managers, lines_each, random)
    forms = {key: form.empty() for key, form in all_forms().items() if form.kind == "monthly"}
    empty = {name: pd.Series(dtype="str") for name in ("manager_id", "region_id")}
    rows = {key: frame.assign(**empty) for key, frame in forms.items()} | sent | {"sales": sales}
    return MonthRows(month, rows, masters, frozenset())


_SIZES = {"sales": LINES_EACH, "visits": 500, "complaints": 20, "satisfaction": 50}


def _masters(managers: int) -> dict[str, pd.DataFrame]:
    customer = np.arange(managers * CUSTOMERS_EACH)
    random = np.random.default_rng(1)
    frames: dict[str, dict[str, Any]] = {
        "regions": {"region_id": ids("R", np.arange(10))},
        "managers": {
            "manager_id": ids("M", np.arange(managers)),
            "region_id": ids("R", np.arange(managers) % 10),
        },
        "customers": {
            "customer_id": ids("C", customer),
            "customer_name": ids("户", customer),
            "manager_id": ids("M", customer // CUSTOMERS_EACH),
            "grade": pd.Series(random.integers(1, 6, len(customer))).astype(str),
            "channel": pd.Series(random.choice(["grocery", "convenience", "other"], len(customer))),
            "status": "active",
            "joined_on": pd.Timestamp("2020-01-01"),
            "visit_weekday": pd.Series(random.integers(1, 6, len(customer))).astype(str),
        },
        "products": {
            "product_id": ids("P", np.arange(PRODUCTS)),
            "product_name": ids("品规", np.arange(PRODUCTS)),
            "brand": ids("B", np.arange(PRODUCTS) % 20),
            "category": pd.Series([f"class{number % 5 + 1}" for number in range(PRODUCTS)]),
            "is_key": pd.Series(np.arange(PRODUCTS) % 3 == 0),
        },
        "targets": {},
    }
    return {form: _typed(form, pd.DataFrame(columns)) for form, columns in frames.items()}


def _sent(form: str, month: Month, managers: int, each: int, random: np.random.Generator) -> pd.DataFrame:
    rows = managers * each
    manager = np.repeat(np.arange(managers), each)
    customer = manager * CUSTOMERS_EACH + random.integers(0, CUSTOMERS_EACH, rows)
    day = pd.Series(pd.Timestamp(month.first_day) + pd.to_timedelta(random.integers(0, 28, rows), unit="D"))
    columns: dict[str, object] = {"customer_id": ids("C", customer)}
    if form == "sales":
        ordered = random.integers(1, 30, rows)
        sold = ordered - (random.random(rows) < 0.1)
        columns |= {"order_date": day, "product_id": ids("P", random.integers(0, PRODUCTS, rows))}
        columns |= {"ordered_qty": ordered, "sold_qty": sold, "amount": np.round(sold * 123.45, 2)}
        columns |= {"closing_stock": random.integers(0, 60, rows)}
    elif form == "visits":
        flags = ("informed", "stock_checked", "display_ok", "price_ok", "lawful", "customer_signed")
        columns |= {"visit_date": day, "visit_kind": "planned", "arrived_at": 540, "left_at": 560}
        columns |= {flag: random.random(rows) < 0.95 for flag in flags}
    elif form == "complaints":
        columns |= {"complaint_no": ids(f"T{month}", np.arange(rows)), "received_on": day, "category": "request"}
        columns |= {"product_id": ids("P", random.integers(0, PRODUCTS, rows)), "description": "情况"}
        columns |= {"resolved_on": (day + pd.Timedelta(days=4)).where(random.random(rows) < 0.9)}
    else:
        scores = ("supply", "manager_service", "delivery", "market_order")
        columns |= {"surveyed_on": day} | {score: random.integers(5, 11, rows) for score in scores}
    frame = _typed(form, pd.DataFrame(columns))
    return frame.assign(
        manager_id=ids("M", manager), region_id=ids("R", manager % 10), source_file=ids("M", manager),
        source_sheet="表", source_row=np.arange(rows) % each + 4,
    )  # fmt: skip


def _typed(form: str, frame: pd.DataFrame) -> pd.DataFrame:
    declared = all_forms()[form]
    return frame.reindex(columns=list(declared.dtypes)).astype(declared.dtypes)


@contextmanager
def timed(what: str) -> Iterator[None]:
    start, busy = time.perf_counter(), time.process_time()
    yield
    taken, of_cpu = time.perf_counter() - start, time.process_time() - busy
    print(f"{what:32s} {taken:6.2f} s   CPU {of_cpu:6.2f} s   peak {peak_mb():6.0f} MB")


def peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--managers", type=int, default=100)
    managers = parser.parse_args().managers
    profile = load_profile("tobacco")
    figures = all_figures(profile)
    looked_back = (1, 2, 3, 12)
    earlier = {MONTH + -back: reduced(month_rows(MONTH + -back, managers, LINES_EACH)) for back in looked_back}
    rows = month_rows(MONTH, managers, LINES_EACH)
    counts = _earlier_counts(count_month(Facts(earlier[MONTH + -1], {}, profile), figures))
    print(f"{sum(len(frame) for frame in rows.rows.values()):,} rows; before figuring: peak {peak_mb():.0f} MB")
    start, busy = time.perf_counter(), time.process_time()
    facts = Facts(rows, {month: one for month, one in earlier.items() if month != MONTH + -12}, profile)
    with timed("count the month"):
        counts[MONTH] = count_month(facts, figures)
    with timed("metrics"):
        metrics = metrics_of_month(MONTH, counts, rows.masters["targets"], figures, profile)
    with timed("details"):
        sums = [month_sums(facts)]
        sums += [month_sums(Facts(earlier[MONTH + -back], {}, profile)) for back in (1, 12)]
        details = details_of_month(Compared(*sums), lists_of(facts), rows.masters, counts, figures)
        cut_up = cut_details(details)
    with timed("history of 25 months"):
        past = history(counts, figures)
    names = pd.DataFrame({"level": "manager", "entity_id": rows.masters["managers"]["manager_id"]})
    names = names.assign(name=names["entity_id"])
    evidence = Evidence(MONTH, metrics, figures, profile, details, names)
    words = load_words("zh")
    with timed("findings"):
        findings = find_all(evidence)
        told = findings_frame(findings, MONTH, figures, profile, words)
    with timed("cut and told for every entity"):
        entities = metrics[["level", "entity_id"]].drop_duplicates()
        own_metrics, own_findings = (dict(list(one.groupby(["level", "entity_id"]))) for one in (metrics, told))
        for level, entity in entities.itertuples(index=False):
            key = (level, entity)
            own = cut_up.of(level, entity)
            story = Story(
                MONTH, level, entity, entity, own_metrics[key], own_findings.get(key, told.iloc[:0]), own, figures,
                profile, words,
            )  # fmt: skip
            texts = [*overview(story), *sales_part(story), *problems_part(story), *opinions_part(story)]
            if level != "manager":
                history_of(past, MONTH, level, entity)
    taken, of_cpu = time.perf_counter() - start, time.process_time() - busy
    print(f"all: {taken:.2f} s, CPU {of_cpu:.2f} s; {len(metrics):,} metrics, {len(told):,} findings")
    print("last:", texts[0], file=sys.stderr)


def _earlier_counts(one: MonthCounts) -> dict[Month, MonthCounts]:
    """The counts of 24 months before, all alike: their size is what matters."""
    return {MONTH + -back: replace(one, month=MONTH + -back) for back in range(1, 25)}


if __name__ == "__main__":
    main()
