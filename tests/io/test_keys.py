"""A project's secret is one user's own, in the keyring where there is one, and never lost."""

import os
import stat
import threading
from dataclasses import replace

import pandas as pd
import pytest
from helpers.keyrings import Forgetful, Hanging, Kept, Locked, PlainFile
from hypothesis import given
from hypothesis import strategies as st

from gisapp.core.errors import GisappError
from gisapp.core.identifiers import pseudonym
from gisapp.io import keyrings, keys
from gisapp.io.folders import data_folder
from gisapp.io.identity import record_keys
from gisapp.io.keys import KEY_BYTES, check_of, find_key, keep_key, new_key
from gisapp.io.project_file import load_project, save_project
from gisapp.privacy.redact import redact

UUID = "b7e3f2f4-51f6-4f0c-8f5f-3f8a1d7a0c55"
ENTRY = (keyrings.SERVICE, UUID)


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv("GISAPP_HOME", str(tmp_path / "home"))
    monkeypatch.setattr(keyrings, "_silent", threading.Event())
    restart(monkeypatch)
    return tmp_path / "home"


def restart(monkeypatch):
    """Forget what this process has found out."""
    monkeypatch.setattr(keys, "_settled", set())


@pytest.fixture
def use(monkeypatch):
    import keyring

    def chosen(backend):
        monkeypatch.setenv("PYTHON_KEYRING_BACKEND", f"helpers.keyrings.{backend.__name__}")
        monkeypatch.setattr(keyring.core, "_keyring_backend", None)

    monkeypatch.setattr(Kept, "kept", {})
    return chosen


def filed(folder):
    path = folder / "keys" / f"{UUID}.key"
    return path.read_text().split() if path.exists() else []


def test_a_key_is_random_and_long():
    assert len(bytes.fromhex(new_key())) == KEY_BYTES
    assert new_key() != new_key()


def test_without_a_keyring_a_file_keeps_it(folder):
    assert find_key(UUID) == ""
    keep_key(UUID, key := new_key())
    assert find_key(UUID) == key
    assert filed(folder) == [key]


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such modes")
def test_only_its_user_may_read_it(folder):
    keep_key(UUID, new_key())
    (kept,) = (folder / "keys").iterdir()
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert stat.S_IMODE(kept.parent.stat().st_mode) == 0o700


def test_a_second_key_does_not_drive_out_the_first(folder):
    keep_key(UUID, one := new_key())
    keep_key(UUID, other := new_key())
    assert find_key(UUID) == other
    assert find_key(UUID, check_of(one)) == one
    assert find_key(UUID, check_of(new_key())) == ""


def test_no_key_is_none():
    keep_key(UUID, "")
    assert find_key(UUID) == ""


def test_a_spoilt_file_of_keys_holds_none(folder):
    (folder / "keys").mkdir(parents=True)
    (folder / "keys" / f"{UUID}.key").write_bytes(b"\xff\x00 not a key")
    assert find_key(UUID) == ""


def test_a_keyring_keeps_it_and_no_file_does(folder, use):
    use(Kept)
    keep_key(UUID, key := new_key())
    assert Kept.kept == {ENTRY: key}
    assert find_key(UUID) == key
    assert filed(folder) == []


def test_a_file_is_moved_into_the_keyring(folder, use, monkeypatch):
    keep_key(UUID, key := new_key())
    restart(monkeypatch)
    use(Kept)
    assert find_key(UUID) == key
    keep_key(UUID, key)
    assert Kept.kept == {ENTRY: key}
    assert filed(folder) == []
    assert find_key(UUID) == key


@pytest.mark.parametrize("backend", [Forgetful, Locked, PlainFile])
def test_a_keyring_that_does_not_keep_it_leaves_the_file(folder, use, backend):
    use(backend)
    keep_key(UUID, key := new_key())
    assert filed(folder) == [key]
    assert find_key(UUID) == key


def test_what_the_keyring_has_already_stays_in_it(use, monkeypatch):
    use(Kept)
    keep_key(UUID, one := new_key())
    keep_key(UUID, other := new_key())
    restart(monkeypatch)
    assert {find_key(UUID, check_of(x)) for x in (one, other)} == {one, other}


