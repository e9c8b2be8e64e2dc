"""The child process that reads foreign files: limits first, then one request after the other.

A request is one line of JSON on standard input: ``path``, ``name``, ``layer``, ``encoding``,
``inspect``, ``language``, ``out``. The answers are lines of JSON on the original standard output:
``{"progress": [done, total]}`` any number of times, then one of ``{"done": …}``,
``{"refused": [message, remedy]}`` and ``{"crashed": traceback}``. The tables themselves lie in
the directory `out` as Arrow files.
"""

from __future__ import annotations

import contextlib
import gc
import json
import os
import sys
import tempfile
import traceback
from pathlib import Path
from typing import IO, Any

from gisapp.core import words
from gisapp.core.words import _
from gisapp.io.readers.contents import Tick, Unreadable

MEMORY_LIMIT_BYTES = 2 << 30


def main() -> None:
    """Serve requests until standard input ends."""
    with os.fdopen(os.dup(1), "w", encoding="utf-8") as answers:
        os.dup2(2, 1)  # what a library prints must not stand between the answers
        limit_memory()
        sys.meta_path.insert(0, _WithoutPandas())
        gc.disable()  # a third of the time for trees of JSON; there are no circles in them
        for line in sys.stdin:
            _serve(json.loads(line), answers)
            gc.collect()


class _WithoutPandas:
    """Hides pandas from pyarrow and pyogrio, which load it where they find it: half a second."""

    @staticmethod
    def find_spec(name: str, *_where: object) -> None:
        if name in ("pandas", "geopandas"):
            raise ModuleNotFoundError(name=name)


def limit_memory() -> None:
    """Let the operating system refuse memory beyond the limit, and write no core files.

    Windows has no such limit; there only the time limit holds.
    """
    # Arrow's own pool reserves a gigabyte of addresses at once, which the limit counts.
    os.environ["ARROW_DEFAULT_MEMORY_POOL"] = "system"
    with contextlib.suppress(ImportError):
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        with contextlib.suppress(ValueError, OSError):  # macOS refuses RLIMIT_AS
            resource.setrlimit(resource.RLIMIT_AS, (MEMORY_LIMIT_BYTES, MEMORY_LIMIT_BYTES))


def _serve(request: dict[str, Any], answers: IO[str]) -> None:
    def send(kind: str, value: Any) -> None:
        answers.write(json.dumps({kind: value}) + "\n")
        answers.flush()

    with words.speaking(request["language"]):
        try:
            send("done", _read(request, lambda done, total: send("progress", [done, total])))
        except Unreadable as error:
            send("refused", [error.reason, error.remedy])
        except MemoryError:
            send("refused", [_("it needs more memory than is allowed"), too_large_remedy()])
        except Exception:
            send("crashed", traceback.format_exc())


def too_large_remedy() -> str:
    """Say what helps where a file is too large for the child."""
    return _("Split the file, or save it as GeoPackage or FlatGeobuf, which take less memory.")


def _read(request: dict[str, Any], tick: Tick) -> dict[str, Any]:
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
