"""Lists drawn from an office's own table, as a workbook of master data to be completed, and what changed in them."""

from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from pipeline.base.calendar import Month
from pipeline.base.errors import YuebaoError
from pipeline.contract.settings import Settings
from pipeline.mapping.derive import Derived
from pipeline.templates.write import write_template
from schemas.form import Form


def write_lists(lists: Sequence[Derived], path: Path, settings: Settings, month: Month) -> Path:
    """Writes the lists into the template of master data; what they do not tell stays empty. They hold from the first
    month of the table on, or from `month` where it does not tell one.

    Raises:
        YuebaoError: the table tells no list, or there is such a file already.
    """
    words = settings.words
    if not lists:
        raise YuebaoError(words("mapping.no_lists"))
    if path.exists():
        raise YuebaoError(words("mapping.lists_there", path=path))
    forms = settings.profile.forms
    since = min((one.since for one in lists if one.since), default=str(month))
    rows = {one.form: rows_of(one, forms[one.form]) for one in lists}
    path.parent.mkdir(parents=True, exist_ok=True)
    masters = [form for form in forms.values() if form.kind == "master" and form.key in rows]
    write_template(
        path,
        masters,
        words,
        settings.profile,
        month=Month.parse(since),
        rows=rows,
        example_rows=False,
        spare_rows=20,
    )
    return path


def rows_of(one: Derived, form: Form) -> pd.DataFrame:
    """The rows of a list with all columns of its form, as texts; what the table does not tell is empty, but for what
    must be there and is the same for most (a customer that buys is active): that is the first entry of its list."""
    told = pd.DataFrame([list(row) for row in one.rows], columns=list(one.columns), dtype="object")
    usual = {column.name: column.choices[0].key for column in form.columns if column.required and column.choices}
    return pd.DataFrame(
        {
            column.name: told[column.name].where(told[column.name] != "", None)
            if column.name in told
            else pd.Series([usual.get(column.name)] * len(told), dtype="object")
            for column in form.columns
        }
    )
