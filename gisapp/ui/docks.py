"""The window's docks: where the panels stand, how large they come up, and what they are called."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDockWidget, QMainWindow, QTabWidget, QWidget

from gisapp.core.words import _
from gisapp.ui.dock_widths import DockWidths

if TYPE_CHECKING:
    from collections.abc import Mapping

LAYERS_WIDTH_PX, FINDINGS_WIDTH_PX = 330, 490
SUMMARY_HEIGHT_PX, CONFLICTS_HEIGHT_PX = 370, 300


class Docks:
    """The docks of a window.

    Parameters
    ----------
    panels : mapping of str to QWidget
        ``layers`` on the left; ``summary`` and ``identified`` in tabs above ``conflicts`` on the
        right. The names are those under which a layout is kept.
    """

    def __init__(self, window: QMainWindow, panels: Mapping[str, QWidget]) -> None:
        self._window = window
        self._docks = {name: _dock(name, panel) for name, panel in panels.items()}
        window.setDockOptions(
            QMainWindow.DockOption.AllowTabbedDocks | QMainWindow.DockOption.AnimatedDocks
        )
        window.setTabPosition(Qt.DockWidgetArea.AllDockWidgetAreas, QTabWidget.TabPosition.North)
        self._place()
        self._resize()
        self.raise_("summary")
        for name in ("summary", "identified"):
            self._docks[name].setTitleBarWidget(QWidget())  # their tabs name them

    @property
    def all(self) -> tuple[QDockWidget, ...]:
        """The docks, which can be closed and shown again."""
        return tuple(self._docks.values())

    def raise_(self, name: str) -> None:
        """Bring a dock before those in whose tabs it stands."""
        self._docks[name].raise_()

    def keep_widths(self) -> None:
        """Have the docks get their widths back when a small window is enlarged."""
        DockWidths(self._window, (self._docks["layers"], self._docks["summary"]))

    def retranslate(self) -> None:
        """Take the words of the language in force."""
        titles = {
            "layers": _("Layers"),
            "summary": _("Who is affected"),
            "identified": _("What is here"),
            "conflicts": _("Conflicts"),
        }
        for name, title in titles.items():
            self._docks[name].setWindowTitle(title)

    def _place(self) -> None:
        area, docks = Qt.DockWidgetArea, self._docks
        for name, dock in docks.items():
            side = area.LeftDockWidgetArea if name == "layers" else area.RightDockWidgetArea
            self._window.addDockWidget(side, dock)
        self._window.splitDockWidget(docks["summary"], docks["conflicts"], Qt.Orientation.Vertical)
        self._window.tabifyDockWidget(docks["summary"], docks["identified"])

    def _resize(self) -> None:
        docks = self._docks
        self._window.resizeDocks(
            [docks["layers"], docks["summary"]],
            [LAYERS_WIDTH_PX, FINDINGS_WIDTH_PX],
            Qt.Orientation.Horizontal,
        )
        self._window.resizeDocks(
            [docks["summary"], docks["conflicts"]],
            [SUMMARY_HEIGHT_PX, CONFLICTS_HEIGHT_PX],
            Qt.Orientation.Vertical,
        )


def _dock(name: str, panel: QWidget) -> QDockWidget:
    dock = QDockWidget()
    dock.setObjectName(name)
    dock.setWidget(panel)
    return dock
