"""Sheets that every kind of workbook has: their frame, contents, data quality, trend data."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from pipeline.base.frames import records
from pipeline.contract.problem import ProblemLine, problem_lines
from pipeline.contract.titles import workbook_name
from pipeline.workbooks.blocks import (
    Block,
    Cell,
    Column,
    DeadEnd,
    Link,
    Note,
    SentenceBlock,
    SheetPlan,
    Shown,
    Table,
    Tone,
    WorkbookPlan,
    sheet_name,
)
from pipeline.workbooks.dead_ends import without_dead_ends
from pipeline.workbooks.details import choice_words
from pipeline.workbooks.figure_tables import trend_table
from pipeline.workbooks.themes import joined
from pipeline.workbooks.view import View, number, text

CONTENTS = "contents"
CONTENTS_TABLE = "contents_sheets"
# What is looked up on the screen: one sheet holds it, of which one line is printed.
REFERENCE = ("submissions", "quality", "scorecard_details", "glossary", "trend")
# Of these, what is printed: who has sent, and which rows were left out.
_PRINTED = ("submissions", "quality")
# Sheets that say by themselves who has not reported, or that hold nothing that a missing report changes.
_WITHOUT_MISSING = frozenset(
    {CONTENTS, "glossary", "cover", "changes", "overview", "part_sales", "part_problems", "problems", "submissions",
     "quality", "period_reports", "period_summary"}
)  # fmt: skip

# Sheets that say that weights changed in the report's months.
_WITH_DATED = frozenset(
    {"scorecard", "scorecard_regions", "period_figures", "period_summary", "evaluation", "satisfaction"}
)


def plan_sheet(view: View, key: str, blocks: Sequence[Block | None], **options: object) -> SheetPlan:
    """A sheet with the frame that all sheets share; blocks that are None are left out."""
    name = str(options.pop("name", None) or view.word(f"sheet.{key}"))
    return SheetPlan(
        key,
        sheet_name(name),
        str(options.pop("title", None) or _title(view, key, name)),
        view.word(
            "subtitle",
            place=place_text(view),
            month=view.month_text,
            edition=edition_text(view),
        ),
        (*_missing(view, key, blocks), *_dated(view, key), *(block for block in blocks if block is not None)),
        view.word(f"about.{key}"),
        back=None if key == CONTENTS else Link(view.word("back"), CONTENTS_TABLE),
        more_on_screen=view.word("more_on_screen"),
        **options,  # type: ignore[arg-type]
    )


def _missing(view: View, key: str, blocks: Sequence[Block | None]) -> tuple[Note, ...]:
    """Who has not reported, before any total is shown; not again where the sheet's own sentences begin with it."""
    told = view.report.sentences.get("missing", ())
    opening = next((one for one in blocks if one is not None), None)
    said = [one.text for one in opening.sentences] if isinstance(opening, SentenceBlock) else []
    if not told or key in _WITHOUT_MISSING or set(told) <= set(said):
        return ()
    return (Note(view.words.pick("", " ").join(told)),)


def _dated(view: View, key: str) -> tuple[Note, ...]:
    """That weights and the like are others from a month on that the report is about, and how it is computed then."""
    if key not in _WITH_DATED:
        return ()
    report = view.report
    first, last = (report.month, report.month) if report.span is None else (report.span.first, report.span.last)
    changed = report.settings.profile.changed_in(str(first), str(last))
    if report.span is not None:  # what holds from its first day on is no change in it
        changed = {month: keys for month, keys in changed.items() if month > str(first)}
    if not changed:
        return ()
    joint = view.words.pick("、", ", ")
    told = (
        view.word("dated.since", month=month, what=joint.join(view.word(f"dated.{one}") for one in keys))
        for month, keys in changed.items()
    )
    said = view.words.pick("；", "; ").join(told)
    kind = "dated_month" if report.span is None else "dated_period"
    return (Note(view.word(f"note.{kind}", said=said, last=str(last))),)


def _title(view: View, key: str, name: str) -> str:
    """A sheet's title, where it says more than its name."""
    known = f"workbooks.sheet_title.{key}"
    return view.words(known) if view.words.has(known) else name


def plan_workbook(view: View, title: str, sheets: Sequence[SheetPlan], opens_on: str) -> WorkbookPlan:
    """The workbook of these sheets; its contents, and what is looked up, come last.

    What leads to a sheet that the trade does not list is words without a link, or is not drawn.
    """
    opens_on = opens_on if opens_on in {one.key for one in sheets} else sheets[0].key
    told = [one for one in sheets if one.key not in REFERENCE]
    looked_up = [one for one in sheets if one.key in REFERENCE]
    with_contents = (*told, reference_sheet(view, contents_sheet(view, told), looked_up))
    try:
        return _workbook(view, title, with_contents, opens_on)
    except DeadEnd:
        return _workbook(view, title, without_dead_ends(with_contents), opens_on)


