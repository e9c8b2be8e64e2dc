"""Tokens of services: from the environment, or the system's keyring where the user put them."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from gisapp.core.errors import GisappError
from gisapp.core.words import _

if TYPE_CHECKING:
    from types import ModuleType

_SERVICE = "gisapp"


def find_token(variable: str, host: str) -> str:
    """Return the token for `host`: what the environment says, else what is kept; else empty."""
    said = os.environ.get(variable, "").strip() if variable else ""
    if said or not variable:
        return said
    keyring = _keyring()
    try:
        return keyring.get_password(_SERVICE, host) or ""
    except keyring.errors.KeyringError:
        return ""


def keep_token(host: str, token: str) -> None:
    """Keep the token for `host` in the system's keyring; an empty one is forgotten.

    Raises
    ------
    GisappError
        Where there is no keyring, or it is locked.
    """
    keyring = _keyring()
    try:
        if token:
            keyring.set_password(_SERVICE, host, token)
        elif keyring.get_password(_SERVICE, host):
            keyring.delete_password(_SERVICE, host)
    except keyring.errors.KeyringError as error:
        raise GisappError(
            _("This computer's keyring cannot keep the token."),
            _("Go on without keeping it, or unlock the keyring and try again."),
        ) from error


def _keyring() -> ModuleType:
    import keyring  # 60 ms: only where a token may be needed
    import keyring.errors

    return keyring
