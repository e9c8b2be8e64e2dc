"""GeoJSON as RFC 7946 has it: WGS84, six decimals, exterior rings counter-clockwise."""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd
import shapely

from gisapp.core.words import speaking
from gisapp.export.rows import about, in_order
from gisapp.io.atomic import replacing

if TYPE_CHECKING:
    from pathlib import Path

    from gisapp.core.layer import Layer
    from gisapp.privacy.release import Release

DECIMALS: Final = 6  # 0.1 m
WGS84: Final = "EPSG:4326"


def write_geojson(release: Release, path: Path, lang: str) -> None:
    """Write the features of all layers as one collection; each says its layer where there are more.

    Raises
    ------
    GisappError
        Where `path` cannot be written.
    """
    named = len(release.layers) > 1
    features = [text for layer in release.layers for text in _features(layer, named=named)]
    with speaking(lang):
        told = json.dumps(dict(about(release)), ensure_ascii=False)
    head = f'{{"type":"FeatureCollection","about":{told},"features":[\n'
    with replacing(path) as fresh:
        fresh.write_text(head + ",\n".join(features) + "\n]}\n", encoding="utf-8")


def _features(layer: Layer, *, named: bool) -> list[str]:
    geometry = shapely.orient_polygons(layer.frame.geometry.to_crs(WGS84).to_numpy())
    geometry = shapely.transform(geometry, lambda degrees: np.round(degrees, DECIMALS))
    shapes = shapely.to_geojson(geometry)
    frame = in_order(pd.DataFrame(layer.frame.drop(columns="geometry")))
    columns = [str(column) for column in frame.columns]
    values = [[_plain(x) for x in frame[column].tolist()] for column in frame.columns]
    first = {"layer": layer.name} if named else {}
    rows = zip(*values, strict=True) if values else ((),) * len(frame)
    return [
        _feature({**first, **dict(zip(columns, row, strict=True))}, shape)
        for row, shape in zip(rows, shapes, strict=True)
    ]


def _feature(properties: dict[str, Any], shape: str | None) -> str:
    told = json.dumps(properties, ensure_ascii=False, allow_nan=False)
    return f'{{"type":"Feature","properties":{told},"geometry":{shape or "null"}}}'


def _plain(value: Any) -> Any:
    if pd.isna(value) or (isinstance(value, float) and not math.isfinite(value)):
        return None
    return value
