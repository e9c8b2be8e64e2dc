"""Where the program keeps what is its user's: ``GISAPP_HOME``, else where the system wants it."""

import contextlib
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


def keep_compiled() -> None:
    """Have numba keep what it compiles in the user's cache.

    site-packages may be read-only, and a bundled program has no source files beside which it
    could lie. numba reads this when it is first imported.
    """
    folder = cache_folder() / "kernels"
    os.environ.setdefault("NUMBA_CACHE_DIR", str(folder))
    with contextlib.suppress(OSError):  # numba then compiles anew, or is done without
        folder.mkdir(parents=True, exist_ok=True)


def _override() -> Path | None:
    folder = os.environ.get("GISAPP_HOME")
    return Path(folder) if folder else None
