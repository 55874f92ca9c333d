"""A city's home: a month in the inbox, and the months before it straight in the ledger.

The organisation is the demo's. Its last month is written as the managers' own workbooks; the months before are
stored as the ledger would hold them after they had been taken in: parts by region, versions of master data,
receipts with their slips in the archive (without the originals, which a monthly run never opens again).
"""

import datetime as dt
import hashlib
import json
import multiprocessing
import shutil
from collections.abc import Iterator, Mapping
from concurrent.futures import Executor, ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from pipeline.base.calendar import Month
from pipeline.base.safe_names import safe_name
from pipeline.contract.trade import load_profile
from pipeline.demo.faults import Submission as Sent
from pipeline.demo.faults import with_slips
from pipeline.demo.job import Job, write_job
from pipeline.demo.make import DEFAULT_END, DEFAULT_SEED, SPARE_ROWS
from pipeline.demo.people import Organisation, history, make_organisation, masters_in
from pipeline.demo.trade import trade_named
from pipeline.ledger.archive import slip_path, write_slip
from pipeline.ledger.commit import part_name, store_frame
from pipeline.ledger.manifest import Manifest, MasterPart, Receipt, Submission, write_manifest
from pipeline.subjects.complaints.demo import complaints_of, make_cases
from pipeline.subjects.sales.demo import sales_of
from pipeline.subjects.sales.demo_targets import make_targets
from pipeline.subjects.satisfaction.demo import satisfaction_of
from pipeline.subjects.visits.demo import visits_of
from pipeline.templates.blank import manager_file_name
from pipeline.templates.plan import Contents, Manager
from pipeline.words import load_words

MANAGERS, CUSTOMERS_EACH, MONTHS = 100, 250, 25
LINES_PER_ORDER = 13.0
PROFILE = "tobacco"
FORMS = load_profile(PROFILE).monthly_forms  # what every manager owes
PREPARED = "prepared.json"


@dataclass(frozen=True)
class City:
    """The size of a city: `months` counts the one in the inbox, which is the `end`."""

    managers: int
    customers: int = CUSTOMERS_EACH
    months: int = MONTHS
    lines_per_order: float = LINES_PER_ORDER
    end: Month = DEFAULT_END

    @property
    def folder(self) -> str:
        """What its home is called among others."""
        return f"{self.managers}x{self.customers}x{self.months}x{self.lines_per_order:g}-{self.end}"


@dataclass(frozen=True)
class Prepared:
    """A home made ready: its folder, and how many rows of each form wait in the inbox."""

    home: Path
    files: int
    rows: Mapping[str, int]

    @property
    def all_rows(self) -> int:
        return sum(self.rows.values())


def city_of_size(size: float) -> City:
    """The city of 100 managers, or a part or multiple of it."""
    return City(max(2, round(MANAGERS * size)))


def prepare(folder: Path, city: City, workers: int = 2) -> Prepared:
    """The home of that city below `folder`, made when it is not there yet."""
    place = folder / city.folder
    record = place / PREPARED
    if not record.exists():
        shutil.rmtree(place, ignore_errors=True)
        files, rows = _make(place / "home", city, workers)
        record.write_text(json.dumps({"files": files, "rows": rows}), encoding="utf-8")
    held = json.loads(record.read_text(encoding="utf-8"))
    return Prepared(place / "home", held["files"], held["rows"])


def prepare_ledger(folder: Path, city: City, workers: int = 2) -> Path:
    """The home of that city with the months before its last one in the ledger, and nothing in the inbox."""
    place = folder / f"ledger-{city.folder}"
    if not (place / PREPARED).exists():
        shutil.rmtree(place, ignore_errors=True)
        organisation, cases, targets = _organisation(city)
        context = multiprocessing.get_context("spawn")
        with ProcessPoolExecutor(workers, mp_context=context) as executor:
            _store_history(place / "home", organisation, cases, targets, city, executor)
        (place / "home" / "inbox").mkdir()
        (place / PREPARED).write_text("{}", encoding="utf-8")
    return place / "home"


def _organisation(city: City) -> tuple[Organisation, pd.DataFrame, pd.DataFrame]:
    """The organisation, its cases and targets."""
    months = history(city.end, city.months)
    organisation = make_organisation(
        trade_named(PROFILE), "zh", DEFAULT_SEED, months, city.managers, city.customers
    )
    return organisation, make_cases(organisation), make_targets(organisation)


