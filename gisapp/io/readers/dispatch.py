"""From a file's content to the reader of its format."""

from __future__ import annotations

from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from gisapp.core.words import _
from gisapp.io.readers.contents import Reading, Tick, Unreadable
from gisapp.io.readers.sniffing import misnamed, sniff

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from gisapp.io.readers.archive import Member

_BINARY_DRAWING = b"AutoCAD Binary DXF"
_DRAWING_TAIL = 64
_READ_FROM_ARCHIVES = frozenset(
    {".shp", ".gpkg", ".geojson", ".json", ".kml", ".gpx", ".gml", ".fgb", ".csv", ".tsv"}
    | {
        ".tab",
        ".xlsx",
        ".xlsm",
        ".xlsb",
        ".xls",
        ".ods",
        ".parquet",
        ".dxf",
        ".pbf",
        ".osm",
        ".sql",
    }
)
_MOST_NAMED = 20
_ARCHIVES = frozenset({".zip", ".kmz", ".7z", ".rar", ".gz", ".tar", ".tgz", ".shz"})


def read(path: Path, name: str, layer: str | None, scratch: Path, tick: Tick) -> Reading:
    """Read a file through the reader that its content asks for.

    Parameters
    ----------
    path : Path
        The file.
    name : str
        What the user calls it; its ending decides where the content leaves that open.
    layer : str, optional
        Only the layer or sheet of this name.
    scratch : Path
        An empty folder of our own, for links and copies.
    tick : callable
        Told (done, total) as rows come.

    Raises
    ------
    Unreadable
        Saying why not.
    """
    if path.is_dir():
        return _read_geodatabase(path, layer, scratch, tick)
    kind = sniff(path, name)
    if kind in ("zip", "kmz"):
        reading = _read_archive(path, kind, scratch, tick)
    else:
        reading = _read_single(path, kind, PurePosixPath(name), layer, scratch, tick)
    return _only(reading, layer)


def _only(reading: Reading, layer: str | None) -> Reading:
    """Keep the wanted layer."""
    if layer is None:
        return reading
    names = [table.name for table in reading.tables]
    if layer not in names:
        from gisapp.io.readers.vector import no_such_layer

        raise no_such_layer(layer, names)
    reading.tables = [table for table in reading.tables if table.name == layer]
    return reading


def _read_single(
    path: Path, kind: str, name: PurePosixPath, layer: str | None, scratch: Path, tick: Tick
) -> Reading:
    if kind == "delimited":
        from gisapp.io.readers.delimited import read_delimited

        reading = read_delimited(path, name.stem, tick)
        if misnamed(kind, name.name):
            reading.warnings.append(_("It is called a workbook, but is delimited text."))
        return reading
    if kind == "json":
        return _read_json(path, name.stem, scratch, tick)
    if kind in ("workbook", "ole"):
        from gisapp.io.readers.workbook import read_workbook

        return read_workbook(path, scratch, tick)
    if kind == "parquet":
        from gisapp.io.readers.parquet import read_parquet

        return read_parquet(path, name.stem, tick)
    if kind == "sql":
        from gisapp.io.readers.sqltext import read_sql

        return read_sql(path, tick)
    return _read_through_gdal(path, kind, name, layer, scratch, tick)


def _read_json(path: Path, name: str, scratch: Path, tick: Tick) -> Reading:
    from gisapp.io.readers.geojson import read_geojson
    from gisapp.io.readers.otherjson import other_json_driver, read_other_json

    driver = other_json_driver(path)
    if not driver:
        return read_geojson(path, name, tick)
    return _named(read_other_json(path, driver, scratch, tick), name)


def _read_through_gdal(
    path: Path, kind: str, name: PurePosixPath, layer: str | None, scratch: Path, tick: Tick
) -> Reading:
    from gisapp.io.readers.isolation import link

    if kind in ("kml", "gpx", "gml"):
        from gisapp.io.readers.markup import read_markup

        reading = read_markup(link(path, scratch / f"data.{kind}"), kind, tick)
        return _named(reading, name.stem)
    if kind == "sqlite":
        from gisapp.io.readers.geopackage import read_geopackage

        return read_geopackage(path, scratch, layer, tick)
    if kind == "shapefile":
        from gisapp.io.readers.shapefile import read_shapefile

        return read_shapefile(path, name.stem, scratch, tick)
    if kind == "osm":
        from gisapp.io.readers.streetmap import read_streetmap

        return read_streetmap(link(path, scratch / _osm_name(path)), tick)
    from gisapp.io.readers.vector import read_vector

    driver, ending = ("DXF", "dxf") if kind == "dxf" else ("FlatGeobuf", "fgb")
    if kind == "dxf":
        _check_drawing(path)
    reading = read_vector(link(path, scratch / f"data.{ending}"), driver, None, tick)
    if not reading.tables:
        raise Unreadable(_("it holds no layer"), _("Copy or download the file again."))
    return _named(reading, name.stem)


def _check_drawing(path: Path) -> None:
    """Refuse binary drawings, and text that lacks its end: the driver reads what there is."""
    with path.open("rb") as file:
        binary = file.read(len(_BINARY_DRAWING)) == _BINARY_DRAWING
        file.seek(max(path.stat().st_size - _DRAWING_TAIL, 0))
        ended = file.read().split()[-1:] == [b"EOF"]
    if binary:
        raise Unreadable(_("it is a binary drawing"), _("Save it as DXF in ASCII."))
    if not ended:
        raise Unreadable(_("it is cut off: its end is missing"), _("Copy the file again."))


