"""What the command line says: the outcome of a run, the board, problems, letters.

What it tells of is imported for its types only, so that a command loads no more than it needs.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

from rich.console import Console as RichConsole
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from pipeline.base.files import readable_name
from pipeline.base.shown_text import shown
from pipeline.calendar import deadline, is_announced
from pipeline.intake.inbox import INBOX, Reason
from pipeline.intake.table import SAID
from pipeline.outbox.body import size_text
from pipeline.outbox.drafts import read_outbox
from pipeline.outbox.journal import read_journal
from pipeline.problem import Problem, problem_sentence, problems_counted, problems_frame
from pipeline.submissions import STATES
from pipeline.words import Words
from schemas.form import all_forms

if TYPE_CHECKING:
    from pipeline.checking import CheckedFile
    from pipeline.posting import Outbox
    from pipeline.reporting import MonthOutcome
    from pipeline.run import LeftOut, Outcome
    from pipeline.status import Board
    from pipeline.trace import Item, Trace
    from pipeline.verify import Fault
    from pipeline.withdrawing import Withdrawn

MONTHS_SHOWN = 3
REFUSALS_SHOWN = 10
NAMES_SHOWN = 10
_LETTER_STYLES = {"sent": "green", "draft": "cyan"}
_STYLES = {
    "on time": "green", "corrected": "green", "nil": "cyan", "late": "yellow", "held": "yellow", "waiting": "cyan",
}  # fmt: skip


class Console(RichConsole):
    """Shows what would steer the terminal in texts of others; the colours are ours."""

    def render_str(self, text: str, **options: Any) -> Text:
        return super().render_str(shown(text), **options)


def outcome_lines(outcome: Outcome, home: Path, words: Words) -> Iterator[str]:
    """What a run did: files, refusals, months, rows left out, where the workbooks are."""
    received = outcome.received
    yield from _question_lines(outcome, words)
    yield from _left_lines(outcome, words)
    if received.known:
        yield words("run.done.known", names=_listed(received.known))
    if outcome.newest is None:
        yield from _nothing(outcome, home, words)
        return
    if received.taken:
        yield words("run.done.taken", files=len({taken.sha256 for taken in received.taken}))
    yield from _refusals(outcome, words)
    yield from _refused_months(outcome, home, words)
    for month in outcome.months[-MONTHS_SHOWN:]:
        yield _month_line(month, words)
    if received.taken:
        yield from _left_out_lines(outcome.left_out, words)
    shown = outcome.months[-1] if outcome.months else None
    if shown is None and outcome.undone:
        return
    if shown is None:
        folder = home / "output" / str(outcome.newest)
        yield words("run.done.nothing_new", month=outcome.newest, folder=folder)
        return
    due = deadline(shown.month)
    if not is_announced(due.year):
        yield words("run.done.not_announced", year=due.year)
    yield words("run.done.folder", folder=shown.folder)
    yield from _drafts(shown, home, words)


def _question_lines(outcome: Outcome, words: Words) -> Iterator[str]:
    """What has to be answered before it counts, the questions of this run and of earlier ones: it is told first."""
    asked = outcome.questions
    if asked:
        yield words("run.done.asked", count=len(asked))
    yield from (f"  {problem_sentence(problem, all_forms(), words)}" for problem in asked[:REFUSALS_SHOWN])
    if len(asked) > REFUSALS_SHOWN:
        yield f"  … {len(asked) - REFUSALS_SHOWN}"


def _left_lines(outcome: Outcome, words: Words) -> Iterator[str]:
    """Files that stay in the inbox, by the reason why."""
    for reason in get_args(Reason):
        names = [one.name for one in outcome.received.left if one.reason == reason]
        if names:
            yield words(f"run.left.{reason}", names=_listed(names))


def withdrawn_lines(withdrawn: Withdrawn, words: Words) -> Iterator[str]:
    """What `yuebao withdraw` did: the file, and the months written anew."""
    yield words("run.withdraw.done", name=withdrawn.receipt.name, sha=withdrawn.receipt.sha256[:12])
    yield from (_month_line(month, words) for month in withdrawn.months)


def _listed(names: Sequence[str]) -> str:
    shown = "、".join(names[:NAMES_SHOWN])
    return f"{shown} … (+{len(names) - NAMES_SHOWN})" if len(names) > NAMES_SHOWN else shown


def _drafts(month: MonthOutcome, home: Path, words: Words) -> Iterator[str]:
    """How many letters wait to be sent, and who gets none."""
    listed = read_outbox(month.folder)
    if listed is None:
        return
    waiting = listed.not_gone(read_journal(home))
    if waiting or not listed.letters:
        yield words("outbox.done.drafts", letters=len(waiting), month=month.month)
    else:
        yield words("outbox.done.all_gone", month=month.month)
    if listed.without:
        yield words("outbox.done.without", names="、".join(one.name for one in listed.without))


def _nothing(outcome: Outcome, home: Path, words: Words) -> Iterator[str]:
    """What is said while no month can be reported."""
    inbox = outcome.inbox or home / INBOX
    yield from _refusals(outcome, words)
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


def _refusals(outcome: Outcome, words: Words) -> Iterator[str]:
    """The files that this run refused, by name and with the reasons; then the names of those refused before."""
    refused = [taken for taken in outcome.received.taken if taken.refused]
    if refused:
        yield words("run.done.refused", count=len(refused))
    for taken in refused[:REFUSALS_SHOWN]:
        yield from _reasons(taken.problems, words)
    if len(refused) > REFUSALS_SHOWN:
        yield f"  … {_listed([taken.name for taken in refused[REFUSALS_SHOWN:]])}"
    partly = [taken for taken in outcome.received.taken if not taken.refused and taken.problems]
    if partly:
        yield words("run.done.partly_refused", count=len(partly))
    for taken in partly[:REFUSALS_SHOWN]:
        yield from _reasons(taken.problems, words)
    new = {taken.sha256 for taken in outcome.received.taken}
    earlier = [one for one in outcome.refused if one.receipt.sha256 not in new]
    if earlier:
        names = [f"{one.receipt.name} ({one.month})" for one in earlier]
        yield words("run.done.still_refused", count=len(earlier), names=_listed(names))


def _reasons(problems: Sequence[Problem], words: Words) -> Iterator[str]:
    """Why a file was refused, or some of its forms; its other problems are counted."""
    grave = [problem for problem in problems if problem.effect == "form left out"]
    yield from (f"  {problem_sentence(problem, all_forms(), words)}" for problem in grave)
    rows = problems_counted(problems, "row left out")
    if rows:
        yield f"    {words('run.done.more_reasons', count=rows)}"


def _refused_months(outcome: Outcome, home: Path, words: Words) -> Iterator[str]:
    for month in outcome.refused_months:
        yield words("run.done.refused_month", month=month, folder=home / "output" / str(month))


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


def state_text(state: str, words: Words) -> str:
    return words(f"run.state.{state.replace(' ', '_')}")


def board_table(board: Board, words: Words) -> None:
    """The board as a table in the terminal, and who is not complete."""
    console = Console()
    if board.rows.empty:
        console.print(words("run.status.none"))
        _files_of_board(console, board, words)
        return
    forms = all_forms()
    shown = [form for form in dict.fromkeys(board.rows["form"]) if form]
    table = Table(title=words("run.status.title", month=board.month, deadline=board.due_on))
    for heading in ("region", "manager", "name"):
        table.add_column(words(f"run.status.{heading}"))
    for form in shown:
        table.add_column(words.pick(forms[form].zh, forms[form].en))
    known = board.managers.set_index("manager_id")
    for manager, rows in board.rows[board.rows["manager_id"] != ""].groupby("manager_id"):
        states = dict(zip(rows["form"], rows["state"], strict=True))
        cells = [_state_cell(states.get(form, ""), words) for form in shown]
        region, name = (str(known[column].get(manager, "")) for column in ("region_id", "manager_name"))
        table.add_row(region, str(manager), name, *cells)
    console.print(table)
    if not is_announced(board.due_on.year):
        console.print(words("run.done.not_announced", year=board.due_on.year))
    for one in board.questions:
        line = words(
            "run.status.question", name=one.file, sha=one.sha256[:12], month=one.month, manager=one.manager_id
        )
        console.print(line, markup=False, soft_wrap=True)
    waiting = board.not_complete()
    names = "、".join(f"{manager} {known['manager_name'].get(manager, '')}".strip() for manager in waiting)
    console.print(words("run.status.not_sent", names=names) if waiting else words("run.status.all_sent"))
    _files_of_board(console, board, words)


def _files_of_board(console: Console, board: Board, words: Words) -> None:
    """The files that wait in the inbox, and those that stay refused."""
    if board.waiting:
        listed = _listed([one.name for one in board.waiting])
        line = words("run.status.waiting", count=len(board.waiting), names=listed)
        console.print(line, markup=False, soft_wrap=True)
        if any(not one.manager_id for one in board.waiting):
            console.print(words("run.status.waiting_of_unknown"), markup=False, soft_wrap=True)
    if board.refused:
        names = _listed([f"{one.receipt.name} ({one.month})" for one in board.refused])
        line = words("run.status.refused", count=len(board.refused), names=names)
        console.print(line, markup=False, soft_wrap=True)


def _state_cell(state: str, words: Words) -> str:
    if not state:
        return ""
    return f"[{_STYLES.get(state, 'red')}]{state_text(state, words)}[/]"


def outbox_table(outbox: Outbox, words: Words, *, sent: bool) -> None:
    """The letters of a month as a table, with what became of each; what needs a look stands below."""
    console = Console()
    table = Table(title=words("outbox.list.title", month=outbox.month, edition=outbox.edition))
    for heading in ("letter", "to", "attachment", "size", "state"):
        table.add_column(words(f"outbox.list.{heading}"), justify="right" if heading == "size" else "left")
    for line in outbox.lines:
        left_behind = words("outbox.list.left_behind") if line.left_behind else ""
        state = words(f"outbox.state.{line.state}")
        table.add_row(
            escape(line.key),
            escape("\n".join((*line.to, *line.cc))),
            escape("\n".join(line.attachments) or left_behind),
            size_text(line.bytes) if line.bytes else "",
            f"[{_LETTER_STYLES.get(line.state, 'red')}]{state}[/] {line.sent_at[:16].replace('T', ' ')}".rstrip(),
        )
    console.print(table)
    for line in outbox.lines:
        for reason in line.reasons:
            console.print(f"{line.key}: {reason}", markup=False, soft_wrap=True)
    if not sent and any(line.state == "draft" for line in outbox.lines):
        console.print(words("outbox.list.how_to_send"), markup=False, soft_wrap=True)


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


def _item_line(item: Item) -> str:
    place = f"{item.file} · {item.sheet} · {item.row}" if item.row else ""
    names = " ".join(one for one in (item.manager_id, item.customer_id) if one)
    cells = "  ".join(f"{name}={cell}" for name, cell in item.values)
    return f"  {_number(item.contribution):>12}  {names}  {place}  {cells}".rstrip()


def _number(value: float | None) -> str:
    return "—" if value is None else f"{value:,.6f}".rstrip("0").rstrip(".")


def checked_lines(checked: Sequence[CheckedFile], words: Words, *, as_json: bool) -> Iterator[str]:
    """What `yuebao check` found, as sentences or as JSON in the columns of `problems.csv`."""
    forms = all_forms()
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
        yield from (f"  {problem_sentence(problem, forms, words)}" for problem in one.problems)
