"""Values as plain bytes: what is kept under a home, and what a child that reads untrusted files answers.

Reading such bytes runs nothing that they say: they are JSON and Arrow, and become values of the types written below
or of dataclasses that the reader names beforehand. Anything else is a `DamagedData`, and whoever reads makes the
thing again or refuses the file.

The bytes: MAGIC, a checksum of all that follows, the length of the header, the header (JSON: the tree of values and
the lengths of the buffers), the buffers. A tree's node is a plain value of JSON, or a list of a tag and what it holds.
"""

import dataclasses
import datetime as dt
import json
import struct
import zlib
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import pandas as pd
import pyarrow as pa

from pipeline.work.fitting import dataclasses_in, fields_fit, fits
from pipeline.work.plain_frames import FRAME_READERS, FRAME_WRITERS

MAGIC = b"yuebao01"
_HEAD = struct.Struct("<8sIQ")
_ALIGNED = 64  # bytes: as Arrow likes buffers to stand
_PLAIN = frozenset({type(None), bool, int, float, str})
_WRONG = (
    ValueError,
    TypeError,
    LookupError,
    RecursionError,
    OverflowError,
    AttributeError,
    EOFError,
    struct.error,
)


class DamagedData(ValueError):
    """Bytes that are no plain data, or hold something else than was expected."""


