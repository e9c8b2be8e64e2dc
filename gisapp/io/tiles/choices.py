"""What the user of this machine allowed about basemaps; no project can say it for them.

One small file in the user's configuration folder, read by the window and the command line alike.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from gisapp.io.atomic import replacing
from gisapp.io.folders import config_folder

CACHE_MB = 200


@dataclass(frozen=True)
class BasemapChoices:
    """The user's own word on basemaps.

    Parameters
    ----------
    providers : mapping
        Provider's name to the ISO time at which the user agreed to ask it.
    files : tuple of str
        Tile files that the user chose, resolved.
    cache_mb : int
        How much of the disk tiles from the internet may take.
    """

    providers: Mapping[str, str] = field(default_factory=dict)
    files: tuple[str, ...] = ()
    cache_mb: int = CACHE_MB

    def allows_provider(self, name: str) -> bool:
        """Say whether the user agreed to ask this provider."""
        return name in self.providers

    def with_provider(self, name: str) -> BasemapChoices:
        """Note that the user agrees to ask this provider."""
        now = datetime.now(UTC).isoformat(timespec="seconds")
        return replace(self, providers={**self.providers, name: now})

    def without_provider(self, name: str) -> BasemapChoices:
        """Note that the user does not agree any more."""
        return replace(self, providers={k: v for k, v in self.providers.items() if k != name})

    def with_file(self, path: Path) -> BasemapChoices:
        """Note that the user chose this file."""
        return replace(self, files=tuple(dict.fromkeys((*self.files, str(path.resolve())))))


def load_choices() -> BasemapChoices:
    """Return what the user allowed; nothing where there is no file or it cannot be understood."""
    try:
        return _reader().validate_json(_path().read_bytes())
    except (OSError, ValidationError):
        return BasemapChoices()


def save_choices(choices: BasemapChoices) -> None:
    """Keep what the user allowed.

    Raises
    ------
    GisappError
        Where the configuration folder cannot be written to.
    """
    with contextlib.suppress(OSError):  # `replacing` says it
        _path().parent.mkdir(parents=True, exist_ok=True)
    with replacing(_path()) as fresh:
        fresh.write_text(json.dumps(asdict(choices), indent=1), encoding="utf-8")


def change_choices(change: Callable[[BasemapChoices], BasemapChoices]) -> None:
    """Keep what `change` makes of what is allowed now: other windows may have been used meanwhile.

    Raises
    ------
    GisappError
        As `save_choices`.
    """
    save_choices(change(load_choices()))


def _path() -> Path:
    return config_folder() / "basemap.json"


@cache
def _reader() -> TypeAdapter[BasemapChoices]:
    return TypeAdapter(BasemapChoices)
