"""What the checked rows of a form amount to: accepted and staged, or refused with too many bad ones."""

from dataclasses import replace
from pathlib import Path

import pandas as pd
import pyarrow as pa
from pandas.api.extensions import ExtensionArray

from pipeline.base.calendar import Month
from pipeline.base.month_rows import AS_USUAL
from pipeline.contract.problem import Problem
from pipeline.intake.check import Checked, check_rows
from pipeline.intake.settled import Settled
from pipeline.intake.stage import write_rows
from pipeline.intake.table import SHEET_SPAN, Table
from pipeline.intake.taken import FileTask, Part
from schemas.form import Context, Form

LEAST_BAD_ROWS = 5  # a form is left out for its share of bad rows only where there are so many, or no good one


def judge(
    task: FileTask, settled: Settled, context: Context, manager_id: str, region_id: str, month: Month
) -> tuple[Part, pd.DataFrame, list[Problem]]:
    """One form of one manager and month: accepted with its good rows, or refused with too many bad ones."""
    checked = check_rows(settled, context)
    part, more = part_of(task, settled.table, checked, manager_id, region_id, month)
    if part.state == "refused":
        return part, checked.accepted.iloc[:0], [*more, *checked.problems]
    frame = sourced(task, settled.table, checked.accepted, manager_id, region_id)
    return replace(part, path=stage_rows(task, frame)), frame, list(checked.problems)


def part_of(
    task: FileTask, table: Table, checked: Checked, manager_id: str, region_id: str, month: Month
) -> tuple[Part, list[Problem]]:
    """What the checked rows amount to; refused, with the reason, where too many are bad."""
    rows, bad = len(checked.accepted) + len(checked.left_out), len(checked.left_out)
    amount, amount_bad = (_amount(one, table.form) for one in (checked.accepted, checked.left_out))
    part = Part(
        table.form.key, month, manager_id, region_id, "accepted", rows, bad, amount + amount_bad, amount_bad
    )
    alone = table.form.traits.decides is not None  # each decision is a matter of its own
    few = bad < LEAST_BAD_ROWS or bad <= task.settings.intake.bad_share * rows
    some_good = bad < rows and (alone or few)
    if some_good or not rows:
        return part, []
    share = (("bad", str(bad)), ("rows", str(rows)), ("share", f"{task.settings.intake.bad_share:.0%}"))
    problem = Problem("too_many_bad_rows", "form left out", form=table.form.key, sheet=table.sheet, details=share)
    return replace(part, state="refused", left_out=rows, amount_left_out_yuan=part.amount_yuan), [problem]


def kept_rows(table: Table, accepted: pd.DataFrame) -> list[int]:
    """The rows of accepted ones, numbered as their table numbers them."""
    if accepted.empty or not table.further:
        return [int(row) for row in accepted["source_row"]] if len(accepted) else []
    pairs = zip(accepted["source_sheet"], accepted["source_row"], strict=True)
    return [table.row_at(str(sheet), int(row)) for sheet, row in pairs]


def amounts(settled: Settled) -> pd.Series | None:
    """The amounts of a table's rows in yuan, None where the form has none."""
    money = settled.table.form.traits.money
    return settled.rows.get(money) if money else None


def _amount(rows: pd.DataFrame, form: Form) -> float:
    money = form.traits.money
    return round(float(rows[money].sum()), 4) if money in rows else 0.0


def sourced(task: FileTask, table: Table, rows: pd.DataFrame, manager_id: str, region_id: str) -> pd.DataFrame:
    """Accepted rows with who they count for and where they stand."""
    form, count = table.form, len(rows)
    sender = {} if form.kind == "master" else {"manager_id": manager_id, "region_id": region_id}
    source = {"source_file": task.name, "source_hash": task.sha256}
    columns = {column.name: rows[column.name].array for column in form.columns}
    texts = {name: _repeated(text, count) for name, text in (sender | source).items()}
    places = rows.index.to_numpy(dtype="int64")
    sheets = _repeated(table.sheet, count)
    if table.further:
        sheets = pd.array([table.sheet_of(int(row)) for row in rows.index], dtype="str")
    placed = {"source_sheet": sheets, "source_row": places % SHEET_SPAN}
    return pd.DataFrame({**columns, **texts, **placed, **_by_ticks(table, rows)}, copy=False)


def _by_ticks(table: Table, rows: pd.DataFrame) -> dict[str, ExtensionArray]:
    """The names of the columns of each row that nobody typed, for whoever traces a figure; where there are any."""
    if not table.as_usual:
        return {}
    named = [", ".join(table.as_usual.get(int(row), ())) or None for row in rows.index]
    return {AS_USUAL: pd.array(named, dtype="str")}


def _repeated(text: str, count: int) -> ExtensionArray:
    texts: ExtensionArray = pd.array(pa.repeat(pa.scalar(text, pa.large_string()), count), dtype="str")
    return texts


def stage_rows(task: FileTask, frame: pd.DataFrame) -> str:
    """Writes accepted rows aside; the ledger takes them over when it commits."""
    folder = Path(task.staging) / task.sha256
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{len(list(folder.iterdir()))}.parquet"
    write_rows(frame, path)
    return str(path)
