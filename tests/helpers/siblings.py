"""Files such as large collections hold, each made of a few lines, with what must happen to it."""

from __future__ import annotations

import json
import sqlite3
import struct
import zipfile
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import shapely
from helpers import foreign
from helpers.foreign import collection, feature, kml, placemark

Build = Callable[[Path], Path]
THREE = [feature((106.87, -6.33 + i / 100), name=n) for i, n in enumerate("abc")]
POINT_WKB = shapely.to_wkb(shapely.Point(106.87, -6.33))
LAYER = (
    "INSERT INTO gpkg_contents(table_name, data_type, identifier, srs_id)"
    " VALUES('{0}', '{1}', '{0}', 4326)"
)
GEOMETRY = "INSERT INTO gpkg_geometry_columns VALUES('{0}', 'geom', 'POINT', 4326, 0, 0)"


@dataclass(frozen=True)
class Sibling:
    """A file, and the answer that it must get.

    Parameters
    ----------
    build : callable
        Writes it into a folder and returns its path.
    features : int or None
        How many are read; None where the file is refused.
    says : str
        What a warning, or the refusal, must match; empty: nothing of the kind is asked for.
    """

    build: Build
    features: int | None
    says: str = ""


def text(name: str, content: str | bytes) -> Build:
    def build(folder: Path) -> Path:
        path = folder / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return build


def geopackage(*statements: str, **edits: Any) -> Build:
    """Three stalls, changed by SQL; its triggers, which need functions of GDAL, are taken out."""

    def build(folder: Path) -> Path:
        path = foreign.vector(folder / "stalls.gpkg", "GPKG")
        with closing(sqlite3.connect(path)) as database:
            triggers = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
            for (name,) in database.execute(triggers).fetchall():
                database.execute(f'DROP TRIGGER "{name}"')
            for statement in statements:
                database.execute(statement, edits if ":" in statement else ())
            database.commit()
        return path

    return build


def blob(wkb: bytes, flags: int = 1, head: bytes = b"") -> bytes:
    """A geometry as GeoPackages hold it (2.1.3)."""
    return b"GP\0" + bytes([flags]) + struct.pack("<i", 4326) + head + wkb


def with_journal(folder: Path) -> Path:
    path = geopackage()(folder)
    journal = path.with_name(path.name + "-journal")
    journal.write_bytes(bytes.fromhex("d9d505f920a163d7") + bytes(600))
    return path


def shapefile(names: tuple[bytes, ...] = (b"a", b"b", b"c"), **parts: bytes | None) -> Build:
    """A shapefile of points, some of whose parts are replaced, or left out where None."""

    def build(folder: Path) -> Path:
        path = foreign.shapefile(folder / "stalls.shp", names)
        for ending, content in parts.items():
            part = path.with_suffix(f".{ending}")
            if content is None:
                part.unlink()
            else:
                part.write_bytes(content)
        return path

    return build


def changed(build: Build, ending: str, edit: Callable[[bytearray], object]) -> Build:
    """Change the bytes of one part of what `build` writes."""

    def rebuild(folder: Path) -> Path:
        path = build(folder)
        part = path.with_suffix(ending)
        content = bytearray(part.read_bytes())
        edit(content)
        part.write_bytes(content)
        return path

    return rebuild


def delete_first_row(content: bytearray) -> None:
    content[int.from_bytes(content[8:10], "little")] = ord("*")


def upper(build: Build) -> Build:
    def rebuild(folder: Path) -> Path:
        path = build(folder)
        for part in list(folder.iterdir()):
            part.rename(folder / part.name.upper())
        return folder / path.name.upper()

    return rebuild


def zipped(members: dict[str, Build | bytes]) -> Build:
    """An archive of contents by name, or of all that is built into the folder so called."""

    def build(folder: Path) -> Path:
        path = folder / "whole.zip"
        with zipfile.ZipFile(path, "w") as file:
            for name, content in members.items():
                if isinstance(content, bytes):
                    file.writestr(name, content)
                    continue
                inside = folder / f"inside{len(file.namelist())}"
                inside.mkdir()
                content(inside)
                for part in sorted(inside.iterdir()):
                    file.write(part, name + part.name)
        return path

    return build


def folders(depth: int) -> Build:
    body = "<Folder>" * depth + placemark() + "</Folder>" * depth
    return lambda folder: kml(folder / "deep.kml", body)


def marked(body: str) -> Build:
    return lambda folder: kml(folder / "places.kml", body)


