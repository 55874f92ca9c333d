"""The few errors that stop a run: a sentence for the user and an exit code; caught once, in `cli.py`."""


class YuebaoError(Exception):
    """Something that stops the run; its text is shown to the user as it is."""

    exit_code = 1


class SettingsError(YuebaoError):
    """The settings file or a profile says something that cannot be used."""


class LedgerBusy(YuebaoError):
    """Another run holds the ledger."""


class NothingToDo(YuebaoError):
    """There is nothing to report on, and the text says what to do."""

    exit_code = 0


class MonthsUndone(YuebaoError):
    """Months could not be written; the others are, and the text says which and why."""
