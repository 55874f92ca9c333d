"""A profile: what one trade uses: forms, lists, visit frequencies, limits, weights, thresholds, words.

It stands beside the forms, as forms are checked against it; `pipeline.contract.trade` loads it from a trade's folder.
"""

import json
import math
import re
from collections.abc import Collection, Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PrivateAttr,
    ValidationError,
    ValidationInfo,
    field_validator,
    model_validator,
)

from schemas.appraisals import Appraisal, Pilots
from schemas.columns import Choice
from schemas.contrast import Contrast
from schemas.dated import Dated
from schemas.entities import Entity, check_tree
from schemas.figures import FigureData
from schemas.group_shares import check_groups, check_shares, scaled, shares_in
from schemas.pay_settings import Pay
from schemas.staffing import Staffing
from schemas.terms import AS_WRITTEN, Terms

if TYPE_CHECKING:
    from schemas.form import Form

SOLD, SOLD_IN = (
    ("volume", "amount"),
    "sales",
)  # what is forecast where a trade does not say, and the form that tells it
FORECAST_AS = (
    *SOLD,
    "third",
)  # under what stands what a trade forecasts: a count, or money in whole yuan; then money
Group = str  # under what an indicator is judged; the catalogue of texts has the common ones, a trade its own


def _no_truth(given: Any) -> Any:
    """true and false are no numbers, though Python counts with them."""
    if isinstance(given, bool):
        raise ValueError(str(given).lower())
    return given


Whole = Annotated[int, BeforeValidator(_no_truth), Field(ge=0)]
Number = Annotated[float, BeforeValidator(_no_truth), Field(ge=0)]


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Entry(_Frozen):
    """One entry of a list, best first where the list has an order."""

    key: str
    zh: str
    en: str

    @property
    def choice(self) -> Choice:
        """The entry as forms offer it."""
        return Choice(self.key, self.zh, self.en)


class Indicator(_Frozen):
    """One indicator of the scorecard; its name is the key of the figure that it judges.

    `target` is used where the form `targets` gives none, in the unit of the glossary; of a figure that is a plain
    sum it is meant for each manager, and a region's is that times its managers. `floor` and `cap` limit the
    completion, in %. `better` is asked for only where the figure itself is neither good nor bad.
    """

    group: Group
    weight: float = Field(ge=0, le=1)
    target: float | None = None
    floor: float = 0
    cap: float = 120
    better: Literal["higher", "lower"] | None = None

    @model_validator(mode="after")
    def _has_room(self) -> "Indicator":
        if self.cap <= self.floor:
            raise ValueError(f"cap {self.cap:g} ≤ floor {self.floor:g}")
        return self


class Scorecard(_Frozen):
    """How managers and regions are judged (绩效考核): indicators by figure, and grades by their least score.

    `least_weight` is the share of the weights that must have data for a score to be graded and ranked;
    `best_in_region` is how many places of each region are named as the best of a quarter, a half-year or a year.
    `group_share` are shares of groups by year, to which the weights are scaled, `groups_together` the groups that have
    one together: see `schemas.group_shares`.
    """

    group_share: Mapping[str, Mapping[str, Number]] = {}
    groups_together: Mapping[str, tuple[str, ...]] = {"customer": ("acquire", "attract", "retain", "develop")}
    indicators: Mapping[str, Indicator] = {}
    grades: Mapping[str, float] = {"A": 100, "B": 90, "C": 80, "D": 0}
    least_weight: float = Field(default=0.5, ge=0, le=1)
    best_in_region: int = Field(default=2, ge=1)

    @field_validator("group_share")
    @classmethod
    def _shares_are_a_whole(cls, given: Mapping[str, Mapping[str, float]]) -> Mapping[str, Mapping[str, float]]:
        check_shares(given)
        return given

    @field_validator("indicators")
    @classmethod
    def _weights_sum_to_one(cls, given: Mapping[str, Indicator], info: ValidationInfo) -> Mapping[str, Indicator]:
        if shares := info.data.get("group_share"):
            groups = {key: one.group for key, one in given.items() if one.weight > 0}
            check_groups(shares, info.data.get("groups_together", {}), groups)
            return given
        total = sum(one.weight for one in given.values())
        if given and not math.isclose(total, 1, abs_tol=1e-6):
            weights = ", ".join(f"{key} {one.weight:g}" for key, one in given.items())
            raise ValueError(f"Σ weight = {total:g} ≠ 1 ({weights})")
        return given

    @field_validator("grades")
    @classmethod
    def _every_score_has_a_grade(cls, given: Mapping[str, float]) -> Mapping[str, float]:
        least = list(given.values())
        if not least or least[-1] > 0 or least != sorted(set(least), reverse=True):
            raise ValueError("best grade first, the last one from 0")
        return given

    @property
    def counted(self) -> Mapping[str, Indicator]:
        """The indicators that have a weight; 0 takes one out."""
        return {key: one for key, one in self.indicators.items() if one.weight > 0}

    def weights_in(self, year: int, keys: Collection[str]) -> dict[str, float]:
        """What each of some counted indicators weighs in a period of this year; without those that weigh nothing."""
        known = {key: one for key, one in self.counted.items() if key in keys}
        weights = {key: one.weight for key, one in known.items()}
        groups = {key: one.group for key, one in known.items()}
        made = scaled(weights, groups, self.shares_in(year), self.groups_together)
        return {key: weight for key, weight in made.items() if weight > 0}

    def shares_in(self, year: int) -> Mapping[str, float]:
        """The shares of groups that a period of this year uses; nothing where weights alone count."""
        return shares_in(year, self.group_share)


