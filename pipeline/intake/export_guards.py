"""What would be misread without a word: headings that are unclear, other units, tables under further titles, lines that
are void. Where only the settings can say what is meant, the run stops before anything is taken in."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from pipeline.contract.exports import Export, several
from pipeline.contract.problem import Problem, quoted
from pipeline.intake.headed import Headed, other_tables
from pipeline.intake.heading_units import is_unit, other_unit
from pipeline.intake.number_forms import is_money
from pipeline.intake.raw import Cell
from pipeline.intake.reading import shown
from pipeline.intake.text_forms import plain
from schemas.columns import Column
from schemas.form import Form

MOST_HEADINGS = 40  # that a sentence lists
MOST_UNITS = 12  # different words in a column of units
NUMBERS = ("whole", "number", "money")
UNIT_HEADINGS = frozenset(
    (
        "单位",
        "计量单位",
        "销售单位",
        "数量单位",
        "金额单位",
        "货币单位",
        "计价单位",
        "包装单位",
        "unit",
        "units",
        "uom",
        "单位名称",
    )
)
_STATE_ENDS = ("状态", "status", "state")
VOID_STATES = frozenset(
    (
        "作废", "已作废", "取消", "已取消", "无效", "已删除", "删除", "已撤销", "撤销", "已关闭", "红冲", "已红冲",
        "退回", "已驳回", "驳回", "草稿", "void", "voided", "cancelled", "canceled", "deleted", "invalid",
        "rejected", "draft",
    )
)  # fmt: skip


def settings_fault(form: Form, export: Export, fault: str, heading: str, **more: str) -> Problem:
    """What shows that the settings, and not the file, are wrong: the run stops, and the file stays where it is."""
    details = (("heading", heading), ("files", export.files), *more.items())
    sheet = export.sheet if isinstance(export.sheet, str) else ""
    return Problem(f"settings_{fault}", "form left out", form=form.key, sheet=sheet, details=details)


def what_is_unclear(table: Headed, export: Export, form: Form, wanted: Mapping[str, str]) -> Problem | None:
    """The first thing that only the settings can make clear; None where all is."""
    return (
        _unclear_heading(table, export, form, wanted)
        or _several_tables(table, export, form, wanted)
        or _in_other_unit(table, export, form)
        or _units_in_a_column(table, export, form)
    )


def _unclear_heading(table: Headed, export: Export, form: Form, wanted: Mapping[str, str]) -> Problem | None:
    """That several columns have a heading that the mapping names, or fit it equally: the settings must say which."""
    for text, key in wanted.items():
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


def _in_other_unit(table: Headed, export: Export, form: Form) -> Problem | None:
    """That a heading, the line of units below it or one above says that numbers are counted in another unit than the
    form's, and the mapping does not say what to multiply by."""
    for column in form.columns:
        texts = several(export.columns.get(column.name, ()))
        if not texts or column.name in export.times or column.name in export.unit_columns:
            continue
        place = table.headings.find(texts[0]).place
        if place is None:
            continue
        unit = _written_unit(table, place, column)
        if unit:
            said = {"setting": f"times.{column.name}", "written": unit, "unit": column.unit}
            return settings_fault(form, export, "heading_unit", texts[0], **said)
    return None


def _written_unit(table: Headed, place: int, column: Column) -> str:
    above = table.sheet.rows[: table.first]
    units = (
        cell
        for cell in _cells_below(table, place, 1)
        if isinstance(cell, str) and is_unit(plain(cell).strip("()"))
    )
    below = next((f"({plain(cell).strip('()')})" for cell in units), "")
    parts = table.headings.parts[place] if table.headings.parts else (table.headings.cells[place],)
    named = (other_unit(part, column, ()) for part in (*reversed(parts), below))
    return next((one for one in named if one), "") or other_unit(parts[-1] if parts else None, column, above)


def _cells_below(table: Headed, place: int, count: int) -> Sequence[Cell]:
    return [row[place] for row in table.sheet.rows[table.last + 1 : min(table.last + 1 + count, table.end)]]


def _units_in_a_column(table: Headed, export: Export, form: Form) -> Problem | None:
    """That a column of units beside the numbers has others than the form's, and the mapping says nothing of it."""
    for place, cell in enumerate(table.headings.cells):
        if cell is None or plain(shown(cell)).casefold().split("/")[-1] not in UNIT_HEADINGS:
            continue
        units = Counter(
            plain(one) for one in _cells_below(table, place, len(table.sheet.rows)) if isinstance(one, str)
        )
        known = [unit for unit in units if is_unit(unit)]
        if not known or len(units) > MOST_UNITS:
            continue
        for column in form.columns:
            suited = (unit for unit in known if _is_counted_so(column, unit, export))
            others = [unit for unit in suited if other_unit(f"x({unit})", column, ())]
            if others:
                said = {"setting": f"unit_columns.{column.name}", "units": "、".join(known), "unit": column.unit}
                return settings_fault(form, export, "unit_column", shown(cell), **said)
    return None


def _is_counted_so(column: Column, unit: str, export: Export) -> bool:
    """Whether a mapped column of numbers, of which nothing is said yet, may be counted in such a unit."""
    said = column.name in export.times or column.name in export.unit_columns
    mapped = column.name in export.given and column.name not in export.multiply
    money = unit.endswith("元")
    return mapped and not said and column.kind in NUMBERS and bool(column.unit) and is_money(column.unit) == money


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
