"""Unsaved edits are kept, found and given back; saving and discarding leave nothing behind."""

import contextlib
import json
import os
import sqlite3
import stat
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from helpers.projects import assert_same_project
from helpers.small_project import layer, small_project

from gisapp.core.errors import GisappError
from gisapp.io.project_file import save_project
from gisapp.session import recovery
from gisapp.session.autosave import Autosave, Unsaved
from gisapp.session.edits import add_layer, remove_layer, set_title
from gisapp.session.session import Session


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("GISAPP_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


@pytest.fixture
def path(tmp_path):
    save_project(small_project(), tmp_path / "p.gpkg")
    return tmp_path / "p.gpkg"


@pytest.fixture
def session(path):
    with contextlib.closing(Session.open(path)) as session:
        yield session


@pytest.fixture
def keep():
    """Keep what is unsaved, as a window does; every lock is free in the end."""
    used = []

    def keep(session, autosave=None):
        autosave = autosave or Autosave()
        used.append(autosave)
        autosave.keep(Unsaved.of(session))
        return autosave

    yield keep
    for autosave in used:
        autosave.leave()


@pytest.fixture
def recover():
    """Recover as a window does that opens the project's file, where there is one."""
    with contextlib.ExitStack() as stack:

        def recover(found):
            file = Path(found.note.path)
            opened = Session.open(file) if found.note.path and file.exists() else None
            if opened is not None:
                stack.callback(opened.close)
            kept = recovery.restored(found, opened.project if opened else None)
            return recovery.give_back(kept, found.note, opened), kept.missing

        yield recover


def crashed(session, autosave):
    """What the next start finds: the locks are free and the files are there."""
    autosave.leave()
    session.close()


def with_one_more(project):
    points = project.layer("businesses")
    frame = points.frame.iloc[[0]].assign(id="new").reset_index(drop=True)
    return layer("businesses", frame)


def files(home):
    return sorted(x.name for x in (home / "autosave").iterdir())


def test_edits_come_back_as_unsaved_edits_of_their_file(session, path, keep, recover):
    session.apply(set_title("Edited"), "Rename")
    session.apply(add_layer(with_one_more(session.project)), "Import businesses")
    session.apply(remove_layer("zoning"), "Remove zoning")
    wanted = session.project
    crashed(session, keep(session))
    (found,) = recovery.waiting_for(path, wanted.uuid)
    assert found.note.texts == ("Rename", "Import businesses", "Remove zoning")
    again, missing = recover(found)
    assert missing == ()
    assert_same_project(again.project, wanted)
    assert again.path == path
    assert again.dirty
    again.save()
    again.undo()
    assert again.project.title == "Ciracas"


def test_rows_that_the_file_has_are_not_kept_twice(session, home, keep):
    session.apply(set_title("Edited"), "Rename")
    autosave = keep(session)
    (data,) = (home / "autosave").glob("*.gpkg")
    with contextlib.closing(sqlite3.connect(data)) as kept:
        assert kept.execute("SELECT count(*) FROM businesses").fetchone() == (0,)
    session.apply(add_layer(with_one_more(session.project)), "Import")
    keep(session, autosave)
    with contextlib.closing(sqlite3.connect(data)) as kept:
        assert kept.execute("SELECT count(*) FROM businesses").fetchone() == (1,)
        assert kept.execute("SELECT count(*) FROM zoning").fetchone() == (0,)


def test_only_what_changed_is_written_again(session, monkeypatch, keep):
    written = []
    session.apply(add_layer(with_one_more(session.project)), "Import")
    autosave = keep(session)
    module = sys.modules["gisapp.io.project_file"]
    write = module.write_frame
    monkeypatch.setattr(module, "write_frame", lambda *a: (written.append(a[1]), write(*a)))
    session.apply(set_title("Edited"), "Rename")
    keep(session, autosave)
    assert written == []


def test_a_project_that_was_never_saved_is_kept_whole(keep, recover):
    session = Session(small_project())
    assert Unsaved.of(session) is None
    session.apply(set_title("Edited"), "Rename")
    crashed(session, keep(session))
    (found,) = recovery.waiting()
    again, missing = recover(found)
    assert (again.path, again.dirty, missing) == (None, True, ())
    assert_same_project(again.project, session.project)


def test_what_a_living_window_keeps_is_not_offered(session, path, keep):
    session.apply(set_title("Edited"), "Rename")
    autosave = keep(session)
    assert recovery.waiting() == ()
    autosave.leave()
    (found,) = recovery.waiting()
    lock = found.claim()
    assert recovery.waiting() == ()  # another window is asking just now
    lock.close()
    found.discard()
    assert recovery.waiting() == ()


def test_forgetting_leaves_nothing(session, home, keep):
    session.apply(set_title("Edited"), "Rename")
    autosave = keep(session)
    assert len(files(home)) == 3
    autosave.forget()
    assert files(home) == []
    session.apply(set_title("Again"), "Rename")
    keep(session, autosave).forget()
    assert files(home) == []


def test_only_this_user_can_look_into_it(session, home, keep):
    session.apply(set_title("Edited"), "Rename")
    keep(session)
    assert stat.S_IMODE((home / "autosave").stat().st_mode) == 0o700
    assert {stat.S_IMODE(x.stat().st_mode) for x in (home / "autosave").iterdir()} == {0o600}


def test_a_note_tells_no_data(session, home, keep):
    session.apply(add_layer(with_one_more(session.project)), "Import businesses")
    keep(session)
    (note,) = (home / "autosave").glob("*.json")
    assert set(json.loads(note.read_text())) == {
        "uuid", "title", "path", "fingerprint", "at", "program_version", "format_version", "texts"
    }  # fmt: skip


def changed_elsewhere(path):
    with contextlib.closing(Session.open(path)) as other:
        other.apply(set_title("Theirs"), "Rename")
        other.save()


def test_where_the_file_was_changed_since_the_edits_need_another_name(session, path, keep, recover):
    session.apply(set_title("Mine"), "Rename")
    crashed(session, keep(session))
    changed_elsewhere(path)
    (found,) = recovery.waiting_for(path, session.project.uuid)
    assert not recovery.file_is_unchanged(found.note)
    again, missing = recover(found)
    assert (again.path, again.dirty, missing) == (None, True, ())
    assert again.project.title == "Mine"
    assert len(again.project.layer("businesses").frame) == 4


def test_where_the_file_is_gone_what_was_edited_comes_back(session, path, keep, recover):
    session.apply(add_layer(with_one_more(session.project)), "Import")
    crashed(session, keep(session))
    path.unlink()
    (found,) = recovery.waiting()
    again, missing = recover(found)
    assert [x.name for x in again.project.layers] == ["businesses"]
    assert set(missing) == {"evictions", "admin", "zoning", "rules"}


def test_a_window_that_saw_its_file_go_keeps_everything(session, path, keep, recover):
    session.apply(set_title("Mine"), "Rename")
    autosave = keep(session)
    path.unlink()
    session.lose_file()
    keep(session, autosave)
    crashed(session, autosave)
    (found,) = recovery.waiting()
    again, missing = recover(found)
    assert missing == ()
    assert_same_project(again.project, session.project)


def test_another_project_in_the_files_place_lends_no_rows(session, path, keep, recover):
    session.apply(add_layer(with_one_more(session.project)), "Import")
    crashed(session, keep(session))
    path.unlink()
    save_project(small_project(), path)
    (found,) = recovery.waiting_for(path, "another uuid")
    again, missing = recover(found)
    assert "zoning" in missing
    assert again.path is None


def test_a_moved_project_finds_its_edits(session, path, tmp_path, keep, recover):
    session.apply(set_title("Mine"), "Rename")
    crashed(session, keep(session))
    moved = path.rename(tmp_path / "moved.gpkg")
    (found,) = recovery.waiting_for(moved, session.project.uuid)
    assert recovery.waiting_for(moved, "another uuid") == ()
    again, _missing = recover(found)
    assert again.project.title == "Mine"


def test_a_damaged_autosave_is_put_aside_and_told(session, path, home, keep, recover):
    session.apply(add_layer(with_one_more(session.project)), "Import")
    crashed(session, keep(session))
    (found,) = recovery.waiting()
    found.data.write_bytes(found.data.read_bytes()[:5000])
    with pytest.raises(GisappError, match="cannot be read") as told:
        recover(found)
    assert "damaged" in told.value.remedy
    assert recovery.waiting() == ()
    assert len(list((home / "autosave" / "damaged").iterdir())) == 2
    with contextlib.closing(Session.open(path)) as saved:
        assert saved.project.title == "Ciracas"


def test_one_of_a_newer_program_stays_and_is_told(session, keep, recover):
    session.apply(set_title("Mine"), "Rename")
    crashed(session, keep(session))
    (found,) = recovery.waiting()
    newer = recovery.Waiting(found.place, replace(found.note, format_version=99))
    with pytest.raises(GisappError, match="newer gisapp"):
        recovery.restored(newer, None)
    assert recovery.waiting() == (found,)


def test_a_sweep_takes_empty_ones_away_and_puts_unreadable_ones_aside(session, home, keep):
    session.apply(set_title("Mine"), "Rename")
    crashed(session, keep(session))
    (found,) = recovery.waiting()
    empty = recovery.new_place()
    recovery.write_note(empty, found.note)
    found.place.with_suffix(".json").write_text("{")
    (aside,) = recovery.sweep()
    assert aside.exists()
    assert files(home) == ["damaged"]


def test_the_order_is_that_of_keeping_whatever_the_clock_says(session):
    session.apply(set_title("Mine"), "Rename")
    unsaved = Unsaved.of(session)
    for year in (2030, 2020, 2025):
        note = replace(unsaved.note, at=f"{year}-01-01T00:00:00+00:00")
        autosave = Autosave()
        autosave.keep(replace(unsaved, note=note))
        autosave.leave()
    found = recovery.waiting()
    assert [x.note.at[:4] for x in found] == ["2030", "2020", "2025"]
    assert [x.note.is_old for x in found] == [False, True, True]


def test_an_unwritable_folder_is_told_and_what_was_kept_stays(session, home, keep):
    session.apply(set_title("Mine"), "Rename")
    autosave = Autosave()
    home.mkdir(exist_ok=True)
    (home / "autosave").write_text("in the way")
    with pytest.raises(GisappError, match="cannot be written"):
        keep(session, autosave)
    (home / "autosave").unlink()
    crashed(session, keep(session, autosave))
    assert len(recovery.waiting()) == 1


KILLED = """
import os, sys
from pathlib import Path
from gisapp.session.autosave import Autosave, Unsaved
from gisapp.session.edits import remove_layer, set_title
from gisapp.session.session import Session
session = Session.open(Path(sys.argv[1]))
autosave = Autosave()
for n in range(3):
    session.apply(set_title(f"Edit {n}"), f"Rename {n}")
    autosave.keep(Unsaved.of(session))
session.apply(remove_layer("zoning"), "Remove zoning")
autosave.keep(Unsaved.of(session))
print("kept", flush=True)
session.apply(set_title("lost"), "not kept any more")
os.kill(os.getpid(), 9)
"""


def test_a_killed_process_loses_nothing_that_was_kept(path, home, recover):
    environment = {**os.environ, "GISAPP_HOME": str(home)}
    run = subprocess.run(
        [sys.executable, "-c", KILLED, str(path)],
        check=False, capture_output=True, text=True, env=environment,
    )  # fmt: skip
    assert (run.returncode, run.stdout) == (-9, "kept\n"), run.stderr
    (found,) = recovery.waiting()
    assert found.note.texts == ("Rename 0", "Rename 1", "Rename 2", "Remove zoning")
    again, _missing = recover(found)
    assert not again.read_only
    assert again.project.title == "Edit 2"
    assert "zoning" not in [x.name for x in again.project.layers]
    again.save()
