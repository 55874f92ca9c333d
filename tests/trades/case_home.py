"""A home from tables of rows: filled into the trade's real templates, a workbook a manager and month, and dropped into
the inbox.

A table is a CSV file a form with the columns of the form; what says whose and of which month a row is stands beside
them (`manager_id`, `month`, `valid_from` of master data). Choices stand in Chinese as people type them.
A form without rows is ticked as nil.
"""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TextIO

import pandas as pd

from pipeline.base.calendar import Month
from pipeline.contract.settings import Settings, load_settings
from pipeline.templates.plan import Manager
from pipeline.templates.write import write_template
from pipeline.words import load_words
from schemas.columns import Column
from schemas.form import Form

WEEKDAYS = tuple(f"周{one}" for one in "一二三四五六日")
Tables = Mapping[str, pd.DataFrame]


def tables_of(folder: Path) -> dict[str, pd.DataFrame]:
    """Every table of a folder, all cells as text, empty ones missing."""
    return {path.stem: table_of(path) for path in sorted(folder.glob("*.csv"))}


def table_of(source: Path | TextIO) -> pd.DataFrame:
    """One table, all cells as text."""
    return pd.read_csv(source, dtype="str", encoding="utf-8-sig", keep_default_na=False).replace("", pd.NA)


def make_home(home: Path, settings_text: str, tables: Tables, first: Month) -> Settings:
    """The folder with its settings, master data and every manager's forms of each month."""
    (home / "inbox").mkdir(parents=True)
    (home / "yuebao.toml").write_text(settings_text, encoding="utf-8")
    settings = load_settings(home)
    write_masters(home, settings, tables, first)
    write_forms(home, settings, tables)
    return settings


def write_masters(home: Path, settings: Settings, tables: Tables, first: Month, *, name: str = "masters") -> None:
    """A workbook of master data for the first month and for each from which some of it is valid."""
    forms = [form for form in settings.profile.forms.values() if form.kind == "master" and form.key in tables]
    dated = {str(one) for form in forms for one in tables[form.key].get("valid_from", pd.Series(dtype="str"))}
    for month in sorted({str(first), *dated}):
        known = {}
        for form in forms:
            rows = tables[form.key]
            if "valid_from" in rows:
                rows = rows[rows["valid_from"] == month]
            elif month != str(first):
                continue
            known[form.key] = rows
        _write(home / "inbox" / f"{name}_{month}.xlsx", settings, known, Month.parse(month), None)


def write_forms(home: Path, settings: Settings, tables: Tables) -> None:
    """A workbook for each manager and month that has a row in any table, with all forms that managers owe."""
    owed = {
        key: form
        for key, form in settings.profile.forms.items()
        if form.kind == "monthly" and (key in settings.profile.monthly_forms or key in tables)
    }
    given = {key: rows for key, rows in tables.items() if key in owed and "month" in rows}
    senders = sorted(
        {pair for rows in given.values() for pair in zip(rows["manager_id"], rows["month"], strict=True)}
    )
    names = dict(zip(tables["managers"]["manager_id"], tables["managers"]["manager_name"], strict=True))
    for manager, month in senders:
        own = {
            key: rows[(rows["manager_id"] == manager) & (rows["month"] == month)]
            for key, rows in ((key, given.get(key, _nothing())) for key in owed)
        }
        path = home / "inbox" / f"{month}_{manager}.xlsx"
        _write(path, settings, own, Month.parse(month), Manager(manager, names[manager]))


def _nothing() -> pd.DataFrame:
    return pd.DataFrame({"manager_id": pd.Series(dtype="str"), "month": pd.Series(dtype="str")})


def _write(path: Path, settings: Settings, tables: Tables, month: Month, manager: Manager | None) -> None:
    profile, words = settings.profile, load_words(settings.language)
    forms = [profile.forms[key] for key in tables]
    frames = {form.key: stored(form, tables[form.key], settings) for form in forms}
    nothing = [form.key for form in forms if form.kind == "monthly" and tables[form.key].empty]
    write_template(
        path,
        forms,
        words,
        profile,
        month=month,
        manager=manager,
        rows=frames,
        nil_forms=nothing,
        example_rows=False,
    )


def stored(form: Form, rows: pd.DataFrame, settings: Settings) -> pd.DataFrame:
    """Rows of text in the form's types."""
    columns = {
        one.name: _values(one, rows.get(one.name, pd.Series(pd.NA, index=rows.index)), settings)
        for one in form.columns
    }
    return pd.DataFrame(columns).astype(form.dtypes).reset_index(drop=True)


def _values(column: Column, texts: Iterable[object], settings: Settings) -> list[object]:
    return [None if pd.isna(text) else _value(column, str(text), settings) for text in texts]


def _value(column: Column, text: str, settings: Settings) -> object:
    if column.kind == "choice":
        choices = column.choices or settings.profile.choices(column.list_name)
        spoken = text.replace("周", "星期") if text in WEEKDAYS else text
        return next(one.key for one in choices if spoken in (one.key, one.zh, one.en))
    if column.kind == "clock":
        hour, _, minute = text.partition(":")
        return 60 * int(hour) + int(minute)
    if column.kind == "day":
        return pd.Timestamp(text)
    if column.kind == "flag":
        return text in ("是", "Yes")
    if column.kind == "whole":
        return int(text)
    return float(text) if column.kind in ("number", "money") else text
