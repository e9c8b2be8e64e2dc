"""Drawings for point symbols, by name: ``styles/icons/*.svg`` as outlines."""

from __future__ import annotations

import re
from functools import cache

from gisapp.io.bundled import bundled

# What the drawings are made on.
ICON_GRID = 24.0

Stroke = tuple[str, tuple[float, ...]]

_OUTLINE = re.compile(r'<path fill-rule="evenodd" d="([^"]+)"/>')
_STROKE = re.compile(r"([A-Za-z])([^A-Za-z]*)")
_NUMBERS = {"M": 2, "L": 2, "H": 1, "V": 1, "C": 6, "Z": 0}


@cache
def icon_names() -> tuple[str, ...]:
    """Return the names of the drawings, in order."""
    return tuple(sorted(path.stem for path in (bundled("styles") / "icons").glob("*.svg")))


@cache
def icon_strokes(name: str) -> tuple[Stroke, ...]:
    """Return a drawing's outline as commands of SVG with their numbers, on a grid of 24 × 24.

    The commands are absolute: ``M x y``, ``L x y``, ``C x1 y1 x2 y2 x y``, ``Z``. What lies inside
    two outlines is a hole.

    Parameters
    ----------
    name : str
        One of `icon_names`.
    """
    text = (bundled("styles") / "icons" / f"{name}.svg").read_text("utf-8")
    (outline,) = _OUTLINE.findall(text)
    return tuple(_strokes(outline))


def _strokes(outline: str) -> list[Stroke]:
    strokes: list[Stroke] = []
    x = y = 0.0
    for command, text in _STROKE.findall(outline):
        numbers = tuple(float(part) for part in text.split())
        if len(numbers) != _NUMBERS[command]:
            raise ValueError(f"{command}{text} in an icon")
        if command in "HV":
            place = (numbers[0], y) if command == "H" else (x, numbers[0])
            strokes.append(("L", place))
        else:
            strokes.append((command, numbers))
        x, y = strokes[-1][1][-2:] or (x, y)
    return strokes
