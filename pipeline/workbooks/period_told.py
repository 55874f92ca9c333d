"""What is told of the months of a longer period: how forecasts fared, findings and measures, who reported."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pandas as pd

from pipeline.base.frames import records
from pipeline.contract.figure import Figure, Level
from pipeline.workbooks.blocks import Cell, Chart, Column, Look, Note, Series, SheetPlan, Shown, Table
from pipeline.workbooks.parts import chart_row
from pipeline.workbooks.period_figures import span_months
from pipeline.workbooks.sheets import form_names, plan_sheet
from pipeline.workbooks.view import View, number, text
from schemas.form import region_forms

MODEL = "model"
FARED = ("forecast", "low80", "high80", "actual")
_PERCENT = 100.0
_GRAVEST = 3
MOST_RULES = 40
_TABLE_SIGNS = "abcdefghijklmnopqrstuvwxyz0123456789_"


def own_rows(view: View, name: str) -> pd.DataFrame:
    """The rows of a frame of the report's entity."""
    frame = view.detail(name)
    if frame.empty:
        return frame
    return frame[(frame["level"] == view.report.level) & (frame["entity_id"] == view.report.entity_id)]


# ---- forecasts


def fared_sheet(view: View, level: Level, *, locked: bool = False) -> SheetPlan | None:
    """How the forecasts of the months fared: a row a month beside what came, then everybody's hits."""
    figures = view.those_of(view.report.settings.profile.forecast_figures)
    tables = {figure.key: table for figure in figures if (table := _fared_table(view, figure)) is not None}
    everybody = None if locked else _fared_by_entity(view, figures, level)
    if not tables and everybody is None:
        return None
    charts = [_fared_chart(view, one, tables[one.key]) for one in figures if one.key in tables]
    drawn = chart_row([one for one, table in zip(charts, tables.values(), strict=True) if len(table.rows) > 1])
    blocks = [*tables.values(), drawn, everybody, Note(view.word("note.fared"))]
    return plan_sheet(view, "period_fared", blocks, locked=locked)


def _of_model(frame: pd.DataFrame, figure: Figure) -> pd.DataFrame:
    """What the model told of a figure, beside what came; none where neither was ever anything."""
    if frame.empty:
        return frame
    own = frame[(frame["measure"] == figure.key) & (frame["source"] == MODEL)]
    return own if own[["forecast", "actual"]].fillna(0.0).to_numpy().any() else own.iloc[:0]


def _fared_table(view: View, figure: Figure) -> Table | None:
    rows = records(_of_model(own_rows(view, "period_fared"), figure))
    if not rows:
        return None
    columns = (
        Column("month", view.word("column.month")),
        *(Column(one, view.word(f"column.fared_{one}"), view.style(figure), blank=True) for one in FARED),
        Column("error", view.word("column.fared_error"), "change_percent"),
        Column("hit", view.word("column.fared_hit")),
    )
    cells = tuple(_fared_row(view, figure, row) for row in rows)
    return Table(
        f"fared_{_plain(figure.key)}", view.word("table.fared", figure=view.titled(figure)), columns, cells
    )


def _fared_chart(view: View, figure: Figure, table: Table) -> Chart:
    looks: Mapping[str, Look] = {"actual": "main", "forecast": "issued", "low80": "bound", "high80": "bound"}
    series = tuple(
        Series(view.word(f"column.fared_{one}"), table.name, one, look, "" if look == "main" else "line")
        for one, look in looks.items()
    )
    alt = view.word("alt.fared", figure=view.label(figure), count=len(table.rows))
    title = view.word("chart.fared", figure=view.label(figure))
    return Chart(title, "column", (table.name, "month"), series, view.unit(figure), alt, least=0)


def _fared_row(view: View, figure: Figure, row: Mapping[str, Any]) -> tuple[Cell, ...]:
    forecast, actual, hit = (number(row[one]) for one in ("forecast", "actual", "hit80"))
    error = _PERCENT * (forecast - actual) / actual if forecast is not None and actual else None
    style = view.style(figure)
    shown = (Shown(view.scaled(figure, number(row[one])), style) for one in FARED)
    return (text(row["month"]), *shown, error, _hit_word(view, hit))


def _hit_word(view: View, hit: float | None) -> Shown:
    if hit is None:
        return Shown(None)
    return Shown(view.word("fared.inside" if hit else "fared.outside"), "", "green" if hit else "red")


def _fared_by_entity(view: View, figures: Sequence[Figure], level: Level) -> Table | None:
    """One row an entity: in how many months what came lay inside the interval, and the weighted error."""
    frame = view.detail("period_fared")
    if frame.empty or not figures:
        return None
    rows = []
    for entity in view.entities(level):
        own = frame[(frame["level"] == level) & (frame["entity_id"] == entity)]
        cells = [cell for figure in figures for cell in _hits(own, figure)]
        if any(cell is not None for cell in cells):
            rows.append((view.name(level, entity), *cells))
    if not rows:
        return None
    columns = [Column("entity", view.level_word(level, heading=True))]
    for place, figure in enumerate(figures):
        label = view.label(figure)
        columns += [
            Column(f"months_{place}", view.word("column.fared_months", figure=label), "number0"),
            Column(f"hits_{place}", view.word("column.fared_hits", figure=label), "number0"),
            Column(f"wape_{place}", view.word("column.fared_wape", figure=label), "percent1"),
        ]
    title = view.word("table.fared_by", level=view.level_word(level))
    return Table("fared_entities", title, tuple(columns), tuple(rows))