def test_a_keyring_that_hangs_is_asked_once(folder, use, monkeypatch):
    use(Hanging)
    monkeypatch.setattr(keyrings, "WAIT_S", 0.05)
    keep_key(UUID, key := new_key())
    keep_key(UUID, new_key())
    assert Hanging.asked == [UUID]
    assert key in filed(folder)


def test_a_saved_key_is_not_asked_for_again(use, monkeypatch):
    use(Kept)
    keep_key(UUID, key := new_key())
    monkeypatch.setattr(keyrings, "get", lambda user: pytest.fail("asked again"))
    keep_key(UUID, key)


def test_a_session_without_a_bus_does_not_load_the_keyring(monkeypatch):
    for name in ("PYTHON_KEYRING_BACKEND", "DBUS_SESSION_BUS_ADDRESS", "XDG_RUNTIME_DIR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(keyrings.sys, "platform", "linux")
    monkeypatch.setattr(keyrings, "_answer", lambda ask: pytest.fail("asked"))
    assert keyrings.get(UUID) is None
    assert not keyrings.put(UUID, "x")


def test_a_folder_that_cannot_be_made(folder):
    folder.write_text("a file in its place")
    with pytest.raises(GisappError, match="cannot be reached"):
        keep_key(UUID, new_key())


def test_the_environment_chooses_the_folder(folder, monkeypatch):
    assert data_folder() == folder
    monkeypatch.delenv("GISAPP_HOME")
    assert data_folder() != folder


@given(st.binary(min_size=KEY_BYTES, max_size=KEY_BYTES).map(bytes.hex), st.text(max_size=30))
def test_a_pseudonym_is_stable_and_tells_neither_the_key_nor_the_number(key, text):
    made = pseudonym(text, key)
    assert made == pseudonym(f" {text}\n", key) == pseudonym(text.strip(), key)
    assert len(made) == 32
    assert check_of(key) not in made
    other = f"{int(key, 16) ^ 1:064x}"
    assert pseudonym(text, other) != made
    assert check_of(other) != check_of(key)


def a_project(**changed):
    from helpers.small_project import small_project

    return replace(small_project(), uuid=UUID, key=new_key(), **changed)


def renamed(project, record_id):
    """The project with `record_id` as the id of its first business."""
    layer = next(x for x in project.layers if x.kind == "businesses")
    frame = layer.frame.assign(id=layer.frame["id"].mask(layer.frame.index == 0, record_id))
    return project.with_layer(replace(layer, frame=frame))


def elsewhere(tmp_path, monkeypatch):
    """Be another machine from now on."""
    monkeypatch.setenv("GISAPP_HOME", str(tmp_path / "elsewhere"))
    restart(monkeypatch)


def test_a_project_without_pseudonyms_gets_a_key_of_its_own_elsewhere(tmp_path, monkeypatch):
    save_project(project := a_project(), tmp_path / "p.gpkg")
    assert load_project(tmp_path / "p.gpkg").key == project.key
    elsewhere(tmp_path, monkeypatch)
    assert load_project(tmp_path / "p.gpkg").key not in ("", project.key)


def test_pseudonyms_are_never_made_with_another_key(tmp_path, monkeypatch):
    path = tmp_path / "p.gpkg"
    project = a_project()
    save_project(renamed(project, pseudonym("3175096201308796", project.key)), path)
    elsewhere(tmp_path, monkeypatch)
    keep_key(UUID, new_key())  # of a copy that was given one here
    there = load_project(path)
    assert (there.key, there.key_check) == ("", check_of(project.key))
    with pytest.raises(GisappError, match="not on this machine"):
        record_keys(pd.Series(["3175096201308796"], name="nik"), there.key)
    with pytest.raises(GisappError, match="not on this machine"):
        redact(there, "partner", recipient="LBH")
    assert redact(there, "public").preset == "public"
    save_project(there, path, there)
    keep_key(UUID, project.key)  # brought here after all
    assert load_project(path).key == project.key
