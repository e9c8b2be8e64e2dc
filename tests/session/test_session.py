"""The open project: edits, undo, what is saved, who else has the file."""

import contextlib
import gc
import sqlite3
import subprocess
import sys

import pytest
from helpers.projects import assert_same_project
from helpers.small_project import small_project

from gisapp.core.errors import GisappError
from gisapp.core.project import ExportRecord
from gisapp.io.project_file import load_project, save_project
from gisapp.session.edits import add_export, remove_layer, set_title, show_layer
from gisapp.session.lock import FileLock
from gisapp.session.session import UNDO_STEPS, Session

RECORD = ExportRecord("2026-11-01", "a.csv", "conflicts", "internal", "", (), 1, None, "0" * 64)


@pytest.fixture
def path(tmp_path):
    save_project(small_project(), tmp_path / "p.gpkg")
    return tmp_path / "p.gpkg"


@pytest.fixture
def session(path):
    with contextlib.closing(Session.open(path)) as session:
        yield session


def test_undo_gives_the_earlier_value_back_itself(session):
    first = session.project
    session.apply(set_title("A"), "Rename to A")
    second = session.project
    session.apply(set_title("B"), "Rename to B")
    assert (session.undo_text, session.redo_text) == ("Rename to B", "")
    session.undo()
    assert session.project is second
    session.undo()
    assert session.project is first
    assert not session.can_undo
    assert (session.undo_text, session.redo_text) == ("", "Rename to A")
    session.redo()
    assert session.project is second
    assert (session.undo_text, session.redo_text) == ("Rename to A", "Rename to B")


def test_an_edit_after_undo_forgets_what_was_undone(session):
    session.apply(set_title("A"), "A")
    session.undo()
    session.apply(set_title("B"), "B")
    assert not session.can_redo


def test_an_edit_that_changes_nothing_is_none(session):
    session.apply(lambda project: project, "nothing")
    assert not session.can_undo
    assert not session.dirty


def test_an_edit_that_fails_leaves_everything(session):
    before = session.project
    with pytest.raises(KeyError):
        session.apply(show_layer("no such layer", visible=True), "show")
    assert session.project is before
    assert not session.can_undo


def test_undo_reaches_only_so_far(session):
    for n in range(UNDO_STEPS + 10):
        session.apply(set_title(str(n)), str(n))
    steps = 0
    while session.can_undo:
        session.undo()
        steps += 1
    assert (steps, session.project.title) == (UNDO_STEPS, "9")


def test_undo_does_not_take_back_the_ledger(session):
    entered = [*session.project.exports, RECORD]
    session.apply(set_title("A"), "A")
    session.apply(set_title("B"), "B")
    session.undo()
    session.enter(add_export(RECORD))
    session.undo()
    assert list(session.project.exports) == entered
    session.redo()
    session.redo()
    assert (session.project.title, list(session.project.exports)) == ("B", entered)


def test_dirty_is_not_being_the_saved_value(session):
    assert not session.dirty
    session.apply(set_title("A"), "A")
    assert session.dirty
    session.undo()
    assert not session.dirty
    session.redo()
    session.save()
    assert not session.dirty
    session.undo()
    assert session.dirty


def test_listeners_hear_every_change_until_they_stop(session):
    heard = []
    stop = session.listen(lambda: heard.append(session.project.title))
    session.apply(set_title("A"), "A")
    session.undo()
    session.save()
    stop()
    session.redo()
    assert heard == ["A", "Ciracas", *["Ciracas"] * 2]  # a save begins and ends


def test_an_edit_made_while_a_save_is_written_stays_to_be_saved(session, path):
    session.apply(set_title("A"), "A")
    saving = session.begin_save()
    session.apply(set_title("B"), "B")
    session.end_save(saving.write())
    assert load_project(path).title == "A"
    assert session.dirty
    session.save()
    assert load_project(path).title == "B"
    assert not session.dirty


def test_one_save_at_a_time(session):
    session.apply(set_title("A"), "A")
    saving = session.begin_save()
    with pytest.raises(GisappError, match="still being saved"):
        session.begin_save()
    session.end_save(saving.write())
    assert not session.saving


def test_a_save_given_up_leaves_file_lock_and_changes(session, path, tmp_path):
    session.apply(set_title("A"), "A")
    session.begin_save(tmp_path / "other.gpkg")
    session.give_up_save()
    assert session.path == path
    assert session.dirty
    with contextlib.closing(FileLock(tmp_path / "other.gpkg")) as free:
        assert free.held


def test_a_session_closed_while_it_is_saved_keeps_the_file_until_that_ends(session, path):
    session.apply(set_title("A"), "A")
    saving = session.begin_save()
    session.close()
    with contextlib.closing(FileLock(path)) as other:
        assert not other.held
    session.end_save(saving.write())
    with contextlib.closing(FileLock(path)) as other:
        assert other.held


