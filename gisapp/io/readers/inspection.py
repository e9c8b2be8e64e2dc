"""What is odd about a table's geometries and columns, said in plain sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import shapely

from gisapp.core.words import _

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from gisapp.io.readers.contents import ReadTable

_MOST_COMPARED_COLUMNS = 200
_IDENTIFIERS = frozenset({"id", "_id", "uuid", "_uuid", "objectid", "gid", "code", "kode"})
# UTF-8 read as Latin-1 or cp1252, and characters that a decoder gave up on.
_MOJIBAKE = "Ã[\u0080-\u00bf]|â€|Â[\u00a0-\u00bf]|\ufffd"
_COLLECTION = 7
_ENDLESS = 1e15
_HALF_TURN, _QUARTER_TURN = 180.0, 90.0


def inspect(table: ReadTable) -> list[str]:
    """Say what is odd about one table.

    Returns
    -------
    list of str
        Sentences, each naming the table.
    """
    sentences = [*_column_sentences(table)]
    if table.wkb is not None:
        sentences += _of_wkb(table)
    return [
        _("Layer “{name}”: {what}").format(name=table.name, what=sentence) for sentence in sentences
    ]


def _of_wkb(table: ReadTable) -> Iterator[str]:
    wkb = table.wkb.to_numpy(zero_copy_only=False) if len(table.wkb) else np.empty(0, object)
    with np.errstate(invalid="ignore"):
        shapes = shapely.from_wkb(wkb, on_invalid="ignore")
    return geometry_sentences(shapes, table.wkb.is_null().to_numpy(zero_copy_only=False), table.crs)


def geometry_sentences(
    shapes: NDArray[np.object_], absent: NDArray[np.bool_], crs: str
) -> Iterator[str]:
    """Say what is odd about geometries.

    Parameters
    ----------
    shapes : ndarray of shapely geometry or None, shape (n,)
    absent : ndarray of bool, shape (n,)
        Where the source has none; None elsewhere in `shapes` means that it could not be read.
    crs : str
        Empty where it is not known.
    """
    if not crs:
        yield _("no coordinate system is stated; choose one when importing.")
    empty = shapely.is_empty(shapes)
    yield from _counted(
        (_("{n} of {total} features have no geometry."), absent),
        (_("{n} of {total} features have an empty geometry."), empty),
        (_("{n} of {total} geometries cannot be read."), shapely.is_missing(shapes) & ~absent),
    )
    there = shapes[~shapely.is_missing(shapes) & ~empty]
    yield from _type_sentences(there)
    endless = _endless(there)
    yield from _counted((_("{n} of {total} geometries have endless coordinates."), endless))
    there = there[~endless]
    yield from _validity(there)
    yield from _place_sentences(there, crs)


def _counted(*findings: tuple[str, NDArray[np.bool_]]) -> Iterator[str]:
    for sentence, found in findings:
        if found.any():
            yield sentence.format(n=int(found.sum()), total=len(found))


def _endless(shapes: NDArray[np.object_]) -> NDArray[np.bool_]:
    """Say which shapes have a coordinate that no computing bears: NaN, infinite or next to it."""
    coordinates, owners = shapely.get_coordinates(shapes, return_index=True)
    endless = np.zeros(len(shapes), dtype=bool)
    endless[owners[~(np.abs(coordinates) < _ENDLESS).all(axis=1)]] = True
    return endless


def _type_sentences(shapes: NDArray[np.object_]) -> Iterator[str]:
    kinds = {shape.geom_type.removeprefix("Multi") for shape in shapes}
    if len(kinds) > 1:
        yield _("it mixes geometry types ({types}).").format(types=", ".join(sorted(kinds)))
    yield from _counted(
        (
            _("{n} of {total} geometries are collections."),
            shapely.get_type_id(shapes) == _COLLECTION,
        )
    )


def _validity(shapes: NDArray[np.object_]) -> Iterator[str]:
    invalid = ~shapely.is_valid(shapes)
    if invalid.any():
        yield _("{n} of {total} geometries are invalid ({reason}).").format(
            n=int(invalid.sum()),
            total=len(shapes),
            reason=shapely.is_valid_reason(shapes[invalid][0]),
        )
    rings, owners = shapely.get_rings(shapes, return_index=True)
    outer = np.diff(owners, prepend=-1) != 0
    clockwise = ~shapely.is_ccw(rings[outer])
    inner_wrong = shapely.is_ccw(rings[~outer])
    if clockwise.any() or inner_wrong.any():
        yield _("{n} rings run against the right-hand rule.").format(
            n=int(clockwise.sum() + inner_wrong.sum())
        )


def _place_sentences(shapes: NDArray[np.object_], crs: str) -> Iterator[str]:
    if not len(shapes):
        return
    bounds = shapely.bounds(shapes)
    yield from _counted(
        (_("{n} of {total} geometries lie at 0, 0."), (bounds == 0).all(axis=1)),
    )
    if _is_geographic(crs):
        yield from _degree_sentences(bounds[:, [0, 2]], bounds[:, [1, 3]])
        wide = bounds[:, 2] - bounds[:, 0] > _HALF_TURN
        yield from _counted(
            (_("{n} of {total} geometries span more than 180 degrees (the date line?)."), wide)
        )


def _degree_sentences(x: Any, y: Any) -> Iterator[str]:
    """Say which extremes, each of shape (n, 2), cannot be: swapped, or no degrees at all."""
    beyond = (np.abs(x) > _HALF_TURN).any(axis=1) | (np.abs(y) > _QUARTER_TURN).any(axis=1)
    swapped = (
        beyond & (np.abs(y) <= _HALF_TURN).all(axis=1) & (np.abs(x) <= _QUARTER_TURN).all(axis=1)
    )
    yield from _counted(
        (_("{n} of {total} places look swapped: latitude where longitude belongs."), swapped),
        (_("{n} of {total} places lie beyond ±180, ±90 degrees."), beyond & ~swapped),
    )


def _is_geographic(crs: str) -> bool:
    """Say whether a coordinate system counts in degrees."""
    if crs == "EPSG:4326":
        return True
    if not crs:
        return False
    from pyproj import CRS
    from pyproj.exceptions import CRSError

    try:
        return bool(CRS.from_user_input(crs).is_geographic)
    except CRSError:
        return False


def _column_sentences(table: ReadTable) -> Iterator[str]:
    columns = table.columns
    if not columns.num_rows:
        yield _("it has no rows.")
        return
    for name, column in zip(columns.column_names, columns.columns, strict=True):
        if name.lower() in _IDENTIFIERS and _repeats(column):
            yield _("values of “{column}” stand more than once.").format(column=name)
        if pa.types.is_string(column.type) and _has_mojibake(column):
            yield _("text in “{column}” looks wrongly decoded.").format(column=name)
    repeated = _repeated_rows(table)
    if repeated:
        yield _("{n} rows repeat another one in every value.").format(n=repeated)


def _repeats(column: Any) -> bool:
    present = column.drop_null()
    return bool(pc.count_distinct(present).as_py() < len(present))


def _has_mojibake(column: Any) -> bool:
    return bool(pc.any(pc.match_substring_regex(column, _MOJIBAKE)).as_py())


def _repeated_rows(table: ReadTable) -> int:
    columns = [*table.columns.columns, *([table.wkb] if table.wkb is not None else [])]
    if not columns or len(columns) > _MOST_COMPARED_COLUMNS:
        return 0
    names = [str(number) for number in range(len(columns))]
    rows = pa.Table.from_arrays(columns, names=names)
    return int(rows.num_rows - rows.group_by(names).aggregate([]).num_rows)
