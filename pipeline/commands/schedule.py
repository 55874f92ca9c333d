"""The schedule of visits of a week, a workbook a manager: `yuebao schedule`."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import pandas as pd

from pipeline.base.calendar import Month
from pipeline.base.errors import YuebaoError
from pipeline.base.home import OUTPUT
from pipeline.base.safe_names import safe_name
from pipeline.base.week import Week
from pipeline.commands.home_folder import look_at_home
from pipeline.commands.schedule_pages import pages_of
from pipeline.contract.facts import LOOK_BACK_MONTHS
from pipeline.contract.schedule import Look, Planned, on_page, planned_of
from pipeline.contract.settings import Settings
from pipeline.ledger.issued_plans import Happened, IssuedPlan, Visit, keep_issued, plan_issued, read_issued
from pipeline.ledger.lock import ledger_lock
from pipeline.ledger.manifest import read_manifest, write_manifest
from pipeline.ledger.output import finish
from pipeline.ledger.read import Ledger
from pipeline.ledger.week_folder import SCHEDULE, new_week_files
from pipeline.month.open_actions import OPEN_ACTION_COLUMNS, open_actions
from pipeline.month.scheduling import actions_due, actions_on_pages, told_of_visits, visits_of_week
from pipeline.templates.plan import Manager
from pipeline.templates.visit_book import plan_visit_book
from pipeline.templates.write_visit_book import write_visit_book
from pipeline.words import Words


@dataclass(frozen=True)
class ManagerWeek:
    """What came of a manager's plan of a week: its edition, what happened to it, how many visits, and where it is."""

    manager_id: str
    manager_name: str
    edition: int
    happened: Happened
    visits: int
    file: str
    more: int = 0
    fewer: int = 0


@dataclass(frozen=True)
class Scheduled:
    """The schedule of a week as it was written. `folder` is where; no `managers` where nobody is due; `working_days`
    of the week; `months` that were reported and will be told anew, as a plan of theirs is another now."""

    week: Week
    folder: Path
    managers: tuple[ManagerWeek, ...]
    working_days: int
    months: tuple[Month, ...] = ()

    def as_json(self) -> dict[str, object]:
        """As JSON."""
        told = [vars(one) for one in self.managers]
        return {
            "week": str(self.week),
            "folder": str(self.folder),
            "working_days": self.working_days,
            "managers": told,
        }


def write_schedule(
    home: Path, settings: Settings, week: Week, manager_id: str | None, today: dt.date
) -> Scheduled:
    """Plans a week, keeps the plan as issued, and writes the workbooks of one manager, or of all that have visits.

    Raises:
        YuebaoError: when the trade plans no visits, there are no master data or no such manager, or a workbook cannot
            be replaced.
        LedgerBusy: when another run holds the ledger.
    """
    words = settings.words
    planned = planned_of(settings.profile)
    if planned is None:
        raise YuebaoError(words("schedule.no_plan", trade=words.pick(settings.profile.zh, settings.profile.en)))
    look_at_home(home, words)
    with ledger_lock(home, words):
        finish(home, words)
        ledger = Ledger(home, read_manifest(home), settings.profile.forms)
        desk = _Desk(home, settings, ledger, week, planned)
        issued = desk.issue(manager_id, today)
        months = _kept(home, ledger, issued)
        books = desk.books(issued)
    told = tuple(_told(one, books[one.plan.manager_id], desk) for one in issued if one.plan.manager_id in books)
    return Scheduled(week, home / OUTPUT / SCHEDULE / str(week), told, len(week.working_days), months)


@dataclass(frozen=True)
class _Issued:
    """A plan that counts, as it was held before, what came of it, and whom one made today would visit on which day."""

    plan: IssuedPlan
    held: IssuedPlan | None
    happened: Happened
    made: frozenset[tuple[str, str]]


def _kept(home: Path, ledger: Ledger, issued: Sequence[_Issued]) -> tuple[Month, ...]:
    """Keeps what was issued; months of it that are in the ledger are to be told anew. Gives these.

    Each step leaves what the next command goes on from: a month told anew for nothing is as it was, and a plan that is
    kept and not yet printed is printed as it was issued.
    """
    changed = [one.plan for one in issued if one.happened in ("issued", "new_edition")]
    known = set(ledger.manifest.months())
    days = {one.due_on[:7] for plan in changed for edition in plan.editions[-2:] for one in edition.visits}
    months = tuple(month for month in sorted(Month.parse(day) for day in days) if month in known)
    if months:
        pending = tuple(sorted({*ledger.manifest.pending, *map(str, months)}))
        write_manifest(home, replace(ledger.manifest, pending=pending))
    for plan in changed:
        keep_issued(home, plan)
    return months


def _told(issued: _Issued, file: str, desk: "_Desk") -> ManagerWeek:
    edition, before = issued.plan.standing, issued.held
    now, then = issued.made, (before.standing.pairs if before else issued.made)
    manager = issued.plan.manager_id
    return ManagerWeek(
        manager, desk.names.get(manager, ""), edition.number, issued.happened, len(edition.visits), file,
        len(now - then), len(then - now),
    )  # fmt: skip