def _workbook(view: View, title: str, sheets: Sequence[SheetPlan], opens_on: str) -> WorkbookPlan:
    received = view.report.newest_receipt
    footer = view.word(
        "footer" if received else "subtitle",
        place=place_text(view),
        month=view.month_text,
        edition=edition_text(view),
        received=received,
    )
    return WorkbookPlan(
        title,
        view.organisation,
        view.report.month,
        view.words.language,
        tuple(sheets),
        footer,
        opens_on,
        view.word("page"),
        properties={"title": workbook_name(title, view.report.period, view.words)},
    )


def contents_sheet(view: View, sheets: Sequence[SheetPlan]) -> SheetPlan:
    """Every sheet with what is in it, as links."""
    columns = (
        Column("sheet", view.word("column.sheet"), units=24),
        # The words run on over the empty cells beside: a wide column here would be one of the tables below as well.
        Column("about", view.word("column.about"), "note", units=14),
    )
    rows = tuple((Link(sheet.name, sheet=sheet.key), sheet.about) for sheet in sheets)
    return plan_sheet(view, CONTENTS, [Table(CONTENTS_TABLE, "", columns, rows)])


def reference_sheet(view: View, contents: SheetPlan, looked_up: Sequence[SheetPlan]) -> SheetPlan:
    """Who has sent and what was left out, then what is not printed: the contents, and what is looked up. A sheet that
    opens for typing keeps its lock."""
    name, locked = view.word("sheet.reference"), any(one.locked for one in looked_up)
    sheet = replace(contents, name=name, title=name, blocks=(), on_screen=True, locked=locked)
    for one in sorted(looked_up, key=lambda one: REFERENCE.index(one.key)):
        if one.key in _PRINTED:
            sheet = joined(sheet, one)
    sheet = sheet if sheet.blocks else replace(sheet, blocks=(Note(view.word("note.reference")),))
    sheet = joined(replace(sheet, blocks_printed=len(sheet.blocks)), contents)
    for one in looked_up:
        sheet = sheet if one.key in _PRINTED else joined(sheet, one)
    return sheet


def trend_sheet(view: View, more: Sequence[Table] = (), *, locked: bool = False) -> SheetPlan:
    """The data behind charts and sparklines, in sight of everyone; `more` is what further charts are drawn from."""
    blocks: list[Block] = [trend_table(view), Note(view.word("note.trend")), *more]
    return plan_sheet(view, "trend", blocks, freeze_columns=1, locked=locked)


def form_names(view: View, keys: Iterable[str]) -> str:
    """The names of forms, in the reader's language."""
    forms = view.forms
    names = [view.words.pick(forms[key].zh, forms[key].en) if key in forms else key for key in keys]
    return view.words.pick("、", ", ").join(names)


def quality_sheet(view: View, *, locked: bool = False) -> SheetPlan:
    """Who sent, late, nil, missing; which rows were left out or are to be checked."""
    return plan_sheet(
        view,
        "quality",
        [submissions_table(view), owing_nothing_note(view), missing_table(view), problems_table(view)],
        locked=locked,
    )


def submissions_sheet(view: View) -> SheetPlan:
    """Of many managers, who sent, late, nil, missing."""
    blocks = [submissions_table(view), owing_nothing_note(view), missing_table(view)]
    return plan_sheet(view, "submissions", blocks, freeze_columns=1)


def problems_listed_sheet(view: View) -> SheetPlan:
    """Of many managers, which rows were left out or are to be checked."""
    return plan_sheet(view, "quality", [problems_table(view)])


def submissions_table(view: View) -> Table:
    """One row a manager: the state of each form; rows taken and left out over all of them."""
    frame = view.report.submissions
    frame = frame[
        (frame["form"] != "") & (frame["manager_id"] != "")
    ]  # what is no manager's form is told as a problem
    forms = [key for key in view.forms if key in set(frame["form"])]
    forms += sorted({text(one) for one in frame["form"]} - set(forms))
    columns = [Column("manager", view.word("column.manager"))]
    columns += [Column(f"form_{form}", form_names(view, [form])) for form in forms]
    columns += [
        Column("rows", view.word("column.rows"), "number0"),
        Column("left_out", view.word("column.left_out"), "number0"),
        Column("left_out_share", view.word("column.left_out_share"), "percent1"),
        Column("received", view.word("column.received")),
    ]
    by_manager: dict[str, dict[str, Mapping[Any, Any]]] = {}
    for one in records(frame):
        by_manager.setdefault(text(one["manager_id"]), {})[text(one["form"])] = one
    rows = tuple(_submission_row(view, key, by_manager[key], forms) for key in sorted(by_manager))
    empty = view.word("empty.submissions")
    return Table("quality_submissions", view.word("table.submissions"), tuple(columns), rows, empty=empty)


def owing_nothing_note(view: View) -> Note | None:
    """Who owes no forms, by name and role; None where everybody does. From the detail frame `owing_nothing`."""
    roles = choice_words(view, "managers", "role")
    told = [
        view.word("note.one_owing_nothing", name=view.any_name(text(one["entity_id"])), role=roles.get(role, role))
        for one in records(view.detail("owing_nothing"))
        for role in [text(one["role"])]
    ]
    if not told:
        return None
    return Note(view.word("note.owing_nothing", names=view.words.pick("、", ", ").join(told)))


