"""What became of a project's file while it was open: other programs write to it too."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

from gisapp.core.errors import GisappError
from gisapp.io.project_db import read_book
from gisapp.io.project_fingerprint import fingerprint

if TYPE_CHECKING:
    from pathlib import Path

State = Literal["same", "changed", "replaced", "removed", "unreachable", "busy"]


class FileState(NamedTuple):
    """How a file was found, and its fingerprint where that could be read.

    ``changed`` is the same project, written by another program; ``replaced`` is another project
    or no project at all; ``busy`` is being written just now.
    """

    state: State
    fingerprint: str = ""


def file_state(path: Path, uuid: str, known: str) -> FileState:
    """Look at the file of the project `uuid` whose fingerprint was `known`.

    Slow where the file lies on a network drive: for a worker.
    """
    now = ""
    try:
        if not path.exists():
            return FileState("removed" if path.parent.is_dir() else "unreachable")
        now = fingerprint(path)
        if now == known:
            return FileState("same", now)
        same_project = read_book(path, integrity=False).meta.get("uuid") == uuid
        return FileState("changed" if same_project else "replaced", now)
    except GisappError as error:
        if isinstance(error.__cause__, OSError):
            return FileState("unreachable")
        name = getattr(error.__cause__, "sqlite_errorname", "")
        return FileState("busy" if name in ("SQLITE_BUSY", "SQLITE_LOCKED") else "replaced", now)
    except OSError:
        return FileState("unreachable")
