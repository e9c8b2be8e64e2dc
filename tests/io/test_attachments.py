"""Documents lie in the project file, each once; they are read when asked for, and checked then."""

from __future__ import annotations

import hashlib
import os
import shutil
import sqlite3
import stat
import subprocess
import sys
import tracemalloc
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from helpers.leftovers import found_in
from helpers.small_project import small_project

from gisapp.core.attachment import Attachment
from gisapp.core.errors import GisappError
from gisapp.core.progress import SILENT
from gisapp.export import export_project
from gisapp.io import attachments
from gisapp.io.checking import check_source
from gisapp.io.project_db import FILES_TABLE
from gisapp.io.project_file import load_project, save_project
from gisapp.io.salvage import salvage_project
from gisapp.session.autosave import Autosave, Unsaved
from gisapp.session.edits import attach, detach
from gisapp.session.recovery import give_back, restored, waiting
from gisapp.session.session import Session

PHOTO = b"\xff\xd8\xff\xe1Exif-of-Siti-Canary" + os.urandom(200_000)


@pytest.fixture(autouse=True)
def another_process(tmp_path, monkeypatch):
    """Begin as a process that knows of no bytes; called, be another one."""

    def be_another():
        monkeypatch.setattr(attachments, "_WAITING", attachments._Waiting())

    monkeypatch.setenv("GISAPP_HOME", str(tmp_path / "home"))
    be_another()
    return be_another


@pytest.fixture
def photo(tmp_path):
    path = tmp_path / "surat.jpg"
    path.write_bytes(PHOTO)
    return path


@pytest.fixture
def path(tmp_path):
    save_project(small_project(), tmp_path / "p.gpkg")
    return tmp_path / "p.gpkg"


@pytest.fixture
def session(path):
    with closing(Session.open(path)) as session:
        yield session


def add(session, photo, to=("evictions", "E1"), **told):
    attachment = attachments.take_in(session.project, photo, to, **told)
    session.apply(attach(attachment), "attach")
    return attachment


def content(attachment):
    pieces = []
    attachments.write_to(attachment, pieces.append)
    return b"".join(pieces)


def stored(path):
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(f"SELECT sha256, bytes FROM {FILES_TABLE}").fetchall()


def test_what_was_attached_comes_back_from_the_file(session, photo, another_process):
    told = {"title": " Surat ", "source": "LBH", "dated": "2026-05-01", "note": "halaman 1"}
    attachment = add(session, photo, **told)
    session.save()
    photo.unlink()
    another_process()
    (found,) = load_project(session.path).attachments
    assert found == attachment
    assert (found.title, found.media_type, found.size_bytes) == ("Surat", "image/jpeg", len(PHOTO))
    assert content(found) == PHOTO


def test_the_same_bytes_lie_in_the_file_once(session, photo):
    add(session, photo)
    add(session, photo, ("zoning", "R"))
    session.save()
    assert [x.id for x in session.project.attachments] == ["1", "2"]
    assert stored(session.path) == [(hashlib.sha256(PHOTO).hexdigest(), PHOTO)]


def test_saving_elsewhere_takes_the_bytes_along(session, photo, tmp_path, another_process):
    attachment = add(session, photo)
    session.save()
    another_process()
    project = load_project(session.path)
    save_project(project, tmp_path / "other.gpkg")
    session.path.unlink()
    another_process()
    (found,) = load_project(tmp_path / "other.gpkg").attachments
    assert content(found) == PHOTO
    assert found == attachment


def test_undo_brings_back_what_a_save_took_out_of_the_file(session, photo, another_process):
    add(session, photo)
    session.save()
    another_process()
    with closing(sqlite3.connect(session.path)):
        attachments.note_held(session.path, session.project.attachments)
    session.apply(detach("1"), "detach")
    session.save()
    assert stored(session.path) == []
    assert PHOTO[:40] not in session.path.read_bytes()
    session.undo()
    session.save()
    another_process()
    assert content(load_project(session.path).attachments[0]) == PHOTO


