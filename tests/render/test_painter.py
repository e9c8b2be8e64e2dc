from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import shapely
from helpers.maps import RED, a_city, a_layer, a_rule, a_style
from numpy.typing import NDArray
from PySide6.QtGui import QColor, QGuiApplication, QImage, QPainter

from gisapp.core.errors import Cancelled
from gisapp.core.layer import Layer
from gisapp.core.style import Hatch, Shape, Style, Symbol
from gisapp.render.geometry import total_bounds
from gisapp.render.painter import paint
from gisapp.render.pens import marker_path
from gisapp.render.scene import build_scene
from gisapp.render.viewport import Viewport

VIEW = Viewport(50.0, 50.0, 1.0, 100, 100, 4.0)
SQUARE = shapely.box(20, 20, 80, 80)
WHITE = 0xFFFFFF


@pytest.fixture(autouse=True)
def _application(qapp: QGuiApplication) -> None:
    """Text and pixmaps need one."""


def drawn(*layers: Layer, view: Viewport = VIEW) -> QImage:
    image = QImage(view.width_px, view.height_px, QImage.Format.Format_RGB32)
    image.fill(WHITE)
    painter = QPainter(image)
    paint(painter, build_scene(layers, view))
    painter.end()
    return image


def pixels(image: QImage) -> NDArray[np.uint8]:
    flat = np.frombuffer(image.constBits(), dtype=np.uint8)
    return flat.reshape(image.height(), image.width(), 4)[:, :, :3].copy()


def colour_at(image: QImage, x: int, y: int) -> str:
    return QColor(image.pixel(x, y)).name()


def ink(image: QImage) -> int:
    return int(np.count_nonzero((pixels(image) != 255).any(axis=2)))


def with_symbol(symbol: Symbol) -> Style:
    return a_style(a_rule("x", symbol))


def renamed(layer: Layer, text: str | None) -> Layer:
    return replace(layer, frame=layer.frame.assign(name=pd.array([text], dtype="str")))


def test_an_area_is_filled_and_its_hole_is_not() -> None:
    ring = SQUARE.difference(shapely.box(40, 40, 60, 60))
    image = drawn(a_layer([ring], with_symbol(Symbol(fill="#336699"))))
    assert colour_at(image, 30, 30) == "#336699"
    assert colour_at(image, 50, 50) == "#ffffff"
    assert colour_at(image, 10, 10) == "#ffffff"


def test_two_areas_that_overlap_leave_no_hole() -> None:
    image = drawn(a_layer([SQUARE, SQUARE], with_symbol(Symbol(fill="#336699"))))
    assert colour_at(image, 50, 50) == "#336699"


def test_opacity_lets_what_lies_below_show_through() -> None:
    image = drawn(a_layer([SQUARE], with_symbol(Symbol(fill="#000000", fill_opacity=0.5))))
    assert QColor(colour_at(image, 50, 50)).red() in (127, 128)


def test_a_point_is_drawn_with_its_middle_on_its_place() -> None:
    dot = Symbol(fill="#d62728", size_mm=3.0)
    image = drawn(a_layer([shapely.Point(50, 50)], with_symbol(dot)))
    rows, columns = np.nonzero((pixels(image) != 255).any(axis=2))
    assert colour_at(image, 50, 50) == "#d62728"
    assert (rows.min() + rows.max() + 1) / 2 == pytest.approx(50, abs=0.51)
    assert (columns.min() + columns.max() + 1) / 2 == pytest.approx(50, abs=0.51)
    assert columns.max() - columns.min() + 1 == pytest.approx(12, abs=2)


@pytest.mark.parametrize("shape", ["square", "triangle", "diamond", "star", "cross"])
def test_the_shapes_of_markers_look_as_large_as_the_circle(shape: Shape) -> None:
    def area(of: Shape) -> float:
        path = marker_path(of, 100.0)
        points = [(p.x(), p.y()) for p in path.toFillPolygon().toList()]
        return float(shapely.Polygon(points).area)

    assert 0.5 < area(shape) / area("circle") < 1.25


@pytest.mark.parametrize("hatch", ["diagonal", "back", "cross", "dots"])
def test_a_hatch_covers_some_of_the_area_and_nothing_else(hatch: Hatch) -> None:
    symbol = Symbol(fill="#ffffff", fill_opacity=0.0, hatch=hatch, stroke="#000000", stroke_mm=0.1)
    image = drawn(a_layer([SQUARE], with_symbol(symbol)))
    inside = pixels(image)[25:75, 25:75]
    share = np.mean((inside < 200).any(axis=2))
    assert 0.02 < share < 0.75
    assert colour_at(image, 10, 10) == "#ffffff"


def test_a_line_is_not_filled_and_a_dash_has_gaps() -> None:
    bend = shapely.LineString([(20, 20), (20, 80), (80, 80)])
    plain = drawn(a_layer([bend], with_symbol(Symbol(fill="#ff0000", stroke="#0000ff"))))
    dashed = Symbol(stroke="#0000ff", dash_mm=(1.0, 1.0))
    assert colour_at(plain, 25, 25) == "#ffffff"
    assert 0.3 < ink(drawn(a_layer([bend], with_symbol(dashed)))) / ink(plain) < 0.8


def test_a_polygon_smaller_than_a_pixel_leaves_a_pixel() -> None:
    crumb = shapely.Point(50.3, 50.3).buffer(0.05)
    assert 1 <= ink(drawn(a_layer([crumb], with_symbol(Symbol(fill="#000000"))))) <= 4


def test_names_are_written_and_stay_inside() -> None:
    style = a_style(a_rule("x", Symbol(stroke="#cccccc")), label_column="name")
    wide = Viewport(50.0, 50.0, 1.0, 200, 200, 4.0)
    layer = a_layer([SQUARE], style, name="")
    named = drawn(renamed(layer, "Susukan"), view=wide)
    assert ink(named) > ink(drawn(renamed(layer, None), view=wide)) + 50


def test_a_scene_is_the_same_picture_each_time() -> None:
    layers = a_city(500, 50)
    bounds = total_bounds([layer.frame for layer in layers])
    assert bounds is not None
    view = Viewport.fitting(bounds, 400, 300)
    once, again = (pixels(drawn(*layers, view=view)) for _ in range(2))
    np.testing.assert_array_equal(once, again)


def test_a_worker_thread_paints_the_same_picture() -> None:
    layers = a_city(200, 20)
    bounds = total_bounds([layer.frame for layer in layers])
    assert bounds is not None
    view = Viewport.fitting(bounds, 400, 300)
    with ThreadPoolExecutor(1) as worker:
        there = worker.submit(lambda: drawn(*layers, view=view)).result()
    np.testing.assert_array_equal(pixels(there), pixels(drawn(*layers, view=view)))


def test_painting_can_be_cancelled_and_leaves_the_painter_usable() -> None:
    class Stopping:
        def step(self, done: int, total: int, text: str) -> None:
            raise Cancelled

    image = QImage(100, 100, QImage.Format.Format_RGB32)
    painter = QPainter(image)
    with pytest.raises(Cancelled):
        paint(painter, build_scene([a_layer([SQUARE], with_symbol(RED))], VIEW), Stopping())
    assert painter.isActive()
    painter.end()
