"""Keeping the unsaved edits of a living session, so that a crash gives them back."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Self, TypeVar

from gisapp import __version__
from gisapp.core.layer import Layer, Table
from gisapp.core.progress import SILENT
from gisapp.core.project import FORMAT_VERSION
from gisapp.io.attachments import is_at_hand
from gisapp.io.project_file import save_project
from gisapp.session.lock import LockFile
from gisapp.session.recovery import (
    AS_SAVED,
    Note,
    file_is_unchanged,
    new_place,
    remove_autosave,
    write_note,
)

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

    from gisapp.core.progress import Progress
    from gisapp.core.project import Project
    from gisapp.session.session import Session

Part = TypeVar("Part", Layer, Table)
_Key = tuple[type[Layer | Table], str]


@dataclass(frozen=True, eq=False)
class Unsaved:
    """What a session holds that its file does not: values, safe to hand to a worker."""

    project: Project
    saved: Project | None
    note: Note

    @classmethod
    def of(cls, session: Session) -> Self | None:
        """Return what of `session` is not saved; None where all is."""
        if not session.dirty:
            return None
        note = Note(
            uuid=session.project.uuid,
            title=session.project.title,
            path=str(session.path.resolve()) if session.path else "",
            fingerprint=session.fingerprint,
            at=datetime.now(UTC).isoformat(timespec="seconds"),
            program_version=__version__,
            format_version=FORMAT_VERSION,
            texts=session.unsaved_texts,
        )
        return cls(session.project, session.saved, note)


class Autosave:
    """The autosave of one session; used by one thread at a time.

    Rows that lie in the project's file as they are here are left to that file, so that an edit
    of a style costs the same beside a million rows as beside ten. Only where the file is gone or
    was changed, and for a project that has none, everything is kept.
    """

    def __init__(self) -> None:
        self._place: Path | None = None
        self._lock: LockFile | None = None
        self._kept: Project | None = None
        self._left_out: dict[
            tuple[type[Layer | Table], str], tuple[pd.DataFrame, pd.DataFrame]
        ] = {}

    def keep(self, unsaved: Unsaved, progress: Progress = SILENT) -> None:
        """Keep what is unsaved in the place of what was kept before; only what changed is written.

        Raises
        ------
        GisappError
            Where the folder cannot be written or is full; what was kept before stays.
        """
        place, note = self._own_place(), unsaved.note
        in_file = unsaved.saved if file_is_unchanged(note) else None
        lacking = self._lacking(unsaved.project, in_file)
        data = place.with_suffix(".gpkg")
        if not data.exists():
            write_note(place, note)  # data without a note would be nobody's
        save_project(lacking, data, self._kept, progress, _elsewhere(lacking, in_file))
        data.chmod(0o600)
        self._kept = lacking
        write_note(place, note)

    def forget(self) -> None:
        """Delete what was kept: it is saved, or not wanted."""
        if self._place is not None:
            remove_autosave(self._place)
        self.leave()

    def leave(self) -> None:
        """Let go of what was kept, so that the next window offers it."""
        if self._lock is not None:
            self._lock.close()
        self._place, self._lock, self._kept, self._left_out = None, None, None, {}

    def _own_place(self) -> Path:
        if self._place is None:
            place = new_place()
            self._lock = LockFile(place.with_suffix(".lock"))
            place.parent.chmod(0o700)
            self._place = place
        return self._place

    def _lacking(self, project: Project, in_file: Project | None) -> Project:
        """Return `project` with no rows in the parts whose rows the file has."""
        layers = {x.name: x for x in in_file.layers} if in_file else {}
        tables = in_file.tables if in_file else {}
        return replace(
            project,
            layers=tuple(self._without_rows(x, layers.get(x.name)) for x in project.layers),
            tables={k: self._without_rows(x, tables.get(k)) for k, x in project.tables.items()},
        )

    def _without_rows(self, part: Part, there: Part | None) -> Part:
        if there is None or there.frame is not part.frame:
            return part
        key = (type(part), part.name)
        before = self._left_out.get(key)
        if before is None or before[0] is not part.frame:
            empty = part.frame.iloc[:0].assign(**{AS_SAVED: ""}).astype({AS_SAVED: "str"})
            self._left_out[key] = before = part.frame, empty
        return replace(part, frame=before[1])  # the same object, so that it is written once


def _elsewhere(project: Project, in_file: Project | None) -> set[str]:
    """Return the SHA-256 of the attachments whose bytes the file keeps, or nobody has any more."""
    if in_file is not None:
        return {x.sha256 for x in in_file.attachments}
    return {x.sha256 for x in project.attachments if not is_at_hand(x)}
