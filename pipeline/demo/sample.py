"""The sample organisation as the subjects of its trade make their rows of it: each in its module `demo`.

Such a module has `rows_of(sample, month)`, everybody's rows of the subject's form with `manager_id`; one may have
`targets_of(sample)`, the rows of the form of targets for all months, and `masters_of(sample, month)`, rows of master
forms that go with its own.
"""

import importlib
from collections.abc import Callable
from dataclasses import dataclass, field
from types import ModuleType
from typing import Any, TypeVar

import pandas as pd

from pipeline.base.calendar import Month
from pipeline.contract.subjects import subject_of, subjects_in_use, subjects_with
from pipeline.demo.people import Organisation
from schemas.profile import Profile

Made = TypeVar("Made")
TARGETS = "targets"


@dataclass(frozen=True)
class Sample:
    """An organisation, its trade, and how many products a customer orders at a time."""

    organisation: Organisation
    profile: Profile
    lines_per_order: float
    _made: dict[object, Any] = field(default_factory=dict, repr=False, compare=False)

    def once(self, make: Callable[[Organisation], Made]) -> Made:
        """What is made of the whole organisation, made at the first call only."""
        if make not in self._made:
            self._made[make] = make(self.organisation)
        made: Made = self._made[make]
        return made


def forms_of_demo(profile: Profile) -> tuple[str, ...]:
    """The forms that managers send and a subject makes rows of."""
    sent = (*profile.monthly_forms, *profile.other_forms)
    return tuple(form for form in sent if subject_of(form, profile) in subjects_with("demo"))


def rows_of(sample: Sample, month: Month) -> dict[str, pd.DataFrame]:
    """Everybody's rows of a month by form, in the columns that the trade has."""
    return {form: _rows_of(sample, month, form) for form in forms_of_demo(sample.profile)}


def _rows_of(sample: Sample, month: Month, form: str) -> pd.DataFrame:
    rows: pd.DataFrame = _of_subject(subject_of(form, sample.profile)).rows_of(sample, month)
    types = sample.profile.forms[form].dtypes
    return rows[[*types, "manager_id"]].astype(types)


def targets_of(sample: Sample) -> dict[str, pd.DataFrame]:
    """The rows of the form of targets for all months, from the subjects that set any."""
    subjects = (subject_of(form, sample.profile) for form in forms_of_demo(sample.profile))
    setters = [one for subject in subjects if hasattr(one := _of_subject(subject), "targets_of")]
    made = [one.targets_of(sample) for one in setters]
    return {TARGETS: pd.concat(made, ignore_index=True)} if made else {}


def masters_of(sample: Sample, month: Month) -> dict[str, pd.DataFrame]:
    """The month's rows of master forms that a subject makes, beside those of people, customers and products."""
    makers = [_of_subject(one) for one in subjects_in_use(sample.profile) if one in subjects_with("demo")]
    return {
        key: rows
        for one in makers
        if hasattr(one, "masters_of")
        for key, rows in one.masters_of(sample, month).items()
    }


def _of_subject(subject: str) -> ModuleType:
    return importlib.import_module(f"pipeline.subjects.{subject}.demo")
