"""User and password for the mail server: from the environment, or from the system's keyring where that is installed."""

import importlib
from collections.abc import Mapping
from typing import Any

from pipeline.base.errors import SettingsError
from pipeline.contract.settings import MailSettings
from pipeline.outbox.addresses import read_sender
from pipeline.outbox.smtp import Login
from pipeline.words import Words

USER = "YUEBAO_MAIL_USER"
PASSWORD = "YUEBAO_MAIL_PASSWORD"
SERVICE = "yuebao"


def login_from(
    environment: Mapping[str, str], mail: MailSettings, words: Words, keyring: Any = None
) -> Login | None:
    """The login to use, None for a server that wants none.

    Without a user in the environment the keyring is asked for the sender's password.

    Args:
        environment: the variables of the process.
        mail: whose sender is the user where the environment names none.
        words: for what is said when a user has no password.
        keyring: the keyring library, None where it is not installed.

    Raises:
        SettingsError: when there is a user without a password.
    """
    user, address = environment.get(USER, ""), read_sender(mail.sender)
    sender = address.email if address else ""
    password = environment.get(PASSWORD, "") or _kept(keyring, user or sender)
    if password:
        return Login(user or sender, password)
    if user:
        raise SettingsError(words("outbox.error.no_password"))
    return None


def installed_keyring() -> Any:
    """The keyring library, None where it is not installed."""
    try:
        return importlib.import_module("keyring")
    except ImportError:
        return None


def _kept(keyring: Any, user: str) -> str:
    if keyring is None or not user:
        return ""
    try:
        return keyring.get_password(SERVICE, user) or ""
    except keyring.errors.KeyringError:  # no keyring on this computer, or it stays locked
        return ""
