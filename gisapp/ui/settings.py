"""What the window remembers between two starts: language, last projects, its own layout."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QByteArray, QSettings

from gisapp.io.folders import config_folder

RECENT_MAX = 8


class Settings:
    """The user's settings, in an INI file in the user's configuration directory."""

    def __init__(self) -> None:
        path = config_folder() / "window.ini"
        self._store = QSettings(str(path), QSettings.Format.IniFormat)

    @property
    def language(self) -> str:
        """The language chosen in the menu; empty until one was chosen."""
        return str(self._store.value("language", ""))

    @language.setter
    def language(self, code: str) -> None:
        self._store.setValue("language", code)

    @property
    def recent(self) -> tuple[Path, ...]:
        """The projects opened or saved last, newest first, that still exist."""
        return tuple(path for path in self._stored_paths() if path.is_file())

    @property
    def folder(self) -> Path:
        """Where the user's files were last."""
        recent = self.recent
        return recent[0].parent if recent else Path.home()

    def forget_lost(self) -> Path | None:
        """Forget the projects that are gone; return the one opened or saved last, where it is."""
        stored, there = self._stored_paths(), self.recent
        if len(there) < len(stored):
            self._store.setValue("recent", [str(path) for path in there])
        return stored[0] if stored and stored[0] not in there else None

    def remember(self, path: Path) -> None:
        """Put `path` at the head of the recent projects."""
        path = path.resolve()
        paths = [path, *(other for other in self.recent if other != path)]
        self._store.setValue("recent", [str(p) for p in paths[:RECENT_MAX]])

    @property
    def addresses(self) -> tuple[str, ...]:
        """The services asked last, newest first, without what lets somebody in."""
        return self._texts("addresses")

    def remember_address(self, address: str) -> None:
        """Put a service at the head of those asked last."""
        addresses = [address, *(other for other in self.addresses if other != address)]
        self._store.setValue("addresses", addresses[:RECENT_MAX])

    @property
    def layout(self) -> tuple[QByteArray, QByteArray]:
        """The window's geometry and the places of its docks; empty at the first start."""
        return self._bytes("geometry"), self._bytes("docks")

    @layout.setter
    def layout(self, places: tuple[QByteArray, QByteArray]) -> None:
        self._store.setValue("geometry", places[0])
        self._store.setValue("docks", places[1])

    def _stored_paths(self) -> tuple[Path, ...]:
        return tuple(map(Path, self._texts("recent")))

    def _texts(self, name: str) -> tuple[str, ...]:
        stored = self._store.value(name)  # Qt gives a list of one back as its text
        texts = stored if isinstance(stored, list) else [stored] if stored else []
        return tuple(map(str, texts))

    def _bytes(self, name: str) -> QByteArray:
        value = self._store.value(name)
        return value if isinstance(value, QByteArray) else QByteArray()
