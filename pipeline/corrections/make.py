"""A correction copy from the bytes that were sent and what was found in them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path, PurePath

from pipeline.contract.form_layout import COVER_SHEET, LISTS_SHEET, PROBLEMS_SHEET, sheet_name
from pipeline.contract.problem import Problem
from pipeline.contract.trade import words_of
from pipeline.corrections.comments import add_comments, remove_comments
from pipeline.corrections.document_title import give_title
from pipeline.corrections.harmless import make_harmless
from pipeline.corrections.list_book import list_workbook
from pipeline.corrections.list_sheet import add_list, sheet_parts
from pipeline.corrections.notes import NO_ANSWER, Answer, Notes, plan_notes, with_left_behind
from pipeline.corrections.package import NotMarkable, Package, open_package
from pipeline.corrections.sheet import Restyle, restyled, unselected, with_other_styles
from pipeline.corrections.styles import RED, YELLOW, Styles
from pipeline.words import LANGUAGES, Language, Words, load_words
from schemas.form import Form
from schemas.profile import Profile


@dataclass(frozen=True)
class CopyTask:
    """One correction copy to make: `name` is how the file was called.

    `path` is where the original's bytes stand; where it is empty, the copy is a list alone.
    """

    path: str
    name: str
    problems: tuple[Problem, ...]
    language: Language
    profile: Profile
    answer: Answer = NO_ANSWER


def copy_for(task: CopyTask) -> tuple[str, bytes]:
    """`make_correction` as a task for a sandboxed child: the originals are not to be trusted."""
    words = words_of(task.language, task.profile)
    data = Path(task.path).read_bytes() if task.path else b""
    return make_correction(data, task.name, task.problems, task.profile.forms, words, task.answer)


def make_correction(
    data: bytes,
    name: str,
    problems: Sequence[Problem],
    forms: Mapping[str, Form],
    words: Words,
    answer: Answer = NO_ANSWER,
) -> tuple[str, bytes]:
    """The sender's workbook with its problems marked and listed, or a list where it cannot be marked.

    Args:
        data: the file as sent.
        name: what its sender called it.
        problems: what was found in it, at least one.
        forms: all forms, for the words of their columns and rules.
        words: in whose language the copy speaks.
        answer: until when it is expected back, and whom its sender may ask.

    Returns:
        The copy's file name and its bytes. The same arguments give the same bytes.
    """
    notes = plan_notes(name, problems, forms, words, answer)
    stem = words("corrections.file_name", stem=_plain_stem(name))
    try:
        if any(problem.rule.startswith("unreadable_") for problem in problems):
            raise NotMarkable("unreadable")  # what the reader refused is not opened again
        package, behind = make_harmless(open_package(data), _own_names(forms) | set(notes.marks))
        content = _marked(package, with_left_behind(notes, behind, words), words)
    except NotMarkable:
        content = list_workbook(notes, words)
    return f"{stem}.xlsx", content


def _own_names(forms: Mapping[str, Form]) -> set[str]:
    """Names of sheets of ours, which a sender may hide as they like."""
    fixed = {name for sheet in (COVER_SHEET, LISTS_SHEET, PROBLEMS_SHEET) for name in sheet.both}
    return fixed | {sheet_name(form, language) for form in forms.values() for language in LANGUAGES}


def _plain_stem(name: str) -> str:
    """The name without its ending, and without what an earlier correction copy added to it."""
    stem = PurePath(name).stem
    for language in ("zh", "en"):
        stem = stem.removesuffix(load_words(language)("corrections.file_name", stem=""))
    return stem


def _marked(package: Package, notes: Notes, words: Words) -> bytes:
    book = package.related("", "officeDocument")
    styles_part = package.related(book, "styles")
    styles = Styles(package.text(styles_part))
    clean = {style: styles.unmarked(style) for style in styles.marked_styles()}
    for name, sheet in sheet_parts(package, book).items():
        if name in PROBLEMS_SHEET.both:
            continue
        marks = notes.marks.get(name, ())
        remove_comments(package, sheet)
        text = with_other_styles(unselected(package.text(sheet)), clean)
        cells: dict[tuple[int, int], Restyle] = {
            (mark.row, mark.column): partial(styles.filled, colour=RED if mark.grave else YELLOW) for mark in marks
        }
        package.parts[sheet] = restyled(text, cells) if cells else text
        add_comments(package, sheet, marks)
    add_list(package, book, notes, styles, words)
    give_title(package, notes.head[0])
    package.parts[styles_part] = styles.to_bytes()
    return package.to_bytes()
