"""Settings: `yuebao.toml` and a profile become one frozen object, read once and passed as an argument."""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from pipeline.base.errors import SettingsError
from pipeline.base.home import OWN_FOLDERS
from pipeline.base.moments import DEFAULT_TIME_ZONE
from pipeline.contract.trade import load_profile, profile_names
from pipeline.words import load_words
from schemas.profile import Profile

SETTINGS_FILE = "yuebao.toml"
OWN = "own"  # the subject of an office's own figures
FORM_TABLES = frozenset(("master_forms", "monthly_forms", "other_forms", "own_forms"))  # of a profile


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class IntakeSettings(_Frozen):
    """How files are taken in. A form with a greater share of bad rows than `bad_share` is left out whole."""

    bad_share: float = Field(default=0.20, ge=0, le=1)
    memory_mb: int = Field(default=1024, ge=64)
    seconds: int = Field(default=60, ge=1)


class Export(_Frozen):
    """An office's own export, mapped onto a form.

    `files` is a pattern for file names in the inbox. `columns` gives, for a form's column (and `manager_id`
    for monthly forms), the header in the export, or several headers whose values are joined with `-`. A header is the
    one written exactly so, else the only one that differs in blanks, case or in lacking brackets; where several columns
    have the same header, `数量#2` is the second of them, from the left.
    `fixed` gives values that the export does not hold; `where` keeps only rows whose cells have these values;
    `values` translates what stands in the export, a table a column; `times` multiplies numbers (10000 where
    the export has 万元). `valid_from` (YYYY-MM, or "name": the month in the file's name) dates master data.
    `dates` is the order in which its days are written, where 6/5/2024 could be two: "mdy" or "dmy".
    `one_a_key` keeps the first row of each key (to draw master data from transactions); `repeats` says
    that several rows may share customer, product and day, as order lines do. `delimiter` (one sign) and
    `encoding` say how a text file is written, where that cannot be told from it.

    `replaces` says what a file takes the place of in each manager's month: the whole `month`; the `days` that occur in
    it; `rows` (it adds, and a row of the same key takes the place of the earlier one); or the `span` of days in its
    name, or in `span` as first and last day. Left out: `month` where `manager_id` is fixed and `valid_from` names the
    month, else `days`, or `rows` where the form has no day.

    `covers` = "all managers" says that the export is complete: a manager in office without a line in it had none in the
    month (known with zero, as a nil return). Without it, what such a manager did is not known.
    """

    files: str
    form: str
    sheet: str = ""
    columns: Mapping[str, str | tuple[str, ...]]
    fixed: Mapping[str, str] = {}
    where: Mapping[str, str] = {}
    values: Mapping[str, Mapping[str, str]] = {}
    times: Mapping[str, float] = {}
    valid_from: str = ""
    dates: Literal["", "ymd", "mdy", "dmy"] = ""
    one_a_key: bool = False
    repeats: bool = False
    replaces: Literal["month", "days", "rows", "span"] | None = None
    span: Literal["", "name"] | tuple[str, str] = ""
    covers: Literal["", "all managers"] = ""
    delimiter: Literal["", ",", ";", "|", "\t"] = ""
    encoding: Literal["", "utf-8", "gb18030", "gbk", "gb2312", "big5", "utf-16-le", "utf-16-be"] = ""


class MailSettings(_Frozen):
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


class FolderSettings(_Frozen):
    """Where an organisation's folders lie and who may look into them.

    `inbox`, from the organisation's folder or with its full path, may lie elsewhere, as on a drive that managers may
    write to, so that nothing else needs to be shared. `private`: what is made in the home is for its owner alone
    (folders 0700, files 0600). Where false, the permissions are those that the system gives what its user makes.
    """

    inbox: str = Field(default="inbox", min_length=1)
    private: bool = True


