"""The sheet of the contrast: who sells much and keeps few, and every manager by both, with the figures."""

from collections.abc import Mapping, Sequence

from pipeline.contract.figure import Figure
from pipeline.contract.show import value_text
from pipeline.subjects.contrast.places import Judged, judged, places
from pipeline.workbooks.blocks import (
    Block,
    Cell,
    Column,
    Note,
    Sentence,
    SentenceBlock,
    SheetPlan,
    Shown,
    Table,
    Tone,
)
from pipeline.workbooks.sheet_list import Place, sheet
from pipeline.workbooks.sheets import plan_sheet
from pipeline.workbooks.view import View
from schemas.contrast import PARTS

SOLD, KEPT = "product", "retain"
_TONES: Mapping[Judged, Tone] = {
    "much_few": "red",
    "little_many": "green",
    "much_many": "green",
    "little_few": "red",
}


@sheet("contrast")
def _contrast(place: Place) -> SheetPlan | None:
    """None in a manager's workbook, which compares with nobody, and without managers or figures."""
    view = place.view
    managers, figures = view.entities("manager"), figures_of(view)
    if view.report.level == "manager" or not managers or not any(figures.values()):
        return None
    placed = {part: _placed(view, own, managers) for part, own in figures.items()}
    told = judged(placed[SOLD], placed[KEPT], view.report.settings.profile.contrast.among)
    blocks: list[Block | None] = [
        _said(view, told, figures, placed),
        _table(view, managers, figures, placed, told),
        Note(view.word("contrast.about")),
    ]
    return plan_sheet(view, "contrast", blocks, freeze_columns=1)


def figures_of(view: View) -> dict[str, tuple[Figure, ...]]:
    """The figures of each part that the trade has."""
    contrast = view.report.settings.profile.contrast
    return {part: view.those_of(contrast.of(part)) for part in PARTS}


def _placed(view: View, figures: Sequence[Figure], managers: Sequence[str]) -> dict[str, int]:
    """The place of each manager in a part; values that rest on too few place nobody."""
    known = {
        figure.key: {
            one: value
            for one in managers
            if (value := view.raw(figure, "value", "manager", one)) is not None
            and not view.is_thin(figure, "manager", one)
        }
        for figure in figures
    }
    return places(known, {figure.key: figure.better for figure in figures})


def _said(
    view: View,
    told: Mapping[str, Judged],
    figures: Mapping[str, Sequence[Figure]],
    placed: Mapping[str, Mapping[str, int]],
) -> SentenceBlock:
    """Who sells much and keeps few, by name, with figures; that nobody does, or that there are too few to say."""
    found = sorted((one for one, kind in told.items() if kind == "much_few"), key=lambda one: placed[SOLD][one])
    lines = [
        Sentence(
            view.word(
                "contrast.much_few",
                name=view.name("manager", one),
                sold=_values(view, figures[SOLD], one),
                place_sold=placed[SOLD][one],
                kept=_values(view, figures[KEPT], one),
                place_kept=placed[KEPT][one],
                of=len(told),
            ),
            tone="red",
        )
        for one in found
    ]
    judged_any = len(told) >= view.report.settings.profile.contrast.among and len(told) > 2
    lines = lines or [Sentence(view.word("contrast.nobody" if judged_any else "contrast.too_few"))]
    return SentenceBlock(view.word("contrast.title"), tuple(lines))


def _values(view: View, figures: Sequence[Figure], manager: str) -> str:
    """The values of some figures, as far as they are known."""
    known = ((one, view.raw(one, "value", "manager", manager)) for one in figures)
    space = view.words.pick("", " ")
    parts = [
        f"{view.label(one)}{space}{value_text(value, one, view.words)}"
        for one, value in known
        if value is not None
    ]
    return view.words.pick("、", ", ").join(parts) or view.word("contrast.unknown")


def _table(
    view: View,
    managers: Sequence[str],
    figures: Mapping[str, Sequence[Figure]],
    placed: Mapping[str, Mapping[str, int]],
    told: Mapping[str, Judged],
) -> Table:
    columns = [Column("manager", view.level_word("manager", heading=True))]
    columns += [Column(f"place_{part}", view.word(f"contrast.place.{part}"), "rank") for part in PARTS]
    columns += [Column("judged", view.word("contrast.judged"))]
    columns += [
        Column(f"{part}_{number}", view.header(one), view.style(one))
        for part in PARTS
        for number, one in enumerate(figures[part])
    ]
    told_of = [one for one in managers if any(one in placed[part] for part in PARTS)]
    order = sorted(told_of, key=lambda one: (placed[SOLD].get(one, len(managers) + 1), one))
    rows = tuple(_row(view, one, figures, placed, told) for one in order)
    title = view.word("contrast.table")
    return Table("contrast_managers", title, tuple(columns), rows, empty=view.word("empty.entities"))


def _row(
    view: View,
    manager: str,
    figures: Mapping[str, Sequence[Figure]],
    placed: Mapping[str, Mapping[str, int]],
    told: Mapping[str, Judged],
) -> tuple[Cell, ...]:
    kind = told.get(manager, "")
    values = [view.value(one, "value", "manager", manager) for part in PARTS for one in figures[part]]
    return (
        view.name("manager", manager),
        *(placed[part].get(manager) for part in PARTS),
        Shown(view.word(f"contrast.kind.{kind}"), "", _TONES[kind]) if kind else None,
        *values,
    )
