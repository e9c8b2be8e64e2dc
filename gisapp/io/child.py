"""The warm child process that foreign files are read in, seen from the program."""

from __future__ import annotations

import atexit
import contextlib
import json
import os
import queue
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gisapp.core.errors import GisappError
from gisapp.core.tracebacks import ElsewhereError
from gisapp.core.words import _
from gisapp.io.limits import READING_LIMIT_S, SILENCE_LIMIT_S

if TYPE_CHECKING:
    from gisapp.core.progress import Progress

# A frozen program has no interpreter to give `-m` to; its `__main__` looks for this word.
WORKER_FLAG = "--read-foreign-files"
_POLL_S = 0.1
_PACKAGE_PARENT = Path(__file__).parents[2]
# All that the child may know of the user's environment: every other name can be an option of GDAL.
_KEPT = frozenset(
    {"APPDATA", "CONDA_PREFIX", "DYLD_LIBRARY_PATH", "HOME", "LANG", "LC_ALL", "LC_CTYPE"}
    | {"LD_LIBRARY_PATH", "LOCALAPPDATA", "PATH", "PYTHONHOME", "SYSTEMROOT", "TEMP", "TMP"}
    | {"TMPDIR", "USERPROFILE", "VIRTUAL_ENV", "WINDIR"}
)
_KEPT_OF_FROZEN = ("_PYI_", "_MEI")


class Child:
    """One reading process: it answers requests in order until it is stopped or dies."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            _command(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment(),
            encoding="utf-8",
        )
        self._lines: queue.SimpleQueue[str] = queue.SimpleQueue()
        self._listener = threading.Thread(target=self._listen, daemon=True)
        self._listener.start()

    @property
    def alive(self) -> bool:
        """Whether it can be asked."""
        return self._process.poll() is None

    def ask(self, request: dict[str, Any], progress: Progress) -> dict[str, Any]:
        """Have one file read; a child that fails, stalls or is cancelled is stopped.

        Parameters
        ----------
        request : dict
            As `gisapp.io.worker` describes it; ``name`` is what messages call the file.
        progress : Progress
            Told as the rows come, and asked often whether to go on.

        Raises
        ------
        GisappError
            Where the file is refused, the child dies of it or makes no progress.
        Cancelled
            Where `progress` says so.
        """
        try:
            assert self._process.stdin is not None
            self._process.stdin.write(json.dumps(request) + "\n")
            self._process.stdin.flush()
            kind, value = self._answer(request["name"], progress)
        except BaseException:
            self.stop()
            raise
        if kind == "done":
            answer: dict[str, Any] = value
            return answer
        reason, remedy = value
        raise GisappError(
            _("{file} cannot be read: {reason}.").format(file=request["name"], reason=reason),
            remedy,
        )

    def _answer(self, name: str, progress: Progress) -> tuple[str, Any]:
        """Wait for the last answer, passing progress on meanwhile."""
        done, total = 0, 0
        began = time.monotonic()
        deadline = began + SILENCE_LIMIT_S
        while True:
            progress.step(done, total, name)
            if time.monotonic() > began + READING_LIMIT_S:
                raise _endless(name)
            try:
                line = self._lines.get(timeout=_POLL_S)
            except queue.Empty:
                if time.monotonic() > deadline:
                    raise _stalled(name) from None
                continue
            if not line:
                raise _died(name)
            ((kind, value),) = json.loads(line).items()
            if kind == "crashed":
                raise ElsewhereError(f"reading failed in the child process:\n{value}")
            if kind != "progress":
                return kind, value
            done, total = value
            deadline = time.monotonic() + SILENCE_LIMIT_S

    def _listen(self) -> None:
        """Pass the child's lines on; an empty one says that it has ended."""
        assert self._process.stdout is not None
        for line in self._process.stdout:
            self._lines.put(line)
        self._lines.put("")

    def stop(self) -> None:
        """End the process and everything that waits for it."""
        self._process.kill()
        self._process.wait()
        self._listener.join()
        for pipe in (self._process.stdin, self._process.stdout):
            assert pipe is not None
            with contextlib.suppress(OSError):  # a request that it never took is still in the pipe
                pipe.close()


class ChildPool:
    """Keeps one child warm between requests, and starts another where that one is gone."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._child: Child | None = None

    def ask(self, request: dict[str, Any], progress: Progress) -> dict[str, Any]:
        """Have one file read, one after the other; see `Child.ask`."""
        while not self._lock.acquire(timeout=_POLL_S):  # somebody else's file is being read
            progress.step(0, 0, request["name"])
        try:
            if self._child is not None and not self._child.alive:
                self._child.stop()
                self._child = None
            self._child = self._child or Child()
            try:
                return self._child.ask(request, progress)
            except BrokenPipeError:  # it ended while it waited: another one takes the request
                self._child = Child()
                return self._child.ask(request, progress)
        finally:
            self._lock.release()

    def stop(self) -> None:
        """End the child, if there is one."""
        with self._lock:
            if self._child is not None:
                self._child.stop()
            self._child = None


POOL = ChildPool()
atexit.register(POOL.stop)


def _command() -> list[str]:
    return own_command("gisapp.io.worker", WORKER_FLAG)


def own_command(module: str, flag: str) -> list[str]:
    """Return what starts a module of this program as a process; `flag` names it where frozen."""
    if getattr(sys, "frozen", False):
        return [sys.executable, flag]
    # -P: a file called json.py in the user's folder must not be taken for the module.
    return [sys.executable, "-P", "-m", module]


def environment() -> dict[str, str]:
    """Return what a process of this program may know of the user's environment."""
    path = os.pathsep.join(filter(None, (str(_PACKAGE_PARENT), os.environ.get("PYTHONPATH"))))
    kept = {
        name: value
        for name, value in os.environ.items()
        if name.upper() in _KEPT or name.startswith(_KEPT_OF_FROZEN)
    }
    # With a file named, GDAL reads no options from the user's or the system's own.
    closed = {"GDAL_CONFIG_FILE": os.devnull, "GDAL_DRIVER_PATH": "disable", "PROJ_NETWORK": "OFF"}
    return {**kept, **closed, "PYTHONPATH": path, "PYTHONUTF8": "1"}


def _stalled(name: str) -> GisappError:
    return GisappError(
        _("{file} cannot be read: nothing came of it for {n} seconds.").format(
            file=name, n=int(SILENCE_LIMIT_S)
        ),
        _("Save it again in the program that made it, in smaller parts if it is large."),
    )


def _endless(name: str) -> GisappError:
    return GisappError(
        _("{file} cannot be read: after {n} minutes it has not come to an end.").format(
            file=name, n=int(READING_LIMIT_S) // 60
        ),
        _("Save it again in the program that made it, in smaller parts if it is large."),
    )


def _died(name: str) -> GisappError:
    return GisappError(
        _("{file} cannot be read: the file makes the reader fail.").format(file=name),
        _("Save it again in the program that made it, as GeoPackage or GeoJSON."),
    )
