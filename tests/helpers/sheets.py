"""Workbooks by hand, where a library would not write what real ones hold."""

from __future__ import annotations

import zipfile
from pathlib import Path
from xml.sax.saxutils import escape

_ODS_TYPE = "application/vnd.oasis.opendocument.spreadsheet"
_HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?><office:document-content'
    ' xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"'
    ' xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"'
    ' xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" office:version="1.2">'
    "<office:body><office:spreadsheet>"
)
_TAIL = "</office:spreadsheet></office:body></office:document-content>"


def ods_cell(value: object, repeated: int = 1) -> str:
    """One cell of an ODS sheet, or a run of equal ones."""
    again = f' table:number-columns-repeated="{repeated}"' if repeated > 1 else ""
    if value is None:
        return f"<table:table-cell{again}/>"
    if isinstance(value, int | float):
        kind = f'office:value-type="float" office:value="{value}"'
    else:
        kind = 'office:value-type="string"'
    text = escape(str(value))
    return f"<table:table-cell{again} {kind}><text:p>{text}</text:p></table:table-cell>"


def ods_row(*cells: str, repeated: int = 1) -> str:
    """One row of an ODS sheet, or a run of equal ones."""
    again = f' table:number-rows-repeated="{repeated}"' if repeated > 1 else ""
    return f"<table:table-row{again}>{''.join(cells)}</table:table-row>"


def ods(path: Path, rows: list[str], name: str = "s") -> Path:
    """An ODS workbook of one sheet."""
    table = f'<table:table table:name="{name}">{"".join(rows)}</table:table>'
    manifest = (
        '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
        f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{_ODS_TYPE}"/>'
        '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/>'
        "</manifest:manifest>"
    )
    with zipfile.ZipFile(path, "w") as book:
        book.writestr("mimetype", _ODS_TYPE)
        book.writestr("content.xml", _HEAD + table + _TAIL)
        book.writestr("META-INF/manifest.xml", manifest)
    return path
