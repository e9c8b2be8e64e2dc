"""The legend: what each symbol means and how many features carry it, from the rules that draw."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from gisapp.core.words import label
from gisapp.render.geometry import FrameGeometry, geometry_of, in_view
from gisapp.render.sizes import sized
from gisapp.render.symbols import NO_RULE, rule_of_each

if TYPE_CHECKING:
    from gisapp.core.layer import Layer
    from gisapp.core.style import Symbol
    from gisapp.render.viewport import Viewport

Nature = Literal["point", "line", "area"]


@dataclass(frozen=True)
class LegendEntry:
    """One rule: its symbol, drawn as a point, a line or an area, and its features.

    The symbol has the size it has in the viewport, or its full size where there is none.
    `total` counts the features that can be drawn, `in_view` those that show in the viewport
    (None where there is none); `is_empty` marks rules that draw nothing.
    """

    label: str
    symbol: Symbol
    nature: Nature
    total: int
    in_view: int | None = None

    @property
    def is_empty(self) -> bool:
        """Whether no feature carries this symbol."""
        return self.total == 0


@dataclass(frozen=True)
class LegendLayer:
    """One layer's entries in the order of its rules.

    `without_rule` counts features that no rule draws, `without_place` those that have no usable
    geometry: with the entries' totals they add up to the layer's features.
    """

    name: str
    title: str
    entries: tuple[LegendEntry, ...]
    without_rule: int
    without_place: int


def title_of(layer: Layer) -> str:
    """Return what a layer is called in the language in force."""
    return layer.title or label(layer.style.titles) or layer.name


def legend(layers: Sequence[Layer], viewport: Viewport | None = None) -> tuple[LegendLayer, ...]:
    """Return the legend of the visible layers, the top one first."""
    return tuple(_legend_layer(layer, viewport) for layer in layers if layer.visible)


def _legend_layer(layer: Layer, viewport: Viewport | None) -> LegendLayer:
    geometry = geometry_of(layer.frame)
    rule = np.where(geometry.placed, rule_of_each(layer.frame, layer.style), NO_RULE)
    size = len(layer.style.rules)
    totals = np.bincount(rule[rule != NO_RULE], minlength=size)
    shown = None
    if viewport is not None:
        seen = in_view(geometry, viewport) & (rule != NO_RULE)
        shown = np.bincount(rule[seen], minlength=size)
    nature = _nature(geometry)
    entries = tuple(
        LegendEntry(
            label(style_rule.labels),
            _as_drawn(style_rule.symbol, nature, viewport),
            nature,
            int(totals[i]),
            None if shown is None else int(shown[i]),
        )
        for i, style_rule in enumerate(layer.style.rules)
    )
    without_rule = int(np.count_nonzero(geometry.placed & (rule == NO_RULE)))
    return LegendLayer(layer.name, title_of(layer), entries, without_rule, geometry.skipped)


def _as_drawn(symbol: Symbol, nature: Nature, viewport: Viewport | None) -> Symbol:
    return sized(symbol, viewport) if viewport is not None and nature == "point" else symbol


def _nature(geometry: FrameGeometry) -> Nature:
    """Return what most of a layer's features are; of an empty layer, points."""
    counts: dict[Nature, int] = {
        "point": len(geometry.point_row),
        "area": len(geometry.polygons.row),
        "line": len(geometry.lines.row),
    }
    return max(counts, key=lambda nature: counts[nature])