def test_a_crash_gives_unsaved_documents_back(session, photo, another_process):
    add(session, photo)
    autosave = Autosave()
    autosave.keep(Unsaved.of(session))
    autosave.leave()
    path = session.path
    session.close()
    photo.unlink()
    another_process()
    (left,) = waiting()
    with closing(Session.open(path)) as opened:
        kept = restored(left, opened.project)
        again = give_back(kept, left.note, opened)
        left.discard()
        again.save()
    assert kept.missing == ()
    another_process()
    assert content(load_project(path).attachments[0]) == PHOTO


def test_an_autosave_leaves_to_the_file_what_lies_there(session, photo):
    add(session, photo)
    session.save()
    session.apply(lambda project: replace(project, title="Other"), "rename")
    autosave = Autosave()
    autosave.keep(Unsaved.of(session))
    autosave.leave()
    (left,) = waiting()
    assert PHOTO[:40] not in left.data.read_bytes()
    assert restored(left, session.project).project.attachments == session.project.attachments


def test_what_is_nowhere_any_more_is_named_and_the_rest_given_back(session, photo, another_process):
    add(session, photo)
    session.save()
    session.apply(lambda project: replace(project, title="Other"), "rename")
    autosave = Autosave()
    autosave.keep(Unsaved.of(session))
    autosave.leave()
    session.path.unlink()
    another_process()
    (left,) = waiting()
    kept = restored(left, None)
    assert "surat.jpg" in kept.missing
    assert kept.project.attachments == ()


def test_a_save_refuses_where_the_bytes_are_gone_and_leaves_the_file_as_it_was(
    session, photo, tmp_path, another_process
):
    add(session, photo)
    session.save()
    project = load_project(session.path)
    save_project(small_project(), tmp_path / "q.gpkg")
    before = (tmp_path / "q.gpkg").read_bytes()
    session.path.unlink()
    another_process()
    with pytest.raises(GisappError, match=r"surat\.jpg"):
        save_project(project, tmp_path / "q.gpkg")
    assert (tmp_path / "q.gpkg").read_bytes() == before


def test_check_verifies_every_fingerprint_and_salvage_keeps_the_others(
    session, photo, tmp_path, another_process
):
    other = tmp_path / "peta.pdf"
    other.write_bytes(b"%PDF" + os.urandom(9000))
    add(session, photo)
    add(session, other, ("zoning", "K"))
    session.save()
    assert check_source(session.path, SILENT).ok
    with closing(sqlite3.connect(session.path)) as connection:
        changed = PHOTO[:-1] + bytes([PHOTO[-1] ^ 1])
        sha256 = hashlib.sha256(PHOTO).hexdigest()
        update = f"UPDATE {FILES_TABLE} SET bytes = ? WHERE sha256 = ?"
        connection.execute(update, (changed, sha256))
        connection.commit()
    report = check_source(session.path, SILENT)
    assert not report.ok
    assert [e for e in report.errors if "surat.jpg" in e]
    assert [x.whole for x in report.project.attachments] == [False, True]
    saved = salvage_project(session.path, tmp_path / "new.gpkg", SILENT)
    assert (saved.attachments, saved.attachments_lost) == (1, ("surat.jpg",))
    another_process()
    (left,) = load_project(tmp_path / "new.gpkg").attachments
    assert content(left) == other.read_bytes()


def test_changed_bytes_are_never_handed_out(session, photo, tmp_path, another_process):
    add(session, photo)
    session.save()
    with closing(sqlite3.connect(session.path)) as connection:
        connection.execute(f"UPDATE {FILES_TABLE} SET bytes = ?", (PHOTO[::-1],))
        connection.commit()
    another_process()
    (found,) = load_project(session.path).attachments
    with pytest.raises(GisappError, match="not those that were attached"):
        attachments.save_copy(found, tmp_path / "copy.jpg")
    assert not (tmp_path / "copy.jpg").exists()


def test_a_project_of_before_opens_and_is_sound(path):
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("DROP TABLE gisapp_attachments")
        connection.commit()
    assert load_project(path).attachments == ()
    assert check_source(path, SILENT).ok


@pytest.mark.parametrize(
    ("to", "said"),
    [
        (("evictions", "nowhere"), "no record"),
        (("businesses", "A"), "Nothing can be attached"),
        (("households", "H"), "Nothing can be attached"),
    ],
)
def test_it_belongs_to_a_record_that_is_there_and_never_to_a_person(session, photo, to, said):
    with pytest.raises(GisappError, match=said):
        attachments.take_in(session.project, photo, to)


