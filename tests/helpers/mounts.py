"""File systems of a test's own: full, or read-only. Skips where they cannot be mounted."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def in_mount(mount: str, folder: Path, program: str, *args: str | Path) -> str:
    """Run Python with `folder` mounted otherwise and return what it prints.

    Parameters
    ----------
    mount : str
        The options and the source of ``mount``, such as ``-t tmpfs -o size=1m tmpfs``.
    program : str
        Python; ``sys.argv[1:]`` are `args`.
    """
    if sys.platform != "linux" or os.geteuid() != 0 or shutil.which("unshare") is None:
        pytest.skip("file systems can only be mounted by root on Linux")
    script = f'mount {mount} "$1" && shift && exec "$@"'
    words = ["unshare", "-m", "sh", "-c", script, "sh", folder, sys.executable, "-c", program]
    done = subprocess.run(
        [*map(str, words), *map(str, args)],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    if "mount:" in done.stderr or "unshare:" in done.stderr:
        pytest.skip(f"this machine mounts nothing: {done.stderr.strip()}")
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()
