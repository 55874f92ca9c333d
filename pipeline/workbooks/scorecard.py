"""The scorecard (绩效考核) on sheets: who ranks where, and what each indicator brought; a manager's own.

All of it is read from the detail frame `scorecard` (see `figures/scorecard.py`), whose rows are cut for the report:
a manager's workbook holds own rows only, so that its ranks name nobody.
"""

from collections.abc import Sequence

from pipeline.contract.figure import Level
from pipeline.workbooks.blocks import Block, Cell, Chart, Column, Link, Note, Series, SheetPlan, Shown, Table
from pipeline.workbooks.scorecard_rows import GRADE_ROW, SCORE_ROW, Row, cards
from pipeline.workbooks.sheets import plan_sheet
from pipeline.workbooks.view import GLOSSARY_TABLE, View, number, text

FULL = 100.0
LEAST_BARS, MOST_BARS = 3, 40


def scorecard_sheet(view: View) -> SheetPlan | None:
    """Managers in their ranks; None where nobody is judged."""
    return _ranking_sheet(view, "scorecard", "manager")


def region_scorecard_sheet(view: View) -> SheetPlan | None:
    """Regions in their ranks."""
    return _ranking_sheet(view, "scorecard_regions", "region")


def _ranking_sheet(view: View, key: str, level: Level) -> SheetPlan | None:
    if not cards(view):
        return None
    table = ranking_table(view, level)
    return plan_sheet(view, key, [table, _score_chart(view, table, level), _about(view)], freeze_columns=1)


def scorecard_detail_sheet(view: View) -> SheetPlan | None:
    """Every judged entity with each indicator, as one long list to be filtered."""
    if not cards(view):
        return None
    columns = (Column("entity", view.word("column.entity")), *_indicator_columns(view))
    order = [key for level in ("organisation", "region", "manager") for key in _ranked(view, level)]
    rows = tuple((_name(view, *key), *_indicator_row(view, row)) for key in order for row in cards(view)[key])
    legend = _legend(view, [row for key in order for row in cards(view)[key]])
    table = Table("scorecard_details", "", columns, rows, legend=legend, empty=view.word("empty.entities"))
    return plan_sheet(view, "scorecard_details", [table, Note(view.word("note.scorecard_details"))])


def own_scorecard_sheet(view: View) -> SheetPlan | None:
    """One manager's own: score, grade, ranks without names, and how each indicator came about."""
    own = cards(view).get((view.report.level, view.report.entity_id))
    if not own:
        return None
    title = view.word("table.scorecard_indicators")
    rows = tuple(_indicator_row(view, row) for row in own)
    table = Table("scorecard_indicators", title, tuple(_indicator_columns(view)), rows, legend=_legend(view, own))
    blocks: list[Block | None] = [_result_table(view, own[0]), table, _groups_table(view, own), _about(view)]
    return plan_sheet(view, "scorecard", blocks, locked=True)


def ranking_table(view: View, level: Level) -> Table:
    """One row an entity, best first: score, grade, ranks, and the completion of each indicator (%)."""
    is_manager = level == "manager"
    columns = [Column("entity", view.level_word(level, heading=True))]
    if is_manager and view.report.level == "organisation":
        columns.append(Column("region", view.level_word("region", heading=True)))
    columns += [
        Column("score", view.word("column.score"), "number1", bar=True),
        Column("grade", view.word("column.grade")),
        Column("rank_in_organisation", view.word("column.rank_in_organisation"), "rank"),
    ]
    if is_manager:
        columns.append(Column("rank_in_region", view.word("column.rank_in_region"), "rank"))
    columns += [
        Column(f"completion_{place}", view.word("column.completion_of", name=name), "percent1", flag_below=FULL)
        for place, name in enumerate(_indicator_names(view))
    ]
    keys = _ranked(view, level)
    rows = tuple(_ranking_row(view, key, columns) for key in keys)
    return Table(
        f"scorecard_{level}s",
        view.word("table.scorecard", level=view.level_word(level)),
        tuple(columns),
        rows,
        tuple(entity for _, entity in keys),
        summary=_ranking_row(view, (view.report.level, view.report.entity_id), columns),
        legend=_legend(view, [row for key in keys for row in cards(view)[key]]),
        empty=view.word("empty.entities"),
    )


def _ranked(view: View, level: str) -> list[tuple[str, str]]:
    """The entities of a level, best first; those without a rank last."""

    def place(key: tuple[str, str]) -> tuple[float, float, str]:
        first = cards(view)[key][0]
        rank = number(first["rank_in_organisation"])
        return (rank if rank is not None else float("inf"), -(number(first["score"]) or 0), key[1])

    return sorted((key for key in cards(view) if key[0] == level), key=place)


def _ranking_row(view: View, key: tuple[str, str], columns: Sequence[Column]) -> tuple[Cell, ...]:
    rows = cards(view).get(key, [])
    first = rows[0] if rows else {}
    known: dict[str, Cell] = {
        "entity": _name(view, *key),
        "region": view.name("region", text(first.get("region_id"))) or None,
        "score": number(first.get("score")),
        "grade": text(first.get("grade")) or None,
        "rank_in_organisation": number(first.get("rank_in_organisation")),
        "rank_in_region": number(first.get("rank_in_region")),
    }
    completions = {f"completion_{place}": _completion(view, row) for place, row in enumerate(rows)}
    return tuple((known | completions).get(column.key) for column in columns)


