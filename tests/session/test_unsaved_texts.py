"""What a session says that it has not saved, and how it comes by a file or loses it."""

import contextlib

import pytest
from helpers.small_project import small_project

from gisapp.io.project_file import load_project, save_project
from gisapp.session.edits import set_title
from gisapp.session.file_state import file_state
from gisapp.session.session import UNDO_STEPS, Session


@pytest.fixture
def path(tmp_path):
    save_project(small_project(), tmp_path / "p.gpkg")
    return tmp_path / "p.gpkg"


@pytest.fixture
def session(path):
    with contextlib.closing(Session.open(path)) as session:
        yield session


def rename(session, *titles):
    for title in titles:
        session.apply(set_title(title), title)


def test_they_are_the_steps_since_the_last_save(session):
    rename(session, "A", "B")
    assert session.unsaved_texts == ("A", "B")
    session.save()
    assert session.unsaved_texts == ()
    rename(session, "C")
    assert session.unsaved_texts == ("C",)


def test_what_was_undone_behind_the_save_is_told(session):
    rename(session, "A", "B")
    session.save()
    session.undo()
    session.undo()
    assert session.unsaved_texts == ("undo B", "undo A")
    rename(session, "C")
    assert session.unsaved_texts == ("C",)


def test_steps_that_undo_forgot_are_not_told(session):
    rename(session, *map(str, range(UNDO_STEPS + 5)))
    assert len(session.unsaved_texts) == UNDO_STEPS
    session.save()
    rename(session, "A")
    assert session.unsaved_texts == ("A",)


def test_steps_made_while_a_save_is_written_are_unsaved(session):
    rename(session, "A")
    saving = session.begin_save()
    rename(session, "B")
    session.end_save(saving.write())
    assert session.unsaved_texts == ("B",)


def test_a_lost_file_makes_everything_unsaved_until_it_is_written(session, path):
    path.unlink()
    session.lose_file()
    assert session.dirty
    session.save()
    assert not session.dirty
    assert load_project(path).title == "Ciracas"


def test_the_second_takes_over_once_the_first_is_gone(session, path):
    with contextlib.closing(Session.open(path)) as second:
        assert not second.take_over()
        session.close()
        assert second.take_over()
        rename(second, "Second")
        second.save()
    assert load_project(path).title == "Second"


def test_a_file_is_found_as_it_is(session, path, tmp_path):
    uuid, known = session.project.uuid, session.fingerprint
    assert file_state(path, uuid, known).state == "same"
    assert file_state(path, uuid, "another").state == "changed"
    assert file_state(path, "another", "another").state == "replaced"
    assert file_state(tmp_path / "gone.gpkg", uuid, known).state == "removed"
    assert file_state(tmp_path / "no" / "gone.gpkg", uuid, known).state == "unreachable"