def _make(home: Path, city: City, workers: int) -> tuple[int, dict[str, int]]:
    organisation, cases, targets = _organisation(city)
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(workers, mp_context=context) as executor:
        _store_history(home, organisation, cases, targets, city, executor)
        return _fill_inbox(home, organisation, cases, targets, city, executor)


def _rows_of(
    organisation: Organisation, month: Month, cases: pd.DataFrame, lines_per_order: float
) -> dict[str, pd.DataFrame]:
    """Everybody's rows of a month by form, with `manager_id`."""
    return {
        "sales": sales_of(organisation, month, lines_per_order),
        "visits": visits_of(organisation, month, load_profile(PROFILE)),
        "complaints": complaints_of(cases, month),
        "satisfaction": satisfaction_of(organisation, month),
    }


# The inbox


def _fill_inbox(
    home: Path,
    organisation: Organisation,
    cases: pd.DataFrame,
    targets: pd.DataFrame,
    city: City,
    executor: Executor,
) -> tuple[int, dict[str, int]]:
    """The workbooks of the last month, and of the master data where they changed; gives files and rows."""
    month = organisation.months[-1]
    (home / "inbox").mkdir(parents=True)
    masters = {**masters_in(organisation, month), "targets": targets}
    rows = _rows_of(organisation, month, cases, city.lines_per_order)
    jobs = [_master_job(home, organisation, month, masters)]
    jobs += [job for one in _sent(organisation, month, rows) if (job := _manager_job(home, one, masters))]
    counts = {form: sum(len(job.contents.rows.get(form, ())) for job in jobs) for form in FORMS}
    return len(list(executor.map(write_job, jobs))), counts


def _sent(organisation: Organisation, month: Month, rows: Mapping[str, pd.DataFrame]) -> Iterator[Sent]:
    """What every manager sends, with the demo's slips."""
    words = load_words("zh")
    managers = organisation.managers[["manager_id", "manager_name"]].itertuples(index=False)
    for position, (manager_id, name) in enumerate(managers):
        own = {form: _own(frame, manager_id) for form, frame in rows.items()}
        nil = tuple(form for form in FORMS if own[form].empty)
        arrival = dt.datetime.combine((month + 1).first_day, dt.time(9)) + dt.timedelta(minutes=position)
        outcome = with_slips(
            Sent(month, Manager(manager_id, name), own, nil, arrival), words, 0, position, organisation.trade.slips
        )
        if outcome.sent:
            yield outcome.sent


def _own(frame: pd.DataFrame, manager_id: str) -> pd.DataFrame:
    return frame[frame["manager_id"] == manager_id].drop(columns="manager_id").reset_index(drop=True)


def _manager_job(home: Path, sent: Sent, masters: Mapping[str, pd.DataFrame]) -> Job:
    customers = masters["customers"]
    contents = Contents(
        month=sent.month,
        manager=sent.manager,
        lists={
            "customers": customers[customers["manager_id"] == sent.manager.id],
            "products": masters["products"],
        },
        rows=sent.rows,
        nil_forms=frozenset(sent.nil_forms),
        spare_rows=SPARE_ROWS,
    )
    path = home / "inbox" / manager_file_name(load_words("zh"), sent.month, sent.manager)
    return Job(path, FORMS, "zh", load_profile(PROFILE), contents, sent.received)


def _master_job(home: Path, organisation: Organisation, month: Month, masters: Mapping[str, pd.DataFrame]) -> Job:
    """The workbook of what changed: the customers of this month."""
    words = load_words("zh")
    path = home / "inbox" / safe_name(words("templates.file.master_version", month=month))
    contents = Contents(month=month, rows={"customers": masters["customers"]}, spare_rows=0)
    received = dt.datetime.combine(month.last_day, dt.time(16))
    return Job(path, ("customers",), "zh", load_profile(PROFILE), contents, received)


# The ledger


@dataclass(frozen=True)
class _MonthTask:
    """One earlier month to store, the run-th that the ledger took in."""

    home: Path
    organisation: Organisation
    month: Month
    run: int
    rows: Mapping[str, pd.DataFrame]
    cases: pd.DataFrame
    lines_per_order: float


@dataclass(frozen=True)
class _Stored:
    receipts: tuple[Receipt, ...]
    submissions: tuple[Submission, ...]
    parts: Mapping[str, str]
    masters: tuple[MasterPart, ...]


