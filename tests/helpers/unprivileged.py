"""Running a piece of Python as a user whom permissions bind, which root is not."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
NOBODY = 65_534


def as_nobody(program: str, *args: str | Path, home: Path) -> str:
    """Run `program` without root's rights, return what it prints; skips where that cannot be.

    Parameters
    ----------
    program : str
        Python; ``sys.argv[1:]`` are `args`.
    home : Path
        Becomes its GISAPP_HOME; given to the user it runs as.
    """
    prefix = _prefix()
    home.mkdir(exist_ok=True)
    if prefix:
        for path in (home, *home.rglob("*")):
            os.chown(path, NOBODY, NOBODY, follow_symlinks=False)
    environment = {**os.environ, "GISAPP_HOME": str(home), "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [*prefix, sys.executable, "-c", program, *map(str, args)],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


@contextmanager
def folder_of_nobody() -> Iterator[Path]:
    """Give a folder of the user that `as_nobody` runs as, outside of what only root may enter."""
    with tempfile.TemporaryDirectory(prefix="gisapp-test-") as name:
        folder = Path(name)
        if os.name != "nt" and os.geteuid() == 0:
            os.chown(folder, NOBODY, NOBODY)
        yield folder


def _prefix() -> list[str]:
    if os.name == "nt":
        pytest.skip("Windows has no such permissions")
    if os.geteuid() != 0:
        return []
    setpriv = shutil.which("setpriv")
    if setpriv is None:
        pytest.skip("setpriv is not on this machine, and permissions do not bind root")
    prefix = [setpriv, f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups"]
    tried = subprocess.run([*prefix, sys.executable, "-c", "import gisapp"], check=False,
                           capture_output=True, cwd=ROOT)  # fmt: skip
    if tried.returncode:
        pytest.skip("another user cannot reach this Python")
    return prefix
