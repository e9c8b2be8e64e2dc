"""Small maps of everything a style can say, of made-up data, as pictures."""

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
import shapely
from helpers.maps import a_layer, a_rule, a_style, by_class
from PySide6.QtGui import QColor, QImage, QPainter

from gisapp.core.layer import Layer
from gisapp.core.style import Classes, Clusters, Condition, Heat, Labels, Style, Symbol
from gisapp.render.classes import classed
from gisapp.render.legend import legend
from gisapp.render.legend_box import paint_legend
from gisapp.render.painter import paint
from gisapp.render.scene import build_scene
from gisapp.render.text import Writer
from gisapp.render.viewport import Viewport

PX_PER_MM = 4.0
SHAPES = ("circle", "square", "triangle", "diamond", "star", "cross")
HATCHES = ("", "diagonal", "back", "cross", "dots")
DASHES = ((), (2.0, 1.0), (0.4, 0.8), (3.0, 1.0, 0.5, 1.0))


def picture_of(layers: Sequence[Layer], view: Viewport) -> QImage:
    """Paint layers as on paper, on white."""
    image = QImage(view.width_px, view.height_px, QImage.Format.Format_RGB32)
    image.fill(QColor("#ffffff"))
    painter = QPainter(image)
    paint(painter, build_scene(layers, view))
    painter.end()
    return image


def view_of(width_m: float, height_m: float) -> Viewport:
    """One metre a pixel from the origin: 1:4,000."""
    return Viewport(width_m / 2, height_m / 2, 1.0, round(width_m), round(height_m), PX_PER_MM)