class Settings(_Frozen):
    """Everything an organisation can set. `time_zone` places the times at which files were saved, and deadlines."""

    organisation: str = ""
    language: Literal["zh", "en"] = "zh"
    profile: Profile
    colours: Literal["green_good", "red_up"] = "green_good"
    intake: IntakeSettings = IntakeSettings()
    exports: tuple[Export, ...] = ()
    mail: MailSettings = MailSettings()
    time_zone: str = DEFAULT_TIME_ZONE
    folders: FolderSettings = FolderSettings()

    @field_validator("time_zone")
    @classmethod
    def _is_known(cls, zone: str) -> str:
        try:
            ZoneInfo(zone)
        except (ValueError, OSError, KeyError) as error:
            raise ValueError(f"{zone!r}: Asia/Shanghai, Asia/Urumqi, UTC …") from error
        return zone


def load_settings(home: Path, language: str | None = None) -> Settings:
    """The settings of an organisation's folder; without a `yuebao.toml` the defaults.

    Raises:
        SettingsError: naming the key that cannot be used.
    """
    file = home / SETTINGS_FILE
    try:
        given = tomllib.loads(file.read_text(encoding="utf-8")) if file.exists() else {}
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"{SETTINGS_FILE}: {error}") from error
    settings = settings_from(given, language)
    _check_inbox(home, settings)
    return settings


def _check_inbox(home: Path, settings: Settings) -> None:
    """What is dropped in must not lie among what is made of it, nor around it: all of that would be taken in."""
    own, inbox = home.resolve(), (home / settings.folders.inbox).resolve()
    if own.is_relative_to(inbox) or any(inbox.is_relative_to(own / name) for name in OWN_FOLDERS):
        raise SettingsError(
            f"{SETTINGS_FILE}: folders.inbox: {settings.folders.inbox!r} ∌ {', '.join(OWN_FOLDERS)}"
        )


def settings_from(given: Mapping[str, Any], language: str | None = None) -> Settings:
    """Settings from the tables of a settings file.

    `profile` may be a name, or a table whose `name` is a profile and whose other entries change it.

    Raises:
        SettingsError: naming the key that cannot be used.
    """
    table = dict(given)
    asked = table.pop("profile", "tobacco")
    changes = dict(asked) if isinstance(asked, Mapping) else {"name": asked}
    name = str(changes.pop("name", "tobacco"))
    if "figures" in table:
        changes["figures"] = _own_figures(table.pop("figures"))
    if name not in profile_names():
        raise SettingsError(f"{SETTINGS_FILE}: profile: {name!r} ∉ {', '.join(profile_names())}")
    if language:
        table["language"] = language
    try:
        settings = Settings(profile=load_profile(name, changes), **table)
    except ValidationError as error:
        raise SettingsError(_first_fault(error)) from error
    _check_groups(settings.profile)
    if FORM_TABLES & changes.keys():
        _check_forms(settings)
    if settings.exports:
        from pipeline.contract.mappings import check_exports  # forms take a while to load

        check_exports(settings.exports, settings.language, settings.profile.forms)
    return settings


def _own_figures(given: Any) -> Any:
    """An office's own figures, as those of its profile."""
    if not isinstance(given, Mapping):
        return given
    return {key: {**one, "subject": OWN} if isinstance(one, Mapping) else one for key, one in given.items()}


def _check_groups(profile: Profile) -> None:
    """Whether every indicator stands under a group that has a name."""
    for key, indicator in profile.scorecard.indicators.items():
        if indicator.group not in profile.groups and not load_words("zh").has(
            f"workbooks.group.{indicator.group}"
        ):
            where = f"{SETTINGS_FILE}: profile.scorecard.indicators.{key}.group"
            raise SettingsError(f"{where}: {indicator.group!r} ∉ profile.groups")


def _check_forms(settings: Settings) -> None:
    """Whether the forms that an organisation has otherwise than its trade are there, with their columns and lists."""
    try:
        settings.profile.forms  # noqa: B018 - made now, so that a fault is told before anything is read
    except ValueError as error:
        raise SettingsError(f"{SETTINGS_FILE}: profile.{error}") from error


def _first_fault(error: ValidationError) -> str:
    fault = error.errors()[0]
    key = ".".join(str(part) for part in fault["loc"])
    return f"{SETTINGS_FILE}: {key}: {fault['msg']}"
