"""Styles for other programs, as SLD 1.1 with Symbology Encoding: derived one way from our own."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Mapping
from typing import Final

from gisapp.core.style import Condition, Rule, Style, Symbol
from gisapp.core.words import label
from gisapp.io.qml import LABEL_MM, Nature, plain, xml

# OGC Symbology Encoding 1.1: a pixel is 0.28 mm.
_PX_PER_MM: Final = 1 / 0.28
_NAMESPACES: Final = {
    "xmlns": "http://www.opengis.net/sld",
    "xmlns:se": "http://www.opengis.net/se",
    "xmlns:ogc": "http://www.opengis.net/ogc",
}
_COMPARISONS: Final = {
    "eq": "PropertyIsEqualTo",
    "ne": "PropertyIsNotEqualTo",
    "lt": "PropertyIsLessThan",
    "le": "PropertyIsLessThanOrEqualTo",
    "gt": "PropertyIsGreaterThan",
    "ge": "PropertyIsGreaterThanOrEqualTo",
}
_SHAPES: Final = {"diamond": ("square", 45), "cross": ("x", 0)}
_HATCHES: Final = {
    "diagonal": "shape://slash",
    "back": "shape://backslash",
    "cross": "shape://times",
    "dots": "shape://dot",
}


def to_sld(style: Style, nature: Nature, names: Mapping[str, str]) -> str:
    """Write `style` as SLD 1.1; parameters as `to_qml`'s.

    SLD draws every rule that fits: each rule excludes those before it.
    """
    root = ET.Element("StyledLayerDescriptor", {"version": "1.1.0", **_NAMESPACES})
    layer = ET.SubElement(root, "NamedLayer")
    _text(layer, "se:Name", style.name)
    user = ET.SubElement(layer, "UserStyle")
    _text(user, "se:Name", style.name)
    feature = ET.SubElement(user, "se:FeatureTypeStyle")
    for n, rule in enumerate(style.rules):
        _rule(feature, rule, style.rules[:n], nature, names)
    if style.labels is not None:
        named = ET.SubElement(ET.SubElement(feature, "se:Rule"), "se:TextSymbolizer")
        _property(
            ET.SubElement(named, "se:Label"), names.get(style.labels.column, style.labels.column)
        )
        _parameters(ET.SubElement(named, "se:Font"), {"font-size": _px(LABEL_MM)})
    return xml(root)


def _rule(
    parent: ET.Element,
    rule: Rule,
    earlier: tuple[Rule, ...],
    nature: Nature,
    names: Mapping[str, str],
) -> None:
    element = ET.SubElement(parent, "se:Rule")
    _text(element, "se:Name", label(rule.labels))
    if rule.when:
        both = ET.SubElement(ET.SubElement(element, "ogc:Filter"), "ogc:And")
        _conditions(both, rule, names)
        for before in earlier:
            excluded = ET.SubElement(ET.SubElement(both, "ogc:Not"), "ogc:And")
            _conditions(excluded, before, names)
    elif earlier:
        ET.SubElement(element, "se:ElseFilter")
    _SYMBOLIZERS[nature](element, rule.symbol)


def _conditions(parent: ET.Element, rule: Rule, names: Mapping[str, str]) -> None:
    for condition in rule.when:
        _condition(parent, condition, names.get(condition.column, condition.column))


def _condition(parent: ET.Element, condition: Condition, column: str) -> None:
    if condition.op == "missing":
        _property(ET.SubElement(parent, "ogc:PropertyIsNull"), column)
        return
    if isinstance(condition.value, tuple):
        one_of = ET.SubElement(parent, "ogc:Or")
        for choice in condition.value:
            _condition(one_of, Condition(condition.column, "eq", choice), column)
        return
    element = ET.SubElement(parent, f"ogc:{_COMPARISONS[condition.op]}")
    _property(element, column)
    _text(element, "ogc:Literal", plain(condition.value))


def _point(parent: ET.Element, symbol: Symbol) -> None:
    name, turn = _SHAPES.get(symbol.shape, (symbol.shape, 0))
    graphic = ET.SubElement(ET.SubElement(parent, "se:PointSymbolizer"), "se:Graphic")
    mark = ET.SubElement(graphic, "se:Mark")
    _text(mark, "se:WellKnownName", name)
    _fill(mark, symbol)
    _stroke(mark, symbol)
    _text(graphic, "se:Size", _px(symbol.size_mm))
    if turn:
        _text(graphic, "se:Rotation", str(turn))


def _line(parent: ET.Element, symbol: Symbol) -> None:
    _stroke(ET.SubElement(parent, "se:LineSymbolizer"), symbol)


def _area(parent: ET.Element, symbol: Symbol) -> None:
    element = ET.SubElement(parent, "se:PolygonSymbolizer")
    _fill(element, symbol)
    _stroke(element, symbol)
    if symbol.hatch:
        fill = ET.SubElement(ET.SubElement(parent, "se:PolygonSymbolizer"), "se:Fill")
        graphic = ET.SubElement(ET.SubElement(fill, "se:GraphicFill"), "se:Graphic")
        mark = ET.SubElement(graphic, "se:Mark")
        _text(mark, "se:WellKnownName", _HATCHES[symbol.hatch])
        colour = symbol.stroke or symbol.fill or "#000000"
        _parameters(ET.SubElement(mark, "se:Stroke"), {"stroke": colour})


_SYMBOLIZERS: Final = {"point": _point, "line": _line, "area": _area}


def _fill(parent: ET.Element, symbol: Symbol) -> None:
    if symbol.fill:
        values = {"fill": symbol.fill, "fill-opacity": f"{symbol.fill_opacity:g}"}
        _parameters(ET.SubElement(parent, "se:Fill"), values)


def _stroke(parent: ET.Element, symbol: Symbol) -> None:
    if symbol.stroke:
        values = {"stroke": symbol.stroke, "stroke-width": _px(symbol.stroke_mm)}
        if symbol.dash_mm:
            values["stroke-dasharray"] = " ".join(map(_px, symbol.dash_mm))
        _parameters(ET.SubElement(parent, "se:Stroke"), values)


def _parameters(parent: ET.Element, values: Mapping[str, str]) -> None:
    for name, value in values.items():
        ET.SubElement(parent, "se:SvgParameter", name=name).text = value


def _property(parent: ET.Element, column: str) -> None:
    _text(parent, "ogc:PropertyName", column)


def _text(parent: ET.Element, name: str, text: str) -> None:
    ET.SubElement(parent, name).text = text


def _px(length_mm: float) -> str:
    return f"{length_mm * _PX_PER_MM:.4g}"
