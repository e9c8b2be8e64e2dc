"""The compiled kernels and QPainter draw one picture.

Tolerances, of 255: the mean difference of a channel is below 1, and no more than one pixel in 200
differs by more than 40 in any channel. Where heavy outlines overlap themselves again and again,
four in 200 may. Dashed hairlines are left out: Qt counts their dashes in pixels along an axis.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
import shapely
from helpers.maps import a_city, a_layer, a_rule, a_style, by_class
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtGui import QGuiApplication, QImage

from gisapp.core.compiled import Compiled
from gisapp.core.errors import Cancelled
from gisapp.core.layer import Layer
from gisapp.core.progress import SILENT
from gisapp.core.style import Clusters, Condition, Style, Symbol
from gisapp.render import picture, warming
from gisapp.render.picture import draw_ground
from gisapp.render.viewport import Viewport

MEAN, OFF, SHARE_OFF = 1.0, 40, 0.005
VIEW = Viewport(100.0, 100.0, 1.0, 200, 200, 4.0)
CITY = Viewport.fitting((705_000.0, 9_295_000.0, 709_000.0, 9_304_000.0), 300, 400)
BLUE = "#1f4e8c"


@pytest.fixture(autouse=True)
def _ready(qapp: QGuiApplication) -> None:
    assert warming.warm()


def pixels(image: QImage) -> np.ndarray:
    """Return premultiplied channels, (height, width, 4)."""
    flat = np.frombuffer(image.constBits(), dtype=np.uint8)
    return flat.reshape(image.height(), image.width(), 4).astype(int)


def both(layers: Sequence[Layer], view: Viewport) -> tuple[np.ndarray, np.ndarray]:
    """Draw with the kernels and without."""
    compiled = pixels(draw_ground(layers, view))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(picture, "ready", lambda: False)
        return compiled, pixels(draw_ground(layers, view))


def assert_one_picture(
    layers: Sequence[Layer], view: Viewport = VIEW, share_off: float = SHARE_OFF
) -> None:
    compiled, painted = both(layers, view)
    assert painted.any()
    apart = np.abs(compiled - painted)
    assert apart.mean() < MEAN
    assert (apart.max(axis=2) > OFF).mean() <= share_off


def styled(symbol: Symbol) -> Style:
    return a_style(a_rule("x", symbol))


def blob(x: float, y: float, radius: float, seed: int) -> shapely.Polygon:
    turn = np.linspace(0, 2 * np.pi, 40, endpoint=False)
    reach = radius * np.random.default_rng(seed).uniform(0.6, 1.0, 40)
    return shapely.Polygon(np.column_stack([x + reach * np.cos(turn), y + reach * np.sin(turn)]))


BLOBS = [blob(20 + 31 * (i % 6), 20 + 31 * (i // 6), 8 + i / 2, i) for i in range(36)]
RING = shapely.box(20, 20, 180, 180).difference(shapely.Point(90, 110).buffer(40))
STAR = shapely.Polygon([(100, 190), (45, 20), (190, 125), (10, 125), (155, 20)])
OUTSIDE = shapely.Polygon(
    [(20, 20), (120, 20), (120, 120), (20, 120)], [[(90, 90), (110, 90), (110, 110), (90, 110)]]
)
STREET = shapely.LineString([(-50, 30), (60, 40), (70, 150), (120, 60), (125, 60), (300, 170)])


@pytest.mark.parametrize("stroke_mm", [0.0, 0.1, 0.2, 0.37, 0.4, 1.0, 3.0])
@pytest.mark.parametrize("opacity", [0.3, 1.0])
def test_areas(stroke_mm: float, opacity: float) -> None:
    symbol = Symbol("#e5c3d1", opacity, stroke=BLUE, stroke_mm=stroke_mm)
    heavy = stroke_mm >= 1
    assert_one_picture([a_layer(BLOBS, styled(symbol))], share_off=0.02 if heavy else SHARE_OFF)


@pytest.mark.parametrize("shape", [RING, STAR, OUTSIDE], ids=["hole", "crosses itself", "two"])
def test_holes_and_crossings_are_left_open(shape: shapely.Polygon) -> None:
    assert_one_picture([a_layer([shape], styled(Symbol("#e5c3d1", stroke=BLUE, stroke_mm=0.5)))])


@pytest.mark.parametrize("stroke_mm", [0.3, 0.5, 2.0])
@pytest.mark.parametrize("dash_mm", [(), (2.0, 1.0), (0.4, 0.8), (3.0, 1.0, 0.5)])
def test_lines_and_dashes(stroke_mm: float, dash_mm: tuple[float, ...]) -> None:
    symbol = Symbol(stroke=BLUE, stroke_mm=stroke_mm, dash_mm=dash_mm)
    assert_one_picture([a_layer([STREET, STAR], styled(symbol))])


@pytest.mark.parametrize("hatch", ["diagonal", "back", "cross", "dots"])
@pytest.mark.parametrize("fill", [None, "#f6e8c3"])
def test_hatches(hatch: str, fill: str | None) -> None:
    symbol = Symbol(fill, 0.5, hatch=hatch, stroke=BLUE, stroke_mm=0.3)  # type: ignore[arg-type]
    assert_one_picture([a_layer([RING, *BLOBS[:9]], styled(symbol))], VIEW.panned(3, 5))


@pytest.mark.parametrize("shape", ["circle", "square", "triangle", "diamond", "star", "cross"])
@pytest.mark.parametrize("opacity", [0.4, 1.0])
def test_marks(shape: str, opacity: float) -> None:
    symbol = Symbol("#d55e00", opacity, stroke=BLUE, shape=shape, size_mm=3)  # type: ignore[arg-type]
    places = np.random.default_rng(3).uniform(-5, 205, (60, 2))
    compiled, painted = both([a_layer(list(shapely.points(places)), styled(symbol))], VIEW)
    # The same stamps at the same pixels; only what is rounded on the way differs.
    assert np.abs(compiled - painted).max() <= 3


def test_marks_at_one_place_stand_in_their_ring_and_order() -> None:
    symbols = {c: Symbol(f"#{c}", stroke="#ffffff", size_mm=6) for c in ("d62728", "2ca02c")}
    places = [shapely.Point(x, y) for x in range(20, 200, 17) for y in (60, 66, 150)] * 2
    codes = ["d62728", "2ca02c"] * (len(places) // 2)
    assert_one_picture([a_layer(places, by_class("code", symbols), code=codes)])


def test_areas_below_opaque_marks_show_between_them() -> None:
    grid = [shapely.Point(x, y) for x in range(0, 200, 2) for y in range(0, 200, 3) if x < 100]
    marks = a_layer(grid, styled(Symbol("#333333", size_mm=1.5)), "marks")
    below = a_layer([*BLOBS, RING], styled(Symbol("#e5c3d1", 0.6, stroke=BLUE)), "areas")
    assert_one_picture([marks, below])


@pytest.mark.parametrize("factor", [0.05, 0.3, 1.0, 4.0, 40.0])
def test_a_city_at_every_scale(factor: float) -> None:
    layers = a_city(3000, 400)
    assert_one_picture(layers, CITY.zoomed(factor))


def test_layers_that_are_see_through_blended_or_clustered() -> None:
    points, zones = a_city(500, 60)
    faint = replace(zones, style=replace(zones.style, opacity=0.5))
    dark = replace(zones, name="dark", style=replace(zones.style, blend="multiply"))
    crowds = replace(points, style=replace(points.style, clusters=Clusters()))
    assert_one_picture([crowds, faint, dark], CITY)


def test_borders_far_out_lie_above_the_marks() -> None:
    heavy = styled(Symbol("#ff0000", 0.2, stroke="#ff0000", stroke_mm=1.0))
    layers = [a_layer([shapely.Point(100, 100)], name="p"), a_layer([RING], heavy)]
    assert_one_picture(layers, Viewport(100.0, 100.0, 4.0, 100, 100, 4.0))


@pytest.mark.parametrize("window", [(0, 0, 20, 200), (37, 61, 90, 33), (180, 0, 20, 200)])
def test_a_window_is_the_same_part_of_the_whole(window: tuple[int, int, int, int]) -> None:
    hatched = styled(Symbol("#f6e8c3", 0.5, hatch="cross", stroke=BLUE, stroke_mm=0.2))
    spots = list(shapely.points(np.random.default_rng(5).uniform(0, 200, (500, 2))))
    layers = [a_layer(spots, name="p"), a_layer([*BLOBS, RING], hatched)]
    x, y, width, height = window
    whole = pixels(draw_ground(layers, VIEW))[y : y + height, x : x + width]
    assert np.abs(pixels(draw_ground(layers, VIEW, window=window)) - whole).max() <= 1


def test_a_coarse_picture_shows_the_same() -> None:
    layers = a_city(300, 60)
    whole = CITY.resized(301, 402)
    fine, coarse = (pixels(draw_ground(layers, whole, coarse=c)) for c in (False, True))
    assert coarse.shape == fine.shape
    assert not (coarse == fine).all()
    blocks = [a[:400, :300].reshape(20, 20, 15, 20, 4).mean(axis=(1, 3)) for a in (fine, coarse)]
    assert np.abs(blocks[0] - blocks[1]).mean() < 6


def test_the_order_of_rows_does_not_change_the_picture() -> None:
    points, zones = a_city(4000, 300)
    other = []
    for layer in (points, zones):
        rows = np.random.default_rng(1).permutation(len(layer.frame))
        frame = layer.frame.iloc[rows].reset_index(drop=True)
        other.append(Layer(layer.name, layer.kind, frame, layer.style))
    drawn = [pixels(draw_ground(layers, CITY)) for layers in ((points, zones), other)]
    np.testing.assert_array_equal(*drawn)


def test_a_frame_that_is_no_longer_wanted_stops() -> None:
    class Stopping:
        steps = 0

        def step(self, done: int, total: int, text: str) -> None:
            self.steps += 1
            if self.steps > 5:
                raise Cancelled

    with pytest.raises(Cancelled):
        draw_ground(a_city(50_000, 5000), CITY, Stopping())


FAR_OUT = [
    shapely.box(-1e12, -1e12, 1e12, 1e12),
    shapely.Polygon([(-1e12, 60), (1e12, 100), (-1e12, 140)]),
    shapely.Polygon([(-9e6, -9e6), (9e6, -9e6), (60, 60), (-9e6, 9e6)]),
]


@pytest.mark.parametrize("shape", FAR_OUT)
@pytest.mark.parametrize("dash_mm", [(), (2.0, 1.0)])
def test_what_reaches_beyond_all_maps(shape: shapely.Polygon, dash_mm: tuple[float, ...]) -> None:
    symbol = Symbol("#e5c3d1", stroke=BLUE, stroke_mm=0.5, dash_mm=dash_mm)
    compiled, painted = both([a_layer([shape], styled(symbol))], VIEW)
    assert (np.abs(compiled - painted).max(axis=2) > OFF).mean() <= 0.02


coordinates = st.one_of(
    st.floats(-300, 500), st.sampled_from([0.0, 100.0, 100.25, 1e6, -1e9, 1e12, -1e12, 1e-9])
)
rings = st.lists(st.tuples(coordinates, coordinates), min_size=1, max_size=12)


@settings(max_examples=150, suppress_health_check=list(HealthCheck))
@given(st.lists(st.lists(rings, min_size=1, max_size=3), min_size=1, max_size=5), st.data())
def test_nothing_is_written_outside_the_image(parts, data) -> None:
    """Call the kernel with guards of known bytes around what it may write."""
    from gisapp.render.kernels_area import paint_parts

    width, height = data.draw(st.integers(1, 70)), data.draw(st.integers(1, 50))
    y0 = data.draw(st.integers(0, height - 1))
    y1 = data.draw(st.integers(y0 + 1, height))
    reach = data.draw(st.sampled_from([0.0, 0.3, 0.75, 2.0, 40.0]))
    dashes = np.array(data.draw(st.sampled_from([(), (8.0, 4.0), (500.0, 90.0)])))
    closed, least = data.draw(st.booleans()), data.draw(st.sampled_from([0.0, 30.0]))
    if len(dashes):  # dashed outlines are cut before
        parts = [[[(x % 400, y % 400) for x, y in ring] for ring in part] for part in parts]
    flat = [ring for part in parts for ring in part]
    xy = np.array([place for ring in flat for place in ring], dtype=np.float64)
    ring_starts = np.cumsum([0, *map(len, flat)]).astype(np.int64)
    part_starts = np.cumsum([0, *map(len, parts)]).astype(np.int64)
    shells = [np.array(part[0]) for part in parts]
    bounds = np.array([[*s.min(axis=0), *s.max(axis=0)] for s in shells])
    most = max(map(len, flat))

    def guarded(size: int, dtype: type, value: float) -> tuple[np.ndarray, np.ndarray]:
        whole = np.full(size + 2000, value, dtype=dtype)
        return whole, whole[1000 : 1000 + size]

    image, pixel = guarded(width * height, np.uint32, 7)
    areas, filled = guarded((y1 - y0) * (width + 1), np.float32, 9)
    lines, cover = guarded((y1 - y0) * (width + 1), np.float32, 9)
    filled[:] = cover[:] = 0
    ring_px, px = guarded(2 * (2 * most + 4), np.float64, 5)
    outline, out = guarded(2 * (8 * most + 4096), np.float64, 5)
    paint_parts(
        pixel.reshape(height, width), y0, y1, xy, ring_starts, part_starts, bounds,
        np.arange(len(parts)), 0, len(parts), np.array([0.0, 60.0, 1.0]), closed, 0x80400000,
        np.empty((0, 0), np.uint32), np.zeros(2, np.int64), 0xFF00FF00, reach, dashes,
        0xFF00FF00, least, filled, cover, px.reshape(-1, 2), out.reshape(-1, 2),
        np.empty((0, 0), np.int32),
    )  # fmt: skip
    for whole, value in ((image, 7), (areas, 9), (lines, 9), (ring_px, 5), (outline, 5)):
        assert (whole[:1000] == value).all()
        assert (whole[-1000:] == value).all()
    drawn = pixel.reshape(height, width)
    assert (drawn[:y0] == 7).all()
    assert (drawn[y1:] == 7).all()
    assert not filled.any()
    assert not cover.any()


def test_a_polygon_of_a_million_vertices() -> None:
    turn = np.linspace(0, 2 * np.pi, 1_000_000, endpoint=False)
    reach = 80 + 10 * np.sin(turn * 24)
    ring = np.column_stack([100 + reach * np.cos(turn), 100 + reach * np.sin(turn)])
    symbol = Symbol("#e5c3d1", stroke=BLUE, stroke_mm=0.5)
    assert_one_picture([a_layer([shapely.Polygon(ring)], styled(symbol))])


def test_without_numba_qt_paints(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(warming, "_AREA", Compiled("gisapp.not_there"))
    assert not warming.warm()
    layer = a_layer([RING], a_style(a_rule("x", Symbol(BLUE), Condition("n", "eq", 1.0))), n=[1])
    assert pixels(draw_ground([layer], VIEW, SILENT)).any()


def test_kernels_that_are_not_loaded_cannot_be_had(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(warming, "_AREA", Compiled("gisapp.render.kernels_area"))
    with pytest.raises(RuntimeError, match="not loaded"):
        warming.kernels()
