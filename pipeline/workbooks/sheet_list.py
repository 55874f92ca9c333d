"""Which sheets there are, by the name under which a trade's `workbooks` lists them, and how each is made.

A maker gives the plan of its sheet, or None where there is nothing to show; adding a sheet is one maker under the
decorator `sheet`, and its name in a trade.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from pipeline.base.errors import SettingsError
from pipeline.contract.figure import Level
from pipeline.contract.themes import names_of, prints_one_page
from pipeline.contract.titles import report_title
from pipeline.workbooks.alike import said_once
from pipeline.workbooks.blocks import Note, SheetPlan
from pipeline.workbooks.themes import gathered
from pipeline.workbooks.view import View
from schemas.profile import Profile

WorkbookKind = Literal["region", "headquarters", "manager"]
KINDS: tuple[WorkbookKind, ...] = ("region", "headquarters", "manager")
_OF_PERIODS = "period_"  # before the kind, among a trade's lists: the sheets of a quarter, a half-year or a year


@dataclass(frozen=True)
class Place:
    """Where a sheet stands: in whose workbook, with entities of which level side by side, and the workbook's title."""

    view: View
    kind: WorkbookKind
    level: Level
    title: str

    @property
    def locked(self) -> bool:
        """Whether its cells are not to be typed in: a manager's workbook comes back."""
        return self.kind == "manager"

    @property
    def themes(self) -> tuple[str, ...]:
        """What the trade lists for the workbook."""
        report = self.view.report
        listed = self.kind if report.span is None else f"{_OF_PERIODS}{self.kind}"
        themes: tuple[str, ...] = getattr(report.settings.profile.workbooks, listed)
        return themes


Maker = Callable[[Place], SheetPlan | None]


@dataclass(frozen=True)
class Sheet:
    """A maker, and the subjects whose figures its sheet shows."""

    make: Maker
    subjects: tuple[str, ...] = ()


SHEETS: dict[str, Sheet] = {}


def sheet(name: str, *, subjects: tuple[str, ...] = ()) -> Callable[[Maker], Maker]:
    """Decorator: enters a sheet in the list."""

    def enter(maker: Maker) -> Maker:
        SHEETS[name] = Sheet(maker, subjects)
        return maker

    return enter


def forget(name: str) -> None:
    """Take a sheet out of the list again (for sheets that were added while trying something)."""
    SHEETS.pop(name, None)


def title_of(view: View, entity: str) -> str:
    """The title of a workbook: the trade's, else the common one."""
    return report_title(view.report, entity, view.words)


def sheets_of(place: Place) -> list[SheetPlan]:
    """The sheets that the trade lists for this workbook, but for those without content."""
    themes = place.themes
    made = {name: SHEETS[name].make(place) for theme in themes for name in names_of(theme)}
    shown = said_once(place.view, [one for one in made.values() if one is not None and has_content(one)])
    by_key = {one.key: one for one in shown}
    found: list[SheetPlan] = []
    for theme in themes:
        own = [
            by_key[one.key] for name in names_of(theme) if (one := made[name]) is not None and one.key in by_key
        ]
        found += gathered(own, place.view.words.language, one_page=prints_one_page(theme))
    return found


def has_content(plan: SheetPlan) -> bool:
    """Whether a sheet holds more than notes."""
    return any(not isinstance(block, Note) for block in plan.blocks)


def subjects_shown(place: Place) -> frozenset[str]:
    """The subjects of figures that the workbook's sheets show."""
    return frozenset(
        subject for theme in place.themes for name in names_of(theme) for subject in SHEETS[name].subjects
    )


def check_sheets(profile: Profile) -> None:
    """Whether all sheets that a trade lists are there.

    Raises:
        SettingsError: naming the list and the sheet that is not.
    """
    for key, name in listed_sheets(profile):
        if name not in SHEETS:
            known = ", ".join(sorted(SHEETS))
            raise SettingsError(f"profile {profile.key}: {key}: {name!r} ∉ {known}")


def listed_sheets(profile: Profile) -> Iterator[tuple[str, str]]:
    """Each sheet that a trade lists, for months and for periods, with the key under which it does."""
    for kind in (*KINDS, *(f"{_OF_PERIODS}{one}" for one in KINDS)):
        themes: Iterable[str] = getattr(profile.workbooks, kind)
        yield from ((f"workbooks.{kind}", name) for theme in themes for name in names_of(theme))
