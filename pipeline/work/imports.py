"""What a module of the project imports, read from its text."""

import re
from collections.abc import Iterator
from pathlib import Path

# As the house writes imports; reading the syntax of every file takes a second, this some milliseconds.
_IMPORT = re.compile(
    r"^[ \t]*(?:from[ ]+(?P<room>(?:pipeline|schemas)[\w.]*)[ ]+import[ ]+(?P<names>\([^)]*\)|[^\n(]+)"
    r"|import[ ]+(?P<module>(?:pipeline|schemas)[\w.]*))",
    re.MULTILINE,
)
_NAMED = re.compile(r"import_module\(\"(?P<module>(?:pipeline|schemas)[\w.]*)\"")
_PUT_TOGETHER = re.compile(r"import_module\(f\"(?P<package>[\w.]+)\.\{\w+\}(?:\.(?P<part>\w+))?\"")


def names_imported(source: str, root: Path) -> Iterator[str]:
    """The names that the import lines of a module have, with their module; of those put together, all that they may be.

    Args:
        root: where the project stands.
    """
    for found in _IMPORT.finditer(source):
        if found["module"]:
            yield found["module"]
        else:
            yield found["room"]
            yield from (f"{found['room']}.{name}" for name in re.findall(r"\w+", found["names"]))
    yield from (found["module"] for found in _NAMED.finditer(source))
    for found in _PUT_TOGETHER.finditer(source):
        folder = root.joinpath(*found["package"].split("."))
        if found["part"]:  # of each package in it that module, and the package for its tables
            names = [path.parent.name for path in sorted(folder.glob("*/__init__.py"))]
            yield from (f"{found['package']}.{name}{end}" for name in names for end in ("", f".{found['part']}"))
        else:
            yield from (f"{found['package']}.{path.stem}" for path in sorted(folder.glob("*.py")))
