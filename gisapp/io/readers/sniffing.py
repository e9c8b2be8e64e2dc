"""What a file is by its content: the name only decides where the content leaves it open."""

from __future__ import annotations

import codecs
import re
from pathlib import Path

from gisapp.core.words import _
from gisapp.io.passphrases import AGE_HEADERS
from gisapp.io.readers.archive import opened
from gisapp.io.readers.contents import Unreadable

HEAD_BYTES = 65_536
TEXT_SUFFIXES = frozenset({".csv", ".tsv", ".tab", ".txt", ".dat", ""})
WORKBOOK_SUFFIXES = frozenset({".xlsx", ".xlsm", ".xlsb", ".xls", ".ods"})

_PARTS_OF_SHAPEFILES = frozenset({".shx", ".dbf", ".prj", ".cpg", ".sbn", ".sbx", ".qix", ".qpj"})
_BINARY_MAGIC = (
    (b"SQLite format 3\0", "sqlite"),
    (b"fgb\x03", "flatgeobuf"),
    (b"PK\x03\x04", "zip"),
    (b"PK\x05\x06", "zip"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "ole"),
    (b"\x00\x00\x27\x0a", "shapefile"),
    (b"PAR1", "parquet"),
    (b"AutoCAD Binary DXF", "dxf"),
)
# A PBF begins with the length of its first block, which then says what it is.
_OSM_HEADER = b"\x0a\x09OSMHeader"
_DXF_START = re.compile(r"(?:\s*999\r?\n[^\n]*\n)*\s*0\r?\n\s*SECTION\b")
_SQL = re.compile(r"\bINSERT\s+(?:IGNORE\s+)?INTO\b", re.IGNORECASE)
_XML_ROOT = re.compile(r"<(?:[\w.-]+:)?([A-Za-z_][\w.-]*)[\s/>]")
_XML_PROLOGUE = re.compile(
    r"\s*(?:<\?.*?\?>|<!--.*?-->|<!DOCTYPE[^>\[]*(?:\[.*?\]\s*)?>)", re.DOTALL
)
_HTML_ROOTS = frozenset({"html", "head", "body", "table"})


def sniff(path: Path, name: str) -> str:
    """Say what the file at `path`, which the user calls `name`, holds.

    Returns
    -------
    str
        ``sqlite``, ``flatgeobuf``, ``parquet``, ``dxf``, ``osm``, ``zip``, ``kmz``, ``workbook``,
        ``ole``, ``shapefile``, ``json``, ``kml``, ``gpx``, ``gml``, ``sql`` or ``delimited``.

    Raises
    ------
    Unreadable
        Where the content is of no kind that is read.
    """
    with path.open("rb") as file:
        head = file.read(HEAD_BYTES)
    if Path(name).name.startswith("~$"):
        raise Unreadable(
            _("it only marks a document that is open in an office program"),
            _("Choose the document itself: its name is the same without “~$”."),
        )
    if not head:
        raise Unreadable(_("it is empty"), _("Save or download the file again."))
    if head.startswith(AGE_HEADERS):
        raise Unreadable(
            _("it is a sealed project"),
            _("Open it first: {command}").format(command="gisapp unseal FILE.age NEW.gpkg"),
        )
    if Path(name).suffix.lower() in _PARTS_OF_SHAPEFILES:
        raise Unreadable(
            _("it is only a part of a shapefile"), _("Choose the .shp file that lies beside it.")
        )
    if head[4:].startswith(_OSM_HEADER):
        return "osm"
    for magic, kind in _BINARY_MAGIC:
        if head.startswith(magic):
            return _kind_of_archive(path) if kind == "zip" else kind
    return _kind_of_text(head, Path(name).suffix.lower())


def _kind_of_archive(path: Path) -> str:
    with opened(path) as archive:
        names = archive.namelist()
    if "xl/workbook.xml" in names or "xl/workbook.bin" in names:
        return "workbook"
    if "content.xml" in names and "mimetype" in names:
        return "workbook"
    suffixes = {Path(name).suffix.lower() for name in names}
    if ".kml" in suffixes and not suffixes & {".shp", ".gpkg", ".geojson", ".csv"}:
        return "kmz"
    return "zip"


def _kind_of_text(head: bytes, suffix: str) -> str:
    text = _as_text(head)
    start = text.lstrip("\ufeff \t\r\n\x1e")
    if start.startswith("<"):
        return _kind_of_xml(start)
    if start.startswith(("{", "[")):
        return "json"
    if _DXF_START.match(start):
        return "dxf"
    if suffix == ".sql" or (suffix == "" and _SQL.search(start)):
        return "sql"
    if suffix in TEXT_SUFFIXES | WORKBOOK_SUFFIXES and text.strip("\0 \t\r\n"):
        return "delimited"
    raise Unreadable(
        _("its content is not what its name says, nor any other kind of file that is read here"),
        _("Open it in the program that made it and save it again as GeoPackage, GeoJSON or CSV."),
    )


def misnamed(kind: str, name: str) -> bool:
    """Say whether a table of text is called a workbook."""
    return kind == "delimited" and Path(name).suffix.lower() in WORKBOOK_SUFFIXES


def _as_text(head: bytes) -> str:
    for mark, encoding in (
        (codecs.BOM_UTF32_LE, "utf-32"),
        (codecs.BOM_UTF32_BE, "utf-32"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
        (codecs.BOM_UTF8, "utf-8-sig"),
    ):
        if head.startswith(mark):
            return head.decode(encoding, "replace")
    return head.decode("latin-1")


def _kind_of_xml(start: str) -> str:
    body = start
    while prologue := _XML_PROLOGUE.match(body):
        body = body[prologue.end() :]
    root = _XML_ROOT.search(body)
    name = root.group(1) if root else ""
    if name in ("kml", "gpx", "osm"):
        return name
    if name in ("Placemark", "Document", "Folder") or "<kml" in body:
        return "kml"
    if "opengis.net/gml" in start:
        return "gml"
    if name.lower() in _HTML_ROOTS or "<!doctype html" in start[:200].lower():
        raise Unreadable(
            _("it is a web page, not data"),
            _("Download the file itself: often the page says why it could not be given."),
        )
    raise Unreadable(
        _("it is XML of a kind that is not read (“{root}”)").format(root=name[:60]),
        _("Save it as GeoPackage, GeoJSON or KML in the program that made it."),
    )
