"""What a session says that it has not saved, and how it comes by a file or loses it."""

import contextlib
import sqlite3

import pytest
from helpers.small_project import small_project

from gisapp.core.errors import GisappError
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


THEIRS = "UPDATE gisapp_meta SET value = 'Theirs' WHERE name = 'title'"


def written(path, *statements):
    """Run SQL in the file as any program may that knows nothing of GeoPackages."""
    with contextlib.closing(sqlite3.connect(path)) as connection:
        for statement in statements:
            connection.execute(statement)
        connection.commit()


@pytest.mark.parametrize("journal", ["delete", "wal"])
def test_what_a_program_writes_without_saying_so_is_noticed(session, path, journal):
    uuid, known = session.project.uuid, session.fingerprint
    written(path, f"PRAGMA journal_mode={journal}", THEIRS)
    assert file_state(path, uuid, known).state == "changed"
    rename(session, "Mine")
    with pytest.raises(GisappError, match="Another program has changed"):
        session.save()
    assert load_project(path).title == "Theirs"


def test_a_change_that_still_lies_beside_the_file_is_noticed(session, path):
    uuid, known = session.project.uuid, session.fingerprint
    with contextlib.closing(sqlite3.connect(path)) as other:
        other.execute("PRAGMA journal_mode=wal")
        assert file_state(path, uuid, known).state == "same"
        other.execute(THEIRS)
        other.commit()
        assert file_state(path, uuid, known).state == "changed"


def test_looking_at_it_with_another_journal_changes_nothing(session, path):
    written(path, "PRAGMA journal_mode=wal")
    written(path, "PRAGMA journal_mode=delete")
    assert file_state(path, session.project.uuid, session.fingerprint).state == "same"
    rename(session, "Mine")
    session.save()


@pytest.mark.parametrize("content", [b"no project", b""])
def test_something_else_in_its_place_is_never_overwritten(session, path, content):
    path.write_bytes(content)
    assert file_state(path, session.project.uuid, session.fingerprint).state == "replaced"
    rename(session, "Mine")
    with pytest.raises(GisappError, match="Another program has changed"):
        session.save()
    assert path.read_bytes() == content
