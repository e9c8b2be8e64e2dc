"""What a foreign file holds and what is wrong with it, without bringing it in."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import shapely

from gisapp.core.errors import GisappError
from gisapp.core.progress import SILENT, Progress
from gisapp.core.words import _
from gisapp.io.coordinates import read_coordinates
from gisapp.io.geotext import read_shapes, split_geopoints
from gisapp.io.locations import Location, find_location, source_crs
from gisapp.io.mapping import suggest_mapping
from gisapp.io.project_db import is_project
from gisapp.io.readers.inspection import geometry_sentences
from gisapp.io.reading import ask_child
from gisapp.io.suggesting import suggested_fields, suggested_kind
from gisapp.io.values import clean_text

if TYPE_CHECKING:
    import os
    from collections.abc import Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from gisapp.io.project_check import ProjectFacts
    from gisapp.io.source import RawTable, Source

TABLE = "table"
_SAMPLE, _MOST = 500, 0.8
WORKBOOK_DRIVERS = ("XLSX", "XLS", "ODS")


@dataclass(frozen=True)
class LayerFacts:
    """One layer, sheet or file of a source.

    Parameters
    ----------
    name : str
        As the source calls it.
    geometry : str
        A geometry type, ``Unknown`` for a mixture, ``table`` where rows have no location.
    features : int, optional
        Rows, those that cannot be read among them; None where a service does not say.
    crs : str
        Authority code or WKT; empty where it is not known.
    columns : tuple of str
        Names of the attributes.
    kind : str
        What the rows most likely are: a kind of layer or a relation, ``other`` where none fits.
    mapping : mapping
        How an import as that kind would read it, in the words of ``--map``: field, ``id``,
        ``lat``, … to column.
    suggestions : mapping
        Field to a column that holds, by its content, what the field means; an import takes it
        only where ``--map`` says so.
    encoding, separator, decimal : str
        Of delimited text; ``decimal`` is empty where no number shows the sign.
    """

    name: str
    geometry: str
    features: int | None
    crs: str
    columns: tuple[str, ...]
    kind: str = ""
    mapping: Mapping[str, str] = field(default_factory=dict)
    suggestions: Mapping[str, str] = field(default_factory=dict)
    encoding: str = ""
    separator: str = ""
    decimal: str = ""


@dataclass(frozen=True)
class CheckReport:
    """What ``gisapp check`` prints.

    Parameters
    ----------
    ok : bool
        Whether the file can be opened.
    driver : str
        What its content is; empty where it is refused.
    layers : tuple of LayerFacts
        In the source's order.
    features : int
        Over all layers; of a workbook over the sheets that have locations, where one has.
    warnings, errors : tuple of str
        Sentences.
    remedy : str
        What the user can do where it is refused.
    project : ProjectFacts, optional
        Of a project of gisapp: part by part what it holds.
    """

    ok: bool
    driver: str = ""
    layers: tuple[LayerFacts, ...] = ()
    features: int = 0
    warnings: tuple[str, ...] = ()
    errors: tuple[str, ...] = ()
    remedy: str = ""
    project: ProjectFacts | None = None


def check_source(path: str | os.PathLike[str], progress: Progress = SILENT) -> CheckReport:
    """Read a file of any kind as far as it will go; see `CheckReport`.

    A file that cannot be opened is an answer here, not an error.
    """
    try:
        if is_project(Path(path)):
            return _of_project(Path(path), progress)
        source = ask_child(Path(path), layer=None, inspect=True, progress=progress)
    except GisappError as error:
        return CheckReport(ok=False, errors=(error.message,), remedy=error.remedy)
    warnings = list(source.warnings)
    layers = tuple(_facts(source, table, warnings) for table in source.tables)
    located = [layer for layer in layers if layer.geometry != TABLE]
    warnings += _source_sentences(layers, located)
    return CheckReport(
        ok=True,
        driver=source.driver,
        layers=layers,
        features=sum(layer.features or 0 for layer in _counted(source.driver, layers, located)),
        warnings=tuple(dict.fromkeys(warnings)),
    )


def _of_project(path: Path, progress: Progress) -> CheckReport:
    from gisapp.io.project_check import check_project  # GDAL: only where it is a project

    found = check_project(path, progress)
    parts = (*found.facts.layers, *found.facts.tables)
    return CheckReport(
        ok=not found.errors,
        driver="GPKG",
        layers=tuple(
            LayerFacts(
                x.name, x.geometry, x.rows, found.facts.crs if x.located else "", x.columns, x.kind
            )
            for x in parts
        ),
        features=sum(x.rows for x in parts),
        warnings=found.warnings,
        errors=found.errors,
        remedy=found.remedy,
        project=found.facts,
    )


def _counted(
    driver: str, layers: tuple[LayerFacts, ...], located: list[LayerFacts]
) -> Sequence[LayerFacts]:
    """Pick the layers whose rows are features: sheets beside one with locations belong to it."""
    return located if driver in WORKBOOK_DRIVERS and located else layers


def _source_sentences(layers: tuple[LayerFacts, ...], located: list[LayerFacts]) -> Iterator[str]:
    if not layers:
        yield _("It holds no layer.")
    elif not located:
        yield _("No coordinates were found; it can be linked as a table, not drawn.")
    if len(layers) > 1:
        yield _("It holds {n} layers; choose one when importing: {names}.").format(
            n=len(layers), names=", ".join(layer.name for layer in layers[:20])
        )


def _facts(source: Source, table: RawTable, warnings: list[str]) -> LayerFacts:
    columns = tuple(str(name) for name in table.columns.columns)
    rows = len(table.columns) + len(table.unreadable)
    if table.geometry is not None:
        geometry, crs = table.geometry_type or "Unknown", table.crs
    else:
        geometry, crs, sentences = _found_in_columns(table)
        warnings += [
            _("Layer “{name}”: {what}").format(name=table.name, what=what) for what in sentences
        ]
    kind = suggested_kind(source, table)
    return LayerFacts(
        table.name,
        geometry,
        rows,
        crs,
        columns,
        kind=kind,
        mapping=suggest_mapping(table, kind).recipe(),
        suggestions=suggested_fields(table, kind),
        encoding=table.facts.get("encoding", ""),
        separator=table.facts.get("separator", ""),
        decimal=_decimal_sign(table) if "separator" in table.facts else "",
    )


def _decimal_sign(table: RawTable) -> str:
    """Return the sign before the decimals of a text's numbers; empty where both or none occur."""
    rows = table.columns.head(_SAMPLE).astype("str")
    found = {
        sign
        for sign in ",."
        for name in rows
        if len(cells := rows[name].dropna())
        and cells.str.fullmatch(rf"\s*-?\d+[{sign}]\d+\s*").mean() >= _MOST
        and not cells.str.fullmatch(rf"\s*-?\d{{1,3}}[{sign}]\d{{3}}\s*").all()
    }
    return found.pop() if len(found) == 1 else ""


