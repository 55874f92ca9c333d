"""A trial of the reader: one form in the many ways in which programs may write the same cells.

Every rewriting leaves the values as they are: other attribute order, quotes, namespaces, encodings, styles, spellings
of numbers and of references to shared texts; other encodings, delimiters, quotes and line ends of a CSV. A file may be
refused; what is accepted must have the values that were written, cell by cell.

`python tests/intake/fuzz_dialects.py 3000 [SEED]` runs it by hand (even seeds) and prints what came of it.
"""

import csv
import datetime as dt
import io
import random
import re
import sys
import zipfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from xml.sax.saxutils import escape

from bytes_builders import DECLARATION, MAIN, STRICT, xlsx, zipped
from fuzz_templates import valid_template

from pipeline.intake.raw import Cell, ErrorCell, RawBook, RawSheet
from pipeline.intake.read import read_book

DAY, TIME, LENGTH, CODE, TAGGED, MONEY = range(1, 7)
FORMATS = {
    DAY: ("yyyy-mm-dd", "yyyy/m/d", "[$-804]yyyy&quot;年&quot;m&quot;月&quot;d&quot;日&quot;", "m/d/yy;@"),
    TIME: ("hh:mm", "h:mm:ss", "[$-F400]h:mm:ss\\ AM/PM"),
    LENGTH: ("[h]:mm", "[hh]:mm:ss", "[mm]:ss"),
    CODE: ("000000", "000000;@", "[$-804]000000", "000000;[Red]\\-000000", "000000_ "),
    TAGGED: ("&quot;M&quot;000", "\\M000", "&quot;M&quot;000;;;@", "[&lt;500]&quot;M&quot;000;&quot;M&quot;0000"),
    MONEY: ("#,##0.00", "0.00_);[Red]\\(0.00\\)", "_(* #,##0.00_);_(* \\(#,##0.00\\);_(@_)", "¥#,##0.00"),
}
TEXTS = (
    "030101100004", "平安里便民超市", "a&b <c>", " 前后 ", "一\n二", "_x000D_", "’引号\"'", "😀", "=1+1", "0", "无",
    "TRUE", "1e5", "#N/A", "1", "10", "100", "é", "\u3000x",
)  # fmt: skip
NUMBERS = ("8", "1096", "-3.5", "0.1", "1234567.89", "100", "1", "0", "42")


@dataclass(frozen=True)
class Written:
    """One cell: what it is, how it must be read, and what it must show (if more than its digits)."""

    kind: str
    content: str
    value: Cell
    style: int = 0
    shown: str = ""


@dataclass
class Dialects:
    """What came of a trial; `wrong` names each accepted file with a cell that is not what was written."""

    accepted: int = 0
    refused: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        rules = ", ".join(f"{rule} {count}" for rule, count in self.refused.most_common())
        tried = self.accepted + self.refused.total()
        refused = f"{self.refused.total()} refused ({rules})"
        return f"{tried} files: {self.accepted} accepted, {refused}; wrong {len(self.wrong)}"