def gpx(body: str) -> Build:
    head = '<?xml version="1.0"?><gpx version="1.1" xmlns="http://www.topografix.com/GPX/1/1">'
    return text("walk.gpx", f"{head}{body}</gpx>")


def flatgeobuf(folder: Path) -> Path:
    shapes = [shapely.Point(106, -6), None, shapely.Point(107, -7)]
    return foreign.vector(folder / "some.fgb", "FlatGeobuf", geometries=shapes, SPATIAL_INDEX="NO")


def parquet(columns: dict[str, Any], geo: Any = None, field: dict[str, str] | None = None) -> Build:
    """A Parquet file whose metadata say `geo` of all, and `field` of its first column."""

    def build(folder: Path) -> Path:
        table = pa.table(columns)
        if field is not None:
            first = table.schema.field(0).with_metadata(field)
            table = table.cast(table.schema.set(0, first))
        if geo is not None:
            table = table.replace_schema_metadata({"geo": json.dumps(geo)})
        path = folder / "some.parquet"
        pq.write_table(table, path)
        return path

    return build


def drawing(entities: str, blocks: str = "", end: str = "0\nENDSEC\n0\nEOF\n") -> Build:
    """A DXF drawing of groups, each a code and a value on lines of their own."""
    head = "0\nSECTION\n2\nHEADER\n9\n$ACADVER\n1\nAC1015\n0\nENDSEC\n0\nSECTION\n2\nBLOCKS\n"
    body = f"{blocks}0\nENDSEC\n0\nSECTION\n2\nENTITIES\n{entities}"
    return text("plan.dxf", head + body + end)


def gml(members: str, **attributes: str) -> Build:
    spaces = 'xmlns:w="http://www.opengis.net/wfs" xmlns:gml="http://www.opengis.net/gml"'
    said = " ".join(f'{name}="{value}"' for name, value in attributes.items())
    root = f'<?xml version="1.0"?><w:FeatureCollection {spaces} xmlns:a="http://a" {said}>'
    return text("shops.gml", f"{root}{members}</w:FeatureCollection>")


def shop(number: int, geometry: str) -> str:
    inside = f'<a:shop fid="s.{number}"><a:n>{number}</a:n><a:geom>{geometry}</a:geom></a:shop>'
    return f"<gml:featureMember>{inside}</gml:featureMember>"


def nested(geometry: str, depth: int) -> str:
    for _level in range(depth):
        member = f"<gml:geometryMember>{geometry}</gml:geometryMember>"
        geometry = f"<gml:MultiGeometry>{member}</gml:MultiGeometry>"
    return geometry


def geodatabase(folder: Path) -> Path:
    return foreign.vector(folder / "stalls.gdb", "OpenFileGDB")


def geodatabase_cut_off(folder: Path) -> Path:
    path = geodatabase(folder)
    longest = max(path.glob("*.gdbtable"), key=lambda part: part.stat().st_size)
    longest.write_bytes(longest.read_bytes()[:-100])
    return path


def loose_geodatabase(folder: Path) -> Path:
    path = folder / "whole.zip"
    with zipfile.ZipFile(path, "w") as file:
        for part in geodatabase(folder).iterdir():
            file.write(part, f"kelurahan/{part.name}")
    return path


def cells(name: str, cell: str) -> Build:
    quoted = cell.replace('"', '""')
    return text("cells.csv", f'id,{name}\n1,"{quoted}"\n')


def dumped(content: Any) -> bytes:
    return json.dumps(content).encode()


ESRI_PAGE = {
    "geometryType": "esriGeometryPoint",
    "spatialReference": {"wkid": 102100, "latestWkid": 3857},
    "fields": [{"name": "FeatureID", "type": "esriFieldTypeInteger"}],
    "exceededTransferLimit": True,
    "features": [{"attributes": {"FeatureID": 1}, "geometry": {"x": 1e7, "y": -7e5}}],
}
TOPOLOGY = {
    "type": "Topology",
    "objects": {
        "stalls": {
            "type": "GeometryCollection",
            "geometries": [{"type": "Point", "coordinates": [106, -6]}, {"type": None}],
        }
    },
    "arcs": [],
}
A_MODEL = "<Model><Link><href>house.dae</href></Link></Model>"
A_POINT = "0\nPOINT\n8\n0\n10\n106.8\n20\n-6.3\n"
AN_XREF = "0\nBLOCK\n8\n0\n2\nX\n70\n4\n10\n0\n20\n0\n3\nX\n1\n/etc/passwd\n0\nENDBLK\n"
A_REFERENCE = "0\nINSERT\n8\n0\n2\nX\n10\n0\n20\n0\n"
A_PLACE = "<gml:Point><gml:coordinates>106.8,-6.3</gml:coordinates></gml:Point>"
NESTED_WKT = "{}POINT(106 -6){}"
NESTED_JSON = '{}{{"type": "Point", "coordinates": [106, -6]}}{}'
IN_JSON = '{"type": "GeometryCollection", "geometries": ['
NESTED_WKB = struct.pack("<BII", 1, 7, 1)
WKB = {"geometry": pa.array([POINT_WKB, None], pa.binary())}
GEO = {"primary_column": "geometry", "columns": {"geometry": {"encoding": "WKB"}}}
A_STALL = '<wpt lat="-6.33" lon="106.87"><name>a</name></wpt>'

