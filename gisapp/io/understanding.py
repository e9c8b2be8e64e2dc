"""What a foreign table means: every row ends taken in, repaired, or quarantined with a reason."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from pyproj import CRS
from pyproj.exceptions import CRSError

from gisapp.core.errors import GisappError
from gisapp.core.progress import SILENT, Progress
from gisapp.core.words import _, ngettext, number
from gisapp.io.area import Area, project_area
from gisapp.io.catalogue import load_catalogue
from gisapp.io.geotext import read_shapes, split_geopoints
from gisapp.io.identity import key_note, made_ids, record_keys, repeated, without_identifiers
from gisapp.io.places import (
    Ground,
    Placed,
    place_coordinates,
    place_geometries,
    place_nowhere,
    place_pairs,
)
from gisapp.io.pointwkb import point_coordinates
from gisapp.io.refused import quarantine, row_numbers
from gisapp.io.settling import crs_of
from gisapp.io.values import clean_text, has_blanks, read_field

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from gisapp.core.catalogue import Kind
    from gisapp.core.project import Project
    from gisapp.io.locations import Location
    from gisapp.io.mapping import ColumnMapping
    from gisapp.io.source import RawTable

_RESERVED_COLUMNS = frozenset({"id", "geometry", "geom", "fid", "ogc_fid"})
_PRECISION = "gps_precision_m"
_STEPS = 4
# SQLite keeps 2,000 columns of a table; a kind's fields, the id and the place are among them.
_MOST_COLUMNS = 1_900


@dataclass(frozen=True, eq=False)
class Understood:
    """A table, read: what an import would make of it.

    Parameters
    ----------
    frame : GeoDataFrame
        The rows that are taken in, as a layer holds them.
    quarantine : DataFrame
        The others: ``row``, ``id``, ``reason``, ``values``.
    rows : ndarray of int, shape (n,)
        The source's number of each row of `frame`.
    repairs : ndarray of str, shape (n,)
        Repair words of each row of `frame`, joined by blanks; empty where accepted as it is.
    notes : tuple of str
        Sentences about what was left out or not understood.
    crs : str
        What the coordinates were in; empty where there are none.
    """

    frame: gpd.GeoDataFrame
    quarantine: pd.DataFrame
    rows: NDArray[np.int64]
    repairs: NDArray[np.object_]
    notes: tuple[str, ...]
    crs: str


def understand(
    project: Project,
    raw: RawTable,
    kind: str,
    mapping: ColumnMapping,
    *,
    name: str = "",
    crs: str = "",
    taken_ids: pd.Series | None = None,
    progress: Progress = SILENT,
) -> Understood:
    """Read a table as `mapping` says; the import and its preview both call this.

    Parameters
    ----------
    project : Project
        Gives the CRS, the area that points must lie in, and the secret for pseudonyms.
    raw : RawTable
    kind : str
        A kind of the catalogue.
    mapping : ColumnMapping
        As `mapping.suggest_mapping` gives it.
    name : str
        The layer that this one will replace; it does not count for the project's area.
    crs : str
        The CRS of the table; where empty, what it says.
    taken_ids : Series, optional
        Ids that no row may have, because others of the layer have them.
    progress : Progress

    Raises
    ------
    GisappError
        Where the table has no rows, no coordinates or no CRS.
    """
    definition = load_catalogue().kind(kind)
    check_rows(raw)
    progress.step(0, _STEPS, _("Looking for personal data"))
    columns, personal = _without_identifiers(raw, mapping)
    progress.step(1, _STEPS, _("Placing the rows"))
    area = project_area(project, replacing=name)
    placed, from_crs, settled = _place(raw, definition, mapping.location, crs, project.crs, area)
    progress.step(2, _STEPS, _("Reading the columns"))
    fields, unread = _fields(columns, definition, mapping, raw)
    attributes = with_other_columns(fields, columns, mapping)
    placed.repaired(blanks(raw, mapping), "trimmed")
    progress.step(3, _STEPS, _("Checking the ids"))
    ids, id_notes = ids_of(raw, mapping, project.key)
    placed.reason[repeated(ids, placed.reason != "", taken_ids)] = "duplicate_id"
    attributes.insert(0, "id", ids)
    taken = placed.reason == ""
    of_crs = _settled_note(from_crs) if settled else _crs_note(raw, crs)
    return Understood(
        frame=gpd.GeoDataFrame(
            attributes[taken].reset_index(drop=True),
            geometry=placed.geometry[taken],
            crs=project.crs,
        ),
        quarantine=quarantine(raw, columns, ids, placed.reason, mapping),
        rows=row_numbers(raw)[taken],
        repairs=_repair_words(placed)[taken],
        notes=(*of_crs, *id_notes, *personal, *unread, *_area_note(placed, area)),
        crs=from_crs,
    )


def check_rows(raw: RawTable) -> None:
    """Refuse a table without rows, and one of more columns than a project file can keep."""
    if raw.columns.shape[1] > _MOST_COLUMNS:
        raise GisappError(
            _("{table} has {n} columns; a project keeps at most {most} of a table.").format(
                table=raw.name, n=number(raw.columns.shape[1]), most=number(_MOST_COLUMNS)
            ),
            _("Delete the columns that you do not need; often rows and columns are swapped."),
        )
    if len(raw.columns) == 0 and not raw.unreadable:
        raise GisappError(
            _("{table} holds no rows.").format(table=raw.name),
            _("Choose a layer or sheet that holds rows."),
        )


def _without_identifiers(
    raw: RawTable, mapping: ColumnMapping
) -> tuple[pd.DataFrame, tuple[str, ...]]:
    location = mapping.location
    columns = raw.columns.drop(
        columns=[*location.columns, *set(location.companions) - set(mapping.fields.values())]
    )
    kept, notes = without_identifiers(columns, mapping.fields.values(), {mapping.id_column})
    if not mapping.id_column:
        notes += key_note(columns.drop(columns=kept.columns))
    return kept, notes


def _place(
    raw: RawTable, kind: Kind, location: Location, crs: str, project_crs: str, area: Area
) -> tuple[Placed, str, bool]:
    """Place every row; also return the CRS read from, and whether the area alone says so."""
    if location.form == "none":
        if kind.location_required:
            raise GisappError(
                _("{table} has no coordinates that could be found.").format(table=raw.name),
                _(
                    "Name their columns (on the command line --map lat=COLUMN --map lon=COLUMN; "
                    "x and y, geopoint, wkt, geojson too)."
                ),
            )
        return place_nowhere(len(raw.columns), kind), "", False
    from_crs, settled = crs_of(raw, location, crs, project_crs, area)
    ground = Ground(_crs(from_crs), _crs(project_crs), area)
    placed = _placed(raw, kind, location, ground)
    if settled:
        placed.repaired(~shapely.is_missing(placed.geometry), "reprojected")
    return placed, from_crs, settled


def _placed(raw: RawTable, kind: Kind, location: Location, ground: Ground) -> Placed:
    if location.form == "pair":
        x, y = (raw.columns[column] for column in location.columns)
        return place_pairs(x, y, kind, ground)
    if location.form == "geopoint":
        parts = split_geopoints(raw.columns[location.columns[0]])
        return place_pairs(parts["lon"], parts["lat"], kind, ground)
    if location.form == "geometry" and raw.geometry is not None:
        points = point_coordinates(raw.geometry)
        if points is not None:
            return place_coordinates(*points, kind, ground)
    geometry, unreadable = _decode(raw, location)
    placed = place_geometries(geometry, unreadable, kind, ground)
    placed.refuse(unreadable, "unreadable_row" if location.form == "geometry" else "bad_number")
    return placed


def _decode(raw: RawTable, location: Location) -> tuple[NDArray[np.object_], NDArray[np.bool_]]:
    """Return the geometries as shapely's, and where one stood that could not be read."""
    if location.form == "geometry":
        assert raw.geometry is not None
        given = pd.notna(raw.geometry)
        geometry = shapely.from_wkb(raw.geometry, on_invalid="ignore")
    else:
        column = raw.columns[location.columns[0]]
        given = clean_text(column).notna().to_numpy(dtype=bool)
        geometry = read_shapes(column, location.form)
    return geometry, given & shapely.is_missing(geometry)


