"""Starting the window: it is shown first, and what is heavy is imported behind it."""

from __future__ import annotations

import os
import sys
import time
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtWidgets import QApplication

from gisapp.core.errors import GisappError
from gisapp.core.words import _, language, language_of_environment, set_language
from gisapp.render import warming
from gisapp.render.application import ensure_font
from gisapp.ui import theme
from gisapp.ui.ending import Ending
from gisapp.ui.jobs import Jobs
from gisapp.ui.main_window import MainWindow
from gisapp.ui.messages import BugReporter, show_bug
from gisapp.ui.settings import Settings

if TYPE_CHECKING:
    from pathlib import Path

TIMING = "GISAPP_TIMING"
BUG, REFUSED = 1, 3


def run(path: Path | None, *, smoke: bool = False) -> int:
    """Open the window on a project and stay until it is closed.

    Parameters
    ----------
    path : Path, optional
        The project; without one the last project, else the bundled demo.
    smoke : bool
        Quit once the whole map is drawn: a check that an installed program works.

    Returns
    -------
    int
        The exit code: 0, or 128 and the number of the signal that ended it; with `smoke` 1 after
        a bug and 3 where the project cannot be opened.
    """
    clock = Clock()
    app = QApplication.instance() or QApplication(sys.argv[:1])
    assert isinstance(app, QApplication)
    app.setApplicationName("gisapp")
    app.setDesktopFileName("gisapp")
    app.setWindowIcon(theme.icon("gisapp"))
    ensure_font()
    theme.dress(app)
    settings = Settings()
    # What --lang or GISAPP_LANG asks for goes before what was chosen in the menu.
    asked = language() != language_of_environment() or "GISAPP_LANG" in os.environ
    if settings.language and not asked:
        set_language(settings.language)
    bugs = BugReporter(show=_end_with_a_bug if smoke else show_bug)
    bugs.install()
    window = MainWindow(Jobs(), Jobs(), settings, bugs)
    clock.watch(window)
    # Importing numba takes half a second: the first map is on screen before.
    window.canvas.drawn.connect(warming.begin, Qt.ConnectionType.SingleShotConnection)
    if smoke:
        _end_after_the_first_map(window)
    ending = Ending(window, app)
    window.show()
    QTimer.singleShot(0, lambda: open_first(window, path))
    code = ending.close(app.exec())
    bugs.uninstall()
    return code


def open_first(window: MainWindow, path: Path | None) -> None:
    """Open `path`, else the last project, else the demo; so too where that project is gone."""
    recent, lost = window.settings.recent, window.settings.forget_lost()
    if path is None:
        window.session_changed.connect(
            window.commands.saving.recovering.look_for_lost,
            Qt.ConnectionType.SingleShotConnection,
        )
    if path is not None:
        window.commands.open(path)
    elif lost is not None:
        window.commands.open_demo(partial(_tell_lost, window, lost))
    elif recent:
        window.commands.open(recent[0])
    else:
        window.commands.open_demo()


def _tell_lost(window: MainWindow, path: Path) -> None:
    window.messages.tell(
        _("The last project, {path}, is no longer there: this is the demo.").format(path=path),
        _("Open it from where it is now, or begin a new project."),
    )


def _end_after_the_first_map(window: MainWindow) -> None:
    """Close the window once the map is drawn; where the project cannot be opened, end with 3."""

    def refuse(error: Exception) -> None:
        if isinstance(error, GisappError):
            sys.stderr.write(f"error: {error.message}\nremedy: {error.remedy}\n")
            _end(window, REFUSED)

    window.canvas.drawn.connect(lambda: QTimer.singleShot(0, lambda: _end(window, 0)))
    window.jobs.failed.connect(refuse)


def _end(window: MainWindow, code: int) -> None:
    window.close()
    QApplication.exit(code)


def _end_with_a_bug(_last_line: str, details: str) -> None:
    sys.stderr.write(details)
    QApplication.exit(BUG)


class Clock(QObject):
    """Prints when the window came up and the map was drawn, where ``GISAPP_TIMING`` is set."""

    def __init__(self) -> None:
        super().__init__()
        self._began = time.perf_counter()
        self._told: set[str] = set()

    def watch(self, window: MainWindow) -> None:
        """Tell of the first paint and the first full map of `window`."""
        if os.environ.get(TIMING):
            self.tell("window made")
            window.installEventFilter(self)
            window.session_changed.connect(lambda: self.tell("project read"))
            window.canvas.drawn.connect(lambda: self.tell("map drawn"))

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Tell of the first paint."""
        if event.type() == QEvent.Type.Paint:
            self.tell("first paint")
        return False

    def tell(self, what: str) -> None:
        """Print the seconds since the start, once for each thing."""
        if what not in self._told:
            self._told.add(what)
            elapsed = time.perf_counter() - self._began
            sys.stderr.write(f"{elapsed:6.2f} s  {what}\n")
