"""CPU seconds and memory of a whole organisation: 25,000 customers × 48 months, hierarchy, track record.

    python benchmarks/forecast/speed.py [--customers 25000] [--months 48]

Made-up customers (seeded) of 100 managers in 5 regions, 5 categories a region. Measured: choosing the
variant, forecasting every node coherently with intervals in whole cartons, and the track record of twelve
issued months of every node against the actuals. Imports and making the data are not counted as time.
"""

from __future__ import annotations

import argparse
import resource
import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from pipeline.forecast import (
    actuals_of_tree,
    choose_variant,
    forecast_tree,
    same_month_last_year,
    track_record,
    variant_of,
)

MANAGERS, REGIONS, CATEGORIES = 100, 5, 5
TRACKED = 12


def organisation(customers: int, months: int, seed: int = 1) -> tuple[pd.DataFrame, pd.DataFrame]:
    """History of the leaves (customers, categories) and the tree."""
    rng = np.random.default_rng(seed)
    days = pd.date_range("2021-01-01", periods=months, freq="MS")
    season = 1 + 0.3 * np.sin(np.arange(months) * np.pi / 6)
    size = np.exp(rng.normal(4, 1, customers))
    values = np.round(size[:, None] * season * np.exp(0.3 * rng.normal(size=(customers, months))))
    values[rng.random(values.shape) < 0.05] = 0
    manager = np.arange(customers) * MANAGERS // customers
    region = manager * REGIONS // MANAGERS
    names = np.array([f"c{number:06d}" for number in range(customers)], dtype=object)
    shares = rng.dirichlet(np.full(CATEGORIES, 30.0), size=(REGIONS, months))
    sums = np.array([values[region == number].sum(axis=0) for number in range(REGIONS)])
    category = (shares * sums[:, :, None]).transpose(0, 2, 1).reshape(-1, months)
    category_names = np.array([f"r{r} k{k}" for r in range(REGIONS) for k in range(CATEGORIES)], dtype=object)
    every, leaves = np.concatenate([values, category]), np.concatenate([names, category_names])
    history = pd.DataFrame(
        {"series_id": np.repeat(leaves, months), "month": np.tile(days, len(leaves)), "value": every.ravel()}
    )
    levels = [
        ("customer", names, np.char.add("m", manager.astype(str))),
        ("manager", [f"m{m}" for m in range(MANAGERS)], [f"r{m * REGIONS // MANAGERS}" for m in range(MANAGERS)]),
        ("category", category_names, np.repeat([f"r{r}" for r in range(REGIONS)], CATEGORIES)),
        ("region", [f"r{r}" for r in range(REGIONS)], ["org"] * REGIONS),
        (None, ["org"], [None]),
    ]
    tree = [pd.DataFrame({"node_id": node, "parent_id": parent, "split": split}) for split, node, parent in levels]
    return history, pd.concat(tree, ignore_index=True).astype(object)


def main() -> None:
    """Print a Markdown table of CPU seconds by step, and the greatest memory."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--customers", type=int, default=25_000)
    parser.add_argument("--months", type=int, default=48)
    options = parser.parse_args()
    history, tree = organisation(options.customers, options.months)
    clock, steps = [time.process_time()], []

    def step(name: str) -> None:
        clock.append(time.process_time())
        steps.append((name, clock[-1] - clock[-2]))

    parents = tree.set_index("node_id")["parent_id"]
    choice = choose_variant(history, parents)
    step(f"choice of variant ({choice.key})")
    told = forecast_tree(history, tree, variant=variant_of(choice.key), whole=True)
    step(f"forecast of {len(told)} nodes")
    actual = actuals_of_tree(history, tree)
    naive = same_month_last_year(actual)
    issued = naive.assign(source="model", low80=0.0, high80=naive["forecast"], low95=0.0, high95=naive["forecast"])
    record = track_record(pd.concat([naive, issued]), actual, history["month"].max())
    step(f"track record of {int(record['forecasts'].sum())} issued forecasts")
    print(f"{options.customers} customers × {options.months} months\n\n| step | CPU s |\n|---|---|")
    for name, seconds in [*steps, ("all", clock[-1] - clock[0])]:
        print(f"| {name} | {seconds:.1f} |")
    print(f"\nGreatest memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB.")


if __name__ == "__main__":
    main()