def some_cell(chance: random.Random) -> Written | None:
    kind = chance.choice(("text", "text", "number", "number", "day", "time", "length", "code", "tagged", "error",
                          "boolean", "iso", "money", "empty"))  # fmt: skip
    if kind == "text":
        text = chance.choice(TEXTS)
        return Written("text", text, text)
    if kind in ("number", "money"):
        content = chance.choice(NUMBERS)
        return Written("number", content, float(content), MONEY if kind == "money" else 0)
    if kind == "day":
        number = chance.randrange(45_292, 45_658)
        return Written("number", str(number), dt.date(1899, 12, 30) + dt.timedelta(number), DAY)
    if kind == "time":
        minutes = chance.randrange(1, 96) * 15
        return Written("number", repr(minutes / 1440), dt.time(minutes // 60, minutes % 60), TIME)
    if kind == "length":
        return Written("number", "1.5", dt.timedelta(days=1.5), LENGTH)
    if kind == "code":
        number = chance.randrange(1, 99_999)
        return Written("number", str(number), float(number), CODE, f"{number:06d}")
    if kind == "tagged":
        number = chance.randrange(1, 400)
        return Written("number", str(number), float(number), TAGGED, f"M{number:03d}")
    if kind == "error":
        code = chance.choice(("#N/A", "#REF!", "#DIV/0!", "#SPILL!"))
        return Written("error", code, ErrorCell(code))
    if kind == "boolean":
        return Written("boolean", "1", True)
    if kind == "iso":
        return Written("iso", "2024-06-03", dt.date(2024, 6, 3))
    return None


def grid_of(chance: random.Random) -> list[list[Written | None]]:
    grid = [[some_cell(chance) for _ in range(6)] for _ in range(chance.randint(2, 8))]
    grid[0][0] = Written("text", "客户编码", "客户编码")
    grid[-1][-1] = Written("number", "7", 7.0)
    return grid


class Dialect:
    """The ways of one file: drawn once where a program would be consistent, else cell by cell."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        self.odd = chance.random() < 0.7  # otherwise as Excel writes
        self.texts: list[str] = []
        self.prefix = "x:" if self.odd and chance.random() < 0.2 else ""
        self.strict = self.odd and chance.random() < 0.15
        self.no_places = self.odd and chance.random() < 0.2
        self.code_of = {style: chance.choice(codes) for style, codes in FORMATS.items()}
        self.order = [0, *chance.sample(list(FORMATS), len(FORMATS))]

    def maybe(self, share: float) -> bool:
        return self.odd and self.chance.random() < share

    def attributes(self, given: dict[str, str]) -> str:
        """Attributes in any order, with either quote, with blanks around the sign of equality."""
        pairs = list(given.items())
        if self.maybe(0.3):
            self.chance.shuffle(pairs)
        written = ""
        for name, value in pairs:
            quote = "'" if self.maybe(0.1) else '"'
            equal = " = " if self.maybe(0.05) else "="
            blank = self.chance.choice((" ", "  ", "\n")) if self.maybe(0.05) else " "
            written += f"{blank}{name}{equal}{quote}{value}{quote}"
        return written

    def element(self, name: str, inner: str, **given: str) -> str:
        tag = self.prefix + name
        return f"<{tag}{self.attributes(given)}>{inner}</{tag}>"

    def digits(self, content: str) -> str:
        """A number or index in another spelling."""
        if self.maybe(0.06):
            return f" {content}\n"
        if self.maybe(0.06) and content:
            return f"{content[:-1]}&#{ord(content[-1])};"
        if self.maybe(0.04) and content:
            return f"{content[:1]}<?note x?>{content[1:]}"
        if self.maybe(0.04) and content:
            return f"{content[:1]}<!-- 9 -->{content[1:]}"
        if self.maybe(0.04):
            return f"<![CDATA[{content}]]>"
        if self.maybe(0.04) and content.isdigit():
            return f"{content}.0"
        return content

    def text(self, content: str) -> str:
        """A text in another spelling."""
        written = escape(content).replace("_x", "_x005F_x")
        if self.maybe(0.1):
            return "".join(f"&#x{ord(sign):x};" for sign in written) if "&" not in written else written
        if self.maybe(0.05) and "&" not in written and "_" not in written:
            return "".join(f"_x{ord(sign):04X}_" if ord(sign) < 0x10000 else sign for sign in written)
        if self.maybe(0.05):
            return f"<![CDATA[{content.replace('_x', '_x005F_x')}]]>"
        if self.maybe(0.03):
            return written[:1] + "<!-- 0 -->" + written[1:] if not written.startswith("&") else written
        return written

    def runs(self, content: str) -> str:
        preserve = {"xml:space": "preserve"}
        if self.maybe(0.2) and len(content) > 1 and "_x" not in content:
            first, rest = content[:1], content[1:]
            parts = [self.element("r", self.element("t", self.text(part), **preserve)) for part in (first, rest)]
            hint = self.element("rPh", self.element("t", "ヨミ"), sb="0", eb="1") if self.maybe(0.5) else ""
            return "".join(parts) + hint
        return self.element("t", self.text(content), **preserve)

    def cell(self, written: Written, place: str) -> str:
        head = {} if self.no_places else {"r": place}
        if written.style or self.maybe(0.1):
            head["s"] = str(self.order.index(written.style))
        inner, kind = self.inside(written)
        if kind:
            head["t"] = kind
        more = self.element("extLst", '<ext uri="{0}"><v>99</v></ext>') if self.maybe(0.04) else ""
        return self.element("c", inner + more, **head)

    def inside(self, written: Written) -> tuple[str, str]:
        """The elements in a cell, and its type."""
        formula = self.element("f", escape("A1&B1<3")) if self.chance.random() < 0.1 else ""
        if written.kind == "text":
            how = self.chance.choice(("s", "s", "inlineStr", "str"))
            if how == "inlineStr":
                return self.element("is", self.runs(written.content)), how
            if how == "str":
                return formula + self.element("v", self.text(written.content)), how
            self.texts.append(written.content)
            return self.element("v", self.digits(str(len(self.texts) - 1))), how
        kind = {"number": "n" if self.maybe(0.2) else "", "error": "e", "boolean": "b", "iso": "d"}[written.kind]
        content = written.content if written.kind != "number" else self.digits(written.content)
        if written.kind == "iso":
            content += self.chance.choice(("", "T00:00:00", "T00:00:00.000Z", "Z"))
        return formula + self.element("v", content), kind


def workbook_of(grid: Sequence[Sequence[Written | None]], dialect: Dialect) -> bytes:
    """The workbook of a grid in one dialect."""
    rows = ""
    for number, row in enumerate(grid, 1):
        cells = ""
        for place, written in zip("ABCDEF", row, strict=True):
            if written is None:
                empty = {"r": f"{place}{number}", "t": "s"} if dialect.maybe(0.2) else {"r": f"{place}{number}"}
                given = {key: value for key, value in empty.items() if key != "r"} if dialect.no_places else empty
                cells += (
                    f"<{dialect.prefix}c{dialect.attributes(given)}/>"
                    if dialect.no_places or dialect.maybe(0.5)
                    else ""
                )
            else:
                cells += dialect.cell(written, f"{place}{number}")
        head = {} if dialect.no_places else {"r": str(number)}
        rows += dialect.element("row", cells, **head)
    return _packed(rows, dialect)


def _packed(rows: str, dialect: Dialect) -> bytes:
    namespace = STRICT if dialect.strict else MAIN
    declared = f'xmlns:x="{namespace}"' if dialect.prefix else f'xmlns="{namespace}"'
    tag = dialect.prefix + "worksheet"
    data = f"{dialect.prefix}sheetData"
    sheet = f"{DECLARATION}<{tag} {declared}><{data}>{rows}</{data}></{tag}>"
    encoding = dialect.chance.choice(("utf-8-sig", "utf-16")) if dialect.maybe(0.15) else "utf-8"
    if encoding == "utf-16":
        sheet = sheet.replace("UTF-8", "UTF-16")
    texts = "".join(dialect.element("si", dialect.runs(text)) for text in dialect.texts)
    return xlsx(
        sheet.encode(encoding), styles=_styles(dialect), texts=_unprefixed(texts, dialect), strict=dialect.strict
    )


def _unprefixed(texts: str, dialect: Dialect) -> str:
    return texts.replace("<x:", "<").replace("</x:", "</") if dialect.prefix else texts


def _styles(dialect: Dialect) -> str:
    codes = "".join(f'<numFmt numFmtId="{163 + i}" formatCode="{code}"/>' for i, code in dialect.code_of.items())
    cells = "".join(f'<xf numFmtId="{163 + style if style else 0}"/>' for style in dialect.order)
    conditional = ('<numFmt numFmtId="0" formatCode="yyyy"/>', '<numFmt numFmtId="164" formatCode="0"/>')
    other = f"<dxfs>{''.join(f'<dxf>{one}</dxf>' for one in conditional)}</dxfs>"
    named = '<cellStyleXfs><xf numFmtId="14"/></cellStyleXfs>' if dialect.maybe(0.3) else ""
    return f"<numFmts>{codes}</numFmts>{named}<cellXfs>{cells}</cellXfs>{other if dialect.maybe(0.3) else ''}"


def rewritten_form(data: bytes, chance: random.Random) -> bytes:
    """A real form with its shared texts in another order, its styles numbered otherwise, its cells rewritten."""
    source = zipfile.ZipFile(io.BytesIO(data))
    parts = {name: source.read(name) for name in source.namelist()}
    dialect = Dialect(chance)
    dialect.prefix, dialect.odd = "", True
    texts = _ITEM.findall(parts["xl/sharedStrings.xml"].decode())
    order = chance.sample(range(len(texts)), len(texts))
    places = {old: new for new, old in enumerate(order)}
    head = parts["xl/sharedStrings.xml"].decode().partition("<si>")[0]
    parts["xl/sharedStrings.xml"] = (head + "".join(texts[old] for old in order) + "</sst>").encode()
    parts["xl/styles.xml"] = re.sub(rb"(<cellXfs[^>]*>)", rb'\1<xf numFmtId="14"/>', parts["xl/styles.xml"])

    def cell(found: re.Match[str]) -> str:
        given = dict(_ATTRIBUTE.findall(found[1]))
        given["s"] = str(int(given.get("s", "0")) + 1)
        value = found[2]
        if given.get("t") == "s":
            value = dialect.digits(str(places[int(value)]))
        elif "t" not in given:
            value = dialect.digits(value)
        return f"<c{dialect.attributes(given)}>{found[3] or ''}<v>{value}</v></c>"

    for name in (one for one in parts if one.startswith("xl/worksheets/sheet")):
        parts[name] = _VALUED.sub(cell, parts[name].decode()).encode()
    return zipped(parts)


_ITEM = re.compile(r"<si>.*?</si>", re.DOTALL)
_ATTRIBUTE = re.compile(r'([a-z]+)="([^"]*)"')
_VALUED = re.compile(
    r'<c((?: [a-z]+="[^"]*")*)>(?=(?:<f>[^<]*</f>)?<v>([^<]*)</v></c>)(<f>[^<]*</f>)?<v>[^<]*</v></c>'
)


def csv_of(chance: random.Random) -> tuple[bytes, list[list[str | None]]]:
    """A CSV in one dialect, and its cells."""
    delimiter = chance.choice(",;\t|")
    pool = (
        "030101100004",
        "平安里便民超市",
        "1,096.00",
        "a;b;c",
        "x|y",
        "8",
        'say "x"',
        "2024-06-03",
        "一\n二",
        "备注",
    )
    head = ["客户编码", "客户名称", "金额", "备注说明"]
    rows = [head, *([chance.choice(pool) for _ in head] for _ in range(chance.randint(2, 12)))]
    target = io.StringIO(newline="")
    quoting = chance.choice((csv.QUOTE_MINIMAL, csv.QUOTE_ALL))
    csv.writer(
        target, delimiter=delimiter, quoting=quoting, lineterminator=chance.choice(("\n", "\r\n"))
    ).writerows(rows)
    encoding = chance.choice(("utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be", "utf-8-sig"))
    text = ("\ufeff" if chance.random() < 0.1 and encoding.startswith("utf") else "") + target.getvalue()
    return text.encode(encoding), [list(row) for row in rows]


def read_cells(sheet: RawSheet) -> dict[tuple[int, int], Cell]:
    return {
        (sheet.first_row + i, sheet.first_column + j): cell
        for i, row in enumerate(sheet.rows)
        for j, cell in enumerate(row)
        if cell is not None and cell != ""
    }


def try_workbook(number: int, seed: int) -> tuple[str, RawBook | str]:
    """What is wrong ("" for nothing) with how one workbook is read, and the book or the rule of its refusal."""
    chance = random.Random(f"{seed}-{number}")
    grid = grid_of(chance)
    book = read_book(workbook_of(grid, Dialect(chance)), "a.xlsx")
    if not isinstance(book, RawBook):
        return "", book.rule
    wanted = {(i, j): cell for i, row in enumerate(grid, 1) for j, cell in enumerate(row, 1) if cell is not None}
    found = read_cells(book.sheets[0])
    wrong = {
        place: (found.get(place), cell and cell.value)
        for place in found.keys() | wanted.keys()
        if repr(found.get(place)) != repr((cell := wanted.get(place)) and cell.value)
    }
    shown = {place: cell.shown for place, cell in wanted.items() if cell.shown}
    if dict(book.sheets[0].shown) != shown:
        wrong[0, 0] = (str(dict(book.sheets[0].shown)), str(shown))
    return f"workbook {seed}-{number}: {wrong}" if wrong else "", book


def try_csv(number: int, seed: int) -> tuple[str, RawBook | str]:
    """The same of one CSV."""
    data, rows = csv_of(random.Random(f"{seed}-{number}"))
    book = read_book(data, "a.csv")
    if not isinstance(book, RawBook):
        return "", book.rule
    wrong = book.sheets[0].rows != rows
    return f"csv {seed}-{number}: {book.sheets[0].rows} {rows}" if wrong else "", book


def try_form(number: int, seed: int) -> tuple[str, RawBook | str]:
    """The same of a manager's form of four sheets."""
    plain = read_book(valid_template(), "a.xlsx")
    book = read_book(rewritten_form(valid_template(), random.Random(f"{seed}-{number}")), "a.xlsx")
    if not isinstance(book, RawBook) or not isinstance(plain, RawBook):
        return "", book.rule if not isinstance(book, RawBook) else ""
    found = [read_cells(sheet) for sheet in book.sheets]
    return "" if found == [read_cells(sheet) for sheet in plain.sheets] else f"form {seed}-{number}", book


def run_dialects(count: int, seed: int = 2) -> Dialects:
    """Reads `count` files in as many dialects: workbooks, forms, and CSV."""
    outcome = Dialects()
    for number in range(count):
        wrong, answer = (try_workbook, try_workbook, try_form, try_csv)[number % 4](number, seed)
        if isinstance(answer, str):
            outcome.refused[answer] += 1
        else:
            outcome.accepted += 1
        outcome.wrong += [wrong] if wrong else []
    return outcome


def main() -> None:
    outcome = run_dialects(int(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 2)
    print(outcome, *outcome.wrong, sep="\n")
    sys.exit(1 if outcome.wrong else 0)


if __name__ == "__main__":
    main()