SIBLINGS: dict[str, Sibling] = {
    "a sequence of RFC 8142": Sibling(
        text("s.geojsons", "".join("\x1e" + json.dumps(x, indent=1) + "\n" for x in THREE)), 3
    ),
    "lines with empty ones between": Sibling(
        text("s.ndjson", "\n\n".join(json.dumps(x) for x in THREE) + "\n\n"), 3
    ),
    "a page of OGC API Features": Sibling(
        text("p.json", dumped(collection(*THREE, numberMatched=9, numberReturned=3))),
        3,
        "one page of 9",
    ),
    "a page of Esri JSON": Sibling(text("p.json", dumped(ESRI_PAGE)), 1, "one page"),
    "a topology with a null": Sibling(text("t.json", dumped(TOPOLOGY)), 1, "Of 2 features 1"),
    "a number of ten thousand digits": Sibling(
        text("n.json", '{"type": "Point", "coordinates": [1' + "0" * 10_000 + ", 2]}"),
        None,
        "too many digits",
    ),
    "a layer that is not there": Sibling(
        geopackage(LAYER.format("ghost", "features")), 3, "“ghost” is listed, but missing"
    ),
    "features and tiles": Sibling(
        geopackage(LAYER.format("map", "tiles")), 3, "“map” holds images"
    ),
    "only tiles": Sibling(
        geopackage("UPDATE gpkg_contents SET data_type = 'tiles'"), None, "layer"
    ),
    "a count that lies": Sibling(geopackage("UPDATE gpkg_ogr_contents SET feature_count = 99"), 3),
    "attributes": Sibling(
        geopackage(
            "CREATE TABLE notes(id INTEGER PRIMARY KEY)", LAYER.format("notes", "attributes")
        ),
        3,
        "2 layers",
    ),
    "a view of places": Sibling(
        geopackage(
            "CREATE VIEW v AS SELECT fid AS OGC_FID, geom FROM stalls",
            LAYER.format("v", "features"),
            GEOMETRY.format("v"),
        ),
        6,
    ),
    "text for geometries": Sibling(
        geopackage("UPDATE stalls SET geom = 'POINT(1 2)'"), 3, "3 of 3"
    ),
    "a ring of two thousand million positions": Sibling(
        geopackage(
            "UPDATE stalls SET geom = :blob", blob=blob(struct.pack("<BIII", 1, 3, 1, 0x7FFFFFFF))
        ),
        3,
        "broken",
    ),
    "an extended geometry": Sibling(
        geopackage("UPDATE stalls SET geom = :blob", blob=blob(POINT_WKB, 0x21, b"EXT0")),
        3,
        "broken",
    ),
    "a write that was broken off": Sibling(with_journal, 3, "halves"),
    "a deleted row": Sibling(changed(shapefile(), ".dbf", delete_first_row), 2, "deleted.*1"),
    "names in capitals": Sibling(upper(shapefile()), 3),
    "a spatial index of noise": Sibling(shapefile(qix=b"SQT" + b"\xff" * 90, sbn=bytes(10)), 3),
    "a projection that is a path": Sibling(
        shapefile(prj=b"/etc/passwd"), 3, "no coordinate system"
    ),
    "Korean": Sibling(shapefile(("시장".encode("euc-kr"),), cpg=b"EUC-KR"), 1),
    "an old Macintosh": Sibling(shapefile((b"caf\x8e",), cpg=b"macintosh"), 1),
    "a part of a shapefile": Sibling(
        lambda folder: shapefile()(folder).with_suffix(".dbf"), None, "part of a shapefile"
    ),
    "a shapefile in folders": Sibling(zipped({"a/b/": shapefile()}), 3),
    "two shapefiles of one name": Sibling(zipped({"a/": shapefile(), "b/": shapefile()}), 6),
    "two files of one name": Sibling(
        zipped({"a.json": dumped(collection(THREE[0])), "A.JSON": dumped(collection(*THREE))}), 4
    ),
    "an archive in an archive": Sibling(
        zipped({"a.json": dumped(collection(*THREE)), "b.zip": b"PK"}), 3, "left out: b.zip"
    ),
    "a model among geometries": Sibling(
        marked(f"<Placemark><MultiGeometry>{A_MODEL}</MultiGeometry></Placemark>{placemark()}"),
        2,
        "no geometry|empty",
    ),
    "two documents": Sibling(
        text("d.kml", f"<kml>{2 * ('<Document>' + placemark() + '</Document>')}</kml>"),
        1,
        "Of 2 placemarks 1",
    ),
    "forty folders": Sibling(folders(40), 1),
    "a place that is no number": Sibling(
        gpx(A_STALL + '<wpt lat="-6,3" lon="106"/>'), None, "-6,3"
    ),
    "a place that is missing": Sibling(gpx(A_STALL + '<wpt lon="106"/>'), 1, "Of 2 points 1"),
    "a missing place in FlatGeobuf": Sibling(flatgeobuf, 3, "1 of 3 features have no geometry"),
    "Parquet that says nothing of its places": Sibling(parquet(WKB), 2, "no coordinate system"),
    "Parquet that says nonsense": Sibling(parquet(WKB, geo=["x"]), 2, "cannot be read"),
    "Parquet with a short CRS": Sibling(
        parquet(WKB, {**GEO, "columns": {"geometry": {"encoding": "WKB", "crs": "EPSG:32748"}}}), 2
    ),
    "Parquet in an encoding nobody knows": Sibling(
        parquet(WKB, {**GEO, "columns": {"geometry": {"encoding": "foo"}}}), None, "encoding “foo”"
    ),
    "GeoArrow": Sibling(
        parquet(
            WKB,
            field={
                "ARROW:extension:name": "geoarrow.wkb",
                "ARROW:extension:metadata": '{"crs": "EPSG:32748"}',
            },
        ),
        2,
    ),
    "numbers above 63 bits": Sibling(
        parquet({**WKB, "n": pa.array([1 << 63, 1], pa.uint64())}, GEO), 2
    ),
    "bytes in a list": Sibling(parquet({**WKB, "n": [[b"x"], None]}, GEO), 2),
    "more rows than a map holds": Sibling(
        parquet({"n": pa.nulls(20_000_001, pa.int8())}), None, "20000001 rows"
    ),
    "a drawing": Sibling(drawing(A_POINT * 3), 3),
    "a drawing without its end": Sibling(drawing(A_POINT * 3, end=""), None, "cut off"),
    "a binary drawing": Sibling(
        text("plan.dxf", b"AutoCAD Binary DXF\r\n\x1a\0" + bytes(99)), None, "binary drawing"
    ),
    "a drawing that refers to another": Sibling(
        drawing(A_REFERENCE + A_POINT, AN_XREF), 1, "X does not exist"
    ),
    "a page of a WFS": Sibling(
        gml(shop(1, A_PLACE), numberMatched="9", numberReturned="1"), 1, "one page"
    ),
    "a member that GDAL gives up": Sibling(gml(shop(1, nested(A_PLACE, 40))), 0, "Of 1 features 0"),
    "a geodatabase": Sibling(geodatabase, 3),
    "a geodatabase cut off": Sibling(geodatabase_cut_off, None, "cut off"),
    "a geodatabase without its folder's name": Sibling(loose_geodatabase, 3),
    "a node whose place is no number": Sibling(
        text("a.osm", '<osm version="0.6"><node id="1" lat="x" lon="1"/></osm>'), None, "lat = “x”"
    ),
    "WKT that nests": Sibling(
        cells("wkt", NESTED_WKT.format("GEOMETRYCOLLECTION(" * 200_000, ")" * 200_000)), 1, "read"
    ),
    "GeoJSON that nests": Sibling(
        cells("geojson", NESTED_JSON.format(IN_JSON * 200_000, "]}" * 200_000)), 1, "read|No coord"
    ),
    "WKB that nests": Sibling(
        cells("wkb", (NESTED_WKB * 200_000 + POINT_WKB).hex()), 1, "read|No coord"
    ),
    "a blob that nests": Sibling(
        geopackage("UPDATE stalls SET geom = :blob", blob=blob(NESTED_WKB * 3000 + POINT_WKB)),
        3,
        "broken",
    ),
    "a hundred thousand digits": Sibling(cells("tempat", "1" * 100_000), 1, "No coordinates"),
}
