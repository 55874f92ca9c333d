"""The last look at a copy before it goes back: by a parser, part by part, whether anything in it reaches out."""

import re
from collections.abc import Collection, Mapping
from xml.parsers import expat

from pipeline.corrections.kept_parts import links_of
from pipeline.corrections.outside import reaches_out
from pipeline.corrections.package import RELATIONS, STRICT_RELATIONS, NotMarkable, Package

_REFUSED = frozenset({
    "oleobject", "oleobjects", "control", "controls", "externalreference", "externalreferences", "ddelink",
    "legacydrawinghf", "externaldata", "webpublishitem", "webpublishing", "pivotcaches", "functiongroups",
    "scriptlet", "script", "attachedtoolbars", "fmlamacro", "userinterface",
})  # fmt: skip
_FORMULAS = frozenset({"f", "formula", "formula1", "formula2", "definedname", "calculatedcolumnformula",
                       "totalsrowformula"})  # fmt: skip
_UNREAD = ("image", "core-properties", "theme", "sharedStrings", "styles", "chartStyle", "chartColorStyle")


def check_harmless(package: Package, kinds: Mapping[str, str], gone: Collection[str]) -> None:
    """Nothing where all is well.

    Raises:
        NotMarkable: something that should have stayed behind is there, or a part cannot be read.
    """
    for part, kind in kinds.items():
        content = package.parts[part]
        if kind == "image":
            continue
        if re.search(rb"<!(?:DOCTYPE|ENTITY)", content):
            raise NotMarkable(part)
        package.text(part)
        if kind in _UNREAD:
            continue
        _Look(part, frozenset(one.id for one in links_of(package, part)), gone).at(content)


class _Look:
    """Goes through one part."""

    def __init__(self, part: str, ids: frozenset[str], gone: Collection[str]) -> None:
        self.part, self.ids, self.gone = part, ids, gone
        self.formula: list[str] | None = None

    def at(self, content: bytes) -> None:
        parser = expat.ParserCreate("utf-8", namespace_separator="\n")
        parser.buffer_text = True
        parser.StartElementHandler = self.start
        parser.EndElementHandler = self.end
        parser.CharacterDataHandler = self.text
        try:
            parser.Parse(content, True)
        except expat.ExpatError as error:
            raise NotMarkable(self.part) from error

    def start(self, name: str, given: dict[str, str]) -> None:
        local = name.rpartition("\n")[2].lower()
        if local in _REFUSED:
            raise NotMarkable(f"{self.part}: {local}")
        self.formula = [] if local in _FORMULAS else self.formula
        for key, value in given.items():
            space, _, own = key.rpartition("\n")
            if space in (RELATIONS, STRICT_RELATIONS) and value not in self.ids:
                raise NotMarkable(f"{self.part}: {value}")
            if own.lower() in ("macro", "connectionid", "href", "src", "onload") and value:
                raise NotMarkable(f"{self.part}: {own}")

    def text(self, piece: str) -> None:
        if self.formula is not None:
            self.formula.append(piece)

    def end(self, name: str) -> None:
        if name.rpartition("\n")[2].lower() in _FORMULAS and self.formula is not None:
            if reaches_out("".join(self.formula), self.gone):
                raise NotMarkable(f"{self.part}: formula")
            self.formula = None
