"""Vector files through GDAL, layer by layer, as Arrow."""

from __future__ import annotations

import difflib
import json
import re
import warnings
from collections import Counter
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import shapely

from gisapp.core.words import _
from gisapp.io.limits import MOST_LAYERS, MOST_NESTED, MOST_ROWS
from gisapp.io.readers.contents import Reading, ReadTable, Tick, Unreadable
from gisapp.io.readers.gdal import confined

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

_BATCH_ROWS = 20_000
_MOST_GDAL_WARNINGS = 5


def read_vector(
    path: Path,
    driver: str,
    layer: str | None,
    tick: Tick,
    *,
    counted: Mapping[str, int] | None = None,
    **options: str,
) -> Reading:
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
    counted : mapping of str to int, optional
        The layers to read and their rows, where GDAL lists others or does not count itself.
    **options
        Open options of the driver.

    Raises
    ------
    Unreadable
        Where the driver refuses it, a layer is shorter than it says, or there is no such layer.
    """
    file = _VectorFile(path, driver, options, counted, tick)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            tables = file.read(layer)
        except MemoryError:  # Arrow's is one of its other errors too
            raise
        except (*file.errors, pa.ArrowException, OSError, UnicodeDecodeError) as error:
            raise _refused(error) from error
    return Reading(driver, tables, [*file.notes, *_gdal_sentences(caught)])


def too_many_rows(rows: int) -> Unreadable:
    """Make the refusal of a table that no map could hold."""
    return Unreadable(
        _("it holds {n} rows").format(n=rows),
        _("Save the part that you need as a file of its own."),
    )


def no_such_layer(layer: str, names: Sequence[str]) -> Unreadable:
    """Make the refusal that names the layers there are."""
    near = difflib.get_close_matches(layer, names, n=1, cutoff=0.4) or list(names[:1])
    return Unreadable(
        _("it has no layer “{layer}”").format(layer=layer),
        _("Did you mean “{near}”? Its layers are: {names}.").format(
            near="".join(near), names=", ".join(names[:20])
        ),
    )


class _VectorFile:
    """One open file: GDAL asked layer by layer."""

    def __init__(
        self,
        path: Path,
        driver: str,
        options: dict[str, str],
        counted: Mapping[str, int] | None,
        tick: Tick,
    ) -> None:
        self._pyogrio = confined()
        self._path = path
        self._driver = driver
        self._options = options
        self._counted = counted
        self._tick = tick
        self.notes: list[str] = []
        self.errors = (
            self._pyogrio.errors.DataSourceError,
            self._pyogrio.errors.DataLayerError,
            self._pyogrio.errors.FeatureError,
            self._pyogrio.errors.FieldError,
            self._pyogrio.errors.GeometryError,
        )

    def read(self, layer: str | None) -> list[ReadTable]:
        """Read the wanted layers, in the file's order."""
        names = [str(name) for name, _kind in self._pyogrio.list_layers(self._path)]
        wanted = [
            (i, name)
            for i, name in enumerate(names)
            if layer in (None, name) and (self._counted is None or name in self._counted)
        ]
        if len(wanted) > MOST_LAYERS:
            raise Unreadable(
                _("it holds {n} layers").format(n=len(wanted)),
                _("Save the layers that you need as a file of their own."),
            )
        if layer is not None and not wanted:
            raise no_such_layer(layer, names)
        # KML has folders of one name, and options change the numbers: the name where it is one's.
        return [self._layer(name, name if names.count(name) == 1 else i) for i, name in wanted]

    def _layer(self, name: str, key: str | int) -> ReadTable:
        self._tick(0, 0)
        count = self._counted is None
        info = self._pyogrio.read_info(
            self._path, layer=key, force_feature_count=count, **self._options
        )
        rows = info["features"] if self._counted is None else self._counted[name]
        if info["driver"] != self._driver:
            raise Unreadable(
                _("its content is not what its name says"),
                _("Save it again in the program that made it."),
            )
        table, meta = self._rows(key, rows)
        if table.num_rows < rows:
            raise Unreadable(
                _("layer “{name}” ends after {rows} of {n} features").format(
                    name=name, rows=table.num_rows, n=rows
                ),
                _("Copy or download the file again; a part of it is missing."),
            )
        return self._read_table(name, key, table, meta)

    def _rows(self, key: str | int, expected: int) -> tuple[Any, dict[str, Any]]:
        with self._pyogrio.raw.open_arrow(
            self._path,
            layer=key,
            batch_size=_BATCH_ROWS,
            use_pyarrow=True,
            datetime_as_string=True,
            **self._options,
        ) as (meta, reader):
            batches, rows = [], 0
            for batch in reader:
                batches.append(batch)
                rows += batch.num_rows
                if rows > MOST_ROWS:
                    raise too_many_rows(max(rows, expected))
                self._tick(rows, max(expected, 0))
            return pa.Table.from_batches(batches, schema=reader.schema), meta

    def _read_table(self, name: str, key: str | int, table: Any, meta: dict[str, Any]) -> ReadTable:
        wkb = None
        if meta["geometry_type"] is not None:
            column = meta["geometry_name"] or "wkb_geometry"
            position = table.schema.get_all_field_indices(column)[-1]
            wkb = self._sound(name, key, pc.cast(table.column(position), pa.binary()))
            table = table.remove_column(position)
        return ReadTable(
            name=name,
            columns=plain_columns(table, name, self.notes),
            wkb=wkb,
            geometry_type=meta["geometry_type"] or "",
            crs=_stated_crs(meta["crs"]),
        )

    def _sound(self, name: str, key: str | int, column: Any) -> Any:
        """Give the geometries with curves made lines, and only such as GEOS can read."""
        try:
            return sound_wkb(column, name, self.notes)
        except NotImplementedError:  # shapely knows no curves; only this way of reading cuts them
            _meta, _fids, binary, _fields = self._pyogrio.raw.read(
                self._path, layer=key, columns=[], **self._options
            )
            whole = pa.chunked_array([pa.array(binary, pa.binary())])
            return sound_wkb(whole, name, self.notes)


