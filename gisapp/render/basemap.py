"""The ground of the map as a group of batches: outlines as vectors, tiles as one image.

Never waits: it shows what is at hand, a coarser tile in the place of a missing one, and tells what
is missing.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage, QPainter, QTransform

from gisapp.core.errors import GisappError
from gisapp.core.layer import Layer
from gisapp.core.progress import SILENT
from gisapp.core.style import at_scale
from gisapp.core.words import _
from gisapp.io.outlines import ATTRIBUTION, provinces
from gisapp.io.styles import load_style
from gisapp.render.batches import Group, ImageBatch
from gisapp.render.painter import paint
from gisapp.render.scene import Scene, build_scene
from gisapp.render.tile_grid import grid_of
from gisapp.render.tile_images import TileImages

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from gisapp.core.basemap import Basemap
    from gisapp.core.progress import Progress
    from gisapp.io.tiles.source import TileId, TileSource
    from gisapp.render.tile_grid import TileGrid
    from gisapp.render.viewport import Viewport

Under = Callable[["Viewport", "Progress"], "Ground"]

PATIENCE_S = 60.0
_AT_A_TIME = 2
# How often it is looked at whether the user or the time says to stop, and how long a request under
# way is then waited for: whoever closes the source next should find nobody in it.
_LOOK_S = 0.1
_END_S = 1.0
_LEVELS_UP = 6


@dataclass(frozen=True, eq=False)
class Ground:
    """What lies below the layers in one view.

    Parameters
    ----------
    scene : Scene
        To be painted before that of the layers.
    missing : tuple of TileId
        Tiles that are not at hand, the most wanted first.
    attribution : str
        To be written on the map; empty where nothing is shown that asks for it.
    """

    scene: Scene
    missing: tuple[TileId, ...] = ()
    attribution: str = ""


@dataclass(frozen=True, eq=False)
class Tiles:
    """A source of tiles and those of them that are at hand."""

    source: TileSource
    images: TileImages


def ground_of(basemap: Basemap, tiles: Tiles | None, viewport: Viewport, crs: str) -> Ground:
    """Work out what lies below the layers in `viewport`.

    Parameters
    ----------
    tiles : Tiles, optional
        Of a basemap that has some; None where they could not be opened.
    crs : str
        The project's.
    """
    if basemap.kind == "outlines":
        return _outlines(basemap, viewport, crs)
    if tiles is None or basemap.kind == "none":
        return Ground(Scene(viewport, (), (), {}))
    grid = grid_of(tiles.source, viewport, crs)
    if grid is None:
        return Ground(Scene(viewport, (), (), {}))
    batch = ImageBatch(_pixels(_warped(grid, tiles, viewport)), _corners(viewport))
    group = Group("basemap", (batch,), basemap.opacity)
    missing = tuple(tile for tile in grid.tiles() if not tiles.images.settled(tile))
    return Ground(Scene(viewport, (group,), (), {}), missing, tiles.source.attribution)


def whole_ground(
    basemap: Basemap,
    source: TileSource | None,
    viewport: Viewport,
    crs: str,
    progress: Progress = SILENT,
) -> Ground:
    """Work out what lies below the layers on paper: waits for its tiles, but not for ever.

    What has not come after `PATIENCE_S`, or failed, is told in `missing` and left as paper, or as
    the coarser tile that lies there.

    Raises
    ------
    Cancelled
        Where `progress` says so.
    """
    if source is None:
        return ground_of(basemap, None, viewport, crs)
    tiles = Tiles(source, TileImages())
    _fetch(ground_of(basemap, tiles, viewport, crs).missing, tiles, progress)
    return ground_of(basemap, tiles, viewport, crs)


def _fetch(wanted: tuple[TileId, ...], tiles: Tiles, progress: Progress) -> None:
    """Bring what comes of `wanted` within `PATIENCE_S`."""
    until = time.monotonic() + PATIENCE_S
    pool = ThreadPoolExecutor(_AT_A_TIME, thread_name_prefix="basemap")
    asked = {pool.submit(tiles.source.tile, tile): tile for tile in wanted}
    waiting = set(asked)
    try:
        while waiting and time.monotonic() < until:
            progress.step(len(asked) - len(waiting), len(asked), _("Fetching the basemap"))
            come, waiting = wait(waiting, _LOOK_S, FIRST_COMPLETED)
            for answer in come:
                with suppress(GisappError):  # it stays missing; those behind it may yet come
                    tiles.images.take(asked[answer], answer.result())
    finally:
        wait([answer for answer in waiting if not answer.cancel()], _END_S)
        pool.shutdown(wait=False)


def under_of(basemap: Basemap, source: TileSource | None, crs: str) -> Under:
    """Return what works out the ground of a sheet's map, wherever the sheet looks."""
    return lambda viewport, progress: whole_ground(basemap, source, viewport, crs, progress)