def _completion(view: View, row: Row) -> Cell:
    """An indicator's completion, or why it does not count."""
    value = number(row["completion"])
    if value is not None:
        return value
    return Shown(view.word(f"indicator_state.{text(row['state'])}"), "text", "muted")


def _indicator_columns(view: View) -> tuple[Column, ...]:
    return (
        Column("indicator", view.word("column.figure")),
        Column("group", view.word("column.group")),
        Column("unit", view.word("column.unit")),
        Column("value", view.word("column.value"), "number2"),
        Column("target", view.word("column.target_value"), "number2"),
        Column("target_from", view.word("column.target_from")),
        Column("completion", view.word("column.completion_limited"), "percent1", flag_below=FULL),
        Column("weight", view.word("column.weight"), "percent1"),
        Column("weight_used", view.word("column.weight_used"), "percent1"),
        Column("points", view.word("column.points"), "number2"),
    )


def _indicator_row(view: View, row: Row) -> tuple[Cell, ...]:
    figure = view.figures[text(row["figure"])]
    style = view.style(figure)
    source = text(row["target_from"])
    return (
        view.to_glossary(figure),
        _group_word(view, text(row["group"])),
        view.unit(figure),
        Shown(view.scaled(figure, number(row["value"])), style),
        Shown(view.scaled(figure, number(row["target"])), style),
        view.word(f"target_from.{source}") if source else None,
        _completion(view, row),
        number(row["weight"]),
        number(row["weight_used"]),
        number(row["points"]),
    )


def _result_table(view: View, first: Row) -> Table:
    """Score, grade and ranks of the report's entity; of how many, but not of whom."""
    facts: tuple[tuple[Cell, Cell], ...] = (
        (Link(view.word("column.score"), GLOSSARY_TABLE, SCORE_ROW), Shown(number(first["score"]), "number1")),
        (Link(view.word("column.grade"), GLOSSARY_TABLE, GRADE_ROW), text(first["grade"]) or None),
        (view.word("column.rank_in_region"), _place_of(view, first, "in_region")),
        (view.word("column.rank_in_organisation"), _place_of(view, first, "in_organisation")),
    )
    columns = (
        Column("fact", view.word("column.fact"), units=22),
        Column("result", view.word("column.result"), units=24),
    )
    return Table("scorecard_result", view.word("table.scorecard_result"), columns, facts)


def _place_of(view: View, row: Row, where: str) -> str | None:
    rank, of = number(row[f"rank_{where}"]), number(row[f"ranked_{where}"])
    return None if rank is None or of is None else view.word("rank_of", rank=int(rank), of=int(of))


def _group_word(view: View, key: str) -> str:
    own = view.report.settings.profile.groups.get(key)
    return view.words.pick(own.zh, own.en) if own else view.word(f"group.{key}")


def _groups_table(view: View, own: Sequence[Row]) -> Table:
    """The groups of indicators: weight together, and the score over the group alone."""
    weights: dict[str, float] = {}
    for row in own:
        weights[text(row["group"])] = weights.get(text(row["group"]), 0.0) + (number(row["weight"]) or 0.0)
    scores = {text(row["group"]): number(row["group_score"]) for row in own}
    columns = (
        Column("group", view.word("column.group")),
        Column("weight", view.word("column.weight"), "percent1"),
        Column("score", view.word("column.group_score"), "number1", bar=True),
    )
    rows = tuple((_group_word(view, key), weight, scores[key]) for key, weight in weights.items())
    return Table("scorecard_groups", view.word("table.scorecard_groups"), columns, rows)


def _score_chart(view: View, table: Table, level: Level) -> Chart | None:
    if not LEAST_BARS <= len(table.rows) <= MOST_BARS:
        return None
    title = view.word("chart.scores", level=view.level_word(level))
    series = (Series(view.word("column.score"), table.name, "score"),)
    alt = view.word("alt.entities", title=title, count=len(table.rows))
    return Chart(title, "column", (table.name, "entity"), series, view.word("unit.分"), alt, least=0)


def _about(view: View) -> Note:
    card = view.report.settings.profile.scorecard
    about = view.word("note.scorecard", least=f"{100 * card.least_weight:g}", spread=spread_text(view))
    shares = card.shares_in(view.report.month.year)
    if not shares:
        return Note(about)
    each = (f"{_group_word(view, key)}{view.words.pick('', ' ')}{100 * one:g}%" for key, one in shares.items())
    told = view.words.pick("、", ", ").join(each)
    more = view.word("note.scorecard_shares", year=view.report.month.year, shares=told)
    return Note(view.words.pick("", " ").join((about, more)))


def spread_text(view: View) -> str:
    """Where the weight of what has no data goes."""
    shares = view.report.settings.profile.scorecard.shares_in(view.report.month.year)
    return view.word("scorecard_spread.within_groups" if shares else "scorecard_spread.over_all")


def _legend(view: View, rows: Sequence[Row]) -> str:
    """The legend of the shading, and of the words that stand for what does not count."""
    texts = [view.word("legend.below_target")]
    states = dict.fromkeys(text(row["state"]) for row in rows)
    texts += [view.word(f"legend.{state}") for state in states if state != "counted"]
    return view.words.pick("", " ").join(texts)


def _indicator_names(view: View) -> list[str]:
    first = next(iter(cards(view).values()))
    return [view.label(view.figures[text(row["figure"])]) for row in first]


def _name(view: View, level: str, entity: str) -> str:
    return view.organisation if level == "organisation" else view.name(level, entity)
