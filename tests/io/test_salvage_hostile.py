"""Lists of layers that were tampered with are told, and what they still name is saved."""

import contextlib
import shutil
import sqlite3

import pytest
from helpers.small_project import small_project

from gisapp.core.progress import SILENT
from gisapp.io.project_check import check_project
from gisapp.io.project_file import load_project, save_project
from gisapp.io.salvage import salvage_project

LAYERS = {"businesses": 4, "evictions": 2, "admin": 1, "zoning": 2}
RULES = {"rules": 1}


def loosely(table, *statements):
    """Replace `table` by one without constraints, and go on with `statements`."""
    return (
        f"CREATE TABLE loose AS SELECT * FROM {table}",
        f"DROP TABLE {table}",
        f"ALTER TABLE loose RENAME TO {table}",
        *statements,
    )


DAMAGE = {
    "no table": (["UPDATE gisapp_layers SET table_name = NULL"], LAYERS),
    "no column of tables": (["ALTER TABLE gisapp_layers RENAME table_name TO x"], LAYERS),
    "no column of names": (["ALTER TABLE gisapp_layers RENAME name TO x"], LAYERS),
    "no column of kinds": (["ALTER TABLE gisapp_tables RENAME kind TO x"], LAYERS),
    "no column of reports": (["ALTER TABLE gisapp_layers RENAME report TO x"], LAYERS),
    "no column of styles": (["ALTER TABLE gisapp_layers RENAME style TO x"], LAYERS),
    "listed twice": (
        loosely("gisapp_layers", "INSERT INTO gisapp_layers SELECT * FROM gisapp_layers"),
        LAYERS,
    ),
    "listed as layer and table": (
        ["UPDATE gisapp_tables SET table_name = 'ZONING'"],
        LAYERS,
    ),
    "of one name": (
        loosely("gisapp_layers", "UPDATE gisapp_layers SET name = 'same'"),
        {"same": 4, "evictions": 2, "admin": 1, "zoning": 2},
    ),
    "GeoPackage's own": (
        ["UPDATE gisapp_layers SET table_name = 'gpkg_contents' WHERE name = 'zoning'"],
        LAYERS,
    ),
    "unreadable SQL": (
        [
            "PRAGMA writable_schema = ON",
            "UPDATE sqlite_master SET sql = replace(sql, 'INTEGER', '(((') WHERE name = 'zoning'",
        ],
        {name: n for name, n in LAYERS.items() if name != "zoning"},
    ),
    "visible in words": (["UPDATE gisapp_layers SET visible = 'x'"], LAYERS),
    "quarantined in words": (["UPDATE gisapp_layers SET quarantined = 'many'"], LAYERS),
    "unmatched in words": (["UPDATE gisapp_tables SET unmatched = 'many'"], LAYERS),
    "quarantine of no table": (["ALTER TABLE gisapp_quarantine RENAME table_name TO x"], LAYERS),
    "quarantine without numbers": (["UPDATE gisapp_quarantine SET row = 'x'"], LAYERS),
    "no names of values": (["ALTER TABLE gisapp_meta RENAME name TO x"], LAYERS),
}


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    path = tmp_path_factory.mktemp("whole") / "p.gpkg"
    save_project(small_project(), path)
    return path


@pytest.fixture(params=DAMAGE)
def damaged(request, whole, tmp_path):
    statements, layers = DAMAGE[request.param]
    path = shutil.copy(whole, tmp_path / "p.gpkg")
    with contextlib.closing(sqlite3.connect(path)) as connection, connection:
        for statement in statements:
            connection.execute(statement)
    return path, layers


def test_check_says_that_something_is_wrong(damaged):
    path, _layers = damaged
    assert check_project(path, SILENT).errors


def test_every_row_of_a_readable_table_is_saved(damaged, tmp_path):
    path, layers = damaged
    told = salvage_project(path, tmp_path / "new.gpkg", SILENT)
    assert {x.name: x.rows for x in told.layers if x.rows} == layers
    assert {x.name: x.rows for x in told.tables if x.rows} == RULES
    found = load_project(tmp_path / "new.gpkg")
    assert {x.name: len(x.frame) for x in found.layers} == layers
    assert {name: len(x.frame) for name, x in found.tables.items()} == RULES


def test_the_quarantine_outlives_a_wrong_count(whole, tmp_path):
    path = shutil.copy(whole, tmp_path / "p.gpkg")
    with contextlib.closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE gisapp_layers SET quarantined = 'many'")
    salvage_project(path, tmp_path / "new.gpkg", SILENT)
    kept = load_project(tmp_path / "new.gpkg").layer("businesses").quarantine
    assert kept["id"].tolist() == ["E"]
