"""Settings: `yuebao.toml` and a profile become one frozen object, read once and passed as an argument."""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from pipeline.errors import SettingsError
from schemas.profile import Profile, load_profile, profile_names

SETTINGS_FILE = "yuebao.toml"


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
    for monthly forms), the header in the export, or several headers whose values are joined with `-`.
    `fixed` gives values that the export does not hold; `where` keeps only rows whose cells have these values;
    `values` translates what stands in the export, a table a column; `times` multiplies numbers (10000 where
    the export has 万元). `valid_from` (YYYY-MM, or "name": the month in the file's name) dates master data.
    `one_a_key` keeps the first row of each key (to draw master data from transactions); `repeats` says
    that several rows may share customer, product and day, as order lines do.
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
    one_a_key: bool = False
    repeats: bool = False


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

    `private`: what is made in the home is for its owner alone (folders 0700, files 0600). Where false, the permissions
    are those that the system gives what its user makes.
    """

    private: bool = True


class Settings(_Frozen):
    """Everything an organisation can set."""

    organisation: str = ""
    language: Literal["zh", "en"] = "zh"
    profile: Profile
    colours: Literal["green_good", "red_up"] = "green_good"
    intake: IntakeSettings = IntakeSettings()
    exports: tuple[Export, ...] = ()
    mail: MailSettings = MailSettings()
    folders: FolderSettings = FolderSettings()


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
    return settings_from(given, language)


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
    if name not in profile_names():
        raise SettingsError(f"{SETTINGS_FILE}: profile: {name!r} ∉ {', '.join(profile_names())}")
    if language:
        table["language"] = language
    try:
        return Settings(profile=load_profile(name, changes), **table)
    except ValidationError as error:
        raise SettingsError(_first_fault(error)) from error


def _first_fault(error: ValidationError) -> str:
    fault = error.errors()[0]
    key = ".".join(str(part) for part in fault["loc"])
    return f"{SETTINGS_FILE}: {key}: {fault['msg']}"
