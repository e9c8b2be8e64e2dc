"""Saves of one project, each killed a little later than the one before, in processes of their own.

    python -m helpers.killed_saves PROJECT FOLDER TIMES

Every time the project is copied into a folder of its own, opened, edited and saved by a process
that kills itself at an event that Python tells of while it saves (a file opened, made, renamed,
removed, a database connected). The last process is not killed. Prints the number of events.
"""

import os
import shutil
import signal
import sys
from dataclasses import replace
from pathlib import Path

# Imported before the first fork, so that a save takes no half second each.
from gisapp.io.project_file import load_project, save_project
from gisapp.io.scratch import sweep_once

TITLE = "After"


def main(project: Path, folder: Path, times: int) -> None:
    sweep_once()
    last = _forked(project, folder / "last", None)
    for n in range(times):
        _forked(project, folder / f"{n:02d}", 1 + n * last // times)
    sys.stdout.write(f"{last}\n")


def _forked(project: Path, folder: Path, at: int | None) -> int:
    """Save in a fork that dies at event `at`; return how many events there were (at most 255)."""
    folder.mkdir()
    path = Path(shutil.copy(project, folder / "p.gpkg"))
    child = os.fork()
    if child == 0:
        _save(path, at)
    _pid, status = os.waitpid(child, 0)
    if at is None:
        return os.waitstatus_to_exitcode(status)
    assert os.WIFSIGNALED(status), f"the save ended before event {at}"
    return 0


def _save(path: Path, at: int | None) -> None:
    loaded = load_project(path)
    layer = loaded.layers[0]
    longer = replace(layer, frame=layer.frame.iloc[:-1], visible=not layer.visible)
    events = 0

    def count(event: str, _args: object) -> None:
        nonlocal events
        if event in ("open", "sqlite3.connect") or event.startswith(("os.", "shutil.", "fcntl.")):
            events += 1
            if events == at:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(count)
    save_project(replace(loaded.with_layer(longer), title=TITLE), path, loaded)
    os._exit(events)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]))
