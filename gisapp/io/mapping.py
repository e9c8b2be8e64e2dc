"""From a foreign table's columns to a kind's fields: what the user says, and what is recognised."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from gisapp.core.errors import GisappError
from gisapp.core.identifiers import is_direct_name, normal_name
from gisapp.core.words import _
from gisapp.io.catalogue import load_catalogue, unknown_name
from gisapp.io.kobo import is_submission, points_at_parent
from gisapp.io.locations import LOCATION_NAMES, NOWHERE, Location, find_location
from gisapp.io.values import UNKNOWN

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    import pandas as pd

    from gisapp.core.catalogue import Kind
    from gisapp.core.recipe import Recipe
    from gisapp.io.source import RawTable, Source

# Columns that are an id whatever they hold, and those that are one only where every row
# has another value (in a relation ``id`` can be the household's).
_IDS = ("id", "_uuid", "uuid")
_PERHAPS_IDS = (
    r"_id|row_id|kode.*|code|objectid(_\d+)?|fid|gid|ogc_fid|id[_ ].+|.+[_ ]id|id_?\d*"
    r"|no(?:mor)?|no(?:mor)?[_. ]*urut|number"
)
# A column of ids may repeat one or lack it here and there: those rows are told and kept apart.
_MOSTLY = 0.9
_SHAPEFILE_NAME_LENGTH = 10
# What people put behind a name, "Laba bersih (Rp)", where it is the unit that a field has anyway.
_UNIT_BEHIND = re.compile(r"(.*\S)\s*[(\[]([^()\[\]]+)[)\]]\s*")
_UNITS = {
    "IDR/month": ("rp", "idr", "rupiah", "rp_bulan", "rp_bln", "rp_per_bulan", "idr_month"),
    "IDR": ("rp", "idr", "rupiah"),
    "persons": ("orang", "org", "jiwa", "persons", "people"),
    "m": ("m", "meter", "metre", "metres"),
}


@dataclass(frozen=True)
class ColumnMapping:
    """How a table is read.

    Parameters
    ----------
    fields : mapping
        Field of the kind to column.
    values : mapping
        Field to the user's words for its values: raw text to code.
    id_column : str
        Empty: the rows are numbered.
    location : Location
        Where the rows say where they lie.
    """

    fields: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    id_column: str = ""
    location: Location = NOWHERE

    def recipe(self) -> dict[str, str]:
        """Return the mapping in the words of ``--map`` and ``--value``, as a report keeps it."""
        words = dict(self.fields)
        if self.id_column:
            words["id"] = self.id_column
        if self.location.form == "pair":
            names = ("lon", "lat") if self.location.geographic else ("x", "y")
            words |= dict(zip(names, self.location.columns, strict=True))
        elif self.location.columns:
            words[self.location.form] = self.location.columns[0]
        for name, codes in self.values.items():
            words |= {f"{name}:{raw}": code for raw, code in codes.items()}
        return words


def parted(words: Mapping[str, str]) -> tuple[dict[str, str], dict[str, dict[str, str]]]:
    """Part what `ColumnMapping.recipe` returns into fields (to column) and values (to codes)."""
    fields = {name: column for name, column in words.items() if ":" not in name}
    values: dict[str, dict[str, str]] = {}
    for word, code in words.items():
        name, mark, raw = word.partition(":")
        if mark:
            values.setdefault(name, {})[raw] = code
    return fields, values


def suggest_mapping(
    raw: RawTable,
    kind: str,
    *,
    fields: Mapping[str, str] | None = None,
    values: Mapping[str, Mapping[str, str]] | None = None,
) -> ColumnMapping:
    """Say how a table is read as a kind.

    Parameters
    ----------
    raw : RawTable
    kind : str
        A kind of the catalogue.
    fields : mapping, optional
        What the user says: field, ``id`` or one of `LOCATION_NAMES` to column; a field to an empty
        text where no column is to be taken for it. The rest is found by name, and coordinates and
        ids by content too.
    values : mapping, optional
        What the user says of values: field to raw text to code.

    Raises
    ------
    GisappError
        For a field, column or code that does not exist; the message names the nearest.
    """
    definition = load_catalogue().kind(kind)
    named = {name: column for name, column in (fields or {}).items() if column}
    left_out = (fields or {}).keys() - named.keys()
    values = values or {}
    _check_fields(named, values, definition, raw)
    places = {name: named.pop(name) for name in LOCATION_NAMES if name in named}
    id_column = named.pop("id", "")
    location = NOWHERE if definition.geometry == "table" else _location(raw, places, definition)
    found = _recognise(raw.columns.columns, definition, named, location)
    if location.precision and "gps_precision_m" in definition.fields:
        found.setdefault("gps_precision_m", location.precision)
    found = {name: column for name, column in found.items() if name not in left_out}
    if not id_column and "id" not in left_out:
        id_column = _id_column(raw.columns, definition, found)
    return ColumnMapping(found, values, id_column, location)


def _check_fields(
    named: Mapping[str, str],
    values: Mapping[str, Mapping[str, str]],
    kind: Kind,
    raw: RawTable,
) -> None:
    allowed = {*kind.fields, "id", *(LOCATION_NAMES if kind.geometry != "table" else ())}
    for name, column in named.items():
        if name not in allowed:
            raise GisappError(
                _("{kind} has no such field: {why}").format(
                    kind=kind.name, why=unknown_name(name, allowed)
                ),
                _("Name a field of the kind: --map FIELD=COLUMN."),
            )
        if column not in raw.columns:
            raise GisappError(
                _("{table} has no such column: {why}").format(
                    table=raw.name, why=unknown_name(column, map(str, raw.columns))
                ),
                _("Name a column of the source: --map FIELD=COLUMN."),
            )
    for name, codes in values.items():
        _check_codes(name, codes, kind)


def _check_codes(name: str, codes: Mapping[str, str], kind: Kind) -> None:
    if name not in kind.fields:
        raise GisappError(
            _("{kind} has no such field: {why}").format(
                kind=kind.name, why=unknown_name(name, kind.fields)
            ),
            _("Name a field of the kind: --value FIELD:RAW=CODE."),
        )
    known = kind.fields[name].codes
    for code in codes.values():
        if known and code not in known and code != UNKNOWN:
            raise GisappError(
                _("{field} has no such code: {why}").format(
                    field=name, why=unknown_name(code, known)
                ),
                _("Name a code of the field: --value FIELD:RAW=CODE."),
            )


def _location(raw: RawTable, places: Mapping[str, str], kind: Kind) -> Location:
    return find_location(raw, places, shapes=kind.geometry in ("polygon", "polygon_or_point"))


def _recognise(
    columns: Collection[str], kind: Kind, named: Mapping[str, str], location: Location
) -> dict[str, str]:
    """Find a column for every field the user did not name: by its name, then by its aliases."""
    taken = {*named.values(), *location.columns, *location.companions}
    names = {
        normal_name(c): c
        for c in reversed(list(columns))
        if c not in taken and not _is_option(str(c), columns)
    }
    bare = _without_units(names.values())
    found = dict(named)
    for wanted in (_by_name, _by_alias, _by_label, _by_cut_name):
        for field_name, definition in kind.fields.items():
            known = {**bare.get(definition.unit, {}), **names}
            column = known.get(wanted(field_name, kind, known))
            if column and field_name not in found and column not in found.values():
                found[field_name] = column
    return {name: found[name] for name in kind.fields if name in found}


def _without_units(columns: Collection[str]) -> dict[str, dict[str, str]]:
    """Return by unit the columns that name it behind their name, by what stands before it."""
    bare: dict[str, dict[str, str]] = {}
    for column in columns:
        parts = _UNIT_BEHIND.fullmatch(str(column))
        if parts is not None:
            name, word = normal_name(parts[1]), normal_name(parts[2].replace("/", " "))
            for unit in (unit for unit, words in _UNITS.items() if word in words):
                bare.setdefault(unit, {})[name] = column
    return bare


def _is_option(column: str, columns: Collection[str]) -> bool:
    """Whether a column is one answer to a question with several: ``q/option`` beside ``q``."""
    question, _slash, option = column.rpartition("/")
    return bool(option) and question in columns


def _by_name(field_name: str, kind: Kind, names: Mapping[str, str]) -> str:
    del kind, names
    return normal_name(field_name)


def _by_alias(field_name: str, kind: Kind, names: Mapping[str, str]) -> str:
    return next((x for x in kind.fields[field_name].aliases if x in names), "")


def _by_label(field_name: str, kind: Kind, names: Mapping[str, str]) -> str:
    """Return what the catalogue calls the field in either language, as other programs export it.

    A label such as “Nama” is no reason to take a column that may name people.
    """
    labels = map(normal_name, kind.fields[field_name].labels.values())
    catalogue = load_catalogue()
    return next((x for x in labels if x in names and not is_direct_name(x, catalogue)), "")


def _by_cut_name(field_name: str, kind: Kind, names: Mapping[str, str]) -> str:
    """Return the name as a Shapefile cuts it, where no other field is cut to the same."""
    cut = field_name[:_SHAPEFILE_NAME_LENGTH].lower()
    same = [x for x in kind.fields if x[:_SHAPEFILE_NAME_LENGTH].lower() == cut]
    return normal_name(cut) if len(same) == 1 and cut in names else ""


def _id_column(columns: pd.DataFrame, kind: Kind, fields: Mapping[str, str]) -> str:
    names = {str(c).lower(): str(c) for c in reversed(list(columns.columns))}
    sure = [names[name] for name in _IDS if name in names]
    sure += [c for c in map(str, columns.columns) if is_submission(c) and c not in sure]
    if sure and "household_id" not in kind.fields:
        return sure[0]
    perhaps = [fields["code"]] if kind.name == "admin" and "code" in fields else sure
    perhaps += [
        c
        for name, c in names.items()
        if re.fullmatch(_PERHAPS_IDS, normal_name(name))
        and c not in fields.values()
        and not c.startswith(("_parent", "_submission"))
    ]
    enough = 1.0 if "household_id" in kind.fields or kind.name == "admin" else _MOSTLY
    return next((c for c in perhaps if _uniqueness(columns[c]) >= enough), "")


def _uniqueness(column: pd.Series) -> float:
    return column.nunique() / len(column) if len(column) else 1.0


def mapping_of(raw: RawTable, recipe: Recipe) -> ColumnMapping:
    """Return what the user has decided, completed by what is recognised."""
    return suggest_mapping(raw, recipe.kind, fields=recipe.fields, values=recipe.values)


def choose_table(source: Source, kind: str, sheet: str, fields: Mapping[str, str]) -> RawTable:
    """Choose the table of a source to read: the one named, else the only one that fits.

    Raises
    ------
    GisappError
        Where there is no such table, none that fits, or more than one.
    """
    tables = {table.name: table for table in source.tables}
    if sheet:
        if sheet in tables:
            return tables[sheet]
        raise GisappError(
            _("{source} has no such table: {why}").format(
                source=source.path, why=unknown_name(sheet, tables)
            ),
            _("Name one of its layers or sheets with --sheet."),
        )
    fitting = list(source.tables)
    if len(fitting) > 1:
        fitting = [x for x in source.tables if _fits(x, kind, fields)]
    if len(fitting) == 1:
        return fitting[0]
    raise GisappError(
        _("{source} holds several tables: {names}.").format(
            source=source.path, names=", ".join(tables)
        )
        if tables
        else _("{source} holds no table.").format(source=source.path),
        _("Say which one with --sheet.") if tables else _("Choose a source that holds rows."),
    )


def _fits(raw: RawTable, kind: str, fields: Mapping[str, str]) -> bool:
    """Whether a table has the named columns and what its kind cannot do without."""
    if any(column not in raw.columns for column in fields.values() if column):
        return False
    definition = load_catalogue().kind(kind)
    if definition.geometry == "table":
        found = _recognise(raw.columns.columns, definition, fields, NOWHERE)
        needed = [x.name for x in definition.fields.values() if x.required]
        found |= {"household_id": ""} if points_at_parent(raw.columns.columns) else {}
        return all(x in found for x in needed) if needed else bool(found)
    return find_location(raw, {}).form != "none"