def test_what_is_saved_is_the_present_value(session, path):
    session.apply(remove_layer("zoning"), "Remove")
    session.save()
    assert_same_project(load_project(path), session.project)


def test_saving_elsewhere_moves_the_session(session, path, tmp_path):
    session.apply(set_title("A"), "A")
    session.save(tmp_path / "other.gpkg")
    assert session.path == tmp_path / "other.gpkg"
    assert_same_project(load_project(tmp_path / "other.gpkg"), session.project)
    assert load_project(path).title == "Ciracas"
    with contextlib.closing(FileLock(path)) as free, contextlib.closing(
        FileLock(tmp_path / "other.gpkg")
    ) as taken:  # fmt: skip
        assert free.held
        assert not taken.held


def test_a_project_without_a_file_gets_one_on_saving(tmp_path):
    session = Session(small_project())
    assert not session.dirty
    assert not session.read_only
    session.save(tmp_path / "new.gpkg")
    assert session.path == tmp_path / "new.gpkg"
    session.close()


def test_a_second_window_is_read_only_and_may_save_elsewhere(session, path, tmp_path):
    with contextlib.closing(Session.open(path)) as second:
        assert not session.read_only
        assert second.read_only
        second.apply(set_title("mine"), "mine")
        with pytest.raises(GisappError, match="open in another gisapp window"):
            second.save()
        second.save(tmp_path / "mine.gpkg")
        assert not second.read_only
    assert load_project(path).title == "Ciracas"


def test_saving_over_what_another_window_has_is_refused(session, path, tmp_path):
    with contextlib.closing(Session(small_project())) as second:
        with pytest.raises(GisappError, match="open in another gisapp window"):
            second.save(path)
        assert second.path is None


def test_a_closed_or_killed_window_leaves_no_lock(path):
    program = (
        "import os, sys; from pathlib import Path; from gisapp.session.lock import FileLock;"
        "lock = FileLock(Path(sys.argv[1])); print(lock.held, flush=True); os.kill(os.getpid(), 9)"
    )
    run = subprocess.run(
        [sys.executable, "-c", program, str(path)], check=False, capture_output=True, text=True
    )
    assert run.stdout == "True\n"
    with contextlib.closing(Session.open(path)) as session:
        assert not session.read_only


def test_the_same_file_by_another_name_is_the_same_file(session, path, tmp_path):
    (tmp_path / "sub").mkdir()
    with contextlib.closing(Session.open(tmp_path / "sub" / ".." / path.name)) as second:
        assert second.read_only


def test_what_another_program_has_changed_is_not_overwritten(session, path):
    with contextlib.closing(sqlite3.connect(path)) as other:
        other.execute(
            "UPDATE gpkg_contents SET last_change = '2030-01-01T00:00:00.000Z' "
            "WHERE table_name = 'zoning'"
        )
        other.commit()
    session.apply(set_title("A"), "A")
    with pytest.raises(GisappError, match="Another program has changed"):
        session.save()
    assert session.dirty
    assert load_project(path).title == "Ciracas"


def test_a_file_that_was_removed_is_written_again(session, path):
    path.unlink()
    session.apply(set_title("A"), "A")
    session.save()
    assert_same_project(load_project(path), session.project)


def test_a_save_that_fails_keeps_the_session(session, path, tmp_path):
    session.apply(set_title("A"), "A")
    with pytest.raises(GisappError):
        session.save(tmp_path / "no" / "such" / "folder.gpkg")
    assert session.path == path
    assert session.dirty
    session.save()
    assert load_project(path).title == "A"


def test_no_stray_files_lie_beside_the_users_data(session, tmp_path):
    session.apply(set_title("A"), "A")
    session.save()
    session.close()
    gc.collect()
    assert [x.name for x in tmp_path.iterdir()] == ["p.gpkg"]


def test_what_is_saved_while_it_is_read_is_read_again(path, monkeypatch):
    others = [set_title("by the other window")]

    def load(path):
        project = load_project(path)
        if others:
            save_project(others.pop()(project), path, project)
        return project

    monkeypatch.setattr("gisapp.session.session.load_project", load)
    with contextlib.closing(Session.open(path)) as session:
        assert session.project.title == "by the other window"
        session.apply(set_title("here"), "Rename")
        session.save()


def test_a_file_is_this_windows_before_it_is_read(path, monkeypatch):
    seen = []

    def load(path):
        with contextlib.closing(FileLock(path)) as other:
            seen.append(other.held)
        raise GisappError("damaged", "")

    monkeypatch.setattr("gisapp.session.session.load_project", load)
    with pytest.raises(GisappError, match="damaged"):
        Session.open(path)
    with contextlib.closing(FileLock(path)) as lock:
        assert (seen, lock.held) == ([False], True)
