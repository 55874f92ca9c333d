"""A trade of an office's own: `trade.toml` in its home, in the words of `schemas.profile.Profile`, in place of the
trades that there are."""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pipeline.base.errors import SettingsError
from pipeline.contract.setting_faults import file_fault
from pipeline.contract.trade import TRADE_FILE
from schemas.terms import PLAIN


def own_trade_of(home: Path, language: str | None = None) -> Mapping[str, Any] | None:
    """The tables of the trade of an office's own; None where it has none. Words for goods that it does not say are
    plain ones, and never those of another trade.

    Raises:
        SettingsError: naming the line that cannot be read.
    """
    file = home / TRADE_FILE
    if not file.exists():
        return None
    try:
        # Windows' editor writes a byte order mark before UTF-8.
        table = tomllib.loads(file.read_text(encoding="utf-8-sig"))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SettingsError(f"{TRADE_FILE}: {file_fault(error, language)}") from error
    terms = table.get("terms", {})
    return {**table, "terms": {**PLAIN.model_dump(), **terms} if isinstance(terms, Mapping) else terms}