def to_plain_data(value: object) -> bytes:
    """The value as bytes; the same value gives the same bytes.

    Raises:
        TypeError: something in it is of a type that is not plain data.
    """
    writer = _Writer()
    tree = writer.node(value)
    header = {"tree": tree, "buffers": [len(one) for one in writer.buffers]}
    told = json.dumps(header, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")
    body = b"".join(_padded([told, *writer.buffers]))
    return _HEAD.pack(MAGIC, zlib.crc32(body), len(told)) + body


def from_plain_data(data: bytes, expected: Any = Any, classes: Iterable[type] = (), *, frames: bool = True) -> Any:
    """The value that the bytes hold.

    Args:
        data: what `to_plain_data` made, or anything at all.
        expected: the type of the value; its fields are looked at too.
        classes: dataclasses that may occur beside those that `expected` names.
        frames: whether frames and arrays may occur. What an untrusted process sends had better hold none.

    Raises:
        DamagedData: these bytes hold no such value.
    """
    try:
        reader = _Reader(*_taken_apart(data), _by_name([expected, *classes]), frames)
        value = reader.value(reader.tree)
    except (*_WRONG, pa.ArrowException) as error:
        raise DamagedData(f"no plain data: {type(error).__name__}") from error
    if not fits(value, expected):
        raise DamagedData(f"not what was expected: {type(value).__name__}")
    return value


def _padded(pieces: Sequence[bytes | memoryview]) -> Iterable[bytes | memoryview]:
    for piece in pieces:
        yield piece
        yield b"\0" * (-len(piece) % _ALIGNED)


def _taken_apart(data: bytes) -> tuple[Any, list[memoryview]]:
    """The tree and the buffers."""
    magic, checksum, length = _HEAD.unpack_from(data)
    body = memoryview(data)[_HEAD.size :]
    if magic != MAGIC or length > len(body) or zlib.crc32(body) != checksum:
        raise DamagedData("other bytes")
    header = json.loads(bytes(body[:length]).decode("utf-8", "surrogatepass"))
    buffers, start = [], length + -length % _ALIGNED
    for size in header["buffers"]:
        if not 0 <= size <= len(body) - start:
            raise DamagedData("buffers")
        buffers.append(body[start : start + size])
        start += size + -size % _ALIGNED
    return header["tree"], buffers


def _by_name(hints: Iterable[Any]) -> dict[str, type]:
    """The dataclasses that the types name, in their fields too, by name."""
    return {one.__name__: one for hint in hints for one in dataclasses_in(hint)}


class _Writer:
    """Turns values into nodes, and gathers buffers."""

    def __init__(self) -> None:
        self.buffers: list[bytes | memoryview] = []

    def buffer(self, content: bytes | memoryview) -> int:
        """The number under which a buffer is found again."""
        self.buffers.append(content)
        return len(self.buffers) - 1

    def node(self, value: Any) -> Any:
        """The node of a value.

        Raises:
            TypeError: it is no plain data.
        """
        kind = type(value)
        if kind in _PLAIN:
            return value
        if kind in (list, tuple):
            return self._sequence(kind.__name__, value)
        writer = _WRITERS.get(kind) or FRAME_WRITERS.get(kind)
        if writer is not None:
            return writer(self, value)
        if dataclasses.is_dataclass(kind):
            names = [one.name for one in dataclasses.fields(kind)]
            return ["object", kind.__name__, *(self.node(getattr(value, name)) for name in names)]
        for base, of_base in FRAME_WRITERS.items():
            if isinstance(value, base):
                return of_base(self, value)
        raise TypeError(f"{kind.__module__}.{kind.__qualname__} is no plain data")

    def _sequence(self, tag: str, values: Sequence[Any]) -> list[Any]:
        if _PLAIN.issuperset(map(type, values)):  # most of them: cells of a row, names
            return [f"plain {tag}", list(values)]
        return [tag, [self.node(one) for one in values]]


class _Reader:
    """Turns nodes into values."""

    def __init__(self, tree: Any, buffers: list[memoryview], classes: dict[str, type], frames: bool) -> None:
        self.tree, self.buffers, self._classes = tree, buffers, classes
        self._readers = _READERS | FRAME_READERS if frames else _READERS

    def value(self, node: Any) -> Any:
        """The value of a node."""
        if type(node) is not list:
            if type(node) is dict:
                raise DamagedData("dict")
            return node
        tag = node[0]
        if tag == "object":
            return self._object(*node[1:])
        return self._readers[tag](self, *node[1:])

    def _object(self, name: str, *nodes: Any) -> Any:
        kind = self._classes[name]
        fields = dataclasses.fields(kind)
        if len(fields) != len(nodes):
            raise DamagedData(name)
        made = kind(*map(self.value, nodes))
        if not fields_fit(made):
            raise DamagedData(name)
        return made


def _plain_items(items: Any) -> list[Any]:
    if type(items) is not list or not _PLAIN.issuperset(map(type, items)):
        raise DamagedData("items")
    return items


def _dict_node(writer: _Writer, value: dict[Any, Any]) -> list[Any]:
    return ["dict", writer.node(list(value)), writer.node(list(value.values()))]


def _set_node(writer: _Writer, value: frozenset[Any]) -> list[Any]:
    return ["frozenset", writer.node(sorted(value))]


def _naive(moment: dt.datetime | dt.time) -> str:
    if moment.tzinfo not in (None, dt.UTC):
        raise TypeError("a time of a place is no plain data")
    return moment.isoformat()


_WRITERS: dict[type, Callable[[_Writer, Any], list[Any]]] = {
    dict: _dict_node,
    frozenset: _set_node,
    bytes: lambda writer, value: ["bytes", writer.buffer(value)],
    dt.date: lambda writer, value: ["date", value.isoformat()],
    dt.datetime: lambda writer, value: ["datetime", _naive(value)],
    dt.time: lambda writer, value: ["time", _naive(value)],
    dt.timedelta: lambda writer, value: ["timedelta", value.days, value.seconds, value.microseconds],
    pd.Timestamp: lambda writer, value: ["timestamp", value.as_unit("ns").value, value.unit, _naive(value)],
    type(pd.NaT): lambda writer, value: ["NaT"],
    type(pd.NA): lambda writer, value: ["NA"],
}


def _dict_of(reader: _Reader, keys: Any, values: Any) -> dict[Any, Any]:
    return dict(zip(reader.value(keys), reader.value(values), strict=True))


def _timestamp(reader: _Reader, value: int, unit: str, shown: str) -> pd.Timestamp:
    zone = "UTC" if shown.endswith("+00:00") else None
    return pd.Timestamp(value, unit="ns", tz=zone).as_unit(unit)  # type: ignore[arg-type]


_READERS: dict[str, Callable[..., Any]] = {
    "plain list": lambda reader, items: _plain_items(items),
    "plain tuple": lambda reader, items: tuple(_plain_items(items)),
    "list": lambda reader, items: [reader.value(one) for one in items],
    "tuple": lambda reader, items: tuple([reader.value(one) for one in items]),
    "dict": _dict_of,
    "frozenset": lambda reader, items: frozenset(reader.value(items)),
    "bytes": lambda reader, number: bytes(reader.buffers[number]),
    "date": lambda reader, text: dt.date.fromisoformat(text),
    "datetime": lambda reader, text: dt.datetime.fromisoformat(text),
    "time": lambda reader, text: dt.time.fromisoformat(text),
    "timedelta": lambda reader, days, seconds, rest: dt.timedelta(days, seconds, rest),
    "timestamp": _timestamp,
    "NaT": lambda reader: pd.NaT,
    "NA": lambda reader: pd.NA,
}
