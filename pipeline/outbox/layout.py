"""A letter laid out, as plain text and as HTML that mail programs and narrow screens show. Pure.

Telephones are some 390 px wide: nothing has a fixed width, the one table is as wide as the screen and its cells wrap.
"""

import re
from collections.abc import Callable, Iterator
from html import escape

from pipeline.contract.show import after_label
from pipeline.outbox.body import Body
from pipeline.outbox.figure_lines import COLUMNS, DASH, FigureLine, Sign
from pipeline.words import Words

_FONT = "font-family:'Microsoft YaHei','PingFang SC',sans-serif;font-size:15px;line-height:1.6"
_WIDTH = "margin:0 auto;max-width:640px;padding:0 8px"
_TABLE = "border-collapse:collapse;width:100%;font-size:14px"
_CELL = "border-bottom:1px solid #d0d0d0;padding:4px 3px;text-align:{align};{breaking}"
_BREAKING = ("overflow-wrap:anywhere", "white-space:nowrap")  # a value keeps its unit, on a telephone too
_COLOURS = {True: "#1a7f37", False: "#c62828", None: "#57606a"}
_NUMBER = re.compile(r"\d")
_ARROWS = {1: "▲", -1: "▼", 0: ""}


def text_of(body: Body, words: Words) -> str:
    """The plain text, paragraphs set apart by an empty line."""
    paragraphs = [body.greeting, body.headline]
    for title, lines in _sections(body, words):
        paragraphs.append("\n".join([title, *(f"· {line}" for line in lines)]))
    paragraphs += [_text_figures("three", body.three, words), _text_figures("figures", body.figures, words)]
    paragraphs += [body.opening, *_asked(body, words), "\n".join(one for one in body.signed if one)]
    return "\n\n".join(one for one in paragraphs if one) + "\n"


def html_of(body: Body, words: Words) -> str:
    """The same as HTML: paragraphs, lists, one table; nothing is fetched from anywhere."""
    first = f'<p style="font-size:17px"><b>{escape(body.headline)}</b></p>' if body.headline else ""
    parts = [_paragraph(body.greeting), first]
    for title, lines in _sections(body, words):
        parts += [_heading(title), _list(escape(line) for line in lines)]
    parts += [_html_three(body, words), _html_table(body, words), _paragraph(body.opening)]
    parts += [_paragraph(one) for one in _asked(body, words)]
    parts.append("<p>" + "<br>".join(escape(one) for one in body.signed if one) + "</p>")
    content = "\n".join(part for part in parts if part)
    return (
        f'<!DOCTYPE html>\n<html lang="{words("outbox.letter.html_language")}">\n<head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width, initial-scale=1"><title>{escape(body.title)}</title>'
        f'</head>\n<body style="{_FONT}">\n<div style="{_WIDTH}">\n{content}\n</div>\n</body>\n</html>\n'
    )


def _sections(body: Body, words: Words) -> Iterator[tuple[str, tuple[str, ...]]]:
    parts = {
        "todo": body.todo,
        "to_correct": body.to_correct,
        "missing": body.missing,
        "changes": body.changes,
        "sentences": body.sentences,
    }
    for key, lines in parts.items():
        if lines:
            yield words(f"outbox.letter.{key}"), lines


def _asked(body: Body, words: Words) -> list[str]:
    return [words("outbox.letter.manager_words")] if body.level == "manager" else []


def _text_figures(key: str, figures: tuple[FigureLine, ...], words: Words) -> str:
    if not figures:
        return ""
    lines = (f"· {_in_text(one, one.texts, words)}" for one in figures)
    return "\n".join([words(f"outbox.letter.{key}"), *lines])


def _in_text(figure: FigureLine, texts: tuple[str, ...], words: Words) -> str:
    """A figure in one line: its value, and what is known of its changes."""
    value, *others = texts
    named = zip(COLUMNS[1:], others, figure.texts[1:], strict=True)
    more = [words(f"outbox.in_text.{column}", text=text) for column, text, plain in named if plain != DASH]
    return words("outbox.in_text.figure", name=figure.name, value=after_label(figure.name, value)) + "".join(
        words("outbox.in_text.more", more=one) for one in more
    )


def _html_three(body: Body, words: Words) -> str:
    if not body.three:
        return ""
    lines = (_in_text(FigureLine(escape(one.name), one.texts), _marked_texts(one), words) for one in body.three)
    return _heading(words("outbox.letter.three")) + "\n" + _list(lines)


def _html_table(body: Body, words: Words) -> str:
    """The other figures, without the columns of which nothing is known."""
    if not body.figures:
        return ""
    later = range(1, len(COLUMNS))
    known = [0, *(number for number in later if any(one.texts[number] != DASH for one in body.figures))]
    heads = [words("outbox.column.figure"), *(words(f"outbox.column.{COLUMNS[number]}") for number in known)]
    rows = [
        _row("th", [escape(one) for one in heads]),
        *(
            _row("td", [escape(one.name), *(_marked_texts(one, _amount)[number] for number in known)])
            for one in body.figures
        ),
    ]
    joined = "\n".join(rows)
    return _heading(words("outbox.letter.figures")) + f'\n<table style="{_TABLE}">\n{joined}\n</table>'


def _row(tag: str, cells: list[str]) -> str:
    """A row of a table: its first cell to the left, the others to the right; the value in the second is one word."""
    styles = (
        _CELL.format(align="right" if place else "left", breaking=_BREAKING[place == 1])
        for place in range(len(cells))
    )
    made = (f'<{tag} style="{style}">{cell}</{tag}>' for style, cell in zip(styles, cells, strict=True))
    return f"<tr>{''.join(made)}</tr>"


def _marked_texts(figure: FigureLine, as_told: Callable[[str], str] = str) -> tuple[str, ...]:
    """The texts as HTML, changes with an arrow for their way and a colour for whether that is good."""
    signs = figure.signs or (Sign(),) * len(figure.texts)
    return tuple(_marked(text, sign, as_told) for text, sign in zip(figure.texts, signs, strict=True))


def _marked(text: str, sign: Sign, as_told: Callable[[str], str]) -> str:
    if not sign.way:
        return escape(text)
    return f'<span style="color:{_COLOURS[sign.is_good]}">{_ARROWS[sign.way]}{escape(as_told(text))}</span>'


def _amount(change: str) -> str:
    """A change from its number on: in a narrow cell the arrow says which way."""
    found = _NUMBER.search(change)
    return change[found.start() :] if found else change


def _heading(text: str) -> str:
    return f'<p style="margin-bottom:0"><b>{escape(text)}</b></p>'


def _list(items: Iterator[str]) -> str:
    """A list of what is HTML already."""
    made = "".join(f"<li>{one}</li>" for one in items)
    return f'<ul style="margin-top:0;padding-left:1.2em">{made}</ul>'


def _paragraph(text: str) -> str:
    return f"<p>{escape(text)}</p>" if text else ""
