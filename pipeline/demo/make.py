"""Fills an organisation's inbox: the months one after another, each workbook a task of its own."""

import datetime as dt
from collections.abc import Iterator, Mapping
from concurrent.futures import Executor
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from pipeline.base.calendar import Month, deadline
from pipeline.base.errors import SettingsError
from pipeline.base.home import SETTINGS_FILE
from pipeline.base.safe_names import safe_name
from pipeline.contract.settings import load_settings
from pipeline.contract.trade import default_trade, load_profile
from pipeline.demo.chance import stream
from pipeline.demo.faults import Outcome, Submission, with_slips, without_slips
from pipeline.demo.job import Job, write_job
from pipeline.demo.people import Organisation, history, make_organisation, masters_in
from pipeline.demo.sample import Sample, forms_of_demo, masters_of, rows_of, targets_of
from pipeline.demo.story import LATER, Telling
from pipeline.demo.trade import Trade, trade_named, trades_with_demo
from pipeline.demo.truth import Truth
from pipeline.templates.blank import manager_file_name
from pipeline.templates.plan import Contents, Manager
from pipeline.words import Language, Words, load_words
from schemas.profile import Profile

DEFAULT_END = Month(2024, 6)
DEFAULT_SEED = 20240601
SPARE_ROWS = 5


@dataclass(frozen=True)
class Made:
    """What was made: workbooks in the inbox, accepted rows by form, and slips put in."""

    files: int
    rows: Mapping[str, int]
    faults: int


def make_demo(
    home: Path,
    *,
    managers: int | None = None,
    customers: int | None = None,
    months: int = 25,
    end: Month = DEFAULT_END,
    seed: int = DEFAULT_SEED,
    profile: str = "",
    faults: bool = True,
    language: Language = "zh",
    lines_per_order: float = 3.0,
    executor: Executor | None = None,
    inbox: str = "inbox",
    story: bool = False,
    trade: Trade | None = None,
) -> Made:
    """Fill `home/inbox` with the workbooks of a made-up organisation, and `home/truth` with what is true of it.

    Same arguments, same bytes.

    Args:
        managers, customers, months: how many, of customers for each manager at the start (without, the trade's own),
            of months up to `end`.
        profile: one of `demo_profiles()`, else the default trade; `trade` is what it is made of, where not its own.
        faults: whether some of the last submissions hold people's slips.
        lines_per_order: how many products a customer orders at a time, about once a week.
        executor: writes the workbooks into `inbox`, from `home`; without one they are written here.
        story: whether measures, outlooks and the like are sent too, and one file waits in `later` (see `demo.story`).

    Raises:
        SettingsError: when there is no demo of that profile, or the home's settings name another one.
    """
    profile = _with_demo(profile or default_trade(), load_words(language))
    trade = trade or trade_named(profile)
    people = managers or trade.managers, customers or trade.customers
    organisation = make_organisation(trade, language, seed, history(end, months), *people)
    sample = Sample(organisation, load_profile(profile), lines_per_order)
    desk = _Desk(home / inbox, load_words(language), sample, faults)
    truth = _truth(desk, home)
    desk.inbox.mkdir(parents=True, exist_ok=True)
    _name_trade(home, profile)
    files = _write_months(desk, truth, executor, _telling(desk, trade, home) if story else None)
    truth.finish()
    return Made(files, truth.counts, len(truth.faults))


def _truth(desk: "_Desk", home: Path) -> Truth:
    kinds = desk.profile.forms.values()
    return Truth(
        home / "truth", desk.organisation.region_of, tuple(one.key for one in kinds if one.kind == "monthly")
    )


def _telling(desk: "_Desk", trade: Trade, home: Path) -> Telling:
    (home / LATER).mkdir(parents=True, exist_ok=True)
    return Telling(trade, desk.organisation.months[-1], home, desk.words)


def _with_demo(profile: str, words: Words) -> str:
    if profile not in trades_with_demo():
        raise SettingsError(words("demo.office.no_profile", profile=profile, known=", ".join(trades_with_demo())))
    return profile


def _name_trade(home: Path, profile: str) -> None:
    """Settings that name the trade, where it is not the default one and the home has none yet.

    Raises:
        SettingsError: when the home's settings name another one.
    """
    file, settings = home / SETTINGS_FILE, load_settings(home)
    if settings.profile.key == profile:
        return
    if file.exists():
        words = settings.words
        told = {"file": SETTINGS_FILE, "profile": profile, "found": settings.profile.key}
        raise SettingsError(words("demo.office.other_profile", **told))
    file.write_text(f'[profile]\nname = "{profile}"\n', encoding="utf-8")


