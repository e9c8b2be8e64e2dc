"""GeoParquet, DXF, OpenStreetMap and boundaries in SQL."""

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import shapely
from helpers import streetmap

from gisapp.core.errors import GisappError
from gisapp.io.reading import read_source

PLACES = [shapely.Point(106.87, -6.33), None, shapely.Point(106.88, -6.34)]
BLOCK = shapely.box(106.87, -6.34, 106.88, -6.33)
YARD = BLOCK.difference(shapely.Point(106.875, -6.335).buffer(0.001))


@pytest.mark.parametrize("encoding", ["WKB", "geoarrow"])
@pytest.mark.parametrize("shapes", [
    PLACES, [YARD, BLOCK], [shapely.MultiPolygon([YARD]), None],
    [shapely.LineString([(106.87, -6.33), (106.88, -6.34)])],
], ids=["points", "polygons", "multipolygons", "lines"])  # fmt: skip
def test_geoparquet_in_every_encoding(tmp_path, encoding, shapes):
    path = tmp_path / "stalls.parquet"
    frame = gpd.GeoDataFrame({"nik": ["0317", None, "x"][: len(shapes)]}, geometry=shapes, crs=4326)
    frame.to_parquet(path, geometry_encoding=encoding, write_covering_bbox=encoding == "WKB")
    source = read_source(path)
    (table,) = source.tables
    assert (source.driver, table.name, table.crs) == ("GeoParquet", "stalls", "EPSG:4326")
    assert list(table.columns) == ["nik"]
    assert table.columns["nik"].isna().tolist() == frame["nik"].isna().tolist()
    read = shapely.from_wkb(table.geometry)
    assert shapely.equals_exact(read, frame.geometry.to_numpy()).tolist() == [
        x is not None for x in shapes
    ]


@pytest.mark.parametrize(("crs", "told"), [(None, ""), ("EPSG:32748", "EPSG:32748")])
def test_geoparquet_says_its_crs_or_that_there_is_none(tmp_path, crs, told):
    path = tmp_path / "a.parquet"
    gpd.GeoDataFrame({"n": [1]}, geometry=[shapely.Point(1, 2)], crs=crs).to_parquet(path)
    assert read_source(path).tables[0].crs == told


def test_a_parquet_table_without_geometries_is_a_table(tmp_path):
    path = tmp_path / "a.parquet"
    pd.DataFrame({"lat": [-6.33], "when": pd.to_datetime(["2026-01-31"])}).to_parquet(path)
    (table,) = read_source(path).tables
    assert table.geometry is None
    assert table.columns["when"][0].startswith("2026-01-31")


def test_broken_geometries_in_parquet_are_told_not_passed_on(tmp_path):
    path = tmp_path / "a.parquet"
    meta = '{"version": "1.1.0", "primary_column": "g", "columns": {"g": {"encoding": "WKB"}}}'
    table = pa.table({"g": pa.array([b"\1\2\3", shapely.to_wkb(PLACES[0])], pa.binary())})
    pq.write_table(table.replace_schema_metadata({"geo": meta}), path)
    source = read_source(path)
    assert pd.isna(source.tables[0].geometry[0])
    assert "1 geometries are broken" in source.warnings[0]
    assert source.tables[0].crs == "OGC:CRS84"


@pytest.mark.parametrize("keep", [8, 200, -1])
def test_a_parquet_file_that_is_cut_off_is_refused(tmp_path, keep):
    path = tmp_path / "a.parquet"
    gpd.GeoDataFrame({"n": range(100)}, geometry=[PLACES[0]] * 100, crs=4326).to_parquet(path)
    path.write_bytes(path.read_bytes()[:keep])
    with pytest.raises(GisappError, match="damaged or no Parquet file"):
        read_source(path)


def test_a_drawing_comes_without_a_crs(tmp_path):
    path = tmp_path / "plan.dxf"
    gpd.GeoDataFrame(geometry=[BLOCK.boundary] * 3, crs=32748).to_file(path, driver="DXF")
    source = read_source(path)
    assert (source.driver, len(source.tables[0].columns)) == ("DXF", 3)
    assert source.tables[0].crs == ""


