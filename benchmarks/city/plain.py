"""The plain script: what an analyst would write with pandas and openpyxl for the same month.

    python -m benchmarks.city.plain INBOX FOLDER [--files N]

Every sheet read with pandas.read_excel (openpyxl), seven rules over sales, the main figures of sales, visits,
complaints and satisfaction by region, manager, customer and product, a workbook for each manager, each region and the
whole. With `--files` only the first N files are read: who measures it scales the time up.
"""

import argparse
from collections.abc import Mapping
from pathlib import Path

import pandas as pd

HEADING_ROW, EXAMPLE_ROWS = 2, 1  # of every form's sheet, counted from 0
SALES, VISITS = "销售", "客户访问记录"
COMPLAINTS, ANSWERS = "商品及服务质量信息反馈单", "客户满意度测评"
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


def by_customer(rows: pd.DataFrame, columns: Mapping[str, str]) -> pd.DataFrame:
    """The rows of another form that name a customer, their columns renamed."""
    renamed = rows.rename(columns={**columns, "客户编码": "customer", "品规编码": "product"})
    return renamed.dropna(subset=["customer"])


def figures_of(rows: Mapping[str, pd.DataFrame], by: list[str]) -> pd.DataFrame:
    """The main figures of sales, visits, complaints and satisfaction, one row a group."""
    own = {name: frame.groupby(by) for name, frame in rows.items() if set(by) <= set(frame.columns)}
    sales = own["sales"].agg(
        volume=("quantity", "sum"),
        ordered=("ordered", "sum"),
        amount=("amount", "sum"),
        lines=("amount", "size"),
        customers=("customer", "nunique"),
        products=("product", "nunique"),
    )
    figures = [sales.assign(amount_a_customer=sales["amount"] / sales["customers"])]
    if "visits" in own:
        figures.append(own["visits"].agg(visits=("customer", "size"), customers_visited=("customer", "nunique")))
    if "complaints" in own:
        figures.append(own["complaints"].agg(complaints=("customer", "size"), closed=("closed_on", "count")))
    if "answers" in own:
        figures.append(own["answers"].agg(answers=("score", "count"), satisfaction=("score", "mean")))
    return pd.concat(figures, axis=1).reset_index()


def all_rows(sheets: Mapping[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """The rows of all forms, with their manager and, of ten managers each, region."""
    answers = by_customer(sheets[ANSWERS], {})
    scores = answers[[name for name in answers.columns if "1–10" in name]].apply(pd.to_numeric, errors="coerce")
    found = {
        "sales": checked_sales(sheets[SALES]),
        "visits": by_customer(sheets[VISITS], {}),
        "complaints": by_customer(sheets[COMPLAINTS], {"办结日期": "closed_on"}),
        "answers": answers.assign(score=scores.mean(axis=1)),
    }
    return {
        name: rows.assign(region="R" + rows["manager"].str[1:].astype(int).floordiv(10).astype(str))
        for name, rows in found.items()
    }


def write_all(rows: Mapping[str, pd.DataFrame], folder: Path) -> int:
    """A workbook for each manager, each ten managers' region, and the whole; gives their number."""
    folder.mkdir(parents=True, exist_ok=True)
    names = [(key, name) for key in ("manager", "region") for name in rows["sales"][key].unique()]
    for key, name in names:
        own = {form: frame[frame[key] == name] for form, frame in rows.items()}
        _write(own, folder / f"{name}.xlsx")
    _write(rows, folder / "all.xlsx")
    return len(names) + 1


def _write(rows: Mapping[str, pd.DataFrame], path: Path) -> None:
    with pd.ExcelWriter(path, engine="openpyxl") as writer:
        for key in ("region", "manager", "customer", "product"):
            figures_of(rows, [key]).to_excel(writer, sheet_name=key, index=False)


def main() -> None:
    parser = argparse.ArgumentParser(description="The plain script that an analyst would write.")
    parser.add_argument("inbox", type=Path)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--files", type=int, default=None)
    asked = parser.parse_args()
    largest_first = sorted(asked.inbox.glob("*.xlsx"), key=lambda one: -one.stat().st_size)
    sheets = read_files(largest_first[: asked.files])
    rows = all_rows(sheets)
    print(len(rows["sales"]), write_all(rows, asked.folder))


if __name__ == "__main__":
    main()
