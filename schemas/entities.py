"""The entities of a trade as a tree: whom figures are told of.

Every trade has the backbone: the organisation, its regions (by which reports are cut), their managers (who send forms).
It may declare more levels: inside the tree, where each manager belongs to one (a station of a region); or beside it,
where rows name whom they are about (an engineer), whoever's rows they are.

[entities.station]
zh = "供电所"      en = "Station"      parent = "region"      ids = "managers.station_id"

[entities.engineer]
zh = "客服工程师"      en = "Engineer"      ids = ["complaints.engineer_id", "samples.engineer_id"]
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict, field_validator

if TYPE_CHECKING:
    from schemas.form import Form

ORGANISATION, REGION, MANAGER = BACKBONE = ("organisation", "region", "manager")
MANAGER_ID = "manager_id"


class Entity(BaseModel):
    """One level of entities; the order in which a trade declares them is that of its reports.

    `parent` is the level under which it stands, empty of the organisation and of a level beside the tree. `ids` are the
    columns ("form.column") that say to whom a manager (master data), or a row (monthly forms), belongs; what such a
    column refers to names its entities. `figures` are those told of it; all that can be, where there are none.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    zh: str
    en: str
    parent: str = ""
    ids: tuple[str, ...] = ()
    figures: tuple[str, ...] = ()

    @field_validator("ids", mode="before")
    @classmethod
    def _one_or_more(cls, given: object) -> object:
        return (given,) if isinstance(given, str) else given

    @property
    def columns(self) -> Mapping[str, str]:
        """The column that says whose a row is, by form."""
        return {form: column for form, _, column in (one.partition(".") for one in self.ids)}


Entities = Mapping[str, Entity]


def inner_levels(entities: Entities) -> tuple[str, ...]:
    """The levels inside the tree beside the backbone: groups of a region's managers."""
    return tuple(key for key, one in entities.items() if one.parent and key not in BACKBONE)


def forms_of_inner(entities: Entities) -> tuple[str, ...]:
    """The master data that say to whom managers belong inside the tree."""
    return tuple(dict.fromkeys(form for level in inner_levels(entities) for form in entities[level].columns))


def levels_beside(entities: Entities) -> tuple[str, ...]:
    """The levels beside the tree."""
    return tuple(key for key, one in entities.items() if not one.parent and key not in BACKBONE)


def added_levels(entities: Entities) -> tuple[str, ...]:
    """All levels beside the backbone, in the trade's order."""
    return tuple(key for key in entities if key not in BACKBONE)


def check_tree(entities: Entities) -> None:
    """Whether the levels make a tree with the backbone in it.

    Raises:
        ValueError: naming the level that does not fit.
    """
    for key in BACKBONE:
        if key not in entities:
            raise ValueError(f"entities: {key!r} ∉ {', '.join(entities)}")
    for key, one in entities.items():
        if one.parent and one.parent not in entities:
            raise ValueError(f"entities.{key}.parent: {one.parent!r} ∉ {', '.join(entities)}")
        if key != ORGANISATION and not one.ids:
            raise ValueError(f"entities.{key}.ids: form.column?")
        above = _above(key, entities)
        if key == REGION and above != (ORGANISATION,):
            raise ValueError(f"entities.{key}.parent: {one.parent!r} ≠ {ORGANISATION!r}")
        if key not in (ORGANISATION, REGION) and (one.parent or key == MANAGER) and REGION not in above:
            raise ValueError(f"entities.{key}.parent: {one.parent!r}: {REGION!r} ∉ {', '.join(above)}")


def _above(key: str, entities: Entities) -> tuple[str, ...]:
    """The levels above one, the nearest first."""
    found: list[str] = []
    while parent := entities[key].parent:
        if parent in found:
            raise ValueError(f"entities.{key}.parent: {parent!r} ×2")
        found.append(parent)
        key = parent
    return tuple(found)


def check_ids(entities: Entities, forms: "Mapping[str, Form]") -> None:
    """Whether there are columns that name entities, in the right kind of form. One that a trade, or an office, does not
    use names nobody.

    Args:
        forms: all that there are, by key.

    Raises:
        ValueError: naming the level and column that is not.
    """
    for key in added_levels(entities):
        one = entities[key]
        kind = "master" if one.parent else "monthly"
        if one.parent and len(one.ids) != 1:
            raise ValueError(f"entities.{key}.ids: {', '.join(one.ids)}: 1?")
        for name in one.ids:
            form, _, column = name.partition(".")
            if form not in forms or forms[form].kind != kind:
                known = (each.key for each in forms.values() if each.kind == kind)
                raise ValueError(f"entities.{key}.ids: {name!r} ∉ {', '.join(known)}")
            columns = [*forms[form].dtypes, *(each.name for _, each in forms[form].if_named)]
            if column not in columns or (one.parent and MANAGER_ID not in columns):
                raise ValueError(f"entities.{key}.ids: {name!r} ∉ {', '.join(columns)}")
