"""The list of prospects, column by column as people read it."""

import pandas as pd

from pipeline.workbooks.blocks import Cell, Column, Shown, Table, Tone
from pipeline.workbooks.details import choice_words, day, detail_table, header, labels, numbers, unique_keys
from pipeline.workbooks.view import View, text
from schemas.prospects import GIVEN_UP, SIGNED

NAME = "prospects_of_month"
COLUMNS = (
    "state", "prospect_no", "name", "kind", "rooms", "service_now", "wants", "address", "manager_id", "surveyed_on",
    "signed_on", "way",
)  # fmt: skip
_LONG = {"wants": 22, "address": 22}
_TONES: dict[str, Tone] = {SIGNED: "green", GIVEN_UP: "muted"}


def prospect_table(view: View) -> Table:
    """The prospects in hand and those settled in the month, the nearest to signing and the largest first."""
    return view.once(NAME, lambda: _prospect_table(view))


def _prospect_table(view: View) -> Table:
    frame, form = view.detail(NAME), view.forms["prospects"]
    names = [one for one in COLUMNS if one == "manager_id" or one in form.dtypes]
    cells = [] if frame.empty else [_cells(view, one, frame) for one in names]
    keys = unique_keys(frame["prospect_no"]) if cells else ()
    return detail_table(view, NAME, [_column(view, one) for one in names], cells, keys)


def _column(view: View, name: str) -> Column:
    style = (
        "day" if name.endswith("_on") else "number0" if name == "rooms" else "note" if name in _LONG else "text"
    )
    return Column(name, header(view, "prospects", name), style, wrap=name in _LONG, units=_LONG.get(name, 0))


def _cells(view: View, name: str, frame: pd.DataFrame) -> list[Cell]:
    if name.endswith("_on"):
        return [day(one) for one in frame[name].tolist()]
    if name == "rooms":
        return list(numbers(frame, name))
    if name == "manager_id":
        return [view.name("manager", text(one)) or None for one in frame[name].tolist()]
    if name != "state":
        return labels(view, "prospects", name, frame)
    states = choice_words(view, "prospects", "state")
    return [Shown(states[one], "", _TONES.get(one, "plain")) for one in map(text, frame["state"].tolist())]
