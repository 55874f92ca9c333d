"""A month of another trade beside tobacco's, in one run: CPU seconds a row.

    python -m benchmarks.trades [--profile bank] [--managers 6] [--customers 250] [--holdings 6] [--workers 1]

Demos of two months are made; the first is taken in and reported, then the second alone is measured: its files read,
its figures worked out, its workbooks written. The bar for a bank is 1.5 times tobacco's time a row, at a city of 100
managers, 25,000 customers and 150,000 holdings, that is 250 customers a manager and six holdings a customer.
"""

import argparse
import csv
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from benchmarks.city.measure import Run, measured
from pipeline.demo.make import make_demo
from pipeline.demo.trade import Trade, trade_named
from pipeline.subjects.holdings.demo_story import Bank, BankProduct

MONTH = "2024-06"  # the last of every demo


def command(*arguments: object) -> Run:
    """One run of the program."""
    return measured([sys.executable, "-m", "pipeline", *map(str, arguments)])


def with_holdings(trade: Trade, holdings: float) -> Trade:
    """The demo of a bank whose customers hold so many products on average at first; of what has no holdings, the demo
    as it is. Every product comes in two kinds, and all are held so much more or less often."""
    story = trade.material.get("holdings")
    if not isinstance(story, Bank):
        return trade
    kinds = [*story.products, *(replace(one, code=f"{one.code}B") for one in story.products)]
    low, high = 0.0, 64.0
    for _ in range(40):
        power = (low + high) / 2
        often = [replace(one, held=_more_often(one, power)) for one in kinds]
        low, high = (low, power) if _mean(often, trade.channel_shares) > holdings else (power, high)
    return replace(trade, material={**trade.material, "holdings": replace(story, products=tuple(often))})


def _more_often(product: BankProduct, power: float) -> dict[str, float]:
    return {kind: 1 - (1 - odds) ** power for kind, odds in product.held.items()}


def _mean(products: list[BankProduct], shares: Mapping[str, float]) -> float:
    """How many a customer holds on average."""
    return sum(shares[kind] * odds for one in products for kind, odds in one.held.items())


def prepared(folder: Path, profile: str, asked: argparse.Namespace) -> Path:
    """A home whose first month was reported, the second month's files in its inbox."""
    home = folder / profile
    trade = with_holdings(trade_named(profile), asked.holdings)
    make_demo(
        home, managers=asked.managers, customers=asked.customers, months=2, seed=7, profile=profile, trade=trade
    )
    later = folder / f"{profile}_later"
    later.mkdir()
    for path in sorted((home / "inbox").glob(f"*{MONTH}*")):
        path.rename(later / path.name)
    command("monthly", "--home", home, "--quiet")
    for path in later.iterdir():
        path.rename(home / "inbox" / path.name)
    return home


def month(home: Path, workers: int) -> tuple[dict[str, int], float]:
    """Rows by form and CPU seconds of the month in the inbox."""
    run = command("monthly", "--home", home, "--workers", workers)
    rows: dict[str, int] = {}
    with (home / "output" / MONTH / "data" / "submissions.csv").open(encoding="utf-8-sig", newline="") as file:
        for line in csv.DictReader(file):
            rows[line["form"]] = rows.get(line["form"], 0) + int(line["rows"] or 0)
    return rows, run.cpu_seconds


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--profile", default="bank")
    parser.add_argument("--managers", type=int, default=6)
    parser.add_argument("--customers", type=int, default=250, help="of each manager")
    parser.add_argument("--holdings", type=float, default=6.0, help="of each customer, on average")
    parser.add_argument("--workers", type=int, default=1)
    asked = parser.parse_args()
    a_row = {}
    with tempfile.TemporaryDirectory() as folder:
        for profile in ("tobacco", asked.profile):
            rows, seconds = month(prepared(Path(folder), profile, asked), asked.workers)
            count = sum(rows.values())
            a_row[profile] = seconds / count
            print(f"{profile}: {count:,} rows, {seconds:.1f} CPU s, {1000 * seconds / count:.3f} ms a row; {rows}")
    print(f"{asked.profile} over tobacco, a row: {a_row[asked.profile] / a_row['tobacco']:.2f}")


if __name__ == "__main__":
    main()
