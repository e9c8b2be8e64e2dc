"""Menus and tool bar from the session's actions, which are data."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QMainWindow, QMenu, QSizePolicy, QToolBar, QWidget

from gisapp.core.words import LANGUAGES, _, language
from gisapp.session.actions import ACTIONS
from gisapp.session.session import Session
from gisapp.ui.export_dialog import LANGUAGE_NAMES
from gisapp.ui.theme import PAPER, icon

SEPARATOR: Final = ""
MENUS: Final[Mapping[str, tuple[str, ...]]] = {
    "project": (
        "new",
        "open",
        "demo",
        SEPARATOR,
        "save",
        "save_as",
        SEPARATOR,
        "import",
        "export_html",
        SEPARATOR,
        "quit",
    ),
    "edit": ("undo", "redo"),
    "layer": (
        "layer_up",
        "layer_down",
        "layer_rename",
        "layer_quarantine",
        "layer_remove",
    ),
    "map": ("zoom_all", "zoom_layer", "zoom_selection", "zoom_in", "zoom_out"),
    "assess": ("assess",),
}
TOOLS: Final = (
    "open",
    "save",
    "undo",
    "redo",
    SEPARATOR,
    "import",
    "as_of",
    "assess",
    "export_html",
    SEPARATOR,
    "zoom_all",
    "zoom_selection",
)
WITH_TEXT: Final = frozenset({"import", "assess", "export_html"})