def test_what_is_too_large_empty_or_no_file_is_refused(session, tmp_path, monkeypatch):
    project, to = session.project, ("evictions", "E1")
    monkeypatch.setattr(attachments, "LIMIT_BYTES", 5 << 20)
    large, just = tmp_path / "large.mp4", tmp_path / "just.mp4"
    large.write_bytes(bytes((5 << 20) + 1))
    just.write_bytes(bytes(5 << 20))
    (tmp_path / "empty.txt").touch()
    with pytest.raises(GisappError, match="more than 5 MB"):
        attachments.take_in(project, large, to)
    assert attachments.take_in(project, just, to).size_bytes == 5 << 20
    with pytest.raises(GisappError, match="empty"):
        attachments.take_in(project, tmp_path / "empty.txt", to)
    for nothing in (tmp_path, tmp_path / "nowhere"):
        with pytest.raises(GisappError, match="no file"):
            attachments.take_in(project, nothing, to)
    assert [x.name for x in attachments._WAITING.folder().glob("new-*")] == []


@pytest.mark.parametrize("name", ["a.exe", "a.desktop", "a.html", "a.sh", "a", "a.pdf.bat"])
def test_what_a_system_might_run_is_never_shown(session, tmp_path, name):
    program = tmp_path / name
    program.write_bytes(b"MZ")
    with pytest.raises(GisappError, match="might be run"):
        attachments.copy_to_show(add(session, program))


def test_a_copy_to_show_is_this_users_only_whatever_a_project_calls_it(session, photo):
    attachment = replace(add(session, photo), name="../../../evil\n.jpg")
    shown = attachments.copy_to_show(attachment)
    assert shown.parent.parent == attachments._WAITING.folder()
    assert shown.name == "evil_.jpg"
    assert stat.S_IMODE(shown.stat().st_mode) == 0o600
    assert stat.S_IMODE(shown.parent.stat().st_mode) == 0o700
    assert shown.read_bytes() == PHOTO


def test_a_fingerprint_that_would_be_a_path_is_refused():
    with pytest.raises(ValueError, match="no SHA-256"):
        Attachment("1", "evictions", "E1", "a", "", "", 1, "../../x", "")


SHOW = (
    "import os, sys, pathlib; from gisapp.io import attachments as a;"
    "(x,) = a.attachments_in(pathlib.Path(sys.argv[1]));"
    "assert a.copy_to_show(x).is_file();"
)


def test_a_process_that_has_ended_leaves_no_copy_behind(session, photo, tmp_path):
    """Also one that was killed: what it left goes with the next one."""
    add(session, photo)
    session.save()
    photo.unlink()
    home = tmp_path / "elsewhere"
    environment = {**os.environ, "GISAPP_HOME": str(home)}
    killed = [sys.executable, "-c", SHOW + "os.kill(os.getpid(), 9)", str(session.path)]
    assert subprocess.run(killed, check=False, env=environment).returncode == -9
    assert found_in(home, ("Exif-of-Siti-Canary",), but=()) != []
    subprocess.run([sys.executable, "-c", SHOW, str(session.path)], check=True, env=environment)
    assert found_in(home, ("Exif-of-Siti-Canary",), but=()) == []


@pytest.mark.parametrize("preset", ["internal", "partner", "public"])
def test_no_export_takes_a_document_along(session, photo, tmp_path, preset):
    add(session, photo, title="Siti-Canary-Title")
    target = tmp_path / "out" / "copy.gpkg"
    target.parent.mkdir()
    export_project(session.project, target, preset=preset, what="project", recipient="X", lang="en")
    assert target.is_file()
    markers = ("Siti-Canary", "surat.jpg")
    assert found_in(target.parent, markers, but=()) == []


def test_a_large_document_is_never_held_whole(session, tmp_path):
    large = tmp_path / "large.mp4"
    with large.open("wb") as file:
        for _piece in range(24):
            file.write(os.urandom(1 << 20))
    tracemalloc.start()
    try:
        add(session, large)
        session.save()
        shutil.rmtree(attachments._WAITING.folder())
        attachments.save_copy(session.project.attachments[0], tmp_path / "copy.mp4")
        _now, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert most < 8 << 20
    assert Path(tmp_path / "copy.mp4").read_bytes() == large.read_bytes()
