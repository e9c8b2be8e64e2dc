"""What is taken out of a project is in no byte of any file that is left of it."""

from dataclasses import replace

import pandas as pd
import pytest
from helpers.small_project import layer, small_project

from gisapp.core.progress import SILENT
from gisapp.io.importer import import_layer
from gisapp.io.mending import mend_row
from gisapp.io.project_file import load_project, save_project
from gisapp.io.reading import read_source
from gisapp.io.salvage import salvage_project
from gisapp.session.autosave import Autosave, Unsaved
from gisapp.session.edits import add_layer, put_part, remove_layer, retitle_layer
from gisapp.session.session import Session

MARK = "Siti-3175091234567890"


@pytest.fixture
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("GISAPP_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


def marked(n):
    frame = layer("sites", small_project().layers[0].frame).frame
    frame = pd.concat([frame] * n, ignore_index=True)
    frame["id"] = pd.Series([f"{MARK}-{i}" for i in range(len(frame))], dtype="str")
    return layer("sites", frame, title=f"{MARK} title")


@pytest.fixture(params=[1, 2000], ids=["small", "large"])
def session(request, tmp_path, home):
    path = tmp_path / "work" / "p.gpkg"
    path.parent.mkdir()
    save_project(small_project().with_layer(marked(request.param)), path)
    session = Session.open(path)
    yield session
    session.close()


def left(*folders):
    found = b"".join(x.read_bytes() for f in folders for x in f.rglob("*") if x.is_file())
    return MARK.encode() in found


def test_of_a_layer(session, home):
    assert left(session.path.parent)
    session.apply(remove_layer("sites"), "remove")
    session.save()
    assert not left(session.path.parent, home)


def test_of_a_title_a_report_and_the_ledger(session, home):
    session.apply(retitle_layer("sites", "Lokbin"), "title")
    ids = pd.Series([str(i) for i in range(len(session.project.layer("sites").frame))], dtype="str")
    frame = session.project.layer("sites").frame.assign(id=ids)
    session.apply(put_part(replace(session.project.layer("sites"), frame=frame)), "ids")
    session.save()
    assert not left(session.path.parent, home)


def test_of_a_row_that_was_quarantined_and_is_mended(session, home, tmp_path):
    source = tmp_path / "stalls.csv"
    source.write_text(f"id,lat,lon\nA,-6.32955,106.85319\nB,-6.32955,{MARK}\n", "utf-8")
    session.apply(remove_layer("sites"), "remove")
    read = read_source(source)
    session.apply(add_layer(import_layer(session.project, read, "businesses")), "import")
    session.save()
    assert left(session.path.parent)
    mended = mend_row(session.project, "businesses", 2, {"lon": "106.8532"})
    assert mended.refused == {}
    session.apply(put_part(mended.part), "mend")
    session.save()
    assert not left(session.path.parent, home)


def test_in_a_copy_saved_elsewhere(session, home, tmp_path):
    session.apply(remove_layer("sites"), "remove")
    copy = tmp_path / "elsewhere" / "copy.gpkg"
    copy.parent.mkdir()
    session.save(copy)
    assert not left(copy.parent, home)


def test_in_what_was_kept_unsaved(session, home):
    session.apply(remove_layer("sites"), "remove")
    session.save()
    session.apply(add_layer(marked(50)), "add")
    autosave = Autosave()
    autosave.keep(Unsaved.of(session))
    assert left(home)
    session.apply(remove_layer("sites"), "remove")
    autosave.keep(Unsaved.of(session))
    assert not left(home)
    autosave.forget()


def test_in_what_is_salvaged(session, home, tmp_path):
    session.apply(remove_layer("sites"), "remove")
    session.save()
    target = tmp_path / "salvaged" / "new.gpkg"
    target.parent.mkdir()
    salvage_project(session.path, target, SILENT)
    assert "sites" not in {x.name for x in load_project(target).layers}
    assert not left(target.parent, home)