def _crs(text: str) -> CRS:
    try:
        return CRS.from_user_input(text)
    except CRSError as error:
        raise GisappError(
            _("{crs} is not a CRS that is known here.").format(crs=text),
            _("Name it by its code, for example EPSG:32748."),
        ) from error


def ids_of(raw: RawTable, mapping: ColumnMapping, key: str) -> tuple[pd.Series, tuple[str, ...]]:
    """Return an id for every row, and what there is to say about them."""
    numbers = row_numbers(raw)
    if not mapping.id_column:
        made = pd.Series(numbers, index=raw.columns.index).astype("str")
        return made, (_("No id column was found: the rows' numbers are their ids."),)
    ids = record_keys(raw.columns[mapping.id_column], key)
    missing = int(ids.isna().sum())
    if not missing:
        return ids, ()
    note = ngettext(
        "{n} row has no id and was given one from its row number.",
        "{n} rows have no id and were given one from their row number.",
        missing,
    ).format(n=number(missing))
    return made_ids(ids, numbers), (note,)


def _fields(
    columns: pd.DataFrame, kind: Kind, mapping: ColumnMapping, raw: RawTable
) -> tuple[dict[str, pd.Series], tuple[str, ...]]:
    """Return the kind's fields, read or all missing, and what could not be read."""
    given = {name: columns[c] for name, c in mapping.fields.items() if c in columns}
    if mapping.location.form == "geopoint" and _PRECISION in kind.fields:
        geopoints = split_geopoints(raw.columns[mapping.location.columns[0]])
        given.setdefault(_PRECISION, geopoints["precision"])
    absent = pd.Series(None, index=columns.index, dtype="str")
    reads = {
        name: read_field(given.get(name, absent), field, mapping.values.get(name, {}))
        for name, field in kind.fields.items()
        if name in given or not field.verbatim
    }
    notes = tuple(note for read in reads.values() for note in read.notes)
    return {name: read.values for name, read in reads.items()}, notes


