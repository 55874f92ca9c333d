"""What a trade's people are sent, as texts and tables; and the words that only other trades have."""

import email
import email.policy
import re
import zipfile
from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path

import openpyxl

# 条 and 箱 are units behind a number, a bracket or a slash; elsewhere lines and boxes (条形图, 信箱).
OF_OTHER_TRADES = {
    "zh": re.compile(
        r"烟|品牌|品规|价类|零售|陈列|价签|守法|明码|指导价|销量|销售|订货|货源|送货|批发|库存"
        r"|[\d(（/·、每]\s*[条箱](?=$|[<\s·/、，；。,.;)）！\"])"
    ),
    "en": re.compile(
        r"\b(?:cartons?|brands?|cigarettes?|tobacco(?:nist)?|wholesale|retail(?:er)?s?|guide price|price tags?"
        r"|displays?|volumes?|sales|sold|goods|products?|orders?|ordered|stock)\b",
        re.I,
    ),
}
_TEXT = re.compile(r">([^<>]+)<|\b(?:name|descr|title|text|display|tooltip)=\"([^\"]*)\"")
# What a cable operator says, besides what only tobacconists do.
OF_CABLE = {
    "zh": re.compile(r"在册|罚停|报停|片区|流向|收缴|摸排|广电|IPTV|已流失"),
    "en": re.compile(
        r"\b(?:households?|penalt\w*|paused for|arrears|group customers?|areas?|IPTV|cable|collection)\b", re.I
    ),
}
CHINESE = re.compile(r"[\u4e00-\u9fff]")


def texts(output: Path) -> Iterator[tuple[str, str]]:
    """Every text of every part of every workbook, of tables and of letters, with where it stands."""
    for path in sorted(output.rglob("*")):
        if path.suffix == ".xlsx":
            with zipfile.ZipFile(path) as book:
                for part in book.namelist():
                    raw = book.read(part).decode("utf-8", "replace")
                    yield from ((f"{path.name} {part}", one or other) for one, other in _TEXT.findall(raw))
        elif path.suffix in (".csv", ".json"):
            yield path.name, path.read_text(encoding="utf-8-sig")
        elif path.suffix == ".eml":
            letter = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
            yield path.name, str(letter["subject"])
            for kind in ("plain", "html"):
                body = letter.get_body((kind,))
                yield path.name, "" if body is None else body.get_content()


def not_english(output: Path, typed: Iterable[object]) -> list[tuple[str, str]]:
    """The Chinese texts of all cells of all workbooks, but for what people have typed and for names of files."""
    own = sorted({str(one) for one in typed if CHINESE.search(str(one))}, key=len, reverse=True)
    theirs = re.compile("|".join(map(re.escape, own)))
    cells = (one for one in texts(output) if "sharedStrings" in one[0] or "worksheets" in one[0])
    found = [(where, text) for where, text in cells if CHINESE.search(theirs.sub("", text))]
    return [one for one in found if not re.search(r"月报|主数据|\.xlsx", one[1])]


def book_at(path: Path) -> openpyxl.Workbook:
    """A workbook; not to be changed, as it is read once."""
    return _book(path, path.stat().st_mtime_ns)


@lru_cache(maxsize=16)
def _book(path: Path, _: int) -> openpyxl.Workbook:
    return openpyxl.load_workbook(path)


def listed(home: Path, month: str, table: str) -> list[list[object]]:
    """The rows of a table of the headquarters' workbook."""
    book = book_at(home / "output" / month / "headquarters.xlsx")
    sheet = next(one for one in book if table in one.tables)
    return [[cell.value for cell in row] for row in sheet[sheet.tables[table].ref]][1:]