def _store_history(
    home: Path,
    organisation: Organisation,
    cases: pd.DataFrame,
    targets: pd.DataFrame,
    city: City,
    executor: Executor,
) -> None:
    tasks = []
    previous: Mapping[str, pd.DataFrame] = {}
    for run, month in enumerate(organisation.months[:-1], 1):
        masters = {**masters_in(organisation, month), "targets": targets}
        changed = {
            key: rows for key, rows in masters.items() if key not in previous or not rows.equals(previous[key])
        }
        tasks.append(_MonthTask(home, organisation, month, run, changed, cases, city.lines_per_order))
        previous = masters
    stored = list(executor.map(_store_month, tasks))
    receipts = tuple(receipt for one in stored for receipt in one.receipts)
    submissions = sorted(
        (submission for one in stored for submission in one.submissions), key=lambda one: (*one.key, one.sha256)
    )
    masters_stored = sorted(
        (part for one in stored for part in one.masters), key=lambda one: (one.form, one.valid_from)
    )
    parts = {name: path for one in stored for name, path in one.parts.items()}
    write_manifest(home, Manifest(len(tasks), receipts, tuple(submissions), tuple(masters_stored), parts))


def _store_month(task: _MonthTask) -> _Stored:
    """One month's parts, master data and slips, as if its files had been taken in."""
    office = _receipt(task, "office", ("master",))
    senders = {one: _receipt(task, one, ("monthly",)) for one in task.organisation.managers["manager_id"]}
    masters = tuple(_store_master(task, office, form, rows) for form, rows in task.rows.items())
    parts: dict[str, str] = {}
    submissions: list[Submission] = []
    for form, rows in _rows_of(task.organisation, task.month, task.cases, task.lines_per_order).items():
        sourced = _sourced(task, rows, senders)
        submissions += _submissions(task, form, sourced, senders)
        for region, own in sourced.groupby("region_id"):
            name = part_name(form, str(task.month), str(region))
            parts[name] = store_frame(task.home, name, own.reset_index(drop=True))
    for receipt in (office, *senders.values()):
        path = slip_path(task.home, receipt.event)
        path.parent.mkdir(parents=True, exist_ok=True)
        write_slip(task.home, receipt.event)
    return _Stored((office, *senders.values()), tuple(submissions), parts, masters)


def _receipt(task: _MonthTask, sender: str, kinds: tuple[str, ...]) -> Receipt:
    name = f"{task.month}_{sender}.xlsx"
    saved = dt.datetime.combine((task.month + 1).first_day, dt.time(9)).isoformat(timespec="seconds")
    return Receipt(hashlib.sha256(name.encode("utf-8")).hexdigest(), name, 500_000, saved, task.run, kinds)


def _store_master(task: _MonthTask, office: Receipt, form: str, rows: pd.DataFrame) -> MasterPart:
    texts = {"source_file": office.name, "source_hash": office.sha256, "source_sheet": form}
    frame = rows.assign(**{name: pd.Series(text, index=rows.index, dtype="str") for name, text in texts.items()})
    frame = frame.assign(source_row=range(2, len(frame) + 2)).astype({"source_row": "int64"})
    path = store_frame(task.home, f"masters/{safe_name(form)}/{task.month}", frame)
    return MasterPart(form, str(task.month), office.sha256, len(rows), 0, path)


def _sourced(task: _MonthTask, rows: pd.DataFrame, senders: Mapping[str, Receipt]) -> pd.DataFrame:
    """Rows with who they count for and where they stood, in the ledger's order."""
    manager = rows["manager_id"].astype("str")
    ordered = rows.drop(columns="manager_id").assign(
        manager_id=manager,
        region_id=manager.map(task.organisation.region_of).astype("str"),
        source_file=manager.map({one: receipt.name for one, receipt in senders.items()}).astype("str"),
        source_hash=manager.map({one: receipt.sha256 for one, receipt in senders.items()}).astype("str"),
        source_sheet=pd.Series("表", index=rows.index, dtype="str"),
        source_row=(rows.groupby(manager).cumcount() + 4).astype("int64"),
    )
    return ordered.sort_values(["manager_id", "source_row"], ignore_index=True)


def _submissions(
    task: _MonthTask, form: str, sourced: pd.DataFrame, senders: Mapping[str, Receipt]
) -> Iterator[Submission]:
    """One for each manager; nil where there are no rows."""
    counts = sourced.groupby("manager_id").size()
    amounts = sourced.groupby("manager_id")["amount"].sum() if "amount" in sourced else pd.Series(dtype="float64")
    for manager, receipt in senders.items():
        rows, amount = int(counts.get(manager, 0)), round(float(amounts.get(manager, 0.0)), 4)
        judged = "accepted" if rows else "nil"
        region = task.organisation.region_of[manager]
        yield Submission(str(task.month), manager, form, judged, receipt.sha256, region, rows, 0, amount, 0.0)
