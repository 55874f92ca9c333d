"""Names of files that are sent again: what people, systems and correction copies add to them is left aside."""

import re
from pathlib import PurePath

_ADDED = re.compile(
    r"(?:_待更正|_to_correct|[\s_-]*(?:副本|更正|改|修改|v\d+|copy)|[\s_]*[(（]\d+[)）])+$", re.IGNORECASE
)


def plain_name(file: str) -> str:
    """A file's name without its ending, and without what is added to the name of a file that is sent again."""
    return _ADDED.sub("", PurePath(file).stem).casefold()
