"""Menus and tool bar from the session's actions, which are data."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QMenu, QSizePolicy, QToolBar, QWidget

from gisapp.core.words import LANGUAGES, _, language
from gisapp.session.actions import ACTIONS
from gisapp.ui.theme import PAPER, icon

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from gisapp.ui.main_window import MainWindow

LANGUAGE_NAMES: Final = {"id": "Bahasa Indonesia", "en": "English"}
SEPARATOR: Final = ""
PROJECT: Final = ("new", "open", "demo", SEPARATOR, "save", "save_as", SEPARATOR)
IMPORTS: Final = ("import", "import_service", SEPARATOR)
EXPORTS: Final = ("export_html", "export_picture")
MENUS: Final[Mapping[str, tuple[str, ...]]] = {
    "project": (*PROJECT, *IMPORTS, *EXPORTS, SEPARATOR, "seal", "unseal", SEPARATOR, "quit"),
    "edit": ("undo", "redo"),
    "layer": (
        "zoom_layer",
        "layer_style",
        "layer_up",
        "layer_down",
        "layer_rename",
        "layer_quarantine",
        "layer_remove",
    ),
    "map": ("zoom_all", "zoom_selection", "zoom_in", "zoom_out", SEPARATOR, "basemap"),
    "analysis": ("assess", "analysis", "why"),
    "start": ("import", "open", "demo"),
}
BAR: Final = ("project", "edit", "layer", "map", "analysis")
TOOLS: Final = ("open", "save", SEPARATOR, "undo", "redo", SEPARATOR, "zoom_all", "zoom_selection")
ALWAYS: Final = ("new", "open", "demo", "unseal", "quit")
MAIN_JOB: Final = ("import", "assess", "export_html")
# What needs more than the session knows.
NEEDS_LAYER: Final = (
    "zoom_layer",
    "layer_style",
    "layer_up",
    "layer_down",
    "layer_rename",
    "layer_remove",
)
ICON_PX = 20


class Menus:
    """The window's actions, and the menus and bars that show them."""

    def __init__(self, window: MainWindow, handlers: Mapping[str, Callable[[], object]]) -> None:
        self._window = window
        self._actions = {action.id: QAction(window) for action in ACTIONS}
        for action in ACTIONS:
            shown = self._actions[action.id]
            shown.setShortcut(QKeySequence(action.shortcut))
            shown.triggered.connect(lambda _checked=False, run=handlers[action.id]: run())
            if action.icon:
                main = action.id == "assess"
                shown.setIcon(icon(action.icon, PAPER) if main else icon(action.icon))
        self._menus = {name: QMenu(window) for name in BAR}
        self._languages, self._recent, self._panels = QMenu(window), QMenu(window), QMenu(window)
        self._bar = QToolBar(window)
        self._build_menus()
        self._build_bar()

    def named(self, menu: str) -> list[QAction]:
        """Return the actions of a menu, without its separators."""
        return [self._actions[name] for name in MENUS[menu] if name != SEPARATOR]

    def enable(self, _job: object = None) -> None:
        """Offer what the session, the chosen layer and the work under way allow."""
        window = self._window
        lacking = {
            **dict.fromkeys(NEEDS_LAYER, not window.layers.current),
            "layer_quarantine": not window.layers.current_source,
            **dict.fromkeys((*MAIN_JOB, "seal"), bool(window.jobs.running)),
            "zoom_selection": not window.canvas.has_marks,
        }
        for action in ACTIONS:
            allowed = window.has_session and action.enabled(window.session)
            allowed = allowed and not lacking.get(action.id, False)
            self._actions[action.id].setEnabled(allowed or action.id in ALWAYS)
        self._name_undo()

    def retranslate(self) -> None:
        """Take the words of the language in force."""
        for action in ACTIONS:
            shown = self._actions[action.id]
            shown.setText(_(action.text))
            shown.setToolTip(f"{_(action.text)} {_shortcut_text(action.shortcut)}".strip())
        titles = {
            "project": _("&Project"),
            "edit": _("&Edit"),
            "layer": _("&Layer"),
            "map": _("&Map"),
            "analysis": _("&Analysis"),
        }
        for name, title in titles.items():
            self._menus[name].setTitle(title)
        self._languages.setTitle(_("Lan&guage"))
        self._recent.setTitle(_("Open &recent"))
        self._panels.setTitle(_("&Window"))
        self._bar.setWindowTitle(_("Tools"))

    def _build_menus(self) -> None:
        for name in BAR:
            menu = self._menus[name]
            for entry in MENUS[name]:
                if entry == SEPARATOR:
                    menu.addSeparator()
                else:
                    menu.addAction(self._actions[entry])
            self._window.menuBar().addMenu(menu)
        self._menus["project"].insertMenu(self._actions["demo"], self._recent)
        self._recent.aboutToShow.connect(self._list_recent)
        for menu in (self._panels, self._languages):
            self._window.menuBar().addMenu(menu)
        self._panels.aboutToShow.connect(self._list_panels)
        group = QActionGroup(self._window)
        for code in LANGUAGES:
            action = self._languages.addAction(LANGUAGE_NAMES[code])
            action.setCheckable(True)
            action.setChecked(code == language())
            action.triggered.connect(lambda _checked=False, to=code: self._window.speak(to))
            group.addAction(action)

    def _build_bar(self) -> None:
        bar = self._bar
        bar.setObjectName("tools")
        bar.setMovable(False)
        bar.setIconSize(QSize(ICON_PX, ICON_PX))
        for entry in TOOLS:
            if entry == SEPARATOR:
                bar.addSeparator()
            else:
                bar.addAction(self._actions[entry])
        space = QWidget()
        space.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        bar.addWidget(space)
        for entry in MAIN_JOB:
            if entry == "assess":
                bar.addWidget(self._window.as_of)
            bar.addAction(self._actions[entry])
            button = bar.widgetForAction(self._actions[entry])
            button.setObjectName(entry)
            button.setProperty("toolButtonStyle", Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self._window.addToolBar(bar)

    def _list_recent(self) -> None:
        self._recent.clear()
        commands = self._window.commands
        for path in self._window.settings.recent:
            action = self._recent.addAction(str(path).replace("&", "&&"))
            action.triggered.connect(partial(commands.open_other, path))
        if self._recent.isEmpty():
            self._recent.addAction(_("None yet")).setEnabled(False)

    def _list_panels(self) -> None:
        self._panels.clear()
        self._panels.addActions([dock.toggleViewAction() for dock in self._window.docks.all])

    def _name_undo(self) -> None:
        if not self._window.has_session:
            return
        session = self._window.session
        texts = {
            "undo": _("Undo {what}").format(what=session.undo_text) if session.can_undo else "",
            "redo": _("Redo {what}").format(what=session.redo_text) if session.can_redo else "",
        }
        plain = {"undo": _("Undo"), "redo": _("Redo")}
        for name, text in texts.items():
            self._actions[name].setText((text or plain[name]).replace("&", "&&"))
            self._actions[name].setToolTip(text or plain[name])


def _shortcut_text(shortcut: str) -> str:
    text = QKeySequence(shortcut).toString(QKeySequence.SequenceFormat.NativeText)
    return f"({text})" if text else ""
