"""What the reading process must not have: the user's settings, the network, time without end."""

from __future__ import annotations

import errno
import io
import json
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from helpers import foreign

from gisapp.core.errors import Cancelled, GisappError
from gisapp.io import child, worker
from gisapp.io.child import POOL
from gisapp.io.limits import FILE_LIMIT_BYTES, MEMORY_LIMIT_BYTES
from gisapp.io.reading import read_source

LINUX = pytest.mark.skipif(sys.platform != "linux", reason="Linux tells of a process in /proc")


@pytest.fixture
def stalls(tmp_path: Path) -> Path:
    return foreign.vector(tmp_path / "stalls.gpkg", "GPKG")


def proc(file: str) -> str:
    assert POOL._child is not None
    return Path(f"/proc/{POOL._child._process.pid}/{file}").read_text()


def in_python(script: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", script, *arguments],
        check=False,
        env=child.environment(),
        capture_output=True,
        text=True,
        timeout=60,
    )


@LINUX
def test_the_users_settings_do_not_reach_gdal(
    stalls: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    loosened = {
        "GDAL_SKIP": "",
        "GDAL_CONFIG_FILE": "/etc/passwd",
        "GDAL_DRIVER_PATH": "/plugins",
        "CPL_DEBUG": "ON",
        "OGR_SQLITE_LOAD_EXTENSIONS": "evil",
        "PROJ_NETWORK": "ON",
        "http_proxy": "http://127.0.0.1:9",
    }
    for name, value in loosened.items():
        monkeypatch.setenv(name, value)
    POOL.stop()
    assert len(read_source(stalls).tables[0].columns) == 3
    given = dict(entry.split("=", 1) for entry in proc("environ").split("\0") if entry)
    assert not {"GDAL_SKIP", "CPL_DEBUG", "OGR_SQLITE_LOAD_EXTENSIONS", "http_proxy"} & set(given)
    assert given["GDAL_CONFIG_FILE"] == os.devnull
    assert given["GDAL_DRIVER_PATH"] == "disable"
    assert given["PROJ_NETWORK"] == "OFF"


@LINUX
def test_the_system_holds_the_limits(stalls: Path) -> None:
    read_source(stalls)
    limits = proc("limits")
    assert f"Max address space         {MEMORY_LIMIT_BYTES} " in limits
    assert f"Max file size             {FILE_LIMIT_BYTES} " in limits
    assert "Max core file size        0 " in limits


@LINUX
def test_no_descriptor_is_inherited(stalls: Path, tmp_path: Path) -> None:
    POOL.stop()
    with (tmp_path / "secret").open("w") as file:
        os.set_inheritable(file.fileno(), True)
        read_source(stalls)
        assert POOL._child is not None
        descriptors = Path(f"/proc/{POOL._child._process.pid}/fd")
        assert not any(str(tmp_path) in str(each.readlink()) for each in descriptors.iterdir())


@LINUX
def test_nobody_can_be_called() -> None:
    script = (
        "import os, socket, sys\n"
        "from gisapp.io.confinement import confine\n"
        "before = os.readlink('/proc/self/ns/net'); confine()\n"
        "print(before != os.readlink('/proc/self/ns/net'))\n"
        "try: socket.create_connection(('127.0.0.1', int(sys.argv[1])), 2); print('called')\n"
        "except OSError: print('refused')\n"
    )
    with socket.create_server(("127.0.0.1", 0)) as server:
        moved, outcome = in_python(script, str(server.getsockname()[1])).stdout.split()
    if moved != "True":
        pytest.skip("this system lets no process leave the network")
    assert outcome == "refused"


@pytest.mark.skipif(not hasattr(signal, "alarm"), reason="Windows has no alarm")
def test_an_orphan_that_hangs_is_ended_by_the_system() -> None:
    script = (
        "import time\nfrom gisapp.io import confinement\n"
        "confinement._ALARM_S = 1; confinement.set_alarm(); time.sleep(50)"
    )
    assert in_python(script).returncode == -signal.SIGALRM


def test_a_file_that_ticks_for_ever_is_given_up(
    stalls: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    script = (
        "import sys, time; sys.stdin.readline()\n"
        "while True: print('{\"progress\": [1, 0]}', flush=True); time.sleep(0.05)"
    )
    POOL.stop()
    monkeypatch.setattr(child, "_command", lambda: [sys.executable, "-c", script])
    monkeypatch.setattr(child, "READING_LIMIT_S", 0.5)
    with pytest.raises(GisappError, match="not come to an end"):
        read_source(stalls)
    assert POOL._child is not None
    assert not POOL._child.alive


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EFBIG])
def test_a_full_disk_is_an_answer(number: int, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_arguments: object) -> None:
        raise OSError(number, "full")

    monkeypatch.setattr(worker, "_read", full)
    answers = io.StringIO()
    worker._serve({"language": "en"}, answers)
    (kind, (reason, remedy)) = next(iter(json.loads(answers.getvalue()).items()))
    assert kind == "refused"
    assert "no room" in reason
    assert remedy.endswith(".")


def test_waiting_for_another_reading_can_be_cancelled(stalls: Path) -> None:
    class Stop:
        def step(self, done: int, total: int, text: str) -> None:
            raise Cancelled

    with POOL._lock, pytest.raises(Cancelled):
        read_source(stalls, progress=Stop())
