"""How the window looks: one palette, one short style sheet, our line icons."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QByteArray, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPalette, QPixmap
from PySide6.QtSvg import QSvgRenderer

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

INK: Final = "#1f2933"
QUIET_INK: Final = "#52606d"
FAINT_INK: Final = "#9aa5b1"
LINE: Final = "#d5dbe2"
PAPER: Final = "#ffffff"
SURFACE: Final = "#f3f5f7"
ACCENT: Final = "#0b6985"
HIGHLIGHT: Final = "#ffd400"
WARNING: Final = "#8a4b00"

_ROLES: Final = {
    QPalette.ColorRole.Window: SURFACE,
    QPalette.ColorRole.WindowText: INK,
    QPalette.ColorRole.Base: PAPER,
    QPalette.ColorRole.AlternateBase: "#f8f9fb",
    QPalette.ColorRole.Text: INK,
    QPalette.ColorRole.Button: "#fbfcfd",
    QPalette.ColorRole.ButtonText: INK,
    QPalette.ColorRole.ToolTipBase: INK,
    QPalette.ColorRole.ToolTipText: PAPER,
    QPalette.ColorRole.Highlight: ACCENT,
    QPalette.ColorRole.HighlightedText: PAPER,
    QPalette.ColorRole.PlaceholderText: "#6b7785",
    QPalette.ColorRole.Link: ACCENT,
    QPalette.ColorRole.Mid: LINE,
    QPalette.ColorRole.Accent: ACCENT,
}

_SHEET: Final = f"""
QToolBar {{ background: {PAPER}; border: 0; border-bottom: 1px solid {LINE};
            spacing: 2px; padding: 4px 8px; }}
QToolBar::separator {{ background: {LINE}; width: 1px; margin: 6px 6px; }}
QToolBar QToolButton {{ padding: 5px 8px; border-radius: 5px; border: 1px solid transparent; }}
QToolBar QToolButton:hover {{ background: #e9eef2; }}
QToolBar QToolButton:pressed {{ background: #dbe3e9; }}
QToolBar QToolButton:focus {{ border-color: {ACCENT}; }}
QToolBar QToolButton#assess {{ background: {ACCENT}; color: {PAPER}; font-weight: 600; }}
QToolBar QToolButton#assess:hover {{ background: #0d7c9d; }}
QToolBar QToolButton#assess:disabled {{ background: #c6d0d8; color: {PAPER}; }}
QMenuBar {{ background: {PAPER}; padding: 2px 6px; }}
QStatusBar {{ background: {PAPER}; border-top: 1px solid {LINE}; }}
QStatusBar::item {{ border: 0; }}
QStatusBar QLabel {{ color: {QUIET_INK}; padding: 0 6px; }}
QMainWindow::separator {{ background: {LINE}; width: 1px; height: 1px; }}
QMainWindow::separator:hover {{ background: {ACCENT}; }}
QDockWidget {{ font-weight: 600; color: {INK}; }}
QDockWidget::title {{ background: {SURFACE}; padding: 7px 10px; text-align: left; }}
QDockWidget > QWidget {{ font-weight: normal; }}
QTabBar::tab {{ padding: 6px 12px; border: 0; border-bottom: 2px solid transparent;
                color: {QUIET_INK}; background: {SURFACE}; }}
QTabBar::tab:selected {{ color: {INK}; border-bottom-color: {ACCENT}; }}
QTabBar::tab:focus {{ color: {ACCENT}; }}
QTreeView, QTableView, QScrollArea {{ border: 0; background: {PAPER}; }}
QScrollArea#notes, QScrollArea#notes > QWidget > QWidget {{ background: {SURFACE}; }}
QTreeView::item {{ padding: 3px 0; }}
QHeaderView::section {{ background: {SURFACE}; color: {QUIET_INK}; border: 0; padding: 5px 6px;
                        border-bottom: 1px solid {LINE}; }}
QFrame#banner {{ background: {PAPER}; border-bottom: 1px solid {LINE}; }}
QListWidget#analysisList {{ background: {SURFACE}; border: 0; border-right: 1px solid {LINE};
                           padding: 8px 6px; }}
QListWidget#analysisList::item {{ padding: 7px 9px; border-radius: 5px; color: {INK}; }}
QListWidget#analysisList::item:selected {{ background: {ACCENT}; color: {PAPER}; }}
QLabel#bannerNotice {{ color: {QUIET_INK}; }}
QFrame#messageBar[level="error"] {{ background: #fdeceb; border-left: 4px solid #b3261e; }}
QFrame#messageBar[level="info"] {{ background: #e8f1f5; border-left: 4px solid {ACCENT}; }}
QFrame#messageBar[level="done"] {{ background: #e7f4ec; border-left: 4px solid #2a7d4f; }}
QLabel#messageText {{ font-weight: 600; }}
QLabel#quiet, QLabel#figureLabel {{ color: {QUIET_INK}; }}
QLabel#figure {{ font-size: 15pt; font-weight: 600; }}
QLabel#heading {{ font-weight: 600; }}
QToolButton#next {{ padding: 6px 12px; }}
QLabel#emptyTitle {{ font-size: 13pt; font-weight: 600; }}
QLabel#styleProblem {{ color: #b3261e; }}
QLabel#stale {{ color: {WARNING}; background: #fff1d6; border-radius: 4px; padding: 3px 8px; }}
"""


def dress(app: QApplication) -> None:
    """Give the application its style, palette and sheet."""
    app.setStyle("Fusion")
    palette = QPalette()
    for role, colour in _ROLES.items():
        palette.setColor(role, QColor(colour))
    for role in (
        QPalette.ColorRole.Text,
        QPalette.ColorRole.ButtonText,
        QPalette.ColorRole.WindowText,
    ):
        palette.setColor(QPalette.ColorGroup.Disabled, role, QColor(FAINT_INK))
    app.setPalette(palette)
    app.setStyleSheet(_SHEET)


@cache
def icon(name: str, colour: str = INK) -> QIcon:
    """Return one of the line icons in ``gisapp/ui/icons``, drawn in `colour`."""
    drawing = (files("gisapp.ui") / "icons" / f"{name}.svg").read_bytes()
    made = QIcon()
    for mode, ink in ((QIcon.Mode.Normal, colour), (QIcon.Mode.Disabled, FAINT_INK)):
        renderer = QSvgRenderer(QByteArray(drawing.replace(b"currentColor", ink.encode())))
        for side in (16, 20, 32, 48):
            pixmap = QPixmap(QSize(side, side))
            pixmap.fill(Qt.GlobalColor.transparent)
            painter = QPainter(pixmap)
            renderer.render(painter, QRectF(0, 0, side, side))
            painter.end()
            made.addPixmap(pixmap, mode)
    return made