def markers() -> QImage:
    """Every shape filled, outlined, hollow and half transparent, in three sizes."""
    looks = [
        Symbol("#d55e00", shape=shape, size_mm=size, fill_opacity=opacity, stroke=stroke)
        for size, opacity, stroke in (
            (2.0, 1.0, None),
            (4.0, 0.5, "#222222"),
            (6.0, 1.0, "#0072b2"),
        )
        for shape in SHAPES
    ]
    looks += [Symbol(stroke="#7a0f1e", stroke_mm=0.6, shape=s, size_mm=5.0) for s in SHAPES]
    spots = [shapely.Point(25 + 40 * (i % 6), 25 + 40 * (i // 6)) for i in range(len(looks))]
    style = by_class("look", {str(i): look for i, look in enumerate(looks)})
    codes = [str(i) for i in range(len(looks))]
    return picture_of([a_layer(spots, style, look=codes)], view_of(250, 170))


def icons(names: Sequence[str]) -> Callable[[], QImage]:
    """The drawings of `names`, plain and with a halo."""

    def draw() -> QImage:
        looks = [
            Symbol("#31572c", icon=x, size_mm=7.0, stroke=halo, stroke_mm=0.5)
            for halo in (None, "#ffd166")
            for x in names
        ]
        spots = [shapely.Point(22 + 46 * (i % 7), 22 + 36 * (i // 7)) for i in range(len(looks))]
        style = by_class("look", {str(i): look for i, look in enumerate(looks)})
        codes = [str(i) for i in range(len(looks))]
        return picture_of([a_layer(spots, style, look=codes)], view_of(330, 80))

    return draw


def hatches() -> QImage:
    """Every hatch with and without fill; a hole; an area that crosses itself."""
    looks = [
        Symbol(fill, 0.35, hatch=hatch, stroke="#7a0f1e", stroke_mm=0.5)
        for fill in ("#56b4e9", None)
        for hatch in HATCHES
    ]
    holed = shapely.box(0, 0, 40, 40).difference(shapely.box(12, 12, 28, 28))
    shapes = [
        shapely.transform(holed, lambda xy, i=i: np.add(xy, (5 + 50 * (i % 5), 5 + 50 * (i // 5))))
        for i in range(len(looks))
    ]
    bow = shapely.Polygon([(5, 105), (245, 145), (245, 105), (5, 145)])
    codes = [str(i) for i in range(len(looks))]
    layers = [
        a_layer(shapes, by_class("look", dict(zip(codes, looks, strict=True))), look=codes),
        a_layer([bow], a_style(a_rule("bow", Symbol("#009e73", 0.5, hatch="cross"))), "bow"),
    ]
    return picture_of(layers, view_of(250, 150))


def lines() -> QImage:
    """Every dash in three widths, along streets with corners."""
    looks = [
        Symbol(stroke="#333333", stroke_mm=width, dash_mm=dash)
        for width in (0.3, 0.8, 1.6)
        for dash in DASHES
    ]
    streets = [
        shapely.LineString(
            [(8, 8 + 13 * i), (120, 20 + 13 * i), (150, 6 + 13 * i), (242, 14 + 13 * i)]
        )
        for i in range(len(looks))
    ]
    codes = [str(i) for i in range(len(looks))]
    style = by_class("look", dict(zip(codes, looks, strict=True)))
    return picture_of([a_layer(streets, style, look=codes)], view_of(250, 180))


def _blocks() -> list[shapely.Polygon]:
    return [
        shapely.box(5 + 62 * i, 5 + 48 * j, 63 + 62 * i, 49 + 48 * j)
        for j in range(3)
        for i in range(4)
    ]


def _by_value() -> Layer:
    values = [0.0, 3, 4, 9, 12, 15, np.nan, 31, 44, 58, 90, 100]
    style = Style("by_value", (a_rule("x", Symbol("#ffffff", stroke="#ffffff", stroke_mm=0.3)),),
                  classes=Classes("value", "quantiles", 4, "viridis"))  # fmt: skip
    layer = a_layer(_blocks(), style, "by_value", value=values)
    return replace(layer, style=classed(style, layer.frame))


def classes() -> QImage:
    """Quantiles with a class without data."""
    return picture_of([_by_value()], view_of(258, 154))


def _crowd() -> list[shapely.Point]:
    rng = np.random.default_rng(5)
    near, far = rng.normal((90, 90), 22, (90, 2)), rng.uniform(0, 250, (25, 2))
    return list(shapely.points(np.concatenate([near, far])))


def clusters() -> QImage:
    """Crowded points as circles with their number."""
    style = replace(
        a_style(a_rule("x", Symbol("#d55e00", stroke="#ffffff", size_mm=2.5))),
        clusters=Clusters(8.0),
    )
    return picture_of([a_layer(_crowd(), style)], view_of(250, 180))


def heat() -> QImage:
    """The same points as a surface, over a street."""
    look = a_style(a_rule("s", Symbol(stroke="#333333", stroke_mm=1.0)))
    street = a_layer([shapely.LineString([(0, 20), (250, 160)])], look, "street")
    surface = a_layer(_crowd(), replace(a_style(), heat=Heat(40.0)), "surface")
    return picture_of([surface, street], view_of(250, 180))


def blends() -> QImage:
    """Layers half transparent as a whole, and blended with what lies below in every way."""
    below = a_layer([shapely.box(0, 20, 330, 50)],
                    a_style(a_rule("b", Symbol("#e69f00"))), "below")  # fmt: skip
    tops = []
    for i, (blend, opacity) in enumerate(
        [("normal", 1.0), ("normal", 0.4), ("multiply", 1.0), ("screen", 1.0), ("darken", 1.0),
         ("lighten", 1.0)]
    ):  # fmt: skip
        pair = [
            shapely.box(8 + 54 * i, 5, 38 + 54 * i, 40),
            shapely.box(22 + 54 * i, 30, 52 + 54 * i, 65),
        ]
        style = a_style(a_rule("t", Symbol("#0072b2", stroke="#222222", stroke_mm=0.5)))
        tops.append(a_layer(pair, replace(style, blend=blend, opacity=opacity), f"top{i}"))
    return picture_of([*tops, below], view_of(330, 70))


def names() -> QImage:
    """Areas, streets and points with names that compete for room."""
    areas = a_layer(_blocks(), replace(a_style(a_rule("a", Symbol("#f6e8c3", stroke="#8c7a4f"))),
                    labels=Labels("called", 3.2)), "areas",
                    called=[f"RW {i:02d}" for i in range(1, 13)])  # fmt: skip
    street = a_layer([shapely.LineString([(0, 60), (130, 95), (258, 70)])],
                     replace(a_style(a_rule("s", Symbol(stroke="#666666", stroke_mm=1.2))),
                             labels=Labels("called", 2.6, along=True, bold=False)), "street",
                     called=["Jalan Raya Bogor"])  # fmt: skip
    spots = a_layer([shapely.Point(70, 125), shapely.Point(74, 122), shapely.Point(180, 30)],
                    replace(a_style(a_rule("p", Symbol("#d55e00", size_mm=2.5))),
                            labels=Labels("called", 2.6, priority=1)), "spots",
                    called=["Pasar", "Warung", "Lokbin"])  # fmt: skip
    return picture_of([spots, street, areas], view_of(258, 154))


def legend_sheet() -> QImage:
    """The legend on paper of classes, a rule without features, clusters and a surface."""
    empty = Condition("id", "eq", "nobody")
    some = a_layer(_crowd(), replace(a_style(a_rule("No such thing", Symbol("#cc79a7"), empty),
                   a_rule("Stalls", Symbol("#d55e00", shape="diamond"))), clusters=Clusters(8.0)),
                   "Stalls")  # fmt: skip
    warm = a_layer(_crowd(), replace(a_style(), heat=Heat(40.0)), "Density")
    image = QImage(280, 330, QImage.Format.Format_RGB32)
    image.fill(QColor("#ffffff"))
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    layers = legend([some, _by_value(), warm], view_of(258, 154))
    paint_legend(Writer(painter, PX_PER_MM), layers, 8, 4, 260, 320)
    painter.end()
    return image
