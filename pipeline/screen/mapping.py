"""What `yuebao map` prints: what a file seems to be, the settings for it, and what would come of it."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from pathlib import Path

from pipeline.base.home import SETTINGS_FILE
from pipeline.commands.map import Mapped
from pipeline.mapping.proposal import SURE, Proposal
from pipeline.mapping.toml import block
from pipeline.mapping.trial import Trial
from pipeline.words import Words
from schemas.entities import MANAGER_ID
from schemas.form import Form

MOST_PROBLEMS, MOST_CHANGES = 8, 10
Forms = Mapping[str, Form]


def mapping_json(mapped: Mapped) -> str:
    """All that was seen, for programs."""
    seen = mapped.seen
    told = {
        "file": mapped.name,
        "proposals": [{**asdict(one), "toml": block(one.block)} for one in seen.proposals],
        "trial": asdict(seen.trial),
        "fault": seen.fault,
        "lists": [asdict(one) for one in seen.lists],
        "written": mapped.written,
    }
    return json.dumps(told, ensure_ascii=False, indent=2)


def mapping_lines(mapped: Mapped, home: Path, words: Words, forms: Forms) -> Iterator[str]:
    """What a person reads: the form, the columns, what is in doubt, the settings, the trial, what was written."""
    seen, first = mapped.seen, mapped.seen.proposals[0]
    yield from _form_lines(first, seen.proposals[1:], words, forms)
    yield from _doubt_lines(first, words, forms)
    yield words("mapping.says.block")
    yield from (f"  {line}" for line in block(first.block).splitlines())
    if seen.fault:
        yield seen.fault
    else:
        yield from _trial_lines(seen.trial, first, words, forms)
    yield from _list_lines(mapped, words, forms)
    if mapped.written:
        yield words("mapping.says.written", file=home / SETTINGS_FILE)
    elif not seen.fault and not first.missing:
        yield words("mapping.says.not_written")


def column_label(name: str, form: Form, words: Words) -> str:
    """What a column is called in the language of the reader."""
    if name == MANAGER_ID and name not in form.dtypes:
        return words("problems.manager_id")
    return next((words.pick(one.zh, one.en) for one in form.columns if one.name == name), name)


def _form_lines(first: Proposal, others: tuple[Proposal, ...], words: Words, forms: Forms) -> Iterator[str]:
    form = forms[first.form]
    how = "sure" if first.is_sure else "fairly" if first.sure >= SURE and not first.missing else "unsure"
    row, lines = first.header
    yield words(
        "mapping.says.form" if lines == 1 else "mapping.says.form_lines",
        form=words.pick(form.zh, form.en), how=words(f"mapping.says.{how}"), sheet=first.sheet, row=row, lines=lines,
    )  # fmt: skip
    for one in first.columns:
        label = f"{column_label(one.column, form, words)} {one.column}"
        yield "  " + words(
            "mapping.says.column", column=label, headings=" + ".join(one.headings), percent=round(one.sure * 100)
        )
    different = list(dict.fromkeys(forms[one.form].key for one in others if one.form != first.form))
    if different:
        yield words(
            "mapping.says.other", forms="、".join(words.pick(forms[key].zh, forms[key].en) for key in different)
        )


def _doubt_lines(first: Proposal, words: Words, forms: Forms) -> Iterator[str]:
    form = forms[first.form]
    if first.missing:
        labels = (column_label(one, form, words) for one in first.missing)
        yield words("mapping.says.missing", columns="、".join(labels))
    if first.doubts:
        yield words("mapping.says.doubts")
    for one in first.doubts:
        details = dict(one.details)
        if "column" in details:
            details["column"] = column_label(details["column"], form, words)
        yield "  " + words(f"mapping.doubt.{one.rule}", **details)


def _trial_lines(trial: Trial, first: Proposal, words: Words, forms: Forms) -> Iterator[str]:
    form = forms[first.form]
    if trial.rows:
        yield words("mapping.says.first_rows")
        yield "  " + " | ".join(column_label(one, form, words) for one in trial.headings)
        yield from ("  " + " | ".join(row) for row in trial.rows)
    if trial.counts:
        yield words("mapping.says.counts", **dict(trial.counts))
    for one in trial.sums:
        way = "sum" if not one.said else "sum_other" if one.differs else "sum_same"
        label = column_label(one.column, form, words)
        yield words(f"mapping.says.{way}", column=label, taken=one.taken, said=one.said)
    for rule, count in trial.problems[:MOST_PROBLEMS]:
        if rule not in ("more_cells", "not_data"):
            yield "  " + words("mapping.says.problem", rule=rule, count=count)


def _list_lines(mapped: Mapped, words: Words, forms: Forms) -> Iterator[str]:
    if mapped.lists is None:
        return
    named = (
        words("mapping.says.list", form=words.pick(forms[one.form].zh, forms[one.form].en), count=len(one.rows))
        for one in mapped.seen.lists
    )
    yield words("mapping.says.lists", path=mapped.lists, lists="、".join(named))
    changes = [(forms[one.form], change) for one in mapped.seen.lists for change in one.changes]
    for form, one in changes[:MOST_CHANGES]:
        yield "  " + words(
            "mapping.says.change", form=words.pick(form.zh, form.en), code=one.code, month=one.month,
            column=column_label(one.column, form, words), before=one.before, after=one.after,
        )  # fmt: skip
    if len(changes) > MOST_CHANGES:
        yield words("mapping.says.more_changes", count=len(changes) - MOST_CHANGES)
