"""Which columns of a foreign table say where its rows lie."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd
import shapely

from gisapp.core.errors import GisappError
from gisapp.core.identifiers import normal_name
from gisapp.core.words import _
from gisapp.io.values import as_text, clean_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from numpy.typing import NDArray

    from gisapp.io.source import RawTable

GEOGRAPHIC = "EPSG:4326"
# What --map accepts besides the fields of a kind, to say where the location stands.
LOCATION_NAMES = ("lat", "lon", "x", "y", "geopoint", "wkt", "geojson")

_LATITUDE, _LONGITUDE = r"(?:latitude|lintang|lat)", r"(?:longitude|bujur|long|lng|lon)"
_PAIRS = (
    (_LONGITUDE, _LATITUDE),
    (r"(?:easting|x|x_coord|koordinat_x)", r"(?:northing|y|y_coord|koordinat_y)"),
)
_GEOPOINT = r"\s*-?\d{1,3}\.\d{3,}[\s,;]+-?\d{1,3}\.\d{3,}(?:[\s,;]+-?\d+(?:\.\d+)?){0,2}\s*"
_WKT = r"(?i)\s*(?:SRID=\d+;)?\s*(?:MULTI)?(?:POINT|LINESTRING|POLYGON|GEOMETRYCOLLECTION)\b.*"
_GEOJSON = r"(?s)\s*\{.*\"coordinates\".*"
_SAMPLE = 500


@dataclass(frozen=True)
class Location:
    """Where a table's rows say where they lie.

    Parameters
    ----------
    form : {"geometry", "pair", "geopoint", "wkt", "geojson", "none"}
        ``pair``: two columns; ``geopoint``: "lat lon [altitude [precision]]" in one.
    columns : tuple of str
        The columns read: for a pair x (longitude) before y (latitude).
    companions : tuple of str
        Columns that say the same or belong to it (a Kobo geopoint's altitude); not kept.
    precision : str
        The column with the position's precision in metres, or empty.
    geographic : bool
        Whether the columns' names say that they are degrees.
    """

    form: Literal["geometry", "pair", "geopoint", "wkt", "geojson", "none"] = "none"
    columns: tuple[str, ...] = ()
    companions: tuple[str, ...] = ()
    precision: str = ""
    geographic: bool = False


NOWHERE = Location()


def find_location(raw: RawTable, named: Mapping[str, str], *, shapes: bool = False) -> Location:
    """Find the location of a table's rows.

    Parameters
    ----------
    raw : RawTable
    named : mapping
        What the user named, of `LOCATION_NAMES`, to its column; it goes before what is found.
    shapes : bool
        Whether the rows should be polygons: a column of them then goes before one of points.

    Raises
    ------
    GisappError
        Where only one half of a pair is named.
    """
    if named:
        return _named_location(named)
    if raw.geometry is not None and pd.notna(raw.geometry).any():
        return Location("geometry")
    found: Iterable[Location] = chain(_pairs(raw.columns), _single_columns(raw.columns))
    if shapes:
        found = sorted(found, key=lambda x: x.form not in ("wkt", "geojson"))
    for location in found:
        return location
    return Location("geometry" if raw.geometry is not None else "none")


def _named_location(named: Mapping[str, str]) -> Location:
    for x, y in (("lon", "lat"), ("x", "y")):
        if x in named and y in named:
            return Location("pair", (named[x], named[y]), geographic=x == "lon")
        if x in named or y in named:
            raise GisappError(
                _("Only one of {x} and {y} is mapped to a column.").format(x=x, y=y),
                _("Map both: --map {x}=COLUMN --map {y}=COLUMN.").format(x=x, y=y),
            )
    form, column = next(iter(named.items()))
    return Location(form, (column,), geographic=form != "wkt")  # type: ignore[arg-type]


def _pairs(columns: pd.DataFrame) -> Iterator[Location]:
    """Find pairs of columns: plain ones first, then those of a Kobo question ``q``."""
    names = {normal_name(column): column for column in reversed(columns.columns)}
    for x_words, y_words in _PAIRS:
        stems = [
            match["stem"]
            for name in reversed(names)
            if (match := re.fullmatch(rf"(?P<stem>.*?)_?{y_words}", name))
        ]
        for stem in sorted(stems, key=bool):
            prefix = re.escape(stem) + ("_?" if stem else "")
            x = _first(names, prefix + x_words)
            y = _first(names, prefix + y_words)
            if x and y:
                yield _with_companions(x, y, stem, names, x_words == _LONGITUDE)


def _first(names: Mapping[str, str], pattern: str) -> str:
    return next((column for name, column in names.items() if re.fullmatch(pattern, name)), "")


def _with_companions(
    x: str, y: str, stem: str, names: Mapping[str, str], geographic: bool
) -> Location:
    if not stem:
        return Location("pair", (x, y), geographic=geographic)
    precision = names.get(f"{stem}_precision") or names.get(f"{stem}_accuracy") or ""
    altitude = names.get(f"{stem}_altitude", "")
    companions = tuple(c for c in (names.get(stem, ""), altitude, precision) if c)
    return Location("pair", (x, y), companions, precision, geographic)


def _single_columns(columns: pd.DataFrame) -> Iterator[Location]:
    for column in columns.columns:
        if pd.api.types.is_numeric_dtype(columns[column].dtype):
            continue
        sample = clean_text(columns[column].dropna().head(_SAMPLE)).dropna()
        if len(sample) == 0:
            continue
        for form, pattern in (("geopoint", _GEOPOINT), ("wkt", _WKT), ("geojson", _GEOJSON)):
            if sample.str.fullmatch(pattern).mean() > 0.5:
                yield Location(form, (column,), geographic=form != "wkt")  # type: ignore[arg-type]


def split_geopoints(column: pd.Series) -> pd.DataFrame:
    """Split "lat lon altitude precision" into text columns ``lat, lon, altitude, precision``."""
    text = clean_text(column)
    parts = text.str.split(r"[\s;]+|,\s+|,(?=-?\d+\.)", regex=True, expand=True)
    return parts.reindex(columns=range(4)).set_axis(["lat", "lon", "altitude", "precision"], axis=1)


def read_shapes(column: pd.Series, form: str) -> NDArray[np.object_]:
    """Read a column of WKT or GeoJSON texts; None where there is none or it is not one."""
    text = clean_text(column).str.replace(r"^SRID=\d+;", "", regex=True)
    # shapely has no curves, and raises on their WKT instead of calling it invalid.
    curved = text.str.contains(r"(?i)CIRCULARSTRING|CURVE|SURFACE|\bTIN\b", na=False)
    texts = text.astype(object).where(text.notna() & ~curved, None).to_numpy()
    read = shapely.from_geojson if form == "geojson" else shapely.from_wkt
    return np.asarray(read(texts, on_invalid="ignore"), dtype=object)


def source_crs(raw: RawTable, location: Location, named: str) -> str:
    """Return the CRS that a table's coordinates are in.

    What the user named goes first, then what the source says, then degrees where the columns'
    names or all their values say so.

    Raises
    ------
    GisappError
        Where nothing says it.
    """
    if named:
        return named
    if location.form in ("geometry", "wkt"):
        found = raw.crs or (
            GEOGRAPHIC if location.form == "wkt" and _wkt_degrees(raw, location) else ""
        )
    else:
        found = GEOGRAPHIC if location.geographic or _pair_degrees(raw, location) else ""
    if not found:
        raise GisappError(
            _("{name} does not say in which CRS its coordinates are.").format(name=raw.name),
            _(
                "Name it, for example --crs EPSG:32748 for UTM zone 48S or --crs EPSG:4326 for "
                "degrees."
            ),
        )
    return found


def _pair_degrees(raw: RawTable, location: Location) -> bool:
    x, y = (_plausible(raw.columns[column]) for column in location.columns)
    return bool((x.abs() <= 180).all() and (y.abs() <= 180).all() and len(x) and len(y))


def _plausible(column: pd.Series) -> pd.Series:
    text = as_text(column.dropna()).str.replace(",", ".", regex=False)
    return pd.to_numeric(text, errors="coerce").dropna()


def _wkt_degrees(raw: RawTable, location: Location) -> bool:
    shapes = read_shapes(raw.columns[location.columns[0]].head(_SAMPLE), "wkt")
    bounds = shapely.total_bounds(shapes)
    return bool((np.abs(bounds) <= 180).all())
