"""Whether the classes of a style can be told apart, also by people who see fewer colours.

Simulation: Machado, Oliveira and Fernandes 2009, "A physiologically-based model for simulation of
color vision deficiency", at full severity, in linear light. Differences: distances in OKLab.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache
from itertools import combinations
from typing import TYPE_CHECKING, Literal

from gisapp.core.colour import Triple, colour_of, laid_over, light_of, oklab, through

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gisapp.core.style import Style, Symbol
    from gisapp.render.legend import Nature

Vision = Literal["normal", "deutan", "protan", "tritan"]

PAPER = "#ffffff"
# In OKLab 0.02 is just noticeable side by side. A map's classes lie apart, among others and small,
# so that more is needed: ColorBrewer keeps 0.05 between seven classes of one hue, Okabe and Ito
# 0.075 between their first seven colours in every vision.
TELLS_APART = 0.05
# From so many times the size or the width on, sizes tell classes apart without colour.
LARGER = 1.3
OUTLINE_MM = 0.4

_SEEN: dict[Vision, tuple[Triple, Triple, Triple]] = {
    "deutan": (
        Triple(0.367322, 0.860646, -0.227968),
        Triple(0.280085, 0.672501, 0.047413),
        Triple(-0.011820, 0.042940, 0.968881),
    ),
    "protan": (
        Triple(0.152286, 1.052583, -0.204868),
        Triple(0.114503, 0.786281, 0.099216),
        Triple(-0.003882, -0.048116, 1.051998),
    ),
    "tritan": (
        Triple(1.255528, -0.076749, -0.178779),
        Triple(-0.078411, 0.930809, 0.147602),
        Triple(0.004733, 0.691367, 0.303900),
    ),
}
# The most frequent first.
VISIONS: tuple[Vision, ...] = ("normal", *_SEEN)


@dataclass(frozen=True)
class Alike:
    """Two rules (their places, from 0) that look alike in a vision; `second` None is the paper."""

    first: int
    second: int | None
    vision: Vision
    difference: float


def simulated(colour: str, vision: Vision) -> str:
    """Return ``#rrggbb`` as someone with that vision sees it."""
    return colour if vision == "normal" else colour_of(through(_SEEN[vision], light_of(colour)))


def difference(one: str, other: str, vision: Vision = "normal") -> float:
    """Return how far two colours lie apart in a vision: 0 for the same, 1 for black and white."""
    return math.dist(_seen(one, vision), _seen(other, vision))


@cache
def _seen(colour: str, vision: Vision) -> Triple:
    return oklab(light_of(simulated(colour, vision)))


def alike(style: Style, nature: Nature, paper: str = PAPER) -> tuple[Alike, ...]:
    """Return the pairs of rules that colour alone must tell apart, and cannot.

    Shape, size, hatch, dashes, or a fill on one side only tell two rules apart without colour. Each
    pair comes once, with the first of `VISIONS` in which it is alike; those alike to most people
    come first, of these the nearest.
    """
    symbols = [rule.symbol for rule in style.rules]
    found = [
        *_paper_pairs(symbols, nature, style.opacity, paper),
        *_rule_pairs(symbols, nature, style.opacity, paper),
    ]
    return tuple(sorted(found, key=lambda x: (VISIONS.index(x.vision), x.difference)))


def ink(symbol: Symbol, nature: Nature, opacity: float = 1.0, paper: str = PAPER) -> str:
    """Return the colour that stands for a symbol: its fill's on paper, else its outline's."""
    if nature != "line" and symbol.fill is not None:
        return laid_over(symbol.fill, symbol.fill_opacity * opacity, paper)
    return laid_over(symbol.stroke, opacity, paper) if symbol.stroke is not None else paper


def _rule_pairs(
    symbols: list[Symbol], nature: Nature, opacity: float, paper: str
) -> Iterator[Alike]:
    for (i, one), (j, other) in combinations(enumerate(symbols), 2):
        if _has_other_cue(one, other, nature):
            continue
        inks = [(ink(one, nature, opacity, paper), ink(other, nature, opacity, paper))]
        if one.stroke and other.stroke and min(one.stroke_mm, other.stroke_mm) >= OUTLINE_MM:
            inks.append((one.stroke, other.stroke))
        yield from _first_alike(i, j, inks)


def _paper_pairs(
    symbols: list[Symbol], nature: Nature, opacity: float, paper: str
) -> Iterator[Alike]:
    for i, symbol in enumerate(symbols):
        inks = [(ink(symbol, nature, opacity, paper), paper)]
        if symbol.stroke is not None:
            inks.append((laid_over(symbol.stroke, opacity, paper), paper))
        yield from _first_alike(i, None, inks)


def _first_alike(first: int, second: int | None, inks: list[tuple[str, str]]) -> Iterator[Alike]:
    for vision in VISIONS:
        apart = max(difference(a, b, vision) for a, b in inks)
        if apart < TELLS_APART:
            yield Alike(first, second, vision, apart)
            return


def _has_other_cue(one: Symbol, other: Symbol, nature: Nature) -> bool:
    if nature == "line":
        return one.dash_mm != other.dash_mm or _is_larger(one.stroke_mm, other.stroke_mm)
    if (one.fill is None) != (other.fill is None):
        return True
    if nature == "area":
        return one.hatch != other.hatch
    is_shaped = (one.icon or one.shape) != (other.icon or other.shape)
    return is_shaped or _is_larger(one.size_mm, other.size_mm)


def _is_larger(one: float, other: float) -> bool:
    return max(one, other) >= LARGER * min(one, other)
