"""What others wrote is shown on a terminal, never obeyed."""

import io
import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from pipeline.base.shown_text import shown
from pipeline.cli import main
from pipeline.ledger.output import read_run_record, write_run_record
from pipeline.outbox.headers import file_headers, text_header
from pipeline.screen.console import Console

TITLE = "\x1b]0;pwned\x07"
STEERING = [
    *map(chr, range(32)),
    *map(chr, range(0x7F, 0xA0)),
    "\u202e",
    "\u2066",
    "\u200f",
    "\u2028",
    "\U000e0041",
    "\udcff",
]


@pytest.mark.parametrize("character", [one for one in STEERING if one not in "\t\n"], ids=repr)
def test_a_character_that_steers_is_written_as_json_writes_it(character):
    assert (
        shown(f"甲{character}乙")
        == "甲"
        + json.dumps(character)[1:-1]
        .replace("\\b", "\\u0008")
        .replace("\\f", "\\u000c")
        .replace("\\r", "\\u000d")
        .replace("\x7f", "\\u007f")
        + "乙"
    )


@pytest.mark.parametrize("text", ["第1版\t好\n", "€100 —— “烟”", "한국 é ñ 😀", ""])
def test_other_texts_are_shown_as_they_are(text):
    assert shown(text) == text


def test_json_still_says_what_it_said():
    told = {"file": f"{TITLE}\u202e\U000e0041.xlsx"}
    assert json.loads(shown(json.dumps(told, ensure_ascii=False))) == told


def test_cells_of_tables_steer_nothing():
    screen = io.StringIO()
    Console(file=screen, width=200).print(f"经理{TITLE}\u202e", markup=False)
    assert "\x1b]" not in screen.getvalue() and "\u202e" not in screen.getvalue()
    assert "\\u001b]0;pwned" in screen.getvalue()


def assert_steers_nothing(text: str) -> None:
    assert text and not [one for one in text if one in STEERING and one not in "\t\n"]


def test_a_file_name_that_sets_the_title_is_only_shown(tmp_path):
    path = tmp_path / f"{TITLE}报表.xlsx"
    path.write_bytes(b"no workbook")
    assert_steers_nothing(CliRunner().invoke(main, ["check", "--home", str(tmp_path), str(path)]).output)
    told = CliRunner().invoke(main, ["check", "--json", "--home", str(tmp_path), str(path)]).output
    assert json.loads(told)[0]["file"] == "\\x1b]0;pwned\\x07报表.xlsx"


def test_a_cell_that_turns_the_writing_is_only_shown(tmp_path):
    path = tmp_path / "名单.csv"
    path.write_text("客户编码\n\u202e\x1b[2J123\n", encoding="utf-8")
    settings = '[[exports]]\nfiles = "名单*"\nform = "sales"\ncolumns = { customer_id = "客户编码" }\n'
    (tmp_path / "yuebao.toml").write_text(settings, encoding="utf-8")
    assert_steers_nothing(CliRunner().invoke(main, ["check", "--home", str(tmp_path), str(path)]).output)


def test_an_error_of_the_settings_steers_nothing(tmp_path):
    (tmp_path / "yuebao.toml").write_text('profile = "\\u001b]0;x\\u0007\\u202e"\n', encoding="utf-8")
    assert_steers_nothing(CliRunner().invoke(main, ["status", "--home", str(tmp_path)]).output)


def test_headers_of_letters_hold_no_steering_character():
    for line in (
        text_header("Subject", f"月报{TITLE}\r\nBcc: x@y.z"),
        *file_headers("text/plain", f"{TITLE}.xlsx"),
    ):
        assert_steers_nothing(line.replace("\r\n ", ""))
        assert "\r\nBcc" not in line


def test_the_record_of_a_run_steers_nothing_and_reads_back(tmp_path):
    write_run_record(tmp_path, {"files": [f"{TITLE}\u202e.xlsx"]})
    assert_steers_nothing((tmp_path / "run.json").read_text(encoding="utf-8"))
    assert (read_run_record(tmp_path) or {})["files"] == [f"{TITLE}\u202e.xlsx"]


def test_whatever_is_printed_goes_through_the_same_hands():
    """Progress tells of stages in words of ours; all else may hold what others wrote."""
    root = Path(main.callback.__code__.co_filename).parent
    texts = {path.relative_to(root).as_posix(): path.read_text(encoding="utf-8") for path in root.rglob("*.py")}
    assert texts["cli.py"].count("click.echo(") == 1
    assert not [name for name, text in texts.items() if name != "cli.py" and "click.echo(" in text]
    plain = [name for name, text in texts.items() if "from rich.console import Console\n" in text]
    assert plain == ["screen/progress.py"]
    printing = [name for name, text in texts.items() if re.search(r"(?m)^\s+print\(", text)]
    assert sorted(printing) == ["screen/progress.py", "trades/__main__.py"]


def test_of_a_folder_each_file_that_may_be_a_form_is_checked(tmp_path: Path) -> None:
    folder = tmp_path / "收件"
    (folder / "里面").mkdir(parents=True)
    for name in ("甲.xlsx", "里面/乙.xlsx", "~$甲.xlsx", "Thumbs.db"):
        (folder / name).write_bytes(b"no workbook")
    ended = CliRunner().invoke(main, ["check", "--json", "--home", str(tmp_path), str(folder)])
    assert ended.exit_code == 1
    assert "甲.xlsx" in ended.output and "乙.xlsx" in ended.output
    assert "~$" not in ended.output and "Thumbs" not in ended.output
