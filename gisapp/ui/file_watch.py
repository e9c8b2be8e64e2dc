"""Noticing what becomes of the project's file, before the user saves over it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QFileSystemWatcher, QObject, QTimer

from gisapp.core.words import _

if TYPE_CHECKING:
    from collections.abc import Callable

    from gisapp.session.file_state import FileState
    from gisapp.session.session import Session
    from gisapp.ui.jobs import Jobs
    from gisapp.ui.main_window import MainWindow

# Programs write in several steps; and a file system that tells of changes tells of each.
SETTLED_MS = 300
# How often a window that may only read asks for the file, and one whose file is busy looks again.
AGAIN_MS = 2_000


class FileWatch(QObject):
    """Looks at the session's file when the system tells of a change and when the window is used.

    Parameters
    ----------
    jobs : Jobs
        Looks at the file: on a network drive that can take long.
    """

    def __init__(self, window: MainWindow, jobs: Jobs) -> None:
        super().__init__(window)
        self._window, self._jobs = window, jobs
        self._watcher = QFileSystemWatcher(self)
        self._settled = QTimer(self, singleShot=True, interval=SETTLED_MS)
        self._again = QTimer(self, interval=AGAIN_MS)
        self._session: Session | None = None
        self._told: FileState | None = None
        self._watcher.fileChanged.connect(self._settled.start)
        self._watcher.directoryChanged.connect(self._settled.start)
        self._settled.timeout.connect(self.look)
        self._again.timeout.connect(self._ask_for_the_file)
        window.installEventFilter(self)

    def follow(self, session: Session) -> None:
        """Watch the file of `session`."""
        self._session, self._told = session, None
        self._watch(session)
        if session.read_only:
            self._again.start()
        else:
            self._again.stop()

    def leave(self) -> None:
        """Watch nothing."""
        self._session = None
        self._settled.stop()
        self._again.stop()
        if paths := (*self._watcher.files(), *self._watcher.directories()):
            self._watcher.removePaths(paths)

    def look(self) -> None:
        """Look at the file, and tell where it is not what it was."""
        from gisapp.session.file_state import file_state

        session = self._session
        if session is None or session.path is None or session.saving:
            return
        path = session.path
        known, uuid = session.fingerprint, session.project.uuid
        self._jobs.start(
            lambda _progress: file_state(path, uuid, known),
            title="",
            done=partial(self._found, session, known),
        )

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Look at the file when the user comes back to the window."""
        if event.type() == QEvent.Type.WindowActivate:
            self._settled.start()
        return False

    def _found(self, session: Session, known: str, found: FileState) -> None:
        if session is not self._session or session.saving or session.fingerprint != known:
            return
        self._watch(session)  # a file that was replaced is another one to the system
        if found.state == "busy":
            QTimer.singleShot(AGAIN_MS, self._settled.start)
        elif found != self._told:
            self._told = found
            self._tell(session, found)

    def _tell(self, session: Session, found: FileState) -> None:
        if found.state == "same":
            return
        if found.state == "removed":
            session.lose_file()
        if session.dirty:
            self._window.commands.saving.autosaving.renew()
        message, remedy = _words(found.state)
        self._window.messages.tell(
            message.format(path=session.path), remedy, "error", self._ways_out(session, found)
        )

    def _ways_out(self, session: Session, found: FileState) -> dict[str, Callable[[], object]]:
        commands, path = self._window.commands, session.path
        assert path is not None

        def keep_mine() -> None:
            session.replace_file(found.fingerprint)
            commands.handlers["save"]()

        save_as = {_("Save as…"): commands.handlers["save_as"]}
        if found.state == "removed":
            return {_("Save"): commands.handlers["save"], **save_as}
        if found.state == "unreachable":
            return dict(save_as)
        reload = {_("Reload"): partial(commands.open_other, path)}
        if found.state == "replaced" or session.read_only:
            return {**save_as, **reload}
        return {**reload, _("Keep mine"): keep_mine, **save_as}

    def _ask_for_the_file(self) -> None:
        """Take the file over where the window that had it is gone."""
        session = self._session
        if session is None or not session.take_over():
            return
        self._again.stop()
        self._window.messages.tell(
            _("The other window is closed: this project can be changed here now."), level="done"
        )
        self.look()

    def _watch(self, session: Session) -> None:
        path = session.path
        if path is None:
            return
        watched = {*self._watcher.files(), *self._watcher.directories()}
        wanted = {str(x) for x in (path, path.parent)} - watched
        if wanted:
            self._watcher.addPaths(sorted(wanted))


def _words(state: str) -> tuple[str, str]:
    kept = _("What was changed here is kept safe meanwhile.")
    return {
        "removed": (
            _("{path} is no longer there: it was removed or renamed."),
            _("Save to write it anew."),
        ),
        "unreachable": (_("{path} cannot be reached any more."), kept),
        "replaced": (
            _("{path} is no longer this project: it was replaced or damaged."),
            _("Save this project under another name."),
        ),
        "changed": (
            _("Another program has changed {path}."),
            _("Reload to see its changes, keep yours and lose those, or save yours elsewhere."),
        ),
    }[state]
