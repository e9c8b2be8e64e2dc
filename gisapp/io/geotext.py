"""Places in one cell of text: geopoints, traces, links to a map, WKT, WKB and GeoJSON."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import shapely

from gisapp.io.coordinates import LATITUDE_LETTERS, LONGITUDE_LETTERS
from gisapp.io.limits import MOST_NESTED
from gisapp.io.values import clean_text

if TYPE_CHECKING:
    from numpy.typing import NDArray

_NUMBER = r"[-+−]?\d{1,3}(?:[.,]\d+)?"
_PRECISE = r"[-+−]?\d{1,3}\.\d{3,}"
_PRECISE_COMMA = r"[-+−]?\d{1,3},\d{3,}"
_MORE = r"(?:[\s,;]+-?\d+(?:\.\d+)?){0,2}"
_SOUTH_EAST = rf"[^A-Za-z]*\d[^A-Za-z]*{LATITUDE_LETTERS}[\s,;/]*\d[^A-Za-z]*{LONGITUDE_LETTERS}\.?"
_MAP_LINK = (
    r"(?:[?&](?:q|query|ll|daddr|destination|mlat)=(?:loc:)?|\bgeo:)"
    r"(-?\d{1,2}\.\d+)(?:,|%2C|&mlon=)\+?(-?\d{1,3}\.\d+)"
)
_PLACE_LINK = r"!3d(-?\d{1,2}\.\d+)!4d(-?\d{1,3}\.\d+)"
_VERTEX = rf"\s*{_PRECISE}\s+{_PRECISE}(?:\s+-?\d+(?:\.\d+)?){{0,2}}\s*"

# Longer cells are no place: to look for one in them would take the square of their length.
_LONGEST_POINT = 500
# What a cell of each form looks like, told apart in this order.
_FORMS = {
    "geopoint": (
        rf"(?!(?s:.{{{_LONGEST_POINT}}}))(?:"
        rf"[(\[]?\s*(?:{_PRECISE}[\s,;]+{_PRECISE}{_MORE}|{_PRECISE_COMMA}(?:\s*[;/]\s*|,?\s+)"
        rf"{_PRECISE_COMMA})\s*[)\]]?"
        rf"|(?i:{_SOUTH_EAST})|(?s:.*(?:{_MAP_LINK}|{_PLACE_LINK}).*))"
    ),
    "wkt": r"(?is)(?:SRID=\d+;)?\s*(?:MULTI)?(?:POINT|LINESTRING|POLYGON|GEOMETRYCOLLECTION)\b.*",
    "geojson": r"(?s)\{.*\"coordinates\".*",
    "wkb": r"(?i)(?:0x|\\x)?0[01](?:[0-9a-f]{2}){20,}",
    "geotrace": rf"{_VERTEX}(?:;{_VERTEX})+;?\s*",
}
PATTERNS = {form: re.compile(pattern) for form, pattern in _FORMS.items()}
# Two numbers that only the column's name makes a place.
NAMED_GEOPOINT = re.compile(rf"[(\[]?\s*{_NUMBER}(?:\s*[;/]\s*|,\s*|\s+){_NUMBER}{_MORE}\s*[)\]]?")

# What stands where geometries nest; whoever reads them recurses, and a stack has an end.
_NESTS = {
    "wkt": r"(?i)COLLECTION",
    "geojson": r"\{",
    "wkb": r"(?i)01(?:07|ef|d7|bf)(?:00|03|07|0b)0000|010700002[08]|01070000[048ace]0"
    r"|00(?:00000007|000003ef|000007d7|00000bbf|[2468ace]0000007)",
}
_LONG = 2_000
_CURVED = r"(?i)CIRCULARSTRING|CURVE|SURFACE|\bTIN\b"
_SRID = r"(?i)^SRID=(\d+);"


def split_geopoints(column: pd.Series) -> pd.DataFrame:
    """Split places in one cell into text columns ``lat, lon, altitude, precision``.

    Parameters
    ----------
    column : Series of str, shape (n,)
        ``lat lon altitude precision`` of a form, ``lat, lon``, ``6°19'45"S 106°51'20"E`` (the
        letters say which is which), or a link that names a place on a map.
    """
    text = clean_text(column)
    text = text.mask(text.str.len() > _LONGEST_POINT)
    text = text.str.replace(r"^[(\[]\s*|\s*[)\]]$", "", regex=True)
    between = r"[\s,;/]*[\s;/][\s,;/]*|,(?=[-+−]?\d+\.)|(?<=\d\d\d),(?=[-+−]?\d+,)"
    parts = text.str.split(between, n=4, regex=True, expand=True)
    parts = parts.reindex(columns=range(4)).astype("str")
    for pair in (_lettered(text), _linked(text)):
        found = pair[0].notna()
        parts.loc[found, [0, 1]] = pair[found]
        parts.loc[found, [2, 3]] = np.nan
    return parts.set_axis(["lat", "lon", "altitude", "precision"], axis=1)


def _lettered(text: pd.Series) -> pd.DataFrame:
    return text.where(text.str.contains(r"\d.*[A-Za-z]", regex=True, na=False)).str.extract(
        rf"(?i)^([^A-Za-z]*\d[^A-Za-z]*{LATITUDE_LETTERS})[\s,;/]*"
        rf"(\d[^A-Za-z]*{LONGITUDE_LETTERS})\.?$"
    )


def _linked(text: pd.Series) -> pd.DataFrame:
    links = text.where(text.str.contains("!3d|=|geo:", regex=True, na=False))
    # A link's own view (@lat,lon) is where somebody looked, not the place; it is not read.
    return links.str.extract(_PLACE_LINK).fillna(links.str.extract(_MAP_LINK))


def read_shapes(column: pd.Series, form: str) -> NDArray[np.object_]:
    """Read a column of geometries as text.

    Parameters
    ----------
    column : Series of str, shape (n,)
    form : {"wkt", "geojson", "wkb", "geotrace"}
        WKT and hexadecimal WKB with or without an SRID; GeoJSON a geometry or a feature; a trace
        ``lat lon altitude precision; …`` is an area where it ends where it began.

    Returns
    -------
    ndarray of shapely geometry or None, shape (n,)
        None where there is none or it cannot be read.
    """
    text = clean_text(column)
    if form == "geotrace":
        return np.array([_trace(cell) for cell in text.astype(object)], dtype=object)
    text = _shallow(text, form)
    if form == "wkb":
        plain = text.str.replace(r"^(?:0x|\\x)", "", regex=True)
        texts = plain.where(plain.str.fullmatch(r"(?:[0-9A-Fa-f]{2})+", na=False))
        return _read(shapely.from_wkb, texts)
    if form == "geojson":
        return _read(shapely.from_geojson, text)
    plain = text.str.replace(_SRID, "", regex=True)
    # shapely has no curves, and raises on their WKT instead of calling it invalid.
    return _read(shapely.from_wkt, plain.mask(plain.str.contains(_CURVED, na=False)))


def _shallow(text: pd.Series, form: str) -> pd.Series:
    """Leave out texts whose geometries nest so deeply that reading them would end the program."""
    long = text.str.len() > _LONG
    if not long.any():
        return text
    deep = text[long].str.count(_NESTS[form]) > MOST_NESTED
    return text.mask(deep.reindex(text.index, fill_value=False))


def _read(read: object, text: pd.Series) -> NDArray[np.object_]:
    texts = text.astype(object).where(text.notna(), None).to_numpy()
    shapes = read(texts, on_invalid="ignore")  # type: ignore[operator]
    return np.asarray(shapes, dtype=object)


def _trace(cell: object) -> object:
    if not isinstance(cell, str) or not PATTERNS["geotrace"].fullmatch(cell):
        return None
    vertices = [vertex.split() for vertex in cell.split(";") if vertex.strip()]
    ring = [(float(lon), float(lat)) for lat, lon, *_height in vertices]
    if len(ring) > 3 and ring[0] == ring[-1]:
        return shapely.Polygon(ring)
    return shapely.LineString(ring)


def stated_srid(column: pd.Series, form: str) -> str:
    """Return the CRS that a column of WKT or WKB names in all its rows; empty where it does not."""
    text = clean_text(column).dropna()
    if form == "wkt":
        named = text.str.extract(_SRID)[0]
    else:
        numbers = shapely.get_srid(read_shapes(text, form))
        named = pd.Series(numbers).where(numbers > 0).astype("Int64").astype("str")
    found = named.dropna().unique()
    return f"EPSG:{found[0]}" if len(found) == 1 and named.notna().all() else ""
