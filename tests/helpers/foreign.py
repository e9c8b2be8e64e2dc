"""Foreign files, made small: what a user may hand over, good and bad."""

from __future__ import annotations

import json
import sqlite3
import struct
import zipfile
from collections.abc import Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyogrio
import shapely
import xlsxwriter

Point = tuple[float, float]
STALLS: tuple[Point, ...] = ((106.87, -6.33), (106.88, -6.34), (106.89, -6.35))
DEGREES = (
    'GEOGCS["WGS 84",DATUM["WGS_1984",SPHEROID["WGS 84",6378137,298.257223563]],'
    'PRIMEM["Greenwich",0],UNIT["degree",0.0174532925199433]]'
)


def feature(point: Sequence[Any] | None = STALLS[0], **properties: Any) -> dict[str, Any]:
    geometry = None if point is None else {"type": "Point", "coordinates": list(point)}
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def collection(*features: Any, **members: Any) -> dict[str, Any]:
    return {"type": "FeatureCollection", **members, "features": list(features)}


def geojson(path: Path, content: Any, encoding: str = "utf-8") -> Path:
    path.write_bytes(json.dumps(content, ensure_ascii=False).encode(encoding))
    return path


def workbook(path: Path, sheets: Mapping[str, Sequence[Sequence[Any]]]) -> Path:
    with xlsxwriter.Workbook(path, {"strings_to_numbers": False}) as book:
        date = book.add_format({"num_format": "yyyy-mm-dd"})
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for r, row in enumerate(rows):
                for c, value in enumerate(row):
                    if hasattr(value, "isoformat"):
                        sheet.write_datetime(r, c, value, date)
                    elif value is not None:
                        sheet.write(r, c, value)
    return path


def vector(
    path: Path,
    driver: str,
    layer: str = "stalls",
    names: Sequence[str] = ("a", "b", "c"),
    geometries: Sequence[Any] | None = None,
    column: str = "name",
    **options: Any,
) -> Path:
    """Write one layer through GDAL; a second call with another `layer` adds it."""
    shapes = np.array([shapely.Point(p) for p in STALLS] if geometries is None else geometries)
    kinds = {shape.geom_type for shape in shapes if shape is not None}
    table = pa.table(
        {column: pa.array(names, pa.string()), "geometry": pa.array(shapely.to_wkb(shapes))}
    )
    pyogrio.write_arrow(
        table,
        path,
        driver=driver,
        layer=layer,
        geometry_name="geometry",
        geometry_type=kinds.pop() if len(kinds) == 1 else "Unknown",
        crs="EPSG:4326",
        append=path.exists(),
        **options,
    )
    return path


def run_sql(path: Path, *statements: str) -> Path:
    with closing(sqlite3.connect(path)) as database:
        for statement in statements:
            database.execute(statement)
        database.commit()
    return path


def kml(path: Path, body: str, prologue: str = "") -> Path:
    path.write_text(
        f'<?xml version="1.0" encoding="UTF-8"?>{prologue}\n'
        f'<kml xmlns="http://www.opengis.net/kml/2.2"><Document>{body}</Document></kml>\n',
        encoding="utf-8",
    )
    return path


def placemark(name: str = "a", x: float = 106.87, y: float = -6.33) -> str:
    point = f"<Point><coordinates>{x},{y}</coordinates></Point>"
    return f"<Placemark><name>{name}</name>{point}</Placemark>"


def archive(path: Path, members: Mapping[str, bytes | Path]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in members.items():
            file.writestr(name, content if isinstance(content, bytes) else content.read_bytes())
    return path


def shapefile(path: Path, names: Sequence[bytes], language_driver: int = 0, cpg: str = "") -> Path:
    """Write a shapefile of points byte by byte, so that its text is in any encoding."""
    records = [struct.pack("<idd", 1, *STALLS[i % len(STALLS)]) for i in range(len(names))]
    _write_shapes(path, records)
    _write_attributes(path.with_suffix(".dbf"), names, language_driver)
    path.with_suffix(".prj").write_text(DEGREES, encoding="ascii")
    if cpg:
        path.with_suffix(".cpg").write_text(cpg, encoding="ascii")
    return path


def _write_shapes(path: Path, records: Sequence[bytes]) -> None:
    bounds = struct.pack("<8d", 106.8, -6.4, 106.9, -6.3, 0, 0, 0, 0)
    body, index, offset = b"", b"", 50
    for number, record in enumerate(records, start=1):
        words = len(record) // 2
        body += struct.pack(">ii", number, words) + record
        index += struct.pack(">ii", offset, words)
        offset += 4 + words
    for part, content in ((path, body), (path.with_suffix(".shx"), index)):
        head = struct.pack(">i20xi", 9994, 50 + len(content) // 2) + struct.pack("<ii", 1000, 1)
        part.write_bytes(head + bounds + content)


def _write_attributes(path: Path, names: Sequence[bytes], language_driver: int) -> None:
    width = 40
    field = struct.pack("<11sc4xBB14x", b"NAME", b"C", width, 0)
    head = struct.pack(
        "<BBBBIHH17xB2x", 3, 126, 11, 1, len(names), 32 + len(field) + 1, width + 1, language_driver
    )
    rows = b"".join(b" " + name.ljust(width)[:width] for name in names)
    path.write_bytes(head + field + b"\r" + rows + b"\x1a")
