"""A project's secret is one user's own."""

import os
import stat

import pytest

from gisapp.core.errors import GisappError
from gisapp.io.folders import data_folder
from gisapp.io.keys import KEY_BYTES, find_key, keep_key, new_key

UUID = "b7e3f2f4-51f6-4f0c-8f5f-3f8a1d7a0c55"


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv("GISAPP_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


def test_a_key_is_random_and_long():
    assert len(bytes.fromhex(new_key())) == KEY_BYTES
    assert new_key() != new_key()


def test_a_kept_key_is_found_again():
    assert find_key(UUID) == ""
    keep_key(UUID, key := new_key())
    assert find_key(UUID) == key
    keep_key(UUID, other := new_key())
    assert find_key(UUID) == other


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such modes")
def test_only_its_user_may_read_it(folder):
    keep_key(UUID, new_key())
    (kept,) = (folder / "keys").iterdir()
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert stat.S_IMODE(kept.parent.stat().st_mode) == 0o700


def test_a_folder_that_cannot_be_made(folder):
    folder.write_text("a file in its place")
    with pytest.raises(GisappError, match="cannot be reached"):
        keep_key(UUID, new_key())


def test_the_environment_chooses_the_folder(folder, monkeypatch):
    assert data_folder() == folder
    monkeypatch.delenv("GISAPP_HOME")
    assert data_folder() != folder
