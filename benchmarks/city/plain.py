"""The plain script: what an analyst would write with pandas and openpyxl for the same month.

    python -m benchmarks.city.plain INBOX FOLDER [--files N]

Every sheet read with pandas.read_excel (openpyxl), seven rules, the main figures grouped by manager and region,
a workbook for each manager, each region and the whole. With `--files` only the first N managers' files are read:
who measures it scales the time up.
"""

import argparse
from pathlib import Path

import pandas as pd

HEADING_ROW, EXAMPLE_ROWS = 2, 1  # of every form's sheet, counted from 0
SALES = "销售"
NAMES = {
    "订货日期": "day",
    "客户编码": "customer",
    "品规编码": "product",
    "订货量(条)": "ordered",
    "销量(条)": "quantity",
    "金额(元)": "amount",
}


def read_files(files: list[Path]) -> dict[str, pd.DataFrame]:
    """The rows of all files by sheet, with the number of the file as the manager."""
    frames: dict[str, list[pd.DataFrame]] = {}
    for number, file in enumerate(files):
        sheets = pd.read_excel(file, sheet_name=None, engine="openpyxl", dtype=object, header=HEADING_ROW)
        for sheet, rows in sheets.items():
            frames.setdefault(str(sheet), []).append(rows.iloc[EXAMPLE_ROWS:].assign(manager=f"M{number:03d}"))
    return {sheet: pd.concat(parts, ignore_index=True) for sheet, parts in frames.items()}


def checked_sales(rows: pd.DataFrame) -> pd.DataFrame:
    """Sales lines that keep seven rules: a day, a customer of twelve digits, a product, whole quantities, an
    amount, ordered not below zero, no equal line."""
    lines = rows.rename(columns=NAMES)[[*NAMES.values(), "manager"]].dropna(subset=["customer"])
    numbers = lines[["ordered", "quantity", "amount"]].apply(pd.to_numeric, errors="coerce")
    good = pd.to_datetime(lines["day"], errors="coerce").notna()
    good &= lines["customer"].astype(str).str.fullmatch(r"\d{12}")
    good &= lines["product"].astype(str).str.startswith("P")
    good &= numbers["quantity"].mod(1).eq(0)
    good &= numbers["amount"].notna()
    good &= ~numbers["ordered"].lt(0)
    good &= ~lines.duplicated()
    accepted: pd.DataFrame = lines.assign(**numbers).loc[good]
    return accepted


def figures_of(sales: pd.DataFrame, by: list[str]) -> pd.DataFrame:
    """Volume, amount, lines, customers and amount a customer, one row a group."""
    groups = sales.groupby(by)
    figures = groups.agg(
        volume=("quantity", "sum"),
        amount=("amount", "sum"),
        lines=("amount", "size"),
        customers=("customer", "nunique"),
    )
    return figures.assign(amount_a_customer=figures["amount"] / figures["customers"]).reset_index()


def write_all(sales: pd.DataFrame, folder: Path) -> int:
    """A workbook for each manager, each ten managers' region, and the whole; gives their number."""
    folder.mkdir(parents=True, exist_ok=True)
    sales = sales.assign(region="R" + sales["manager"].str[1:].astype(int).floordiv(10).astype(str))
    count = 0
    for key in ("manager", "region"):
        for name, own in sales.groupby(key):
            _write(own, folder / f"{name}.xlsx")
            count += 1
    _write(sales, folder / "all.xlsx")
    return count + 1


def _write(sales: pd.DataFrame, path: Path) -> None:
    with pd.ExcelWriter(path, engine="openpyxl") as writer:
        for key in ("region", "manager", "customer"):
            figures_of(sales, [key]).to_excel(writer, sheet_name=key, index=False)


def main() -> None:
    parser = argparse.ArgumentParser(description="The plain script that an analyst would write.")
    parser.add_argument("inbox", type=Path)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--files", type=int, default=None)
    asked = parser.parse_args()
    largest_first = sorted(asked.inbox.glob("*.xlsx"), key=lambda one: -one.stat().st_size)
    sheets = read_files(largest_first[: asked.files])
    sales = checked_sales(sheets[SALES])
    print(len(sales), write_all(sales, asked.folder))


if __name__ == "__main__":
    main()
