"""The archive of originals: every file that was ever dropped in, under its fingerprint."""

import json
from dataclasses import asdict
from pathlib import Path

from pipeline.ledger.manifest import Receipt, write_atomically

ARCHIVE = "archive"


def archived_path(home: Path, sha256: str, name: str) -> Path:
    """Where the original of that fingerprint stands."""
    return home / ARCHIVE / sha256[:2] / f"{sha256}{Path(name).suffix.lower()}"


def archive_file(home: Path, receipt: Receipt, data: bytes) -> Path:
    """Keeps an original and its receipt; one that is there already is left as it is."""
    path = archived_path(home, receipt.sha256, receipt.name)
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(path, data)
    slip = path.with_name(f"{receipt.sha256}.json")
    if not slip.exists():
        write_atomically(slip, json.dumps(asdict(receipt), ensure_ascii=False).encode("utf-8"))
    return path
