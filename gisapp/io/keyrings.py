"""The system's keyring, asked so that one that is missing, locked or hanging holds nobody up."""

from __future__ import annotations

import os
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

SERVICE = "gisapp"
# A locked keyring asks its user for a passphrase meanwhile; after that it is not asked again.
WAIT_S = 20.0

_CHOICE = "PYTHON_KEYRING_BACKEND"
_NONE = ("keyring.backends.fail.Keyring", "keyring.backends.null.Keyring")
_silent = threading.Event()


def get(user: str) -> str | None:
    """Return the secret kept under `user`, empty where there is none; None: no keyring answers."""
    if not _is_likely():
        return None
    return _answer(lambda keyring: keyring.get_password(SERVICE, user) or "")


def put(user: str, secret: str) -> bool:
    """Keep `secret` under `user`; return whether the keyring gives it back as it is."""

    def kept(keyring: _Backend) -> str:
        keyring.set_password(SERVICE, user, secret)
        return keyring.get_password(SERVICE, user) or ""

    return _is_likely() and _answer(kept) == secret


def forget(user: str) -> None:
    """Take out what is kept under `user`, if there is a keyring and it has that."""

    def removed(keyring: _Backend) -> str:
        if keyring.get_password(SERVICE, user) is not None:
            keyring.delete_password(SERVICE, user)
        return ""

    if _is_likely():
        _answer(removed)


def _is_likely() -> bool:
    """Say whether loading `keyring`, a tenth of a second, can be worth it."""
    chosen = os.environ.get(_CHOICE)
    if _silent.is_set() or chosen in _NONE:
        return False
    if chosen or sys.platform in ("win32", "darwin"):
        return True
    if os.environ.get("DBUS_SESSION_BUS_ADDRESS"):
        return True
    runtime = os.environ.get("XDG_RUNTIME_DIR")
    return bool(runtime) and Path(str(runtime), "bus").exists()


if TYPE_CHECKING:
    from keyring.backend import KeyringBackend as _Backend


def _answer(ask: Callable[[_Backend], str]) -> str | None:
    """Ask on a thread of its own, which is left behind where no answer comes."""
    answers: list[str] = []

    def work() -> None:
        from keyring import get_keyring
        from keyring.core import recommended

        try:
            keyring = get_keyring()
            if recommended(keyring):  # others keep passwords in plain files
                answers.append(ask(keyring))
        except Exception:  # a backend raises whatever the library of its daemon does
            return

    thread = threading.Thread(target=work, name="gisapp-keyring", daemon=True)
    thread.start()
    thread.join(WAIT_S)
    if thread.is_alive():
        _silent.set()
    return answers[0] if answers else None
