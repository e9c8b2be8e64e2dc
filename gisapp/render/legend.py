"""The legend: what each symbol means and how many features carry it, from the rules that draw."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

import numpy as np

from gisapp.core.progress import SILENT
from gisapp.core.style import Symbol, at_scale
from gisapp.core.words import _, label, number
from gisapp.io.ramps import ramp
from gisapp.render.geometry import FrameGeometry, geometry_of, in_view
from gisapp.render.heat import peak
from gisapp.render.sizes import sized
from gisapp.render.symbols import NO_RULE, rule_of_each

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from gisapp.core.layer import Layer
    from gisapp.core.progress import Progress
    from gisapp.core.style import Heat, ScaleRange
    from gisapp.render.viewport import Viewport

Nature = Literal["point", "line", "area"]

# Kinds of which several rows may tell of one thing, and the columns that name it.
_TOLD_OF: Final[Mapping[str, tuple[str, ...]]] = {
    "conflicts": ("subject_kind", "subject_id"),
    "sites": ("name",),
}


@dataclass(frozen=True)
class LegendEntry:
    """One rule: its symbol, drawn as a point, a line or an area, and its features.

    The symbol has the size it has in the viewport, or its full size where there is none.
    `total` counts the features that can be drawn, `in_view` those that show in the viewport
    (None where there is none); `is_empty` marks rules that draw nothing. A rule that is not
    drawn at the viewport's scale has no features and says in `note` at which it would be. `ramp`
    has the colours, from little to much, of a surface that takes the place of the rules.
    """

    label: str
    symbol: Symbol
    nature: Nature
    total: int
    in_view: int | None = None
    note: str = ""
    ramp: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether no feature carries this symbol."""
        return self.total == 0


@dataclass(frozen=True)
class LegendLayer:
    """One layer's entries in the order of its rules.

    `without_rule` counts features that no rule draws at this scale, `without_place` those that
    have no usable geometry: with the entries' totals they add up to the layer's features. `notes`
    say what else a reader must know: radii, and what is counted where rows are not the subjects.
    """

    name: str
    title: str
    entries: tuple[LegendEntry, ...]
    without_rule: int
    without_place: int
    notes: tuple[str, ...] = ()

    @property
    def in_view(self) -> int | None:
        """How many of the layer's features show in the viewport; None where there is none."""
        seen = [entry.in_view for entry in self.entries if entry.in_view is not None]
        return sum(seen) if seen else None


def title_of(layer: Layer) -> str:
    """Return what a layer is called in the language in force."""
    return layer.title or label(layer.style.titles) or layer.name


def legend(
    layers: Sequence[Layer], viewport: Viewport | None = None, progress: Progress = SILENT
) -> tuple[LegendLayer, ...]:
    """Return the legend of the visible layers, the top one first.

    Parameters
    ----------
    viewport : Viewport, optional
        Without one, rules count at all scales and nothing is in view.
    progress : Progress
        Told of every layer; may raise `Cancelled`.
    """
    visible = [layer for layer in layers if layer.visible]
    made = []
    for done, layer in enumerate(visible):
        progress.step(done, len(visible), title_of(layer))
        made.append(_legend_layer(layer, viewport))
    return tuple(made)


def _legend_layer(layer: Layer, viewport: Viewport | None) -> LegendLayer:
    geometry = geometry_of(layer.frame)
    seen = None if viewport is None else in_view(geometry, viewport)
    if layer.style.heat is None:
        entries = _rule_entries(layer, geometry, seen, viewport)
    else:
        entries = (_heat_entry(layer.style.heat, geometry, seen),)
    drawn = sum(entry.total for entry in entries)
    without_rule = len(geometry.placed) - geometry.skipped - drawn
    return LegendLayer(
        layer.name, title_of(layer), entries, without_rule, geometry.skipped, _notes(layer)
    )


def _rule_entries(
    layer: Layer,
    geometry: FrameGeometry,
    seen: NDArray[np.bool_] | None,
    viewport: Viewport | None,
) -> tuple[LegendEntry, ...]:
    rules = layer.style.rules
    style = layer.style if viewport is None else at_scale(layer.style, viewport.scale)
    active = [viewport is None or rule.scales.holds(viewport.scale) for rule in rules]
    rule = np.where(geometry.placed, rule_of_each(layer.frame, style), NO_RULE)
    totals = _counts(rule, active)
    shown = None if seen is None else _counts(rule[seen], active)
    nature = _nature(geometry)
    return tuple(
        LegendEntry(
            label(one.labels),
            _as_drawn(one.symbol, nature, viewport),
            nature,
            int(totals[i]),
            None if shown is None else int(shown[i]),
            note="" if active[i] else scales_text(one.scales),
        )
        for i, one in enumerate(rules)
    )


def _counts(rule: NDArray[np.int32], active: Sequence[bool]) -> NDArray[np.int64]:
    """Count the features of each rule; `rule` numbers those that are `active` alone."""
    counts = np.zeros(len(active), dtype=np.int64)
    counts[active] = np.bincount(rule[rule != NO_RULE], minlength=sum(active))
    return counts


def _heat_entry(heat: Heat, geometry: FrameGeometry, seen: NDArray[np.bool_] | None) -> LegendEntry:
    text = _("Density of points within {radius} m").format(radius=number(heat.radius_m))
    points = np.zeros(len(geometry.placed), dtype=bool)
    points[geometry.point_row] = True
    shown = None if seen is None else int(np.count_nonzero(points & seen))
    return LegendEntry(
        text, Symbol(), "area", int(np.count_nonzero(points)), shown, ramp=ramp(heat.ramp, 8)
    )


def scales_text(scales: ScaleRange) -> str:
    """Say at which scales a rule is drawn."""
    near, far = number(scales.min_denominator), scales.max_denominator
    if math.isinf(far):
        return _("drawn from 1:{near} outward").format(near=near)
    if scales.min_denominator == 0:
        return _("drawn nearer than 1:{far}").format(far=number(far))
    return _("drawn between 1:{near} and 1:{far}").format(near=near, far=number(far))


def _notes(layer: Layer) -> tuple[str, ...]:
    clusters = layer.style.clusters
    notes = []
    if clusters is not None and layer.style.heat is None:
        text = _(
            "A circle with a number: that many points together, nearer than {radius} mm to "
            "each other."
        )
        radius = number(clusters.radius_mm, 0 if clusters.radius_mm.is_integer() else 1)
        notes.append(text.format(radius=radius))
    if layer.style.heat is not None:
        text = _("The darkest colour is {n} per hectare.")
        densest = peak(layer.frame, layer.style.heat)
        notes.append(text.format(n=_short(densest)))
    subjects = _subjects(layer)
    if subjects is not None and subjects < len(layer.frame):
        text = _("Counted are {n} records about {subjects} subjects: one can have several.")
        notes.append(text.format(n=number(len(layer.frame)), subjects=number(subjects)))
    return tuple(notes)


def _short(value: float) -> str:
    """Write a number with as many decimals as it takes to see two digits of it."""
    decimals = 0 if value >= 10 or value <= 0 else min(1 - math.floor(math.log10(value)), 6)
    return number(value, decimals)


def _subjects(layer: Layer) -> int | None:
    """Return how many things the rows tell of; None where each is one of its own."""
    columns = list(_TOLD_OF.get(layer.kind, ()))
    if not columns or not set(columns) <= set(layer.frame.columns):
        return None
    named: pd.DataFrame = layer.frame[columns].dropna()
    # A row without a name is one of its own.
    return len(named.drop_duplicates()) + len(layer.frame) - len(named)


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