def _write_months(desk: "_Desk", truth: Truth, executor: Executor | None, telling: Telling | None) -> int:
    """Writes the workbooks of every month, and what is true of them; gives how many workbooks."""
    organisation = desk.organisation
    targets = targets_of(desk.sample)
    previous: Mapping[str, pd.DataFrame] = {}
    files = 0
    for month in organisation.months:
        made = {**masters_in(organisation, month), **targets, **masters_of(desk.sample, month)}
        own = organisation.trade.masters
        masters = _in_use(desk.profile, made if own is None else own(organisation, made))
        submissions = _submissions(desk, month)
        outcomes = [_with_faults(desk, one, number, desk.faults) for number, one in enumerate(submissions)]
        by_manager = [_manager_job(desk, masters, outcome) for outcome in outcomes]
        sent = (
            telling.jobs(month, by_manager, outcomes, masters) if telling else (job for job in by_manager if job)
        )
        jobs = [*_master_jobs(desk, month, masters, previous), *sent]
        files += len(list((executor.map if executor else map)(write_job, jobs)))
        truth.add(month, outcomes, by_manager)
        previous = masters
    return files


def _in_use(profile: Profile, masters: Mapping[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """The master data that the trade has, in its columns."""
    forms = profile.forms
    return {key: rows[list(forms[key].dtypes)] for key, rows in masters.items() if key in forms}


def demo_profiles() -> tuple[str, ...]:
    """The profiles for which there is a demo."""
    return trades_with_demo()


@dataclass(frozen=True)
class _Desk:
    """What every month is made with."""

    inbox: Path
    words: Words
    sample: Sample
    faults: bool

    @property
    def organisation(self) -> Organisation:
        """Whose months are made."""
        return self.sample.organisation

    @property
    def profile(self) -> Profile:
        """The trade."""
        return self.sample.profile


def _submissions(desk: _Desk, month: Month) -> Iterator[Submission]:
    """What every manager sends for a month, without slips; a form without rows is ticked."""
    organisation = desk.organisation
    frames = rows_of(desk.sample, month)
    by_manager = {
        form: {str(manager): own for manager, own in rows.groupby("manager_id")} for form, rows in frames.items()
    }
    received = _arrivals(organisation, month)
    for row, arrival in zip(organisation.managers.itertuples(), received, strict=True):
        rows = {form: _own(by_manager[form], frames[form], str(row.manager_id)) for form in frames}
        nil = tuple(form for form in frames if rows[form].empty)
        yield Submission(month, Manager(str(row.manager_id), str(row.manager_name)), rows, nil, arrival)


def _own(by_manager: Mapping[str, pd.DataFrame], everyone: pd.DataFrame, manager_id: str) -> pd.DataFrame:
    own = by_manager.get(manager_id, everyone.iloc[:0])
    return own.drop(columns="manager_id").reset_index(drop=True)


def _arrivals(organisation: Organisation, month: Month) -> list[dt.datetime]:
    """When each manager's file arrives: between the 2nd and the day of the deadline, in office hours."""
    chance = stream(organisation.seed, "files", month)
    first = (month + 1).first_day + dt.timedelta(days=1)
    days = (deadline(month) - first).days + 1
    count = len(organisation.managers)
    minutes = chance.integers(0, days, count) * 24 * 60 + chance.integers(9 * 60, 17 * 60, count)
    return [dt.datetime.combine(first, dt.time()) + dt.timedelta(minutes=int(minute)) for minute in minutes]


def _with_faults(desk: _Desk, submission: Submission, position: int, faults: bool) -> Outcome:
    if not faults:
        return without_slips(submission)
    months_ago = desk.organisation.months[-1] - submission.month
    return with_slips(submission, desk.words, months_ago, position, desk.organisation.trade.slips)


def _manager_job(desk: _Desk, masters: Mapping[str, pd.DataFrame], outcome: Outcome) -> Job | None:
    """The workbook of what was sent; None where nothing was."""
    sent = outcome.sent
    if sent is None:
        return None
    customers = masters["customers"]
    goods = {"products": masters["products"]} if "products" in masters else {}
    contents = Contents(
        month=sent.month,
        manager=sent.manager,
        lists={"customers": customers[customers["manager_id"] == sent.manager.id], **goods},
        rows=sent.rows,
        nil_forms=frozenset(sent.nil_forms),
        spare_rows=SPARE_ROWS,
    )
    path = desk.inbox / manager_file_name(desk.words, sent.month, sent.manager)
    return Job(path, forms_of_demo(desk.profile), desk.words.language, desk.profile, contents, sent.received)


def _master_jobs(
    desk: _Desk, month: Month, masters: Mapping[str, pd.DataFrame], previous: Mapping[str, pd.DataFrame]
) -> list[Job]:
    """A workbook with the master forms that changed, if any did."""
    changed = tuple(key for key, rows in masters.items() if key not in previous or not rows.equals(previous[key]))
    if not changed:
        return []
    path = desk.inbox / safe_name(desk.words("templates.file.master_version", month=month))
    contents = Contents(month=month, rows={key: masters[key] for key in changed}, spare_rows=0)
    received = dt.datetime.combine(month.last_day, dt.time(16))
    return [Job(path, changed, desk.words.language, desk.profile, contents, received)]