def _named(reading: Reading, stem: str) -> Reading:
    """Call layers that the driver named after our link by the file's own name."""
    for table in reading.tables:
        table.name = stem if table.name in ("", "data", "entities") else table.name
    return reading


def _osm_name(path: Path) -> str:
    """Return the name under which GDAL takes up an extract: it has two forms."""
    with path.open("rb") as file:
        is_xml = file.read(64).lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"<")
    return "data.osm" if is_xml else "data.osm.pbf"


def _read_archive(path: Path, kind: str, scratch: Path, tick: Tick) -> Reading:
    from gisapp.io.readers.archive import unpack

    members = unpack(path, scratch / "unpacked")
    geodatabases = {
        m.path.parent: str(PurePosixPath(m.name).parent)
        for m in members
        if m.path.parent.suffix == ".gdb"
    }
    wanted = [
        m for m in members if m.path.suffix in ({".kml"} if kind == "kmz" else _READ_FROM_ARCHIVES)
    ]
    if not wanted and not geodatabases:
        raise Unreadable(
            _("it is an archive without any file that is read here"),
            _("Unpack it, and zip again only the map files or tables that you need."),
        )
    readings, refusals = _read_members(wanted, geodatabases, scratch, tick)
    if refusals and (kind == "kmz" or not readings):
        raise next(iter(refusals.values()))
    reading = _joined("LIBKML" if kind == "kmz" else "", readings, refusals)
    if nested := [m.name for m in members if m.path.suffix in _ARCHIVES]:
        reading.warnings.append(
            _("Archives in the archive were left out: {names}.").format(names=_some(nested))
        )
    if kind != "kmz" and (others := _others(members, wanted)):
        reading.warnings.append(
            _("Other files in the archive were left out: {names}.").format(names=_some(others))
        )
    return reading


def _some(names: Sequence[str]) -> str:
    return ", ".join(names[:_MOST_NAMED]) + (", …" if len(names) > _MOST_NAMED else "")


def _others(members: Iterable[Member], wanted: Iterable[Member]) -> list[str]:
    """Name the files that are neither read, nor belong to one that is, nor are archives."""
    read = set(map(_stem, wanted))
    return [
        m.name
        for m in members
        if m.path.suffix not in _ARCHIVES
        and m.path.parent.suffix != ".gdb"
        and _stem(m) not in read
    ]


def _stem(member: Member) -> tuple[PurePosixPath, str]:
    """Return what the parts of one source have in common: ``roads.shp``, ``roads.shp.xml``."""
    path = PurePosixPath(member.name)
    return path.parent, path.name.split(".")[0].lower()


def _read_members(
    members: Iterable[Member], geodatabases: Mapping[Path, str], scratch: Path, tick: Tick
) -> tuple[list[Reading], dict[str, Unreadable]]:
    readings: list[Reading] = []
    refusals: dict[str, Unreadable] = {}
    for number, member in enumerate(members):
        folder = scratch / f"member{number}"
        folder.mkdir()
        try:
            kind = sniff(member.path, member.name)
            name = PurePosixPath(member.name)
            readings.append(_read_single(member.path, kind, name, None, folder, tick))
        except Unreadable as error:
            refusals[member.name] = error
    for path, called in sorted(geodatabases.items()):
        try:
            readings.append(_read_geodatabase(path, None, scratch / f"of_{path.name}", tick))
        except Unreadable as error:
            refusals[called] = error
    return readings, refusals


def _read_geodatabase(folder: Path, layer: str | None, scratch: Path, tick: Tick) -> Reading:
    """Read a folder through links of our own: GDAL shall not write locks into the user's."""
    from gisapp.io.readers.isolation import link
    from gisapp.io.readers.vector import read_vector

    safe = scratch / "data.gdb"
    for part in folder.iterdir():
        if part.is_file() and not part.is_symlink() and part.suffix != ".lock":
            _check_length(part)
            link(part.resolve(), safe / part.name)
    return read_vector(safe, "OpenFileGDB", layer, tick)


def _check_length(part: Path) -> None:
    """Compare a table of a geodatabase with the length that its header states, in bytes 24–31."""
    if part.suffix != ".gdbtable":
        return
    with part.open("rb") as file:
        stated = int.from_bytes(file.read(40)[24:32], "little")
    if stated > part.stat().st_size:
        raise Unreadable(
            _("its part {part} is cut off").format(part=part.name),
            _("Copy the whole folder again, or zip it before you copy it."),
        )


def _joined(driver: str, readings: list[Reading], refusals: dict[str, Unreadable]) -> Reading:
    warnings = [sentence for reading in readings for sentence in reading.warnings]
    warnings += [
        _("{file} in the archive was left out: {reason}.").format(file=name, reason=error.reason)
        for name, error in refusals.items()
    ]
    drivers = sorted({reading.driver for reading in readings})
    tables = [table for reading in readings for table in reading.tables]
    return Reading(driver or ", ".join(drivers), tables, warnings)
