"""What `yuebao why` says, short unless all of it is asked for."""

import json
from collections.abc import Iterator, Sequence

from pipeline.commands.why import MonthWhy
from pipeline.words import Words
from pipeline.work.why import Cause

_TOLD = 8  # causes and steps of a month that are told; the rest is counted


def why_lines(months: Sequence[MonthWhy], words: Words, *, as_json: bool, everything: bool) -> Iterator[str]:
    """What would be written and worked out, and what changed."""
    if as_json:
        yield json.dumps([one.as_json() for one in months], ensure_ascii=False, indent=2)
        return
    if not months:
        yield words("why.nothing")
    for one in months:
        yield from _of_month(one, words, len(one.to_make) + len(one.causes) if everything else _TOLD)


def _of_month(one: MonthWhy, words: Words, most: int) -> Iterator[str]:
    reasons = [words(f"why.reason.{reason}") for reason in one.reasons] or [words("why.stands")]
    yield words("why.month", month=one.month, reasons=words("why.between").join(reasons))
    causes = one.causes
    yield from (f"  {words('why.changed', what=cause_text(cause, words))}" for cause in causes[:most])
    if len(causes) > most:
        yield f"  {words('why.more', count=len(causes) - most)}"
    if not one.to_make:
        yield f"  {words('why.nothing_to_make')}"
        return
    steps: dict[str, list[str]] = {}
    for made in one.to_make:
        steps.setdefault(made.step, []).append(str(made.month))
    told = [(words(f"why.step.{step}"), sorted(months)) for step, months in steps.items()]
    for step, months in told[:most]:
        span = months[0] if len(months) == 1 else f"{months[0]}–{months[-1]}"
        yield f"  {words('why.make', step=step, months=span, count=len(months))}"
    if len(told) > most:
        yield f"  {words('why.more', count=len(told) - most)}"


def cause_text(cause: Cause, words: Words) -> str:
    """A cause in plain words."""
    if cause.kind != "read":
        return words(f"why.cause.{cause.kind}", what=cause.what)
    source, _, rest = cause.what.partition(" ")
    return words(f"why.source.{source}", what=rest).strip()
