"""The trade in use: what is in it, whether all that it names is there, and a new one of an office's own."""

import re
from importlib import resources
from pathlib import Path

from pipeline.base.errors import YuebaoError
from pipeline.base.files import write_atomically
from pipeline.base.home import SETTINGS_FILE
from pipeline.contract.settings import Settings
from pipeline.contract.trade import TRADE_FILE, load_profile, profile_names
from pipeline.trades.faults import check_trade
from pipeline.trades.shown import ShownTrade, shown_trade
from pipeline.words import Words

BLANK = "new_trade.toml"
_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")


def look_at_trade(home: Path, settings: Settings) -> None:
    """Whether all that the office's own trade names is there; of a shipped one nothing is asked.

    Raises:
        SettingsError: with a line for each key that is wrong.
    """
    if (home / TRADE_FILE).exists():
        check_trade(settings.profile, TRADE_FILE, settings.words)


def trade_in_use(home: Path, settings: Settings, words: Words) -> ShownTrade:
    """The trade with its forms, figures, rules and sheets, as the settings change it. One of the office's own was
    looked at already (`look_at_trade`).

    Raises:
        SettingsError: with a line for each key that settings change wrongly.
    """
    if not (home / TRADE_FILE).exists():
        check_trade(settings.profile, f"{SETTINGS_FILE}: profile", words)
    return shown_trade(settings.profile, words)


def where_from(home: Path, settings: Settings, words: Words) -> str:
    """Where the trade in use is from, as it is told."""
    name = settings.profile.key
    if (home / TRADE_FILE).exists():
        return TRADE_FILE
    changed = settings.profile != load_profile(name)
    return words("run.trade.shipped_changed" if changed else "run.trade.shipped", name=name, file=SETTINGS_FILE)


def new_trade(home: Path, key: str, zh: str, en: str, words: Words) -> Path:
    """Writes a commented trade into the home that can be used as it is; gives the file.

    Args:
        home: the office's folder.
        key: the trade's code, in small letters.
        zh, en: what it is called.
        words: for what is told.

    Raises:
        YuebaoError: when there is one already, or the code cannot be one.
    """
    if not _NAME.fullmatch(key):
        raise YuebaoError(words("settings.trade.bad_name", name=key))
    if key in profile_names():
        known = words("settings.trade.between").join(profile_names())
        raise YuebaoError(words("settings.trade.shipped", name=key, known=known))
    file = home / TRADE_FILE
    if file.exists():
        raise YuebaoError(words("settings.trade.exists", file=file))
    blank = (resources.files("pipeline") / "trades" / BLANK).read_text(encoding="utf-8")
    for mark, value in {"@KEY@": key, "@ZH@": zh or key, "@EN@": en or key}.items():
        blank = blank.replace(mark, _one_line(value))
    home.mkdir(parents=True, exist_ok=True)
    write_atomically(file, blank.encode("utf-8"))
    return file


def _one_line(text: str) -> str:
    """As it may stand between the quotes of a TOML text, and in a comment."""
    plain = "".join(letter if letter.isprintable() else " " for letter in text)
    return plain.replace("\\", "\\\\").replace('"', '\\"')
