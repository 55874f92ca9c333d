"""What waits for the head of a region, a line each with a reference of its own, and cells to decide in.

The sheet comes back filled in: the columns of the form of decisions have its headings, and whose it is stands above.
"""

from collections.abc import Iterator

from pipeline.base.frames import records
from pipeline.contract.form_layout import MONTH, REGION_ID, Label
from pipeline.workbooks.blocks import Cell, Column, Note, Table
from pipeline.workbooks.details import choice_words, day
from pipeline.workbooks.view import View, text
from schemas.decisions import FORM, Matter, Reference

NAME = "awaiting_approval"
Line = tuple[str, str, str, str, str, Cell]  # reference, kind, whose, about whom, what, since when
_TO_DECIDE = ("decision", "decided_on", "remark")
_LONG = {"what": 30.0, "remark": 24.0}


def approvals_head(view: View) -> tuple[Note, ...]:
    """What is to be done with the sheet, and whose it is: by this it is known when it comes back."""
    if FORM not in view.forms:
        return (Note(view.word("approval.note_printed")),)
    beside = view.words.pick("：", ": ")
    labels: tuple[tuple[Label, str], ...] = ((REGION_ID, view.report.entity_id), (MONTH, str(view.report.month)))
    said = (Note(f"{label.of(view.words.language)}{beside}{value}") for label, value in labels)
    return (Note(view.word("approval.note")), *said)


def approvals_table(view: View) -> Table | None:
    """Every matter that waits for the head of the region; None where nothing does."""
    decided = _decided(view)
    every = (*_cases(view), *_downgrades(view), *_recommended(view), *_reports(view))
    lines = [one for one in every if one[1] == "case" or one[0] not in decided]
    if not lines:
        return None
    rows = tuple(
        (reference, view.word(f"approval.{kind}"), whose or None, about or None, what, since, None, None, None)
        for reference, kind, whose, about, what, since in lines
    )
    return Table(NAME, view.word(f"detail_table.{NAME}"), _columns(view), rows)


def _decided(view: View) -> frozenset[str]:
    """The references of what was decided; a case says itself whether it waits."""
    frame = view.detail("decisions")
    return frozenset(text(one) for one in frame["reference"]) if len(frame) else frozenset()


def _columns(view: View) -> tuple[Column, ...]:
    styles = {"since": "day", "what": "note", "remark": "note", "decided_on": "day"}
    names = ("reference", "kind", "whose", "about", "what", "since", *_TO_DECIDE)
    return tuple(
        Column(
            name,
            _header(view, name),
            styles.get(name, "text"),
            wrap=name in _LONG,
            units=_LONG.get(name, 12 if name in _TO_DECIDE else 0),
            entry=name in _TO_DECIDE,
            choices=_choices(view) if name == "decision" else (),
            prompt=view.word(f"approval.prompt.{name}") if name in _TO_DECIDE else "",
        )
        for name in names
    )


def _header(view: View, name: str) -> str:
    """The words over a column: those of the form, where the column comes back."""
    if FORM in view.forms and name in view.forms[FORM].dtypes:
        column = view.forms[FORM].column(name)
        return view.words.pick(column.zh, column.en)
    return view.word(f"approval.column.{name}")


def _choices(view: View) -> tuple[str, ...]:
    return tuple(choice_words(view, FORM, "decision").values()) if FORM in view.forms else ()


def _reference(matter: Matter, view: View, code: str) -> str:
    return str(Reference(matter, str(view.report.month), code))


def _cases(view: View) -> Iterator[Line]:
    """The cases that wait for a decision, the oldest first."""
    frame = view.detail("complaint_cases")
    waiting = frame[frame["waits_for"] == "decided"] if "waits_for" in frame else frame.iloc[:0]
    for one in records(waiting.sort_values(["received_on", "complaint_no"]) if len(waiting) else waiting):
        category = choice_words(view, "complaints", "category").get(text(one["category"]), text(one["category"]))
        product = view.product_names.get(text(one["product_id"]), "")
        what = view.words.pick("，", ", ").join(
            part for part in (category, product, text(one["description"])) if part
        )
        whose = view.name("manager", text(one["manager_id"]))
        yield text(one["complaint_no"]), "case", whose, _customer(one), what, day(one["received_on"])


def _downgrades(view: View) -> Iterator[Line]:
    """Each customer proposed to be put a grade down once, with how often its prices were below the guide price."""
    frame = view.detail("downgrade_proposals")
    if frame.empty:
        return
    grades = choice_words(view, "customers", "grade")
    for customer, own in frame.groupby("customer_id", sort=True):
        one = records(own.sort_values("visit_date").head(1))[0]
        names = {name: grades.get(text(one[name]), text(one[name])) for name in ("grade", "proposed_grade")}
        said = "approval.downgrade_what" if names["proposed_grade"] else "approval.downgrade_lowest"
        what = view.word(said, count=len(own), **names)
        whose = view.name("manager", text(one["manager_id"]))
        reference = _reference("downgrade", view, str(customer))
        yield reference, "downgrade", whose, _customer(one), what, day(one["visit_date"])


def _recommended(view: View) -> Iterator[Line]:
    """The recommended list as a whole: its regional manager passes it on to the brand manager."""
    frame = view.detail("promotion_list")
    if len(frame):
        reference = _reference("recommended", view, view.report.entity_id)
        yield reference, "recommended", "", "", view.word("approval.recommended_what", count=len(frame)), None


def _reports(view: View) -> Iterator[Line]:
    """Each manager's report of the month, to be looked through."""
    for manager in view.entities("manager"):
        reference = _reference("report", view, manager)
        yield reference, "report", view.name("manager", manager), "", view.word("approval.report_what"), None


def _customer(one: dict[str, object]) -> str:
    return text(one.get("customer_name")) or text(one["customer_id"])
