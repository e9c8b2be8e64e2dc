"""Small pieces of HTML from plain text: everything that is not written here is escaped."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

_ENDLESS_WORD = re.compile(r"\S{32}(?=\S)")


@dataclass(frozen=True)
class Markup:
    """Finished HTML. Only the functions of this module make it, so text is escaped once."""

    html: str


def joined(pieces: Sequence[Markup]) -> Markup:
    """Return pieces one below the other."""
    return Markup("\n".join(piece.html for piece in pieces))


def heading(text: str, level: int = 2) -> Markup:
    """Return a heading; level 1 is the document's title."""
    return Markup(f"<h{level}>{_text(text)}</h{level}>")


def paragraph(text: str, css_class: str = "") -> Markup:
    """Return a paragraph; none for no text."""
    if not text:
        return Markup("")
    of_class = f' class="{escape(css_class)}"' if css_class else ""
    return Markup(f"<p{of_class}>{_text(text)}</p>")


def bullets(texts: Sequence[str]) -> Markup:
    """Return a list; none for no texts."""
    items = "".join(f"<li>{_text(text)}</li>" for text in texts)
    return Markup(f"<ul>{items}</ul>" if items else "")


def table(
    head: Sequence[str],
    rows: Sequence[Sequence[str]],
    *,
    text_columns: int = 1,
    last_is_total: bool = False,
) -> Markup:
    """Return a table whose first columns are text and the others numbers.

    Parameters
    ----------
    head : sequence of str
        One title a column.
    rows : sequence of sequence of str
        The cells, as they are to be read.
    text_columns : int
        How many columns stand to the left; the others to the right.
    last_is_total : bool
        Whether the last row sums the others up.
    """
    body = [_row(row, "td", text_columns) for row in rows]
    if last_is_total and body:
        body[-1] = _row(rows[-1], "th", text_columns)
    # The attributes, because the PDF's text engine reads them where it reads no CSS.
    return Markup(
        '<table width="100%" cellspacing="0" cellpadding="3">'
        f"<thead>{_row(head, 'th', text_columns)}</thead><tbody>{''.join(body)}</tbody></table>"
    )


def _text(text: str) -> str:
    """Escape `text`, and let words that are longer than any word break, on paper too."""
    return escape(_ENDLESS_WORD.sub("\\g<0>\u200b", text))


_CLASS = {"left": "text", "right": "number"}


def _row(cells: Sequence[str], tag: str, text_columns: int) -> str:
    sides = ["left" if i < text_columns else "right" for i in range(len(cells))]
    inner = "".join(
        f'<{tag} class="{_CLASS[side]}" align="{side}">{_text(cell)}</{tag}>'
        for cell, side in zip(cells, sides, strict=True)
    )
    return f"<tr>{inner}</tr>"
