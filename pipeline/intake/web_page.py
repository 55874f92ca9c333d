"""Tables of web pages (HTML): what old programs write and call .xls. One sheet, its tables below each other as Excel
shows them, with the lines of text between."""

import re
from email import message_from_bytes, policy
from html import unescape

from pipeline.intake.archive import Refused
from pipeline.intake.careful import SparseSheet
from pipeline.intake.delimited import LONGEST_CELL
from pipeline.intake.encodings import decode
from pipeline.intake.raw import Cell, cell_address
from pipeline.intake.scan import LAST_COLUMN

MOST_SPANNED = 1 << 16  # rows that one cell goes over
MOST_CELLS = 2_000_000
SHEET = "html"
_CHARSET = re.compile(rb"charset\s*=\s*[\"']?([\w-]{3,20})", re.IGNORECASE)
_KNOWN = {
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "gb18030": "gb18030",
    "utf-8": "utf-8",
    "utf8": "utf-8",
    "big5": "cp950",
}
_UNSEEN = frozenset(("script", "style", "title", "xml", "noscript"))
_LINES = frozenset(("p", "div", "h1", "h2", "h3", "h4", "h5", "h6", "center", "caption", "li"))
_TOKEN = re.compile(r"<(?P<end>/?)(?P<name>[a-zA-Z][\w:-]*)(?P<given>[^<>]*)>|<[!?][^<>]*>|[^<]+|<")
_ATTRIBUTE = re.compile(r"""([\w:-]+)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""")
LONGEST_TAG = 4_000
_HIDDEN = re.compile(r"display\s*:\s*none", re.IGNORECASE)


def page_text(data: bytes) -> str | None:
    """The text of a page in the encoding that it says, else in the one found; of a page saved with its pictures
    (MHTML) the page itself. None where no encoding makes sense of it."""
    if re.match(rb"[\w-]+:", data.lstrip()[:80]):
        message = message_from_bytes(data, policy=policy.default)
        parts = (part for part in message.walk() if part.get_content_type() == "text/html")
        data = next((bytes(part.get_payload(decode=True) or b"") for part in parts), b"")
    said = _CHARSET.search(data[:4096])
    marked = data.startswith((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff"))
    encoding = "" if marked or said is None else _KNOWN.get(said[1].decode("ascii").lower(), "")
    decoded = decode(data, encoding)
    return None if decoded is None else decoded.text


def read_web_page(text: str) -> SparseSheet:
    """The cells of a page's tables; empty where it has none.

    Raises:
        Refused: there are too many cells.
    """
    page = _Page()
    for found in _TOKEN.finditer(_without_comments(text)):
        if found["name"] is None:
            page.data(found[0] if not found[0].startswith(("<!", "<?")) else "")
        elif found["end"]:
            page.end(found["name"].lower())
        else:
            page.start(found["name"].lower(), found["given"])
    page.end_line()
    return page.sheet if page.tables else SparseSheet()


def _without_comments(text: str) -> str:
    """The text without comments; one that never ends goes to the end, as browsers have it."""
    pieces: list[str] = []
    start = 0
    while (begin := text.find("<!--", start)) >= 0:
        pieces.append(text[start:begin])
        end = text.find("-->", begin + 4)
        if end < 0:
            return "".join(pieces)
        start = end + 3
    return "".join([*pieces, text[start:]])


class _Page:
    """Where on the page we are, and what was found so far."""

    def __init__(self) -> None:
        self.sheet = SparseSheet()
        self.tables = 0
        self._row = self._column = self._depth = self._unseen = 0
        self._in_cell = False
        self._cell: dict[str, str] = {}
        self._pieces: list[str] = []
        self._taken: dict[int, int] = {}  # columns that a cell from above still goes over, and the last such row

    def start(self, tag: str, attributes: str) -> None:
        """A tag begins; Python's own parser takes hours over some that never end."""
        given = _given(attributes) if tag in ("tr", "td", "th") else {}
        if tag in _UNSEEN:
            self._unseen += 1
        elif tag == "table":
            self.end_line()
            self._depth += 1
            self.tables += 1
            self._taken = {}
        elif tag == "tr":
            self._start_row(given)
        elif tag in ("td", "th"):
            self.end_line()
            self._in_cell, self._cell = True, given
        elif tag == "br":
            self._pieces.append("\n")
        elif tag in _LINES and not self._in_cell:
            self.end_line()

    def end(self, tag: str) -> None:
        """A tag ends."""
        if tag in _UNSEEN:
            self._unseen = max(0, self._unseen - 1)
        elif tag in ("td", "th", "tr"):
            self.end_line()
        elif tag == "table":
            self.end_line()
            self._depth = max(0, self._depth - 1)
        elif tag in _LINES and not self._in_cell:
            self.end_line()

    def data(self, text: str) -> None:
        """A piece of text."""
        if not self._unseen:
            self._pieces.append(" ".join(f".{unescape(text)}.".split())[1:-1])

    def end_line(self) -> None:
        """Ends what was begun: a cell, or a line of text outside of tables."""
        text = "\n".join(" ".join(line.split()) for line in "".join(self._pieces).split("\n")).strip()
        self._pieces = []
        if self._in_cell:
            self._in_cell = False
            self._put_cell(text)
        elif text and not self._depth:
            self._row += 1
            self._put((self._row, 1), text)

    def _start_row(self, given: dict[str, str]) -> None:
        self.end_line()
        self._row += 1
        self._column = 0
        if _HIDDEN.search(given.get("style", "")):
            self.sheet.hidden_rows.add(self._row)

    def _put_cell(self, text: str) -> None:
        self._column += 1
        while self._taken.get(self._column, 0) >= self._row:
            self._column += 1
        across = _span(self._cell.get("colspan"), LAST_COLUMN)
        down = _span(self._cell.get("rowspan"), MOST_SPANNED)
        last = min(self._column + across - 1, LAST_COLUMN)
        if self._column > LAST_COLUMN:
            raise Refused("damaged")
        if across > 1 or down > 1:
            self.sheet.merged.append(
                f"{cell_address(self._row, self._column)}:{cell_address(self._row + down - 1, last)}"
            )
        if down > 1:
            self._taken |= dict.fromkeys(range(self._column, last + 1), self._row + down - 1)
        self._put((self._row, self._column), self._value(text))
        self._column = last

    def _value(self, text: str) -> Cell:
        """A number where the page says which (Excel and LibreOffice do beside what is shown), else the text."""
        number = self._cell.get("x:num") or self._cell.get("sdval") or ""
        try:
            return float(number) if number else text
        except ValueError:
            return text

    def _put(self, place: tuple[int, int], cell: Cell) -> None:
        if cell is None or cell == "":
            return
        if len(self.sheet.cells) >= MOST_CELLS:
            raise Refused("too_many_cells", found=f"{len(self.sheet.cells) + 1:,}", limit=f"{MOST_CELLS:,}")
        if isinstance(cell, str) and len(cell) > LONGEST_CELL:
            raise Refused("made_to_harm", what=f"> {LONGEST_CELL:,}")
        self.sheet.cells[place] = cell


def _given(attributes: str) -> dict[str, str]:
    """The attributes of a tag, the first ones where there are thousands."""
    found = _ATTRIBUTE.finditer(attributes[:LONGEST_TAG])
    return {one[1].lower(): unescape(next((text for text in one.groups()[1:] if text), "")) for one in found}


def _span(text: str | None, most: int) -> int:
    digits = (text or "").strip()
    return min(int(digits), most) or 1 if digits.isascii() and digits.isdigit() and len(digits) < 8 else 1
