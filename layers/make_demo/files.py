"""Writing text, GeoJSON and a Kobo workbook so that the same values give the same bytes."""

import csv
import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path

import numpy as np
import xlsxwriter
from shapely import Polygon

from geography import degrees

WRITTEN_AT = datetime(2026, 11, 1)  # noqa: DTZ001 - a workbook's clock has no zone


def write_geojson(
    path: Path, name: str, features: Iterable[tuple[Polygon, dict[str, object]]]
) -> None:
    """Write polygons (metres) in WGS 84, one feature a line."""
    lines = (
        json.dumps(
            {
                "type": "Feature",
                "properties": values,
                "geometry": {"type": "Polygon", "coordinates": _rings(polygon)},
            },
            ensure_ascii=False,
            separators=(",", ":"),
        )
        for polygon, values in features
    )
    head = f'{{"type":"FeatureCollection","name":"{name}","features":[\n'
    path.write_text(head + ",\n".join(lines) + "\n]}\n", "utf-8")


def _rings(polygon: Polygon) -> list[list[list[float]]]:
    rings = (polygon.exterior, *polygon.interiors)
    return [degrees(np.asarray(ring.coords)[:, :2]).tolist() for ring in rings]


def write_csv(path: Path, rows: Sequence[dict[str, object]]) -> None:
    """Write rows as office programs in Indonesia do: semicolons and a byte order mark."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), delimiter=";", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def write_workbook(path: Path, sheets: dict[str, Sequence[dict[str, object]]]) -> None:
    """Write sheets of rows; a missing value is an empty cell."""
    with xlsxwriter.Workbook(
        path, {"strings_to_formulas": False, "strings_to_urls": False}
    ) as book:
        book.set_properties(
            {"created": WRITTEN_AT, "comments": "gisapp demo: all families are invented"}
        )
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            sheet.write_row(0, 0, list(rows[0]))
            for number, row in enumerate(rows, start=1):
                for column, value in enumerate(row.values()):
                    if value not in ("", None):
                        sheet.write(number, column, value)
