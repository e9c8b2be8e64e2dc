import subprocess
from dataclasses import replace
from pathlib import Path
from shutil import which

import pandas as pd
import pytest
import shapely
from helpers.maps import a_layer, a_rule, a_style
from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QMarginsF, QSize
from PySide6.QtGui import QColor, QGuiApplication, QImage, QPainter, QPdfWriter
from PySide6.QtSvg import QSvgGenerator

from gisapp.core.layer import Layer
from gisapp.core.style import Clusters, Labels, Symbol
from gisapp.render.painter import paint
from gisapp.render.scene import build_scene
from gisapp.render.viewport import Viewport

VIEW = Viewport(50.0, 50.0, 1.0, 100, 100, 4.0)
LEFT, RIGHT = shapely.box(10, 20, 60, 80), shapely.box(40, 20, 90, 80)


@pytest.fixture(autouse=True)
def _application(qapp: QGuiApplication) -> None:
    """Text and pixmaps need one."""


def areas(colour: str, *shapes: shapely.Polygon, opacity: float = 1.0, blend="normal") -> Layer:
    style = a_style(a_rule("x", Symbol(fill=colour)))
    return a_layer(list(shapes), replace(style, opacity=opacity, blend=blend))


def drawn(*layers: Layer, shift: int = 0) -> QImage:
    image = QImage(100, 100, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(QColor("white"))
    painter = QPainter(image)
    painter.translate(-shift, 0)
    paint(painter, build_scene(layers, VIEW))
    painter.end()
    return image


def svg(*layers: Layer) -> str:
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    generator = QSvgGenerator()
    generator.setOutputDevice(buffer)
    generator.setSize(QSize(100, 100))
    painter = QPainter(generator)
    paint(painter, build_scene(layers, VIEW))
    painter.end()
    return data.data().decode()


def at(image: QImage, x: int, y: int) -> str:
    return QColor(image.pixel(x, y)).name()


def test_a_see_through_layer_is_as_strong_where_its_areas_overlap() -> None:
    image = drawn(areas("#000000", LEFT, RIGHT, opacity=0.5))
    assert at(image, 50, 50) == at(image, 20, 50)
    assert QColor(at(image, 20, 50)).red() in (127, 128)


def test_a_layer_multiplies_what_lies_below() -> None:
    image = drawn(areas("#ff8000", RIGHT, blend="multiply"), areas("#0080ff", LEFT))
    assert at(image, 20, 50) == "#0080ff"
    assert at(image, 80, 50) == "#ff8000"
    assert QColor(at(image, 50, 50)).getRgb()[:3] == pytest.approx((0, 64, 0), abs=1)


def test_a_strip_of_the_map_is_composed_where_it_lies() -> None:
    layer = areas("#000000", LEFT, opacity=0.5)
    assert drawn(layer, shift=30).copy(0, 0, 70, 100) == drawn(layer).copy(30, 0, 70, 100)


def test_on_paper_only_the_layer_that_cannot_be_vectors_is_an_image() -> None:
    plain, below = areas("#ff8000", RIGHT), areas("#0080ff", LEFT)
    assert "<image" not in svg(plain, below)
    page = svg(areas("#ff8000", RIGHT, blend="multiply"), below)
    assert page.count("<image") == 1
    assert "#0080ff" in page


def test_on_paper_a_layer_without_overlaps_stays_vectors() -> None:
    assert "<image" not in svg(areas("#ff8000", RIGHT, opacity=0.5))
    assert "<image" in svg(areas("#ff8000", LEFT, RIGHT, opacity=0.5))


@pytest.mark.parametrize("symbol", [Symbol(fill="#112233", icon="market", size_mm=5.0)])
def test_an_icon_is_drawn_on_pixels_and_stays_a_path_on_paper(symbol: Symbol) -> None:
    layer = a_layer([shapely.Point(50, 50)], a_style(a_rule("x", symbol)))
    image = drawn(layer)
    assert at(image, 50, 44) == "#112233"
    page = svg(layer)
    assert "<image" not in page
    assert "<path" in page


def test_a_cluster_is_a_circle_with_its_number() -> None:
    style = replace(a_style(a_rule("x")), clusters=Clusters(radius_mm=10.0, fill="#224466"))
    layer = a_layer([shapely.Point(50, 50)] * 1234, style)
    assert at(drawn(layer), 50, 40) == "#224466"
    assert "1,234" in svg(layer)


@pytest.mark.skipif(which("pdftotext") is None, reason="pdftotext is not installed")
def test_the_name_of_a_straight_street_is_found_in_a_pdf(tmp_path: Path) -> None:
    style = replace(a_style(a_rule("x")), labels=Labels("name", size_mm=2.0, along=True))
    road = a_layer([shapely.LineString([(-900, -400), (950, 480)])], style)
    road = replace(road, frame=road.frame.assign(name=pd.array(["Jalan Raya Bogor"], dtype="str")))
    path = tmp_path / "map.pdf"
    writer = QPdfWriter(str(path))
    writer.setResolution(300)
    writer.setPageMargins(QMarginsF())
    painter = QPainter(writer)
    paint(painter, build_scene([road], Viewport(0, 0, 1.0, 2000, 1400, 300 / 25.4)))
    painter.end()
    # In the order of writing: pdftotext lays out oblique text letter by letter otherwise.
    asked = ["pdftotext", "-raw", str(path), "-"]
    text = subprocess.run(asked, capture_output=True, text=True, check=True, timeout=30).stdout
    assert "Jalan Raya Bogor" in " ".join(text.split())
