"""The zip archive inside a workbook, unpacked with care: by what it really holds, not by what it says.

Python's own reader stops at the size an archive's directory states, other readers do not; so what one
inspects is not always what another reads. Here every entry is unpacked to its true end, within limits.
"""

import io
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from pipeline.contract.refusal import Refusal

MIB = 1 << 20
LARGEST_FILE = 200 * MIB
LARGEST_INFLATED = 1024 * MIB
HARMLESS_INFLATED = 50 * MIB  # below this no share of packed to unpacked size is suspicious
GREATEST_RATIO = 200  # sheets of real data come to 5 to 20
MOST_ENTRIES = 5_000
CHUNK = MIB
PACKED_CHUNK = 64 * 1024
STORED, DEFLATED = 0, 8

_DECLARATIONS = ("<!DOCTYPE", "<!ENTITY")
_LONGEST_DECLARATION = 2 * max(map(len, _DECLARATIONS))


class Refused(Exception):
    """Reading ends here: the file cannot be taken (caught in `read_book`, never seen outside)."""

    def __init__(self, rule: str, **details: str) -> None:
        super().__init__(rule)
        self.refusal = Refusal(rule, tuple(details.items()))


@dataclass
class Archive:
    """The entries of a zip archive; counts what has been unpacked in all."""

    data: bytes
    entries: dict[str, zipfile.ZipInfo]
    inflated: int = field(default=0)

    def has(self, name: str) -> bool:
        """Whether it has a part of this name; case does not matter."""
        return _key(name) in self.entries

    def entry(self, name: str) -> zipfile.ZipInfo:
        """The directory's line for an entry (KeyError where there is none)."""
        return self.entries[_key(name)]

    def part(self, name: str) -> bytes:
        """One entry, whole (empty where there is none)."""
        return b"".join(self.chunks(self.entry(name))) if self.has(name) else b""

    def chunks(self, entry: zipfile.ZipInfo) -> Iterator[bytes]:
        """One entry in pieces of at most `CHUNK` bytes.

        Raises:
            Refused: damaged, unpacks to too much, or to another size than the directory states.
        """
        size, checksum = 0, 0
        for chunk in _inflate(self.data, entry):
            size += len(chunk)
            self.inflated += len(chunk)
            checksum = zlib.crc32(chunk, checksum)
            self._check_size()
            yield chunk
        if size != entry.file_size:
            raise Refused("made_to_harm", what="zip")
        if checksum != entry.CRC:
            raise Refused("damaged")

    def _check_size(self) -> None:
        if self.inflated > HARMLESS_INFLATED and self.inflated > GREATEST_RATIO * len(self.data):
            raise Refused("made_to_harm", what="zip")
        if self.inflated > LARGEST_INFLATED:
            limit = _megabytes(LARGEST_INFLATED)
            raise Refused("too_large", found=f"> {limit}", limit=limit)


def check_file_size(size: int) -> None:
    """Raises `Refused` where a file of so many bytes is larger than any form can be."""
    if size > LARGEST_FILE:
        raise Refused("too_large", found=_megabytes(size), limit=_megabytes(LARGEST_FILE))


def open_archive(data: bytes) -> Archive:
    """Reads the directory of a zip archive and checks it.

    Raises:
        Refused: damaged, too many entries, or entries of the same name.
    """
    try:
        found = zipfile.ZipFile(io.BytesIO(data)).infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OverflowError):
        raise Refused("damaged") from None
    entries = {_key(entry.filename): entry for entry in found}
    if len(entries) != len(found) or len(found) > MOST_ENTRIES:
        raise Refused("made_to_harm", what="zip")
    return Archive(data, entries)


def without_declarations(chunks: Iterator[bytes]) -> Iterator[bytes]:
    """The chunks as they are, as long as none declares entities, which no spreadsheet program does.

    Raises:
        Refused: a DOCTYPE or ENTITY stands in them.
    """
    tail = b""
    for chunk in chunks:
        if _declares_entities(tail + chunk):
            raise Refused("made_to_harm", what="XML")
        tail = chunk[-_LONGEST_DECLARATION:]
        yield chunk


def _declares_entities(text: bytes) -> bool:
    if b"\x00" not in text and not _has_declaration(text):
        return False
    encodings = ("utf-16-le", "utf-16-be") if b"\x00" in text else ("ascii",)
    return any(word.encode(encoding) in text for word in _DECLARATIONS for encoding in encodings)


def _has_declaration(text: bytes) -> bool:
    """Whether `<!` stands anywhere; thousands of `!` stand in formulas, and to search for two signs takes longer."""
    signs = np.frombuffer(text, dtype=np.uint8)
    return bool((signs[np.flatnonzero(signs[1:] == ord("!"))] == ord("<")).any())


def inspect_rest(archive: Archive, seen: set[str]) -> None:
    """Unpacks all entries not `seen`, only to know their true size and that no XML declares entities."""
    for name, entry in archive.entries.items():
        if name in seen:
            continue
        chunks = archive.chunks(entry)
        for _ in without_declarations(chunks) if name.endswith((".xml", ".rels", ".vml")) else chunks:
            pass


def _key(name: str) -> str:
    return name.replace("\\", "/").lstrip("/").lower()


def _megabytes(size: int) -> str:
    return f"{size / MIB:.0f} MB"


def _inflate(data: bytes, entry: zipfile.ZipInfo) -> Iterator[bytes]:
    packed = _packed(data, entry)
    if entry.compress_type == STORED:
        yield from (bytes(packed[at : at + CHUNK]) for at in range(0, len(packed), CHUNK))
        return
    if entry.compress_type != DEFLATED:
        raise Refused("damaged")
    inflater = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        for at in range(0, len(packed), PACKED_CHUNK):
            rest: bytes = bytes(packed[at : at + PACKED_CHUNK])
            while rest and not inflater.eof:
                yield inflater.decompress(rest, CHUNK)
                rest = inflater.unconsumed_tail
        while not inflater.eof:
            chunk = inflater.decompress(inflater.unconsumed_tail, CHUNK)
            if not chunk:
                raise Refused("damaged")
            yield chunk
    except zlib.error:
        raise Refused("damaged") from None


def _packed(data: bytes, entry: zipfile.ZipInfo) -> memoryview:
    """The packed bytes of an entry, found through its local header."""
    header = data[entry.header_offset : entry.header_offset + 30]
    if len(header) < 30 or not header.startswith(b"PK\x03\x04"):
        raise Refused("damaged")
    name_length, extra_length = struct.unpack("<HH", header[26:30])
    start = entry.header_offset + 30 + name_length + extra_length
    if start + entry.compress_size > len(data):
        raise Refused("damaged")
    return memoryview(data)[start : start + entry.compress_size]
