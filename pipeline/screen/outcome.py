"""What is said at the end of a run: questions, refusals, months, rows left out, letters."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, get_args

from pipeline.base.calendar import deadline, is_announced
from pipeline.base.home import INBOX, OUTPUT
from pipeline.base.period import AnyPeriod
from pipeline.contract.problem import Problem, problem_sentence, problems_counted
from pipeline.contract.titles import period_text
from pipeline.intake.inbox import Reason
from pipeline.ledger.board import STATES
from pipeline.ledger.output import EDITED
from pipeline.outbox.drafts import read_outbox
from pipeline.outbox.journal import read_journal
from pipeline.screen.board import stale_text, state_text
from pipeline.screen.console import listed_names
from pipeline.words import Words
from schemas.form import Form

if TYPE_CHECKING:
    from pipeline.commands.monthly import LeftOut, Outcome
    from pipeline.commands.withdraw import Withdrawn
    from pipeline.intake.taken import Taken
    from pipeline.month.outcome import MonthOutcome, PeriodOutcome

MONTHS_SHOWN = 3
REFUSALS_SHOWN = 10


def outcome_lines(outcome: Outcome, home: Path, words: Words, forms: Mapping[str, Form]) -> Iterator[str]:
    """What a run did: files, refusals, months, rows left out, where the workbooks are."""
    received = outcome.received
    yield from _question_lines(outcome, words, forms)
    yield from _left_lines(outcome, words)
    for one in received.out_of:
        yield words("run.done.unpacked", name=one.name, files=one.files)
    if received.known:
        yield words("run.done.known", names=listed_names(received.known))
    if outcome.newest is None:
        yield from _nothing(outcome, home, words, forms)
        return
    if received.taken:
        yield words("run.done.taken", files=len({taken.sha256 for taken in received.taken}))
        yield from _book_lines(received.taken, words)
    yield from _refusals(outcome, words, forms)
    yield from _refused_months(outcome, home, words)
    for month in outcome.months[-MONTHS_SHOWN:]:
        yield _month_line(month, words)
    if received.taken:
        yield from _left_out_lines(outcome.left_out, words)
    shown = outcome.months[-1] if outcome.months else None
    if shown is None and outcome.undone:
        return
    if shown is None:
        folder = home / OUTPUT / str(outcome.newest)
        yield words("run.done.nothing_new", month=outcome.newest, folder=folder)
        if outcome.stale:
            yield stale_text(outcome.stale, words)
        return
    due = deadline(shown.month)
    if not is_announced(due.year):
        yield words("run.done.not_announced", year=due.year)
    yield words("run.done.folder", folder=shown.folder)
    if outcome.stale:
        yield stale_text(outcome.stale, words)
    yield from _drafts(shown.folder, shown.month, home, words)


def _question_lines(outcome: Outcome, words: Words, forms: Mapping[str, Form]) -> Iterator[str]:
    """What has to be answered before it counts, the questions of this run and of earlier ones: it is told first."""
    asked = outcome.questions
    if asked:
        yield words("run.done.asked", count=len(asked))
    yield from (f"  {problem_sentence(problem, forms, words)}" for problem in asked[:REFUSALS_SHOWN])
    if len(asked) > REFUSALS_SHOWN:
        yield f"  … {len(asked) - REFUSALS_SHOWN}"


def _left_lines(outcome: Outcome, words: Words) -> Iterator[str]:
    """Files that stay in the inbox, by the reason why."""
    for reason in get_args(Reason):
        names = [one.name for one in outcome.received.left if one.reason == reason]
        if names:
            yield words(f"run.left.{reason}", names=listed_names(names))


def withdrawn_lines(withdrawn: Withdrawn, words: Words) -> Iterator[str]:
    """What `yuebao withdraw` did: the file, and the months written anew."""
    yield words("run.withdraw.done", name=withdrawn.receipt.name, sha=withdrawn.receipt.sha256[:12])
    yield from (_month_line(month, words) for month in withdrawn.months)


def edited_lines(home: Path, kept: Sequence[Path], words: Words) -> Iterator[str]:
    """Where files are kept that somebody had changed, where what was written is written anew."""
    if kept:
        names = [one.relative_to(home / OUTPUT / EDITED).as_posix() for one in kept]
        yield words("run.done.edited", names=listed_names(names), folder=home / OUTPUT / EDITED)


def period_lines(done: PeriodOutcome, home: Path, words: Words) -> Iterator[str]:
    """What `yuebao period` did: the edition, the months that are missing, where the workbooks are, the letters."""
    period = period_text(done.period, words)
    line = words("run.period_done", period=period, edition=done.edition, workbooks=done.workbooks)
    yield line if done.is_new else f"{line}{words('run.done.same_edition_of_period', edition=done.edition)}"
    if done.missing:
        yield words("run.period_missing", months=words.pick("、", ", ").join(map(str, done.missing)))
    yield words("run.done.folder", folder=done.folder)
    yield from _drafts(done.folder, done.period, home, words.told_of("period"))


def _drafts(folder: Path, period: AnyPeriod, home: Path, words: Words) -> Iterator[str]:
    """How many letters wait to be sent, and who gets none."""
    listed = read_outbox(folder)
    if listed is None:
        return
    waiting = listed.not_gone(read_journal(home))
    if waiting or not listed.letters:
        yield words("outbox.done.drafts", letters=len(waiting), month=period)
    else:
        yield words("outbox.done.all_gone", month=period)
    if listed.without:
        yield words("outbox.done.without", names="、".join(one.name for one in listed.without))


def _nothing(outcome: Outcome, home: Path, words: Words, forms: Mapping[str, Form]) -> Iterator[str]:
    """What is said while no month can be reported."""
    inbox = outcome.inbox or home / INBOX
    yield from _refusals(outcome, words, forms)
    yield from _refused_months(outcome, home, words)
    if outcome.left_out.rows or outcome.left_out.of_masters:
        yield from _left_out_lines(outcome.left_out, words)
    if outcome.refused_months:
        yield words("run.nothing.all_refused", inbox=inbox)
    elif outcome.received.manifest.masters:
        yield words("run.nothing.masters_only", inbox=inbox)
    else:
        yield words("run.nothing.title")
        yield words("run.nothing.steps", inbox=inbox)


def _refusals(outcome: Outcome, words: Words, forms: Mapping[str, Form]) -> Iterator[str]:
    """The files that this run refused, by name and with the reasons; then the names of those refused before."""
    refused = [taken for taken in outcome.received.taken if taken.refused]
    if refused:
        yield words("run.done.refused", count=len(refused))
    for taken in refused[:REFUSALS_SHOWN]:
        yield from _reasons(taken.problems, words, forms)
    if len(refused) > REFUSALS_SHOWN:
        yield f"  … {listed_names([taken.name for taken in refused[REFUSALS_SHOWN:]])}"
    partly = [taken for taken in outcome.received.taken if not taken.refused and taken.problems]
    if partly:
        yield words("run.done.partly_refused", count=len(partly))
    for taken in partly[:REFUSALS_SHOWN]:
        yield from _reasons(taken.problems, words, forms)
    new = {taken.sha256 for taken in outcome.received.taken}
    earlier = [one for one in outcome.refused if one.receipt.sha256 not in new]
    if earlier:
        names = [f"{one.receipt.name} ({one.month})" for one in earlier]
        yield words("run.done.still_refused", count=len(earlier), names=listed_names(names))


def _reasons(problems: Sequence[Problem], words: Words, forms: Mapping[str, Form]) -> Iterator[str]:
    """Why a file was refused, or some of its forms, each reason once; its other problems are counted."""
    grave = (problem for problem in problems if problem.effect == "form left out")
    yield from dict.fromkeys(f"  {problem_sentence(problem, forms, words)}" for problem in grave)
    rows = problems_counted(problems, "row left out")
    if rows:
        yield f"    {words('run.done.more_reasons', count=rows)}"


def _refused_months(outcome: Outcome, home: Path, words: Words) -> Iterator[str]:
    for month in outcome.refused_months:
        yield words("run.done.refused_month", month=month, folder=home / OUTPUT / str(month))


def _month_line(month: MonthOutcome, words: Words) -> str:
    states = [f"{state_text(state, words)} {month.states[state]}" for state in STATES if month.states.get(state)]
    line = words(
        "run.done.month",
        month=month.month,
        edition=month.edition,
        workbooks=month.workbooks,
        problems=month.problems,
        states=words.pick("、", ", ").join(states),
    )
    return line if month.is_new else f"{line}{words('run.done.same_edition', edition=month.edition)}"


def _book_lines(taken: Sequence[Taken], words: Words) -> Iterator[str]:
    """How many of the files were sign-in books, and how much of them was filled in."""
    books = [account for one in taken for account in one.accounts if account.is_sign_in_book]
    if books:
        empty = sum(dict(one.not_data).get("not_visited", 0) for one in books)
        yield words("run.done.books", files=len(books), visits=sum(one.data_rows for one in books), empty=empty)


def _left_out_lines(left_out: LeftOut, words: Words) -> Iterator[str]:
    """The account of the rows of this run."""
    if left_out.rows:
        yield words(
            "run.done.left_out",
            rows=f"{left_out.rows:,}",
            of_rows=f"{left_out.of_rows:,}",
            share=_share(left_out.rows, left_out.of_rows),
            amount=words.pick(f"{left_out.amount_yuan:,.2f} 元", f"{left_out.amount_yuan:,.2f} yuan"),
            amount_share=_share(left_out.amount_yuan, left_out.of_amount_yuan),
        )
    else:
        yield words("run.done.all_kept", of_rows=f"{left_out.of_rows:,}")
    if left_out.not_data:
        yield words("run.done.not_data", rows=f"{left_out.not_data:,}")
    if left_out.of_masters:
        yield words("run.done.masters_left_out", rows=f"{left_out.of_masters:,}")


def _share(part: float, whole: float) -> str:
    return f"{part / whole:.2%}" if whole else "—"
