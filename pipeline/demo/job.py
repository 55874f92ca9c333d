"""One workbook of the demo as a task that can be sent to another process."""

import datetime as dt
import os
from dataclasses import dataclass, replace
from pathlib import Path

from pipeline.base.moments import timestamp_of
from pipeline.contract import form_layout as layout
from pipeline.templates.plan import Contents, TemplatePlan, plan_template
from pipeline.templates.write import cell_name, write_plan
from pipeline.words import Language, load_words
from schemas.profile import Profile


@dataclass(frozen=True)
class Job:
    """One workbook to write: what it holds, and when it is said to have arrived."""

    path: Path
    forms: tuple[str, ...]
    language: Language
    profile: Profile
    contents: Contents
    received: dt.datetime

    @property
    def plan(self) -> TemplatePlan:
        """The template that the job fills."""
        forms = [self.profile.forms[key] for key in self.forms]
        return plan_template(forms, load_words(self.language), self.profile, self.contents)


def write_job(job: Job) -> Path:
    """Write one workbook, and date it as if it had arrived then; gives the file."""
    write_plan(job.path, job.plan)
    saved = timestamp_of(job.received)
    os.utime(job.path, (saved, saved))
    return job.path


def place_in(job: Job, form_key: str, column: str, row: int) -> tuple[str, str]:
    """Sheet and cell of a column in the form's row of that number; without a column the form's first."""
    form = job.profile.forms[form_key]
    no_rows = {key: rows.iloc[:0] for key, rows in job.contents.rows.items()}
    without_rows = replace(job, forms=(form_key,), contents=replace(job.contents, rows=no_rows))
    name = layout.sheet_name(form, job.language)
    sheet = next(sheet for sheet in without_rows.plan.sheets if sheet.name == name)
    heading = layout.heading(form.column(column) if column else form.columns[0], job.language)
    return name, cell_name(sheet, heading, row)
