"""What stands in the place of an answer where a file could not be read."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Refusal:
    """A file that could not be read, or a task that could not be done.

    `rule` and `details` are the sentence `intake_reading.refused.<rule>` and its values.
    """

    rule: str
    details: tuple[tuple[str, str], ...] = ()
