"""Sentences of an import in a box that scrolls rather than push the buttons off the screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QScrollArea, QWidget

from gisapp.ui.messages import plain_label

if TYPE_CHECKING:
    from collections.abc import Iterable

    from PySide6.QtGui import QResizeEvent

MOST_LINES = 4


class NotesBox(QScrollArea):
    """Shows notes, one a line; no box where there are none."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.text = plain_label(name="quiet")
        self.text.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.setWidget(self.text)
        self.setWidgetResizable(True)
        self.setObjectName("notes")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.show_notes(())

    def show_notes(self, notes: Iterable[str]) -> None:
        """Show other notes."""
        lines = [note for note in notes if note]
        self.text.setText("\n".join(lines))
        self.setVisible(bool(lines))
        self.verticalScrollBar().setValue(0)
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Be as high as the text is at the new width, up to some lines."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        needed = self.text.heightForWidth(self.viewport().width())
        self.setFixedHeight(min(needed, self.fontMetrics().lineSpacing() * MOST_LINES) + 2)
