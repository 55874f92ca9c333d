"""One file looked at: what it may be, and what would come of it. Runs in the sandbox, as the file may be anything."""

import importlib
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from pipeline.base.calendar import Month
from pipeline.base.errors import SettingsError
from pipeline.contract.exports import Export
from pipeline.contract.mappings import check_exports
from pipeline.contract.master_data import MasterVersion, read_masters
from pipeline.contract.refusal import Refusal
from pipeline.contract.settings import Settings
from pipeline.intake.read import read_book
from pipeline.intake.text_forms import alike
from pipeline.mapping.derive import Derived, derived
from pipeline.mapping.proposal import Proposal
from pipeline.mapping.propose import Office, proposals
from pipeline.mapping.samples import Known
from pipeline.mapping.toml import block
from pipeline.mapping.trial import Trial, try_out

MOST_PROPOSALS = 5


@dataclass(frozen=True)
class LookTask:
    """A file to look at: where it stands, what it is called, and what is known of the office."""

    path: str
    name: str
    settings: Settings
    versions: tuple[MasterVersion, ...]
    month: str
    form_modules: tuple[str, ...]
    lists: bool = False


@dataclass(frozen=True)
class Look:
    """What was seen: proposals, the likeliest first; what comes of the first one, or why it cannot be used as it
    stands; and lists drawn from it, where they were asked for."""

    proposals: tuple[Proposal, ...] = ()
    trial: Trial = field(default_factory=Trial)
    fault: str = ""
    lists: tuple[Derived, ...] = ()


def look(task: LookTask) -> Look | Refusal:
    """Looks at one file."""
    for module in task.form_modules:
        importlib.import_module(module)
    book = read_book(Path(task.path).read_bytes(), task.name)
    if isinstance(book, Refusal):
        return book
    office = Office(task.settings.profile, _known(task.versions, task.month), task.month)
    found = proposals(book, task.name, office)
    if not found:
        return Look()
    first = found[0]
    try:
        export = export_of(first)
        check_exports([export], task.settings.language, office.forms)
    except (SettingsError, ValueError) as error:
        return Look(tuple(found[:MOST_PROPOSALS]), fault=str(error))
    trial = try_out(book, export, office.forms[first.form], task.name, task.settings)
    lists = derived(book, first, office, task.name, task.settings) if task.lists else ()
    return Look(tuple(found[:MOST_PROPOSALS]), trial, lists=tuple(lists))


def export_of(proposal: Proposal) -> Export:
    """The mapping that a proposal writes; raises ValueError (pydantic's) where its values are none."""
    return Export(**tomllib.loads(block(proposal.block))["exports"][0])


def _known(versions: Sequence[MasterVersion], month: str) -> Known:
    """Codes and names of the office's lists."""
    masters = read_masters(versions, Month.parse(month))
    codes, names = {}, {}
    for form, rows in masters.items():
        first = rows.iloc[:, 0].dropna().astype(str)
        codes[form] = frozenset(part for code in first for part in (alike(code), alike(code).lstrip("0")))
        called = next((one for one in rows.columns[1:] if one.endswith("_name")), "")
        names[form] = frozenset(map(alike, rows[called].dropna().astype(str))) if called else frozenset()
    return Known(codes, names)
