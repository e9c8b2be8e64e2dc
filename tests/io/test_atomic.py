"""A file is replaced whole or stays as it was, and a failing disk is told as the user's to mend."""

from __future__ import annotations

import errno
from typing import TYPE_CHECKING

import pytest

from gisapp.core.errors import GisappError
from gisapp.io.atomic import replacing

if TYPE_CHECKING:
    from pathlib import Path


def test_what_was_written_takes_the_place(tmp_path: Path) -> None:
    path = tmp_path / "file.txt"
    path.write_text("old")
    with replacing(path) as fresh:
        fresh.write_text("new")
        assert path.read_text() == "old"
    assert path.read_text() == "new"
    assert list(tmp_path.iterdir()) == [path]


def test_a_disk_that_fills_while_writing_is_told(tmp_path: Path) -> None:
    path = tmp_path / "file.txt"
    path.write_text("old")
    full = OSError(errno.ENOSPC, "No space left on device")
    with pytest.raises(GisappError, match="the disk is full") as told, replacing(path):
        raise full
    assert str(path) in told.value.message
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_bug_of_the_caller_stays_one(tmp_path: Path) -> None:
    path = tmp_path / "file.txt"
    with pytest.raises(ZeroDivisionError), replacing(path):
        raise ZeroDivisionError
    assert not list(tmp_path.iterdir())
