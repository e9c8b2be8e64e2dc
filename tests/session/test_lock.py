"""One window to a file, by whatever name; a lock left behind is nobody's."""

import contextlib
import errno
import fcntl
import subprocess
import sys

import pytest

from gisapp.session.lock import FileLock, LockFile


@pytest.fixture(autouse=True)
def locks(tmp_path, monkeypatch):
    monkeypatch.setenv("GISAPP_HOME", str(tmp_path / "home"))
    return tmp_path / "home" / "locks"


@pytest.fixture
def path(tmp_path):
    (tmp_path / "p.gpkg").touch()
    return tmp_path / "p.gpkg"


def is_free(path):
    with contextlib.closing(FileLock(path)) as lock:
        return lock.held


@pytest.mark.parametrize("make", ["symlink_to", "hardlink_to"])
def test_a_link_is_the_same_file(path, tmp_path, make):
    link = tmp_path / "link.gpkg"
    getattr(link, make)(path)
    with contextlib.closing(FileLock(path)):
        assert not is_free(link)
    with contextlib.closing(FileLock(link)):
        assert not is_free(path)
    assert is_free(link)


def test_files_of_one_folder_are_each_their_own(path, tmp_path):
    (tmp_path / "other.gpkg").touch()
    with contextlib.closing(FileLock(path)):
        assert is_free(tmp_path / "other.gpkg")


def test_closing_leaves_no_lock_behind(path, locks):
    FileLock(path).close()
    assert list(locks.iterdir()) == []


KILLED = """
import os, sys
from pathlib import Path
from gisapp.session.lock import FileLock
lock = FileLock(Path(sys.argv[1]))
os.kill(os.getpid(), 9)
"""


def test_a_killed_holder_frees_the_file_and_its_lock_is_swept(path, tmp_path, locks):
    subprocess.run([sys.executable, "-c", KILLED, str(path)], check=False)
    assert len(list(locks.iterdir())) == 1
    (tmp_path / "other.gpkg").touch()
    assert is_free(tmp_path / "other.gpkg")
    assert list(locks.iterdir()) == []
    assert is_free(path)


def test_a_lock_that_its_holder_took_away_meanwhile_is_taken_anew(locks, monkeypatch):
    name = locks / "a.lock"
    first = LockFile(name)
    open_then_leave = []

    def flock(file, how):
        if not open_then_leave:  # the second has opened the file, the first now goes
            open_then_leave.append(True)
            first.close()
        real(file, how)

    real = fcntl.flock
    monkeypatch.setattr(fcntl, "flock", flock)
    with contextlib.closing(LockFile(name)) as second:
        assert second.held
        assert name.exists()
        monkeypatch.undo()
        with contextlib.closing(LockFile(name)) as third:
            assert not third.held


def test_without_locks_the_work_goes_on_and_says_so(path, monkeypatch):
    def flock(_file, _how):
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr(fcntl, "flock", flock)
    with contextlib.closing(FileLock(path)) as lock:
        assert lock.held
        assert not lock.sure
