"""XML looked through before a driver sees it: well formed, no entities, nothing fetched."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any
from xml.parsers import expat

from gisapp.core.words import _
from gisapp.io.readers.contents import Tick, Unreadable

if TYPE_CHECKING:
    from pathlib import Path

_CHUNK = 1 << 20


def count_elements(path: Path, tick: Tick) -> Counter[str]:
    """Parse the whole file once and count its elements by name, without their prefixes.

    Raises
    ------
    Unreadable
        Where it is not well formed, or declares a document type: entities defined there can
        swell without end or name other files.
    """
    counts: Counter[str] = Counter()
    parser = expat.ParserCreate()
    parser.StartElementHandler = lambda name, _attributes: counts.update((name.split(":")[-1],))
    parser.StartDoctypeDeclHandler = _refuse_doctype
    with path.open("rb") as file:
        try:
            while chunk := file.read(_CHUNK):
                parser.Parse(chunk, False)
                tick(file.tell(), 0)
            parser.Parse(b"", True)
        except (expat.ExpatError, LookupError, ValueError) as error:
            raise _malformed(error) from error
    return counts


def _refuse_doctype(*_declaration: Any) -> None:
    raise Unreadable(
        _("it declares entities or a document type of its own"),
        _("Save it again in the program that made it; map data needs no such declaration."),
    )


def _malformed(error: Exception) -> Unreadable:
    if isinstance(error, expat.ExpatError):
        reason = _("it is not well-formed XML: line {line}, {what}").format(
            line=error.lineno, what=expat.ErrorString(error.code)
        )
    else:
        reason = _("it is not well-formed XML ({what})").format(what=error)
    return Unreadable(
        reason, _("Copy or download the file again, or save it again in the program that made it.")
    )
