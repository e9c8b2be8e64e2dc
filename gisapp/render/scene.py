"""What an image shows: the visible layers as symbols with pixel coordinates. No Qt."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from gisapp.core.progress import SILENT
from gisapp.core.style import at_scale
from gisapp.render.batches import Batch, ClusterBatch, Group, OutlineBatch, PointBatch
from gisapp.render.clusters import clusters
from gisapp.render.geometry import FrameGeometry, geometry_of
from gisapp.render.heat import heat_batch
from gisapp.render.labels import Label, wanted_labels
from gisapp.render.marks import Marks, marks_of, spots_in_view
from gisapp.render.sizes import crowded, size_factor, sized
from gisapp.render.spots import Spots, by_place, spots_of
from gisapp.render.symbols import NO_RULE, rule_of_each

if TYPE_CHECKING:
    from gisapp.core.layer import Layer
    from gisapp.core.progress import Progress
    from gisapp.core.style import Clusters
    from gisapp.render.viewport import Bounds, Viewport

# Borders from this weight on mean something (an eviction, a district); zones are lighter.
_HEAVY_MM = 0.4
# Between rings around each other, added to their width.
_RING_GAP_MM = 0.5


@dataclass(frozen=True, eq=False)
class Scene:
    """Everything to paint, from the bottom to the top.

    Parameters
    ----------
    groups : tuple of Group
        One a layer, the lowest first.
    labels : tuple of Label
        In order of precedence; which find room is decided by the painter, who knows the font.
    skipped : mapping
        Layer name to the number of its features that have no finite place to draw.
    """

    viewport: Viewport
    groups: tuple[Group, ...]
    labels: tuple[Label, ...]
    skipped: Mapping[str, int]

    @property
    def batches(self) -> tuple[Batch, ...]:
        """All batches in the order of painting."""
        return tuple(batch for group in self.groups for batch in group.batches)


def build_scene(layers: Sequence[Layer], viewport: Viewport, progress: Progress = SILENT) -> Scene:
    """Work out what the visible layers look like in `viewport`.

    Parameters
    ----------
    layers : sequence of Layer
        In drawing order, the first on top. Within a layer the first rule lies on top.
    viewport : Viewport
        Of a screen or a sheet: the same scene serves both.
    progress : Progress
        Told of every layer and of every batch of alike symbols within it.

    Raises
    ------
    Cancelled
        Where `progress` says so.
    """
    ground = build_ground(layers, viewport, progress)
    return replace(ground, labels=_names(drawn_layers(layers, viewport), viewport, progress))


def build_ground(layers: Sequence[Layer], viewport: Viewport, progress: Progress = SILENT) -> Scene:
    """Work out the same without the names, which cost most to find."""
    visible = drawn_layers(layers, viewport)
    groups: list[Group] = []
    for done, layer in enumerate(reversed(visible)):
        batches: list[Batch] = []
        progress.step(done, len(visible), layer.title or layer.name)
        for batch in _batches(layer, viewport):
            batches.append(batch)
            progress.step(done, len(visible), layer.title or layer.name)
        groups.append(Group(layer.name, tuple(batches), layer.style.opacity, layer.style.blend))
    if crowded(viewport):
        groups = _under_borders(groups, visible, viewport)
    skipped = {layer.name: geometry_of(layer.frame).skipped for layer in visible}
    return Scene(viewport, tuple(groups), (), {k: n for k, n in skipped.items() if n})


def _under_borders(
    groups: Sequence[Group], visible: Sequence[Layer], viewport: Viewport
) -> list[Group]:
    """Lay the heavy borders above all groups but the circles of crowds, whose numbers are read."""
    below, circles = [], []
    for group in groups:
        rest = tuple(batch for batch in group.batches if not isinstance(batch, ClusterBatch))
        below.append(replace(group, batches=rest))
        if len(rest) < len(group.batches):
            crowds = tuple(batch for batch in group.batches if isinstance(batch, ClusterBatch))
            circles.append(replace(group, batches=crowds))
    borders = [
        Group(layer.name, tuple(_borders(layer, viewport)), layer.style.opacity)
        for layer in reversed(visible)
        if layer.style.heat is None  # a surface has no borders
    ]
    return [*below, *borders, *circles]


def build_names(layers: Sequence[Layer], viewport: Viewport, progress: Progress = SILENT) -> Scene:
    """Work out the names alone, with the marks that they keep free where they have a choice."""
    visible = drawn_layers(layers, viewport)
    labels = _names(visible, viewport, progress)
    marked = reversed(visible) if labels else ()
    groups = (Group(layer.name, tuple(_mark_batches(layer, viewport))) for layer in marked)
    return Scene(viewport, tuple(groups), labels, {})


def _names(visible: Sequence[Layer], viewport: Viewport, progress: Progress) -> tuple[Label, ...]:
    labels: list[Label] = []
    for done, layer in enumerate(visible):
        progress.step(done, len(visible), layer.title or layer.name)
        labels += wanted_labels(layer, viewport)
    return tuple(labels)


def drawn_layers(layers: Sequence[Layer], viewport: Viewport) -> list[Layer]:
    """Return the visible layers with the part of their styles that is for the viewport's scale."""
    scaled = (
        layer
        if (style := at_scale(layer.style, viewport.scale)) is layer.style
        else replace(layer, style=style)
        for layer in layers
        if layer.visible
    )
    return [layer for layer in scaled if layer.style.rules or layer.style.heat]


