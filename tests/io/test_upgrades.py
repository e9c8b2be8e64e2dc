"""Older files are read as what they meant."""

import sqlite3
from contextlib import closing

from gisapp.core.basemap import Basemap
from gisapp.core.style import Labels
from gisapp.io.project_file import create_project, load_project, save_project
from gisapp.io.styles import parse_style
from gisapp.io.upgrades import style_as_now

OLD = 'name = "x"\nlabel_column = "name"\n[[rules]]\nlabel = { en = "All" }\n'


def test_a_style_of_version_1_keeps_its_names_on_the_map():
    assert parse_style(style_as_now(OLD, 1), "x").labels == Labels("name")


def test_a_style_of_today_is_left_alone():
    text = OLD.replace('label_column = "name"\n', "")
    assert style_as_now(text, 2) == text


def test_a_project_from_before_basemaps_lies_on_the_outlines(tmp_path):
    path = tmp_path / "p.gpkg"
    save_project(create_project(), path)
    with closing(sqlite3.connect(path)) as db, db:
        db.execute("DELETE FROM gisapp_meta WHERE name = 'basemap'")
    assert load_project(path).basemap == Basemap("outlines")
