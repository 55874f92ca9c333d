"""The sheet of staffing: what is short, all rules outlet by outlet, and the list for the competition."""

from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

from pipeline.base.frames import records
from pipeline.workbooks.blocks import Block, Cell, Column, Note, Sentence, SentenceBlock, SheetPlan, Shown, Table
from pipeline.workbooks.details import choice_words, day
from pipeline.workbooks.sheet_list import Place, sheet
from pipeline.workbooks.sheets import plan_sheet
from pipeline.workbooks.view import View, number, text

Row = Mapping[str, Any]
_NUMBERS = ("asked", "there_full", "there_part", "gap")
_ON_LIST = ("branch", "manager_name", "role", "started_on", "years", "standing")


@sheet("staffing")
def _staffing(place: Place) -> SheetPlan | None:
    """None in a manager's workbook, and where nobody has told of outlets and no branch has managers."""
    view = place.view
    rows = records(view.detail("staffing"))
    if not rows or view.report.level == "manager":
        return None
    blocks: list[Block | None] = [
        _short(view, rows),
        _rules_table(view, rows),
        _list_table(view),
        Note(_about(view)),
    ]
    return plan_sheet(view, "staffing", blocks, locked=place.locked)


def _short(view: View, rows: Iterable[Row]) -> SentenceBlock:
    """Where somebody is lacking, outlet by outlet; that nobody is, where so; of which outlets it is not known."""
    found: dict[str, list[str]] = {}
    unknown = list[str]()
    for one in rows:
        place = _place(view, one)
        if pd.isna(one["asked"]):
            unknown.append(view.word("staffing.of", place=place, role=_role(view, one)))
        elif one["gap"]:
            kind = "full" if one["full_time"] else "any"
            said = view.word(f"staffing.short_{kind}", role=_role(view, one), count=int(one["gap"]))
            found.setdefault(place, []).append(said)
    joint, parts = view.words.pick("，", ", "), view.words.pick("、", ", ")
    lines = [
        Sentence(view.word("staffing.short", place=place, roles=joint.join(roles)), tone="red")
        for place, roles in found.items()
    ]
    lines = lines or [Sentence(view.word("staffing.nobody"))]
    if unknown:
        lines.append(Sentence(view.word("staffing.unknown", places=parts.join(unknown))))
    return SentenceBlock(view.word("staffing.title_short"), tuple(lines))


def _rules_table(view: View, rows: Iterable[Row]) -> Table:
    words = [(name, view.word(f"staffing.column.{name}")) for name in ("branch", "outlet", "kind", "role")]
    columns = [Column(name, said) for name, said in words]
    columns += [Column("full_time", view.word("staffing.column.full_time"))]
    columns += [Column(name, view.word(f"staffing.column.{name}"), "number0") for name in _NUMBERS]
    columns += [Column("why", view.word("staffing.column.why"), "note", wrap=True, units=44)]
    cells = tuple(_cells(view, one) for one in rows)
    title = view.word("staffing.table.rules")
    return Table("staffing_rules", title, tuple(columns), cells, empty=view.word("empty.detail", name=title))


def _cells(view: View, one: Row) -> tuple[Cell, ...]:
    gap = number(one["gap"])
    kinds = choice_words(view, "outlets", "kind")
    asked = None if pd.isna(one["full_time"]) or not one["asked"] else bool(one["full_time"])
    return (
        view.name("region", text(one["entity_id"])),
        text(one["outlet"]) or view.word("staffing.whole_branch"),
        kinds.get(text(one["kind"]), text(one["kind"])) or None,
        _role(view, one),
        None if asked is None else view.word(f"staffing.{'full' if asked else 'part'}"),
        number(one["asked"]),
        number(one["there_full"]),
        number(one["there_part"]),
        Shown(gap, "number0", "red" if gap else "plain"),
        _why(view, one),
    )


def _why(view: View, one: Row) -> str:
    """The rule in words, with the number by which it asks and what is wanting for a full-time post."""
    rules, basis = view.report.settings.profile.staffing, number(one["basis"])
    said = view.word(
        f"staffing.why.{one['why']}",
        credit=rules.credit_of_business,
        area=f"{rules.lobby_area_m2:g}",
        customers=rules.customers_a_wealth_manager,
        managers=rules.managers_a_product_manager,
    )
    joint = view.words.pick("、", ", ")
    unmet = [view.word(f"staffing.unmet.{name}") for name in text(one["unmet"]).split(",") if name]
    more = [view.word("staffing.wanting", facts=joint.join(unmet))] if unmet else []
    if basis is not None and view.words.has(f"workbooks.staffing.basis.{one['role']}"):
        more.append(view.word(f"staffing.basis.{one['role']}", basis=f"{basis:g}"))
    return view.words.pick("", " ").join([said, *more])


def _list_table(view: View) -> Table:
    frame = view.detail("competition")
    styles = {"started_on": "day", "years": "number0"}
    columns = tuple(
        Column(name, view.word(f"staffing.column.{name}"), styles.get(name, "text")) for name in _ON_LIST
    )
    rows = tuple(
        (
            view.name("region", text(one["entity_id"])),
            text(one["manager_name"]) or text(one["manager_id"]),
            _role(view, one),
            day(one["started_on"]),
            number(one["years"]),
            view.word(f"staffing.standing.{one['standing']}"),
        )
        for one in records(frame)
    )
    title = view.word("staffing.table.competition")
    return Table("staffing_competition", title, columns, rows, empty=view.word("empty.detail", name=title))


def _about(view: View) -> str:
    roles = choice_words(view, "managers", "role")
    counted = [roles.get(one, one) for one in view.report.settings.profile.staffing.customer_managers]
    return view.word("staffing.about", roles=view.words.pick("、", ", ").join(counted))


def _place(view: View, one: Row) -> str:
    """An outlet, at headquarters with its branch; else the whole branch."""
    branch, outlet = view.name("region", text(one["entity_id"])), text(one["outlet"])
    whole = view.words.pick("", " ").join((branch, outlet)) if view.report.level == "organisation" else outlet
    return whole if outlet else branch


def _role(view: View, one: Row) -> str:
    role = text(one["role"])
    return choice_words(view, "managers", "role").get(role, role)
