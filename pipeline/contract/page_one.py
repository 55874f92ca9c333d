"""What page one says, as plain values: decided where findings are made, drawn where workbooks are."""

import datetime as dt
from dataclasses import dataclass
from typing import Literal

Theme = str  # as the subjects name theirs; "well" for a figure that is praised
Against = Literal["target", "last_year", "previous"]
PartKind = str  # manager, region, product, or a group of products that the trade names


@dataclass(frozen=True)
class Fact:
    """A number said on page one: what it is called, its value in `unit` (a key of the words of units), the decimals
    with which it is shown, and how the sentence has it."""

    label: str
    value: float
    unit: str
    decimals: int
    text: str


@dataclass(frozen=True)
class Part:
    """What one part of a whole has now and in what it is held against, in whole ten-thousandths of the figure's unit.

    The part with an empty key is what the others leave: all of them add up to the whole, exactly.
    """

    key: str
    name: str
    now: int
    base: int

    @property
    def change(self) -> int:
        """What it adds to the whole's difference."""
        return self.now - self.base


@dataclass(frozen=True)
class Contributions:
    """A whole's difference from what it is held against, part by part: the greatest loss first."""

    kind: PartKind
    against: Against
    figure: str
    parts: tuple[Part, ...]

    @property
    def now(self) -> int:
        """The whole, in ten-thousandths."""
        return sum(part.now for part in self.parts)

    @property
    def base(self) -> int:
        """What the whole is held against, in ten-thousandths."""
        return sum(part.base for part in self.parts)

    @property
    def change(self) -> int:
        """The whole's difference, in ten-thousandths."""
        return self.now - self.base


@dataclass(frozen=True)
class PageFinding:
    """One theme of the month: what and how much, since when, why, what to do, by whom, until when.

    `beside` is the other half of what is told together with it. `weight` is the share of the entity's money or
    customers that it concerns, in %. `sheet` is where it can be looked up. What went well (`is_good`) asks for nothing:
    it has neither owner nor day.
    """

    theme: Theme
    what: str
    since: str = ""
    cause: str = ""
    todo: str = ""
    owner: str = ""
    due: dt.date | None = None
    weight: float = 0.0
    sheet: str = ""
    facts: tuple[Fact, ...] = ()
    is_good: bool = False
    beside: str = ""


@dataclass(frozen=True)
class PageOne:
    """Page one of an entity's month: the message, the findings, single cases in one line, figures told together,
    contributions for the charts, and what the charts say."""

    headline: str
    findings: tuple[PageFinding, ...]
    singles: str = ""
    together: str = ""
    contributions: tuple[Contributions, ...] = ()
    facts: tuple[Fact, ...] = ()
