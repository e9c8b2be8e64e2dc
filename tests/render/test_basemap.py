"""The basemap lies where the layers lie, shows what is at hand, and never asks for too much."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

import numpy as np
import pytest
from helpers.tiles import MadeTiles, a_picture
from pyproj import Transformer
from shapely import Point

from gisapp.core.basemap import Basemap
from gisapp.core.errors import Cancelled, GisappError
from gisapp.render import basemap
from gisapp.render.basemap import Ground, Tiles, _affine, ground_of, outlines_layer, whole_ground
from gisapp.render.tile_grid import _HALF_M, CELL_PX, grid_of
from gisapp.render.tile_images import TileImages, decoded
from gisapp.render.viewport import Viewport

if TYPE_CHECKING:
    from gisapp.io.tiles.source import TileId

CRS = "EPSG:32748"
TILES = Basemap("tiles", "Made")
CIRACAS = (706_900.0, 9_299_800.0)
COLOURS = ("#c03030", "#30c030", "#3030c0", "#c0c030")


def a_view(metres_per_px: float = 5.0, width: int = 640, height: int = 480) -> Viewport:
    return Viewport(*CIRACAS, metres_per_px, width, height)


def coloured(tile: TileId) -> bytes:
    return a_picture(COLOURS[tile.x % 2 + 2 * (tile.y % 2)])


def filled(source: MadeTiles, viewport: Viewport) -> Tiles:
    """Tiles of which all that the view needs are at hand."""
    tiles = Tiles(source, TileImages())
    for tile in ground_of(TILES, tiles, viewport, CRS).missing:
        tiles.images.take(tile, source.tile(tile))
    return tiles


def pixels(ground: Ground) -> np.ndarray:
    (group,) = ground.scene.groups
    (batch,) = group.batches
    return batch.rgba


@pytest.mark.parametrize(
    ("metres_per_px", "tolerance_px"), [(0.1, 0.01), (5.0, 0.01), (100.0, 0.02), (2_000.0, 0.4)]
)
def test_every_pixel_lies_where_exact_reprojection_puts_it(
    metres_per_px: float, tolerance_px: float
) -> None:
    viewport = a_view(metres_per_px, 1600, 1000)
    grid = grid_of(MadeTiles(coloured), viewport, CRS)
    assert grid is not None
    to_mercator = Transformer.from_crs(CRS, "EPSG:3857", always_xy=True)
    scale = 256 * 2**grid.zoom / (2 * _HALF_M)
    worst = 0.0
    for row, top in enumerate(grid.y_px[:-1].tolist()):
        for column, left in enumerate(grid.x_px[:-1].tolist()):
            nodes = grid.node_px[row : row + 2, column : column + 2]
            width, height = grid.x_px[column + 1] - left, grid.y_px[row + 1] - top
            way = _affine(nodes, left, top, int(width), int(height))
            at = np.array([(left, top), (left + width, top + height / 2), (left + width / 2, top)])
            x, y = to_mercator.transform(*viewport.to_map(at).T)
            u = (x + _HALF_M) * scale - grid.x * 256
            v = (_HALF_M - y) * scale - grid.y * 256
            for (px, py), (mx, my) in zip(at, zip(u, v, strict=True), strict=True):
                worst = max(worst, *np.abs(np.subtract(way.map(mx, my), (px, py))))
    assert worst < tolerance_px


def test_a_tiles_colour_is_found_where_the_tile_lies() -> None:
    viewport = a_view()
    ground = ground_of(TILES, filled(MadeTiles(coloured), viewport), viewport, CRS)
    grid = grid_of(MadeTiles(coloured), viewport, CRS)
    assert grid is not None
    rgba = pixels(ground)
    rng = np.random.default_rng(4)
    at = rng.integers((0, 0), (viewport.width_px, viewport.height_px), (400, 2))
    to_mercator = Transformer.from_crs(CRS, "EPSG:3857", always_xy=True)
    x, y = to_mercator.transform(*viewport.to_map(at + 0.5).T)
    place = np.column_stack([x + _HALF_M, _HALF_M - y]) * 2**grid.zoom / (2 * _HALF_M)
    inside = np.abs(place - np.rint(place)).min(axis=1) * 256 > 2
    assert inside.sum() > 350
    for (px, py), (u, v) in zip(at[inside], place[inside].astype(int), strict=True):
        red, green, blue, alpha = rgba[py, px]
        assert f"#{red:02x}{green:02x}{blue:02x}" == COLOURS[u % 2 + 2 * (v % 2)]
        assert alpha == 255


def test_there_are_no_seams() -> None:
    viewport = a_view(3.7, 700, 500)
    grey = MadeTiles(lambda _tile: a_picture("#808080"))
    rgba = pixels(ground_of(TILES, filled(grey, viewport), viewport, CRS))
    assert (rgba == np.array([128, 128, 128, 255], dtype=np.uint8)).all()


def test_a_coarser_tile_stands_in_for_a_missing_one() -> None:
    viewport = a_view()
    source = MadeTiles(coloured)
    tiles = Tiles(source, TileImages())
    empty = ground_of(TILES, tiles, viewport, CRS)
    assert not pixels(empty).any()
    for ancestor in {tile.ancestor(3) for tile in empty.missing}:
        tiles.images.take(ancestor, a_picture("#123456"))
    ground = ground_of(TILES, tiles, viewport, CRS)
    assert (pixels(ground) == np.array([0x12, 0x34, 0x56, 255], dtype=np.uint8)).all()
    assert ground.missing == empty.missing


def test_the_middle_is_asked_for_first_and_nothing_twice() -> None:
    viewport = a_view(5.0, 2000, 1500)
    tiles = Tiles(MadeTiles(coloured), TileImages())
    missing = ground_of(TILES, tiles, viewport, CRS).missing
    middle = np.mean([(tile.x, tile.y) for tile in missing], axis=0)
    away = [float(np.hypot(*(np.array((tile.x, tile.y)) - middle))) for tile in missing]
    assert away == sorted(away)
    tiles.images.take(missing[0], None)  # the source has none there
    tiles.images.take(missing[1], b"\x89PNG\r\n\x1a\n broken")
    assert ground_of(TILES, tiles, viewport, CRS).missing == missing[2:]
    assert tiles.images.broken == 1


@pytest.mark.parametrize(
    ("metres_per_px", "zoom"), [(4.8, 15), (1.2, 17), (0.01, 18), (3_000.0, 6), (1e5, 1)]
)
def test_tiles_are_as_fine_as_the_view(metres_per_px: float, zoom: int) -> None:
    grid = grid_of(MadeTiles(coloured), a_view(metres_per_px), CRS)
    assert grid is not None
    assert grid.zoom == zoom


def test_paper_takes_tiles_whose_names_can_be_read() -> None:
    screen = a_view(2.4)
    paper = Viewport(*CIRACAS, 0.6, 2560, 1920, 300 / 25.4)  # the same extent
    on_screen = grid_of(MadeTiles(coloured), screen, CRS)
    on_paper = grid_of(MadeTiles(coloured), paper, CRS)
    assert on_screen is not None
    assert on_paper is not None
    assert on_paper.zoom == on_screen.zoom + 1


def test_no_view_asks_for_more_than_a_screenful() -> None:
    rng = np.random.default_rng(5)
    for _n in range(60):
        x, y = rng.uniform(-2e7, 2e7, 2)
        resolution = float(10 ** rng.uniform(-3, 5))
        view = Viewport(x, y, resolution, int(rng.integers(1, 9000)), int(rng.integers(1, 9000)))
        grid = grid_of(MadeTiles(coloured, max_zoom=24), view, CRS)
        if grid is not None:
            assert 0 < grid.columns * grid.rows <= 256
            assert 0 <= grid.x < 2**grid.zoom
            assert 0 <= grid.y < 2**grid.zoom


def test_outside_its_bounds_and_levels_a_source_has_nothing() -> None:
    elsewhere = MadeTiles(coloured, bounds=(0.0, 40.0, 10.0, 50.0))
    assert grid_of(elsewhere, a_view(), CRS) is None
    only_near = MadeTiles(coloured, min_zoom=17)
    assert grid_of(only_near, a_view(2_000.0), CRS) is None
    ground = ground_of(TILES, Tiles(elsewhere, TileImages()), a_view(), CRS)
    assert (ground.scene.groups, ground.missing, ground.attribution) == ((), (), "")


def test_what_is_no_tile_is_not_decoded() -> None:
    assert decoded(a_picture(side=1025)) is None
    assert decoded(b"<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'/>") is None
    assert decoded(a_picture()[:60]) is None
    for form in ("PNG", "JPEG"):
        image = decoded(a_picture(form=form))
        assert image is not None
        assert image.width() == 256


class TestOnPaper:
    def test_it_waits_for_its_tiles(self) -> None:
        ground = whole_ground(TILES, MadeTiles(coloured), a_view(), CRS)
        assert ground.missing == ()
        assert (pixels(ground)[..., 3] == 255).all()

    def test_a_source_that_fails_leaves_paper_and_says_what_is_missing(self) -> None:
        def failing(tile: TileId) -> bytes:
            raise GisappError("down", "wait")

        ground = whole_ground(TILES, MadeTiles(failing), a_view(), CRS)
        assert len(ground.missing) > 1
        assert not pixels(ground).any()

    def test_a_slow_source_is_not_waited_for_for_ever(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(basemap, "PATIENCE_S", -1.0)
        source = MadeTiles(coloured)
        ground = whole_ground(TILES, source, a_view(5.0, 2000, 1500), CRS)
        assert len(ground.missing) > 10

    def test_it_can_be_cancelled(self) -> None:
        class Stop:
            def step(self, done: int, total: int, text: str) -> None:
                raise Cancelled

        with pytest.raises(Cancelled):
            whole_ground(TILES, MadeTiles(coloured), a_view(), CRS, Stop())

    def test_it_can_be_cancelled_while_a_tile_does_not_come(self) -> None:
        gate = threading.Event()
        asked = threading.Event()

        def stuck(_tile: TileId) -> None:
            asked.set()
            gate.wait(20)

        class StopOnceAsked:
            def step(self, done: int, total: int, text: str) -> None:
                if asked.is_set():
                    raise Cancelled

        try:
            with pytest.raises(Cancelled):
                whole_ground(TILES, MadeTiles(stuck), a_view(), CRS, StopOnceAsked())
            assert not gate.is_set()
        finally:
            gate.set()

    def test_one_tile_that_fails_leaves_the_others(self) -> None:
        source = MadeTiles(coloured)
        first = ground_of(TILES, Tiles(source, TileImages()), a_view(), CRS).missing[0]

        def failing(tile: TileId) -> bytes:
            if tile == first:
                raise GisappError("damaged", "choose")
            return coloured(tile)

        ground = whole_ground(TILES, MadeTiles(failing), a_view(), CRS)
        assert ground.missing == (first,)

    def test_nobody_asks_the_source_afterwards(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(basemap, "PATIENCE_S", 0.05)
        begun, ended = [], []

        def slow(tile: TileId) -> None:
            begun.append(tile)
            time.sleep(0.1)
            ended.append(tile)

        ground = whole_ground(TILES, MadeTiles(slow), a_view(5.0, 2000, 1500), CRS)
        assert len(begun) == len(ended) < 10 < len(ground.missing)

    def test_without_tiles_there_is_paper(self) -> None:
        assert whole_ground(TILES, None, a_view(), CRS).scene.groups == ()


class TestOutlines:
    def test_they_are_drawn_where_they_are_true_enough(self) -> None:
        far = ground_of(Basemap(), None, a_view(1_000.0), CRS)
        assert far.scene.batches
        assert far.attribution == "Natural Earth"
        near = ground_of(Basemap(), None, a_view(10.0), CRS)
        assert not near.scene.batches
        assert near.attribution == ""

    def test_they_know_jakarta(self) -> None:
        frame = outlines_layer(CRS).frame
        here = frame[frame.intersects(Point(695_000, 9_315_000))]
        assert list(here["name"]) == ["Jakarta Raya"]
        assert {"Jawa Barat", "Banten"} <= set(frame["name"])

    def test_nothing_is_nothing(self) -> None:
        assert ground_of(Basemap("none"), None, a_view(1_000.0), CRS).scene.groups == ()


def test_cells_are_whole_pixels_that_fill_the_view() -> None:
    grid = grid_of(MadeTiles(coloured), a_view(5.0, 300, 129), CRS)
    assert grid is not None
    assert grid.x_px.tolist() == [0, CELL_PX, 2 * CELL_PX, 300]
    assert grid.y_px.tolist() == [0, CELL_PX, 129]
