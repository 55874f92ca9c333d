"""Settings: `yuebao.toml` and a profile become one frozen object, read once and passed as an argument."""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal
from zoneinfo import ZoneInfo

from pydantic import Field, ValidationError, field_validator

from pipeline.base.calendar import Month
from pipeline.base.errors import SettingsError
from pipeline.base.home import OWN_FOLDERS, SETTINGS_FILE
from pipeline.base.moments import DEFAULT_TIME_ZONE
from pipeline.contract.exports import Export, Frozen
from pipeline.contract.own_trade import own_trade_of
from pipeline.contract.setting_faults import file_fault, first_fault
from pipeline.contract.trade import (
    TRADE_FILE,
    changed_profile,
    default_trade,
    load_profile,
    profile_names,
    words_of,
)
from pipeline.words import Words, load_words
from schemas.profile import Profile

GROUP = "workbooks.group."  # under which the common groups of indicators have their names
OWN = "own"  # the subject of an office's own figures
FORM_TABLES = frozenset(("master_forms", "monthly_forms", "other_forms", "own_forms", "entities"))  # of a profile


class IntakeSettings(Frozen):
    """How files are taken in. A form with a greater share of bad rows than `bad_share` is left out whole."""

    bad_share: float = Field(default=0.20, ge=0, le=1)
    memory_mb: int = Field(default=1024, ge=64)
    seconds: int = Field(default=60, ge=1)


class MailSettings(Frozen):
    """How letters go out; login comes from the environment or the keyring, never from this file.

    `copy_to` gets a copy of every letter. A workbook above `largest_mb`, as it travels, stays behind; the letter says
    where it is, below `shared_as`, the organisation's folder as recipients reach it. What fails for the moment
    is tried `tries` times, with a pause between.
    """

    sender: str = ""
    host: str = ""
    port: int = Field(default=587, ge=1, le=65535)
    security: Literal["starttls", "tls", "none"] = "starttls"
    to_managers: bool = False
    to_headquarters: tuple[str, ...] = ()
    copy_to: tuple[str, ...] = ()
    largest_mb: float = Field(default=20, ge=0)
    shared_as: str = ""
    tries: int = Field(default=3, ge=1)
    pause_seconds: float = Field(default=20, ge=0)


class FolderSettings(Frozen):
    """Where an organisation's folders lie and who may look into them.

    `inbox`, from the organisation's folder or with its full path, may lie elsewhere, as on a drive that managers may
    write to, so that nothing else needs to be shared. `private`: what is made in the home is for its owner alone
    (folders 0700, files 0600). Where false, the permissions are those that the system gives what its user makes.
    """

    inbox: str = Field(default="inbox", min_length=1)
    private: bool = True


class Settings(Frozen):
    """Everything an organisation can set. `contact` is whom a manager may ask who has to correct a form; `time_zone`
    places the times at which files were saved, and deadlines."""

    organisation: str = ""
    contact: str = ""
    language: Literal["zh", "en"] = "zh"
    profile: Profile
    colours: Literal["green_good", "red_up"] = "green_good"
    intake: IntakeSettings = IntakeSettings()
    exports: tuple[Export, ...] = ()
    mail: MailSettings = MailSettings()
    time_zone: str = DEFAULT_TIME_ZONE
    folders: FolderSettings = FolderSettings()

    @property
    def words(self) -> Words:
        """All texts in the organisation's language, as its trade says them."""
        return words_of(self.language, self.profile)

    def as_of(self, month: Month) -> "Settings":
        """The same with the trade as it is in a month."""
        profile = self.profile.as_of(str(month))
        return self if profile is self.profile else self.model_copy(update={"profile": profile})

    @field_validator("time_zone")
    @classmethod
    def _is_known(cls, zone: str) -> str:
        try:
            ZoneInfo(zone)
        except (ValueError, OSError, KeyError) as error:
            raise ValueError(f"{zone!r}: Asia/Shanghai, Asia/Urumqi, UTC …") from error
        return zone


def load_settings(home: Path, language: str | None = None) -> Settings:
    """The settings of an organisation's folder; without a `yuebao.toml` the defaults. Where it has a `trade.toml`, that
    is its trade, whatever trade the settings name.

    Raises:
        SettingsError: naming the key that cannot be used.
    """
    file = home / SETTINGS_FILE
    try:
        # Windows' editor writes a byte order mark before UTF-8.
        text = file.read_text(encoding="utf-8-sig") if file.exists() else ""
    except UnicodeDecodeError as error:
        raise SettingsError(f"{SETTINGS_FILE}: {file_fault(error, language)}") from error
    settings = settings_of_text(text, language, own_trade_of(home, language))
    _check_inbox(home, settings)
    return settings


