"""Tokens of services: from the environment, or the system's keyring where the user put them."""

from __future__ import annotations

import os

from gisapp.core.errors import GisappError
from gisapp.core.words import _
from gisapp.io import keyrings


def find_token(variable: str, host: str) -> str:
    """Return the token for `host`: what the environment says, else what is kept; else empty.

    Parameters
    ----------
    variable : str
        Holds ``HOST=TOKEN``, several with blanks between them. Empty where the service has none.
    host : str
        In small letters, with its port where that is not the usual one.

    Raises
    ------
    GisappError
        Where `variable` does not say which host its token is for: not just any may learn it.
    """
    if not variable:
        return ""
    for entry in os.environ.get(variable, "").split():
        of, equals, token = entry.partition("=")
        if not (of and equals and token):
            raise GisappError(
                _("{variable} does not say which host its token is for.").format(variable=variable),
                _("Write {example}.").format(example=f"{variable}={host}=TOKEN"),
            )
        if of.lower() == host:
            return token
    return keyrings.get(host) or ""


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
