"""A keyring of the tests' own, built on the real interface, and ones that fail as real ones do."""

from __future__ import annotations

import time
from typing import ClassVar

from keyring.backend import KeyringBackend
from keyring.errors import KeyringLocked, PasswordDeleteError


class Kept(KeyringBackend):
    """Keeps secrets in memory."""

    priority = 5
    kept: ClassVar[dict[tuple[str, str], str]] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        if self.kept.pop((service, username), None) is None:
            raise PasswordDeleteError(username)


class Forgetful(Kept):
    """Takes a secret and does not give it back."""

    def set_password(self, service: str, username: str, password: str) -> None:
        pass


class Locked(Kept):
    """Is locked, and its user declines to unlock it."""

    def get_password(self, service: str, username: str) -> str | None:
        raise KeyringLocked("locked")


class Hanging(Kept):
    """Its daemon does not answer."""

    asked: ClassVar[list[str]] = []

    def get_password(self, service: str, username: str) -> str | None:
        self.asked.append(username)
        time.sleep(30)
        return None


class PlainFile(Kept):
    """Keeps passwords in clear, which its low priority says."""

    priority = 0.5