def settings_of_text(text: str, language: str | None = None, trade: Mapping[str, Any] | None = None) -> Settings:
    """The settings that a settings file with this text says; `trade` is one of the office's own.

    Raises:
        SettingsError: naming the line or key that cannot be used.
    """
    try:
        given = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"{SETTINGS_FILE}: {file_fault(error, language)}") from error
    return settings_from(given, language, trade)


def _check_inbox(home: Path, settings: Settings) -> None:
    """What is dropped in must not lie among what is made of it, nor around it: all of that would be taken in."""
    own, inbox = home.resolve(), (home / settings.folders.inbox).resolve()
    if own.is_relative_to(inbox) or any(inbox.is_relative_to(own / name) for name in OWN_FOLDERS):
        raise SettingsError(
            f"{SETTINGS_FILE}: folders.inbox: {settings.folders.inbox!r} ∌ {', '.join(OWN_FOLDERS)}"
        )


def settings_from(
    given: Mapping[str, Any], language: str | None = None, trade: Mapping[str, Any] | None = None
) -> Settings:
    """Settings from the tables of a settings file.

    `profile` may be a name, or a table whose `name` is a profile and whose other entries change it; where the office
    has a `trade` of its own, they change that.

    Raises:
        SettingsError: naming the key that cannot be used.
    """
    table = dict(given)
    asked = table.pop("profile", {})
    changes = dict(asked) if isinstance(asked, Mapping) else {"name": asked}
    name = str(changes.pop("name", default_trade()))
    if "figures" in table:
        changes["figures"] = _own_figures(table.pop("figures"))
    if trade is None and name not in profile_names():
        raise SettingsError(f"{SETTINGS_FILE}: profile: {name!r} ∉ {', '.join(profile_names())}")
    if language:
        table["language"] = language
    if trade is not None:
        _check_own_trade(trade, table.get("language"))
    try:
        profile = load_profile(name, changes) if trade is None else changed_profile(trade, changes)
        settings = Settings(profile=profile, **table)
    except ValidationError as error:
        raise SettingsError(f"{SETTINGS_FILE}: {first_fault(error, table.get('language'))}") from error
    _check_groups(settings.profile, f"{SETTINGS_FILE}: profile.")
    if FORM_TABLES & changes.keys():
        _check_forms(settings.profile, f"{SETTINGS_FILE}: profile.")
    if settings.exports:
        from pipeline.contract.mappings import check_exports  # forms take a while to load

        check_exports(settings.exports, settings.language, settings.profile.forms)
    return settings


def _own_figures(given: Any) -> Any:
    """An office's own figures, as those of its profile."""
    if not isinstance(given, Mapping):
        return given
    return {key: {**one, "subject": OWN} if isinstance(one, Mapping) else one for key, one in given.items()}


def _check_groups(profile: Profile, where: str) -> None:
    """Whether every indicator stands under a group that has a name."""
    words = load_words("zh")
    for key, indicator in profile.scorecard.indicators.items():
        if indicator.group not in profile.groups and not words.has(f"{GROUP}{indicator.group}"):
            common = (text.removeprefix(GROUP) for text in words.texts if text.startswith(GROUP))
            known = ", ".join((*common, *profile.groups))
            raise SettingsError(f"{where}scorecard.indicators.{key}.group: {indicator.group!r} ∉ {known}")


def _check_own_trade(trade: Mapping[str, Any], language: object) -> None:
    """Whether an office's own trade can be used by itself."""
    try:
        profile = changed_profile(trade, {})
    except ValidationError as error:
        raise SettingsError(f"{TRADE_FILE}: {first_fault(error, language)}") from error
    _check_groups(profile, f"{TRADE_FILE}: ")
    _check_forms(profile, f"{TRADE_FILE}: ")


def _check_forms(profile: Profile, where: str) -> None:
    """Whether the forms that an organisation has otherwise than its trade are there, with their columns and lists."""
    try:
        profile.forms  # noqa: B018 - made now, so that a fault is told before anything is read
    except ValueError as error:
        raise SettingsError(f"{where}{error}") from error