def with_other_columns(
    fields: Mapping[str, pd.Series], columns: pd.DataFrame, mapping: ColumnMapping
) -> pd.DataFrame:
    """Put the columns that are no field behind the fields; a name that is taken gets ``_raw``."""
    attributes = dict(fields)
    taken = {name.lower() for name in fields} | _RESERVED_COLUMNS
    for name in columns.columns.difference(
        [*mapping.fields.values(), mapping.id_column], sort=False
    ):
        free = str(name)
        while free.lower() in taken:
            free += "_raw"
        taken.add(free.lower())
        attributes[free] = columns[name]
    return pd.DataFrame(attributes, index=columns.index)


def blanks(raw: RawTable, mapping: ColumnMapping) -> NDArray[np.bool_]:
    """Return where an id or a field had blanks around it, shape (n,)."""
    found = np.zeros(len(raw.columns), dtype=bool)
    for column in {mapping.id_column, *mapping.fields.values()} - {""}:
        found |= has_blanks(raw.columns[column])
    return found


def _repair_words(placed: Placed) -> NDArray[np.object_]:
    words = np.full(len(placed.reason), "", dtype=object)
    for word, rows in placed.repairs.items():
        words[rows] += np.where(words[rows] == "", word, f" {word}")
    return words


def _crs_note(raw: RawTable, named: str) -> tuple[str, ...]:
    if not named or not raw.crs:
        return ()
    try:
        same = _crs(raw.crs).equals(_crs(named), ignore_axis_order=True)
    except GisappError:  # naming one is the way out of a CRS that cannot be read
        same = False
    if same:
        return ()
    return (
        _(
            "The source says that it is in another CRS than {crs}; it was read as you named it."
        ).format(crs=named),
    )


def _settled_note(crs: str) -> tuple[str, ...]:
    return (
        _(
            "The source does not say its CRS; it was read as {crs}, the only one in which its "
            "points lie in the project's area."
        ).format(crs=crs),
    )


def _area_note(placed: Placed, area: Area) -> tuple[str, ...]:
    n = int((placed.reason == "outside_area").sum())
    if not n:
        return ()
    return (
        ngettext(
            "{n} row lies more than 500 m outside the project's area ({area}).",
            "{n} rows lie more than 500 m outside the project's area ({area}).",
            n,
        ).format(n=number(n), area=area.origin),
    )