@dataclass(frozen=True)
class _Desk:
    """Where the schedule of a week is made."""

    home: Path
    settings: Settings
    ledger: Ledger
    week: Week
    planned: Planned

    @property
    def words(self) -> Words:
        return self.settings.words

    @property
    def month(self) -> Month:
        """The month by whose master data names are told."""
        return self.week.months[-1]

    @property
    def names(self) -> Mapping[str, str]:
        """The managers' names by their codes."""
        managers = self.ledger.masters(self.month)["managers"].drop_duplicates("manager_id")
        return {
            str(one): str(name) for one, name in zip(managers["manager_id"], managers["manager_name"], strict=True)
        }

    def issue(self, manager_id: str | None, today: dt.date) -> list[_Issued]:
        """The plan of each manager asked for, as it is to be kept."""
        if not self.names:
            raise YuebaoError(self.words("schedule.no_masters", week=self.week))
        if manager_id is not None and manager_id not in self.names:
            raise YuebaoError(self.words("schedule.unknown_manager", manager=manager_id, week=self.week))
        masters = {month: self.ledger.masters(month) for month in self.week.months}
        visits = visits_of_week(self.week, self.planned, masters, self.settings.profile)
        own = {str(manager): rows for manager, rows in visits.groupby("manager_id", sort=True)}
        asked = sorted(self.names) if manager_id is None else [manager_id]
        found = [self._issue(manager, own.get(manager, visits.iloc[:0]), today) for manager in asked]
        return [one for one in found if one is not None]

    def _issue(self, manager: str, visits: pd.DataFrame, today: dt.date) -> _Issued | None:
        held = read_issued(self.home, self.week, manager)
        if held is None and visits.empty:
            return None
        region = str(visits["region_id"].iloc[0]) if len(visits) else held.standing.region_id if held else ""
        made = _visits(visits)
        plan, happened = plan_issued(held, self.week, manager, region, made, today)
        return _Issued(plan, held, happened, frozenset((one.due_on, one.customer_id) for one in made))

    def books(self, issued: Iterable[_Issued]) -> dict[str, str]:
        """Writes the workbook of each plan; gives its name by manager."""
        plans = [one.plan for one in issued]
        if not plans:
            return {}
        visits = self._with_customers(plans)
        at_visits, at_head = actions_on_pages(self._actions(), visits)
        look = self._look({plan.standing.region_id for plan in plans})
        told = told_of_visits(look, on_page(self.settings.profile), visits, at_visits, self.words)
        visits = visits.assign(told=told)
        own = {str(manager): rows for manager, rows in visits.groupby("manager_id", sort=False)}
        names: dict[str, str] = {}
        with new_week_files(self.home, self.week, self.words) as folder:
            for plan in plans:
                manager = Manager(plan.manager_id, self.names.get(plan.manager_id, ""))
                rows = own.get(plan.manager_id, visits.iloc[:0])
                pages = pages_of(plan, manager, rows, at_head.get(manager.id, ()), self.words)
                book = plan_visit_book(self.planned, self.settings.profile, self.words, self.week, manager, pages)
                names[plan.manager_id] = self._file(manager)
                write_visit_book(folder / names[plan.manager_id], book)
        return names

    def _file(self, manager: Manager) -> str:
        name = self.words("schedule.file", week=self.week, manager_id=manager.id, manager_name=manager.name)
        return safe_name(name, manager.id, ".xlsx")

    def _with_customers(self, plans: Sequence[IssuedPlan]) -> pd.DataFrame:
        """The visits of issued plans with what the master data say of their customers now."""
        rows = [
            (
                plan.manager_id,
                plan.standing.region_id,
                one.due_on,
                one.turn,
                one.customer_id,
                one.customer_name,
                one.grade,
            )
            for plan in plans
            for one in plan.standing.visits
        ]
        names = ["manager_id", "region_id", "due_on", "turn", "customer_id", "customer_name", "grade"]
        visits = pd.DataFrame(rows, columns=names).astype({"due_on": "datetime64[ns]"})
        customers = self._customers().drop_duplicates("customer_id").set_index("customer_id")
        told = {name: visits["customer_id"].map(customers[name]) for name in ("channel", "area", "address")}
        return visits.assign(**told)

    def _customers(self) -> pd.DataFrame:
        masters = self.ledger.masters(self.month)
        regions = masters["managers"].drop_duplicates("manager_id").set_index("manager_id")["region_id"]
        customers = masters["customers"]
        lacking = {name: None for name in ("grade", "channel", "area", "address") if name not in customers}
        return customers.assign(region_id=customers["manager_id"].map(regions), **lacking)

    def _look(self, regions: set[str]) -> Look:
        """What is known before the week, of some regions."""
        masters, ledger = self.ledger.masters(self.month), self.ledger
        months = [one for one in ledger.manifest.months() if one <= self.month][-1 - LOOK_BACK_MONTHS :]
        customers = self._customers()
        still = customers[(customers["status"] == "active") & customers["region_id"].isin(regions)]

        @cache
        def rows(form: str, month: Month, columns: tuple[str, ...]) -> pd.DataFrame:
            return ledger.columns(ledger.forms[form], month, columns, regions)

        def cases(form: str) -> pd.DataFrame:
            if not months:
                return ledger.forms[form].empty()
            return ledger.cases(ledger.forms[form], months[-1]).rows_by_case

        profile = self.settings.profile
        return Look(self.week, profile, still, masters["products"], tuple(reversed(months)), rows, cases)

    def _actions(self) -> pd.DataFrame:
        """The actions of all managers that are not done and due by the end of the week."""
        months = [one for one in self.ledger.manifest.months() if one <= self.month]
        found = [
            open_actions(months[-1], [(one, self.ledger.rows(form, one)) for one in months], form.traits.carried)
            for form in self.ledger.forms.values()
            if form.traits.carried and months
        ]
        actions = pd.concat(found) if found else pd.DataFrame(columns=list(OPEN_ACTION_COLUMNS))
        return actions_due(actions, self.week, self.words)


def _visits(rows: pd.DataFrame) -> list[Visit]:
    columns = ("due_on", "turn", "customer_id", "customer_name", "grade")
    return [
        Visit(f"{day:%Y-%m-%d}", int(turn), str(customer), "" if pd.isna(name) else str(name), str(grade))
        for day, turn, customer, name, grade in zip(*(rows[one] for one in columns), strict=True)
    ]
