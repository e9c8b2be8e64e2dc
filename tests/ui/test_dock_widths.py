"""Docks that a small window narrowed are as wide as before in a large one."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDockWidget, QMainWindow, QWidget

from gisapp.ui.dock_widths import DockWidths


def test_docks_are_given_their_widths_back(qtbot):
    window = QMainWindow()
    qtbot.addWidget(window)
    window.setCentralWidget(QWidget())
    docks = [QDockWidget(), QDockWidget()]
    sides = (Qt.DockWidgetArea.LeftDockWidgetArea, Qt.DockWidgetArea.RightDockWidgetArea)
    for dock, side in zip(docks, sides, strict=True):
        dock.setWidget(QWidget())
        window.addDockWidget(side, dock)
    window.resize(1200, 600)
    window.resizeDocks(docks, [300, 400], Qt.Orientation.Horizontal)
    DockWidths(window, docks)
    window.show()
    qtbot.waitExposed(window)
    qtbot.waitUntil(lambda: [x.width() for x in docks] == [300, 400])
    qtbot.wait(20)
    window.resize(500, 600)
    qtbot.waitUntil(lambda: docks[0].width() + docks[1].width() < 500)
    window.resize(1200, 600)
    qtbot.waitUntil(lambda: [x.width() for x in docks] == [300, 400])
