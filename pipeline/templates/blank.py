"""The blank templates that stand in `input_templates/`, and a manager's own."""

from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from pipeline.base.calendar import Month
from pipeline.base.safe_names import safe_name
from pipeline.contract.trade import words_of
from pipeline.templates.plan import Manager, Pack
from pipeline.templates.write import write_template
from pipeline.words import LANGUAGES, Words
from schemas.form import Form, FormKind, manager_forms, region_forms
from schemas.profile import Profile

_ENDING = ".xlsx"
ROWS_TO_ADD = 40  # below those that stand in a manager's own template: a page of them, where none do
_KINDS: tuple[tuple[FormKind, str], ...] = (("monthly", "monthly"), ("master", "master"))


def forms_of(kind: FormKind, profile: Profile) -> tuple[Form, ...]:
    """A trade's master forms, or the monthly ones that managers send, in the order of their sheets."""
    if kind == "monthly":
        return manager_forms(profile.forms)
    return tuple(form for form in profile.forms.values() if form.kind == kind)


def write_blank_templates(folder: Path, profile: Profile) -> tuple[Path, ...]:
    """Write every blank template, a folder a language; gives the files written."""
    written = []
    for language in LANGUAGES:
        words = words_of(language, profile)
        (folder / language).mkdir(parents=True, exist_ok=True)
        for kind, file_key in _KINDS:
            path = folder / language / words(f"templates.file.{file_key}")
            write_template(path, forms_of(kind, profile), words, profile)
            written.append(path)
        if own := region_forms(profile.forms):
            written.append(folder / language / words("templates.file.region"))
            write_template(written[-1], own, words, profile)
    return tuple(written)


def write_manager_template(
    folder: Path,
    words: Words,
    profile: Profile,
    month: Month,
    manager: Manager,
    masters: Mapping[str, pd.DataFrame],
    pack: Pack,
) -> Path:
    """Write one manager's template of a month: own customers and all products on offer, and the rows it comes with.

    `masters` are the frames valid in that month; customers who left are not offered. Gives the file.
    """
    path = folder / manager_file_name(words, month, manager)
    customers = masters["customers"]
    is_own = (customers["manager_id"] == manager.id) & (customers["status"] != "left")
    write_template(
        path,
        forms_of("monthly", profile),
        words,
        profile,
        month=month,
        manager=manager,
        customers=customers[is_own],
        products=masters.get("products"),
        pack=pack,
        spare_rows=ROWS_TO_ADD,
    )
    return path


def manager_file_name(words: Words, month: Month, manager: Manager) -> str:
    """What a manager's file of a month is called, such as 月报_2024-06_M001_李明.xlsx."""
    name = words("templates.file.manager", month=month, manager_id=manager.id, manager_name=manager.name)
    return safe_name(name.removesuffix(_ENDING), manager.id, _ENDING)
