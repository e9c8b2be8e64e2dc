"""What is on its way lies in a folder that nobody else sees and that does not outlive its use."""

import os
import signal
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from gisapp.core.errors import GisappError
from gisapp.io import scratch
from gisapp.io.atomic import replacing
from gisapp.io.scratch import private_folder, sweep

posix = pytest.mark.skipif(os.name == "nt", reason="Windows has no such modes")


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("GISAPP_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


def left(home):
    return sorted(x.name for x in (home / "cache" / "scratch").iterdir())


def killed_while_it_held(code):
    """Run `code` in a process that prints a path, and kill it."""
    process = subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, text=True, env=dict(os.environ)
    )
    told = process.stdout.readline().strip()
    process.send_signal(signal.SIGKILL)
    process.wait()
    process.stdout.close()
    return Path(told)


@posix
def test_nobody_else_may_look_into_it(home):
    with private_folder("read") as folder:
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        assert stat.S_IMODE(folder.parent.stat().st_mode) == 0o700
        assert folder.is_relative_to(home)


def test_it_goes_with_what_is_in_it_also_after_an_error(home):
    def fail():
        with private_folder("read") as folder:
            (folder / "rows").write_text("Siti")
            raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        fail()
    assert left(home) == []


@posix
@pytest.mark.parametrize(
    "opened",
    ["private_folder('read')", "private_folder('save', beside=Path({beside!r}))"],
)
def test_what_a_killed_process_left_goes_at_the_next_start(home, tmp_path, opened):
    folder = killed_while_it_held(
        "import time; from pathlib import Path; from gisapp.io.scratch import private_folder\n"
        f"with {opened.format(beside=str(tmp_path))} as folder:\n"
        "    (folder / 'rows').write_text('Siti'); print(folder, flush=True); time.sleep(60)"
    )
    assert (folder / "rows").is_file()
    sweep()
    assert not folder.exists()
    assert left(home) == []


def test_a_living_process_keeps_its_folder(home):
    with private_folder("read") as folder:
        sweep()
        assert folder.is_dir()


def test_a_sweep_removes_only_what_carries_the_mark(home, tmp_path):
    precious = tmp_path / "precious"
    precious.mkdir()
    with private_folder("read"):
        (home / "cache" / "scratch" / "wrong.lock").write_bytes(os.fsencode(precious))
        sweep()
    assert precious.is_dir()


def test_a_file_is_replaced_through_a_folder_of_its_own(home, tmp_path):
    with replacing(tmp_path / "p.txt") as fresh:
        fresh.write_text("new")
        assert stat.S_IMODE(fresh.parent.stat().st_mode) == 0o700 or os.name == "nt"
        assert fresh.parent.parent == tmp_path
    assert sorted(x.name for x in tmp_path.iterdir() if x != home) == ["p.txt"]


def test_without_a_home_the_systems_folder_serves(home, tmp_path, monkeypatch):
    home.write_text("a file in its place")
    monkeypatch.setattr(scratch.tempfile, "gettempdir", lambda: str(tmp_path))
    with private_folder("read") as folder:
        assert folder.parent.parent == tmp_path
        assert stat.S_IMODE(folder.parent.stat().st_mode) == 0o700 or os.name == "nt"
    monkeypatch.setattr(scratch.tempfile, "gettempdir", lambda: str(home))
    with pytest.raises(GisappError, match="cannot be written"), private_folder("read"):
        pass


@posix
def test_a_link_laid_in_its_place_is_refused(home, tmp_path, monkeypatch):
    home.write_text("a file in its place")
    (tmp_path / "others").mkdir(mode=0o700)
    (tmp_path / f"gisapp-{os.getuid()}").symlink_to(tmp_path / "others")
    monkeypatch.setattr(scratch.tempfile, "gettempdir", lambda: str(tmp_path))
    with pytest.raises(GisappError), private_folder("read"):
        pass
