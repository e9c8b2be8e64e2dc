"""Modules of compiled functions: loaded once, when somebody needs them, never by an import.

Importing numba takes half a second, and what it compiles for the first time on a machine some
seconds more; it keeps that in ``NUMBA_CACHE_DIR``, which the program sets at its start.
"""

from __future__ import annotations

import importlib
import threading
from typing import Any


class Compiled:
    """A module of numba's functions.

    Parameters
    ----------
    name : str
        The module; nothing else imports it.
    """

    def __init__(self, name: str) -> None:
        self._name = name
        self._lock = threading.Lock()
        self._tried = False
        self._module: Any = None

    @property
    def ready(self) -> bool:
        """Whether it is loaded."""
        return self._module is not None

    def load(self) -> Any:
        """Return the module, whoever asks first loads it; None where there is no numba."""
        with self._lock:
            if not self._tried:
                self._tried = True
                try:
                    self._module = importlib.import_module(self._name)
                except (ImportError, OSError):  # the folder that it keeps its work in is read-only
                    self._module = None
            return self._module
