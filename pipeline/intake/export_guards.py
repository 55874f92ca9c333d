"""What would be misread without a word: headings that are unclear, other units, tables under further titles, lines that
are void. Where only the settings can say what is meant, the run stops before anything is taken in."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from pipeline.contract.exports import Export
from pipeline.contract.problem import Problem, quoted
from pipeline.intake.export_units import MOST_UNITS, in_other_unit, units_in_a_column
from pipeline.intake.headed import Headed, other_tables
from pipeline.intake.raw import Cell
from pipeline.intake.reading import shown
from pipeline.intake.settings_fault import settings_fault
from pipeline.intake.text_forms import plain
from schemas.form import Form

MOST_HEADINGS = 40  # that a sentence lists
_STATE_ENDS = ("状态", "status", "state")
VOID_STATES = frozenset(
    (
        "作废", "已作废", "取消", "已取消", "无效", "已删除", "删除", "已撤销", "撤销", "已关闭", "红冲", "已红冲",
        "退回", "已驳回", "驳回", "草稿", "void", "voided", "cancelled", "canceled", "deleted", "invalid",
        "rejected", "draft",
    )
)  # fmt: skip


def what_is_unclear(table: Headed, export: Export, form: Form, wanted: Mapping[str, str]) -> Problem | None:
    """The first thing that only the settings can make clear; None where all is."""
    return (
        _unclear_heading(table, export, form, wanted)
        or _one_heading_twice(export, form)
        or _several_tables(table, export, form, wanted)
        or in_other_unit(table, export, form)
        or units_in_a_column(table, export, form)
    )


def _unclear_heading(table: Headed, export: Export, form: Form, wanted: Mapping[str, str]) -> Problem | None:
    """That several columns have a heading that the mapping names, or fit it equally: the settings must say which."""
    for text, key in reversed(list(wanted.items())):
        sought = table.headings.find(text)
        if sought.place is None:
            numbered = [f"{text}#{n + 1}" for n in range(len(sought.fitting))]
            whole = [shown(table.headings.cells[place]) for place in sought.places]
            distinct = len(set(whole)) == len(whole) and table.headings.parts
            named = sought.fitting if sought.why == "unclear" else whole if distinct else numbered
            said = {"setting": key, "count": str(len(sought.fitting)), "named": "、".join(f'"{one}"' for one in named),
                    "headings": written(table.headings.written)}  # fmt: skip
            return settings_fault(form, export, f"heading_{sought.why}", text, **said)
    return None


def _one_heading_twice(export: Export, form: Form) -> Problem | None:
    """That two columns of numbers have the same heading: the same number would be two things."""
    seen: dict[str, str] = {}
    for column in form.columns:
        texts = export.headers_of(column.name) if column.kind in ("whole", "number", "money") else ()
        if texts and texts[0] in seen:
            details = (("heading", texts[0]), ("first", seen[texts[0]]), ("second", column.name))
            return Problem("export_one_heading", "form left out", form=form.key, details=details)
        if texts:
            seen[texts[0]] = column.name
    return None


def written(texts: Sequence[str]) -> str:
    """The headings of a row, as far as a sentence can hold them."""
    return "、".join(texts[:MOST_HEADINGS]) + ("…" if len(texts) > MOST_HEADINGS else "")


def _several_tables(table: Headed, export: Export, form: Form, wanted: Mapping[str, str]) -> Problem | None:
    """That further tables with the same headings stand below, under titles of their own."""
    titles = [] if export.table else other_tables(table, list(wanted))
    if not titles:
        return None
    named = "、".join(f'"{one}"' for one in (table.title or "—", *titles))
    return settings_fault(form, export, "tables", titles[0], sheet=table.sheet.name, named=named)


def void_rows(table: Headed, rows: Sequence[Sequence[Cell]], export: Export, form: Form) -> Iterator[Problem]:
    """That rows are counted whose state says that they are void, because the mapping does not look at that column."""
    for place, cell in enumerate(table.headings.cells):
        heading = "" if cell is None else shown(cell).strip()
        if not plain(heading).casefold().endswith(_STATE_ENDS) or _is_named(heading, export):
            continue
        states = Counter(plain(shown(row[place])) for row in rows if row[place] is not None)
        void = {state: count for state, count in states.items() if state.casefold() in VOID_STATES}
        if void:
            named = "、".join(f"{state}×{count}" for state, count in states.most_common(MOST_UNITS))
            details = (("heading", heading), ("count", str(sum(void.values()))), ("values", quoted(named)))
            yield Problem("rows_void", "note", form=form.key, sheet=table.sheet.name, details=details)


def _is_named(heading: str, export: Export) -> bool:
    named = {*export.where, *(text for name in export.columns for text in export.headers_of(name))}
    return any(plain(text).casefold() == plain(heading).casefold() for text in named)
