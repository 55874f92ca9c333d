"""A simple figure as data: what a trade's `figures.toml`, or an office in its `yuebao.toml`, says of one.

[paid_programme_rate]
zh = "付费节目订购率"      en = "Paid-programme rate"      unit = "%"      better = "higher"
definition = "付费节目户数÷正常户数。"
numerator = { form = "subscriptions", sum = "paid_programmes" }
denominator = { form = "subscriptions", sum = "active" }
"""

from collections.abc import Mapping
from typing import Literal

from pydantic import BaseModel, ConfigDict, model_validator

Given = str | bool | int
CountOf = Literal["rows", "customers", "active"]


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class MeasureData(_Frozen):
    """What is counted or summed of the rows of a form in a month.

    `sum` names a column; `count` takes rows, customers (each once), or those of them that are active. Only rows whose
    columns have one of the values of `where`, that give all columns in `filled` and none in `empty`, and whose day
    `in_month` lies in the month. Of a form of cases, `in_month` must say by which of its days a case belongs to the
    month.
    """

    form: str
    sum: str = ""
    count: CountOf | None = None
    where: Mapping[str, Given | tuple[Given, ...]] = {}
    filled: str | tuple[str, ...] = ()
    empty: str | tuple[str, ...] = ()
    in_month: str = ""

    @model_validator(mode="after")
    def _says_one_thing(self) -> "MeasureData":
        if bool(self.sum) == (self.count is not None):
            raise ValueError("sum | count")
        return self

    @property
    def columns(self) -> tuple[str, ...]:
        """All columns that it reads."""
        given = (one for some in (self.filled, self.empty) for one in ((some,) if isinstance(some, str) else some))
        return tuple(dict.fromkeys(name for name in (self.sum, *self.where, *given, self.in_month) if name))


class FigureData(_Frozen):
    """A figure that is a sum, a count, or one ÷ another (× `scale`; 100 where the unit is %).

    `definition` is for both languages unless `definition_en` is given. `each` makes one figure of each entry of a list
    ("form.column") or of each column of a form of some kind ("form:whole"): `{key}`, `{zh}`, `{en}` and `{en_lower}`
    then stand for it in the texts, in `key` and in the measures. `over_time` and `over_period` are those of `Figure`.
    """

    zh: str
    en: str
    unit: str
    definition: str
    definition_en: str = ""
    better: Literal["higher", "lower", "neither"] = "higher"
    key: str = ""
    each: str = ""
    subject: str = ""
    scale: float | str | None = None
    decimals: int | None = None
    over_time: Literal["sum", "distinct", "last"] = "sum"
    over_period: Literal["flow", "stock", "start", "values"] | None = None
    source: str = ""
    numerator: MeasureData
    denominator: MeasureData | None = None

    @model_validator(mode="after")
    def _distinct_counts_customers(self) -> "FigureData":
        if self.over_time == "distinct" and self.numerator.count not in ("customers", "active"):
            raise ValueError("over_time distinct: count = customers | active")
        return self
