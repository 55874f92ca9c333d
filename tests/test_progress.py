"""How far a run is: one bar a stage in a terminal, plain lines in a log, nothing when quiet."""

import io
import re

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from pipeline.screen.progress import bar_teller, line_teller, progress_teller
from pipeline.words import load_words

WORDS = load_words("en")
FORMS, BOOKS = "reading and checking forms", "writing workbooks"


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_log_gets_a_line_when_a_stage_is_done() -> None:
    log = io.StringIO()
    tell = line_teller(WORDS, log, lambda: 0.0)
    for done in range(4):
        tell("take_in", done, 3)
    tell("workbooks", 1, 1)
    assert log.getvalue() == f"{FORMS}: 3/3\n{BOOKS}: 1/1\n"


def test_a_long_stage_gets_a_line_every_ten_seconds() -> None:
    log = io.StringIO()
    moments = iter([0.0, 4.0, 9.9, 10.0, 15.0, 20.0, 21.0])
    tell = line_teller(WORDS, log, lambda: next(moments))
    for done in range(7):
        tell("take_in", done, 6)
    assert log.getvalue() == f"{FORMS}: 3/6\n{FORMS}: 5/6\n{FORMS}: 6/6\n"


def test_a_log_holds_no_control_characters() -> None:
    log = io.StringIO()
    with progress_teller(WORDS, quiet=False, stream=log) as tell:
        tell("take_in", 2, 2)
    assert log.getvalue() == f"{FORMS}: 2/2\n"


def test_nothing_is_told_when_quiet() -> None:
    terminal = Terminal()
    with progress_teller(WORDS, quiet=True, stream=terminal) as tell:
        tell("take_in", 2, 2)
    assert terminal.getvalue() == ""


def test_a_terminal_gets_one_bar_a_stage_with_counts_and_the_time_left() -> None:
    terminal = Terminal()
    with progress_teller(WORDS, quiet=False, stream=terminal) as tell:
        for stage, of in (("take_in", 40), ("workbooks", 7)):
            for done in range(of + 1):
                tell(stage, done, of)
    shown = last_picture(terminal.getvalue())
    assert [re.sub(r"[ ━]+", " ", line).strip() for line in shown] == [
        f"{FORMS} 40/40 0:00:00",
        f"{BOOKS} 7/7 0:00:00",
    ]


def test_a_stage_that_comes_again_begins_its_bar_anew() -> None:
    with Progress(
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), console=Console(file=Terminal())
    ) as bars:
        tell = bar_teller(bars, WORDS)
        for of in (3, 3, 5):  # three runs of a rebuild
            for done in range(of):
                tell("take_in", done, of)
        assert [(task.description, task.completed, task.total) for task in bars.tasks] == [(FORMS, 4, 5)]


def last_picture(output: str) -> list[str]:
    """The lines that stand in the terminal in the end, without colours and movements of the cursor."""
    pictures = re.split(r"(?:\x1b\[\d*A|\x1b\[2K|\r)+", output)
    plain = [re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", "", picture).strip("\n") for picture in pictures]
    return [picture for picture in plain if picture.strip()][-1].split("\n")
