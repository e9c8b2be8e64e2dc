"""JSON read member by member, so that a large collection never stands in memory as a whole."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, NoReturn

from gisapp.core.words import _
from gisapp.io.readers.contents import Unreadable

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator

_SPACE = re.compile(r"[ \t\r\n\ufeff\x1e]*")

_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")
_AFTER_ITEM = re.compile(r"[ \t\r\n]*([,\]])[ \t\r\n]*")


class JsonText:
    """A JSON text and what has been read of it.

    Parameters
    ----------
    text : str
        One JSON object, or several one after the other (newline-delimited).

    Attributes
    ----------
    members : dict
        The members of the first object but the items of `stream`, complete once
        `items` is exhausted.
    repeated : list of str
        Names that stand twice in the first object.
    streamed : bool
        Whether the first object had an array called `stream`.
    """

    def __init__(self, text: str) -> None:
        self._text = text
        self._decoder = json.JSONDecoder(parse_constant=_refuse_constant, strict=False)
        self._surrogates = _SURROGATE.search(text) is not None
        self.members: dict[str, Any] = {}
        self.repeated: list[str] = []
        self.streamed = False

    def items(self, stream: str) -> Iterator[Any]:
        """Yield the items of the array `stream`, then the objects that follow the first one."""
        position = self._space(0)
        if not self._text.startswith("{", position):
            self._value(position)
            raise Unreadable(
                _("it is JSON, but not an object"), _("Choose a GeoJSON file: it starts with “{”.")
            )
        position = yield from self._object(position + 1, stream)
        position = self._space(position)
        while position < len(self._text):
            item, position = self._value(position)
            yield item
            position = self._space(position)

    def _object(self, position: int, stream: str) -> Generator[Any, None, int]:
        position = self._space(position)
        while not self._text.startswith("}", position):
            name, position = self._name(position)
            if name == stream and self._text.startswith("[", position):
                self.streamed = True
                position = yield from self._array(position + 1)
            else:
                self.members[name], position = self._value(position)
            position = self._separator(position, "}")
        return position + 1

    def _name(self, position: int) -> tuple[str, int]:
        if not self._text.startswith('"', position):
            self._fail(position)
        name, position = self._value(position)
        if name in self.members:
            self.repeated.append(name)
        position = self._space(position)
        if not self._text.startswith(":", position):
            self._fail(position)
        return name, self._space(position + 1)

    def _array(self, position: int) -> Generator[Any, None, int]:
        position = self._space(position)
        if self._text.startswith("]", position):
            return position + 1
        while True:
            item, position = self._value(position)
            yield item
            after = _AFTER_ITEM.match(self._text, position)
            if after is None:
                self._fail(self._space(position))
            if after.group(1) == "]":
                return after.end(1)
            position = after.end()

    def _separator(self, position: int, end: str) -> int:
        """Step over a comma; stay on `end`."""
        position = self._space(position)
        if self._text.startswith(end, position):
            return position
        if not self._text.startswith(",", position):
            self._fail(position)
        position = self._space(position + 1)
        if self._text.startswith(end, position):
            self._fail(position)
        return position

    def _space(self, position: int) -> int:
        match = _SPACE.match(self._text, position)
        assert match is not None
        return match.end()

    def _value(self, position: int) -> tuple[Any, int]:
        try:
            value, end = self._decoder.raw_decode(self._text, position)
            return (_whole(value) if self._surrogates else value), end
        except json.JSONDecodeError as error:
            self._fail(error.pos)
        except ValueError as error:  # Python makes no number of thousands of digits
            raise Unreadable(
                _("a number in it has too many digits"), _("Write it as text, or correct it.")
            ) from error
        except RecursionError as error:
            raise Unreadable(
                _("its brackets are nested too deeply"),
                _("Choose another file; real data is never nested so."),
            ) from error

    def _fail(self, position: int) -> NoReturn:
        rest = self._text[position : position + 200].strip("\0 \t\r\n")
        line = self._text.count("\n", 0, position) + 1
        if not rest:
            raise Unreadable(
                _("it breaks off in line {line}: its end is missing").format(line=line),
                _("Copy or download the file again."),
            )
        raise Unreadable(
            _("it is not valid JSON: line {line}, at “{rest}”").format(line=line, rest=rest[:24]),
            _("Correct that place, or save the file again in the program that made it."),
        )


def _whole(value: Any) -> Any:
    """Replace halves of surrogate pairs, which JSON can write and no other text can hold."""
    match value:
        case str():
            return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        case list():
            return [_whole(item) for item in value]
        case dict():
            return {_whole(name): _whole(item) for name, item in value.items()}
        case _:
            return value


def _refuse_constant(name: str) -> NoReturn:
    raise Unreadable(
        _("it holds {name}, which is not a number in JSON").format(name=name),
        _("Replace it with null, or save the file again in the program that made it."),
    )