class OwnColumn(_Frozen):
    """What a trade calls a column of a form, and what it asks of it; what is not given stays as the form has it.

    `list` names one of the trade's lists, in place of the form's own; a column of codes then takes those of the list.
    """

    zh: str | None = None
    en: str | None = None
    unit: str | None = None
    unit_en: str | None = None
    required: bool | None = None
    list: str | None = None
    example: str | None = None
    example_en: str | None = None
    help_zh: str | None = None
    help_en: str | None = None
    width: int | None = Field(default=None, ge=4, le=80)


class OwnForm(_Frozen):
    """How a trade uses a form: `without` which columns, and what it calls the form and others of its columns; of a form
    of cases, the columns that others than its sender may fill in (`filled_later`, see `schemas.form.Case`). `subject`
    is the one that tells of its rows, where that is not the subject of the form's name; `same` are the columns that no
    two rows may share, where the trade has others (none: rows may be alike)."""

    zh: str | None = None
    en: str | None = None
    help_zh: str | None = None
    help_en: str | None = None
    without: tuple[str, ...] = ()
    filled_later: tuple[str, ...] | None = None
    subject: str = ""
    same: tuple[str, ...] | None = None
    columns: Mapping[str, OwnColumn] = {}


class OwnLarge(_Frozen):
    """The unit in which much of another is told: its word in each language, how many of the other make one of it, and
    with how many decimals it is told (万千瓦时 of 10,000 kWh with two, in English MWh of 1,000 with one)."""

    zh: str
    en: str
    times: Annotated[Whole, Field(ge=2)]
    times_en: Annotated[Whole, Field(ge=2)]
    decimals: Annotated[Whole, Field(le=2)] = 2
    decimals_en: Annotated[Whole, Field(le=2)] = 1


class OwnUnit(_Frozen):
    """The English word of a unit that only its trade knows, whether it counts things one by one, and the unit in which
    sheets, sentences and letters tell much of it, where there is one."""

    en: str
    is_count: bool = False
    large: OwnLarge | None = None


class OwnGroup(_Frozen):
    """A group of the scorecard's indicators that only its trade knows."""

    zh: str
    en: str


class Title(_Frozen):
    """The title of a kind of workbook, in which `{entity}` stands for whose it is; the subject of letters ("letter"),
    or the first sentence of one ("letter_region", "letter_manager", "letter_organisation"), with `{name}`, `{month}`.
    """

    zh: str
    en: str


class Workbooks(_Frozen):
    """What a trade shows: the sheets of each kind of workbook by name, in order (see `workbooks.sheet_list`).

    `main_figures` come first in tiles and side by side, `letter_figures` in letters; both are filled up from the other
    figures. `charts` of the overview are each the course of some figures, or "targets"; `target_figure` is the one that
    managers and regions are held against; `festival_figures` are told for January and February together; `titles` are
    by kind of workbook, where they are not the common ones. Figures that the trade does not have are left out.
    `period_region` and so on are the sheets of a quarter's, half-year's or year's workbooks.
    """

    region: tuple[str, ...]
    headquarters: tuple[str, ...]
    manager: tuple[str, ...]
    main_figures: tuple[str, ...] = ()
    letter_figures: tuple[str, ...] = ()
    charts: tuple[tuple[str, ...], ...] = ()
    target_figure: str = ""
    festival_figures: tuple[str, ...] = ()
    titles: Mapping[str, Title] = {}
    period_region: tuple[str, ...] = (
        "changes!", "overview", "why+growth!", "bridge", "period_figures", "period_months!", "managers+period_entities",
        "scorecard+period_best", "period_fared", "period_rules+period_actions+period_reports", "glossary", "trend",
    )  # fmt: skip
    period_headquarters: tuple[str, ...] = (
        "changes!", "overview", "why+growth", "bridge", "period_figures", "period_months",
        "regions+period_entities+region_scorecard", "managers", "scorecard+period_best", "period_fared",
        "period_rules+period_actions", "period_reports", "scorecard_details", "glossary", "trend",
    )  # fmt: skip
    period_manager: tuple[str, ...] = (
        "changes!", "period_summary", "period_figures", "period_months", "scorecard+growth", "bridge",
        "period_fared+period_rules+period_actions", "glossary", "trend",
    )  # fmt: skip


