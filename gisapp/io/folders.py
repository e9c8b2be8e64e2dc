"""Where the program keeps what is its user's: ``GISAPP_HOME``, else where the system wants it."""

import os
from pathlib import Path

from platformdirs import user_cache_path, user_data_path


def data_folder() -> Path:
    """Return the folder of what must not be lost: secrets, locks."""
    override = os.environ.get("GISAPP_HOME")
    return Path(override) if override else user_data_path("gisapp", appauthor=False)


def cache_folder() -> Path:
    """Return the folder of what can be made again."""
    override = os.environ.get("GISAPP_HOME")
    return Path(override) / "cache" if override else user_cache_path("gisapp", appauthor=False)
