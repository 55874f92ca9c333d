"""Rows below a heading that are no data: totals, subtotals, signatures, remarks, headings that stand again. Pure.

A row counts as one only where it lacks what makes a row: a code that the form requires (a customer, a product) is
empty, or stands for all of them ("合计", "030101 汇总"). So a shop of the name 小计便利店 stays a customer, and a row
whose date alone is wrong stays a row. A total is known by its word, in any column of the sheet; without a word, by its
sums: all its amounts and quantities are those of the rows above, or of one group of them.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from functools import cached_property, lru_cache

from pipeline.contract.goods_units import goods_units
from pipeline.intake.number_forms import number_reader
from pipeline.intake.raw import Cell, UncalculatedFormula
from schemas.form import Form

_GOODS = "|".join(goods_units())
_COUNTED = rf"[\d.,，+\-¥￥]*(?:{_GOODS}|户|件|元|行|笔|家|个|份|人|次|项|万元|万|吨|kg|rows?|items?|records?)?"
_TOTAL_WORDS = (
    r"(?:本|全|当|上|各)?(?:页|月|日|周|年|季|期|部|区|县|市|公司|省|站|组|表|单)?"
    r"(?:小计|合计|总计|共计|总合计|累计|汇总|总和|合共|总共|总数|总额)(?:数|数量|金额|销量|额|值|行|\(.*\))?"
)
_ENGLISH_TOTAL = r"(?:grand|sub|page|running|overall|monthly|report)?-?totals?(?:amount|quantity|qty|sales|sum)?"
_TOTAL = re.compile(rf"(?:{_TOTAL_WORDS}|{_ENGLISH_TOTAL}|sum|总|共)[:;,.。]*{_COUNTED}")
_COUNT_LINE = re.compile(rf"(?:总|共|合)计?(?:有)?[:]?\d{_COUNTED}.*")
# What Excel's Subtotal puts into the grouped column; the blank before the word is its own.
_GROUP = re.compile(
    r".+?\s*(?:小计|合计|汇总|总计)|.+\s(?:计数|平均值|最大值|最小值|total|subtotal|count|average|sum)"
)
# What people put below a total: averages, shares, growth, targets, the amount in words; and what a pivot table says.
_STATISTIC = re.compile(
    r"(?:本|全|当|上|去)?(?:月|日|周|年|季|期)?"
    r"(?:平均|均值|均价|户均|人均|日均|月均|最大|最高|最小|最低|中位|标准差|计数|个数|占比|比重|比例|百分比|构成|同比|环比|同期"
    r"|增长|增减|增幅|降幅|完成|达成|目标|任务|计划|预算|差额|差异|差距|进度)"
    r"(?:值|数|价|额|率|量|度|比|销量|金额|单价|增长|增减|增幅|任务|目标|情况)*"
    r"|(?:人民币|金额|合计|总计|总额)*大写(?:人民币|金额|合计|总额)*|行标签|列标签|求和项|计数项|空白"
    r"|average|avg|mean|median|max(?:imum)?|min(?:imum)?|count|share|percent(?:age)?|growth|target|budget|blank"
    r"|(?:row|column)labels"
)
_BRACKETS = str.maketrans("", "", "()[]%")
_SMALL = re.compile(r"小计|sub-?total|页|page")
_UNITS = frozenset(("元", "万元", "户", "件", "yuan", *goods_units()))
_BETWEEN = re.compile(r"[/()|、]")
LONGEST_TOTAL, LONGEST_LABEL = 24, 80  # characters of a cell that says what its row is
_SIGNATURE = re.compile(
    r"(?:制表|填表|填报|报表|审核|复核|审批|批准|负责|经办|统计|制单|报送|校对|核对|主管|分管|部门|单位|区域|客户经理|营销|财务"
    r"|领导|经理|主任|局长|打印|导出|录入|操作|签收|编制|出纳|会计|监制|记账)*"
    r"(?:制表|填表|填报|审核|复核|审批|批准|经办|统计|制单|报送|校对|签字|签名|签章|盖章|公章|负责人|主管|人|员|者|领导|时间|日期|编制)"
    r"(?:签字|签名|签章|\(.*\))?(?:[:].*|_+.*|)"
    r"|(?:prepared|checked|approved|reviewed|signed|printed|submitted)(?:by|on|at)?[:].*"
    r"|(?:prepared|checked|approved|reviewed|signed|printed|submitted)by|(?:signature|date)[:].*",
    re.DOTALL,
)
_REMARK = re.compile(
    r"(?:备注|附注|说明|填表说明|填报说明|编制说明|注意|注意事项|提示|数据来源|资料来源|来源|口径|统计口径|以下空白|以下无正文"
    r"|notes?|remarks?|source|comments?)(?:\d*[:;.、)].*|\d*)"
    r"|注(?:\d*[:;.、)].*|)|(?:\*|※|★).+|-+(?:以下空白|end)-+|\(?(?:以下空白|以下无内容|完|end)\)?",
    re.DOTALL,
)
_SENTENCE = re.compile(r"[,。;:、!?…，；：！？.\s]")
_PLACEHOLDERS = frozenset(("", "/", "-", "--", "---", "—", "——", "全部", "所有", "全体", "all", "\\", "*"))
_LINE_SIGNS = frozenset("-—–―─━=_~*.·…+#|")
_SUM_FORMULA = re.compile(r"=\s*(?:round\(\s*)?(?:sum|subtotal|sumif|sumifs|aggregate)\s*\(", re.IGNORECASE)
_NEAR = 0.005  # yuan and pieces within which sums are equal


@dataclass(frozen=True)
class Sheet:
    """What is looked at: the rows below the heading, and where the form's columns stand in them.

    `places` gives the index of each column of the form; `heading` is the row of headings itself. `positions` are the
    rows that hold anything in the form's columns or beside them.
    """

    form: Form
    rows: Sequence[Sequence[Cell]]
    places: Mapping[str, int]
    heading: Sequence[Cell]
    positions: Sequence[int]

    @cached_property
    def codes(self) -> tuple[int, ...]:
        """Where the codes stand that every row must have."""
        return self._required("id")

    @cached_property
    def required(self) -> tuple[int, ...]:
        """The columns that must be filled, by position."""
        return self._required()

    @cached_property
    def numbers(self) -> tuple[int, ...]:
        """Where amounts and quantities stand."""
        counted = {one.name for one in self.form.columns if one.kind in ("money", "whole", "number")}
        return tuple(place for name, place in self.places.items() if name in counted)

    @cached_property
    def days(self) -> tuple[int, ...]:
        """The columns of days that must be filled, by position."""
        return self._required("day")

    def _required(self, kind: str = "") -> tuple[int, ...]:
        wanted = [one.name for one in self.form.columns if one.required and (not kind or one.kind == kind)]
        return tuple(self.places[name] for name in wanted if name in self.places)


def has_content(cell: Cell) -> bool:
    """Whether anything stands in a cell."""
    return cell is not None and (not isinstance(cell, str) or cell.strip() != "")


def has_words(cell: Cell) -> bool:
    """Whether a cell holds a text that is more than a number or a sign for nothing."""
    return isinstance(cell, str) and _holds(cell) and _number(cell) is None


def rows_not_data(sheet: Sheet) -> dict[int, str]:
    """By position, the rows that are no data, and which kind each is."""
    found: dict[int, str] = {}
    doubtful = sorted(_doubtful(sheet))
    for position in doubtful:
        kind = _kind_by_words(sheet, sheet.rows[position])
        if kind:
            found[position] = kind
    rest = [position for position in doubtful if position not in found]
    found.update(_totals_by_sum(sheet, rest, found))
    return found


def _doubtful(sheet: Sheet) -> set[int]:
    """Rows in which a required cell (any, where none is) is empty, or holds what stands for no single thing. Columns
    are gone through by their different cells: most sheets have no such row, and are long."""
    found: set[int] = set()
    for place in sheet.required or tuple(sheet.places.values()):
        column = [sheet.rows[position][place] for position in sheet.positions]
        head = plain(sheet.heading[place])
        odd = {cell for cell in set(column) if cell is None or _is_odd(cell, head)}
        if odd:
            found.update(position for position, cell in zip(sheet.positions, column, strict=True) if cell in odd)
    return found


def _is_odd(cell: Cell, head: str) -> bool:
    if not isinstance(cell, str):
        return False
    text = plain(cell)
    return text == head or text in _PLACEHOLDERS or word_kind(cell) != ""


@lru_cache(maxsize=65_536)
def _plain(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split()).casefold()


def plain(cell: Cell) -> str:
    """A text without blanks, width and case; empty for what is no text."""
    return _plain(cell) if isinstance(cell, str) else ""


@lru_cache(maxsize=65_536)
def word_kind(text: str) -> str:
    """What a cell's text says its row is: "total", "subtotal", "group" (a subtotal that names its group), "statistic",
    "signature", "remark", or nothing."""
    short = _plain(text)
    if len(short) <= LONGEST_TOTAL:
        parts = [part for part in _BETWEEN.split(short) if part] or [short]
        if parts[0] not in _UNITS and all(
            _TOTAL.fullmatch(part) or _COUNT_LINE.fullmatch(part) or part in _UNITS for part in parts
        ):
            return "subtotal" if _SMALL.search(short) else "total"
        if _GROUP.fullmatch(unicodedata.normalize("NFKC", text).strip().casefold()):
            return "group"
    if len(short) <= LONGEST_LABEL and _STATISTIC.fullmatch(short.partition(":")[0].translate(_BRACKETS)):
        return "statistic"
    if len(short) <= LONGEST_LABEL and _SIGNATURE.fullmatch(short):
        return "signature"
    return "remark" if _REMARK.fullmatch(short) else ""


def _kind_by_words(sheet: Sheet, row: Sequence[Cell]) -> str:
    if _is_heading(sheet, row):
        return "heading"
    kinds = {index: kind for index, cell in enumerate(row) if isinstance(cell, str) and (kind := word_kind(cell))}
    if not _lacks_a_code(sheet, row, kinds):
        return ""
    said = set(kinds.values())
    mostly_empty = _is_mostly_empty(sheet, row, kinds)
    if said & {"total", "subtotal"}:
        return "total" if "total" in said else "subtotal"
    for kind, what in (("group", "subtotal"), ("statistic", "total")):
        if kind in said and (mostly_empty or any(kinds.get(place) == kind for place in sheet.required)):
            return what
    if _is_a_line(row):
        return "remark"
    if mostly_empty and (said or _is_prose(sheet, row)):
        return "signature" if "signature" in said else "remark"
    return ""


def _is_a_line(row: Sequence[Cell]) -> bool:
    """Whether nothing but lines drawn with signs stands in a row."""
    held = [cell for cell in row if has_content(cell)]
    texts = [plain(cell) for cell in held]
    return all(text and _LINE_SIGNS.issuperset(text) for text in texts) and any(len(text) > 1 for text in texts)


def _is_heading(sheet: Sheet, row: Sequence[Cell]) -> bool:
    """The headings again, as on every printed page."""
    same = [plain(row[place]) == plain(sheet.heading[place]) != "" for place in sheet.places.values()]
    return len(same) > 1 and sum(same) * 2 > len(same)


def _holds(cell: Cell) -> bool:
    if isinstance(cell, str):
        return plain(cell) not in _PLACEHOLDERS
    return cell is not None


def _lacks_a_code(sheet: Sheet, row: Sequence[Cell], kinds: Mapping[int, str]) -> bool:
    """Whether a code that the row needs is empty or a word; where a form needs none, whether anything is."""
    needed = sheet.codes or sheet.required
    return any(place in kinds or not _holds(row[place]) for place in needed)


def _is_mostly_empty(sheet: Sheet, row: Sequence[Cell], kinds: Mapping[int, str]) -> bool:
    """Whether half or more of what a row must have is not there."""
    held = sum(_holds(row[place]) and place not in kinds for place in sheet.required)
    return held * 2 <= len(sheet.required)


def _is_prose(sheet: Sheet, row: Sequence[Cell]) -> bool:
    """One sentence in an otherwise empty row, not in a column that takes text."""
    filled = [index for index, cell in enumerate(row) if _holds(cell)]
    if len(filled) != 1 or not isinstance(row[filled[0]], str):
        return False
    texts = {
        sheet.places[one.name] for one in sheet.form.columns if one.kind == "text" and one.name in sheet.places
    }
    text = str(row[filled[0]]).strip()
    wordy = len(text) >= 10 or _SENTENCE.search(text) is not None
    return filled[0] not in texts and wordy and any("一" <= letter <= "鿿" or letter == " " for letter in text)


def _totals_by_sum(sheet: Sheet, doubtful: Sequence[int], found: Mapping[int, str]) -> dict[int, str]:
    """Rows without a code whose numbers are the sums of rows above (all, those since the last total, those of one
    group), or of all others; of at least two rows."""
    candidates = {one for one in doubtful if _may_be_a_sum(sheet, sheet.rows[one])}
    if not candidates:
        return {}
    sums = _Sums(sheet, candidates, found)
    return {position: "total" for position in sheet.positions if sums.next_is_total(position)}


def _may_be_a_sum(sheet: Sheet, row: Sequence[Cell]) -> bool:
    """No code is there (or one is missing, and the day too), no name stands for a customer, and there is a number."""
    held = [_holds(row[place]) for place in sheet.codes]
    if all(held) or (any(held) and any(_holds(row[place]) for place in sheet.days)):
        return False
    own = set(sheet.places.values())
    named = any(index not in own and has_words(cell) for index, cell in enumerate(row))
    return not named and any(_holds(row[place]) for place in sheet.numbers)


def _is_sum_formula(sheet: Sheet, row: Sequence[Cell]) -> bool:
    cells = [row[place] for place in sheet.numbers if _holds(row[place])]
    return bool(cells) and all(
        isinstance(cell, UncalculatedFormula) and _SUM_FORMULA.match(cell.formula) for cell in cells
    )


_read_number = number_reader("", whole=False)


def _number(cell: Cell) -> float | None:
    value = None if cell is None else _read_number(cell).value
    return float(value) if isinstance(value, int | float) else None


@dataclass
class _Sum:
    """How many rows, and what they come to in each column of numbers."""

    numbers: list[float]
    rows: int = 0

    def add(self, row: Sequence[float | None]) -> None:
        self.rows += 1
        for index, number in enumerate(row):
            self.numbers[index] += number or 0.0

    def is_said_by(self, row: Sequence[float | None], without: Sequence[float | None] = ()) -> bool:
        """Whether all numbers of a row are these sums; `without` is taken off first."""
        less = [number or 0.0 for number in without] or [0.0] * len(row)
        return self.rows > 1 + bool(without) and all(
            number is None or abs(own - off - number) < _NEAR
            for number, own, off in zip(row, self.numbers, less, strict=True)
        )


class _Sums:
    """The sums of the rows above, as a sheet is gone through from top to bottom."""

    def __init__(self, sheet: Sheet, candidates: Set[int], found: Mapping[int, str]) -> None:
        self._sheet, self._candidates, self._found = sheet, candidates, found
        self._above, self._since, self._all = self._none(), self._none(), self._none()
        self._groups: dict[tuple[int, object], _Sum] = {}
        self._keys = [place for place in sheet.places.values() if place not in sheet.numbers]
        for position in sheet.positions:
            if position not in found:
                self._all.add(self._numbers(position))

    def next_is_total(self, position: int) -> bool:
        """Whether the next row is a total of rows above; what is none is added to the sums."""
        if position in self._found:
            self._since = self._none()
            return False
        numbers = self._numbers(position)
        if position in self._candidates and self._is_total(position, numbers):
            self._since = self._none()
            return True
        for total in (self._above, self._since, *self._of_groups(position)):
            total.add(numbers)
        return False

    def _is_total(self, position: int, numbers: Sequence[float | None]) -> bool:
        if _is_sum_formula(self._sheet, self._sheet.rows[position]):
            return True
        if not any(numbers):
            return False
        sums = (self._above, self._since, *self._of_groups(position))
        return any(one.is_said_by(numbers) for one in sums) or self._all.is_said_by(numbers, without=numbers)

    def _of_groups(self, position: int) -> Iterator[_Sum]:
        row = self._sheet.rows[position]
        for place in self._keys:
            if _holds(row[place]):
                yield self._groups.setdefault((place, row[place]), self._none())

    def _numbers(self, position: int) -> list[float | None]:
        row = self._sheet.rows[position]
        return [_number(row[place]) for place in self._sheet.numbers]

    def _none(self) -> _Sum:
        return _Sum([0.0] * len(self._sheet.numbers))
