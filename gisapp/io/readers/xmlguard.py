"""XML looked through before a driver sees it: well formed, no entities, nothing fetched."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from xml.parsers import expat
from xml.parsers.expat import errors

from gisapp.core.words import N_, _
from gisapp.io.readers.contents import Tick, Unreadable

if TYPE_CHECKING:
    from pathlib import Path

Start = Callable[[str, dict[str, str]], None]
"""Told an element's name, without its prefix, and its attributes."""
_CHUNK = 1 << 20
_WORDS = {
    errors.XML_ERROR_NO_ELEMENTS: N_("it ends too early"),
    errors.XML_ERROR_INVALID_TOKEN: N_("there is a character that cannot stand there"),
    errors.XML_ERROR_SYNTAX: N_("there is text where an element should begin"),
    errors.XML_ERROR_UNCLOSED_TOKEN: N_("a tag is not closed"),
    errors.XML_ERROR_UNCLOSED_CDATA_SECTION: N_("a section of text is not closed"),
    errors.XML_ERROR_PARTIAL_CHAR: N_("a character is cut off"),
    errors.XML_ERROR_TAG_MISMATCH: N_("the closing tag is another element's"),
    errors.XML_ERROR_DUPLICATE_ATTRIBUTE: N_("an attribute is there twice"),
    errors.XML_ERROR_JUNK_AFTER_DOC_ELEMENT: N_("something follows its end"),
    errors.XML_ERROR_UNDEFINED_ENTITY: N_("an entity is not defined"),
    errors.XML_ERROR_UNBOUND_PREFIX: N_("a prefix is not defined"),
    errors.XML_ERROR_BAD_CHAR_REF: N_("it names a character that does not exist"),
    errors.XML_ERROR_MISPLACED_XML_PI: N_("something comes before its declaration"),
    errors.XML_ERROR_UNKNOWN_ENCODING: N_("its encoding is not known"),
    errors.XML_ERROR_INCORRECT_ENCODING: N_("its encoding is not the one that it states"),
}


def count_elements(path: Path, tick: Tick, start: Start | None = None) -> Counter[str]:
    """Parse the whole file once and count its elements by name, without their prefixes.

    Raises
    ------
    Unreadable
        Where it is not well formed, or declares a document type: entities defined there can
        swell without end or name other files.
    """
    counts: Counter[str] = Counter()

    def begin(name: str, attributes: dict[str, str]) -> None:
        plain = name.split(":")[-1]
        counts[plain] += 1
        if start is not None:
            start(plain, attributes)

    parser = expat.ParserCreate()
    parser.StartElementHandler = begin
    _parse(parser, path, tick)
    return counts


def check_place(*points: str) -> Start:
    """Give what refuses a point whose place is no number: drivers would read 0, or half of it."""

    def check(name: str, attributes: dict[str, str]) -> None:
        if name in points:
            for axis in ("lat", "lon"):
                _check_number(axis, attributes.get(axis, "0"))

    return check


def _check_number(axis: str, text: str) -> None:
    try:
        float(text)
    except ValueError as error:
        raise Unreadable(
            _("the place of a point is not a number ({axis} = “{text}”)").format(
                axis=axis, text=text[:40]
            ),
            _("Correct it, or save the file again in the program that made it."),
        ) from error


def tags_inside(path: Path, name: str, outer: str, tick: Tick) -> list[int]:
    """Find where the tags of `name` that lie within `outer` begin, as bytes of the file."""
    places: list[int] = []
    depth = 0
    parser = expat.ParserCreate()

    def note(tag: str, step: int) -> None:
        nonlocal depth
        plain = tag.split(":")[-1]
        if plain == outer:
            depth += step
        elif plain == name and depth:
            places.append(parser.CurrentByteIndex)

    parser.StartElementHandler = lambda tag, _attributes: note(tag, 1)
    parser.EndElementHandler = lambda tag: note(tag, -1)
    _parse(parser, path, tick)
    return places


def _parse(parser: expat.XMLParserType, path: Path, tick: Tick) -> None:
    parser.StartDoctypeDeclHandler = _refuse_doctype
    with path.open("rb") as file:
        try:
            while chunk := file.read(_CHUNK):
                parser.Parse(chunk, False)
                tick(file.tell(), 0)
            parser.Parse(b"", True)
        except (expat.ExpatError, LookupError, ValueError) as error:
            raise _malformed(error) from error


def _refuse_doctype(*_declaration: Any) -> None:
    raise Unreadable(
        _("it declares entities or a document type of its own"),
        _("Save it again in the program that made it; map data needs no such declaration."),
    )


def _said(error: expat.ExpatError) -> str:
    english = expat.ErrorString(error.code)
    return _(_WORDS[english]) if english in _WORDS else english


def _malformed(error: Exception) -> Unreadable:
    if isinstance(error, expat.ExpatError):
        reason = _("it is not well-formed XML: line {line}, {what}").format(
            line=error.lineno, what=_said(error)
        )
    else:
        reason = _("it is not well-formed XML ({what})").format(what=error)
    return Unreadable(
        reason, _("Copy or download the file again, or save it again in the program that made it.")
    )
