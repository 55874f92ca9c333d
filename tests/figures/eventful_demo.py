"""Demo organisations of 26 months in which everything happens that makes totals unlike, with the demo's slips.

Managers are missing, late, come, leave and change region; customers pass to managers of their own and of other regions;
a product becomes a key brand.
"""

import datetime as dt
import os
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pandas as pd
from oracle_restated import Of, Then

from pipeline.base.calendar import Month
from pipeline.contract.settings import load_settings
from pipeline.demo import make
from pipeline.demo.job import Job
from pipeline.demo.people import Organisation, make_organisation, masters_in
from pipeline.ledger.manifest import read_manifest
from pipeline.ledger.read import Ledger
from pipeline.month.opening import Months, open_months
from pipeline.taking.receive import receive
from pipeline.work.executors import reading_sandbox
from schemas.form import all_forms

MONTHS = 26
MANAGERS, CUSTOMERS = 8, 3  # M001–M004 in R01, M005–M008 in R02; the demo's slips are those of eight managers
MASTERS = ("customers", "managers", "products", "targets", "promotion_customers")


@dataclass(frozen=True)
class Story:
    """What happens, by how many months before the last: 0 is the last month itself.

    `gone` leaves at the end of the month before `until`, its customers pass to `heir`. `comer` starts in `since`; until
    then `keeper` has its customers. `mover` belongs to another region from `moves` on; two customers of `giver` pass to
    `taker` in `given`. `missing` sends nothing in a month; `late` sends after the others have been taken in.
    """

    seed: int
    last: Month
    gone: str
    until: int
    heir: str
    comer: str
    since: int
    keeper: str
    mover: str
    moves: int
    to: str
    giver: str
    taker: str
    given: int
    flag: int  # from when on P003 is a key brand, or none any more
    missing: tuple[tuple[int, str], ...]
    late: tuple[tuple[int, str], ...]


STORIES = (
    Story(11, Month(2024, 3), "M005", 3, "M006", "M004", 9, "M003", "M003", 2, "R02", "M001", "M008", 1, 2,
          ((1, "M002"), (2, "M006"), (12, "M001"), (17, "M007")), ((0, "M003"), (1, "M004"))),
    Story(12, Month(2024, 2), "M002", 1, "M007", "M008", 14, "M007", "M006", 0, "R01", "M005", "M001", 0, 8,
          ((0, "M004"), (3, "M001"), (13, "M005"), (12, "M003")), ((2, "M001"),)),
    Story(13, Month(2024, 2), "M004", 12, "M001", "M007", 2, "M005", "M002", 12, "R02", "M006", "M003", 2, 14,
          ((0, "M002"), (1, "M002"), (12, "M008"), (15, "M003")), ((1, "M006"), (12, "M005"))),
)  # fmt: skip


def make_home(story: Story, home: Path) -> None:
    """An organisation's home with everything taken in: first what came in time, then what came late."""
    unsent = {(str(story.last + -back), manager) for back, manager in (*story.missing, *_away(story))}
    with (
        patch.object(make, "make_organisation", lambda *given: _eventful(story, make_organisation(*given))),
        patch.object(make, "masters_in", lambda org, month: _masters(story, masters_in(org, month), month)),
    ):
        make.make_demo(
            home, managers=MANAGERS, customers=CUSTOMERS, months=MONTHS, end=story.last, seed=story.seed,
            lines_per_order=1.5, executor=AllBut(unsent),  # type: ignore[arg-type]
        )  # fmt: skip
    inbox, later = home / "inbox", home / "later"
    later.mkdir()
    for back, manager in story.late:
        for path in _files(inbox, story.last + -back, manager):
            path.rename(later / path.name)
    _take_in(home)
    for path in later.iterdir():
        path.rename(inbox / path.name)
        came = dt.datetime.combine(story.last.last_day + dt.timedelta(days=20), dt.time(9)).timestamp()
        os.utime(inbox / path.name, (came, came))
    _take_in(home)


