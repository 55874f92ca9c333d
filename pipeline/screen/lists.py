"""What `yuebao verify`, `trace` and `check` found, line by line or as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from pipeline.base.files import readable_name
from pipeline.contract.problem import problem_sentence, problems_frame
from pipeline.intake.table import SAID
from pipeline.words import Words
from schemas.decisions import LIST as DECISIONS
from schemas.form import Form
from schemas.profile import Profile

if TYPE_CHECKING:
    from pipeline.commands.trace import Item, Trace
    from pipeline.commands.trace_decisions import Decision
    from pipeline.commands.verify import Fault
    from pipeline.taking.checking import CheckedFile


def faults_lines(faults: Sequence[Fault], files: int, words: Words, *, as_json: bool) -> Iterator[str]:
    """What `yuebao verify` found, a line a fault, or as JSON."""
    if as_json:
        yield json.dumps([{"kind": one.kind, "path": one.path} for one in faults], ensure_ascii=False, indent=2)
        return
    yield from (words(f"run.verify.{one.kind}", path=one.path) for one in faults)
    key = "faults" if faults else "fine"
    yield words(f"run.verify.{key}", count=len(faults), files=files)


def trace_lines(trace: Trace, words: Words, *, as_json: bool) -> Iterator[str]:
    """The rows behind a figure, with what each adds, and the sums."""
    if as_json:
        yield json.dumps(trace.as_json(), ensure_ascii=False, indent=2, default=str)
        return
    figure = words.pick(trace.figure.zh, trace.figure.en)
    yield words("run.trace.title", figure=figure, entity=trace.entity_id, month=trace.month,
                value=_number(trace.value), numerator=_number(trace.numerator),
                denominator=_number(trace.denominator))  # fmt: skip
    for part, grain in trace.grains:
        yield words(f"run.trace.{part}", grain=words(f"run.trace.{grain}"))
        for one in trace.items:
            if one.part == part:
                yield _item_line(one)


def decision_lines(decided: Sequence[Decision], words: Words, profile: Profile, *, as_json: bool) -> Iterator[str]:
    """What was decided, matter by matter, the decisions that later ones took the place of among them."""
    if as_json:
        yield json.dumps([vars(one) for one in decided], ensure_ascii=False, indent=2)
        return
    named = {one.key: words.pick(one.zh, one.en) for one in profile.choices(DECISIONS)}
    before = ""
    for one in decided:
        if one.reference != before:
            yield words("run.trace.matter", reference=one.reference, region=one.region_id)
        before = one.reference
        state = words(f"run.trace.{'stands' if one.stands else 'replaced'}")
        said = "  ".join(
            part for part in (named.get(one.decision, one.decision), one.decided_on, one.remark) if part
        )
        yield f"  {state}  {one.month}  {said}  {one.file} · {one.sheet} · {one.row}"


def _item_line(item: Item) -> str:
    place = f"{item.file} · {item.sheet} · {item.row}" if item.row else ""
    names = " ".join(one for one in (item.manager_id, item.customer_id) if one)
    cells = "  ".join(f"{name}={cell}" for name, cell in item.values)
    return f"  {_number(item.contribution):>12}  {names}  {place}  {cells}".rstrip()


def _number(value: float | None) -> str:
    return "—" if value is None else f"{value:,.6f}".rstrip("0").rstrip(".")


def checked_lines(
    checked: Sequence[CheckedFile], words: Words, forms: Mapping[str, Form], *, as_json: bool
) -> Iterator[str]:
    """What `yuebao check` found, as sentences or as JSON in the columns of `problems.csv`."""
    if as_json:
        frame = problems_frame([problem for one in checked for problem in one.problems], forms, words)
        yield json.dumps(frame.to_dict("records"), ensure_ascii=False, indent=2)
        return
    for one in checked:
        key = "problems" if one.problems else "fine"
        yield words(f"run.check.{key}", file=readable_name(one.path.name), count=len(one.problems))
        left_out = sum(account.left_out for account in one.accounts)
        not_data = sum(n for account in one.accounts for reason, n in account.not_data if reason in SAID)
        if left_out or not_data:
            kept = sum(account.kept for account in one.accounts)
            yield f"  {words('run.check.account', kept=kept, left_out=left_out, not_data=not_data)}"
        yield from _book_lines(one, words)
        yield from (f"  {problem_sentence(problem, forms, words)}" for problem in one.problems)


def _book_lines(checked: CheckedFile, words: Words) -> Iterator[str]:
    """That a file is a sign-in book, and how much of it is filled in."""
    for account in checked.accounts:
        if account.is_sign_in_book:
            yield words(
                "run.check.book", kept=account.data_rows, empty=dict(account.not_data).get("not_visited", 0)
            )
