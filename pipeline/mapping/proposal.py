"""What is proposed for a table: which form it is, which column is what and how sure, and what is in doubt."""

from dataclasses import dataclass

SURE = 0.8  # from here on a column is what its heading says


@dataclass(frozen=True)
class FoundColumn:
    """A column of the form, the headings that give it, and how sure that is (0 to 1); `others` are headings that fit
    nearly as well."""

    column: str
    headings: tuple[str, ...]
    sure: float
    others: tuple[str, ...] = ()


@dataclass(frozen=True)
class Doubt:
    """What a person has to look at: a text `mapping.doubt.<rule>`, filled in with the details."""

    rule: str
    details: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Proposal:
    """How a table is mapped: `block` is what stands in the settings, as the keys and values of one `[[exports]]` in
    TOML; `sheet` and `header` (row, counted from 1, and lines) tell where it was found. `sure` is how sure the whole
    is, `missing` names columns that must be there and are not found."""

    form: str
    sheet: str
    header: tuple[int, int]
    columns: tuple[FoundColumn, ...]
    block: tuple[tuple[str, str], ...]
    doubts: tuple[Doubt, ...]
    missing: tuple[str, ...]
    sure: float

    @property
    def is_sure(self) -> bool:
        """Whether it can be used as it stands."""
        return not self.doubts and not self.missing and self.sure >= SURE
