"""Styles for other programs, as SLD 1.1 with Symbology Encoding: derived one way from our own."""

from __future__ import annotations

import math
import xml.etree.ElementTree as ET
from base64 import b64encode
from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Final

from gisapp.core.style import ANY_SCALE, Condition, Labels, Rule, ScaleRange, Style, Symbol
from gisapp.core.words import label
from gisapp.io.bundled import bundled
from gisapp.io.qml_parts import Nature, plain, scale_text, xml

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

    SLD draws every rule that fits: each rule excludes those before it, and is written once for
    each span of scales at which others of them are drawn. SLD has no opacity of a layer: it goes
    into the symbols. It has no blending, no clusters and no heat: such a layer shows its points.
    """
    root = ET.Element("StyledLayerDescriptor", {"version": "1.1.0", **_NAMESPACES})
    layer = ET.SubElement(root, "NamedLayer")
    _text(layer, "se:Name", style.name)
    user = ET.SubElement(layer, "UserStyle")
    _text(user, "se:Name", style.name)
    feature = ET.SubElement(user, "se:FeatureTypeStyle")
    rules = style.rules or (Rule({}, Symbol()),)
    for n, rule in enumerate(rules):
        for scales, earlier in _spans(rule, rules[:n]):
            element = _rule(feature, rule, scales, earlier, names)
            _SYMBOLIZERS[nature](element, rule.symbol, style.opacity)
    if style.labels is not None:
        _labels(feature, style.labels, nature, names)
    return xml(root)


def _spans(rule: Rule, earlier: tuple[Rule, ...]) -> Iterator[tuple[ScaleRange, tuple[Rule, ...]]]:
    """Give the spans of scales of a rule, each with the earlier rules drawn throughout it."""
    low, high = rule.scales.min_denominator, rule.scales.max_denominator
    ends = {x for y in earlier for x in (y.scales.min_denominator, y.scales.max_denominator)}
    for lower, upper in pairwise([low, *sorted(x for x in ends if low < x < high), high]):
        active = tuple(x for x in earlier if x.scales.holds(lower))
        if all(x.when for x in active):
            yield ScaleRange(lower, upper), active


def _rule(
    parent: ET.Element,
    rule: Rule,
    scales: ScaleRange,
    earlier: tuple[Rule, ...],
    names: Mapping[str, str],
) -> ET.Element:
    element = ET.SubElement(parent, "se:Rule")
    _text(element, "se:Name", label(rule.labels))
    if earlier and not rule.when and scales == ANY_SCALE:
        ET.SubElement(element, "se:ElseFilter")
    elif earlier or rule.when:
        both = ET.SubElement(ET.SubElement(element, "ogc:Filter"), "ogc:And")
        _conditions(both, rule, names)
        for before in earlier:
            _excluded(both, before, names)
    _scales(element, scales)
    return element


def _scales(parent: ET.Element, scales: ScaleRange) -> None:
    if scales.min_denominator > 0:
        _text(parent, "se:MinScaleDenominator", scale_text(scales.min_denominator))
    if not math.isinf(scales.max_denominator):
        _text(parent, "se:MaxScaleDenominator", scale_text(scales.max_denominator))


def _labels(parent: ET.Element, labels: Labels, nature: Nature, names: Mapping[str, str]) -> None:
    rule = ET.SubElement(parent, "se:Rule")
    _scales(rule, labels.scales)
    named = ET.SubElement(rule, "se:TextSymbolizer")
    _property(ET.SubElement(named, "se:Label"), names.get(labels.column, labels.column))
    weight = "bold" if labels.bold else "normal"
    font = {"font-size": _px(labels.size_mm), "font-weight": weight}
    _parameters(ET.SubElement(named, "se:Font"), font)
    if nature == "line":
        ET.SubElement(ET.SubElement(named, "se:LabelPlacement"), "se:LinePlacement")
    if labels.halo is not None:
        halo = ET.SubElement(named, "se:Halo")
        _text(halo, "se:Radius", _px(labels.halo_mm))
        _parameters(ET.SubElement(halo, "se:Fill"), {"fill": labels.halo})
    _parameters(ET.SubElement(named, "se:Fill"), {"fill": labels.colour})


def _excluded(parent: ET.Element, rule: Rule, names: Mapping[str, str]) -> None:
    """Say that a rule does not fit; also of missing values, which compare as neither."""
    fits = ET.SubElement(ET.SubElement(parent, "ogc:Not"), "ogc:And")
    for column in {x.column: None for x in rule.when if x.op != "missing"}:
        null = ET.SubElement(ET.SubElement(fits, "ogc:Not"), "ogc:PropertyIsNull")
        _property(null, names.get(column, column))
    _conditions(fits, rule, names)


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


def _point(parent: ET.Element, symbol: Symbol, opacity: float) -> None:
    name, turn = _SHAPES.get(symbol.shape, (symbol.shape, 0))
    graphic = ET.SubElement(ET.SubElement(parent, "se:PointSymbolizer"), "se:Graphic")
    if symbol.icon:
        _drawing(graphic, symbol.icon)
    # Of several pictures the first is shown that a program knows how to show.
    mark = ET.SubElement(graphic, "se:Mark")
    _text(mark, "se:WellKnownName", name)
    _fill(mark, symbol, opacity)
    _stroke(mark, symbol, opacity)
    _text(graphic, "se:Size", _px(symbol.size_mm))
    if turn:
        _text(graphic, "se:Rotation", str(turn))


def _drawing(graphic: ET.Element, icon: str) -> None:
    external = ET.SubElement(graphic, "se:ExternalGraphic")
    content = ET.SubElement(external, "se:InlineContent", encoding="base64")
    drawing = (bundled("styles") / "icons" / f"{icon}.svg").read_bytes()
    content.text = b64encode(drawing).decode("ascii")
    _text(external, "se:Format", "image/svg+xml")


def _line(parent: ET.Element, symbol: Symbol, opacity: float) -> None:
    _stroke(ET.SubElement(parent, "se:LineSymbolizer"), symbol, opacity)


def _area(parent: ET.Element, symbol: Symbol, opacity: float) -> None:
    element = ET.SubElement(parent, "se:PolygonSymbolizer")
    _fill(element, symbol, opacity)
    _stroke(element, symbol, opacity)
    if symbol.hatch:
        fill = ET.SubElement(ET.SubElement(parent, "se:PolygonSymbolizer"), "se:Fill")
        graphic = ET.SubElement(ET.SubElement(fill, "se:GraphicFill"), "se:Graphic")
        mark = ET.SubElement(graphic, "se:Mark")
        _text(mark, "se:WellKnownName", _HATCHES[symbol.hatch])
        colour = symbol.stroke or symbol.fill or "#000000"
        _parameters(ET.SubElement(mark, "se:Stroke"), {"stroke": colour} | _share(opacity))


_SYMBOLIZERS: Final = {"point": _point, "line": _line, "area": _area}


def _fill(parent: ET.Element, symbol: Symbol, opacity: float) -> None:
    if symbol.fill:
        values = {"fill": symbol.fill, "fill-opacity": f"{symbol.fill_opacity * opacity:.4g}"}
        _parameters(ET.SubElement(parent, "se:Fill"), values)


def _stroke(parent: ET.Element, symbol: Symbol, opacity: float) -> None:
    if symbol.stroke:
        values = {"stroke": symbol.stroke, **_share(opacity), "stroke-width": _px(symbol.stroke_mm)}
        if symbol.dash_mm:
            values["stroke-dasharray"] = " ".join(map(_px, symbol.dash_mm))
        _parameters(ET.SubElement(parent, "se:Stroke"), values)


def _share(opacity: float) -> dict[str, str]:
    return {} if opacity == 1 else {"stroke-opacity": f"{opacity:.4g}"}


def _parameters(parent: ET.Element, values: Mapping[str, str]) -> None:
    for name, value in values.items():
        ET.SubElement(parent, "se:SvgParameter", name=name).text = value


def _property(parent: ET.Element, column: str) -> None:
    _text(parent, "ogc:PropertyName", column)


def _text(parent: ET.Element, name: str, text: str) -> None:
    ET.SubElement(parent, name).text = text


def _px(length_mm: float) -> str:
    return f"{length_mm * _PX_PER_MM:.4g}"
