"""A bug's traceback without anybody's data: fit for a log, a terminal and a report.

A message can quote the cell that it failed on. What stays of it are plain words in lower case,
small numbers, and what stands in the code of the traceback's own files; the rest becomes ``…``.
Frames keep their lines of code, with paths from the package on.
"""

from __future__ import annotations

import linecache
import re
from functools import partial
from pathlib import PurePath
from traceback import FrameSummary, StackSummary, TracebackException
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types import TracebackType

GONE = "…"

_QUOTED = re.compile(
    r"'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\"|`[^`]*`|“[^”]*”|‘[^’]*’|\w(?:[\w.@+\-/\\]*\w)?",
    re.DOTALL,
)
_WORD = re.compile(r"\w+")
_PLAIN = re.compile(r"[a-z]+|\d{1,3}")
_ROOTS = ("site-packages", "dist-packages", "gisapp", "tests")
_CAUSE = "\nThe above exception was the direct cause of the following exception:\n\n"
_CONTEXT = "\nDuring handling of the above exception, another exception occurred:\n\n"


class ElsewhereError(RuntimeError):
    """A bug in another process of the program; its message is a traceback redacted there."""


def redacted(
    error: BaseException | None,
    kind: type[BaseException] | None = None,
    trace: TracebackType | None = None,
) -> str:
    """Return the traceback of `error` and of what led to it, without data.

    Parameters
    ----------
    error : BaseException or None
        None, as the interpreter's hooks may have it, leaves its `kind` only.
    kind : type, optional
        By default that of `error`.
    trace : traceback, optional
        By default that of `error`.
    """
    if error is None:
        return f"{kind.__name__ if kind else 'Exception'}\n"
    whole = TracebackException(kind or type(error), error, trace or error.__traceback__)
    return "".join(_pieces(whole, isinstance(error, ElsewhereError)))


def _pieces(one: TracebackException, verbatim: bool = False) -> list[str]:
    before: list[str] = []
    if one.__cause__ is not None:
        before = [*_pieces(one.__cause__), _CAUSE]
    elif one.__context__ is not None and not one.__suppress_context__:
        before = [*_pieces(one.__context__), _CONTEXT]
    frames = StackSummary.from_list([_short(frame) for frame in one.stack])
    name = one.exc_type.__name__ if one.exc_type else "Exception"
    told = str(one) if verbatim else _told(str(one), _words_of(one))
    last = f"{name}: {told}\n" if told else f"{name}\n"
    return [*before, "Traceback (most recent call last):\n", *frames.format(), last]


def _short(frame: FrameSummary) -> FrameSummary:
    parts = PurePath(frame.filename).parts
    place = max((i for i, part in enumerate(parts) if part in _ROOTS), default=len(parts) - 1)
    name = "/".join(parts[place:])
    return FrameSummary(name, frame.lineno, frame.name, lookup_line=False, line=frame.line)


def _words_of(one: TracebackException) -> frozenset[str]:
    """Return every word in the files of the frames: what a message has of them is no data."""
    files = {frame.filename for frame in one.stack}
    return frozenset(
        word for file in files for line in linecache.getlines(file) for word in _WORD.findall(line)
    )


def _told(message: str, known: frozenset[str]) -> str:
    return _QUOTED.sub(partial(_kept, known=known), message)


def _kept(found: re.Match[str], known: frozenset[str]) -> str:
    text = found[0]
    if text[0] in "'\"`“‘":
        words = _WORD.findall(text[1:-1])
        return text if len(words) == 1 and words[0] in known else text[0] + GONE + text[-1]
    parts = _WORD.findall(text)
    fine = all(part in known for part in parts) or _PLAIN.fullmatch(text)
    return text if fine else GONE
