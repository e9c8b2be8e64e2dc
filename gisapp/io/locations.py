"""Which columns of a foreign table say where its rows lie."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING, Literal, cast

import numpy as np
import pandas as pd
import shapely

from gisapp.core.errors import GisappError
from gisapp.core.identifiers import normal_name
from gisapp.core.words import _
from gisapp.io.coordinates import read_coordinates
from gisapp.io.geotext import NAMED_GEOPOINT, PATTERNS, read_shapes, stated_srid

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from gisapp.io.source import RawTable

GEOGRAPHIC = "EPSG:4326"
Form = Literal["geometry", "pair", "geopoint", "wkt", "geojson", "wkb", "geotrace", "none"]
# What --map accepts besides the fields of a kind, to say where the location stands.
LOCATION_NAMES = ("lat", "lon", "x", "y", "geopoint", "wkt", "geojson", "wkb", "geotrace")

_LATITUDE = r"(?:y_)?(?:latitude|latitud|latt?|lintang(?:_selatan)?|garis_lintang|ls)"
_LONGITUDE = r"(?:x_)?(?:longitude|longitud|long|lng|lon|bujur(?:_timur)?|garis_bujur|bt)"
_EASTING = r"(?:easting|east|x|x_?coord|x_?utm|utm_?x|koord_?x|timur)"
_NORTHING = r"(?:northing|north|y|y_?coord|y_?utm|utm_?y|koord_?y|utara)"
_PAIRS = ((_LONGITUDE, _LATITUDE), (_EASTING, _NORTHING))
# What may stand behind the word in both names: ``lat_wgs84``, ``latitude_usaha``, ``lat_y``.
_SUFFIX = r"(?P<suffix>(?:_\w+)?)"
_AXIS_SUFFIXES = {"_y": "_x"}
_PLACE_WORDS = re.compile(
    r"geopoint|geo_?loc|gps|koordinat|coord|lokasi|location|titik|point|posisi|position"
    r"|lat_?(?:lon|lng|long)|place"
)
_NOT_DEGREES = ("wkt", "wkb")
_AREAS = ("wkt", "geojson", "wkb", "geotrace")
_SAMPLE = 500


@dataclass(frozen=True)
class Location:
    """Where a table's rows say where they lie.

    Parameters
    ----------
    form : {"geometry", "pair", "geopoint", "wkt", "geojson", "wkb", "geotrace", "none"}
        ``pair``: two columns; ``geopoint``: "lat lon [altitude [precision]]" in one;
        ``geotrace``: several of these, parted by semicolons.
    columns : tuple of str
        The columns read: for a pair x (longitude) before y (latitude).
    companions : tuple of str
        Columns that say the same or belong to it (a Kobo geopoint's altitude); not kept.
    precision : str
        The column with the position's precision in metres, or empty.
    geographic : bool
        Whether the columns' names say that they are degrees.
    """

    form: Form = "none"
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
        return named_location(named)
    if raw.geometry is not None and pd.notna(raw.geometry).any():
        return Location("geometry")
    found: Iterable[Location] = chain(_pairs(raw.columns), _single_columns(raw.columns))
    if shapes:
        found = sorted(found, key=lambda x: x.form not in _AREAS)
    for location in found:
        return location
    return Location("geometry" if raw.geometry is not None else "none")


def named_location(named: Mapping[str, str]) -> Location:
    """Return the location that the user named, as `find_location` takes it."""
    for x, y in (("lon", "lat"), ("x", "y")):
        if x in named and y in named:
            return Location("pair", (named[x], named[y]), geographic=x == "lon")
        if x in named or y in named:
            raise GisappError(
                _("Only one of {x} and {y} is mapped to a column.").format(x=x, y=y),
                _("Map both: --map {x}=COLUMN --map {y}=COLUMN.").format(x=x, y=y),
            )
    form, column = next(iter(named.items()))
    return Location(form, (column,), geographic=form not in _NOT_DEGREES)  # type: ignore[arg-type]


def _pairs(columns: pd.DataFrame) -> Iterator[Location]:
    """Find pairs of columns: plain ones first, then those of a Kobo question ``q``."""
    names = {normal_name(column): column for column in reversed(columns.columns)}
    for x_words, y_words in _PAIRS:
        found = [
            (match["stem"], match["suffix"])
            for name in reversed(names)
            if (match := re.fullmatch(rf"(?P<stem>.*?)_?{y_words}{_SUFFIX}", name))
        ]
        for stem, suffix in sorted(found, key=lambda x: (bool(x[0]), bool(x[1]))):
            prefix = re.escape(stem) + ("_?" if stem else "")
            x = _first(names, prefix + x_words + re.escape(_AXIS_SUFFIXES.get(suffix, suffix)))
            y = _first(names, prefix + y_words + re.escape(suffix))
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
    """Find columns that hold a place in each cell; lines and areas of a form come last."""
    found = [
        Location(form, (str(column),), geographic=form not in _NOT_DEGREES)
        for column in columns.columns
        if not pd.api.types.is_numeric_dtype(columns[column].dtype)
        and (form := _form(columns[column], normal_name(str(column)))) != "none"
    ]
    yield from sorted(found, key=lambda x: x.form == "geotrace")


def _form(column: pd.Series, name: str) -> Form:
    # Cell by cell: handing so few texts to a column's own methods takes ten times as long.
    texts = [text for cell in column.dropna().head(_SAMPLE) if (text := str(cell).strip())]
    for form, pattern in PATTERNS.items():
        if _are_mostly(texts, pattern):
            return cast("Form", form)
    named = _PLACE_WORDS.search(name) and _are_mostly(texts, NAMED_GEOPOINT)
    return "geopoint" if named else "none"


def _are_mostly(texts: Sequence[str], pattern: re.Pattern[str]) -> bool:
    return 2 * sum(map(bool, map(pattern.fullmatch, texts))) > len(texts)


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
    if location.form in _NOT_DEGREES:
        column = raw.columns[location.columns[0]]
        degrees = GEOGRAPHIC if _shape_degrees(column, location.form) else ""
        found = raw.crs or stated_srid(column, location.form) or degrees
    elif location.form == "geometry":
        found = raw.crs
    else:
        found = GEOGRAPHIC if location.geographic or _pair_degrees(raw, location) else ""
    if not found:
        raise GisappError(
            _("{name} does not say in which CRS its coordinates are.").format(name=raw.name),
            _(
                "Name it (--crs on the command line): EPSG:32748 for UTM zone 48S, EPSG:4326 for "
                "degrees, or another."
            ),
        )
    return found


def _pair_degrees(raw: RawTable, location: Location) -> bool:
    x, y = (read_coordinates(raw.columns[column])[0] for column in location.columns)
    read = np.isfinite(x) & np.isfinite(y)
    return bool(read.any() and (np.abs(x[read]) <= 180).all() and (np.abs(y[read]) <= 180).all())


def _shape_degrees(column: pd.Series, form: str) -> bool:
    shapes = read_shapes(column.dropna().head(_SAMPLE), form)
    return bool((np.abs(shapely.total_bounds(shapes)) <= 180).all())
