"""An office's own table mapped in minutes: `yuebao map FILE` proposes, `--write` puts it into the settings."""

from dataclasses import dataclass
from pathlib import Path

from pipeline.base.calendar import Month
from pipeline.base.errors import SettingsError, YuebaoError
from pipeline.base.files import readable_name, write_atomically
from pipeline.base.home import SETTINGS_FILE
from pipeline.base.shown_text import shown
from pipeline.base.temporary import temporary_folder
from pipeline.commands.lists import write_lists
from pipeline.contract.own_trade import own_trade_of
from pipeline.contract.refusal import Refusal
from pipeline.contract.settings import Settings, settings_of_text
from pipeline.intake.export import exports_for
from pipeline.ledger.manifest import read_manifest
from pipeline.ledger.read import master_versions
from pipeline.mapping.look import Look, LookTask, look
from pipeline.mapping.proposal import Proposal
from pipeline.mapping.toml import block
from pipeline.taking.unpacking import unpacked_below
from pipeline.work.executors import looking_sandbox
from pipeline.work.passing import raise_machine_fault, with_second_try

MODULES = ("pipeline.mapping.look",)


@dataclass(frozen=True)
class Mapped:
    """What was seen of a file, and what was written: the settings, and the workbook of lists (None: not)."""

    name: str
    seen: Look
    written: bool = False
    lists: Path | None = None


def map_file(
    home: Path, settings: Settings, path: Path, month: Month, *, write: bool = False, lists: Path | None = None
) -> Mapped:
    """Looks at a file in a sandbox and proposes how it is mapped.

    Args:
        home, settings: the organisation's folder, and its settings.
        path: the file; it stays where it is. Of a zip or a saved mail the one file in it.
        month: from when on lists count where nothing else tells.
        write: put the proposal at the end of the settings; all that stands there stays.
        lists: where a workbook of the lists that the file tells is written.

    Raises:
        YuebaoError: the file cannot be read, nothing fits, or the proposal cannot be used as it stands.
        SettingsError: with the proposal the settings could not be used.
        OSError: the machine fails.
    """
    name, seen = _look(home, settings, path, month, lists=lists is not None)
    if write:
        _write(home, settings, name, seen)
    made = write_lists(seen.lists, lists, settings, month) if lists is not None else None
    return Mapped(name, seen, write, made)


def _look(home: Path, settings: Settings, path: Path, month: Month, *, lists: bool) -> tuple[str, Look]:
    """The name of the table's file, which may come in a zip or a saved mail, and what was seen of it."""
    modules = tuple(sorted({form.model.__module__ for form in settings.profile.forms.values()}))
    versions = tuple(master_versions(home, read_manifest(home)))
    with (
        temporary_folder() as unpacked,
        looking_sandbox(settings, MODULES) as sandbox,
    ):
        inside = unpacked_below([path], sandbox, unpacked, settings.time_zone)
        name, file = readable_name(inside[0][0].name), inside[0][1]
        if len(inside) > 1:
            names = "、".join(shown(readable_name(told.name)) for told, _ in inside)
            raise YuebaoError(settings.words("mapping.several", name=readable_name(path.name), files=names))
        task = LookTask(str(file), name, settings, versions, str(month), modules, lists)
        answer = with_second_try(sandbox, look, [task])[0]
    raise_machine_fault(answer, path)
    if isinstance(answer, Refusal):
        reason = settings.words(f"intake_reading.refused.{answer.rule}", **dict(answer.details))
        raise YuebaoError(settings.words("mapping.refused", name=name, reason=reason))
    if not answer.proposals:
        raise YuebaoError(settings.words("mapping.nothing", name=name))
    return name, answer


def _write(home: Path, settings: Settings, name: str, seen: Look) -> None:
    """Adds the proposal to the end of the settings, which then can be used as before."""
    words, first = settings.words, seen.proposals[0]
    if seen.fault or first.missing:
        raise YuebaoError(words("mapping.unusable", reason=seen.fault or "、".join(first.missing)))
    if any(export.form == first.form for export in exports_for(name, settings.exports)):
        raise YuebaoError(words("mapping.already", name=name, form=first.form))
    file = home / SETTINGS_FILE
    before = file.read_bytes().decode("utf-8") if file.exists() else ""
    line = "\r\n" if "\r\n" in before else "\n"
    gap = "" if not before else "\n" if before.endswith("\n") else "\n\n"
    after = before + (gap + commented(first, settings) + block(first.block)).replace("\n", line)
    try:
        settings_of_text(after.removeprefix("\ufeff"), settings.language, own_trade_of(home))
    except SettingsError as error:
        raise YuebaoError(words("mapping.unusable", reason=str(error))) from error
    home.mkdir(parents=True, exist_ok=True)
    write_atomically(file, after.encode("utf-8"))


def commented(proposal: Proposal, settings: Settings) -> str:
    """What is in doubt, as comments above the proposal."""
    doubts = (settings.words(f"mapping.doubt.{one.rule}", **dict(one.details)) for one in proposal.doubts)
    return "".join(f"# {' '.join(doubt.split())}\n" for doubt in doubts)