def _hits(own: pd.DataFrame, figure: Figure) -> tuple[float | None, float | None, float | None]:
    rows = _of_model(own, figure)
    if rows.empty:
        return None, None, None
    judged, came = rows["hit80"].dropna(), float(rows["actual"].abs().sum())
    error = float((rows["forecast"] - rows["actual"]).abs().sum())
    return float(len(judged)), float(judged.sum()), _PERCENT * error / came if came else None


def _plain(key: str) -> str:
    return "".join(sign for sign in key.lower() if sign in _TABLE_SIGNS)


# ---- findings


def rules_sheet(view: View, *, locked: bool = False) -> SheetPlan | None:
    """Which rule was found in which months: of the entity, then of those below."""
    blocks = [_rules_table(view, own_rows(view, "period_rules")), None if locked else _rules_below(view)]
    tables = [one for one in blocks if one is not None]
    if not tables:
        return None
    return plan_sheet(view, "period_rules", [*tables, Note(view.word("note.rules"))], locked=locked)


def _rules_table(view: View, frame: pd.DataFrame) -> Table | None:
    if frame.empty:
        return None
    columns = (
        Column("rule", view.word("column.rule")),
        Column("severity", view.word("column.severity")),
        *(Column(str(one), str(one), "number0", blank=True) for one in span_months(view)),
        Column("months", view.word("column.rule_months"), "number0"),
    )
    rows = tuple(_rule_row(view, str(rule), own) for rule, own in frame.groupby("rule", sort=False))
    return Table("period_rules", view.word("table.rules"), columns, rows)


def _rule_row(view: View, rule: str, own: pd.DataFrame) -> tuple[Cell, ...]:
    counts = dict(zip(own["month"].astype("str"), own["findings"].astype("float64"), strict=True))
    each = tuple(counts.get(str(one)) for one in span_months(view))
    return (rule_word(view, rule), _severity(view, own), *each, float(own["month"].nunique()))


def rule_word(view: View, rule: str) -> str:
    """What a rule finds, in a few words."""
    known = f"findings.{rule}.title"
    return view.words(known) if view.words.has(known) else rule


def _severity(view: View, own: pd.DataFrame) -> Shown:
    grave = int(own["severity"].max())
    known = f"findings.severity_{grave}"
    return Shown(
        view.words(known) if view.words.has(known) else str(grave), "", "red" if grave == _GRAVEST else "plain"
    )


def _rules_below(view: View) -> Table | None:
    """Those that were found of managers (of regions, for headquarters) in more than one month, most months first."""
    level: Level = "region" if view.report.level == "organisation" else "manager"
    frame = view.detail("period_rules")
    if frame.empty:
        return None
    below = frame[frame["level"] == level]
    groups = [
        (len(own), str(entity), str(rule), own) for (entity, rule), own in below.groupby(["entity_id", "rule"])
    ]
    chosen = sorted((one for one in groups if one[0] > 1), key=lambda one: (-one[0], one[1], one[2]))[:MOST_RULES]
    if not chosen:
        return None
    columns = (
        Column("rule", view.word("column.rule")),
        Column("severity", view.word("column.severity")),
        *(Column(str(one), str(one), "number0", blank=True) for one in span_months(view)),
        Column("months", view.word("column.rule_months"), "number0"),
        Column("entity", view.level_word(level, heading=True)),
    )
    rows = tuple((*_rule_row(view, rule, own), view.name(level, entity)) for _, entity, rule, own in chosen)
    return Table("period_rules_below", view.word("table.rules_below", level=view.level_word(level)), columns, rows)


# ---- who reported


def reports_sheet(view: View) -> SheetPlan | None:
    """A row a manager and a column a month: all forms there, or which are missing."""
    board = view.report.submissions
    board = board[board["manager_id"].astype("bool") & board["form"].astype("bool")]
    board = board[~board["form"].isin([one.key for one in region_forms(view.forms)])]
    if board.empty:
        return None
    there = set(zip(board["manager_id"].astype("str"), board["month"].astype("str"), strict=True))
    frame = view.detail("period_missing")
    lacking = {(text(one["entity_id"]), text(one["month"])): text(one["forms"]) for one in records(frame)}
    columns = (
        Column("manager", view.word("column.manager")),
        *(Column(str(one), str(one), wrap=True, units=18) for one in span_months(view)),
    )
    months = [str(one) for one in span_months(view)]

    def row(manager: str) -> tuple[Cell, ...]:
        return (view.name("manager", manager), *(_reported(view, manager, one, there, lacking) for one in months))

    rows = tuple(row(manager) for manager in sorted({one for one, _ in there}))
    table = Table("period_reports", "", columns, rows, empty=view.word("empty.submissions"))
    return plan_sheet(view, "period_reports", [table, Note(view.word("note.reports"))], freeze_columns=1)


def _reported(
    view: View, manager: str, month: str, there: Iterable[tuple[str, str]], lacking: Mapping[tuple[str, str], str]
) -> Shown:
    if (manager, month) in lacking:
        forms = form_names(view, lacking[manager, month].split(","))
        return Shown(view.word("reports.lacking", forms=forms), "", "red")
    return Shown(view.word("reports.whole") if (manager, month) in there else None, "", "muted")
