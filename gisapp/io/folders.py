"""Where the program keeps what is its user's: ``GISAPP_HOME``, else where the system wants it."""

import os
from pathlib import Path

from platformdirs import user_cache_path, user_config_path, user_data_path


def data_folder() -> Path:
    """Return the folder of what must not be lost: secrets, locks."""
    return _override() or user_data_path("gisapp", appauthor=False)


def config_folder() -> Path:
    """Return the folder of what the user chose: language, last projects, layout."""
    return _override() or user_config_path("gisapp", appauthor=False)


def cache_folder() -> Path:
    """Return the folder of what can be made again."""
    override = _override()
    return override / "cache" if override else user_cache_path("gisapp", appauthor=False)


def _override() -> Path | None:
    folder = os.environ.get("GISAPP_HOME")
    return Path(folder) if folder else None
