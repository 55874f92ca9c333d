"""What waits for the regional manager, a line each with a reference of its own, and room to decide by hand."""

from collections.abc import Iterator

from pipeline.base.frames import records
from pipeline.workbooks.blocks import Cell, Column, Table
from pipeline.workbooks.details import choice_words, day
from pipeline.workbooks.view import View, text

NAME = "awaiting_approval"
Line = tuple[str, str, str, str, str, Cell]  # reference, kind, whose, about whom, what, since when
_TO_DECIDE = ("decision", "decided_on", "remark")


def approvals_table(view: View) -> Table | None:
    """Every matter that waits for the regional manager; None where nothing does."""
    lines = [*_cases(view), *_downgrades(view), *_recommended(view), *_reports(view)]
    if not lines:
        return None
    rows = tuple(
        (reference, view.word(f"approval.{kind}"), whose or None, about or None, what, since, None, None, None)
        for reference, kind, whose, about, what, since in lines
    )
    return Table(NAME, view.word(f"detail_table.{NAME}"), _columns(view), rows)


def _columns(view: View) -> tuple[Column, ...]:
    styles = {"since": "day", "what": "note", "decided_on": "day"}
    names = ("reference", "kind", "whose", "about", "what", "since", *_TO_DECIDE)
    return tuple(
        Column(
            name, view.word(f"approval.column.{name}"), styles.get(name, "text"), wrap=name == "what",
            units=30 if name == "what" else 12 if name in _TO_DECIDE else 0, entry=name in _TO_DECIDE,
        )
        for name in names
    )  # fmt: skip


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
    frame, month = view.detail("downgrade_proposals"), view.report.month
    if frame.empty:
        return
    grades = choice_words(view, "customers", "grade")
    for customer, own in frame.groupby("customer_id", sort=True):
        one = records(own.sort_values("visit_date").head(1))[0]
        names = {name: grades.get(text(one[name]), text(one[name])) for name in ("grade", "proposed_grade")}
        what = view.word("approval.downgrade_what", count=len(own), **names)
        whose = view.name("manager", text(one["manager_id"]))
        yield f"JJ{month}-{customer}", "downgrade", whose, _customer(one), what, day(one["visit_date"])


def _recommended(view: View) -> Iterator[Line]:
    """The recommended list as a whole: its regional manager passes it on to the brand manager."""
    frame = view.detail("promotion_list")
    if len(frame):
        reference = f"TJ{view.report.month}-{view.report.entity_id}"
        yield reference, "recommended", "", "", view.word("approval.recommended_what", count=len(frame)), None


def _reports(view: View) -> Iterator[Line]:
    """Each manager's report of the month, to be looked through."""
    for manager in view.entities("manager"):
        reference = f"SY{view.report.month}-{manager}"
        yield reference, "report", view.name("manager", manager), "", view.word("approval.report_what"), None


def _customer(one: dict[str, object]) -> str:
    return text(one.get("customer_name")) or text(one["customer_id"])
