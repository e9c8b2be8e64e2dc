"""How far two outlines of the same area lie apart."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely

if TYPE_CHECKING:
    from gisapp.analysis.columns import Floats, Geometries

# An outline is sampled once a metre, so that the greatest distance is right to half a metre.
_SAMPLE_M = 1.0
# Pieces that were drawn next to one another leave slits; those narrower than a metre are closed.
_HALF_SLIT_M = 0.5


def outline_distances(one: shapely.Geometry, other: shapely.Geometry) -> tuple[float, float]:
    """Return the greatest and the mean distance of two outlines, metres.

    The greatest is the Hausdorff distance: of all points of either outline, how far the one that
    is farthest from the other outline lies from it. The mean is over both outlines. Holes are not
    looked at, and slits narrower than a metre are closed: they are no outline of the area.
    """
    apart_m = np.concatenate([_distances(one, other), _distances(other, one)])
    return float(apart_m.max()), float(np.sort(apart_m).mean())


def _distances(one: shapely.Geometry, other: shapely.Geometry) -> Floats:
    """Return how far each sample of an outline lies from the other outline."""
    samples, segments = _samples(_outer_rings(one)), _segments(_outer_rings(other))
    tree = shapely.STRtree(segments)
    _pairs, apart_m = tree.query_nearest(samples, return_distance=True, all_matches=False)
    distances: Floats = apart_m
    return distances


def _samples(rings: Geometries) -> Geometries:
    """Return points along rings, evenly apart on each."""
    count = np.maximum(np.ceil(shapely.length(rings) / _SAMPLE_M).astype(np.int64), 1)
    ring = np.repeat(np.arange(len(rings)), count)
    share = (np.arange(len(ring)) - np.repeat(np.cumsum(count) - count, count)) / count[ring]
    points: Geometries = shapely.line_interpolate_point(rings[ring], share, normalized=True)
    return points


def _segments(rings: Geometries) -> Geometries:
    """Return the straight pieces of rings."""
    xy, ring = shapely.get_coordinates(rings, return_index=True)
    ends = np.stack([xy[:-1], xy[1:]], axis=1)[ring[:-1] == ring[1:]]
    segments: Geometries = shapely.linestrings(ends)
    return segments


def _outer_rings(area: shapely.Geometry) -> Geometries:
    wider = shapely.buffer(area, _HALF_SLIT_M, join_style="mitre")
    closed = shapely.union(shapely.buffer(wider, -_HALF_SLIT_M, join_style="mitre"), area)
    rings: Geometries = shapely.get_exterior_ring(shapely.get_parts(closed))
    return rings
