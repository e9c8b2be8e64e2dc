"""Ending well when the system asks: Ctrl-C, a polite kill, the end of the user's session."""

from __future__ import annotations

import signal
import socket
import sys
from types import FrameType
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QSocketNotifier

from gisapp.core.errors import GisappError

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QGuiApplication, QSessionManager

    from gisapp.ui.main_window import MainWindow

NAMES = ("SIGINT", "SIGTERM", "SIGHUP")


class Ending(QObject):
    """Keeps what is not saved and closes the window when the system ends the program.

    Python hears of a signal only between two of its own steps, and Qt waits outside of them: the
    number is therefore also written to a socket that Qt listens to.
    """

    def __init__(self, window: MainWindow, app: QGuiApplication) -> None:
        super().__init__(window)
        self._window = window
        self._heard = 0
        self._ears, self._mouth = socket.socketpair()
        for end in (self._ears, self._mouth):
            end.setblocking(False)
        self._notifier = QSocketNotifier(self._ears.fileno(), QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(self._end)
        app.commitDataRequest.connect(self._keep)
        self._wakeup = signal.set_wakeup_fd(self._mouth.fileno(), warn_on_full_buffer=False)
        self._before = {
            number: signal.signal(number, _go_on)
            for name in NAMES
            if (number := getattr(signal, name, None)) is not None
        }

    def close(self, code: int) -> int:
        """Give the signals back; return the exit code: `code`, or 128 and the signal's number."""
        for number, handler in self._before.items():
            signal.signal(number, handler)
        signal.set_wakeup_fd(self._wakeup)
        self._notifier.setEnabled(False)
        self._ears.close()
        self._mouth.close()
        return 128 + self._heard if self._heard else code

    def _end(self) -> None:
        """Hear the signals' numbers, a byte each."""
        self._heard = self._ears.recv(64)[-1]
        _told(self._window.commands.saving.end)

    def _keep(self, _manager: QSessionManager) -> None:
        _told(self._window.commands.saving.autosaving.keep_now)


def _go_on(_number: int, _frame: FrameType | None) -> None:
    """Let Python go on: Qt is told."""


def _told(keep: Callable[[], None]) -> None:
    """Keep what is not saved; where that fails nobody is there to be asked."""
    try:
        keep()
    except GisappError as error:
        sys.stderr.write(f"error: {error.message}\nremedy: {error.remedy}\n")
