"""Where everything stands in a template, and what it is called there.

Shared by the writer of templates and the reader of what comes back, so it knows no Excel library.
All rows and columns are counted from 1, as people see them.

The first sheet is the cover: label cells with the value in the next cell to the right, and a table of the
forms with a tick cell for a nil return. Then one sheet a form, named by `sheet_name`: title, hint, header,
example row, data. Column A is a running number; there the example row carries `EXAMPLE_MARK`. Columns whose
heading is in `shown_headings` only show a name beside its code and are not stored. The last sheet holds
the lists behind drop-downs.
"""

import re
from dataclasses import dataclass

from pipeline.words import Language
from schemas.columns import Choice, Column
from schemas.form import Form
from schemas.profile import Profile

TITLE_ROW = 1
HINT_ROW = 2
HEADER_ROW = 3
EXAMPLE_ROW = 4
FIRST_DATA_ROW = 5
NUMBER_COLUMN = 1
FIRST_FORM_COLUMN = 2

TEMPLATE_VERSION = "1"
TICK = "√"
LONGEST_SHEET_NAME = 31
_NOT_IN_SHEET_NAMES = re.compile(r"[\[\]:*?/\\]")


@dataclass(frozen=True)
class Label:
    """A fixed text of the template in both languages."""

    zh: str
    en: str

    def of(self, language: Language) -> str:
        """The label in one language."""
        return self.zh if language == "zh" else self.en

    @property
    def both(self) -> frozenset[str]:
        """The texts by which a reader knows this label, whatever the file's language."""
        return frozenset((self.zh, self.en))


COVER_SHEET = Label("封面", "Cover")
LISTS_SHEET = Label("列表", "Lists")
PROBLEMS_SHEET = Label("错误清单", "Problems")  # of a correction copy; passed over when it comes back

# In the workbooks that are made here, each sheet's name stands in a property of the document of this name and a number:
# one that comes back with entries filled in is read without a word about the sheets that were never meant to be.
OWN_SHEET = "yuebao sheet "

# Labels on the cover; the value stands in the next cell to the right.
MANAGER_ID = Label("客户经理编码", "Manager code")
MANAGER_NAME = Label("客户经理姓名", "Manager name")
REGION_ID = Label("区域编码", "Region code")  # of what a region sends
MONTH = Label("月份", "Month")
VALID_FROM = Label("生效月份", "Valid from month")
VERSION = Label("模板版本", "Template version")

# Of a week's sign-in book, whose pages say whose and which week's it is. A row that begins with the mark is for people:
# the day of a page, what to know of a customer.
WEEK = Label("周次", "Week")
SHOWN_MARK = "◆"
MANAGER_SIGNED = Label("客户经理签字", "Manager's signature")

# Headings of the cover's table of forms: the form's label, and a tick where there is nothing this month.
FORM_HEADING = Label("表单", "Form")
NIL_HEADING = Label("本月无", "Nothing this month")

# Columns of a sheet that was filled in beforehand: the tick for what went as usual, and, last and hidden, the mark of
# each row (see `contract.prefilled`). Beside an entry, in grey, what stood there last time.
USUAL_HEADING = Label("如常", "As usual")
MARK_HEADING = Label("预填标记", "Prefilled mark")
LAST = Label("上次", "Last ")
UNCHANGED = Label("未变", "Unchanged")

# Column A of a form's sheet.
NUMBER_HEADING = Label("序号", "No.")
EXAMPLE_MARK = Label("示例", "Example")

FLAGS = (Choice("true", "是", "Yes"), Choice("false", "否", "No"))


def sheet_name(form: Form, language: Language) -> str:
    """The name of the form's sheet: its label, made safe for Excel."""
    return safe_sheet_name(form.zh if language == "zh" else form.en)


def safe_sheet_name(text: str) -> str:
    """`text` without what Excel does not allow in the name of a sheet."""
    safe = _NOT_IN_SHEET_NAMES.sub("-", text).strip(" '")
    return safe[:LONGEST_SHEET_NAME] or "-"


def heading(column: Column, language: Language) -> str:
    """The header of a column: label, and the unit in brackets: 销量(件), Sold (pieces)."""
    if language == "zh":
        return f"{column.zh}({column.unit})" if column.unit else column.zh
    unit = column.unit_en or column.unit
    return f"{column.en} ({unit})" if unit else column.en


def name_column(master: Form) -> Column | None:
    """The column of a master form that says in words what its code stands for: its first text column."""
    return next((column for column in master.columns[1:] if column.kind == "text"), None)


def lookup_heading(column: Column, language: Language) -> str | None:
    """The heading of the name shown beside a code, such as 客户名称; None where there is none."""
    shown = column.reference.name if column.reference else None
    return heading(shown, language) if shown else None


def last_heading(column: Column, language: Language) -> str:
    """The heading of the grey column beside an entry that shows what stood there last time: 上次库存量, Last stock."""
    text = column.zh if language == "zh" else f"{column.en[:1].lower()}{column.en[1:]}"
    return f"{LAST.of(language)}{text}"


def shown_headings(form: Form) -> frozenset[str]:
    """Headings, in both languages, of columns that only show a name and are not part of the form."""
    own = {heading(column, language) for column in form.columns for language in ("zh", "en")}
    shown = {lookup_heading(column, language) for column in form.columns for language in ("zh", "en")}
    return frozenset(text for text in shown if text is not None and text not in own)


def helping_headings(form: Form) -> frozenset[str]:
    """Headings, in both languages, of columns that help to fill in rows which stand there already."""
    languages: tuple[Language, ...] = ("zh", "en")
    last = {last_heading(one, language) for one in form.columns if one.last for language in languages}
    return USUAL_HEADING.both | MARK_HEADING.both | last


def choices_of(column: Column, profile: Profile) -> tuple[Choice, ...]:
    """The list that a column offers: its own, the profile's, or 是/否; empty where there is none."""
    if column.choices:
        return column.choices
    if column.list_name:
        return profile.choices(column.list_name)
    return FLAGS if column.kind == "flag" else ()
