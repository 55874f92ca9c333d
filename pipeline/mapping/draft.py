"""A mapping as it is made."""

from dataclasses import dataclass, field

from pipeline.mapping.headers import Header
from pipeline.mapping.proposal import Doubt, FoundColumn
from pipeline.mapping.toml import Value
from schemas.form import Form


@dataclass
class Draft:
    """A mapping as it is made: what was found so far, the keys of the settings, and what is in doubt."""

    header: Header
    form: Form
    columns: dict[str, tuple[int, FoundColumn]]
    keys: dict[str, Value] = field(default_factory=dict)
    doubts: list[Doubt] = field(default_factory=list)
    given: set[str] = field(default_factory=set)

    @property
    def used(self) -> set[int]:
        """The places of headings that are columns."""
        return {place for place, _ in self.columns.values()}

    def doubt(self, rule: str, **details: str) -> None:
        """Notes what a person has to look at."""
        self.doubts.append(Doubt(rule, tuple(details.items())))
