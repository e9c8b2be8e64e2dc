"""A style's symbols as QGIS's: markers, lines, fills, hatches, icons."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from base64 import b64encode
from typing import TYPE_CHECKING, Final

from gisapp.core.style import HATCH_LINE_MM, HATCH_SPACING_MM
from gisapp.io.bundled import bundled
from gisapp.io.qml_parts import Nature, expression_properties, mm, rgba, symbol_layer

if TYPE_CHECKING:
    from gisapp.core.style import Clusters, Symbol

# QGIS brings it along; left to itself it writes with a font of ornaments.
_FONT: Final = "Open Sans"
_SVG: Final = "http://www.w3.org/2000/svg"

_SYMBOL_TYPE: Final = {"point": "marker", "line": "line", "area": "fill"}
# QGIS's name for a shape, its size against ours (ours look equally large), its turn in degrees.
_MARKERS: Final = {
    "circle": ("circle", 1.0, 0),
    "square": ("square", 0.89, 0),
    "triangle": ("triangle", 1.05, 0),
    "diamond": ("diamond", 1.25, 0),
    "star": ("star", 1.25, 0),
    "cross": ("cross_fill", 1.25, 45),
}
_HATCH_ANGLES: Final = {"diagonal": (45,), "back": (135,), "cross": (45, 135)}


def write_symbol(parent: ET.Element, name: str, symbol: Symbol, nature: Nature) -> None:
    """Add `symbol` under `name` as QGIS draws it for points, lines or areas."""
    element = _symbol(parent, name, _SYMBOL_TYPE[nature])
    if nature == "point":
        _marker(element, symbol)
    elif nature == "line":
        _line(element, symbol)
    else:
        _area(element, symbol)


def write_cluster(parent: ET.Element, look: Clusters) -> None:
    """Add the circle with a number that stands for points close together."""
    element = _symbol(parent, "centerSymbol", "marker")
    circle = symbol_layer(
        element,
        "SimpleMarker",
        name="circle",
        color=rgba(look.fill),
        outline_style="no",
        size=mm(look.radius_mm),
        size_unit="MM",
    )
    share = "min(0.6 + 0.1 * log10(@cluster_size), 1)"
    expression_properties(circle, size=f"{mm(look.radius_mm)} * {share}")
    number = symbol_layer(
        element,
        "FontMarker",
        font=_FONT,
        font_style="Bold",
        chr="2",
        color=rgba(look.text),
        size="2.6",
        size_unit="MM",
    )
    expression_properties(number, char="to_string(@cluster_size)")


def icon_svg(name: str) -> bytes:
    """Return the drawing of ``styles/icons`` called `name`, its colours QGIS's parameters."""
    drawing = ET.fromstring((bundled("styles") / "icons" / f"{name}.svg").read_bytes())
    for part in drawing.iter():  # by plain names: ElementTree would write a prefix before each
        part.tag = part.tag.removeprefix(f"{{{_SVG}}}")
    drawing.set("xmlns", _SVG)
    for path in drawing.iter("path"):
        path.set("fill", "param(fill)")
        path.set("fill-opacity", "param(fill-opacity)")
        path.set("stroke", "param(outline)")
        path.set("stroke-width", "param(outline-width)")
    return ET.tostring(drawing)


def _symbol(parent: ET.Element, name: str, kind: str) -> ET.Element:
    return ET.SubElement(parent, "symbol", name=name, type=kind, alpha="1", clip_to_extent="1")


def _marker(parent: ET.Element, symbol: Symbol) -> None:
    if symbol.icon:
        _icon(parent, symbol)
        return
    shape, scale, angle = _MARKERS[symbol.shape]
    symbol_layer(
        parent,
        "SimpleMarker",
        name=shape,
        angle=str(angle),
        color=rgba(symbol.fill, symbol.fill_opacity),
        size=mm(symbol.size_mm * scale),
        size_unit="MM",
        **_outline(symbol),
    )


def _icon(parent: ET.Element, symbol: Symbol) -> None:
    symbol_layer(
        parent,
        "SvgMarker",
        name="base64:" + b64encode(icon_svg(symbol.icon)).decode("ascii"),
        color=rgba(symbol.fill, symbol.fill_opacity),
        outline_color=rgba(symbol.stroke),
        outline_width=mm(symbol.stroke_mm if symbol.stroke else 0.0),
        outline_width_unit="MM",
        size=mm(symbol.size_mm),
        size_unit="MM",
    )


def _line(parent: ET.Element, symbol: Symbol) -> None:
    symbol_layer(
        parent,
        "SimpleLine",
        line_color=rgba(symbol.stroke or symbol.fill),
        line_style="solid",
        line_width=mm(symbol.stroke_mm),
        line_width_unit="MM",
        joinstyle="round",
        capstyle="flat",
        use_custom_dash=str(int(bool(symbol.dash_mm))),
        customdash=";".join(map(mm, _even(symbol.dash_mm))) or "5;2",
        customdash_unit="MM",
    )


def _even(dashes: tuple[float, ...]) -> tuple[float, ...]:
    return dashes if len(dashes) % 2 == 0 else dashes * 2


def _area(parent: ET.Element, symbol: Symbol) -> None:
    dashed = bool(symbol.dash_mm) and symbol.stroke is not None
    # The outline lies over the hatch, as on our own map.
    covered = dashed or bool(symbol.hatch)
    symbol_layer(
        parent,
        "SimpleFill",
        color=rgba(symbol.fill, symbol.fill_opacity),
        style="solid" if symbol.fill else "no",
        joinstyle="round",
        **_outline(symbol, drawn=not covered),
    )
    colour = rgba(symbol.stroke or symbol.fill)
    for angle in _HATCH_ANGLES.get(symbol.hatch, ()):
        _hatch(parent, angle, colour)
    if symbol.hatch == "dots":
        _dots(parent, colour)
    if covered and symbol.stroke:
        _line(parent, symbol)


def _hatch(parent: ET.Element, angle: int, colour: str) -> None:
    # The distance of QGIS is measured across the lines, ours along the axes.
    layer = symbol_layer(
        parent,
        "LinePatternFill",
        angle=str(angle),
        color=colour,
        distance=mm(HATCH_SPACING_MM / 2**0.5),
        distance_unit="MM",
        line_width=mm(HATCH_LINE_MM),
        line_width_unit="MM",
    )
    line = ET.SubElement(layer, "symbol", name="@0@1", type="line", alpha="1")
    symbol_layer(
        line,
        "SimpleLine",
        line_color=colour,
        line_style="solid",
        line_width=mm(HATCH_LINE_MM),
        line_width_unit="MM",
    )


def _dots(parent: ET.Element, colour: str) -> None:
    layer = symbol_layer(
        parent,
        "PointPatternFill",
        distance_x=mm(HATCH_SPACING_MM),
        distance_x_unit="MM",
        distance_y=mm(HATCH_SPACING_MM),
        distance_y_unit="MM",
    )
    dot = ET.SubElement(layer, "symbol", name="@0@1", type="marker", alpha="1")
    symbol_layer(
        dot,
        "SimpleMarker",
        name="circle",
        color=colour,
        outline_style="no",
        size=mm(2 * HATCH_LINE_MM),
        size_unit="MM",
    )


def _outline(symbol: Symbol, *, drawn: bool = True) -> dict[str, str]:
    return {
        "outline_color": rgba(symbol.stroke),
        "outline_style": "solid" if symbol.stroke and drawn else "no",
        "outline_width": mm(symbol.stroke_mm),
        "outline_width_unit": "MM",
    }
