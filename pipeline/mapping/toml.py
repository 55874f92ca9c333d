"""Values as TOML writes them: one `[[exports]]` of the settings, to be read and edited by people."""

from collections.abc import Mapping, Sequence

Value = str | int | float | bool | Sequence["Value"] | Mapping[str, "Value"]
_ESCAPED = {ord('"'): '\\"', ord("\\"): "\\\\", ord("\n"): "\\n", ord("\r"): "\\r", ord("\t"): "\\t"}


def written(value: Value) -> str:
    """One value."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return f'"{_plain(value)}"'
    if isinstance(value, int | float):
        return repr(value)
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{key(name)} = {written(one)}" for name, one in value.items()) + " }"
    return "[" + ", ".join(map(written, value)) + "]"


def key(name: str) -> str:
    """A key, in quotes where it needs them."""
    bare = name.isascii() and name.replace("_", "").replace("-", "").isalnum()
    return name if bare else written(name)


def block(keys: Sequence[tuple[str, str]]) -> str:
    """The lines of one `[[exports]]`, of keys and values that are TOML already."""
    return "\n".join(["[[exports]]", *(f"{name} = {value}" for name, value in keys)]) + "\n"


def _plain(text: str) -> str:
    """The text without control characters, which TOML does not allow."""
    escaped = text.translate(_ESCAPED)
    return "".join(sign if sign.isprintable() or sign == "　" else f"\\u{ord(sign):04X}" if ord(sign) < 65_536 else " "
                   for sign in escaped)  # fmt: skip
