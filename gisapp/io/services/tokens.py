"""Tokens of services: from the environment, or the system's keyring where the user put them."""

from __future__ import annotations

import os

from gisapp.core.errors import GisappError
from gisapp.core.words import _
from gisapp.io import keyrings


def find_token(variable: str, host: str) -> str:
    """Return the token for `host`: what the environment says, else what is kept; else empty."""
    said = os.environ.get(variable, "").strip() if variable else ""
    return said if said or not variable else keyrings.get(host) or ""


def keep_token(host: str, token: str) -> None:
    """Keep the token for `host` in the system's keyring; an empty one is forgotten.

    Raises
    ------
    GisappError
        Where there is no keyring, or it is locked.
    """
    if not token:
        keyrings.forget(host)
    elif not keyrings.put(host, token):
        raise GisappError(
            _("This computer's keyring cannot keep the token."),
            _("Go on without keeping it, or unlock the keyring and try again."),
        )
