"""GeoPackage, Shapefile, KML and archives: checked before a driver sees them."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import shapely
from helpers import foreign
from helpers.foreign import STALLS, archive, collection, feature, kml, placemark, run_sql

from gisapp.core.errors import GisappError
from gisapp.io.reading import read_source

if TYPE_CHECKING:
    from gisapp.io.source import Source

ENDLESS = "WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) SELECT x AS fid FROM c"


def refusal(path: Path) -> str:
    with pytest.raises(GisappError) as caught:
        read_source(path)
    return caught.value.message


def rows(source: Source) -> dict[str, int]:
    return {table.name: len(table.columns) for table in source.tables}


def without_triggers(path: Path) -> list[str]:
    """The statements that drop a GeoPackage's triggers, which need functions of GDAL's."""
    with closing(sqlite3.connect(path)) as database:
        names = database.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall()
    return [f'DROP TRIGGER "{name}"' for (name,) in names]


@pytest.fixture
def gpkg(tmp_path: Path) -> Path:
    return foreign.vector(tmp_path / "stalls.gpkg", "GPKG")


def test_a_view_that_never_ends_is_left_out(gpkg: Path) -> None:
    run_sql(
        gpkg,
        f"CREATE VIEW bomb AS {ENDLESS}",
        "INSERT INTO gpkg_contents (table_name, data_type) VALUES ('bomb', 'attributes')",
    )
    before = gpkg.read_bytes()
    source = read_source(gpkg)
    assert rows(source) == {"stalls": 3}
    assert "“bomb” was left out" in source.warnings[0]
    assert gpkg.read_bytes() == before


def test_a_view_that_loads_code_is_left_out(gpkg: Path) -> None:
    run_sql(
        gpkg,
        "CREATE VIEW evil AS SELECT load_extension('/tmp/x.so') AS a",
        "INSERT INTO gpkg_contents (table_name, data_type) VALUES ('evil', 'attributes')",
    )
    assert rows(read_source(gpkg)) == {"stalls": 3}


def test_a_harmless_view_is_read(gpkg: Path) -> None:
    run_sql(
        gpkg,
        "CREATE VIEW some AS SELECT fid, name FROM stalls WHERE name <> 'a'",
        "INSERT INTO gpkg_contents (table_name, data_type) VALUES ('some', 'attributes')",
    )
    assert rows(read_source(gpkg)) == {"stalls": 3, "some": 2}


def test_tables_that_reach_outside_are_refused(gpkg: Path) -> None:
    run_sql(
        gpkg,
        "PRAGMA writable_schema = ON",
        "INSERT INTO sqlite_master VALUES ('table', 'v', 'v', 0,"
        " 'CREATE VIRTUAL TABLE v USING VirtualOGR(''/etc/passwd'')')",
    )
    assert "outside the file" in refusal(gpkg) or "damaged" in refusal(gpkg)


def test_what_lies_in_the_log_is_read_and_nothing_is_written(gpkg: Path, tmp_path: Path) -> None:
    run_sql(gpkg, *without_triggers(gpkg))
    with closing(sqlite3.connect(gpkg)) as database:
        database.execute("PRAGMA journal_mode = WAL")
        database.execute("PRAGMA wal_autocheckpoint = 0")
        database.execute("UPDATE stalls SET name = 'fresh' WHERE name = 'a'")
        database.commit()
        folder = tmp_path / "copied"
        folder.mkdir()
        for part in tmp_path.glob("stalls.gpkg*"):
            if not part.name.endswith("-shm"):
                shutil.copy(part, folder)
    before = sorted(folder.iterdir())
    source = read_source(folder / "stalls.gpkg")
    assert list(source.tables[0].columns["name"]) == ["fresh", "b", "c"]
    assert sorted(folder.iterdir()) == before


def test_a_geopackage_cut_off_is_refused(gpkg: Path) -> None:
    gpkg.write_bytes(gpkg.read_bytes()[:-1])
    assert "cut off" in refusal(gpkg)


def test_every_damaged_page_is_noticed(gpkg: Path) -> None:
    whole = gpkg.read_bytes()
    pages = len(whole) // 4096
    for page in range(1, pages):
        gpkg.write_bytes(whole[: page * 4096] + b"\xa5" * 4096 + whole[(page + 1) * 4096 :])
        try:
            source = read_source(gpkg)
        except GisappError:
            continue
        assert rows(source) == {"stalls": 3} or source.warnings


def test_another_database_is_not_a_geopackage(tmp_path: Path) -> None:
    assert "not a GeoPackage" in refusal(run_sql(tmp_path / "a.gpkg", "CREATE TABLE t (a)"))


def test_curves_become_lines(tmp_path: Path) -> None:
    path = foreign.vector(
        tmp_path / "arc.gpkg", "GPKG", "arc", ["a"], [shapely.LineString([(0, 0), (2, 0)])]
    )
    head = b"GP\0\x01" + (4326).to_bytes(4, "little")
    arc = bytes.fromhex("010800000003000000") + b"".join(
        shapely.to_wkb(shapely.Point(*p))[5:] for p in ((0, 0), (1, 1), (2, 0))
    )
    run_sql(
        path,
        *without_triggers(path),
        f"UPDATE arc SET geom = x'{(head + arc).hex()}'",
        "UPDATE gpkg_geometry_columns SET geometry_type_name = 'GEOMETRY'",
    )
    geometry = read_source(path).tables[0].geometry
    assert geometry is not None
    assert shapely.from_wkb(geometry[0]).length == pytest.approx(3.1416, abs=0.01)


ENCODINGS = [("cp1251", 0xC9, "Киоск №5"), ("cp932", 0x13, "市場の店"), ("cp874", 0x7C, "ร้านค้า")]


@pytest.mark.parametrize(("codec", "driver", "name"), ENCODINGS)
def test_a_stated_encoding_of_a_shapefile_is_used(
    tmp_path: Path, codec: str, driver: int, name: str
) -> None:
    for case, stated in (("ldid", {"language_driver": driver}), ("cpg", {"cpg": codec.upper()})):
        path = foreign.shapefile(tmp_path / f"{case}.shp", [name.encode(codec)], **stated)
        source = read_source(path)
        assert list(source.tables[0].columns["NAME"]) == [name]
        assert source.warnings == ()


def test_utf8_in_a_shapefile_is_read_whatever_it_says(tmp_path: Path) -> None:
    for cpg, warned in (("UTF-8", 0), ("ISO-8859-1", 1), ("", 1)):
        path = foreign.shapefile(tmp_path / f"t{warned}{cpg}.shp", ["市 é".encode()], cpg=cpg)
        source = read_source(path)
        assert list(source.tables[0].columns["NAME"]) == ["市 é"]
        assert len(source.warnings) == warned


@pytest.mark.parametrize("cpg", ["", "UTF-8", "nonsense"])
def test_an_encoding_not_stated_or_stated_wrongly_is_told(tmp_path: Path, cpg: str) -> None:
    path = foreign.shapefile(tmp_path / "t.shp", ["Café".encode("cp1252")], cpg=cpg)
    source = read_source(path)
    assert list(source.tables[0].columns["NAME"]) == ["Café"]
    assert "cp1252" in source.warnings[0]


@pytest.mark.parametrize(
    ("part", "said"), [(".shx", "made anew"), (".dbf", "no attributes"), (".prj", "")]
)
def test_a_missing_part_is_told(tmp_path: Path, part: str, said: str) -> None:
    path = foreign.shapefile(tmp_path / "t.shp", [b"a", b"b"])
    path.with_suffix(part).unlink()
    source = read_source(path)
    assert rows(source) == {"t": 2}
    assert said in " ".join(source.warnings)
    assert bool(source.tables[0].crs) is (part != ".prj")
    assert not path.with_suffix(".shx").exists() or part != ".shx", "nothing is written beside it"


@pytest.mark.parametrize("part", [".shp", ".dbf"])
def test_a_part_cut_in_half_is_refused(tmp_path: Path, part: str) -> None:
    path = foreign.shapefile(tmp_path / "t.shp", [b"a", b"b"])
    cut = path.with_suffix(part)
    cut.write_bytes(cut.read_bytes()[: cut.stat().st_size // 2])
    assert f"{part} part is cut off" in refusal(path)


def test_parts_that_contradict_each_other_are_refused(tmp_path: Path) -> None:
    path = foreign.shapefile(tmp_path / "t.shp", [b"a", b"b"])
    content = bytearray(path.read_bytes())
    content[104:108] = b"\x7f\xff\xff\xff"
    path.write_bytes(content)
    assert "contradict" in refusal(path)


def test_every_folder_of_a_kml_is_a_layer(tmp_path: Path) -> None:
    folder = f"<Folder><name>pasar</name>{placemark()}</Folder>"
    source = read_source(kml(tmp_path / "t.kml", folder + folder))
    assert [table.name for table in source.tables] == ["pasar", "pasar (#2)"]
    assert sum(len(table.columns) for table in source.tables) == 2


def test_what_a_kml_says_is_kept_and_what_it_links_is_not_followed(tmp_path: Path) -> None:
    data = "<ExtendedData><Data name='nik'><value>3171012345678901</value></Data></ExtendedData>"
    body = placemark().replace("</Placemark>", data + "</Placemark>")
    link = "<NetworkLink><Link><href>http://127.0.0.1:9/a.kml</href></Link></NetworkLink>"
    source = read_source(kml(tmp_path / "t.kml", body + link))
    columns = source.tables[0].columns
    assert columns["nik"].tolist() == ["3171012345678901"]
    assert set(columns.columns) == {"Name", "nik"}
    assert "not followed: 1" in source.warnings[0]


def test_entities_are_refused_before_they_swell(tmp_path: Path) -> None:
    prologue = '<!DOCTYPE kml [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
    assert "entities" in refusal(kml(tmp_path / "t.kml", placemark("&a;"), prologue))


def test_a_kml_that_breaks_off_is_refused_with_its_line(tmp_path: Path) -> None:
    path = kml(tmp_path / "t.kml", placemark())
    path.write_text(path.read_text().replace("</Document></kml>", ""))
    assert "line 3" in refusal(path)


def geojson_bytes() -> bytes:
    import json

    return json.dumps(collection(feature())).encode()


def test_every_map_file_in_an_archive_is_read_under_its_name(tmp_path: Path) -> None:
    shape = foreign.shapefile(tmp_path / "t.shp", [b"a"])
    parts = {f"данные/точки{p.suffix}": p for p in tmp_path.glob("t.*")}
    junk = {"__MACOSX/._t.shp": b"Mac", "readme.txt": b"hello"}
    path = archive(
        tmp_path / "all.zip", {**parts, **junk, "b.geojson": geojson_bytes(), "c.csv": b""}
    )
    source = read_source(path)
    assert rows(source) == {"точки": 1, "b": 1}
    assert "c.csv in the archive was left out: it is empty." in source.warnings
    assert "Other files in the archive were left out: readme.txt." in source.warnings
    assert shape.exists()


def test_what_cannot_be_read_in_an_archive_does_not_end_the_rest(tmp_path: Path) -> None:
    members = {"a.geojson": geojson_bytes(), f"x.{'y' * 300}": b"?", "t.gdb/a.gdbtable": b"?"}
    source = read_source(archive(tmp_path / "t.zip", members))
    assert rows(source) == {"a": 1}
    assert any(x.startswith("t.gdb in the archive was left out") for x in source.warnings)
    assert any(x.startswith("Other files in the archive") for x in source.warnings)


@pytest.mark.parametrize(
    ("members", "said"),
    [
        ({"../../etc/x.geojson": b"{}"}, "outside itself"),
        ({"/tmp/x.geojson": b"{}"}, "outside itself"),
        ({"C:\\x.geojson": b"{}"}, "outside itself"),
        ({f"{n}.txt": b"x" for n in range(10_001)}, "10001 files"),
        ({"bomb.geojson": bytes(200 << 20)}, "swells to 200 MB"),
        ({"inner.zip": b"PK\x03\x04"}, "without any file"),
        ({"x.geojson": b"hello"}, "not what its name says"),
    ],
)
def test_archives_that_are_attacks_or_hold_nothing_are_refused(
    tmp_path: Path, members: dict[str, bytes], said: str
) -> None:
    assert said in refusal(archive(tmp_path / "t.zip", members))


def test_a_kmz_is_read_through_its_kml(tmp_path: Path) -> None:
    doc = kml(tmp_path / "doc.kml", "".join(placemark() for _ in STALLS))
    path = archive(tmp_path / "t.kmz", {"doc.kml": doc, "icons/a.png": b"\x89PNG"})
    source = read_source(path)
    assert source.driver == "LIBKML"
    assert sum(rows(source).values()) == 3