def _batches(layer: Layer, viewport: Viewport) -> Iterator[Batch]:
    if layer.style.heat is not None:
        made = heat_batch(layer.frame, layer.style.heat, viewport)
        if made is not None:
            yield made
        return
    yield from _outline_batches(layer, geometry_of(layer.frame), viewport)
    yield from _mark_batches(layer, viewport)


def _mark_batches(layer: Layer, viewport: Viewport) -> Iterator[Batch]:
    if layer.style.heat is not None:
        return
    if layer.style.clusters is not None:
        yield from _clustered(layer, layer.style.clusters, viewport)
    else:
        yield from _point_batches(layer, viewport)


def _outline_batches(
    layer: Layer, geometry: FrameGeometry, viewport: Viewport
) -> Iterator[OutlineBatch]:
    rule = rule_of_each(layer.frame, layer.style)
    within = _with_strokes(layer, viewport)
    for parts in (geometry.polygons, geometry.lines):
        if not len(parts.row):
            continue
        seen = np.flatnonzero(parts.overlapping(within))
        seen_rule = rule[parts.row[seen]]
        for index in reversed(range(len(layer.style.rules))):
            chosen = seen[seen_rule == index]
            if len(chosen):
                yield OutlineBatch(layer.style.rules[index].symbol, parts, chosen, viewport)


def _with_strokes(layer: Layer, viewport: Viewport) -> Bounds:
    """Widen the view by half the widest stroke: outlines just outside it reach in."""
    widest_mm = max(rule.symbol.stroke_mm for rule in layer.style.rules)
    room = (widest_mm * viewport.px_per_mm / 2 + 1) * viewport.metres_per_px
    west, south, east, north = viewport.bounds
    return west - room, south - room, east + room, north + room


def _borders(layer: Layer, viewport: Viewport) -> Iterator[OutlineBatch]:
    """Repeat the heavy borders of areas above the points, which bury narrow areas far out."""
    for batch in _outline_batches(layer, geometry_of(layer.frame), viewport):
        if batch.closed and batch.symbol.stroke and batch.symbol.stroke_mm >= _HEAVY_MM:
            line = replace(sized(batch.symbol, viewport), fill=None, hatch="")
            yield replace(batch, symbol=line)


def _clustered(layer: Layer, look: Clusters, viewport: Viewport) -> Iterator[Batch]:
    """Give the points that stand alone, by rule, and above them the circles of the others."""
    geometry = geometry_of(layer.frame)
    rule = rule_of_each(layer.frame, layer.style)[geometry.point_row]
    drawn = rule != NO_RULE
    alone, circles = clusters(geometry.point_xy[drawn], look, viewport)
    lone = geometry.point_xy[drawn][alone]
    nowhere = np.empty((0, 2), dtype=np.float32)
    order = by_place(lone, rule[drawn][alone])
    *_, spots = spots_of(lone[order], rule[drawn][alone][order], nowhere, len(layer.style.rules))
    yield from _batches_of(layer, lambda index: spots[index], viewport)
    if circles is not None:
        yield circles


def _point_batches(layer: Layer, viewport: Viewport) -> Iterator[PointBatch]:
    if len(geometry_of(layer.frame).point_row):
        marks = marks_of(layer.frame, layer.style)
        if not crowded(viewport):
            yield from _outer_rings(layer, marks, viewport)
        seen = partial(spots_in_view, marks, layer.style, viewport=viewport)
        yield from _batches_of(layer, seen, viewport)


def _outer_rings(layer: Layer, marks: Marks, viewport: Viewport) -> Iterator[PointBatch]:
    """Give the rings around rings where several alike findings lie at one place."""
    for rule, levels in zip(layer.style.rules, marks.again, strict=True):
        for level, spots in enumerate(levels, 1):
            wider_mm = rule.symbol.size_mm + level * (2 * rule.symbol.stroke_mm + _RING_GAP_MM)
            symbol = replace(rule.symbol, size_mm=wider_mm)
            seen = spots.between(viewport.bounds, wider_mm * viewport.scale / 1000)
            if len(seen):
                yield PointBatch(symbol, seen, 1.0, viewport)


def _batches_of(
    layer: Layer, spots: Callable[[int], Spots], viewport: Viewport
) -> Iterator[PointBatch]:
    for index in reversed(range(len(layer.style.rules))):
        found = spots(index)
        if len(found):
            symbol = sized(layer.style.rules[index].symbol, viewport)
            yield PointBatch(symbol, found, size_factor(viewport), viewport)