def picture_of(ground: Ground) -> QImage | None:
    """Return the ground as an image of its view; None where there is nothing to see."""
    viewport = ground.scene.viewport
    if not ground.scene.batches:
        return None
    image = QImage(viewport.width_px, viewport.height_px, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(0)
    painter = QPainter(image)
    try:
        paint(painter, ground.scene)
    finally:
        painter.end()
    return image


def _outlines(basemap: Basemap, viewport: Viewport, crs: str) -> Ground:
    if not at_scale(load_style("outlines"), viewport.scale).rules:
        return Ground(Scene(viewport, (), (), {}))  # and the file is not even read
    scene = build_scene([outlines_layer(crs)], viewport)
    groups = tuple(replace(group, opacity=basemap.opacity) for group in scene.groups)
    shown = ATTRIBUTION if scene.batches else ""
    return Ground(replace(scene, groups=groups), attribution=shown)


@lru_cache(maxsize=2)
def outlines_layer(crs: str) -> Layer:
    """Return the bundled provinces as a layer in the project's CRS."""
    return Layer("basemap", "other", provinces().to_crs(crs), load_style("outlines"))


def _warped(grid: TileGrid, tiles: Tiles, viewport: Viewport) -> QImage:
    """Draw the tiles at hand into the view, cell by cell, so that neither seams nor gaps arise."""
    mosaic = _mosaic(grid, tiles)
    view = QImage(viewport.width_px, viewport.height_px, QImage.Format.Format_ARGB32_Premultiplied)
    view.fill(0)
    painter = QPainter(view)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    for row in range(len(grid.y_px) - 1):
        for column in range(len(grid.x_px) - 1):
            nodes = grid.node_px[row : row + 2, column : column + 2]
            if not np.isfinite(nodes).all():
                continue
            left, right = grid.x_px[column : column + 2].tolist()
            top, bottom = grid.y_px[row : row + 2].tolist()
            painter.resetTransform()
            painter.setClipRect(left, top, right - left, bottom - top)
            painter.setTransform(_affine(nodes, left, top, right - left, bottom - top))
            painter.drawImage(0, 0, mosaic)
    painter.end()
    return view


def _mosaic(grid: TileGrid, tiles: Tiles) -> QImage:
    side = tiles.source.tile_px
    size = grid.columns * side, grid.rows * side
    mosaic = QImage(*size, QImage.Format.Format_ARGB32_Premultiplied)
    mosaic.fill(0)
    painter = QPainter(mosaic)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    for tile in grid.tiles():
        found = _at_hand(tile, tiles)
        if found is not None:
            image, part = found
            place = QRectF((tile.x - grid.x) * side, (tile.y - grid.y) * side, side, side)
            painter.drawImage(place, image, part)
    painter.end()
    return mosaic


def _at_hand(tile: TileId, tiles: Tiles) -> tuple[QImage, QRectF] | None:
    """Return a tile's image, else the part of a coarser one, with the part of it to draw."""
    for up in range(min(_LEVELS_UP, tile.z - tiles.source.min_zoom) + 1):
        image = tiles.images.get(tile.ancestor(up))
        if image is not None:
            width, height = image.width() / 2**up, image.height() / 2**up
            x, y = tile.x % 2**up * width, tile.y % 2**up * height
            return image, QRectF(x, y, width, height)
    return None


def _affine(nodes: NDArray[np.float64], left: int, top: int, width: int, height: int) -> QTransform:
    """Return the way from the mosaic to the view for one cell, fitted to its four corners."""
    right_by = ((nodes[0, 1] - nodes[0, 0]) + (nodes[1, 1] - nodes[1, 0])) / (2 * width)
    down_by = ((nodes[1, 0] - nodes[0, 0]) + (nodes[1, 1] - nodes[0, 1])) / (2 * height)
    middle = nodes.mean(axis=(0, 1))
    origin = middle - right_by * (left + width / 2) - down_by * (top + height / 2)
    way, _invertible = QTransform(*right_by, *down_by, *origin).inverted()
    return way


def _corners(viewport: Viewport) -> NDArray[np.float64]:
    width, height = float(viewport.width_px), float(viewport.height_px)
    return np.array([[0.0, 0.0], [width, 0.0], [width, height], [0.0, height]])


def _pixels(image: QImage) -> NDArray[np.uint8]:
    plain = image.convertToFormat(QImage.Format.Format_RGBA8888_Premultiplied)
    rows = np.frombuffer(plain.constBits(), dtype=np.uint8).reshape(plain.height(), -1)
    return rows[:, : 4 * plain.width()].reshape(plain.height(), plain.width(), 4).copy()
