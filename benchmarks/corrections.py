"""How long a correction copy takes: 10,000 sales rows with 100 faults (the goal is under 1 s).

Run with `python -m benchmarks.corrections`.
"""

import io
import time

import pandas as pd

from pipeline.base.calendar import Month
from pipeline.contract.problem import Problem
from pipeline.contract.trade import load_profile
from pipeline.corrections import make_correction
from pipeline.templates.plan import Manager
from pipeline.templates.write import write_template
from pipeline.words import load_words
from schemas.form import all_forms

ROWS, FAULTS = 10_000, 100
FIRST_ROW = 5


def sales_workbook(rows: int, manager: str = "M001") -> bytes:
    """A manager's filled template with that many different sales lines."""
    form = all_forms()["sales"]
    lines = pd.DataFrame(
        {
            "order_date": [pd.Timestamp(2024, 6, 1 + i % 30) for i in range(rows)],
            "customer_id": [f"3301021{i % 200:05d}" for i in range(rows)],
            "product_id": [f"P{i // 200 % 50:03d}" for i in range(rows)],
            "ordered_qty": [50 + i % 7 for i in range(rows)],
            "sold_qty": [50 for _ in range(rows)],
            "amount": [6000.0 + i for i in range(rows)],
            "closing_stock": [20 for _ in range(rows)],
        }
    ).astype(form.dtypes)
    target = io.BytesIO()
    write_template(
        target,
        [form],
        load_words("zh"),
        load_profile("tobacco"),
        month=Month(2024, 6),
        manager=Manager(manager, "李明"),
        rows={"sales": lines},
    )
    return target.getvalue()


def faults(count: int, rows: int) -> list[Problem]:
    step = rows // count
    return [
        Problem("whole", "row left out", form="sales", sheet="销售", cell=f"F{FIRST_ROW + i * step}",
                column="sold_qty", found="abc", details=(("unit", "条"),))
        for i in range(count)
    ]  # fmt: skip


def main() -> None:
    data = sales_workbook(ROWS)
    problems = faults(FAULTS, ROWS)
    forms, words = all_forms(), load_words("zh")
    times = []
    for _ in range(5):
        started = time.process_time()
        _, copy = make_correction(data, "M001.xlsx", problems, forms, words)
        times.append(time.process_time() - started)
    print(f"{ROWS:,} rows, {FAULTS} faults: {min(times):.3f} CPU s (best of 5), {len(copy):,} bytes")


if __name__ == "__main__":
    main()
