"""The document's title of a correction copy, which programs show in place of the file's name."""

from pipeline.corrections.package import Package, filtered, inserted_before, xml_text

_END = b"</cp:coreProperties>"
_USES = b"xmlns:dc="


def give_title(package: Package, title: str) -> None:
    """Puts the title among the package's properties; one whose properties are missing or written in another way keeps
    what it has."""
    part = package.related("", "core-properties")
    content = package.parts.get(part, b"")
    if _END in content and _USES in content:
        untitled = filtered(content, "dc:title", lambda _: False)
        package.parts[part] = inserted_before(untitled, _END, f"<dc:title>{xml_text(title)}</dc:title>".encode())
