"""Vector files through GDAL, layer by layer, as Arrow."""

from __future__ import annotations

import difflib
import json
import warnings
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc

from gisapp.core.words import _
from gisapp.io.readers.contents import Reading, ReadTable, Tick, Unreadable
from gisapp.io.readers.gdal import confined

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

_BATCH_ROWS = 20_000
_MOST_GDAL_WARNINGS = 5


def read_vector(path: Path, driver: str, layer: str | None, tick: Tick, **options: str) -> Reading:
    """Read the layers of a file through the GDAL driver that its content asks for.

    Parameters
    ----------
    path : Path
        The file, under a name of our own.
    driver : str
        The driver that must open it; one of `gdal.DRIVERS`.
    layer : str, optional
        Only the layer of this name.
    tick : callable
        Told the number of rows as they come.
    **options
        Open options of the driver.

    Raises
    ------
    Unreadable
        Where the driver refuses it, a layer is shorter than it says, or there is no such layer.
    """
    pyogrio = confined()
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            names = [str(name) for name, _kind in pyogrio.list_layers(path)]
            wanted = [i for i, name in enumerate(names) if layer in (None, name)]
            if layer is not None and not wanted:
                raise no_such_layer(layer, names)
            tables, notes = [], []
            for i in wanted:
                tables.append(_read_layer(pyogrio, path, i, names[i], driver, options, tick, notes))
        except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError) as error:
            raise _refused(error) from error
        except (pa.ArrowInvalid, pa.ArrowException, OSError, RuntimeError) as error:
            raise _refused(error) from error
    return Reading(driver, tables, [*notes, *_gdal_sentences(caught)])


def no_such_layer(layer: str, names: Sequence[str]) -> Unreadable:
    """Make the refusal that names the layers there are."""
    near = difflib.get_close_matches(layer, names, n=1, cutoff=0.4) or list(names[:1])
    return Unreadable(
        _("it has no layer “{layer}”").format(layer=layer),
        _("Did you mean “{near}”? Its layers are: {names}.").format(
            near="".join(near), names=", ".join(names[:20])
        ),
    )


def _read_layer(
    pyogrio: Any,
    path: Path,
    index: int,
    name: str,
    driver: str,
    options: dict[str, str],
    tick: Tick,
    notes: list[str],
) -> ReadTable:
    info = pyogrio.read_info(path, layer=index, force_feature_count=True, **options)
    if info["driver"] != driver:
        raise Unreadable(
            _("its content is not what its name says"),
            _("Save it again in the program that made it."),
        )
    with pyogrio.raw.open_arrow(
        path,
        layer=index,
        batch_size=_BATCH_ROWS,
        use_pyarrow=True,
        datetime_as_string=True,
        **options,
    ) as (meta, reader):
        batches, rows = [], 0
        for batch in reader:
            batches.append(batch)
            rows += batch.num_rows
            tick(rows, max(info["features"], 0))
        table = pa.Table.from_batches(batches, schema=reader.schema)
    if rows < info["features"]:
        raise Unreadable(
            _("layer “{name}” ends after {rows} of {n} features").format(
                name=name, rows=rows, n=info["features"]
            ),
            _("Copy or download the file again; a part of it is missing."),
        )
    return _as_read_table(name, table, meta, notes)


def _as_read_table(name: str, table: Any, meta: dict[str, Any], notes: list[str]) -> ReadTable:
    wkb = None
    if meta["geometry_type"] is not None:
        position = table.schema.get_all_field_indices(meta["geometry_name"] or "wkb_geometry")[-1]
        wkb = pc.cast(table.column(position), pa.binary())
        table = table.remove_column(position)
    return ReadTable(
        name=name,
        columns=_plain_columns(table, name, notes),
        wkb=wkb,
        geometry_type=meta["geometry_type"] or "",
        crs=_stated_crs(meta["crs"]),
    )


def _stated_crs(crs: str | None) -> str:
    """Give the coordinate system; GeoPackage's “undefined” ones are none."""
    if crs is None or "undefined" in crs[:80].lower() or crs.startswith("LOCAL_CS"):
        return ""
    return crs


def _plain_columns(table: Any, name: str, notes: list[str]) -> Any:
    """Turn every column into text, int64 or double; say which ones are left out."""
    names, columns = [], []
    for field, column in zip(table.schema, table.columns, strict=True):
        plain = _plain(column)
        if plain is None:
            notes.append(
                _("Layer “{name}”: column “{column}” holds binary data and was left out.").format(
                    name=name, column=field.name
                )
            )
        else:
            names.append(field.name)
            columns.append(plain)
    if not columns:
        return pa.table({"": pa.nulls(table.num_rows)}).select([])
    return pa.Table.from_arrays(columns, names=names)


def _plain(column: Any) -> Any:
    kind = column.type
    if pa.types.is_integer(kind):
        return pc.cast(column, pa.int64())
    if pa.types.is_floating(kind):
        return pc.cast(column, pa.float64())
    if pa.types.is_binary(kind) or pa.types.is_large_binary(kind):
        return None
    if pa.types.is_nested(kind):
        texts = [None if value is None else json.dumps(value) for value in column.to_pylist()]
        return pa.array(texts, pa.string())
    return pc.cast(column, pa.string())


def _refused(error: Exception) -> Unreadable:
    text = " ".join(str(error).replace("It might help to specify the correct driver", "").split())
    return Unreadable(
        _("the reader refuses it ({reason})").format(reason=text[:160]),
        _("Save it again in the program that made it, or copy it again if it may be damaged."),
    )


def _gdal_sentences(caught: Sequence[warnings.WarningMessage]) -> list[str]:
    texts = dict.fromkeys(" ".join(str(each.message).split())[:200] for each in caught)
    return [
        _("While reading: {text}").format(text=text) for text in list(texts)[:_MOST_GDAL_WARNINGS]
    ]