def missing_table(view: View) -> Table | None:
    """One row a form that somebody has not sent: how many, of how many, and what share of last month's and last
    year's total was theirs; None where nobody is missing. From the detail frame `missing_reports`."""
    frame = view.detail("missing_reports")
    if frame.empty:
        return None
    own = frame[(frame["level"] == view.report.level) & (frame["entity_id"] == view.report.entity_id)]
    if own.empty:
        return None
    shares = ("share_previous", "share_last_year")
    columns = (
        Column("form", view.word("column.form")),
        Column("missing", view.word("column.missing"), "number0"),
        Column("in_office", view.word("column.in_office"), "number0"),
        *(Column(name, view.word(f"column.missing_{name}"), "percent1") for name in shares),
    )
    rows = tuple(
        (form_names(view, [text(one["form"])]), number(one["missing"]), number(one["in_office"]),
         *(number(one[name]) for name in shares))
        for one in records(own)
    )  # fmt: skip
    return Table("quality_missing", view.word("table.missing"), columns, rows)


def _submission_row(
    view: View, manager: str, sent: Mapping[str, Mapping[Any, Any]], forms: Sequence[str]
) -> tuple[Cell, ...]:
    found = sum(number(one["rows"]) or 0 for one in sent.values())
    left = sum(number(one["left_out"]) or 0 for one in sent.values())
    taken = found - left
    share = 100 * left / found if found else None
    last = max((text(one["received_at"]) for one in sent.values()), default="")
    states = [_state(view, text(sent[form]["state"])) if form in sent else None for form in forms]
    return (view.any_name(manager), *states, taken, left, share, last[:16].replace("T", " ") or None)


def _state(view: View, state: str) -> Shown:
    tones: dict[str, Tone] = {"missing": "red", "refused": "red", "late": "red", "nil": "muted"}
    return Shown(_known_word(view, "state", state.replace(" ", "_")), "", tones.get(state, "plain"))


def problems_table(view: View) -> Table:
    """One line a row of a form with problems, the gravest first: where it stands, what was found and expected."""
    names = ("manager", "file", "in_sheet", "cell", "header", "found", "expected", "effect")
    wrapped = {"found": 22.0, "expected": 34.0, "file": 26.0}
    columns = tuple(
        Column(name, view.word(f"column.{name}"), "note", wrap=name in wrapped, units=wrapped.get(name, 0))
        for name in names
    )
    rows = tuple(_problem_row(view, one) for one in problem_lines(records(view.report.problems), view.words))
    return Table("quality_problems", view.word("table.problems"), columns, rows, empty=view.word("empty.problems"))


def _problem_row(view: View, one: ProblemLine) -> tuple[Cell, ...]:
    plain = tuple(text or None for text in (one.file, one.sheet, one.cell, one.column, one.found, one.expected))
    effect = _known_word(view, "effect", one.effect.replace(" ", "_"))
    return (view.any_name(one.manager_id) or None, *plain, effect)


def _known_word(view: View, section: str, key: str) -> str:
    """A state's or effect's word; what has none is shown as it is."""
    known = f"workbooks.{section}.{key}"
    return view.words(known) if view.words.has(known) else key


def editions_sheet(view: View, *, locked: bool = False) -> SheetPlan | None:
    """What this edition changed: figure, before, after, because of which file; None in a first edition.

    From the report's `changes`: one row a change with level, entity_id, figure, before, after, file.
    """
    changes = view.report.changes
    if changes is None or view.report.edition < 2:
        return None
    names = ("entity", "figure", "before", "after", "file")
    columns = tuple(
        Column(name, view.word(f"column.{name}"), "number2" if name in ("before", "after") else "text")
        for name in names
    )
    rows = tuple(_change_row(view, one) for one in records(changes))
    empty = view.word("empty.changes")
    table = Table("edition_changes", "", columns, rows, empty=empty)
    about = Note(view.word("note.changes", edition=edition_text(view)))
    return plan_sheet(view, "changes", [table, about], locked=locked)


def _change_row(view: View, one: Mapping[Any, Any]) -> tuple[Cell, ...]:
    level, entity = text(one["level"]), text(one["entity_id"])
    figure = view.figures.get(text(one["figure"]))
    name = view.organisation if level == "organisation" else view.name(level, entity)
    before, after = number(one["before"]), number(one["after"])
    if figure is None:
        return (name, text(one["figure"]), before, after, text(one["file"]) or None)
    style = view.style(figure)
    values = (Shown(view.scaled(figure, value), style) for value in (before, after))
    return (name, view.titled(figure), *values, text(one["file"]) or None)


def place_text(view: View) -> str:
    """Whose report it is: the organisation and, where it is another, the entity."""
    return " · ".join(dict.fromkeys((view.organisation, view.entity_name)))


def edition_text(view: View) -> str:
    """The number of the edition, in words."""
    return view.word("edition", number=view.report.edition)
