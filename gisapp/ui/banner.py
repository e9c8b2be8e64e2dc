"""One sentence above the map: what is shown, and what a reader must know of the data."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from gisapp.ui.messages import plain_label
from gisapp.ui.summary import sentence

if TYPE_CHECKING:
    from gisapp.core.project import Project


class Banner(QFrame):
    """Shows the project's sentence and its notice."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("banner")
        self.sentence = plain_label(name="bannerSentence")
        self.notice = plain_label(name="bannerNotice")
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 8, 12, 8)
        column.setSpacing(2)
        column.addWidget(self.sentence)
        column.addWidget(self.notice)

    def retranslate(self) -> None:
        """Keep the words; the window shows the project anew."""

    def show_project(self, project: Project) -> None:
        """Say what the map shows of a project."""
        self.sentence.setText(sentence(project))
        self.notice.setText(project.notice)
        self.notice.setVisible(bool(project.notice))
