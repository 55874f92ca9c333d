"""Parquet files below the ledger's folder: they never change again, and their names tell their content."""

import hashlib
import io
import re
from collections.abc import Iterable
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.base.files import write_atomically
from pipeline.base.home import LEDGER
from pipeline.base.safe_names import safe_id

_UNSAFE = re.compile(r'[<>:"/\\|?*\x00-\x1f%. ]')


def part_name(form: str, month: str, region_id: str) -> str:
    """The key under which the manifest has a region's rows of a form and month."""
    return f"{safe(form)}/{month}/{safe(region_id)}"


def safe(text: str) -> str:
    """An id as a part of a key of the manifest; different ids stay different."""
    return _UNSAFE.sub(lambda match: f"%{ord(match[0]):02X}", text) or "%"


def file_name(part: str) -> str:
    """The name of a part's file: that of the part, as every system takes it, capitals and small letters told apart."""
    *folders, region = part.split("/")
    return "/".join((*folders, safe_id(region)))


def store_frame(home: Path, name: str, frame: pd.DataFrame) -> str:
    """Writes a frame below the ledger's folder, under a name that tells its content; gives that name."""
    return store_table(home, name, pa.Table.from_pandas(frame, preserve_index=False))


def store_frames(home: Path, name: str, frames: Iterable[pd.DataFrame]) -> str:
    """`store_frame` of frames below each other, of which only one at a time is held; there is at least one."""
    tables = (pa.Table.from_pandas(frame, preserve_index=False) for frame in frames)
    first = next(tables)
    buffer = io.BytesIO()
    with pq.ParquetWriter(buffer, first.schema, compression="zstd") as writer:
        writer.write_table(first)
        for table in tables:
            writer.write_table(table.cast(first.schema))
    return store_bytes(home, name, buffer.getvalue())


def store_table(home: Path, name: str, table: pa.Table) -> str:
    """Keeps a table under its fingerprint; gives the name of the file."""
    buffer = io.BytesIO()
    pq.write_table(table, buffer, compression="zstd")
    return store_bytes(home, name, buffer.getvalue())


def store_bytes(home: Path, name: str, data: bytes) -> str:
    """Writes a file that never changes again, under a name that tells its content."""
    stored = f"{name}.{hashlib.sha256(data).hexdigest()[:12]}.parquet"
    path = home / LEDGER / stored
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(path, data)
    return stored