class PageOne(_Frozen):
    """What page one of a trade looks at: `themes` in order; `singles`, kinds of single cases counted in one line;
    figures `praised` where there is little to find, each with the sheet that shows it; `sisters`, pairs of which one
    says little where the other goes the other way."""

    themes: tuple[str, ...] = ()
    singles: tuple[str, ...] = ()
    praised: tuple[tuple[str, str], ...] = ()
    sisters: tuple[tuple[str, str], ...] = ()


# What may be other from a month on.
DATED = (
    "evaluation_weights", "satisfaction_weights", "scorecard", "visits_per_month", "complaint_working_days", "targets",
    "odds", "promotion_grades",
)  # fmt: skip
_MONTH = re.compile(r"\d{4}-(?:0[1-9]|1[0-2])")


def _laid_over(held: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    """Values with others laid over them, table by table."""
    together = dict(held)
    for key, value in changes.items():
        tables = isinstance(value, Mapping) and isinstance(together.get(key), Mapping)
        together[key] = _laid_over(together[key], value) if tables else value
    return together


class Profile(_Frozen):
    """One trade as a value: the forms in use, their words and lists, limits, weights.

    `master_forms` are what the office keeps, `monthly_forms` what every manager owes; `other_forms` may be sent. A form
    that is in none of them is not in use; `own_forms` says how one is used. `subjects` are the modules (and tables) of
    figures, in the order in which a report shows them; `entities` the levels of whom they are told, by key (see
    `schemas.entities`); `terms` what it calls its goods, `words` its own texts by language and key, in place of the
    common ones; `figures` are simple ones beside these; `units` and `groups` by
    their Chinese word or key; `product_groups` are the columns of products by which they are told together, the widest
    first. `sentences` by part of a report are the subjects' sentences in it, in order; `rules` those of findings, in
    the order in which they are told. `visits_per_month` is by
    grade; `complaint_working_days` by category; `satisfaction_weights` by dimension. `thresholds` are the
    numbers that findings compare with, by name. `forecast` are the
    two or three figures that are forecast, a count first, then money, each with the column ("form.column") of which a
    customer's is summed ("form" alone counts its rows), or the figure ("form:figure") whose sum it is; without them it
    is what is sold. `targets` by figure stand where the form
    `targets` gives none: of a sum it is each manager's, of anything else everybody's. `odds` are how likely a deal of
    each stage is won, 0 to 1. `without_figures` are those of its subjects that the trade does not want;
    `key_grades` and `valuable_grades` are the grades whose customers are called so, `grade_floors` what a customer of
    each must hold on average, in yuan.
    `pay` and `pay_grades`, the allowance of a whole month by grade, are what pay rests on (`schemas.pay_settings`);
    `staffing` is what outlets are asked by (`schemas.staffing`); `roles_without_forms` are those of managers who have
    no customers of their own and so owe no form, `roles_that_may_have_none` those who owe forms only in a month in
    which they have some; `contrast` are the figures by which managers are seen by sales and by
    customers.
    `customer_unit` is in what its customers are counted; `file_fields` are the columns that a customer's file must have
    filled. `since` are by month (YYYY-MM) what of DATED is other from that month on: tables laid over what held before.
    `appraisals` are by level, of managers or of those beside the tree; `pilots` tells how they are compared.
    """

    key: str
    zh: str
    en: str
    customer_word_zh: str
    customer_word_en: str
    master_forms: tuple[str, ...]
    monthly_forms: tuple[str, ...]
    other_forms: tuple[str, ...] = ()
    own_forms: Mapping[str, OwnForm] = {}
    subjects: tuple[str, ...]
    entities: Mapping[str, Entity]
    terms: Terms = AS_WRITTEN
    words: Mapping[Literal["zh", "en"], Mapping[str, str]] = {}
    units: Mapping[str, OwnUnit] = {}
    groups: Mapping[str, OwnGroup] = {}
    figures: Mapping[str, FigureData] = {}
    workbooks: Workbooks
    page_one: PageOne = PageOne()
    sentences: Mapping[str, tuple[str, ...]] = {}
    rules: tuple[str, ...] = ()
    lists: Mapping[str, tuple[Entry, ...]]
    visits_per_month: Mapping[str, Whole]
    product_groups: tuple[str, ...] = ()
    promotion_grades: tuple[str, ...] = ()
    key_grades: tuple[str, ...] = ()
    valuable_grades: tuple[str, ...] = ()
    grade_floors: Mapping[str, Number] = {}
    file_fields: tuple[str, ...] = ()
    complaint_working_days: Mapping[str, Whole]
    satisfaction_weights: Mapping[str, Number]
    evaluation_weights: Mapping[str, Number] = {}
    appraisals: Mapping[str, Appraisal] = {}
    pilots: Pilots | None = None
    scorecard: Scorecard = Scorecard()
    targets: Mapping[str, float] = {}
    forecast: Mapping[str, str] = {}
    odds: Mapping[str, Number] = {}
    roles_without_forms: tuple[str, ...] = ()
    roles_that_may_have_none: tuple[str, ...] = ()
    pay: Pay = Pay()
    pay_grades: Mapping[str, Dated] = {}
    staffing: Staffing = Staffing()
    contrast: Contrast = Contrast()
    thresholds: Mapping[str, Number]
    without_figures: tuple[str, ...] = ()
    customer_unit: str = "户"
    since: Mapping[str, Mapping[str, Any]] = {}
    least_count: Annotated[Whole, Field(ge=1)] = 10
    case_units: Annotated[Whole, Field(ge=1)] = 250
    _undated: "Profile | None" = PrivateAttr(default=None)

    @field_validator("forecast")
    @classmethod
    def _are_two_or_three(cls, given: Mapping[str, str]) -> Mapping[str, str]:
        if given and not len(SOLD) <= len(given) <= len(FORECAST_AS):
            raise ValueError(f"forecast: {len(given)} ≠ {len(SOLD)}–{len(FORECAST_AS)}")
        return given

    @field_validator("entities")
    @classmethod
    def _is_a_tree(cls, given: Mapping[str, Entity]) -> Mapping[str, Entity]:
        check_tree(given)
        return given

    @model_validator(mode="after")
    def _can_be_dated(self) -> "Profile":
        for month, changes in self.since.items():
            if not _MONTH.fullmatch(month):
                raise ValueError(f"since.{month}: YYYY-MM")
            for key in changes:
                if key not in DATED:
                    raise ValueError(f"since.{month}.{key}: {key!r} ∉ {', '.join(DATED)}")
            try:
                self.as_of(month)
            except ValidationError as error:
                first = error.errors()[0]
                where = ".".join(str(one) for one in first["loc"])
                raise ValueError(f"since.{month}.{where}: {first['msg']}") from error
        return self

    def as_of(self, month: str) -> "Profile":
        """The trade as it is in a month (YYYY-MM): with all that is dated up to then."""
        base = self._undated or self
        dates = tuple(sorted(one for one in base.since if one <= month))
        if not base.since:
            return self
        dated = _dated(base.model_dump_json(), dates).model_copy()
        dated._undated = base
        return dated

    def changed_in(self, first: str, last: str) -> Mapping[str, tuple[str, ...]]:
        """What of DATED is other from a month on that lies between two months (YYYY-MM), both included, by month."""
        since = (self._undated or self).since
        return {month: tuple(since[month]) for month in sorted(since) if first <= month <= last}

    def told_up_to(self, month: str) -> str:
        """All that the trade says that matters up to a month, as JSON."""
        base = self._undated or self
        since = {one: changes for one, changes in base.since.items() if one <= month}
        return base.model_copy(update={"since": since}).model_dump_json()

    @property
    def forecast_figures(self) -> tuple[str, ...]:
        """The figures that are forecast: a count first, then money."""
        return tuple(self.forecast) or SOLD

    @property
    def forecast_told(self) -> str:
        """The one of them that page one tells of: of a count and money the money; the first where there are more."""
        figures = self.forecast_figures
        return figures[1] if len(figures) == len(SOLD) else figures[0]

    @property
    def forecast_form(self) -> str:
        """The form that must be known of a manager for its forecast."""
        return next((re.split("[.:]", one)[0] for one in self.forecast.values()), SOLD_IN)

    @property
    def forms(self) -> "Mapping[str, Form]":
        """The forms in use by their key, as the trade has them: see `schemas.in_use.forms_in_use`."""
        from schemas.in_use import forms_in_use  # forms take a while to load

        return forms_in_use(self)

    def choices(self, list_name: str) -> tuple[Choice, ...]:
        """The entries of a list; none where the trade has no such list."""
        return tuple(entry.choice for entry in self.lists.get(list_name, ()))


@lru_cache(maxsize=64)
def _dated(undated: str, dates: tuple[str, ...]) -> Profile:
    """A trade, given as JSON, with what is dated by these months laid over it one after the other."""
    held = json.loads(undated)
    since = held.pop("since")
    for date in dates:
        held = _laid_over(held, since[date])
    return Profile.model_validate(held)
