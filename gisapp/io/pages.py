"""Tables of an SQLite file read from its pages, past those that are damaged.

SQLite itself gives up a file at its first damaged page of the schema, and a table at its first
damaged page. This reads what the format's description (sqlite.org/fileformat2.html, 1.5, 1.6 and
2) lets one read without SQLite, and says how much it had to leave out. Nothing in the file runs.
"""

from __future__ import annotations

import mmap
import struct
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from pathlib import Path

    from gisapp.io.readers.contents import Tick

Value = int | float | str | bytes | None

_MAGIC = b"SQLite format 3\x00"
_HEADER_BYTES = 100
_USUAL_PAGE_BYTES = 4096
_INTERIOR, _LEAF = 0x05, 0x0D
_INTEGER_BYTES = (0, 1, 2, 3, 4, 6, 8)
_DEEPEST = 20  # levels of a tree; SQLite's own limit
_TICK_PAGES = 200


class Damaged(Exception):  # noqa: N818 - an answer, not a fault
    """A page, a cell or a value that is not what the format says."""


class Entry(NamedTuple):
    """A table in the file's schema: its name, the first page of its tree, its SQL."""

    name: str
    root: int
    sql: str


@dataclass
class Loss:
    """What could not be read of one table: whole pages with all below them, single rows."""

    pages: int = 0
    rows: int = 0

    def __bool__(self) -> bool:
        return bool(self.pages or self.rows)


class Pages:
    """The pages of the file at `path`; close it, or use it as a context.

    Parameters
    ----------
    path : Path
        Of at least one page.
    tick : callable
        Told (pages read, pages in all) as tables are read.

    Raises
    ------
    Damaged
        Where the file is shorter than a page.
    """

    def __init__(self, path: Path, tick: Tick) -> None:
        self._file = path.open("rb")
        size = path.stat().st_size
        if size < _HEADER_BYTES:
            self._file.close()
            raise Damaged
        self._bytes = mmap.mmap(self._file.fileno(), 0, access=mmap.ACCESS_READ)
        self._page_bytes, reserved = _page_size(self._bytes[:_HEADER_BYTES])
        self._usable = self._page_bytes - reserved
        self._count = size // self._page_bytes
        self._tick, self._read = tick, 0

    def __enter__(self) -> Pages:
        return self

    def __exit__(self, *_error: object) -> None:
        self._bytes.close()
        self._file.close()

    def schema(self) -> tuple[dict[str, Entry], bool]:
        """Return the tables by name, and whether every page that lists them could be read.

        Where the list is damaged, its remaining pages are looked for all over the file.
        """
        loss = Loss()
        found = list(self._entries(self.rows(1, loss)))
        if loss:
            for number in range(2, self._count + 1):
                found.extend(self._entries(self._leaf_rows(number)))
        return {x.name: x for x in found}, not loss

    def nameless(self, known: Iterable[int]) -> list[int]:
        """Return the first pages of tables that are not `known` and below no other page."""
        roots, below = [], set(known)
        for number in range(2, self._count + 1):
            try:
                page, start = self._page(number)
                kind, pointers = self._cells(page, start)
            except Damaged:
                continue
            if pointers:
                roots.append(number)
            if kind == _INTERIOR:
                below.update(_uint(page, at, 4) for at in (*pointers, start + 8))
        return [x for x in roots if x not in below]

    def rows(self, root: int, loss: Loss) -> Iterator[tuple[int, list[Value]]]:
        """Give every readable row (its number, its values) of the tree at page `root`.

        What cannot be read is added to `loss`.
        """
        yield from self._below(root, loss, set(), 0)

    def _below(
        self, number: int, loss: Loss, seen: set[int], depth: int
    ) -> Iterator[tuple[int, list[Value]]]:
        try:
            if number in seen or depth > _DEEPEST:
                raise Damaged
            seen.add(number)
            page, start = self._page(number)
            kind, pointers = self._cells(page, start)
        except Damaged:
            loss.pages += 1
            return
        if kind == _LEAF:
            yield from self._rows_of(page, pointers, loss)
            return
        for at in pointers:
            if at + 4 > self._usable:
                loss.pages += 1
                continue
            yield from self._below(_uint(page, at, 4), loss, seen, depth + 1)
        yield from self._below(_uint(page, start + 8, 4), loss, seen, depth + 1)

    def _leaf_rows(self, number: int) -> Iterator[tuple[int, list[Value]]]:
        """Give the rows of page `number` if it is a leaf, as far as they make sense."""
        try:
            page, start = self._page(number)
            kind, pointers = self._cells(page, start)
        except Damaged:
            return
        if kind == _LEAF:
            yield from self._rows_of(page, pointers, Loss())

    def _rows_of(
        self, page: bytes, pointers: list[int], loss: Loss
    ) -> Iterator[tuple[int, list[Value]]]:
        for at in pointers:
            try:
                yield self._row(page, at)
            except (Damaged, IndexError, struct.error, UnicodeDecodeError):
                loss.rows += 1

    def _page(self, number: int) -> tuple[bytes, int]:
        """Return page `number` and where its tree begins in it (the first has the header)."""
        if not 1 <= number <= self._count:
            raise Damaged
        self._read += 1
        if self._read % _TICK_PAGES == 0:
            self._tick(self._read, self._count)
        first = (number - 1) * self._page_bytes
        return self._bytes[first : first + self._page_bytes], _HEADER_BYTES * (number == 1)

    def _cells(self, page: bytes, start: int) -> tuple[int, list[int]]:
        """Return the kind of a page of a table's tree and where its cells lie."""
        kind = page[start]
        if kind not in (_LEAF, _INTERIOR):
            raise Damaged
        first = start + (12 if kind == _INTERIOR else 8)
        count = _uint(page, start + 3, 2)
        if first + 2 * count > self._usable:
            raise Damaged
        pointers = [_uint(page, first + 2 * n, 2) for n in range(count)]
        if any(not first + 2 * count <= at < self._usable for at in pointers):
            raise Damaged
        return kind, pointers

    def _row(self, page: bytes, at: int) -> tuple[int, list[Value]]:
        length, at = _varint(page, at)
        number, at = _varint(page, at)
        if length > len(self._bytes):
            raise Damaged
        local = _local_bytes(length, self._usable)
        payload = page[at : min(at + local, self._usable)]
        if local < length:
            payload += self._overflow(_uint(page, at + local, 4), length - local)
        if len(payload) != length:
            raise Damaged
        return _signed(number), list(_values(payload))

    def _overflow(self, number: int, length: int) -> bytes:
        parts = []
        while length > 0:
            page, _start = self._page(number)
            number = _uint(page, 0, 4)
            parts.append(page[4 : 4 + min(length, self._usable - 4)])
            length -= len(parts[-1])
        return b"".join(parts)

    def _entries(self, rows: Iterator[tuple[int, list[Value]]]) -> Iterator[Entry]:
        for _number, values in rows:
            match values:
                case ["table", str(name), str(), int(root), str(sql)] if 1 < root <= self._count:
                    yield Entry(name, root, sql)


