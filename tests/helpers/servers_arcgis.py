"""A stub of an ArcGIS feature service, after Esri's REST API reference (Query, Layer)."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from helpers.servers import Answer, Asked, as_json

SERVICE = "/server/rest/services/RDTR_2022/Rencana/FeatureServer"
# The columns of the RDTR of 2022, a date, and what a server adds.
FIELDS = (
    ("OBJECTID", "esriFieldTypeOID"),
    ("NAMOBJ", "esriFieldTypeString"),
    ("KODSZN_1", "esriFieldTypeString"),
    ("IZN", "esriFieldTypeString"),
    ("TANGGAL", "esriFieldTypeDate"),
)
WEST, SOUTH, STEP = 106.862, -6.373, 0.001


def square(number: int) -> list[list[float]]:
    """Return the corners of a square, clockwise, as Esri writes an outer ring."""
    x, y = WEST + STEP * (number % 30), SOUTH + STEP * (number // 30)
    return [[x, y], [x, y + STEP], [x + STEP, y + STEP], [x + STEP, y], [x, y]]


def attributes(number: int) -> dict[str, Any]:
    return {
        "OBJECTID": number,
        "NAMOBJ": f"Zona {number}",
        "KODSZN_1": "K.3",
        "IZN": "Warung Makan; Pasar Rakyat",
        "TANGGAL": 1_667_260_800_000 if number % 2 else None,
    }


@dataclass
class ArcgisStub:
    """Polygons numbered from 1, and what the server can and does wrong."""

    features: int = 7
    page: int = 3
    pages: bool = True
    geojson: bool = True
    edited: int = 1
    breaks_at: int | None = None
    counts: int | None = None
    curves: bool = False
    login: bool = False
    stuck: bool = False
    queries: list[Asked] = field(default_factory=list)

    def __call__(self, asked: Asked) -> Answer:
        if self.login:
            return as_json({"error": {"code": 499, "message": "Token Required", "details": []}})
        if asked.path == f"{SERVICE}/layers":
            group = {"id": 1, "name": "Grup", "type": "Group Layer"}
            return as_json({"layers": [self.info(), group], "tables": []})
        if asked.path == f"{SERVICE}/0":
            return as_json(self.info())
        if asked.path == f"{SERVICE}/0/query":
            return self.query(asked)
        return as_json({"error": {"code": 400, "message": "Invalid URL", "details": []}})

    def info(self) -> dict[str, Any]:
        return {
            "id": 0,
            "name": "Rencana Pola Ruang",
            "type": "Feature Layer",
            "geometryType": "esriGeometryPolygon",
            "extent": {"spatialReference": {"wkid": 102748, "latestWkid": 32748}},
            "maxRecordCount": self.page,
            "supportedQueryFormats": "JSON, geoJSON, PBF" if self.geojson else "JSON",
            "advancedQueryCapabilities": {"supportsPagination": self.pages},
            "editingInfo": {"lastEditDate": self.edited},
            "fields": [{"name": n, "type": t, "alias": n} for n, t in FIELDS],
        }

    def query(self, asked: Asked) -> Answer:
        self.queries.append(asked)
        numbers = list(range(1, self.features + 1))
        if asked.get("returnCountOnly") == "true":
            return as_json({"count": self.features if self.counts is None else self.counts})
        if asked.get("returnIdsOnly") == "true":
            return as_json({"objectIdFieldName": "OBJECTID", "objectIds": numbers[::-1]})
        between = re.fullmatch(r"OBJECTID >= (\d+) AND OBJECTID <= (\d+)", asked.get("where"))
        if between:
            numbers = [x for x in numbers if int(between[1]) <= x <= int(between[2])]
        start = 0 if self.stuck else int(asked.get("resultOffset", "0"))
        if self.breaks_at is not None and start >= self.breaks_at:
            return Answer(b"broken", 500)
        page = numbers[start : start + min(self.page, int(asked.get("resultRecordCount", "99")))]
        more = start + len(page) < len(numbers)
        if asked.get("f") == "geojson":
            collection = {
                "type": "FeatureCollection",
                "properties": {"exceededTransferLimit": more},
                "features": [geojson_feature(x) for x in page],
            }
            return as_json(collection)
        ring = "curveRings" if self.curves else "rings"
        return as_json(
            {
                "geometryType": "esriGeometryPolygon",
                "spatialReference": {"wkid": 4326},
                "exceededTransferLimit": more,
                "features": [
                    {"attributes": attributes(x), "geometry": {ring: [square(x)]}} for x in page
                ],
            }
        )


def geojson_feature(number: int) -> dict[str, Any]:
    return {
        "type": "Feature",
        "id": number,
        "geometry": {"type": "Polygon", "coordinates": [square(number)]},
        "properties": attributes(number),
    }
