"""The list of letters in the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.markup import escape
from rich.table import Table

from pipeline.outbox.body import size_text
from pipeline.screen.console import Console
from pipeline.words import Words

if TYPE_CHECKING:
    from pipeline.commands.send import Outbox

_LETTER_STYLES = {"sent": "green", "draft": "cyan"}


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