@pytest.mark.parametrize(("write", "name"), [
    (streetmap.xml, "map.osm"), (streetmap.pbf, "map.osm.pbf"), (streetmap.pbf, "renamed.dat"),
])  # fmt: skip
def test_openstreetmap_comes_apart_by_tag(tmp_path, write, name):
    source = read_source(write(tmp_path / name))
    tables = {x.name: x for x in source.tables}
    assert {x: len(t.columns) for x, t in tables.items()} == {
        "points": 1, "roads": 1, "lines": 1, "areas": 1,
    }  # fmt: skip
    assert tables["roads"].columns["name"].tolist() == ["Jl. Raya Bogor"]
    assert tables["roads"].columns["highway"].tolist() == ["residential"]
    road = shapely.from_wkb(tables["roads"].geometry[0])
    assert np.allclose(shapely.get_coordinates(road), [(106.87, -6.33), (106.88, -6.34)])
    assert tables["areas"].columns["landuse"].tolist() == ["retail"]
    assert {x.crs for x in source.tables} == {"EPSG:4326"}


def test_a_cut_extract_is_refused(tmp_path):
    path = streetmap.pbf(tmp_path / "map.osm.pbf")
    path.write_bytes(path.read_bytes()[:-20])
    with pytest.raises(GisappError, match="cannot be read"):
        read_source(path)


SQL = """-- boundaries
DELETE FROM wilayah_boundaries WHERE kode LIKE '31.75.%';
INSERT INTO wilayah_boundaries(kode,nama,lat,lng,path) VALUES
 ('31.75.09.1001','Ciracas',-6.3,106.8,'[[[-6.3,106.8],[-6.4,106.8],[-6.4,106.9],[-6.3,106.8]]]'),
 ('31.75.09.1002','Rawa ''Indah''; (baru)',NULL,106.8,'[[-6.3,106.8],[-6.4,106.8],[-6.4,106.9]]');
"""


def sql(tmp_path, text):
    path = tmp_path / "kel.sql"
    path.write_text(text, "utf-8")
    return path


def test_boundaries_in_sql_are_read_as_lat_lng(tmp_path):
    source = read_source(sql(tmp_path, SQL))
    (table,) = source.tables
    assert (source.driver, table.name, table.crs) == ("SQL", "wilayah_boundaries", "EPSG:4326")
    assert table.columns["nama"].tolist() == ["Ciracas", "Rawa 'Indah'; (baru)"]
    assert pd.isna(table.columns["lat"][1])
    assert shapely.from_wkb(table.geometry[0]).bounds == (106.8, -6.4, 106.9, -6.3)


def test_rings_within_rings_are_holes_and_others_are_islands(tmp_path):
    outer = [[-6.0, 106.0], [-7.0, 106.0], [-7.0, 107.0], [-6.0, 107.0]]
    inner = [[-6.4, 106.4], [-6.6, 106.4], [-6.6, 106.6], [-6.4, 106.6]]
    island = [[-6.0, 108.0], [-6.1, 108.0], [-6.1, 108.1], [-6.0, 108.1]]
    text = SQL.replace("[[-6.3,106.8],[-6.4,106.8],[-6.4,106.9]]", f"[{[outer, inner, island]}]")
    shape = shapely.from_wkb(read_source(sql(tmp_path, text)).tables[0].geometry[1])
    assert shape.area == pytest.approx(1 - 0.04 + 0.01)


def test_an_outline_that_cannot_be_read_is_a_row_that_is_told(tmp_path):
    text = SQL.replace("[[-6.3,106.8],[-6.4,106.8],[-6.4,106.9]]", "[[-6.3]")
    text = text.replace("'[[-6.3]'", "'[[-6.3,106.8]'")
    (table,) = read_source(sql(tmp_path, text)).tables
    assert table.unreadable == {2: "its outline cannot be read"}
    assert table.row_numbers.tolist() == [1]


@pytest.mark.parametrize(("text", "said"), [
    ("DROP TABLE x;", "a script without rows"),
    (SQL[:-40], "breaks off within a row"),
])  # fmt: skip
def test_a_script_that_is_no_table_is_refused(tmp_path, text, said):
    with pytest.raises(GisappError, match=said):
        read_source(sql(tmp_path, text))


def test_a_geodatabase_is_read_as_the_folder_that_it_is(tmp_path):
    folder = tmp_path / "rencana.gdb"
    frame = gpd.GeoDataFrame({"nama": ["a", "b"]}, geometry=[BLOCK, YARD], crs=4326)
    frame.to_file(folder, driver="OpenFileGDB", layer="zona")
    before = sorted(folder.iterdir())
    source = read_source(folder, layer="zona")
    assert (source.driver, source.tables[0].name, len(source.sha256)) == ("OpenFileGDB", "zona", 64)
    assert source.tables[0].columns["nama"].tolist() == ["a", "b"]
    assert sorted(folder.iterdir()) == before


def test_another_folder_is_no_source(tmp_path):
    with pytest.raises(GisappError, match="is a folder"):
        read_source(tmp_path)
