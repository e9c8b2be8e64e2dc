"""What to do next, where a project has nothing to show yet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QToolButton, QVBoxLayout, QWidget

from gisapp.core.words import _
from gisapp.ui.messages import plain_label

if TYPE_CHECKING:
    from PySide6.QtGui import QAction

TEXT_WIDTH_PX = 420


class EmptyState(QWidget):
    """Says that there is nothing yet and offers the next steps; while loading, only waits."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAutoFillBackground(True)
        self._loading, self._is_built = True, False
        self._offered: list[QToolButton] = []
        self.title = plain_label(name="emptyTitle", wrap=False)
        self.text = plain_label(name="quiet")
        self.text.setFixedWidth(TEXT_WIDTH_PX)
        for words in (self.title, self.text):
            words.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._buttons = QHBoxLayout()
        column = QVBoxLayout(self)
        column.addStretch(1)
        column.addWidget(self.title)
        column.addWidget(self.text, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addSpacing(12)
        column.addLayout(self._buttons)
        column.addStretch(2)
        self.retranslate()

    def retranslate(self) -> None:
        """Take the words of the language in force."""
        if self._loading:
            self.title.setText(_("Opening…"))
            built = _("The demo is built once, from its files: this takes some seconds.")
            self.text.setText(built if self._is_built else "")
            return
        self.title.setText(_("Nothing on the map yet"))
        self.text.setText(
            _(
                "Bring in the admin areas, a zoning plan, eviction areas, businesses and "
                "families, then choose the as-of date and press Assess."
            )
        )

    def offer(self, actions: list[QAction]) -> None:
        """Offer `actions` as buttons."""
        self._buttons.addStretch(1)
        for action in actions:
            button = QToolButton()
            button.setDefaultAction(action)
            button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
            button.setObjectName("next")
            button.setVisible(not self._loading)
            self._buttons.addWidget(button)
            self._offered.append(button)
        self._buttons.addStretch(1)
        self.setFocusProxy(self._offered[0])

    def set_loading(self, loading: bool, *, is_built: bool = False) -> None:
        """Wait without offering anything (for a demo that `is_built`: longer), or offer steps."""
        self._loading, self._is_built = loading, is_built
        for button in self._offered:
            button.setVisible(not loading)
        self.retranslate()