def _found_in_columns(table: RawTable) -> tuple[str, str, list[str]]:
    """Look for locations in the columns of a table.

    Returns
    -------
    geometry, crs : str
    sentences : list of str
    """
    location = find_location(table, {})
    if location.form == "none":
        return TABLE, "", []
    shapes, absent = _shapes(table, location)
    if shapely.is_missing(shapes).all() and not absent.all():
        return TABLE, "", [_("its coordinates cannot be read.")]
    crs = _crs(table, location)
    sentences = [
        _("its places are read from {columns}.").format(columns=", ".join(location.columns)),
        *geometry_sentences(shapes, absent, crs),
    ]
    used = [c for c in (*location.columns, *location.companions) if c in table.columns]
    second = find_location(replace(table, columns=table.columns.drop(columns=used)), {})
    if second.form != "none":
        sentences.append(
            _("it has several places in a row ({first}; {second}); choose one.").format(
                first=", ".join(location.columns), second=", ".join(second.columns)
            )
        )
    kinds = {shape.geom_type for shape in shapes[~shapely.is_missing(shapes)]}
    return kinds.pop() if len(kinds) == 1 else "Point" if not kinds else "Unknown", crs, sentences


def _crs(table: RawTable, location: Location) -> str:
    try:
        return source_crs(table, location, "")
    except GisappError:
        return ""


def _shapes(table: RawTable, location: Location) -> tuple[NDArray[np.object_], NDArray[np.bool_]]:
    """Make geometries of the columns; say where nothing stands in them."""
    if location.form in ("pair", "geopoint"):
        return _points(table, location)
    column = table.columns[location.columns[0]]
    return read_shapes(column, location.form), clean_text(column).isna().to_numpy(dtype=bool)


def _points(table: RawTable, location: Location) -> tuple[NDArray[np.object_], NDArray[np.bool_]]:
    if location.form == "pair":
        x, y = (table.columns[column] for column in location.columns)
    else:
        parts = split_geopoints(table.columns[location.columns[0]])
        x, y = parts["lon"], parts["lat"]
    east, _comma, east_there = read_coordinates(x)
    north, _comma, north_there = read_coordinates(y)
    readable = np.isfinite(east) & np.isfinite(north)
    shapes = np.full(len(x), None, dtype=object)
    shapes[readable] = shapely.points(east[readable], north[readable])
    return shapes, ~east_there & ~north_there
