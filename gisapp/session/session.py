"""The open project: edits, undo, what is saved, and who else has the file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple, Self

from gisapp.core.errors import GisappError
from gisapp.core.progress import SILENT, Progress
from gisapp.core.words import _
from gisapp.io.project_db import refuse_foreign
from gisapp.io.project_file import load_project, save_project
from gisapp.io.project_fingerprint import fingerprint
from gisapp.session.lock import FileLock

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from gisapp.core.project import Project
    from gisapp.session.edits import Edit

UNDO_STEPS = 100


class _Step(NamedTuple):
    """A value to go back (or forward) to, and what the user did between it and the present."""

    project: Project
    text: str


@dataclass(frozen=True, eq=False)
class Saving:
    """A save that has begun: `project` goes to `path`, whose file holds `there`.

    `there` is None where nothing of the file is to be kept, `known` is its fingerprint as the
    session knows it (None: another file, which the user chose to replace), `steps` is how many
    could be undone, and `lock` the one taken for a file that is not the session's yet.
    """

    project: Project
    path: Path
    there: Project | None
    known: str | None
    steps: int
    lock: FileLock | None

    def write(self, progress: Progress = SILENT) -> str:
        """Write the file and return its fingerprint; a function of values, safe on any thread.

        Raises
        ------
        GisappError
            As `save_project`; and where another program has changed the file meanwhile.
        """
        if self.known is not None and (now := fingerprint(self.path)) and now != self.known:
            raise _changed_by_another(self.path)
        save_project(self.project, self.path, self.there, progress)
        return fingerprint(self.path)


class Session:
    """One project being worked on, by one thread.

    Parameters
    ----------
    project : Project
        Its present value.
    path : Path, optional
        The project file that holds `project`; None for one that was never saved.

    Attributes
    ----------
    path : Path or None
        Where the project is saved.
    """

    def __init__(self, project: Project, path: Path | None = None) -> None:
        self._project = project
        self._saved: Project | None = project
        self._steps_saved = 0
        self._undo: list[_Step] = []
        self._redo: list[_Step] = []
        self._listeners: list[Callable[[], None]] = []
        self.path = path
        self._lock = FileLock(path) if path else None
        self._fingerprint = fingerprint(path) if path else ""
        self._saving: Saving | None = None
        self._closed = False

    @classmethod
    def open(cls, path: Path) -> Self:
        """Open the project file at `path`; read-only where another window has it.

        Raises
        ------
        GisappError
            As `load_project`.
        """
        refuse_foreign(path)
        lock = FileLock(path)  # before it is read: who had it until now may have saved to it
        try:
            project, known = _read_whole(path)
        except BaseException:
            lock.close()
            raise
        session = cls(project)
        session.path, session._lock, session._fingerprint = path, lock, known
        return session

    @property
    def project(self) -> Project:
        """The present value."""
        return self._project

    @property
    def read_only(self) -> bool:
        """Whether another window has the file, so that this one must save elsewhere."""
        return self._lock is not None and not self._lock.held

    @property
    def lock_is_sure(self) -> bool:
        """Whether it can be told that no other window has the file: not all systems have locks."""
        return self._lock is None or self._lock.sure

    @property
    def dirty(self) -> bool:
        """Whether the present value differs from the saved one."""
        return self._project is not self._saved

    @property
    def saved(self) -> Project | None:
        """The value that lies in the file, or that a project without one began as.

        None once the file is gone, or was given up for what is here.
        """
        return self._saved

    @property
    def fingerprint(self) -> str:
        """The file's fingerprint when this session last read or wrote it; empty without a file."""
        return self._fingerprint

    @property
    def unsaved_texts(self) -> tuple[str, ...]:
        """What the user did since the last save, in order, as far as undo still knows it."""
        if len(self._undo) >= self._steps_saved:
            return tuple(step.text for step in self._undo[self._steps_saved :])
        undone = self._redo[len(self._undo) - self._steps_saved :]
        return tuple(_("undo {what}").format(what=step.text) for step in undone)

    @property
    def saving(self) -> bool:
        """Whether a save has begun and not ended; edits meanwhile are not part of it."""
        return self._saving is not None

    @property
    def can_undo(self) -> bool:
        """Whether there is an earlier value."""
        return bool(self._undo)

    @property
    def can_redo(self) -> bool:
        """Whether there is an undone value."""
        return bool(self._redo)

    @property
    def undo_text(self) -> str:
        """What `undo` would take back; empty where there is nothing."""
        return self._undo[-1].text if self._undo else ""

    @property
    def redo_text(self) -> str:
        """What `redo` would do again; empty where there is nothing."""
        return self._redo[-1].text if self._redo else ""

    def apply(self, edit: Edit, text: str) -> None:
        """Replace the project by what `edit` makes of it; `text` says so in the menu."""
        edited = edit(self._project)
        if edited is self._project:
            return
        forgotten = max(len(self._undo) + 1 - UNDO_STEPS, 0)
        self._steps_saved = max(min(self._steps_saved, len(self._undo)) - forgotten, 0)
        self._undo = [*self._undo[forgotten:], _Step(self._project, text)]
        self._redo = []
        self._replace(edited)

    def enter(self, edit: Edit) -> None:
        """Apply `edit` to the present, to what was and to what was undone.

        For what undo must not take back, such as the ledger of exports.
        """
        self._undo = [_Step(edit(x.project), x.text) for x in self._undo]
        self._redo = [_Step(edit(x.project), x.text) for x in self._redo]
        self._replace(edit(self._project))

    def undo(self) -> None:
        """Go back to the value before the last edit."""
        step = self._undo.pop()
        self._redo.append(_Step(self._project, step.text))
        self._replace(step.project)

    def redo(self) -> None:
        """Do the last undone edit again."""
        step = self._redo.pop()
        self._undo.append(_Step(self._project, step.text))
        self._replace(step.project)

    def save(self, path: Path | None = None) -> None:
        """Write the project to its file, or to `path`, which is its file from then on.

        Raises
        ------
        GisappError
            As `begin_save` and `save_project`.
        """
        saving = self.begin_save(path)
        try:
            written = saving.write()
        except BaseException:
            self.give_up_save()
            raise
        self.end_save(written)

    def begin_save(self, path: Path | None = None) -> Saving:
        """Begin to save the present value; whoever wrote it calls `end_save` or `give_up_save`.

        Raises
        ------
        GisappError
            Where another window has the file; where a save is under way.
        """
        target = path or self.path
        if target is None:
            raise ValueError("a project that was never saved needs a path")
        if self._saving is not None:
            raise GisappError(
                _("{path} is still being saved.").format(path=self._saving.path),
                _("Save again once that has ended."),
            )
        own = self.path is not None and target.resolve() == self.path.resolve()
        if own and self.read_only:
            raise _held_elsewhere(target)
        lock = None if own else _locked(target)
        there, known = (self._saved, self._fingerprint) if own else (None, None)
        self._saving = Saving(self._project, target, there, known, len(self._undo), lock)
        self._tell()
        return self._saving

    def end_save(self, written: str) -> None:
        """Take note that the save has been written, with the file's fingerprint."""
        saving = self._ended()
        if saving.lock is not None:
            if self._lock:
                self._lock.close()
            self._lock, self.path = saving.lock, saving.path
        self._fingerprint = written
        self._saved, self._steps_saved = saving.project, saving.steps
        self._release_if_closed()
        self._tell()

    def give_up_save(self) -> None:
        """Take note that the save came to nothing; the file is as it was."""
        saving = self._ended()
        if saving.lock is not None:
            saving.lock.close()
        self._release_if_closed()
        self._tell()

    def lose_file(self) -> None:
        """Take note that nothing of this project lies in its file any more: all is unsaved."""
        self._saved, self._steps_saved = None, 0
        self._tell()

    def replace_file(self, found: str) -> None:
        """Let the next save replace what another program put into the file (`found`, its mark)."""
        self._fingerprint = found
        self.lose_file()

    def take_over(self) -> bool:
        """Take the file where the window that had it is gone; say whether it is this one's now."""
        if self.path is None or not self.read_only or self._closed:
            return False
        lock = FileLock(self.path)
        if lock.held:
            self._lock = lock
            self._tell()
        return lock.held

    def close(self) -> None:
        """Let another window have the file, once a save under way has ended."""
        self._closed = True
        self._release_if_closed()

    def listen(self, callback: Callable[[], None]) -> Callable[[], None]:
        """Call `callback` after each change; returns what ends that."""
        self._listeners.append(callback)
        return lambda: self._listeners.remove(callback)

    def _ended(self) -> Saving:
        saving, self._saving = self._saving, None
        if saving is None:
            raise RuntimeError("no save has begun")
        return saving

    def _release_if_closed(self) -> None:
        if self._closed and self._saving is None and self._lock:
            self._lock.close()

    def _replace(self, project: Project) -> None:
        self._project = project
        self._tell()

    def _tell(self) -> None:
        for callback in tuple(self._listeners):
            callback()


def _read_whole(path: Path) -> tuple[Project, str]:
    """Return what the file holds and its fingerprint: of one save, not the pieces of two."""
    now = fingerprint(path)
    while True:
        before, project = now, load_project(path)
        now = fingerprint(path)
        if now == before:
            return project, now


def _locked(path: Path) -> FileLock:
    lock = FileLock(path)
    if not lock.held:
        lock.close()
        raise _held_elsewhere(path)
    return lock


def _held_elsewhere(path: Path) -> GisappError:
    return GisappError(
        _("{path} is open in another gisapp window.").format(path=path),
        _("Save under another name, or close the other window first."),
    )


def _changed_by_another(path: Path) -> GisappError:
    return GisappError(
        _("Another program has changed {path} since it was opened.").format(path=path),
        _("Save under another name, or open the project again to see the changes."),
    )