@dataclass(frozen=True)
class AllBut:
    """Writes a demo's workbooks here, but those of the months and managers named, which nobody sends."""

    unsent: set[tuple[str, str]]

    def map(self, write: Callable[[Job], object], jobs: Iterable[Job]) -> list[object]:
        return [write(job) for job in jobs if self._whose(job) not in self.unsent]

    def _whose(self, job: Job) -> tuple[str, str]:
        return str(job.contents.month), job.contents.manager.id if job.contents.manager else ""


def _files(inbox: Path, month: Month, manager: str) -> list[Path]:
    return list(inbox.glob(f"月报_{month}_{manager}*.xlsx"))


def _away(story: Story) -> list[tuple[int, str]]:
    """The months in which nothing is sent by who is gone, or has not come yet."""
    gone = [(back, story.gone) for back in range(story.until)]
    return [*gone, *((back, story.comer) for back in range(story.since + 1, MONTHS))]


def _eventful(story: Story, org: Organisation) -> Organisation:
    """The organisation with the customers passing on as the story says."""
    customers = org.customers.copy()
    owner = customers["manager_id"].copy()

    def passes(who: pd.Series, to: str, back: int) -> None:
        customers.loc[who, "moves_in"] = MONTHS - 1 - back
        customers.loc[who, "moves_to"] = to

    passes(owner == story.gone, story.heir, story.until - 1)
    customers.loc[owner == story.comer, "manager_id"] = story.keeper
    passes(owner == story.comer, story.comer, story.since)
    given = owner.index[owner == story.giver][:2]
    passes(owner.index.isin(given), story.taker, story.given)
    return replace(org, customers=customers)


def _masters(story: Story, masters: Mapping[str, pd.DataFrame], month: Month) -> dict[str, pd.DataFrame]:
    managers, products = masters["managers"].copy(), masters["products"].copy()
    who = managers["manager_id"]
    managers.loc[who == story.gone, "left_on"] = pd.Timestamp((story.last + -story.until).last_day)
    managers.loc[who == story.comer, "started_on"] = pd.Timestamp((story.last + -story.since).first_day)
    if month >= story.last + -story.moves:
        managers.loc[who == story.mover, "region_id"] = story.to
    if month >= story.last + -story.flag:
        third = products["product_id"] == "P003"
        products.loc[third, "is_key"] = ~products.loc[third, "is_key"]
    return {**masters, "managers": managers, "products": products}


def _take_in(home: Path) -> None:
    settings = load_settings(home)
    with reading_sandbox(home, settings, 1) as sandbox:
        receive(home, read_manifest(home), settings, sandbox, lambda *step: None)


@cache
def opened(home: Path) -> Months:
    """The months of a home as reports are made of them; it is not changed any more."""
    return open_months(Ledger(home, read_manifest(home), all_forms()), load_settings(home))


@cache
def accepted(home: Path) -> dict[Of, Then]:
    """What was accepted, month by month, in plain Python; not to be changed."""
    ledger = Ledger(home, read_manifest(home), all_forms())
    found = {}
    cases: set[str] = set()
    for month in ledger.manifest.months():
        rows = {form.key: _plain(ledger.rows(form, month)) for form in ledger.monthly_forms}
        # A case of an earlier month that nobody told then is not known: its row is left out, with a problem.
        for form, opened, number in (
            ("complaints", "received_on", "complaint_no"),
            ("leads", "seen_on", "lead_no"),
        ):
            rows[form] = [row for row in rows[form] if row[opened] >= month.first_day or row[number] in cases]
            cases |= {row[number] for row in rows[form]}
        rows |= {form: _plain(ledger.master(form, month)) for form in MASTERS}
        region = {row["manager_id"]: row["region_id"] for row in rows["managers"]}
        office = {
            row["manager_id"]
            for row in rows["managers"]
            if not (row["started_on"] and row["started_on"] > month.last_day)
            and not (row["left_on"] and row["left_on"] < month.first_day)
        }
        found[month.year, month.month] = Then(rows, ledger.sent(month), region, frozenset(office))
    return found


def _plain(rows: pd.DataFrame) -> list[dict[str, Any]]:
    return [{str(name): _value(one) for name, one in row.items()} for row in rows.to_dict("records")]


def _value(one: Any) -> Any:
    if pd.isna(one):
        return None
    return one.date() if isinstance(one, pd.Timestamp) else one
