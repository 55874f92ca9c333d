"""The code behind a function: its module and the project's modules that it imports, and theirs; each by fingerprint.

What a step of the graph made is trusted as long as this code is the same; a change elsewhere in the program is no
reason to make it again.
"""

import hashlib
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path

from pipeline.work.imports import names_imported

ROOT = Path(__file__).parents[2]
PACKAGES = ("pipeline", "schemas")
APART = "pipeline.words"  # texts are given to the steps that tell them; of no other step are they a part
WORDS = "words.*.toml"  # the same of the texts of subjects and trades
Code = Callable[[str], Mapping[str, str]]  # the fingerprints of the modules behind a module, by name


@cache
def code_behind(module: str) -> Mapping[str, str]:
    """The fingerprint of a module and of every module of the project behind it, by name."""
    return {name: source_fingerprint(name) for name in sorted(modules_behind(module))}


@cache
def modules_behind(module: str) -> frozenset[str]:
    """A module of the project and all that it imports, directly or not."""
    found: set[str] = set()
    waiting = [module]
    while waiting:
        name = waiting.pop()
        if name not in found and _file_of(name) is not None:
            found.add(name)
            waiting += _imported(name)
    return frozenset(found)


@cache
def source_fingerprint(module: str) -> str:
    """The fingerprint of a module's source, and of the tables (.toml) of a package."""
    path = _file_of(module)
    assert path is not None
    tables = [one for one in sorted(path.parent.glob("*.toml")) if not one.match(WORDS)]
    tables = tables if path.name == "__init__.py" else []
    digest = hashlib.sha256()
    for one in (path, *tables):
        digest.update(one.relative_to(ROOT).as_posix().encode() + b"\0" + one.read_bytes() + b"\0")
    return digest.hexdigest()


@cache
def texts_fingerprint() -> str:
    """The fingerprint of all texts: those of the program, of subjects and of trades."""
    digest = hashlib.sha256()
    house = ROOT / "pipeline"
    for one in sorted([*(house / "words").rglob("*.toml"), *house.rglob(WORDS)]):
        digest.update(one.relative_to(ROOT).as_posix().encode() + b"\0" + one.read_bytes() + b"\0")
    return digest.hexdigest()


@cache
def _file_of(module: str) -> Path | None:
    """Where a module of the project stands; None for any other, for what is apart, and for the bare project."""
    parts = module.split(".")
    if parts[0] not in PACKAGES or len(parts) < 2 or module == APART:
        return None
    place = ROOT.joinpath(*parts)
    for path in (place.with_suffix(".py"), place / "__init__.py"):
        if path.is_file():
            return path
    return None


@cache
def _imported(module: str) -> tuple[str, ...]:
    """The modules of the project that a module imports, wherever in it; of names it cannot be told whether they are
    modules, so both are given. Where modules are imported by a name put together, every module of that package counts.
    """
    path = _file_of(module)
    assert path is not None
    found = list(names_imported(path.read_text(encoding="utf-8"), ROOT))
    packages = [name.rsplit(".", end)[0] for name in (module, *found) for end in range(1, name.count("."))]
    return tuple(dict.fromkeys(one for one in (*found, *packages) if _file_of(one) is not None))
