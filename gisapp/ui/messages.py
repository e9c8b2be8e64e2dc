"""Telling the user: a bar for what can be mended, a dialog for bugs.

All text is shown as plain text, because it may hold names from somebody's data.
"""

from __future__ import annotations

import logging
import platform
import sys
import threading
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QAccessible, QAccessibleEvent, QGuiApplication
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QMessageBox,
    QPlainTextEdit,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from gisapp import __version__
from gisapp.core.errors import GisappError
from gisapp.core.tracebacks import redacted
from gisapp.core.words import _

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from types import TracebackType

Level = Literal["error", "info", "done"]
_log = logging.getLogger("gisapp")


def plain_label(text: str = "", *, wrap: bool = True, name: str = "") -> QLabel:
    """Make a label that shows `text` as it is, never as markup."""
    label = QLabel()
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(wrap)
    label.setText(text)
    label.setObjectName(name)
    return label


class MessageBar(QFrame):
    """One message and its remedy above the map; a newer one takes its place."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("messageBar")
        self.message = plain_label(name="messageText")
        self.remedy = plain_label(name="messageRemedy")
        self._close = QToolButton()
        self._close.setText("✕")
        self._close.setAutoRaise(True)
        self._close.clicked.connect(self.hide)
        self.offered: tuple[QPushButton, ...] = ()
        self._actions = QHBoxLayout()
        self._actions.setAlignment(Qt.AlignmentFlag.AlignLeft)
        texts = QVBoxLayout()
        texts.setSpacing(2)
        texts.addWidget(self.message)
        texts.addWidget(self.remedy)
        texts.addLayout(self._actions)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 8, 8, 8)
        row.addLayout(texts, 1)
        row.addWidget(self._close, 0, Qt.AlignmentFlag.AlignTop)
        self.retranslate()
        self.hide()

    def retranslate(self) -> None:
        """Take the words of the language in force."""
        self._close.setAccessibleName(_("Close the message"))
        self._close.setToolTip(_("Close the message"))

    def tell(
        self,
        message: str,
        remedy: str = "",
        level: Level = "info",
        actions: Mapping[str, Callable[[], object]] = MappingProxyType({}),
    ) -> None:
        """Show `message` and `remedy` until the user or a newer message takes them away.

        `actions` (what is written on the button → what it does) can be done about it; one that
        is chosen closes the message.
        """
        self._offer(actions)
        self.setProperty("level", level)
        self.style().unpolish(self)
        self.style().polish(self)
        self.message.setText(message)
        self.remedy.setText(remedy)
        self.remedy.setVisible(bool(remedy))
        self.setAccessibleName(f"{message} {remedy}".strip())
        self.show()
        QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.Alert))

    def _offer(self, actions: Mapping[str, Callable[[], object]]) -> None:
        for button in self.offered:
            self._actions.removeWidget(button)
            button.hide()
            button.deleteLater()
        self.offered = tuple(QPushButton(text.replace("&", "&&")) for text in actions)
        for button, run in zip(self.offered, actions.values(), strict=True):
            button.clicked.connect(self.hide)
            button.clicked.connect(lambda _checked=False, run=run: run())
            self._actions.addWidget(button)


class BugReporter(QObject):
    """Catches what nobody caught, in any thread, and shows each bug once.

    Without it an exception in a slot only reaches stderr and the program goes on.
    """

    _found = Signal(object)

    def __init__(self, show: Callable[[str, str], None]) -> None:
        super().__init__()
        self._seen: set[str] = set()
        self._show = show
        self._found.connect(self._report)

    def install(self) -> None:
        """Take the places of the three hooks of the interpreter."""
        sys.excepthook = self._catch
        threading.excepthook = lambda x: self._catch(x.exc_type, x.exc_value, x.exc_traceback)
        sys.unraisablehook = lambda x: self._catch(x.exc_type, x.exc_value, x.exc_traceback)

    def uninstall(self) -> None:
        """Give the hooks back."""
        sys.excepthook = sys.__excepthook__
        threading.excepthook = threading.__excepthook__
        sys.unraisablehook = sys.__unraisablehook__

    def found(self, error: BaseException) -> None:
        """Report an exception that a job carried here."""
        self._catch(type(error), error, error.__traceback__)

    def _catch(
        self,
        kind: type[BaseException],
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if issubclass(kind, KeyboardInterrupt):
            QGuiApplication.quit()
            return
        text = redacted(error, kind, trace)
        _log.error("%s", text)
        self._found.emit(text)

    def _report(self, text: str) -> None:
        if text in self._seen:
            return
        self._seen.add(text)
        self._show(text.strip().splitlines()[-1], bug_details(text))


def bug_details(trace: str) -> str:
    """Return what a bug report needs: versions, system, and the traceback, which is redacted."""
    import PySide6

    return (
        f"gisapp {__version__} · Python {platform.python_version()} · "
        f"PySide6 {PySide6.__version__} · {platform.platform()}\n\n{trace}"
    )


def show_bug(last_line: str, details: str) -> None:
    """Show a bug with its details and a button that copies them."""
    box = QMessageBox(QMessageBox.Icon.Critical, _("A fault in gisapp"), "")
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.setText(_("Something went wrong inside gisapp. Your project is as it was before."))
    box.setInformativeText(last_line)
    _add_details(box, details)
    copy = box.addButton(_("Copy details"), QMessageBox.ButtonRole.ActionRole)
    box.addButton(_("Close"), QMessageBox.ButtonRole.AcceptRole)
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    # A clicked button closes the box; copying is what closing by this one means.
    copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(details))
    box.open()
    _OPEN_BOXES.append(box)
    box.finished.connect(lambda: _OPEN_BOXES.remove(box))


def _add_details(box: QMessageBox, details: str) -> None:
    """Put `details` below all else; the button that Qt offers for it speaks English only."""
    text = QPlainTextEdit(details, readOnly=True)
    text.setAccessibleName(_("Details"))
    text.setTabChangesFocus(True)
    text.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
    text.setMinimumSize(560, 160)
    grid = box.layout()
    assert isinstance(grid, QGridLayout)
    grid.addWidget(text, grid.rowCount(), 0, 1, grid.columnCount())


# Python would collect a box that nobody holds while it is open.
_OPEN_BOXES: list[QMessageBox] = []


def show_error(bar: MessageBar, bugs: BugReporter, error: Exception) -> None:
    """Show what the user can mend in the bar; anything else is a bug."""
    if isinstance(error, GisappError):
        bar.tell(error.message, error.remedy, "error")
    else:
        bugs.found(error)
