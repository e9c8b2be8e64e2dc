"""The widths of a window's docks, given back when a window that was small is enlarged."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtWidgets import QApplication

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtWidgets import QDockWidget, QMainWindow

# What the docks leave to the map before they are given their widths back.
MAP_PX = 360


class DockWidths(QObject):
    """Remembers how wide docks beside each other were made, by the window or by the user.

    Qt narrows docks with their window and does not widen them again.
    """

    def __init__(self, window: QMainWindow, docks: Sequence[QDockWidget]) -> None:
        super().__init__(window)
        self._window = window
        self._docks = list(docks)
        self._widths: list[int] = []
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._soon.timeout.connect(self._give_back)
        for part in (window, *docks):
            part.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the window's size and the user's hand."""
        if event.type() == QEvent.Type.Resize and self._window.isVisible():
            if watched is self._window:
                self._soon.start()
            elif QApplication.mouseButtons() & Qt.MouseButton.LeftButton:
                self._widths = [dock.width() for dock in self._docks]
        elif event.type() == QEvent.Type.Show and watched is self._window:
            self._soon.start()
        return False

    def _give_back(self) -> None:
        if not self._widths:  # the window has just come up
            self._widths = [dock.width() for dock in self._docks]
        has_room = sum(self._widths) + MAP_PX <= self._window.width()
        if has_room and not any(dock.isFloating() for dock in self._docks):
            self._window.resizeDocks(self._docks, self._widths, Qt.Orientation.Horizontal)
