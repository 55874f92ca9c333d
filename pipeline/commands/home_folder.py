"""The folder of an organisation, as every command that writes into it finds it."""

from pathlib import Path

from pipeline.base.errors import YuebaoError
from pipeline.base.files import readable_name
from pipeline.words import Words


def look_at_home(home: Path, words: Words) -> None:
    """A folder that is not there may be a network drive that is not connected: nothing is made up for it."""
    if not home.is_dir():
        raise YuebaoError(words("run.no_home", home=home))
    if readable_name(str(home)) != str(home):
        raise YuebaoError(words("run.bad_home", home=readable_name(str(home))))