def sound_wkb(column: Any, name: str, notes: list[str]) -> Any:
    """Return a chunked array of WKB with only what GEOS can read; say in `notes` what it was not.

    Who reads them later, outside this process, shall meet nothing that GEOS has not read here.
    """
    counts: Counter[str] = Counter()
    chunks = [_mended(chunk, counts) for chunk in column.chunks]
    if counts["closed"]:
        notes.append(
            _("Layer “{name}”: {n} geometries had open rings, which were closed.").format(
                name=name, n=counts["closed"]
            )
        )
    if counts["lost"]:
        notes.append(
            _("Layer “{name}”: {n} geometries are broken and were left out.").format(
                name=name, n=counts["lost"]
            )
        )
    return pa.chunked_array(chunks, type=pa.binary())


def _mended(chunk: Any, counts: Counter[str]) -> Any:
    """Close open rings and leave broken geometries out of one chunk of WKB, counting them."""
    if not len(chunk):
        return chunk
    wkb = chunk.to_numpy(zero_copy_only=False)
    with np.errstate(invalid="ignore"):  # NaN is told by the inspection, not by numpy
        shapes = shapely.from_wkb(wkb, on_invalid="ignore")
    deep = _too_deep(shapes)
    unread = shapely.is_missing(shapes) & chunk.is_valid().to_numpy(zero_copy_only=False)
    broken = unread | deep
    if not broken.any():
        return chunk
    wkb = wkb.copy()
    wkb[deep] = None
    closed = shapely.from_wkb(wkb[broken], on_invalid="fix")
    wkb[broken] = shapely.to_wkb(closed)
    lost = int(shapely.is_missing(closed).sum())
    counts.update(lost=lost, closed=len(closed) - lost)
    return pa.array(wkb, pa.binary())


def _too_deep(shapes: NDArray[np.object_]) -> NDArray[np.bool_]:
    """Say which collections hold others in others: whoever works on them recurses."""
    deep = np.zeros(len(shapes), dtype=bool)
    parts, rows = shapes, np.arange(len(shapes))
    for _level in range(MOST_NESTED):
        nested = shapely.get_type_id(parts) == shapely.GeometryType.GEOMETRYCOLLECTION
        if not nested.any():
            return deep
        rows = rows[nested]
        parts, owners = shapely.get_parts(parts[nested], return_index=True)
        rows = rows[owners]
    deep[rows] = True
    return deep


def _stated_crs(crs: str | None) -> str:
    """Give the coordinate system; GeoPackage's “undefined” ones are none."""
    if crs is None or "undefined" in crs[:80].lower() or crs.startswith("LOCAL_CS"):
        return ""
    return crs


def plain_columns(table: Any, name: str, notes: list[str]) -> Any:
    """Turn every column into text, int64 or double; say which ones are left out."""
    names, columns = [], []
    for field, column in zip(table.schema, table.columns, strict=True):
        plain = _plain(column)
        if plain is not None and pa.types.is_string(plain.type):
            plain = _true_text(plain, field.name, name, notes)
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
        fits = kind != pa.uint64() or (pc.max(column).as_py() or 0) < 1 << 63
        return pc.cast(column, pa.int64() if fits else pa.string())
    if pa.types.is_floating(kind):
        return pc.cast(column, pa.float64())
    if pa.types.is_binary(kind) or pa.types.is_large_binary(kind):
        return None
    if pa.types.is_nested(kind):
        texts = [x if x is None else json.dumps(x, default=str) for x in column.to_pylist()]
        return pa.array(texts, pa.string())
    return pc.cast(column, pa.string())


def _true_text(column: Any, title: str, name: str, notes: list[str]) -> Any:
    """Return text of which every character can be read; a driver may hand on any bytes."""
    try:
        column.validate(full=True)
    except pa.ArrowInvalid:
        sentence = _("Layer “{name}”: text in “{column}” is in another encoding than is stated.")
        notes.append(sentence.format(name=name, column=title))
        raw = pc.cast(column, pa.binary()).to_pylist()
        texts = [None if x is None else x.decode("utf-8", "replace") for x in raw]
        return pa.array(texts, pa.string())
    return column


# The folders of a path: files are read under plain names in a scratch folder nobody knows.
_FOLDERS = re.compile(r"(?:[A-Za-z]:)?[/\\]\S*[/\\](?=\S)")


_UNKNOWN = "not recognized as being in a supported file format"


def _refused(error: Exception) -> Unreadable:
    said = str(error)
    if _UNKNOWN in said:
        said = _("it is damaged, or not of the kind that it seems")
    return Unreadable(
        _("the reader refuses it ({reason})").format(reason=_without_folders(said)[:160]),
        _("Save it again in the program that made it, or copy it again if it may be damaged."),
    )


def _without_folders(text: str) -> str:
    return _FOLDERS.sub("", " ".join(text.split()))


def _gdal_sentences(caught: Sequence[warnings.WarningMessage]) -> list[str]:
    texts = dict.fromkeys(_without_folders(str(each.message))[:200] for each in caught)
    return [
        _("While reading: {text}").format(text=text) for text in list(texts)[:_MOST_GDAL_WARNINGS]
    ]