def _page_size(header: bytes) -> tuple[int, int]:
    """Return the bytes of a page, and those at its end that SQLite does not use."""
    stated = int.from_bytes(header[16:18])
    size = 65_536 if stated == 1 else stated
    plausible = 512 <= size <= 65_536 and size & (size - 1) == 0
    if header.startswith(_MAGIC) and plausible:
        return size, min(header[20], 32)
    return _USUAL_PAGE_BYTES, 0


def _uint(page: bytes, at: int, length: int) -> int:
    return int.from_bytes(page[at : at + length])


def _local_bytes(length: int, usable: int) -> int:
    """Return how much of a row of `length` bytes lies in its own page (1.6)."""
    if length <= usable - 35:
        return length
    least = (usable - 12) * 32 // 255 - 23
    most = least + (length - least) % (usable - 4)
    return most if most <= usable - 35 else least


def _varint(content: bytes, at: int) -> tuple[int, int]:
    """Return the number at `at`, seven bits a byte, and where it ends."""
    number = 0
    for n in range(8):
        byte = content[at + n]
        number = number << 7 | byte & 0x7F
        if byte < 0x80:
            return number, at + n + 1
    return number << 8 | content[at + 8], at + 9


def _signed(number: int) -> int:
    return number - (1 << 64) if number >= 1 << 63 else number


def _values(payload: bytes) -> Iterator[Value]:
    """Give the values of one record (2.1)."""
    end, at = _varint(payload, 0)
    body = end
    while at < end:
        code, at = _varint(payload, at)
        length = _length(code)
        if body + length > len(payload):
            raise Damaged
        yield _value(code, payload[body : body + length])
        body += length
    if body != len(payload):
        raise Damaged


def _length(code: int) -> int:
    if code >= 12:
        return (code - 12) // 2
    return (*_INTEGER_BYTES, 8, 0, 0)[code]


def _value(code: int, content: bytes) -> Value:
    if code >= 12:
        return content.decode() if code % 2 else content
    if code == 7:
        (number,) = struct.unpack(">d", content)
        return float(number)
    if code in (8, 9):
        return code - 8
    return int.from_bytes(content, signed=True) if code else None
