"""What commands say: plain text for people, one JSON object for scripts, two lines for errors."""

import json
import os
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from gisapp.core.asked import asked_text
from gisapp.core.errors import GisappError
from gisapp.core.words import _, number


def refuse(error: GisappError) -> None:
    """Write the error line and the remedy line on standard error."""
    _write(sys.stderr, f"error: {one_line(error.message)}\nremedy: {one_line(error.remedy)}\n")


def note(error: GisappError) -> None:
    """Tell of what the work went on without."""
    _write(sys.stderr, f"note: {one_line(error.message)} {one_line(error.remedy)}\n")


def say(line: str) -> None:
    """Write one line for people on standard output."""
    _write(sys.stdout, one_line(line) + "\n")


def say_asked(as_of: str, known_on: str = "", at: str = "") -> None:
    """Say what date, and who and what alone, the answer that follows holds for."""
    for line in asked_text(as_of, known_on, at):
        say(line)


def say_warnings(warnings: Iterable[str]) -> None:
    """Say what the reader of an answer should know, a line each."""
    for warning in warnings:
        say(_("Note: {text}").format(text=warning))


def say_json(value: Mapping[str, Any]) -> None:
    """Write the one JSON object of a command on standard output."""
    _write(sys.stdout, json.dumps(value, ensure_ascii=False, allow_nan=False) + "\n")


def say_rows(rows: Sequence[Sequence[str]]) -> None:
    """Write rows as aligned columns; the first column to the left, numbers to the right."""
    if not rows:
        return
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    for row in rows:
        cells = [row[0].ljust(widths[0])]
        cells += [cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True)]
        say("  " + "  ".join(cells).rstrip())


def counts(title: str, values: Mapping[str, int]) -> None:
    """Write a title and its counts, zeros included: an empty class is an answer."""
    say(title)
    say_rows([(word, number(n)) for word, n in values.items()])


def one_line(text: str) -> str:
    """Put foreign text on one line; control characters must not steer the terminal."""
    return "".join(c if c.isprintable() else " " for c in text).rstrip()


def _write(stream: Any, text: str) -> None:
    """Write whatever the stream's encoding can show; a foreign name must not stop an answer."""
    encoding = stream.encoding or "utf-8"
    with _reader_may_leave(stream):
        stream.write(text.encode(encoding, "backslashreplace").decode(encoding))


def finish() -> None:
    """Send what waits to be written."""
    with _reader_may_leave(sys.stdout):
        sys.stdout.flush()


@contextmanager
def _reader_may_leave(stream: Any) -> Iterator[None]:
    """Let a reader such as ``head`` close its end: it wanted no more, and the work is done."""
    try:
        yield
    except BrokenPipeError:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)
