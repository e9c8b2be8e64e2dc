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
}
