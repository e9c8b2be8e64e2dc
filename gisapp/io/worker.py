"""The child process that reads foreign files: limits first, then one request after the other.

A request is one line of JSON on standard input: ``path``, ``name``, ``layer``, ``inspect``,
``language``, ``out``. The answers are lines of JSON on the original standard output:
``{"progress": [done, total]}`` any number of times, then one of ``{"done": …}``,
``{"refused": [message, remedy]}`` and ``{"crashed": traceback}``. The tables themselves lie in
the directory `out` as Arrow files.

A request with ``remains`` (a folder of our own) and ``target`` asks for what is left of a project
file instead: see `gisapp.io.remains`.
"""

from __future__ import annotations

import errno
import gc
import json
import os
import sys
import tempfile
from pathlib import Path
from typing import IO, Any

from gisapp.core import words
from gisapp.core.tracebacks import redacted
from gisapp.core.words import _
from gisapp.io.confinement import clear_alarm, confine, release_memory, set_alarm
from gisapp.io.readers.contents import Tick, Unreadable

_NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


def main() -> None:
    """Serve requests until standard input ends."""
    with os.fdopen(os.dup(1), "w", encoding="utf-8") as answers:
        os.dup2(2, 1)  # what a library prints must not stand between the answers
        confine()
        sys.meta_path.insert(0, _WithoutPandas())
        gc.disable()  # a third of the time for trees of JSON; there are no circles in them
        for line in sys.stdin:
            set_alarm()
            try:
                _serve(json.loads(line), answers)
            except Exception as error:
                _send(answers, "crashed", redacted(error))
            clear_alarm()
            gc.collect()
            release_memory()


class _WithoutPandas:
    """Hides pandas from pyarrow and pyogrio, which load it where they find it: half a second."""

    @staticmethod
    def find_spec(name: str, *_where: object) -> None:
        if name in ("pandas", "geopandas"):
            raise ModuleNotFoundError(name=name)


def _send(answers: IO[str], kind: str, value: Any) -> None:
    answers.write(json.dumps({kind: value}) + "\n")
    answers.flush()


def _serve(request: dict[str, Any], answers: IO[str]) -> None:
    def tick(done: int, total: int) -> None:
        set_alarm()
        _send(answers, "progress", [done, total])

    with words.speaking(request["language"]):
        try:
            _send(answers, "done", _read(request, tick))
        except Unreadable as error:
            _send(answers, "refused", [error.reason, error.remedy])
        except MemoryError:
            _send(answers, "refused", [_("it needs more memory than is allowed"), _smaller()])
        except OSError as error:
            if error.errno not in _NO_ROOM:
                raise
            _send(answers, "refused", [_("there is no room on the disk to read it"), _no_room()])


def _no_room() -> str:
    return _("Free space in the folder for temporary files, or split the file.")


def _smaller() -> str:
    return _("Split the file, or save it as GeoPackage or FlatGeobuf, which take less memory.")


def _read(request: dict[str, Any], tick: Tick) -> dict[str, Any]:
    if "remains" in request:
        from gisapp.io.remains import remains

        target = Path(request["target"]) if request["target"] else None
        return remains(Path(request["path"]), Path(request["remains"]), target, tick)

    from gisapp.io.readers.dispatch import read
    from gisapp.io.transfer import store

    with tempfile.TemporaryDirectory(prefix="scratch-", dir=request["out"]) as scratch:
        reading = read(
            Path(request["path"]), request["name"], request["layer"], Path(scratch), tick
        )
        if request["inspect"]:
            from gisapp.io.readers.inspection import inspect

            for table in reading.tables:
                reading.warnings += inspect(table)
        return store(reading, Path(request["out"]))


if __name__ == "__main__":
    main()
